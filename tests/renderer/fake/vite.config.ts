import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `npx vite tests/renderer/fake` shows the window on a made-up session in any browser. */
export default defineConfig({
  plugins: [react()],
  server: { fs: { allow: [resolve(import.meta.dirname, '../../..')] } },
});
