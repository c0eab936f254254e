import { describe, expect, test } from 'vitest';
import {
  labContentSecurityPolicy,
  labHeaders,
  labOrigin,
  labPageUrl,
  labScripts,
  pythonFiles,
} from '../../../electron/main/lab-files';

/** Folders whose files say where they are. */
const from = (folder: string) => async (name: string) => new TextEncoder().encode(`${folder}/${name}`);
const folders = { page: from('page'), kernels: from('kernels'), pyodide: from('pyodide') };
const files = labScripts(folders, ['page.js', 'python-worker.js']);

async function textOf(name: string): Promise<string> {
  const given = await files.get(`${labOrigin}/${name}`)?.read();
  return typeof given === 'string' ? given : new TextDecoder().decode(given);
}

describe('what Python’s page can load', () => {
  test('is the page, its bundles and Pyodide’s scripts', async () => {
    expect(await textOf('index.html')).toContain('<script type="module" src="page.js">');
    expect(files.has(labPageUrl)).toBe(true);
    expect(await textOf('python-worker.js')).toBe('page/python-worker.js');
  });

  test.each([
    'package.json',
    'plain.wasm',
    'pyodide.asm.wasm',
    'python.snapshot',
    'pyodide.js',
    'pyodide-lock.json',
    'page/page.js',
    '../main/main.js',
    'page.js?',
    'PAGE.JS',
    '',
  ])('is not “%s”', (name) => {
    expect(files.has(`${labOrigin}/${name}`)).toBe(false);
  });

  test('Pyodide’s modules see the bare scope before any global', async () => {
    const module = await textOf('pyodide.asm.mjs');
    const [scope, source] = module.split('\n');
    expect(source).toBe('pyodide/pyodide.asm.mjs');
    expect(scope).toMatch(/^const \{ .* \} = pyodideScope;$/);
    for (const name of ['process', 'require', 'fetch', 'importScripts', 'self', 'globalThis']) {
      expect(scope).toMatch(new RegExp(`\\b${name}\\b`));
    }
  });

  test('has the type that a browser demands', () => {
    const typeOf = (name: string) => files.get(`${labOrigin}/${name}`)?.contentType;
    expect(['page.js', 'pyodide.mjs'].map(typeOf)).toEqual(Array(2).fill('text/javascript; charset=utf-8'));
  });
});

test('what Python starts from is sent', async () => {
  const given = Object.entries(await pythonFiles(folders));
  expect(given.map(([name, bytes]) => [name, new TextDecoder().decode(bytes)])).toEqual([
    ['plain.wasm', 'kernels/plain.wasm'],
    ['relaxed.wasm', 'kernels/relaxed.wasm'],
    ['pyodide.asm.wasm', 'pyodide/pyodide.asm.wasm'],
    ['python_stdlib.zip', 'pyodide/python_stdlib.zip'],
    ['python.snapshot', 'page/python.snapshot'],
  ]);
});

test('the page may load its own scripts, compile WebAssembly, and nothing else', () => {
  expect(labContentSecurityPolicy).toContain("default-src 'none'");
  expect(labContentSecurityPolicy).toContain("script-src 'self' 'wasm-unsafe-eval'");
  expect(labContentSecurityPolicy).not.toMatch(/'unsafe-(eval|inline)'|https?:|\*|connect-src/);
  expect(labHeaders).toMatchObject({
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Content-Security-Policy': labContentSecurityPolicy,
  });
});
