// @ts-check
// What the npm scripts run before their own work: installs the packages, and with --build builds the app too.
import { requireNode } from './node-version.mjs';

requireNode();
const { ensureInstalled } = await import('./install.mjs');
const { ensureBuilt } = await import('./build.mjs');
const { endOnSignals } = await import('./signals.mjs');
const { say } = await import('./progress.mjs');

endOnSignals();
try {
  await ensureInstalled();
  if (process.argv.includes('--build')) {
    await ensureBuilt();
  }
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
