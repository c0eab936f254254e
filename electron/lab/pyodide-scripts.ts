import { readFile } from 'node:fs/promises';
import { compileFunction } from 'node:vm';
import {
  type CreatePyodideModule,
  indexURL,
  type LoadPyodideScripts,
  type PyodideFiles,
  type PyodideScripts,
  placedScript,
  pyodideScope,
  standardLibraryUrl,
} from './pyodide-scope';

/** What Pyodide is evaluated from in Node: its scripts, and what they ask for. */
export type PyodidePackage = PyodideFiles & Readonly<Record<'pyodide.js' | 'pyodide.asm.mjs', Uint8Array>>;

/** Reads Pyodide from the installed package. */
export async function readPyodide(): Promise<PyodidePackage> {
  const directory = new URL('.', import.meta.resolve('pyodide'));
  const read = (name: string) => readFile(new URL(name, directory));
  const [loader, runtime, wasm, standardLibrary] = await Promise.all([
    read('pyodide.js'),
    read('pyodide.asm.mjs'),
    read('pyodide.asm.wasm'),
    read('python_stdlib.zip'),
  ]);
  return {
    'pyodide.js': loader,
    'pyodide.asm.mjs': runtime,
    'pyodide.asm.wasm': wasm,
    'python_stdlib.zip': standardLibrary,
  };
}

/**
 * How Pyodide is had in Node: evaluated as a browser's worker would, so that its branches for Node (child_process for
 * `os.system`, fs, ws) are not there to be found. As scripts of `node:vm`, not as modules: in those `import()` always fails.
 */
export function nodeScripts(files: PyodidePackage): LoadPyodideScripts {
  return async (limitMemory) => {
    const scope = pyodideScope(files, limitMemory);
    const evaluate = (source: string, name: string): unknown =>
      compileFunction(source, Object.keys(scope), { filename: name })(...Object.values(scope));
    const text = (name: 'pyodide.js' | 'pyodide.asm.mjs') => new TextDecoder().decode(files[name]);
    const module = placedScript(text('pyodide.asm.mjs')).replace(/export default (\w+);?\s*$/, 'return $1;');
    return {
      loadPyodide: evaluate(
        `${text('pyodide.js')}\nreturn loadPyodide.loadPyodide;`,
        'pyodide.js',
      ) as PyodideScripts['loadPyodide'],
      createPyodideModule: evaluate(`"use strict";${module}`, 'pyodide.asm.js') as CreatePyodideModule,
      indexURL,
      standardLibraryUrl,
    };
  };
}
