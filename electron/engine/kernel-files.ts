import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KernelBuild } from '../../core/kernels/build';

/** Where the build's folder may be, seen from its code, from a part of its code, and from the sources. */
const outFolders = ['..', '../..', '../../out'];

/** The compiled kernels of a build. @throws Error where the build has not left them. */
export function readKernels(build: Exclude<KernelBuild, 'reference'>): Uint8Array {
  return readFileSync(found(outFolders.map((folder) => `${folder}/kernels/${build}.wasm`)));
}

/** The entry of the crew's second thread, built or as it is. @throws Error where neither is there. */
export function crewThreadFile(): string {
  return found(['crew-thread.mjs', ...outFolders.map((folder) => `${folder}/main/crew.js`)]);
}

function found(candidates: readonly string[]): string {
  const file = candidates.map((path) => join(import.meta.dirname, path)).find((path) => existsSync(path));
  if (file === undefined) throw new Error(`${candidates[0]} is missing; run \`npm run build\`.`);
  return file;
}
