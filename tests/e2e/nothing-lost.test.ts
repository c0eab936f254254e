import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
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

test('a short session that crashes as well leaves the longer one before it to be gone on with', async () => {
  const kill = async ({ electron }: App) => {
    const child = electron.process();
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  const first = await openApp({ userData: folder });
  await stepTo(first.page, 5);
  const before = await readout(first.page);
  await expect.poll(hasAutosave, { timeout: 15_000 }).toBe(true);
  // The last autosave is of this very step.
  await first.close();
  const second = await openApp({ userData: folder });
  await stepTo(second.page, 1);
  await expect.poll(hasAutosave, { timeout: 15_000 }).toBe(true);
  await kill(second);

  app = await openApp({ userData: folder });
  const offers = offer(app);
  await expect.poll(() => offers.count()).toBe(2);
  expect(await offers.nth(0).textContent()).toMatch(/The last session, decomposed-mlp at step 1, was autosaved on \d/);
  expect(await offers.nth(1).textContent()).toMatch(
    /An earlier session, decomposed-mlp at step 5, was autosaved on \d/,
  );
  await offers.nth(1).getByRole('button', { name: 'Go on with it' }).click();
  await expect.poll(() => readout(app!.page)).toEqual(before);
  await expect.poll(() => offers.count()).toBe(0);
});

test('a damaged autosave is kept under another name, which is told', async () => {
  await mkdir(join(folder, 'autosave'));
  await writeFile(join(folder, 'autosave', 'session.chainrule'), 'PK and then nothing');
  app = await openApp({ userData: folder });
  const { complaints } = app;
  await expect
    .poll(() => complaints.join())
    .toMatch(/An autosave cannot be used.* It is kept as .*autosave-damaged-\d+\./);
  expect(await autosaves()).toEqual([expect.stringMatching(/^autosave-damaged-\d+$/)]);
  expect(await offer(app).count()).toBe(0);
  complaints.length = 0;
});

test('where nothing can be written the window says so and works', async () => {
  const file = join(folder, 'a file');
  await writeFile(file, '');
  app = await openApp({ userData: join(file, 'beneath') });
  const { page, complaints } = app;
  await page
    .getByRole('alert')
    .getByText(/^Nothing is kept when this window closes: .*a file.beneath cannot be written to/)
    .waitFor();
  await stepTo(page, 2);
  // Main prints it as well.
  complaints.length = 0;
});

test('an Electron that gets no more security updates is told of once, and in About', async () => {
  for (const isFirst of [true, false]) {
    app = await openApp({ userData: folder, isFirst });
    const { page, complaints } = app;
    const { electron } = await app.electron.evaluate(() => ({ electron: process.versions.electron }));
    const isOld = Number.parseInt(electron, 10) < 43;
    const notice = page.getByRole('alert').getByText(/gets no more security updates/);
    await expect.poll(() => notice.count()).toBe(isOld && isFirst ? 1 : 0);
    complaints.length = 0;
    await page.keyboard.press('Control+Shift+P');
    await page.keyboard.type('About');
    await page.keyboard.press('Enter');
    const about = page.getByRole('dialog', { name: 'About Chainrule' });
    await about.getByText('Chromium', { exact: true }).waitFor();
    expect(await about.getByText(/gets no more security updates/).count()).toBe(isOld ? 1 : 0);
    if (isFirst) await app.close();
  }
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
  const arrived = Date.now();
  const savedAt = async () =>
    (await stat(join(folder, 'autosave', 'session.chainrule')).catch(() => null))?.mtimeMs ?? 0;
  await expect.poll(savedAt, { timeout: 15_000 }).toBeGreaterThan(arrived);
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
