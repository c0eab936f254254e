// @ts-check
// `npm run bench`: bundles the measurements (Node 20 runs no TypeScript), runs them, prints what they found.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { ensureBuilt } from '../../electron/runtime/build.mjs';
import { OUT, ROOT } from '../../electron/runtime/project.mjs';

const { values } = parseArgs({ options: { json: { type: 'string' } } });

await ensureBuilt();
const bundles = join(OUT, 'bench');
await build({
  root: ROOT,
  configFile: false,
  logLevel: 'error',
  build: {
    ssr: true,
    outDir: bundles,
    rollupOptions: { input: ['engine', 'lab', 'window'].map((name) => join(ROOT, `tests/bench/${name}.ts`)) },
  },
});
const { measureEngine } = await import(pathToFileURL(join(bundles, 'engine.js')).href);
const { measureLab } = await import(pathToFileURL(join(bundles, 'lab.js')).href);
const { measureWindow } = await import(pathToFileURL(join(bundles, 'window.js')).href);

const machine = `${cpus()[0]?.model.trim()}, ${cpus().length} cores, ${process.platform} ${process.arch}, Node ${process.versions.node}`;
console.log(`On ${machine}\n`);
const engine = await measureEngine(join(OUT, 'main/worker.js'));
console.log('Steps per second, by what looks on; and what one frame costs to make and to pack');
console.table(engine);
console.log("The lab: Python's start, a check of the lecture's solution, and training by its gradients");
const lab = await measureLab(join(OUT, 'main/worker.js'));
console.table(lab);
const window = await measureWindow(engine.map((/** @type {Record<string, number>} */ row) => row['frame, bytes']));
console.log('The real window, running: what a frame costs the page, view by view');
console.table(window.page);
console.log('and the main process, to pass one on');
console.table(window.main);
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ machine, engine, lab, window }, null, 2)}\n`);
  console.log(`Written to ${values.json}`);
}
