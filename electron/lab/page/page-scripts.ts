import {
  type CreatePyodideModule,
  indexURL,
  type LimitMemory,
  type PyodideScripts,
  pyodideScope,
  scopeName,
  standardLibraryUrl,
} from '../pyodide-scope';
import { readServed } from './served';

/**
 * Loads Pyodide as modules of the page, whose content security policy lets no text be evaluated. They are served by
 * `scopedModule`, and so see the same bare scope as in Node.
 */
export async function loadPageScripts(limitMemory: LimitMemory): Promise<PyodideScripts> {
  const [wasm, standardLibrary] = await Promise.all([readServed('pyodide.asm.wasm'), readServed('python_stdlib.zip')]);
  const scope = pyodideScope({ 'pyodide.asm.wasm': wasm, 'python_stdlib.zip': standardLibrary }, limitMemory);
  Object.defineProperty(globalThis, scopeName, { value: scope, configurable: true });
  const load = (name: string): Promise<Record<string, unknown>> => import(/* @vite-ignore */ `./${name}`);
  const [loader, runtime] = await Promise.all([load('pyodide.mjs'), load('pyodide.asm.mjs')]);
  return {
    loadPyodide: loader.loadPyodide as PyodideScripts['loadPyodide'],
    createPyodideModule: runtime.default as CreatePyodideModule,
    indexURL,
    standardLibraryUrl,
  };
}
