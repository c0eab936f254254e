import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { OUT } from '../../electron/runtime/project.mjs';
import { type App, appOfFile, inspector, openTab, readout, toolbarButton } from './app';
import { auditPage } from './audit';

const app = appOfFile();

const tabs = [
  'Gradient diff',
  'Activations',
  'Gradients',
  'Weights',
  'Updates',
  'Saturation',
  'Loss',
  'Samples',
  'Graph',
  'What if',
];
const wide = { width: 1440, height: 900 };
const medium = { width: 1200, height: 760 };
const small = { width: 1000, height: 650 };

test.each([
  { program: 'decomposed-mlp', scheme: 'light', size: wide },
  { program: 'decomposed-mlp', scheme: 'dark', size: wide },
  { program: 'decomposed-mlp', scheme: 'light', size: medium },
  { program: 'decomposed-mlp', scheme: 'light', size: small },
  { program: 'deep-stack', scheme: 'light', size: wide },
  { program: 'deep-stack', scheme: 'dark', size: wide },
  { program: 'deep-stack', scheme: 'light', size: small },
] as const)('$program, $scheme, $size.width × $size.height', async ({ program, scheme, size }) => {
  const { page } = app();
  await resize(app(), size);
  await page.emulateMedia({ colorScheme: scheme });
  await page.getByLabel('Program', { exact: true }).selectOption(program);
  await runSteps(page, 200);

  const findings: Record<string, string[]> = {};
  const picture = async (view: string) => {
    // The pointer must not leave a tooltip or a hover in the picture.
    await page.mouse.move(0, 0);
    const name = `${program} ${view} ${scheme} ${size.width}`.toLowerCase().replaceAll(' ', '-');
    await page.screenshot({ path: join(OUT, 'screenshots', `${name}.png`) });
    const found = await auditPage(page);
    if (found.length > 0) findings[view] = found;
  };

  for (const tab of tabs) {
    const panel = await openTab(page, tab);
    if (tab === 'Samples') {
      await panel.getByRole('button', { name: 'Sample names' }).click();
      await panel.getByRole('list', { name: 'Sampled names' }).waitFor();
      await panel.getByRole('button', { name: 'Evaluate' }).click();
      await panel.getByRole('region', { name: 'Evaluation' }).getByRole('table').waitFor();
    }
    if (tab === 'Graph') await panel.locator('.react-flow__edge').first().waitFor({ state: 'attached' });
    if (tab === 'What if') await panel.getByRole('region', { name: 'Saturated outputs' }).waitFor();
    await picture(tab);
  }
  await page.getByRole('tab', { name: /^Findings/ }).click();
  await page.getByText('Rules and their thresholds').click();
  await picture('Findings');
  await page.getByRole('tab', { name: 'Breakpoints' }).click();
  await page.getByLabel('Stop where').fill('step % 1000 == 0');
  await page.keyboard.press('Enter');
  await page.getByRole('row', { name: /step % 1000/ }).waitFor();
  await page.getByLabel('Stop where').fill('lss > 4');
  await page.keyboard.press('Enter');
  await page.getByText('`lss` is not known').waitFor();
  await picture('Breakpoints');
  await page.getByLabel('Stop where').fill('');
  await page.getByRole('button', { name: /^Remove/ }).click();
  await page.getByRole('tab', { name: 'Backward' }).click();

  const standsAt = page.getByRole('status', { name: 'Where the session stands' });
  for (const phase of ['update', 'forward', 'loss']) {
    await page.keyboard.press('Shift+F11');
    await standsAt.getByText(`${phase} of step`).waitFor();
  }
  for (let op = 0; op < 12; op++) await page.keyboard.press('F11');
  await standsAt.getByText(/^op /).waitFor();
  for (const tab of ['Graph', 'Activations']) {
    const panel = await openTab(page, tab);
    if (tab === 'Graph') await panel.locator('[data-current="backward"]').waitFor();
    await picture(`${tab} within a step`);
  }
  await page.keyboard.press('F10');
  await standsAt.waitFor({ state: 'hidden' });
  if (program === 'decomposed-mlp') {
    await openTab(page, 'Gradient diff');
    await page.getByRole('combobox', { name: 'Mistake', exact: true }).selectOption('bngain forgotten in dbnraw');
    await page.getByRole('table').getByRole('button', { name: 'bnraw', exact: true }).click();
    await page.getByText('1 formula is wrong').waitFor();
    await page.getByRole('region', { name: 'Comparison of bnraw' }).getByRole('img').first().waitFor();
    await inspector(page).getByText('diff', { exact: true }).click();
    await inspector(page).getByRole('img', { name: 'Manual − autograd of bnraw. ' }).waitFor();
    await picture('Mistake');
  }
  for (const [view, keys] of [
    ['Settings', 'Control+,'],
    ['Palette', 'Control+Shift+P'],
  ] as const) {
    await page.keyboard.press(keys);
    await page.getByRole('dialog').waitFor();
    await picture(view);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  expect(findings).toEqual({});
});

async function resize({ electron, page }: App, { width, height }: { width: number; height: number }): Promise<void> {
  await electron.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
    { width, height },
  );
  await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight])).toEqual([width, height]);
}

/** Runs for at least so many steps and waits until all is at rest. */
async function runSteps(page: Page, steps: number): Promise<void> {
  await toolbarButton(page, 'Run').click();
  await expect.poll(async () => (await readout(page)).step).toBeGreaterThanOrEqual(steps);
  await toolbarButton(page, 'Pause').click();
  await expect.poll(() => toolbarButton(page, 'Run').isEnabled()).toBe(true);
  const { step } = await readout(page);
  await inspector(page)
    .getByText(`At step ${step.toLocaleString('en-US')}`, { exact: true })
    .waitFor();
  // The timeline's curve is squeezed to where its last bucket of steps begins.
  const curve = page.getByRole('region', { name: 'Timeline' }).locator('g');
  const share = async () => Number.parseFloat((await curve.getAttribute('transform'))?.replace('scale(', '') ?? '');
  await expect.poll(share).toBeGreaterThan(0.99);
}
