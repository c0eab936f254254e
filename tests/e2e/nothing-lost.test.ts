import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { prepareLaunch } from '../../electron/runtime/launch.mjs';
import { type App, openApp, readout, stepTo, toolbarButton } from './app';

let folder: string;
let app: App | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chainrule-lost-'));
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  await rm(folder, { recursive: true, force: true });
});

const offer = ({ page }: App) => page.getByRole('status', { name: 'Autosave' });
const autosaves = async () => (await readdir(folder)).filter((name) => name.startsWith('autosave'));
const hasAutosave = async () =>
  (await readdir(join(folder, 'autosave')).catch((): string[] => [])).includes('session.chainrule');

test('after kill -9 of the app the next launch goes on from the autosave', async () => {
  const killed = await openApp({ userData: folder });
  await toolbarButton(killed.page, 'Run').click();
  await expect.poll(async () => (await readout(killed.page)).step).toBeGreaterThan(500);
  await expect.poll(hasAutosave, { timeout: 15_000 }).toBe(true);
  await toolbarButton(killed.page, 'Pause').click();
  await expect.poll(() => toolbarButton(killed.page, 'Step').isEnabled()).toBe(true);
  const before = await readout(killed.page);
  // Two autosaves' time: the last one is of this very step.
  const written = async () => (await readFile(join(folder, 'autosave', 'session.chainrule'))).toString('base64');
  const first = await written();
  await expect.poll(written, { timeout: 15_000, interval: 200 }).not.toBe(first);
  const child = killed.electron.process();
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;

  app = await openApp({ userData: folder });
  await offer(app)
    .getByText(/decomposed-mlp at step [\d,]+/)
    .waitFor();
  await offer(app).getByRole('button', { name: 'Go on with it' }).click();
  const { page } = app;
  await expect.poll(() => readout(page)).toEqual(before);
  await expect.poll(() => offer(app!).count()).toBe(0);
  await page.getByText('All 26 gradients agree, bit for bit.').waitFor();
  await stepTo(page, before.step + 1);
});

test('an ended session is offered once, and can be discarded', async () => {
  const first = await openApp({ userData: folder });
  await stepTo(first.page, 3);
  // Nothing is waited for: quitting saves.
  await first.close();
  app = await openApp({ userData: folder });
  await offer(app).getByText('decomposed-mlp at step 3').waitFor();
  await offer(app).getByRole('button', { name: 'Discard' }).click();
  await expect.poll(autosaves).toEqual([]);
  expect((await readout(app.page)).step).toBe(0);
});

test('a second launch leaves the first alone, and ends', async () => {
  app = await openApp({ userData: folder });
  const { executable, args, cwd, env, stop } = await prepareLaunch();
  const second = spawn(executable, [`--user-data-dir=${folder}`, ...args], { cwd, env });
  let said = '';
  second.stderr.on('data', (text) => {
    said += text;
  });
  const [code] = await once(second, 'exit');
  expect(code).toBe(0);
  await stop();
  expect(said).toContain('Chainrule is open already');
  await stepTo(app.page, 1);
});

test('a killed worker is followed by the offer to go on where it was', async () => {
  app = await openApp({ userData: folder, keepWorker: true });
  const { page, electron } = app;
  await stepTo(page, 4);
  const before = await readout(page);
  await expect.poll(hasAutosave, { timeout: 15_000 }).toBe(true);
  await electron.evaluate(() => globalThis.sessionWorker.terminate());
  await offer(app).getByRole('button', { name: 'Go on with it' }).click();
  await expect.poll(() => readout(page)).toEqual(before);
  // Main prints that the thread ended, as it should.
  app.complaints.length = 0;
});

test('a killed page comes back to the session as it was, breakpoints and findings too', async () => {
  app = await openApp({ userData: folder });
  const { page, electron } = app;
  await page.getByRole('tab', { name: 'Breakpoints' }).click();
  await page.getByLabel('Stop where').fill('step == 130');
  await page.keyboard.press('Enter');
  await page.getByRole('row', { name: /step == 130/ }).waitFor();
  await toolbarButton(page, 'Run').click();
  await page.getByText('Stopped at step 130').waitFor();
  const before = await readout(page);
  const crashed = page.waitForEvent('crash');
  await electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
  );
  await crashed;
  // Playwright lets go of a page that crashed; the window is asked itself.
  const shown = () =>
    electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]
        ?.webContents.executeJavaScript('document.body.innerText.split(/[ \\n\\t]+/).join(" ")')
        .catch(() => ''),
    );
  await expect.poll(shown, { timeout: 20_000 }).toContain('Stopped at step 130');
  await expect.poll(shown).toContain(`step 130 · loss ${before.loss}`);
  await expect.poll(shown).toMatch(/Findings ?1 /);
  app.complaints.length = 0;
});
