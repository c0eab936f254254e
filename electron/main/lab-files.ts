import { scopedModule } from '../lab/pyodide-scope';
import { snapshotFile } from '../lab/snapshot-file';

/** The scheme and host under which Python's page is served; together they are its origin, which is no other page's. */
export const labScheme = 'chainrule-python';
export const labOrigin = `${labScheme}://lab`;
export const labPageUrl = `${labOrigin}/index.html`;

/** Nothing but its own scripts and files; WebAssembly may be compiled, text may not. */
export const labContentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
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
export interface LabFile {
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

const script = 'text/javascript; charset=utf-8';
const wasm = 'application/wasm';
const html = '<!doctype html><meta charset="utf-8"><title>Python</title><script type="module" src="page.js"></script>';

/**
 * All that Python's page can load, by its URL. There is nothing else.
 * @param bundles Names of the files of the page's bundles.
 */
export function labFiles(folders: LabFolders, bundles: readonly string[]): ReadonlyMap<string, LabFile> {
  const files: Record<string, LabFile> = {
    'index.html': { contentType: 'text/html; charset=utf-8', read: async () => html },
  };
  for (const name of bundles) files[name] = { contentType: script, read: () => folders.page(name) };
  for (const name of ['plain.wasm', 'relaxed.wasm']) {
    files[name] = { contentType: wasm, read: () => folders.kernels(name) };
  }
  for (const name of ['pyodide.mjs', 'pyodide.asm.mjs']) {
    const read = async () => scopedModule(new TextDecoder().decode(await folders.pyodide(name)));
    files[name] = { contentType: script, read };
  }
  files['pyodide.asm.wasm'] = { contentType: wasm, read: () => folders.pyodide('pyodide.asm.wasm') };
  files['python_stdlib.zip'] = { contentType: 'application/zip', read: () => folders.pyodide('python_stdlib.zip') };
  files[snapshotFile] = { contentType: 'application/octet-stream', read: () => folders.page(snapshotFile) };
  return new Map(Object.entries(files).map(([name, file]) => [`${labOrigin}/${name}`, file]));
}
