import type { KernelBuild, KernelDescription } from '../../core/kernels/build';
import type { Kernels } from '../../core/kernels/kernels';
import { referenceKernels } from '../../core/kernels/reference/reference';
import { Crew, crewControlBytes } from '../../core/kernels/simd/crew';
import type { SimdFunctions } from '../../core/kernels/simd/functions';
import { createSimdKernels } from '../../core/kernels/simd/simd';
import type { Arithmetic } from '../../core/protocol/settings';
import { Arena } from '../../core/tensor/arena';
import { Heap } from '../../core/tensor/heap';

/** Kernels and the memory for what they compute with, for as long as one session lasts. */
export interface EngineSpace {
  readonly kernels: Kernels;
  readonly description: KernelDescription;
  /** The compiled functions themselves; null where the plain loops compute. */
  readonly functions: SimdFunctions | null;
  newArena(): Arena;
  /** Whether there is a second thread to make use of; a property that changes nothing but the time. */
  readonly crew: { isOn: boolean } | null;
  /** Gives all memory back. Nothing of it may be used again. */
  release(): void;
}

/** What the engine needs of where it runs: Node, or a browser's worker. */
export interface EnginePlatform {
  /** The compiled kernels of a build. @throws Error where the build has not left them. */
  readKernels(build: CompiledBuild): Uint8Array;
  /** Whether this V8 takes a build. */
  isSupported(build: CompiledBuild): boolean;
  /** Starts the crew's second thread, which meets the first at `control`; null where there can be none. */
  readonly startHelper: ((crew: CrewData) => Helper) | null;
}

export type CompiledBuild = Exclude<KernelBuild, 'reference'>;

/** What the crew's second thread is given. */
export interface CrewData {
  readonly module: WebAssemblyModule;
  readonly memory: WebAssemblyMemory;
  /** Address of the block through which the threads meet. */
  readonly control: number;
}

/** The crew's second thread. */
export interface Helper {
  terminate(): Promise<unknown>;
}

export interface EngineOptions {
  /** Most threads to compute with; 2 are the most that gain. */
  readonly threads: number;
  /** Whether the plain loops compute, as where the machine has no SIMD. */
  readonly onlyReference?: boolean;
  /** Called with the memory before it is used. */
  readonly limitMemory?: (memory: WebAssemblyMemory) => void;
}

/** A build, instantiated. */
interface Instance {
  readonly functions: SimdFunctions;
  /** Address of the crew's control block; null without a second thread. */
  readonly control: number | null;
}

/** Pages of 64 KiB that a memory can have: 4 GiB. */
const maximumPages = 65_536;

/** The engine of a thread: one memory, in which the kernels of every build work. It knows neither Node nor a browser. */
export class KernelEngine {
  readonly #platform: EnginePlatform;
  readonly #memory: WebAssemblyMemory;
  readonly #heap: Heap;
  /** What outlives every session: the crews' control blocks. */
  readonly #arena: Arena;
  readonly #threads: number;
  readonly #onlyReference: boolean;
  readonly #instances = new Map<KernelBuild, Instance>();
  readonly #helpers: Helper[] = [];

  constructor(platform: EnginePlatform, { threads, onlyReference = false, limitMemory }: EngineOptions) {
    this.#platform = platform;
    this.#onlyReference = onlyReference;
    this.#threads = Math.min(threads, 2);
    this.#memory = new WebAssembly.Memory({ initial: 1, maximum: maximumPages, shared: true });
    limitMemory?.(this.#memory);
    this.#heap = new Heap(this.#memory);
    this.#arena = new Arena(this.#heap);
  }

  /** Kernels for a session, in the build that its arithmetic asks for and this machine has. */
  begin(arithmetic: Arithmetic): EngineSpace {
    const build = this.#onlyReference ? 'reference' : this.#buildFor(arithmetic);
    const arenas: Arena[] = [];
    const newArena = () => {
      const arena = new Arena(this.#heap);
      arenas.push(arena);
      return arena;
    };
    const release = () => {
      for (const arena of arenas) arena.reset();
    };
    if (build === 'reference') {
      return {
        kernels: referenceKernels,
        description: { build, threads: 1 },
        newArena,
        functions: null,
        crew: null,
        release,
      };
    }
    const { functions, control } = this.#instance(build);
    const arena = newArena();
    const crew = control === null ? null : new Crew(functions, arena, control);
    const kernels = createSimdKernels({ functions, arena, crew });
    return { kernels, description: { build, threads: crew === null ? 1 : 2 }, newArena, functions, crew, release };
  }

  /** Ends the second threads. */
  async close(): Promise<void> {
    await Promise.all(this.#helpers.map((helper) => helper.terminate()));
  }

  #buildFor(arithmetic: Arithmetic): KernelBuild {
    if (arithmetic === 'fast' && this.#platform.isSupported('relaxed')) return 'relaxed';
    return this.#platform.isSupported('plain') ? 'plain' : 'reference';
  }

  #instance(build: CompiledBuild): Instance {
    const present = this.#instances.get(build);
    if (present !== undefined) return present;
    const module = new WebAssembly.Module(this.#platform.readKernels(build));
    const imports = { env: { memory: this.#memory } };
    // What the kernels export is what `functions.ts` says: both are of one source, and tests call every one.
    const functions = new WebAssembly.Instance(module, imports).exports as SimdFunctions;
    const instance = { functions, control: this.#startHelper(module) };
    this.#instances.set(build, instance);
    return instance;
  }

  #startHelper(module: WebAssemblyModule): number | null {
    const { startHelper } = this.#platform;
    if (this.#threads === 1 || startHelper === null) return null;
    const control = this.#arena.allocate('int32', crewControlBytes / 4);
    // Odd: there is no job.
    control.data[0] = 1;
    this.#helpers.push(startHelper({ module, memory: this.#memory, control: control.byteOffset }));
    return control.byteOffset;
  }
}
