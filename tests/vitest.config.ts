import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = resolve(import.meta.dirname, '..');

/** What drives a window. */
const inElectron = {
  // One window at a time: two Electrons on two cores make each other's timing meaningless.
  fileParallelism: false,
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // Polls end as soon as they hold; a busy machine needs more than Vitest's second.
  expect: { poll: { timeout: 20_000, interval: 30 } },
};

/**
 * Four projects: `unit` runs in plain Node, `fuzz` does so at length, `e2e` drives the built app in real Electron, and
 * `endurance` does so for ten minutes.
 */
export default defineConfig({
  root,
  test: {
    projects: [
      {
        root,
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
          exclude: ['tests/e2e/**'],
          testTimeout: 120_000,
        },
      },
      {
        root,
        test: { name: 'fuzz', include: ['tests/fuzz/**/*.test.ts'], env: { CHAINRULE_FUZZ: 'full' } },
      },
      {
        root,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          ...inElectron,
        },
      },
      {
        root,
        test: {
          name: 'endurance',
          include: ['tests/e2e/endurance.test.ts'],
          env: { CHAINRULE_ENDURANCE: 'full' },
          ...inElectron,
        },
      },
    ],
  },
});
