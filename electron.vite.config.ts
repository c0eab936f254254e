import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const here = (path: string) => resolve(import.meta.dirname, path);

// The oldest runtime the app meets is Electron 33 (Chrome 130, Node 20.18); see electron/runtime.
const node = 'node20.18';
const chrome = 'chrome130';

export default defineConfig({
  main: {
    build: {
      target: node,
      outDir: 'out/main',
      // Python's process may read nothing but its own code: what core needs of packages is within that.
      externalizeDeps: { exclude: ['fastest-levenshtein', 'valibot'] },
      rollupOptions: {
        input: {
          main: here('electron/main/main.ts'),
          worker: here('electron/worker/worker.ts'),
          lab: here('electron/lab/lab.ts'),
          'make-snapshot': here('electron/lab/make-snapshot.ts'),
          crew: here('electron/engine/crew-thread.mjs'),
          cli: here('electron/cli/cli.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      target: node,
      outDir: 'out/preload',
      rollupOptions: {
        // A sandboxed preload can load no other file: the two share none.
        input: { preload: here('electron/preload/preload.ts'), 'lab-preload': here('electron/preload/lab-preload.ts') },
        // A sandboxed preload must be CommonJS, whatever package.json's "type" says.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: here('renderer'),
    plugins: [react()],
    build: {
      target: chrome,
      outDir: here('out/renderer'),
      rollupOptions: { input: { index: here('renderer/index.html') } },
    },
  },
});
