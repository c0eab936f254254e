import { describe, expect, test } from 'vitest';
import { appOfFile, inspector, openTab, readout, toolbarButton } from './app';

const app = appOfFile();
const standsAt = () => app().page.getByRole('status', { name: 'Where the session stands' });
const node = (name: string) => app().page.locator(`#nodes [data-node="${name}"]`);

describe('op by op', () => {
  test('F11 walks through the step, the current op is marked, and every view is of that moment', async () => {
    const { page } = app();
    await page.keyboard.press('F11');
    await standsAt().getByText('update of step 1').waitFor();
    await page.keyboard.press('F11');
    await standsAt().getByText('forward of step 1').waitFor();
    await standsAt().getByText('emb = index(C, Xb)').waitFor();
    await node('emb').getByText('current op').waitFor({ state: 'attached' });
    expect(await node('h').getAttribute('data-pending')).toBe('true');
    expect(await node('emb').getAttribute('data-pending')).toBeNull();
    // h has no values yet; nobody must take those of the step before for them.
    await inspector(page).getByText('At step 1', { exact: true }).waitFor();
    await inspector(page).getByText('Not computed yet').waitFor();

    await page.keyboard.press('Shift+F11');
    await page.keyboard.press('Shift+F11');
    await standsAt().getByText('loss of step 1').waitFor();
    await expect.poll(async () => Number((await readout(page)).loss)).toBeGreaterThan(2);
    await page.keyboard.press('F11');
    await standsAt().getByText('backward of step 1').waitFor();
    await page.getByText(/^checked at step 0/).waitFor();

    await page.keyboard.press('F10');
    await standsAt().waitFor({ state: 'hidden' });
    await page.getByText(/^checked at step 1/).waitFor();
    await page.getByText('All 26 gradients agree, bit for bit.').waitFor();
  });
});

describe('F11 pressed faster than an op is done', () => {
  test('does one op a press, and refuses none', async () => {
    const { page } = app();
    for (const _ of [1, 2, 3]) await page.keyboard.press('F11');
    await standsAt().getByText('op 2 of').waitFor();
    await page.keyboard.press('F10');
    await standsAt().waitFor({ state: 'hidden' });
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

describe('a breakpoint', () => {
  test('on a condition stops the run at the very step, and is found again by running back', async () => {
    const { page } = app();
    const panel = page.getByRole('tabpanel', { name: 'Breakpoints' });
    await page.getByRole('tab', { name: 'Breakpoints' }).click();
    await panel.getByLabel('Stop where').fill('step % 40 = 0');
    await panel.getByRole('button', { name: 'Add breakpoint' }).click();
    await panel.getByText('Write `==` to compare').waitFor();
    await panel.getByLabel('Stop where').fill('step % 40 == 0 and step > 0');
    await page.keyboard.press('Enter');
    await panel.getByRole('row', { name: /step % 40/ }).waitFor();

    await toolbarButton(page, 'Run').click();
    await standsAt().getByText('Stopped at step 40').waitFor();
    await toolbarButton(page, 'Run').click();
    await standsAt().getByText('Stopped at step 80').waitFor();
    expect((await readout(page)).step).toBe(80);
    await panel.getByText('stopped here').waitFor();

    await panel.getByLabel('Stop where').fill('step % 16 == 0');
    await panel.getByRole('button', { name: 'Run back to it' }).click();
    await expect.poll(async () => (await readout(page)).step).toBe(64);

    await panel.getByLabel('Heed breakpoints').click();
    await toolbarButton(page, 'Run').click();
    await expect.poll(async () => (await readout(page)).step).toBeGreaterThan(90);
    await toolbarButton(page, 'Pause').click();
    // The session keeps this as it keeps the breakpoints.
    await panel.getByLabel('Heed breakpoints').click();
    await panel.getByRole('button', { name: /Remove step % 40/ }).click();
    await panel.getByText('No breakpoints.').waitFor();
  });

  test('on a node, by F9, stops where its gradient is computed and those behind it are not', async () => {
    const { page } = app();
    await node('h').click();
    await page.keyboard.press('F9');
    await node('h').getByText('breakpoint').waitFor({ state: 'attached' });
    await page.keyboard.press('F5');
    await standsAt().getByText('dh is computed').waitFor();
    await standsAt().getByText('backward of step 1').waitFor();
    await expect.poll(() => inspector(page).getByText('Not computed yet').count()).toBe(0);
    await node('hpreact').click();
    await inspector(page).getByText('Gradient not computed yet').waitFor();
    await page.keyboard.press('F5');
    await standsAt().getByText('backward of step 2').waitFor();

    await node('h').click();
    await page.keyboard.press('F9');
    await expect.poll(() => node('h').getByText('breakpoint').count()).toBe(0);
    await openTab(page, 'Activations');
    await page.keyboard.press('F10');
    await standsAt().waitFor({ state: 'hidden' });
  });
});

describe('findings', () => {
  test('name b1 of the notebook, with the reason, the way to its view, and a threshold to set', async () => {
    const { page } = app();
    await toolbarButton(page, 'Run').click();
    const tab = page.getByRole('tab', { name: /^Findings/ });
    await expect.poll(() => tab.textContent()).toMatch(/[1-9]/);
    await toolbarButton(page, 'Pause').click();
    await tab.click();
    const row = page.getByRole('table', { name: 'Findings' }).getByRole('row', { name: /Parameter never updated b1/ });
    await row.getByText('the batch norm behind it takes it away again').waitFor();
    await node('b1').getByText('finding: Parameter never updated').waitFor({ state: 'attached' });
    await row.getByRole('button', { name: 'Updates' }).click();
    await page.getByRole('tabpanel', { name: 'Updates', exact: true }).waitFor();
    await inspector(page).getByRole('heading', { name: 'b1', exact: true }).waitFor();

    await row.getByRole('button', { name: '100', exact: true }).click();
    await expect.poll(async () => (await readout(page)).step).toBe(100);
    await page.getByText('Rules and their thresholds').click();
    await page.getByLabel('Threshold of Parameter never updated').fill('-20');
    await page.keyboard.press('Enter');
    await expect.poll(() => row.count()).toBe(0);
    await page
      .getByRole('row', { name: /^Parameter never/ })
      .getByRole('button', { name: 'default' })
      .click();
    await row.waitFor();
  });
});

describe('the graph', () => {
  test('shows the op at which the session stands, what it reads and makes, and what it adds backwards', async () => {
    const { page } = app();
    const panel = await openTab(page, 'Graph');
    const op = panel.getByRole('complementary', { name: 'Op' });
    await panel.getByText('Choose a box').waitFor();
    await page.keyboard.press('F11');
    await page.keyboard.press('F11');
    await op.getByRole('heading', { name: 'op 1: index' }).waitFor();
    await op.getByRole('row', { name: /^emb 32 × 3 × 10/ }).waitFor();
    await op.getByText('the walk back has not come to it').waitFor();
    await panel.locator('[data-current="forward"]').filter({ hasText: 'emb' }).waitFor();

    await page.keyboard.press('Shift+F11');
    await page.keyboard.press('Shift+F11');
    for (const _ of [1, 2, 3]) await page.keyboard.press('F11');
    await panel.locator('[data-current="backward"]').waitFor();
    await op.getByRole('row', { name: /^dlogprobs 1 of 1/ }).waitFor();
    await page.keyboard.press('F10');
    await panel.getByRole('button', { name: 'Table' }).click();
    await panel.getByRole('cell', { name: 'bnvar_inv' }).waitFor();
  });

  test('a box that is chosen is the selected node everywhere', async () => {
    const { page } = app();
    const panel = await openTab(page, 'Graph');
    await node('bnraw').click();
    await panel.getByRole('group', { name: 'bnraw, multiply' }).click();
    await panel.getByRole('heading', { name: /^op \d+: multiply/ }).waitFor();
    await panel.getByRole('group', { name: 'bnvar_inv, power' }).click();
    await inspector(page).getByRole('heading', { name: 'bnvar_inv', exact: true }).waitFor();
  });
});
