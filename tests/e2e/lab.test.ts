import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { lecture } from '../core/python/corpus/correct';
import { appOfFile, openApp, readout, toolbarButton, verdicts } from './app';

const app = appOfFile();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chainrule-lab-'));
});
// The next test's window shows at first what was checked last.
afterEach(() => app().page.getByRole('combobox', { name: 'Backward', exact: true }).selectOption('nodewise'));
afterAll(() => rm(folder, { recursive: true }));

const editor = (page: Page) => page.getByRole('textbox', { name: 'Backward pass in Python' });
const pane = (page: Page) => page.getByRole('region', { name: 'Your own backward pass' });
const headline = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });
const allRight = (page: Page) => headline(page, 'All 26 gradients are right.');
const stopButton = (page: Page) => pane(page).getByRole('button', { name: 'Stop', exact: true });
const codeLine = (page: Page, text: string): Locator => editor(page).locator('.cm-line').filter({ hasText: text });

/** Makes one's own code the backward, and waits until Python is there. */
async function beginToWrite(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Backward', exact: true }).selectOption('python');
  await pane(page).getByText('Python is ready').waitFor({ timeout: 60_000 });
}

/** Puts `code` in place of all that is in the editor, as pasting it does. */
async function write(page: Page, code: string): Promise<void> {
  await editor(page).click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(code);
}

/** Deletes the first `text` in a line, key by key. */
async function deleteIn(page: Page, line: string, text: string): Promise<void> {
  await codeLine(page, line).click();
  await page.keyboard.press('Home');
  for (let at = 0; at < line.indexOf(text); at++) await page.keyboard.press('ArrowRight');
  for (let at = 0; at < text.length; at++) await page.keyboard.press('Delete');
}

/** The nodes whose verdict is one of these, in the table's order. */
async function nodesWith(page: Page, ...wanted: readonly string[]): Promise<string[]> {
  return Object.entries(await verdicts(page)).flatMap(([node, verdict]) => (wanted.includes(verdict) ? [node] : []));
}

describe('writing the backward pass', () => {
  test('a broken line is found, named and, once mended, green again', async () => {
    const { page } = app();
    await beginToWrite(page);
    await write(page, lecture);
    await allRight(page).waitFor();
    expect(await nodesWith(page, 'wrong', 'inherited', 'missing', 'shape')).toEqual([]);

    await deleteIn(page, 'dbndiff2 = (1.0/(n-1))*torch.ones_like(bndiff2) * dbnvar', '-1');
    await headline(page, /^✗ 1 formula is wrong: dbndiff2, line 22; 6 rows below only inherit it\.$/).waitFor();
    // A first answer comes at once; what the mistake is may take a moment longer.
    await page.getByText('line 22 divides by n; the forward pass divided by n−1.').first().waitFor();
    expect(await nodesWith(page, 'wrong')).toEqual(['bndiff2']);

    // From the root cause straight to the line that is to be mended.
    await page.getByRole('button', { name: 'dbndiff2', exact: true }).first().click();
    await page.keyboard.press('End');
    for (let at = 0; at < '))*torch.ones_like(bndiff2) * dbnvar'.length; at++) await page.keyboard.press('ArrowLeft');
    await page.keyboard.insertText('-1');
    await allRight(page).waitFor();
    expect(await nodesWith(page, 'wrong', 'inherited')).toEqual([]);
  });

  test('an error is Python’s own, with its line', async () => {
    const { page } = app();
    await beginToWrite(page);
    await write(page, 'import math\ndh = logits @ W2\n');
    await headline(page, /Line 2: RuntimeError: .*logits.*32, 27.*W2.*64, 27/).waitFor();
  });
});

describe('code that would do harm', () => {
  test('a loop without end is stopped while the engine goes on training', async () => {
    const { page } = app();
    await beginToWrite(page);
    await write(page, 'while True:\n    pass\n');
    await stopButton(page).waitFor();
    await toolbarButton(page, 'Run').click();
    const { step } = await readout(page);
    await expect.poll(async () => (await readout(page)).step).toBeGreaterThan(step + 50);
    await stopButton(page).click();
    await headline(page, /Line [12]: KeyboardInterrupt/).waitFor();
    await toolbarButton(page, 'Pause').click();
    // Python is as good as before.
    await write(page, lecture);
    await allRight(page).waitFor({ timeout: 60_000 });
  });

  test('is stopped after 10 seconds by itself where it is a loop without end', async () => {
    const { page } = app();
    await beginToWrite(page);
    await write(page, 'while True:\n    pass\n');
    await headline(page, /TimeoutError: The code ran longer than 10 s/).waitFor({ timeout: 40_000 });
    await write(page, lecture);
    await allRight(page).waitFor({ timeout: 60_000 });
  });

  test.each([
    ['runs no command', (file: string) => `import os\nos.system("touch '${file}'")\n`],
    ['writes no file', (file: string) => `open('${file}', 'w').write('harm')\n`],
    ['reaches no JavaScript', () => 'import js\njs.fetch("http://127.0.0.1:9/")\n'],
    ['opens no socket', () => 'import socket\nsocket.create_connection(("127.0.0.1", 9))\n'],
  ])('%s', async (_, codeFor) => {
    const { page } = app();
    await beginToWrite(page);
    const file = join(folder, 'harm');
    await write(page, codeFor(file));
    await headline(page, /Line [12]: \w+(Error|Exception)\b/).waitFor();
    expect(existsSync(file)).toBe(false);
    expect(await readdir(folder)).toEqual([]);
    await write(page, lecture);
    await allRight(page).waitFor({ timeout: 60_000 });
  });

  test('code from a file asks before it first runs', async () => {
    const { page, electron } = app();
    const file = join(folder, 'foreign.py');
    await writeFile(file, 'print("it ran")\n');
    await beginToWrite(page);
    await write(page, 'print("mine")');
    const output = page.getByRole('region', { name: 'Output of the code' });
    await output.getByText('mine').waitFor();
    await electron.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
    }, file);
    await pane(page).getByRole('button', { name: 'Open…' }).click();
    const question = page.getByRole('dialog', { name: 'Run this code?' });
    await question.getByText('“foreign.py” was not written here.').waitFor();
    await question.getByRole('button', { name: 'Only read it' }).click();
    await codeLine(page, 'print("it ran")').waitFor();
    // Another step has the code that was there before checked, not this one.
    await toolbarButton(page, 'Step').click();
    await page.getByText(/^checked at step 1/).waitFor();
    expect(await output.getByText('it ran').count()).toBe(0);
    await pane(page).getByRole('button', { name: 'Run it…' }).click();
    await question.getByRole('button', { name: 'Run', exact: true }).click();
    await output.getByText('it ran').waitFor();
    await rm(file);
  });
});

test('of a notebook the cells that write gradients are opened, asked for and judged', async () => {
  const { page, electron } = app();
  const file = join(folder, 'lecture.ipynb');
  const cell = (type: 'code' | 'markdown', source: string) => ({
    cell_type: type,
    metadata: {},
    source,
    ...(type === 'code' ? { outputs: [], execution_count: null } : {}),
  });
  const cells = [
    cell('markdown', '# Exercise 1'),
    cell('code', "words = open('names.txt').read().splitlines()\nlen(words)"),
    cell('code', `%matplotlib inline\n${lecture}`),
  ];
  await writeFile(file, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
  await beginToWrite(page);
  await electron.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
  }, file);
  await pane(page).getByRole('button', { name: 'Open…' }).click();
  const question = page.getByRole('dialog', { name: 'Run this code?' });
  await question.getByText('“lecture.ipynb” was not written here.').waitFor();
  await question.getByRole('button', { name: 'Run', exact: true }).click();
  await allRight(page).waitFor();
  expect(await codeLine(page, 'splitlines').count()).toBe(0);
});

test('training with one’s own gradients stays on autograd’s losses where they are right', async () => {
  const { page } = app();
  await beginToWrite(page);
  await write(page, lecture);
  await allRight(page).waitFor();
  await pane(page)
    .getByRole('checkbox', { name: /^Train with my gradients/ })
    .check();
  await toolbarButton(page, 'Run').click();
  await expect.poll(async () => (await readout(page)).step).toBeGreaterThan(30);
  await toolbarButton(page, 'Pause').click();
  await pane(page).getByText('drift 0', { exact: true }).waitFor();

  // An error in the code pauses, and says so.
  await deleteIn(page, 'db1 = dhprebn.sum(0)', 'db1 = ');
  await headline(page, /formula|gradients are right so far/).waitFor();
  const { step } = await readout(page);
  await toolbarButton(page, 'Run').click();
  await page.getByRole('tab', { name: 'Log' }).click();
  await page.getByText(`Training with your gradients paused at step ${step}: No line writes db1`).waitFor();
  await toolbarButton(page, 'Run').waitFor();
});

test('code, exercises and hints are there again after a relaunch', async () => {
  const userData = join(folder, 'user data');
  const options = { userData };
  const first = await openApp(options);
  try {
    const { page } = first;
    await page.getByRole('tab', { name: 'Exercises' }).click();
    const exercises = page.getByRole('region', { name: 'Exercises' });
    await exercises.getByRole('button', { name: /^2/ }).click();
    await exercises.getByRole('button', { name: 'Show the rule' }).click();
    await exercises.getByRole('button', { name: 'Write it in Python' }).click();
    await pane(page).getByText('Python is ready').waitFor({ timeout: 60_000 });
    await write(page, 'dlogits = F.softmax(logits, 1)\ndlogits[range(n), Yb] -= 1\ndlogits /= n\n');
    await exercises.getByText('done').first().waitFor();
    await expect.poll(() => existsSync(join(userData, 'progress.json'))).toBe(true);
    await expect.poll(() => readdir(userData)).toContain('progress.json');
    // What was typed last is written a moment later.
    await page.waitForTimeout(1500);
  } finally {
    expect(await first.close()).toBe(0);
  }
  const second = await openApp(options);
  try {
    const { page } = second;
    await page.getByRole('tab', { name: 'Exercises' }).click();
    const exercises = page.getByRole('region', { name: 'Exercises' });
    await exercises.getByRole('button', { name: /^2.*done/ }).waitFor();
    await exercises.getByRole('button', { name: 'Show the shape' }).waitFor();
    await exercises.getByRole('button', { name: 'Write it in Python' }).click();
    await codeLine(page, 'dlogits = F.softmax(logits, 1)').waitFor();
    expect(second.complaints).toEqual([]);
  } finally {
    await second.close();
    await rm(userData, { recursive: true });
  }
});
