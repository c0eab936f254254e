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

const { values } = parseArgs({ options: { json: { type: 'string' }, only: { type: 'string' } } });

await ensureBuilt();
const bundles = join(OUT, 'bench');
const bundleNames = ['workloads', 'kernels', 'engine', 'lab', 'mutants', 'command-line', 'window', 'debugging'];
await build({
  root: ROOT,
  configFile: false,
  logLevel: 'error',
  build: {
    ssr: true,
    outDir: bundles,
    rollupOptions: { input: bundleNames.map((name) => join(ROOT, `tests/bench/${name}.ts`)) },
  },
});
const [workloads, kernels, engine, lab, mutants, commandLine, window, debugging] = await Promise.all(
  bundleNames.map((name) => import(pathToFileURL(join(bundles, `${name}.js`)).href)),
);
const worker = join(OUT, 'main/worker.js');
const built = { script: join(OUT, 'main/lab.js'), snapshot: join(OUT, 'python/python.snapshot') };

/**
 * Everything there is to measure besides the workloads: prints it, and gives it for the file.
 *
 * @type {Record<string, () => Promise<unknown>>}
 */
const parts = {
  async products() {
    const { peaks, rows } = kernels.measureProducts();
    const peak = `one core's peak: ${peaks.plain.toFixed(1)} GFLOP/s plain, ${peaks.relaxed.toFixed(1)} relaxed`;
    console.log(`\nProducts by shape; ${peak}`);
    console.table(rows);
    return { peaks, rows };
  },
  async allocations() {
    console.log('\nWhat a step leaves to the garbage collector');
    return shown(await kernels.measureAllocations(['W1', 'W2v', 'W3', 'W3bn', 'W4', 'W5']));
  },
  async statistics() {
    console.log('\nStatistics of every layer');
    return shown(kernels.measureStatistics());
  },
  async full() {
    console.log("\nThe lecture's full run");
    return shown(kernels.measureFullRun());
  },
  async streaming() {
    console.log('\nSteps per second, by what looks on; and what one frame costs to make and to pack');
    return shown(await engine.measureEngine(worker));
  },
  async lab() {
    console.log("\nThe lab: Python's start, a check of the lecture's solution, and training by its gradients");
    const speed = shown(await lab.measureLab(worker, built));
    console.log("\nMutants of six right solutions: part not called right by the lab, and by the notebook's cmp");
    const fixture = join(ROOT, 'tests/fixtures/mutants/mutants.json');
    const found = shown(await mutants.measureMutants(built, fixture));
    console.log('\nchainrule check, from start to end');
    const checks = shown(await commandLine.measureCommandLine(join(ROOT, 'electron/cli/chainrule.mjs')));
    return { speed, checks, mutants: found };
  },
  async debugging() {
    console.log('\nWhat watching a run costs; what going back, trying out, saving and reading take');
    return shown(debugging.measureDebugging());
  },
  async window() {
    const measured = await window.measureWindow();
    console.log('\nThe real window, running: what a frame costs the page, view by view');
    console.table(measured.page);
    console.log('what it costs training that the window is open and draws');
    console.table(measured.cost);
    console.log('and what it costs the main process to pass a frame on');
    console.table(measured.main);
    return measured;
  },
};

/**
 * @template Rows
 * @param {Rows} rows
 */
function shown(rows) {
  console.table(rows);
  return rows;
}

const known = [...workloads.workloadNames, ...Object.keys(parts)];
const only = values.only?.split(',') ?? known;
const unknown = only.filter((/** @type {string} */ name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`There is nothing named ${unknown.join(', ')} to measure. Choose from ${known.join(', ')}.`);
  process.exit(2);
}
const machine = `${cpus()[0]?.model.trim()}, ${cpus().length} cores, ${process.platform} ${process.arch}, Node ${process.versions.node}`;
console.log(`On ${machine}`);
/** @type {Record<string, unknown>} */
const results = { machine };
const chosen = only.filter((/** @type {string} */ name) => workloads.workloadNames.includes(name));
if (chosen.length > 0) {
  console.log('\nSteps by what computes them, in turn');
  results.workloads = shown(await workloads.measureWorkloads(chosen, join(ROOT, 'tests/bench/torch_workloads.py')));
}
for (const [name, measure] of Object.entries(parts)) {
  if (only.includes(name)) results[name] = await measure();
}
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
  console.log(`Written to ${values.json}`);
}
