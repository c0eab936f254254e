import type { snapshotFile } from './snapshot-file';

/** What Python is started from where it can read nothing, by the files' names. */
export type PythonFiles = Readonly<Record<PythonFile, Uint8Array>>;
type PythonFile = 'plain.wasm' | 'relaxed.wasm' | 'pyodide.asm.wasm' | 'python_stdlib.zip' | typeof snapshotFile;
