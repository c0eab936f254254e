import type { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { type App, appOfFile, readout, stepsShown, stepTo, toolbarButton, verdicts } from './app';

declare global {
  /** The session's thread, kept by keep-worker.cjs in the main process. */
  var sessionWorker: Worker;
}

const app = appOfFile({ keepWorker: true });

const killWorker = ({ electron }: App) => electron.evaluate(() => globalThis.sessionWorker.terminate());

test('a killed worker is told of, and the session begins again with its settings', async () => {
  const { page } = app();
  await toolbarButton(page, 'Program settings…').click();
  await page.getByRole('textbox', { name: 'Hidden size' }).fill('40');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('toolbar').filter({ hasText: 'hidden40' }).waitFor();
  const first = await readout(page);
  await stepTo(page, 3);

  await killWorker(app());
  await page.getByRole('alert').filter({ hasText: 'The engine stopped and was restarted' }).waitFor();
  await expect.poll(() => readout(page)).toEqual(first);
  await expect.poll(() => stepsShown(page)).toEqual({ toolbar: 0, check: 0, inspector: 0 });
  expect(await page.getByRole('toolbar').innerText()).toMatch(/hidden\s*40/);
  await stepTo(page, 2);
  await expect.poll(() => stepsShown(page)).toEqual({ toolbar: 2, check: 2, inspector: 2 });
  expect(Object.keys(await verdicts(page))).toHaveLength(26);
});

test('a worker killed while it runs leaves a session that can be run again', async () => {
  const { page } = app();
  await toolbarButton(page, 'Run').click();
  await expect.poll(async () => (await readout(page)).step).toBeGreaterThan(5);
  await killWorker(app());
  await page.getByRole('alert').filter({ hasText: 'The engine stopped and was restarted' }).waitFor();
  await expect.poll(() => toolbarButton(page, 'Run').isEnabled()).toBe(true);
  await toolbarButton(page, 'Run').click();
  await expect.poll(async () => (await readout(page)).step).toBeGreaterThan(5);
  await toolbarButton(page, 'Pause').click();
  await expect.poll(() => toolbarButton(page, 'Step').isEnabled()).toBe(true);
});
