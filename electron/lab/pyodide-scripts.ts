import { readFile } from 'node:fs/promises';
import { compileFunction } from 'node:vm';
import {
  type CreatePyodideModule,
  indexURL,
  type LimitMemory,
  type PyodideScripts,
  placedScript,
  pyodideScope,
  standardLibraryUrl,
} from './pyodide-scope';

/**
 * Reads Pyodide from the installed package and evaluates it in Node as a browser's worker would, so that its branches for
 * Node (child_process for `os.system`, fs, ws) are not there to be found. As scripts of `node:vm`, not as modules: in
 * those `import()` always fails.
 */
export async function loadPyodideScripts(limitMemory: LimitMemory): Promise<PyodideScripts> {
  const directory = new URL('.', import.meta.resolve('pyodide'));
  const read = (name: string) => readFile(new URL(name, directory));
  const [loader, runtime, wasm, standardLibrary] = await Promise.all([
    read('pyodide.js'),
    read('pyodide.asm.mjs'),
    read('pyodide.asm.wasm'),
    read('python_stdlib.zip'),
  ]);
  const scope = pyodideScope({ 'pyodide.asm.wasm': wasm, 'python_stdlib.zip': standardLibrary }, limitMemory);
  const evaluate = (source: string, name: string): unknown =>
    compileFunction(source, Object.keys(scope), { filename: name })(...Object.values(scope));
  const module = placedScript(runtime.toString()).replace(/export default (\w+);?\s*$/, 'return $1;');
  return {
    loadPyodide: evaluate(`${loader}\nreturn loadPyodide.loadPyodide;`, 'pyodide.js') as PyodideScripts['loadPyodide'],
    createPyodideModule: evaluate(`"use strict";${module}`, 'pyodide.asm.js') as CreatePyodideModule,
    indexURL,
    standardLibraryUrl,
  };
}
