import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appOfFile, openTab, readTable, stepTo } from './app';

const app = appOfFile();

test('Copy as CSV puts the whole table on the clipboard', async () => {
  const { page, electron } = app();
  await stepTo(page, 3);
  const panel = await openTab(page, 'Activations');
  const figure = panel.getByRole('region', { name: 'Activation distribution', exact: true });
  await electron.evaluate(({ clipboard }) => clipboard.clear());
  await figure.getByRole('button', { name: /^Copy as CSV/ }).click();
  await expect.poll(() => electron.evaluate(({ clipboard }) => clipboard.readText())).not.toBe('');
  const [header, ...lines] = (await electron.evaluate(({ clipboard }) => clipboard.readText())).trimEnd().split('\r\n');

  await figure.getByRole('button', { name: /^Table/ }).click();
  const rows = await readTable(figure.getByRole('table'));
  expect(header?.split(',')).toEqual(Object.keys(rows[0]!));
  expect(lines).toHaveLength(100);
  for (const [bin, line] of lines.entries()) {
    const shown = Object.values(rows[bin]!).map(Number);
    for (const [column, text] of line.split(',').entries()) expect(Number(text)).toBeCloseTo(shown[column]!, 4);
  }
});

test('every table that stands by itself can be copied', async () => {
  const { page, electron } = app();
  await stepTo(page, 2);
  await page.getByRole('tab', { name: 'Breakpoints' }).click();
  await page.getByLabel('Stop where').fill('loss > 400');
  await page.keyboard.press('Enter');
  await page.getByRole('row', { name: /loss > 400/ }).waitFor();
  const copied = async (title: string) => {
    await electron.evaluate(({ clipboard }) => clipboard.clear());
    await page.getByRole('button', { name: `Copy as CSV: ${title}`, exact: true }).click();
    await expect.poll(() => electron.evaluate(({ clipboard }) => clipboard.readText())).not.toBe('');
    return (await electron.evaluate(({ clipboard }) => clipboard.readText())).trimEnd().split('\r\n');
  };
  expect((await copied('Breakpoints'))[1]).toBe('loss > 400,yes,,0,0,');
  await page.getByRole('button', { name: /^Remove/ }).click();
  await page.getByRole('tab', { name: /^Findings/ }).click();
  await page.getByText('Rules and their thresholds').click();
  expect(await copied('Rules')).toHaveLength(14);
  expect((await copied('Moments')).map((line) => line.split(',')[0])).toEqual(expect.arrayContaining(['mean', 'std']));
  const samples = await openTab(page, 'Samples');
  await samples.getByRole('button', { name: 'Evaluate' }).click();
  await samples.getByRole('rowheader', { name: 'dev' }).waitFor({ timeout: 60_000 });
  expect((await copied('Evaluation')).map((line) => line.split(',')[0])).toEqual(['split', 'train', 'dev']);
  await openTab(page, 'Graph');
  for (const _ of [1, 2]) await page.keyboard.press('F11');
  expect((await copied('Op'))[0]).toBe('role,tensor,shape or part,mean,std,grad std');
});

test('Save as PNG writes a picture where the person says', async () => {
  const { page, electron } = app();
  const file = join(mkdtempSync(join(tmpdir(), 'picture-')), 'loss.png');
  await electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
  await stepTo(page, 5);
  const panel = await openTab(page, 'Loss');
  const figure = panel.getByRole('region', { name: 'Loss', exact: true });
  await figure.locator('svg path[name]').first().waitFor();
  await figure.getByRole('button', { name: /^Save as PNG/ }).click();
  await expect.poll(() => existsSync(file)).toBe(true);

  const picture = readFileSync(file);
  expect(picture.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  const { width = 0, height = 0 } = (await figure.boundingBox()) ?? {};
  // At least twice the screen's size, the plot without its buttons.
  expect(picture.readUInt32BE(16)).toBeGreaterThan(1.8 * width);
  expect(picture.readUInt32BE(20)).toBeGreaterThan(1.2 * height);
  await page.getByRole('tab', { name: 'Log' }).click();
  await page.getByRole('log').getByText('Saved loss.png.').waitFor();
});

test('saving that fails is told of', async () => {
  const { page, electron } = app();
  await electron.evaluate(({ dialog }) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: '/nowhere/at/all/loss.png' });
  });
  const panel = await openTab(page, 'Loss');
  await panel.getByRole('button', { name: /^Save as PNG/ }).click();
  await page.getByRole('alert').filter({ hasText: '/nowhere/at/all/loss.png could not be written' }).waitFor();
});
