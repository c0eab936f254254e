// @ts-check
import { join } from 'node:path';
import { OUT, ROOT } from './project.mjs';
import { runCommand } from './run-command.mjs';

/** Where the kernels' AssemblyScript is, relative to the root. */
export const KERNEL_SOURCES = ['core/kernels/simd/assembly', 'electron/runtime/build-kernels.mjs', 'package-lock.json'];

/** Two builds of one source: the same bits on every machine, and with fused multiply-add where the machine has it. */
const BUILDS = { plain: [], relaxed: ['--enable', 'relaxed-simd'] };

/** What the compiler leaves, in `out/`. */
export const KERNEL_FILES = Object.keys(BUILDS).map((name) => `kernels/${name}.wasm`);

/**
 * Compiles the kernels into `out/kernels`.
 *
 * @returns {Promise<void>}
 * @throws {Error} with the compiler's output when it fails
 */
export async function buildKernels() {
  for (const [name, features] of Object.entries(BUILDS)) {
    await runCommand(
      process.execPath,
      [
        join(ROOT, 'node_modules/assemblyscript/bin/asc.js'),
        join(ROOT, 'core/kernels/simd/assembly/index.ts'),
        ...['--outFile', join(OUT, 'kernels', `${name}.wasm`)],
        ...['-O3', '--noAssert'],
        // Names of functions, for profiles.
        '--debug',
        // No heap of its own and no errors of its own: the kernels work in memory that is handed to them, shared between
        // two threads and as large as an address reaches (4 GiB).
        ...['--runtime', 'stub', '--use', 'abort=', '--importMemory', '--sharedMemory', '--maximumMemory', '65536'],
        ...['--enable', 'simd', '--enable', 'threads', '--enable', 'bulk-memory'],
        ...features,
      ],
      { cwd: ROOT },
    );
  }
}
