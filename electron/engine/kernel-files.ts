import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KernelBuild } from '../../core/kernels/build';

/** Where kernels may be, seen from the built code and from the sources. */
const folders = ['../kernels', '../../out/kernels'];

/** The compiled kernels of a build. @throws Error where the build has not left them. */
export function readKernels(build: Exclude<KernelBuild, 'reference'>): Uint8Array {
  const files = folders.map((folder) => join(import.meta.dirname, folder, `${build}.wasm`));
  const file = files.find((candidate) => existsSync(candidate));
  if (file === undefined) throw new Error(`${build}.wasm is missing; run \`npm run build\`.`);
  return readFileSync(file);
}

/** The entry of the crew's second thread. */
export function crewThreadFile(): string {
  const built = join(import.meta.dirname, 'crew.js');
  return existsSync(built) ? built : join(import.meta.dirname, 'crew-thread.mjs');
}
