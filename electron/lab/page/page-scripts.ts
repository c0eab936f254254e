import {
  type CreatePyodideModule,
  indexURL,
  type LoadPyodideScripts,
  type PyodideScripts,
  pyodideScope,
  scopeName,
  standardLibraryUrl,
} from '../pyodide-scope';
import type { PythonFiles } from '../python-files';

/**
 * How Pyodide is had as modules of the page, whose content security policy lets no text be evaluated. They are served by
 * `scopedModule`, and so see the same bare scope as in Node.
 */
export function pageScripts(files: PythonFiles): LoadPyodideScripts {
  return async (limitMemory) => {
    const scope = pyodideScope(files, limitMemory);
    Object.defineProperty(globalThis, scopeName, { value: scope, configurable: true });
    const load = (name: string): Promise<Record<string, unknown>> => import(/* @vite-ignore */ `./${name}`);
    const [loader, runtime] = await Promise.all([load('pyodide.mjs'), load('pyodide.asm.mjs')]);
    return {
      loadPyodide: loader.loadPyodide as PyodideScripts['loadPyodide'],
      createPyodideModule: runtime.default as CreatePyodideModule,
      indexURL,
      standardLibraryUrl,
    };
  };
}
