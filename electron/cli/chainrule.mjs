#!/usr/bin/env node
// @ts-check
// The command `chainrule`: gets the checkout ready where it is not, then hands over to the built command line.
import { requireNode } from '../runtime/node-version.mjs';

requireNode();
const { ensureInstalled } = await import('../runtime/install.mjs');
const { ensureBuilt } = await import('../runtime/build.mjs');
const { OUT } = await import('../runtime/project.mjs');
const { endOnSignals } = await import('../runtime/signals.mjs');
const { say } = await import('../runtime/progress.mjs');
const { join } = await import('node:path');
const { pathToFileURL } = await import('node:url');

const leaveSignals = endOnSignals();
try {
  await ensureInstalled();
  await ensureBuilt();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
// From here on Ctrl-C is the command's own affair: it stops cleanly and says how far it got.
leaveSignals();
const { main } = await import(pathToFileURL(join(OUT, 'main/cli.js')).href);
process.exitCode = await main(process.argv.slice(2));
