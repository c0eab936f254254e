import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { type CompiledBuild, type CrewData, type EngineOptions, type Helper, KernelEngine } from './kernel-engine';
import { crewThreadFile, readKernels } from './kernel-files';

export type { EngineSpace } from './kernel-engine';

/** The engine in a thread of Node's. */
export class Engine extends KernelEngine {
  constructor(options: EngineOptions) {
    super({ readKernels, isSupported, startHelper }, options);
  }
}

/** Threads that this machine has for computing. */
export function usableThreads(): number {
  return availableParallelism() > 1 ? 2 : 1;
}

function startHelper(crew: CrewData): Helper {
  const helper = new Worker(crewThreadFile(), { workerData: crew, env: {}, argv: [] });
  helper.unref();
  // Without it the work is done all the same, by the first thread alone.
  helper.on('error', (error) => console.error(`chainrule: the second thread ended: ${error.message}`));
  return helper;
}

const supported = new Map<string, boolean>();

/** Whether this machine's V8 takes a build. */
function isSupported(build: CompiledBuild): boolean {
  let answer = supported.get(build);
  if (answer === undefined) {
    const bytes = readKernels(build);
    answer = WebAssembly.validate(bytes);
    if (!answer && build === 'relaxed') {
      for (const flag of relaxedSimdFlags()) setFlagsFromString(flag);
      answer = WebAssembly.validate(bytes);
    }
    supported.set(build, answer);
  }
  return answer;
}

/**
 * What this V8 has to be told to take the relaxed build. Node 20's (11.3) has relaxed SIMD behind a flag; later ones have it
 * without, and in the end do not know the flag.
 */
export function relaxedSimdFlags(): readonly string[] {
  return Number.parseInt(process.versions.v8, 10) === 11 ? ['--experimental-wasm-relaxed-simd'] : [];
}
