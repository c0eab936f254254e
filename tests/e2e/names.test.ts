import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { type App, appOfFile, readout, readTable, stepTo } from './app';

const app = appOfFile();
const folder = mkdtempSync(join(tmpdir(), 'names-'));

beforeEach(async () => {
  const { page } = app();
  const builtIn = page.getByRole('button', { name: 'Use built-in names' });
  if (await builtIn.isVisible()) {
    await builtIn.click();
    await builtIn.waitFor({ state: 'detached' });
  }
});

/** Chooses the file as a person would in the system's dialog, which no script can click. */
async function openNames({ electron, page }: App, path: string): Promise<void> {
  await electron.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, path);
  await page.getByRole('button', { name: 'Open names…' }).click();
}

/** Drops the files on the window. */
async function dropFiles({ page }: App, files: readonly { name: string; text: string }[]): Promise<void> {
  const transfer = await page.evaluateHandle((contents) => {
    const dropped = new DataTransfer();
    for (const { name, text } of contents) dropped.items.add(new File([text], name, { type: 'text/plain' }));
    return dropped;
  }, files);
  await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
  await page.getByText('Drop a text file with one word a line to train on it').waitFor();
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

const greek = 'ελένη μαρία σοφία γιώργος νίκος άννα κώστας δήμητρα χρήστος ιωάννα παναγιώτης βασιλική'.split(' ');
const cyrillic = 'анна мария иван ольга пётр елена дмитрий ирина юрий фёдор светлана алексей'.split(' ');
const characters = (words: readonly string[]) => new Set(words.join('')).size;

describe('a names file that cannot be used', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['empty.txt', '', 'empty.txt is empty.'],
    [
      'picture.txt',
      new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe, 0x00, 0x01]),
      'picture.txt is not text: byte 6 is zero.',
    ],
    ['latin.txt', new Uint8Array([0x61, 0x0a, 0xe9, 0x6c, 0x0a]), 'latin.txt is not UTF-8 text: line 2 is not valid.'],
    ['nine.txt', greek.slice(0, 9).join('\n'), 'nine.txt has only 9 words.'],
    ['long.txt', [...greek, 'α'.repeat(101)].join('\n'), 'long.txt, line 13: the word has 101 characters'],
  ])('%s is refused, and the session goes on', async (name, content, message) => {
    const { page } = app();
    await stepTo(page, 2);
    const before = await readout(page);
    writeFileSync(join(folder, name), content);
    await openNames(app(), join(folder, name));
    const alert = page.getByRole('alert').filter({ hasText: message });
    await alert.waitFor();
    expect(await readout(page)).toEqual(before);
    expect(await page.getByRole('region', { name: 'Data' }).innerText()).toContain('8,403');
    await stepTo(page, 3);
    await alert.getByRole('button', { name: 'Dismiss' }).click();
    await alert.waitFor({ state: 'detached' });
  });

  test('that is not there is told of', async () => {
    const { page } = app();
    await openNames(app(), join(folder, 'nowhere.txt'));
    await page.getByRole('alert').filter({ hasText: 'nowhere.txt could not be read' }).waitFor();
  });

  test('chosen by nobody changes nothing', async () => {
    const { page, electron } = app();
    await stepTo(page, 1);
    await electron.evaluate(({ dialog }) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: true, filePaths: [] });
    });
    await page.keyboard.press('Control+O');
    await stepTo(page, 2);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  test('dropped is refused as well, and so are two at once', async () => {
    const { page } = app();
    await dropFiles(app(), [{ name: 'nine.txt', text: greek.slice(0, 9).join('\n') }]);
    await page.getByRole('alert').filter({ hasText: 'nine.txt has only 9 words.' }).waitFor();
    await dropFiles(app(), [
      { name: 'a.txt', text: greek.join('\n') },
      { name: 'b.txt', text: greek.join('\n') },
    ]);
    await page.getByRole('alert').filter({ hasText: 'Drop one file; 2 were dropped.' }).waitFor();
    expect(await page.getByRole('region', { name: 'Data' }).innerText()).toContain('8,403');
  });
});

describe('a names file of another alphabet', () => {
  test.each<[string, readonly string[], (app: App, path: string, text: string) => Promise<void>]>([
    ['opened', greek, (current, path) => openNames(current, path)],
    ['dropped', cyrillic, (current, path, text) => dropFiles(current, [{ name: basename(path), text }])],
  ])('is trained on when %s', async (way, words, bring) => {
    const { page } = app();
    await stepTo(page, 2);
    const path = join(folder, `${way}.txt`);
    const text = words.join('\n');
    writeFileSync(path, text);
    await bring(app(), path, text);

    const size = characters(words) + 1;
    const data = page.getByRole('region', { name: 'Data' });
    await data.getByText(`${size} characters`).waitFor();
    expect(await data.innerText()).toMatch(new RegExp(`${way}\\.txt.*\\b${words.length}\\b`, 's'));
    await page.getByText('All 26 gradients agree').waitFor();
    const rows = await readTable(page.getByRole('table', { name: 'Gradient diff', exact: true }));
    expect(rows.find(({ node }) => node === 'logits')?.shape).toBe(`32 × ${size}`);
    expect((await readout(page)).step).toBe(0);
    await stepTo(page, 1);

    await page.getByRole('button', { name: 'Use built-in names' }).click();
    await data.getByText('27 characters').waitFor();
  });
});
