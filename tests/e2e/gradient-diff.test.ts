import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { appOfFile, inspector, readTable, toolbarButton, verdicts } from './app';

const app = appOfFile();

const backwardSelect = (page: Page) => page.getByRole('combobox', { name: 'Backward', exact: true });
const mistakeSelect = (page: Page) => page.getByRole('combobox', { name: 'Mistake', exact: true });
const nodeList = (page: Page) => page.getByRole('listbox', { name: 'Nodes in forward order' });
const listing = (page: Page) => page.getByRole('listbox', { name: /^Lines of the/ });
const row = (page: Page, node: string) =>
  page.getByRole('table', { name: 'Gradient diff', exact: true }).getByRole('button', { name: node, exact: true });

/** The nodes of each verdict but `exact`, in the table's order. */
async function verdictGroups(page: Page): Promise<Record<string, string>> {
  const groups: Record<string, string> = {};
  for (const [node, verdict] of Object.entries(await verdicts(page))) {
    if (verdict !== 'exact') groups[verdict] = `${groups[verdict] ?? ''} ${node}`.trim();
  }
  return groups;
}

describe('a planted mistake', () => {
  test.each([
    {
      title: 'bngain forgotten in dbnraw',
      // b1 stands before batch norm: its gradient is zero but for rounding, whatever the gain.
      groups: {
        wrong: 'bnraw',
        inherited: 'bnvar_inv bnvar bndiff2 bndiff bnmeani hprebn embcat W1 emb C',
        rounding: 'b1',
      },
      sentence: '1 formula is wrong: dbnraw; 10 rows below only inherit it.',
      line: 'dbnraw = dhpreact.clone()',
    },
    {
      title: '= instead of += into dC',
      groups: { wrong: 'C' },
      sentence: '1 formula is wrong: dC.',
      line: 'dC = torch.zeros_like(C); dC[Xb] = demb',
    },
    {
      title: 'A transpose missing in dW2',
      groups: { shape: 'W2' },
      sentence: '1 gradient has another shape than the node: dW2.',
      line: 'dW2 = dlogits.T @ h',
    },
  ])('$title turns the right rows, and taken back none', async ({ title, groups, sentence, line }) => {
    const { page } = app();
    await mistakeSelect(page).selectOption(title);
    await page.getByText(sentence).waitFor();
    expect(await verdictGroups(page)).toEqual(groups);
    const marked = listing(page).getByRole('option').filter({ hasText: 'planted mistake' });
    expect(await marked.locator('code').allTextContents()).toEqual([line]);
    expect(await page.getByText(`Planted: ${title}`).isVisible()).toBe(true);

    await mistakeSelect(page).selectOption('none');
    await page.getByText('All 26 gradients agree, bit for bit.').waitFor();
    expect(await verdictGroups(page)).toEqual({});
    expect(await marked.count()).toBe(0);
  });

  test('is red where it is wrong or inherited, and nowhere else', async () => {
    const { page } = app();
    await mistakeSelect(page).selectOption('bngain forgotten in dbnraw');
    await page.getByText('1 formula is wrong').waitFor();
    const isRed = (node: string) =>
      row(page, node)
        .locator('xpath=ancestor::tr')
        .locator('[data-verdict]')
        .evaluate((chip) => {
          const [red = 0, green = 0, blue = 0] =
            getComputedStyle(chip)
              .color.match(/[\d.]+/g)
              ?.map(Number) ?? [];
          return red > 1.4 * green && red > 1.4 * blue;
        });
    expect(await isRed('bnraw')).toBe(true);
    expect(await isRed('hpreact')).toBe(false);
    expect(await isRed('b1')).toBe(false);
  });

  test('shows in every step, and after a restart, until it is taken back', async () => {
    const { page } = app();
    await mistakeSelect(page).selectOption('= instead of += into dC');
    await page.keyboard.press('F10');
    await page.getByText(/^checked at step 1/).waitFor();
    expect(await verdictGroups(page)).toEqual({ wrong: 'C' });
    await toolbarButton(page, 'Restart').click();
    await page.getByText(/^checked at step 0/).waitFor();
    expect(await verdictGroups(page)).toEqual({ wrong: 'C' });
    expect(await mistakeSelect(page).locator('option:checked').innerText()).toBe('= instead of += into dC');
  });
});

test('the fused backward differs by rounding, and by nothing else', async () => {
  const { page } = app();
  await backwardSelect(page).selectOption('Fused cross-entropy and batch norm');
  await page.getByText('All 26 gradients agree, 19 of them differ by rounding only.').waitFor();
  const rows = await readTable(page.getByRole('table', { name: 'Gradient diff', exact: true }));
  expect(rows.filter(({ verdict }) => verdict === 'rounding').map(({ exact }) => exact)).toEqual(
    Array(19).fill('False'),
  );
  expect(rows.find(({ node }) => node === 'logits')).toMatchObject({ verdict: 'rounding', approximate: 'True' });
});

describe('the selection', () => {
  /** What each part of the window says is selected. */
  const selections = async (page: Page) => ({
    table: await page.getByRole('table', { name: 'Gradient diff', exact: true }).locator('[aria-current]').innerText(),
    nodes: await nodeList(page).getByRole('option', { selected: true }).getAttribute('data-node'),
    listing: (await listing(page).getByRole('option', { selected: true }).locator('code').innerText()).split(' ')[0],
    inspector: await inspector(page).getByRole('heading', { level: 2 }).innerText(),
    comparison: await page.getByRole('region', { name: /^Comparison of/ }).getAttribute('aria-label'),
  });
  const all = (node: string) => ({
    table: node,
    nodes: node,
    listing: `d${node}`,
    inspector: node,
    comparison: `Comparison of ${node}`,
  });

  test.each<[string, string, (page: Page) => Promise<void>]>([
    ['a row', 'W2', (page) => row(page, 'W2').click()],
    ['a node', 'bnvar', (page) => nodeList(page).locator('[data-node=bnvar]').click()],
    ['a line', 'logits', (page) => listing(page).getByText('dlogits = dnorm_logits.clone()').click()],
    [
      'a key in the table',
      'counts_sum_inv',
      async (page) => {
        await row(page, 'probs').click();
        await page.keyboard.press('ArrowDown');
      },
    ],
  ])('of %s is one for the whole window', async (_what, node, select) => {
    const { page } = app();
    await select(page);
    await expect.poll(() => selections(page)).toEqual(all(node));
  });
});

describe('the cell readout', () => {
  /** The readout's entries by their titles. */
  const cell = (scope: Locator) =>
    scope
      .getByLabel('Cell at the cursor')
      .evaluate((output) =>
        Object.fromEntries([...output.children].map(({ children }) => [...children].map((part) => part.textContent))),
      ) as Promise<Record<string, string>>;

  test('follows the keys, within the tensor', async () => {
    const { page } = app();
    const comparison = page.getByRole('region', { name: 'Comparison of h', exact: true });
    const heatmap = comparison.getByRole('img', { name: 'Value of h. ' });
    await heatmap.focus();
    await page.keyboard.press('Control+Home');
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowUp']) await page.keyboard.press(key);
    await expect.poll(async () => (await cell(comparison)).cell).toBe('h[1, 1]');
    await page.keyboard.press('Control+End');
    await page.keyboard.press('ArrowRight');
    await expect.poll(async () => (await cell(comparison)).cell).toBe('h[31, 63]');

    const shown = await cell(comparison);
    expect(shown).toMatchObject({ difference: '0', distance: '0 ULP', manual: shown.autograd });
    await comparison.getByRole('button', { name: /^Table/ }).click();
    const rows = await readTable(comparison.getByRole('table'));
    // The table is cut long before the last cell; the first is in both.
    const first = rows.find(({ index }) => index === '[0, 0]');
    await comparison.getByRole('button', { name: /^Table/ }).click();
    await heatmap.focus();
    await page.keyboard.press('Control+Home');
    await expect.poll(async () => (await cell(comparison)).cell).toBe('h[0, 0]');
    expect(Number((await cell(comparison)).value)).toBeCloseTo(Number(first?.value), 5);
  });

  test('follows the mouse, and its numbers agree', async () => {
    const { page } = app();
    await mistakeSelect(page).selectOption('bngain forgotten in dbnraw');
    await row(page, 'bnraw').click();
    const comparison = page.getByRole('region', { name: 'Comparison of bnraw', exact: true });
    const heatmap = comparison.getByRole('img', { name: 'Manual − autograd of bnraw. ' });
    await heatmap.hover();
    const { cell: middle, ...numbers } = await cell(comparison);
    expect(middle).toMatch(/^bnraw\[\d+, \d+\]$/);
    const difference = Number(numbers.manual) - Number(numbers.autograd);
    expect(Math.abs(Number(numbers.difference) - difference)).toBeLessThan(1e-6 * Math.abs(Number(numbers.manual)));
    expect(numbers.distance).toMatch(/^[\d,]+ ULP$/);

    await heatmap.hover({ position: { x: 40, y: 20 } });
    await expect.poll(async () => (await cell(comparison)).cell).not.toBe(middle);
  });
});
