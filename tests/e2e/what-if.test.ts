import { expect, test } from 'vitest';
import { appOfFile, openTab, readout, toolbarButton } from './app';

const app = appOfFile();

test('dragging the gain shows what every layer would be, beside the live run, which goes on untouched', async () => {
  const { page } = app();
  await page.getByLabel('Program', { exact: true }).selectOption('deep-stack');
  await page.getByRole('toolbar').getByText('depth').waitFor();
  const panel = await openTab(page, 'What if');
  const saturated = panel.getByRole('region', { name: 'Saturated outputs' });
  const first = saturated.getByRole('button').first();
  await expect
    .poll(async () => (await first.textContent())?.match(/([\d.]+)%([\d.]+)%/)?.slice(1))
    .toSatisfy((pair) => Array.isArray(pair) && pair[0] === pair[1]);
  const before = await readout(page);
  await panel.getByLabel('Gain').focus();
  for (let press = 0; press < 30; press++) await page.keyboard.press('ArrowRight');
  await expect
    .poll(async () => {
      const [live = 0, alternative = 0] = ((await first.textContent())?.match(/([\d.]+)%([\d.]+)%/) ?? [])
        .slice(1)
        .map(Number);
      return alternative - live;
    })
    .toBeGreaterThan(10);
  expect(await readout(page)).toEqual(before);
  await panel.getByRole('button', { name: 'As it is' }).click();
  await toolbarButton(page, 'Step').click();
  await panel.getByText('step 1', { exact: true }).waitFor();
  await panel.getByRole('button', { name: 'Table: What if' }).click();
  await panel.getByRole('cell', { name: /^log10 update:data, C/ }).waitFor();
});

test('the batch norm’s statistics are calibrated, and a sampled name tells of its characters', async () => {
  const { page } = app();
  await toolbarButton(page, 'Run').click();
  await expect.poll(async () => (await readout(page)).step).toBeGreaterThan(200);
  await toolbarButton(page, 'Pause').click();
  const panel = await openTab(page, 'Samples');
  await panel.getByText('Training keeps none here').waitFor();
  await panel.getByRole('button', { name: 'Calibrate' }).click();
  await panel.getByText(/Measured over the training set; 0\.\d+ standard deviations/).waitFor();
  await panel.getByRole('button', { name: 'Sample names' }).click();
  const name = panel.getByRole('list', { name: 'Sampled names' }).getByRole('button').first();
  const text = await name.textContent();
  await name.click();
  const how = panel.getByRole('region', { name: `How ${text} was drawn` });
  await expect.poll(() => how.getByRole('listitem').count()).toBe((text?.length ?? 0) + 1);
  await how
    .getByText(/\d+\.\d%/)
    .first()
    .waitFor();
});
