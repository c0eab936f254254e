import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { appOfFile, coloursOf, openTab, readout, readTable, stepTo, toolbarButton } from './app';

const app = appOfFile();

/** Opens the settings and gives their dialog. */
async function openSettings(page: Page) {
  await toolbarButton(page, 'Program settings…').click();
  return page.getByRole('dialog', { name: 'Program settings' });
}

/** Switches to deep-stack with batch norm, through the dialog. */
async function chooseDeepStack(page: Page) {
  const dialog = await openSettings(page);
  await dialog.getByRole('combobox', { name: 'Program' }).selectOption('deep-stack');
  await dialog.getByRole('checkbox', { name: 'Batch norm' }).check();
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await page
    .getByRole('toolbar')
    .filter({ hasText: /step 0 .*batch normon/ })
    .waitFor();
}

describe('the program settings', () => {
  test.each([
    ['Hidden size', '0', 'a whole number from 1 to 1024, not 0.'],
    ['Hidden size', '1025', 'a whole number from 1 to 1024, not 1025.'],
    ['Batch size', '1', 'a whole number from 2 to 1024, not 1.'],
    ['Batch size', '2.5', 'a whole number from 2 to 1024, not 2.5.'],
    ['Seed', '-1', 'a whole number from 0 to 4294967295, not -1.'],
    ['Learning rate', '11', 'a number from 0 to 10, not 11.'],
    ['Learning rate', 'fast', 'a number from 0 to 10'],
  ])('refuse %s %s in place with the range', async (name, text, range) => {
    const { page } = app();
    await stepTo(page, 1);
    const before = await readout(page);
    const dialog = await openSettings(page);
    const field = dialog.getByRole('textbox', { name, exact: true });
    await field.fill(text);
    await dialog.getByText(`${name} must be ${range}`).waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await dialog.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true);
    await field.press('Enter');
    expect(await dialog.isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await readout(page)).toEqual(before);
  });

  test('are applied where they are accepted', async () => {
    const { page } = app();
    const before = await readout(page);
    const dialog = await openSettings(page);
    await dialog.getByRole('textbox', { name: 'Hidden size' }).fill('48');
    await dialog.getByRole('textbox', { name: 'Batch size' }).fill('20');
    await dialog.getByRole('textbox', { name: 'Seed' }).fill('7');
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await dialog.waitFor({ state: 'detached' });

    await page.getByRole('option', { name: /^exact ?h ?20 × 48$/ }).waitFor();
    expect(await readout(page)).toMatchObject({ step: 0 });
    expect((await readout(page)).loss).not.toBe(before.loss);
    await page.getByText('All 26 gradients agree').waitFor();
    const rows = await readTable(page.getByRole('table', { name: 'Gradient diff', exact: true }));
    expect(rows.find(({ node }) => node === 'W2')?.shape).toBe('48 × 27');
  });
});

describe('each view of', () => {
  const programs = [
    { program: 'decomposed-mlp', choose: async () => {}, layers: 1, weights: 3 },
    { program: 'deep-stack', choose: chooseDeepStack, layers: 5, weights: 7 },
  ];
  const views = programs.flatMap((program) => [
    { ...program, tab: 'Activations', title: 'Activation distribution', curves: program.layers, rows: 100 },
    { ...program, tab: 'Gradients', title: 'Gradient distribution', curves: program.layers, rows: 100 },
    { ...program, tab: 'Weights', title: 'Weights gradient distribution', curves: program.weights, rows: 100 },
    { ...program, tab: 'Updates', title: 'Update to data ratio', curves: program.weights, rows: 4 },
    { ...program, tab: 'Loss', title: 'Loss', curves: 2, rows: 5 },
  ]);

  test.each(views)('$program, $tab, has its picture and its table', async ({ choose, tab, title, curves, rows }) => {
    const { page } = app();
    await choose(page);
    await stepTo(page, 4);
    const panel = await openTab(page, tab);
    const figure = panel.getByRole('region', { name: title, exact: true });
    const drawn = figure.locator('svg path[name]');
    await expect.poll(() => drawn.count()).toBeGreaterThanOrEqual(curves);
    for (const path of await drawn.all()) expect((await path.getAttribute('d'))?.length).toBeGreaterThan(20);

    await figure.getByRole('button', { name: /^Table/ }).click();
    const table = figure.getByRole('table');
    const shown = await readTable(table);
    expect(shown.length).toBeGreaterThanOrEqual(rows);
    expect(Object.values(shown[0] ?? {}).every((text) => text !== '')).toBe(true);
    const alignments = await table
      .locator('tbody tr')
      .first()
      .locator('td')
      .evaluateAll((cells) => cells.slice(1).map((cell) => getComputedStyle(cell).textAlign));
    expect(new Set(alignments)).toEqual(new Set(['right']));
    await figure.getByRole('button', { name: /^Table/ }).click();
    await expect.poll(() => drawn.count()).toBeGreaterThanOrEqual(curves);
  });

  test.each(programs)('$program, Saturation, has a map and a table a layer', async ({ choose, layers }) => {
    const { page } = app();
    await choose(page);
    const panel = await openTab(page, 'Saturation');
    const maps = panel.getByRole('img', { name: /^Saturation map of/ });
    await expect.poll(() => maps.count()).toBe(layers);
    for (const map of await maps.all()) expect(await coloursOf(map)).toBeGreaterThan(2);
    const tables = panel.getByRole('button', { name: /^Table/ });
    for (const button of await tables.all()) await button.click();
    expect(await panel.getByRole('table').count()).toBe(layers);
  });

  test('deep-stack but the gradient diff, which says why not and leads on', async () => {
    const { page } = app();
    await page.getByLabel('Program', { exact: true }).selectOption('deep-stack');
    await page.getByRole('heading', { name: 'No hand-written backward to compare' }).waitFor();
    expect(await page.getByText(/deep-stack has no hand-written backward/).isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Switch to decomposed-mlp' }).click();
    await page.getByText('All 26 gradients agree, bit for bit.').waitFor();
  });
});
