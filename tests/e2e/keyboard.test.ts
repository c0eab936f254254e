import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { appOfFile, inspector } from './app';

const app = appOfFile();

/** What has the focus, by role and name, and whether one can see that it has; null where nothing has. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return null;
    const isOutlined = (shown: Element, part?: string) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(shown, part);
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0;
    };
    const label = element.closest('label');
    const words =
      label === null ? element.textContent : [...label.childNodes].find((node) => node instanceof Text)?.data;
    return {
      role: element.getAttribute('role') ?? element.tagName.toLowerCase(),
      name: (element.getAttribute('aria-label') ?? words ?? '').trim(),
      // A row's button covers its row with its ::after; a hidden radio button shows its focus on its label.
      visible: isOutlined(element) || isOutlined(element, '::after') || (label !== null && isOutlined(label)),
    };
  });

test('the first Tab goes to the first control of the window', async () => {
  const { page } = app();
  await page.keyboard.press('Tab');
  expect(await focused(page)).toEqual({ role: 'select', name: 'Program', visible: true });
});

test('Tab reaches every part of the window, and the focus can be seen', async () => {
  const { page } = app();
  await page.getByLabel('Program', { exact: true }).focus();
  const stops: string[] = [];
  const isVisited = () =>
    page.evaluate(() => {
      const visited = document.activeElement?.hasAttribute('data-visited');
      document.activeElement?.setAttribute('data-visited', '');
      return visited;
    });
  while (!(await isVisited())) {
    const stop = await focused(page);
    expect(stop).toMatchObject({ visible: true });
    stops.push(`${stop?.role} ${stop?.name}`);
    await page.keyboard.press('Tab');
  }
  // Pause has nothing to pause, and the last of a group of tabs, rows or radio buttons is reached by its arrow keys.
  expect(stops).toEqual([
    'select Program',
    'button Run',
    'button Step',
    'button Step op',
    'button Restart',
    'button Program settings…',
    'listbox Nodes in forward order',
    'button Open names…',
    'separator Width of the node list',
    'tab Gradient diff',
    'select Backward',
    'select Mistake',
    'button h',
    'separator Height of the table',
    'button Table: h: value and gradients',
    'button Copy as CSV: h: value and gradients',
    'button Save as PNG: h: value and gradients',
    'img Value of h. Arrow keys move from cell to cell.',
    'img Autograd gradient of h. Arrow keys move from cell to cell.',
    'img Manual gradient of h. Arrow keys move from cell to cell.',
    'img Manual − autograd of h. Arrow keys move from cell to cell. Enter explains a cell.',
    'separator Height of the backward listing and the log',
    'tab Backward',
    'listbox Lines of the nodewise backward',
    'separator Width of the inspector',
    'button Copy as CSV: Moments',
    'button Table: Cells of h',
    'button Copy as CSV: Cells of h',
    'button Save as PNG: Cells of h',
    'input value',
    'img Value of h. Arrow keys move from cell to cell.',
    'slider Step',
  ]);
});

test('the arrow keys go from tab to tab', async () => {
  const { page } = app();
  const shown = () => page.getByRole('tablist', { name: 'Views' }).getByRole('tab', { selected: true }).innerText();
  await page.getByRole('tab', { name: 'Gradient diff' }).focus();
  await page.keyboard.press('ArrowRight');
  expect(await shown()).toBe('Activations');
  await page.getByRole('tabpanel', { name: 'Activations' }).waitFor();
  expect(await focused(page)).toEqual({ role: 'tab', name: 'Activations', visible: true });
  await page.keyboard.press('End');
  expect(await shown()).toBe('What if');
  await page.keyboard.press('ArrowRight');
  expect(await shown()).toBe('Gradient diff');
  await page.keyboard.press('Control+7');
  expect(await shown()).toBe('Loss');
});

test('the arrow keys go from node to node', async () => {
  const { page } = app();
  const list = page.getByRole('listbox', { name: 'Nodes in forward order' });
  await list.focus();
  await page.keyboard.press('Home');
  const [first, second] = await list
    .getByRole('option')
    .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-node') ?? ''));
  await inspector(page).getByRole('heading', { name: first!, exact: true }).waitFor();
  await page.keyboard.press('ArrowDown');
  await inspector(page).getByRole('heading', { name: second!, exact: true }).waitFor();
  await page.keyboard.press('End');
  await inspector(page).getByRole('heading', { name: 'loss', exact: true }).waitFor();
});

test('the palette finds, chooses and performs, and gives the focus back', async () => {
  const { page } = app();
  await page.getByRole('tab', { name: 'Gradient diff' }).focus();
  await page.keyboard.press('Control+Shift+P');
  const palette = page.getByRole('dialog', { name: 'Command palette' });
  await palette.getByRole('combobox', { name: 'Search commands' }).waitFor();
  await page.keyboard.type('show');
  await page.keyboard.press('ArrowDown');
  const chosen = await palette.getByRole('option', { selected: true }).locator('span').innerText();
  expect(chosen).toBe('Show activations');
  await page.keyboard.press('Enter');
  await palette.waitFor({ state: 'detached' });
  await page.getByRole('tabpanel', { name: 'Activations' }).waitFor();

  await page.keyboard.press('Control+Shift+P');
  await page.keyboard.type('no such command');
  await palette.getByText('No command matches').waitFor();
  await page.keyboard.press('Escape');
  await palette.waitFor({ state: 'detached' });
  expect(await focused(page)).toMatchObject({ role: 'tab', name: 'Gradient diff' });
});
