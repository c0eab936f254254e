// @ts-check
// `npm start`. Nothing but the version check is imported statically, because an old Node could not load the rest.
import { requireNode } from './node-version.mjs';

requireNode();
const { start } = await import('./start-app.mjs');
process.exitCode = await start(process.argv.slice(2));
