import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const here = (path: string) => resolve(import.meta.dirname, path);

/** Python's page and its worker, for the oldest Chrome that the app meets; what they load at run time is served beside them. */
export default defineConfig({
  root: here('.'),
  logLevel: 'warn',
  build: {
    target: 'chrome130',
    outDir: here('../../../out/python'),
    emptyOutDir: true,
    // It would need the DOM.
    modulePreload: false,
    rollupOptions: {
      input: { page: here('page.ts'), 'python-worker': here('python-worker.ts') },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
    },
  },
});
