import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { prepareLaunch } from '../../electron/runtime/launch.mjs';
import { ROOT } from '../../electron/runtime/project.mjs';
import { median } from './median';

interface WindowRow {
  readonly program: string;
  readonly view: string;
  readonly 'steps/s': number;
  readonly 'frames/s': number;
  readonly 'page, ms busy a frame': number;
  readonly 'page busy, %': number;
}

/** Each program by a node that only it has, which shows that it has been built. */
const programs = [
  { program: 'decomposed-mlp', lastNode: 'logprobs' },
  { program: 'deep-stack', lastNode: 'layers.10.out' },
];
const views = ['Gradient diff', 'Activations', 'Updates', 'Saturation', 'Loss'];
const measuredMilliseconds = 2000;
/** Times that the window is emptied and filled again. */
const costRounds = 10;
/** A page that has been loaded anew settles down in this time. */
const settlingMilliseconds = 1500;
/** About what both programs' frames take. */
const frameBytes = [8_000, 20_000];

/** What the main process spends on passing a frame of so many bytes on to the page. */
interface RelayRow {
  readonly 'frame, bytes': number;
  readonly 'main: post, µs': number;
}

/** What a window that is open and draws costs training, against one with no page in it. */
interface CostRow {
  readonly program: string;
  readonly 'no page, steps/s': number;
  readonly 'open, steps/s': number;
  readonly 'cost, %': number;
}

/**
 * Runs both programs in the real window, view by view, and divides what the page did by the frames it drew; compares steps
 * a second with those of a window without a page; and measures what passing frames of these sizes on
 * costs the main process.
 */
export async function measureWindow(): Promise<{ page: WindowRow[]; cost: CostRow[]; main: RelayRow[] }> {
  const launch = await prepareLaunch();
  const app = await _electron.launch({
    executablePath: launch.executable,
    args: ['-r', join(ROOT, 'tests/e2e/keep-worker.cjs'), ...launch.args],
    cwd: launch.cwd,
    env: launch.env,
  });
  try {
    const page = await app.firstWindow();
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
    await countCredits(page);
    const rows: WindowRow[] = [];
    const cost: CostRow[] = [];
    for (const { program, lastNode } of programs) {
      const choice = page.getByRole('combobox', { name: 'Program' });
      if ((await choice.inputValue()) !== program) await choice.selectOption(program);
      await page.locator(`[data-node="${lastNode}"]`).first().waitFor();
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      for (const view of views) {
        await page.getByRole('tab', { name: view, exact: true }).click();
        rows.push({ program, view, ...(await measure(page)) });
      }
      await page.getByRole('tab', { name: 'Gradient diff', exact: true }).click();
      cost.push({ program, ...(await measureCost(app, page)) });
      await page.getByRole('button', { name: 'Pause', exact: true }).click();
    }
    const main = await Promise.all(frameBytes.map((bytes) => measureRelay(app, bytes)));
    return { page: rows, cost, main };
  } finally {
    await app.close();
    await launch.stop();
  }
}

/** A page answers every frame it has drawn with a credit: counting them counts frames. Once for this page, and for each to come. */
async function countCredits(page: Page): Promise<void> {
  const count = () => {
    const counter = { credits: 0 };
    Object.assign(window, { counter });
    MessagePort.prototype.postMessage = new Proxy(MessagePort.prototype.postMessage, {
      apply(postMessage, port, message) {
        // React's scheduler posts null to itself.
        if (message[0]?.kind === 'credit') counter.credits++;
        return Reflect.apply(postMessage, port, message);
      },
    });
  };
  await page.addInitScript(count);
  await page.evaluate(count);
}

async function measure(page: Page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  const read = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    const busySeconds = metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
    const { credits, readout } = await page.evaluate(() => ({
      credits: Number(Reflect.get(Reflect.get(window, 'counter'), 'credits')),
      readout: document.querySelector('[aria-label="Readout"]')?.textContent ?? '',
    }));
    const step = Number(/step ([\d,]+)/.exec(readout)?.[1]?.replaceAll(',', ''));
    return { busySeconds, credits, step, at: performance.now() };
  };
  const before = await read();
  await page.waitForTimeout(measuredMilliseconds);
  const after = await read();
  await devtools.detach();
  const seconds = (after.at - before.at) / 1000;
  const frames = after.credits - before.credits;
  const busy = after.busySeconds - before.busySeconds;
  return {
    'steps/s': Math.round((after.step - before.step) / seconds),
    'frames/s': Number((frames / seconds).toFixed(1)),
    'page, ms busy a frame': Number(((busy * 1000) / frames).toFixed(2)),
    'page busy, %': Math.round((100 * busy) / seconds),
  };
}

/** Empties the window and fills it again in turn, so that what else the machine does hits both alike. */
async function measureCost(app: ElectronApplication, page: Page) {
  const url = page.url();
  const speeds = { none: [] as number[], open: [] as number[] };
  for (let round = 0; round < costRounds; round++) {
    for (const state of ['none', 'open'] as const) {
      await page.goto(state === 'open' ? url : 'about:blank');
      // Until all is loaded and compiled.
      await page.waitForTimeout(settlingMilliseconds);
      const before = await stepOf(app);
      await page.waitForTimeout(measuredMilliseconds);
      const after = await stepOf(app);
      speeds[state].push(((after.step - before.step) * 1000) / (after.at - before.at));
    }
  }
  const [none, open] = [median(speeds.none), median(speeds.open)];
  return {
    'no page, steps/s': Math.round(none),
    'open, steps/s': Math.round(open),
    'cost, %': Number((100 * (1 - open / none)).toFixed(1)),
  };
}

/** The step at which the session stands, asked of its thread past the page, and when that was. */
function stepOf(app: ElectronApplication): Promise<{ step: number; at: number }> {
  return app.evaluate(
    () =>
      new Promise<{ step: number; at: number }>((resolve) => {
        const id = 1e9;
        const { sessionWorker } = globalThis;
        const hear = (message: { id?: number; answer?: { step: number } }) => {
          if (message.id !== id || message.answer === undefined) return;
          sessionWorker.off('message', hear);
          resolve({ step: message.answer.step, at: performance.now() });
        };
        sessionWorker.on('message', hear);
        sessionWorker.postMessage({ kind: 'request', id, command: { type: 'timeline' } });
      }),
  );
}

async function measureRelay(app: ElectronApplication, bytes: number): Promise<RelayRow> {
  const microseconds = await app.evaluate(({ MessageChannelMain }, size) => {
    const { port1, port2 } = new MessageChannelMain();
    const frame = new Float32Array(size / 4);
    port2.on('message', () => {});
    port2.start();
    const times = Array.from({ length: 300 }, () => {
      const start = performance.now();
      port1.postMessage({ kind: 'frame', frame });
      return (performance.now() - start) * 1000;
    });
    port1.close();
    return times;
  }, bytes);
  return { 'frame, bytes': bytes, 'main: post, µs': Number(median(microseconds).toFixed(1)) };
}
