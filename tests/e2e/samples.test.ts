import { expect, test } from 'vitest';
import { appOfFile, openTab, stepTo } from './app';

const app = appOfFile();

test('names are drawn, the same ones for the same seed', async () => {
  const { page } = app();
  const panel = await openTab(page, 'Samples');
  const draw = async (seed: string, count: string, step = 0) => {
    await panel.getByRole('textbox', { name: 'Seed' }).fill(seed);
    await panel.getByRole('textbox', { name: 'Names' }).fill(count);
    await panel.getByRole('button', { name: 'Sample names' }).click();
    await panel.getByText(`${count} names, seed ${seed} · step ${step}`).waitFor();
    return panel.getByRole('list', { name: 'Sampled names' }).getByRole('listitem').allTextContents();
  };
  const names = await draw('42', '12');
  expect(names).toHaveLength(12);
  expect(names.join('')).toMatch(/^[a-z]+$/);
  expect((await draw('42', '10')).every((name, index) => name === names[index])).toBe(true);
  expect(await draw('43', '12')).not.toEqual(names);
  expect(await draw('42', '12')).toEqual(names);

  await stepTo(page, 3);
  await panel.getByText('the session has moved on since').waitFor();
  expect(await draw('42', '12', 3)).not.toEqual(names);
});

test('a count out of range is refused in place', async () => {
  const { page } = app();
  const panel = await openTab(page, 'Samples');
  await panel.getByRole('textbox', { name: 'Names' }).fill('201');
  await panel.getByText('Names must be a whole number from 1 to 200, not 201.').waitFor();
  expect(await panel.getByRole('button', { name: 'Sample names' }).isDisabled()).toBe(true);
});

test('the losses of both splits are evaluated, at about the loss of guessing before training', async () => {
  const { page } = app();
  const panel = await openTab(page, 'Samples');
  await panel.getByRole('button', { name: 'Evaluate' }).click();
  const losses = panel.getByRole('region', { name: 'Evaluation' }).getByRole('table');
  await losses.waitFor();
  for (const split of ['train', 'dev']) {
    const loss = Number(await losses.getByRole('row', { name: split }).getByRole('cell').textContent());
    // An untrained network is about as good as guessing among 27 characters: log 27 = 3.30.
    expect(loss).toBeGreaterThan(2.8);
    expect(loss).toBeLessThan(4);
  }
  await expect.poll(() => panel.getByRole('button', { name: 'Evaluate' }).isEnabled()).toBe(true);
});
