import type { loadPyodide } from 'pyodide';
import type { LimitMemory } from './memory-budget';

/** Pyodide's two scripts, evaluated in a scope where neither Node, nor a browser, nor a network is in sight. */
export interface PyodideScripts {
  readonly loadPyodide: typeof loadPyodide;
  /** For `loadPyodide`, as its option of that name. */
  readonly createPyodideModule: CreatePyodideModule;
  /** Where the scripts believe they are; every file they ask for there is given from memory. */
  readonly indexURL: string;
  readonly standardLibraryUrl: string;
}

/**
 * Gets the scripts, in the way of where Python is to run.
 * @param limitMemory Called with Python's memory before it is used.
 */
export type LoadPyodideScripts = (limitMemory: LimitMemory) => Promise<PyodideScripts>;
export type CreatePyodideModule = NonNullable<NonNullable<Parameters<typeof loadPyodide>[0]>['createPyodideModule']>;

/** The files that the scripts ask for, by their names in Pyodide's package. */
export interface PyodideFiles {
  readonly 'pyodide.asm.wasm': Uint8Array;
  readonly 'python_stdlib.zip': Uint8Array;
}

export const indexURL = 'https://lab.invalid/';
export const standardLibraryUrl = `${indexURL}python_stdlib.zip`;

/** Names that the scripts look for and must not find: with them they run commands, open files and sockets. */
const hiddenNames = [
  ...['process', 'require', 'module', 'exports', '__filename', '__dirname', 'global', 'Buffer', 'Deno', 'Bun'],
  ...['XMLHttpRequest', 'WebSocket', 'Worker', 'importScripts', 'navigator', 'window', 'document', 'indexedDB'],
  ...['setImmediate', 'setInterval', 'queueMicrotask', 'MessageChannel', 'addEventListener', 'postMessage'],
];

/** The names that the scripts find in place of the globals, and what they find: most of them nothing. */
export function pyodideScope(files: PyodideFiles, limitMemory: LimitMemory): Readonly<Record<string, unknown>> {
  const hidden = Object.fromEntries(hiddenNames.map((name) => [name, undefined]));
  return { ...hidden, ...workerScope(files, limitMemory) };
}

/** Names of `pyodideScope`. */
const pyodideScopeNames: readonly string[] = Object.keys(
  pyodideScope({ 'pyodide.asm.wasm': new Uint8Array(), 'python_stdlib.zip': new Uint8Array() }, () => {}),
);

/** The script of the module that makes Python, where its place is a name that `import.meta.url` would not give. */
export function placedScript(source: string): string {
  return source.replaceAll('import.meta.url', JSON.stringify(`${indexURL}pyodide.asm.mjs`));
}

/** The global in which a `scopedModule` finds what its scope is, while it loads. */
export const scopeName = 'pyodideScope';

/** A module of Pyodide's package whose names are those of the scope before they are any other, where modules cannot be evaluated from text. */
export function scopedModule(source: string): string {
  return `const { ${pyodideScopeNames.join(', ')} } = ${scopeName};\n${placedScript(source)}`;
}

/** The globals of a browser's worker that Pyodide uses, and no more. Taken now: they outlast a sealed realm. */
function workerScope(files: PyodideFiles, limitMemory: LimitMemory): Record<string, unknown> {
  const byName = new Map<string, Uint8Array>(Object.entries(files));
  const fetchFile: Fetch = async (url) => {
    const bytes = byName.get(String(url).slice(indexURL.length));
    if (bytes === undefined) throw new Error(`The lab has no file ${url} and no network.`);
    return { ok: true, arrayBuffer: async () => new Uint8Array(bytes).buffer };
  };
  const silent = () => {};
  const { crypto, performance, TextDecoder, TextEncoder, URL } = globalThis;
  const compiler = WebAssembly;
  const scope: Record<string, unknown> = {
    // `self instanceof WorkerGlobalScope` is how Pyodide knows a worker.
    WorkerGlobalScope: { [Symbol.hasInstance]: () => true },
    location: indexURL,
    fetch: fetchFile,
    // What Pyodide prints of itself goes nowhere; what Python prints is caught in Python.
    console: { log: silent, warn: silent, error: silent },
    performance: { now: performance.now.bind(performance) },
    crypto: { getRandomValues: (view: Uint8Array) => crypto.getRandomValues(view) },
    // Nothing of the lab waits: there is no event loop while the code runs.
    setTimeout: silent,
    clearTimeout: silent,
    WebAssembly: Object.assign(Object.create(compiler), {
      async instantiateStreaming(response: ReturnType<Fetch>, imports: object) {
        const result = await compiler.instantiate(await (await response).arrayBuffer(), imports);
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

type Fetch = (url: unknown) => Promise<{ readonly ok: boolean; arrayBuffer(): Promise<ArrayBuffer> }>;
