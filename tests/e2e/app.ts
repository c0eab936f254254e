import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { _electron, type ElectronApplication, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { prepareLaunch } from '../../electron/runtime/launch.mjs';
import { OUT, ROOT } from '../../electron/runtime/project.mjs';

/** A window of the app, started as `npm start` starts it. */
export interface App {
  readonly electron: ElectronApplication;
  readonly page: Page;
  /** What went wrong unasked: the page's console and uncaught errors, and all that main prints but its usual lines. */
  readonly complaints: string[];
  /** Quits the app, by way of its own `quit` unless it has ended already. Resolves with its exit code. */
  close(): Promise<number | null>;
}

export interface AppOptions {
  /** Whether it has not been started before with this Electron, of which a window may have something to say. */
  readonly isFirst?: boolean;
  /** Keeps main's worker where tests can end it. */
  readonly keepWorker?: boolean;
  readonly userData?: string;
}

/** What main, Chromium and Playwright's debugger print on every healthy start. */
const usualLines = [
  /^chainrule: info: /,
  /^chainrule: warning: Chromium's sandbox is off/,
  /^\[\d+:\d+\/\d+\.\d+:[A-Z]+:/,
  /^Debugger |^For help, see|^DevTools listening|^Waiting for the debugger/,
  /^$/,
];

/**
 * Opens a window and waits until it shows step 0.
 * @param options.userData where the app keeps what outlasts it; by default a folder of its own, removed at the end.
 */
export async function openApp({ isFirst = false, keepWorker = false, userData }: AppOptions = {}): Promise<App> {
  const launch = await prepareLaunch();
  const folder = userData ?? (await mkdtemp(join(tmpdir(), 'chainrule-window-')));
  const [, version = ''] = /^Electron (\S+)/.exec(launch.env.CHAINRULE_RUNTIME ?? '') ?? [];
  if (!isFirst) await writeFile(join(folder, 'told-of-electron'), version).catch(() => undefined);
  const electron = await _electron.launch({
    executablePath: launch.executable,
    args: [
      ...(keepWorker ? ['-r', join(ROOT, 'tests/e2e/keep-worker.cjs')] : []),
      `--user-data-dir=${folder}`,
      ...launch.args,
    ],
    cwd: launch.cwd,
    env: launch.env,
  });
  const complaints: string[] = [];
  const child = electron.process();
  const exited = once(child, 'exit');
  createInterface({ input: child.stderr! }).on('line', (line) => {
    if (!usualLines.some((usual) => usual.test(line))) complaints.push(`main: ${line}`);
  });
  electron.context().on('console', (message) => {
    if (['error', 'warning', 'assert'].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  electron.context().on('weberror', (error) => complaints.push(`page: ${error.error().stack}`));

  const page = await electron.firstWindow();
  page.setDefaultTimeout(15_000);
  await isFresh(page);
  return {
    electron,
    page,
    complaints,
    async close() {
      await electron.close();
      const [code] = await exited;
      await launch.stop();
      if (userData === undefined) await rm(folder, { recursive: true, force: true });
      return code;
    },
  };
}

/**
 * Opens one app for all tests of a file. Before each, the page is loaded anew and the program set to its defaults, so that no
 * test knows of another; after each there must be no complaint.
 * @returns a function that gives the app, to be called inside a test
 */
export function appOfFile(options?: AppOptions): () => App {
  let app: App | undefined;
  const current = () => {
    if (app === undefined) throw new Error('The app is not open; did it fail to start?');
    return app;
  };
  beforeAll(async () => {
    app = await openApp(options);
  });
  beforeEach(async () => {
    const { page } = current();
    await page.reload();
    const program = page.getByLabel('Program', { exact: true });
    // A planted mistake outlives a restart, but not the program it was planted in.
    await program.selectOption('deep-stack');
    await page.getByRole('toolbar').getByText('depth').waitFor();
    await program.selectOption('decomposed-mlp');
    // The person's own code outlives reloads and new sessions.
    await page.getByRole('combobox', { name: 'Backward', exact: true }).selectOption('nodewise');
    await isFresh(page);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') {
      await current().page.screenshot({ path: join(OUT, 'test-results', `${task.name.replaceAll(/\W+/g, '-')}.png`) });
    }
    expect(current().complaints.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    if (app !== undefined) expect(await app.close()).toBe(0);
  });
  return current;
}

/** Waits for the default program at step 0, its check made and its numbers fetched. */
async function isFresh(page: Page): Promise<void> {
  await page
    .getByRole('toolbar')
    .filter({ hasText: /step 0 .*hidden64/ })
    .waitFor();
  await page.getByText('All 26 gradients agree, bit for bit.').waitFor();
  await page.getByText(/^checked at step 0/).waitFor();
  await inspector(page).getByText('At step 0', { exact: true }).waitFor();
}

/** A button of the toolbar, by its name. */
export function toolbarButton(
  page: Page,
  name: 'Run' | 'Pause' | 'Step' | 'Back' | 'Restart' | 'Program settings…',
): Locator {
  return page.getByRole('toolbar').getByRole('button', { name, exact: true });
}

/** Shows a tab of the views and gives its panel. */
export async function openTab(page: Page, name: string): Promise<Locator> {
  await page.getByRole('tab', { name, exact: true }).click();
  return page.getByRole('tabpanel', { name, exact: true });
}

/** Presses Step so many times, waiting for each. */
export async function stepTo(page: Page, step: number): Promise<void> {
  for (let at = (await readout(page)).step + 1; at <= step; at++) {
    await toolbarButton(page, 'Step').click();
    await expect.poll(async () => (await readout(page)).step).toBe(at);
  }
}

/** What the toolbar says. The loss is text, as every digit shown must agree. */
export async function readout(page: Page): Promise<{ step: number; loss: string }> {
  const text = await page.getByLabel('Readout').textContent();
  const [, step, loss] = /step ([\d,]+).*loss (\S+) /.exec(text ?? '') ?? [];
  return { step: wholeNumber(step), loss: loss ?? '' };
}

/** The step of which each part of the window speaks, NaN where it does not. */
export async function stepsShown(page: Page): Promise<{ toolbar: number; check: number; inspector: number }> {
  const stepIn = async (locator: Locator) => {
    const texts = await locator.allTextContents();
    return wholeNumber(/step ([\d,]+)/.exec(texts.join())?.[1]);
  };
  return {
    toolbar: (await readout(page)).step,
    check: await stepIn(page.getByText(/^checked at step/)),
    inspector: await stepIn(inspector(page).getByText(/^At step/)),
  };
}

const wholeNumber = (text: string | undefined) => (text === undefined ? Number.NaN : Number(text.replaceAll(',', '')));

/** The pane that shows the selected node. */
export function inspector(page: Page): Locator {
  return page.locator('#inspector');
}

/** A table's rows: each cell's text by its column's title. */
export function readTable(table: Locator): Promise<Record<string, string>[]> {
  return table.evaluate((element) => {
    const [head, ...rows] = [...(element as HTMLTableElement).rows].map((row) =>
      [...row.cells].map((cell) => cell.textContent ?? ''),
    );
    return rows.map((cells) => Object.fromEntries(cells.map((text, column) => [head?.[column] ?? '', text])));
  });
}

/** The verdict on each node in the gradient-diff table. */
export async function verdicts(page: Page): Promise<Record<string, string>> {
  const rows = await readTable(page.getByRole('table', { name: 'Gradient diff', exact: true }));
  return Object.fromEntries(rows.map((row) => [row.node, row.verdict]));
}

/** How many different colours a canvas shows; a blank one shows one. */
export function coloursOf(canvas: Locator): Promise<number> {
  return canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const context = (element as HTMLCanvasElement).getContext('2d');
    if (context === null || width === 0 || height === 0) return 0;
    return new Set(new Uint32Array(context.getImageData(0, 0, width, height).data.buffer)).size;
  });
}
