import { scopedModule } from '../lab/pyodide-scope';
import type { PythonFiles } from '../lab/python-files';
import { snapshotFile } from '../lab/snapshot-file';

/** The scheme and host under which Python's page is served; together they are its origin, which is no other page's. */
export const labScheme = 'chainrule-python';
export const labOrigin = `${labScheme}://lab`;
export const labPageUrl = `${labOrigin}/index.html`;

/** Nothing but its own scripts; WebAssembly may be compiled, text may not. It connects to nothing, its own origin included. */
export const labContentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Of every answer. The first three isolate the page from all others, without which it may share no memory with its worker. */
export const labHeaders: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': labContentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
};

/** A file as it is served. */
export interface LabScript {
  readonly contentType: string;
  read(): Promise<string | Uint8Array<ArrayBuffer>>;
}

/** Where the files are, by what reads each of them by its name. */
export interface LabFolders {
  /** The bundles of electron/lab/page, and the snapshot. */
  readonly page: (name: string) => Promise<Uint8Array<ArrayBuffer>>;
  /** The compiled kernels. */
  readonly kernels: (name: string) => Promise<Uint8Array<ArrayBuffer>>;
  /** Pyodide's package. */
  readonly pyodide: (name: string) => Promise<Uint8Array<ArrayBuffer>>;
}

const html = '<!doctype html><meta charset="utf-8"><title>Python</title><script type="module" src="page.js"></script>';

/**
 * All that Python's page can load, by its URL: itself and its scripts. There is nothing else.
 * @param bundles Names of the files of the page's bundles.
 */
export function labScripts(folders: LabFolders, bundles: readonly string[]): ReadonlyMap<string, LabScript> {
  const served = new Map<string, LabScript>();
  served.set(labPageUrl, { contentType: 'text/html; charset=utf-8', read: async () => html });
  const serve = (name: string, read: LabScript['read']) =>
    served.set(`${labOrigin}/${name}`, { contentType: 'text/javascript; charset=utf-8', read });
  for (const name of bundles) serve(name, () => folders.page(name));
  for (const name of ['pyodide.mjs', 'pyodide.asm.mjs']) {
    serve(name, async () => scopedModule(new TextDecoder().decode(await folders.pyodide(name))));
  }
  return served;
}

/** What the page is sent to start Python from: too much to be served in good time. */
export async function pythonFiles({ page, kernels, pyodide }: LabFolders): Promise<PythonFiles> {
  const [plain, relaxed, wasm, standardLibrary, snapshot] = await Promise.all([
    kernels('plain.wasm'),
    kernels('relaxed.wasm'),
    pyodide('pyodide.asm.wasm'),
    pyodide('python_stdlib.zip'),
    page(snapshotFile),
  ]);
  return {
    'plain.wasm': plain,
    'relaxed.wasm': relaxed,
    'pyodide.asm.wasm': wasm,
    'python_stdlib.zip': standardLibrary,
    [snapshotFile]: snapshot,
  };
}
