import { readFile } from 'node:fs/promises';
import { compileFunction } from 'node:vm';
import type { loadPyodide } from 'pyodide';

/** Pyodide's two scripts, evaluated where neither Node nor a network is in sight. */
export interface PyodideScripts {
  readonly loadPyodide: typeof loadPyodide;
  /** For `loadPyodide`, as its option of that name. */
  readonly createPyodideModule: CreatePyodideModule;
  /** Where the scripts believe they are; every file they ask for there is given from memory. */
  readonly indexURL: string;
  readonly standardLibraryUrl: string;
}

type CreatePyodideModule = NonNullable<NonNullable<Parameters<typeof loadPyodide>[0]>['createPyodideModule']>;

const indexURL = 'https://lab.invalid/';
const wasmName = 'pyodide.asm.wasm';
const standardLibraryName = 'python_stdlib.zip';

/** Names that the scripts look for and must not find: with Node's they run commands, open files and sockets. */
const hiddenNames = [
  ...['process', 'require', 'module', 'exports', '__filename', '__dirname', 'global', 'Buffer', 'Deno', 'Bun'],
  ...['XMLHttpRequest', 'WebSocket', 'Worker', 'importScripts', 'navigator', 'window', 'document', 'indexedDB'],
  ...['setImmediate', 'setInterval', 'queueMicrotask', 'MessageChannel', 'addEventListener', 'postMessage'],
];

/**
 * Reads Pyodide from the installed package and evaluates it as a browser's worker would, so that its branches for Node
 * (child_process for `os.system`, fs, ws) are not there to be found. As scripts of `node:vm`, not as modules: in those
 * `import()` always fails.
 * @param limitMemory Called with Python's memory before it is used.
 */
export async function loadPyodideScripts(limitMemory: (memory: WebAssemblyMemory) => void): Promise<PyodideScripts> {
  const directory = new URL('.', import.meta.resolve('pyodide'));
  const read = (name: string) => readFile(new URL(name, directory));
  const [loader, runtime, wasm, standardLibrary] = await Promise.all([
    read('pyodide.js'),
    read('pyodide.asm.mjs'),
    read(wasmName),
    read(standardLibraryName),
  ]);
  const files = new Map([wasm, standardLibrary].map((bytes, i) => [[wasmName, standardLibraryName][i], bytes]));
  const scope = browserScope(async (url) => {
    const bytes = files.get(String(url).slice(indexURL.length));
    if (bytes === undefined) throw new Error(`The lab has no file ${url} and no network.`);
    return { ok: true, arrayBuffer: async () => new Uint8Array(bytes).buffer };
  }, limitMemory);
  const evaluate = (source: string, name: string): unknown => {
    const names = [...hiddenNames, ...Object.keys(scope)];
    const values = [...hiddenNames.map(() => undefined), ...Object.values(scope)];
    return compileFunction(source, names, { filename: name })(...values);
  };
  const module = runtime
    .toString()
    .replaceAll('import.meta.url', JSON.stringify(`${indexURL}pyodide.asm.mjs`))
    .replace(/export default (\w+);?\s*$/, 'return $1;');
  return {
    loadPyodide: evaluate(`${loader}\nreturn loadPyodide.loadPyodide;`, 'pyodide.js') as typeof loadPyodide,
    createPyodideModule: evaluate(`"use strict";${module}`, 'pyodide.asm.js') as CreatePyodideModule,
    indexURL,
    standardLibraryUrl: indexURL + standardLibraryName,
  };
}

type Fetch = (url: unknown) => Promise<{ readonly ok: boolean; arrayBuffer(): Promise<ArrayBuffer> }>;

/** The globals of a browser's worker that Pyodide uses, and no more. */
function browserScope(fetch: Fetch, limitMemory: (memory: WebAssemblyMemory) => void): Record<string, unknown> {
  const silent = () => {};
  const scope: Record<string, unknown> = {
    // `self instanceof WorkerGlobalScope` is how Pyodide knows a worker.
    WorkerGlobalScope: { [Symbol.hasInstance]: () => true },
    location: indexURL,
    fetch,
    // What Pyodide prints of itself goes nowhere; what Python prints is caught in Python.
    console: { log: silent, warn: silent, error: silent },
    performance: { now: performance.now.bind(performance) },
    crypto: { getRandomValues: (view: Uint8Array) => crypto.getRandomValues(view) },
    // Nothing of the lab waits: there is no event loop while the code runs.
    setTimeout: silent,
    clearTimeout: silent,
    WebAssembly: Object.assign(Object.create(WebAssembly), {
      async instantiateStreaming(response: ReturnType<Fetch>, imports: object) {
        const result = await WebAssembly.instantiate(await (await response).arrayBuffer(), imports);
        limitMemory(result.instance.exports.memory);
        return result;
      },
    }),
    TextDecoder,
    TextEncoder,
    URL,
  };
  scope.self = scope;
  scope.globalThis = scope;
  return scope;
}
