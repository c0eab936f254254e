import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { KernelBuild, KernelDescription } from '../../core/kernels/build';
import type { Kernels } from '../../core/kernels/kernels';
import { referenceKernels } from '../../core/kernels/reference/reference';
import { Crew, crewControlBytes } from '../../core/kernels/simd/crew';
import type { SimdFunctions } from '../../core/kernels/simd/functions';
import { createSimdKernels } from '../../core/kernels/simd/simd';
import type { Arithmetic } from '../../core/protocol/settings';
import { Arena } from '../../core/tensor/arena';
import { Heap } from '../../core/tensor/heap';
import { crewThreadFile, readKernels } from './kernel-files';

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

export interface EngineOptions {
  /** Most threads to compute with; 2 are the most that gain. */
  readonly threads: number;
  /** Whether the plain loops compute, as where the machine has no SIMD. */
  readonly onlyReference?: boolean;
}

/** A build, instantiated. */
interface Instance {
  readonly functions: SimdFunctions;
  /** Address of the crew's control block; null without a second thread. */
  readonly control: number | null;
}

/** Pages of 64 KiB that a memory can have: 4 GiB. */
const maximumPages = 65_536;

/** The engine of a thread: one memory, in which the kernels of every build work. */
export class Engine {
  readonly #memory: WebAssemblyMemory;
  readonly #heap: Heap;
  /** What outlives every session: the crews' control blocks. */
  readonly #arena: Arena;
  readonly #threads: number;
  readonly #onlyReference: boolean;
  readonly #instances = new Map<KernelBuild, Instance>();
  readonly #helpers: Worker[] = [];

  constructor({ threads, onlyReference = false }: EngineOptions) {
    this.#onlyReference = onlyReference;
    this.#threads = Math.min(threads, 2);
    this.#memory = new WebAssembly.Memory({ initial: 1, maximum: maximumPages, shared: true });
    this.#heap = new Heap(this.#memory);
    this.#arena = new Arena(this.#heap);
  }

  /** Kernels for a session, in the build that its arithmetic asks for and this machine has. */
  begin(arithmetic: Arithmetic): EngineSpace {
    const build = this.#onlyReference ? 'reference' : buildFor(arithmetic);
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

  #instance(build: Exclude<KernelBuild, 'reference'>): Instance {
    const present = this.#instances.get(build);
    if (present !== undefined) return present;
    const module = new WebAssembly.Module(readKernels(build));
    const imports = { env: { memory: this.#memory } };
    // What the kernels export is what `functions.ts` says: both are of one source, and tests call every one.
    const functions = new WebAssembly.Instance(module, imports).exports as SimdFunctions;
    const instance = { functions, control: this.#threads > 1 ? this.#startHelper(module) : null };
    this.#instances.set(build, instance);
    return instance;
  }

  #startHelper(module: WebAssemblyModule): number {
    const control = this.#arena.allocate('int32', crewControlBytes / 4);
    // Odd: there is no job.
    control.data[0] = 1;
    const workerData = { module, memory: this.#memory, control: control.byteOffset };
    const helper = new Worker(crewThreadFile(), { workerData, env: {}, argv: [] });
    helper.unref();
    // Without it the work is done all the same, by the first thread alone.
    helper.on('error', (error) => console.error(`chainrule: the second thread ended: ${error.message}`));
    this.#helpers.push(helper);
    return control.byteOffset;
  }
}

/** Threads that this machine has for computing. */
export function usableThreads(): number {
  return availableParallelism() > 1 ? 2 : 1;
}

function buildFor(arithmetic: Arithmetic): KernelBuild {
  if (arithmetic === 'fast' && isSupported('relaxed')) return 'relaxed';
  return isSupported('plain') ? 'plain' : 'reference';
}

const supported = new Map<string, boolean>();

/** Whether this machine's V8 takes a build. */
function isSupported(build: Exclude<KernelBuild, 'reference'>): boolean {
  let answer = supported.get(build);
  if (answer === undefined) {
    const bytes = readKernels(build);
    answer = WebAssembly.validate(bytes);
    if (!answer && build === 'relaxed' && hasRelaxedFlag()) {
      setFlagsFromString('--experimental-wasm-relaxed-simd');
      answer = WebAssembly.validate(bytes);
    }
    supported.set(build, answer);
  }
  return answer;
}

/** Node 20's V8 (11.3) has relaxed SIMD behind a flag; later ones have it without, and in the end do not know the flag. */
function hasRelaxedFlag(): boolean {
  return Number.parseInt(process.versions.v8, 10) === 11;
}
