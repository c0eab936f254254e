import { expect, test } from 'vitest';
import { appOfFile, readout, stepsShown, stepTo, toolbarButton } from './app';

const app = appOfFile();

test('back is one step back, with all views of that moment, and forth again gives the same', async () => {
  const { page } = app();
  await stepTo(page, 6);
  const there = await readout(page);
  await page.keyboard.press('Shift+F10');
  await expect.poll(() => stepsShown(page)).toEqual({ toolbar: 5, check: 5, inspector: 5 });
  await toolbarButton(page, 'Back').click();
  await expect.poll(() => stepsShown(page)).toEqual({ toolbar: 4, check: 4, inspector: 4 });
  await stepTo(page, 6);
  await expect.poll(() => readout(page)).toEqual(there);
});

test('the timeline goes to any step, by pointer and by keys', async () => {
  const { page } = app();
  await toolbarButton(page, 'Run').click();
  await expect.poll(async () => (await readout(page)).step).toBeGreaterThan(600);
  await toolbarButton(page, 'Pause').click();
  await expect.poll(() => toolbarButton(page, 'Step').isEnabled()).toBe(true);
  const head = (await readout(page)).step;
  const slider = page.getByRole('slider', { name: 'Step' });
  await slider.focus();
  await page.keyboard.press('Home');
  await expect.poll(() => stepsShown(page)).toEqual({ toolbar: 0, check: 0, inspector: 0 });
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await readout(page)).step).toBe(1);
  const box = (await slider.boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await expect.poll(async () => Math.abs((await readout(page)).step / head - 0.5)).toBeLessThan(0.05);
  await page.keyboard.press('End');
  await expect.poll(async () => (await readout(page)).step).toBe(head);
});

test('the timeline tells the size of the history to the pointer and to the keyboard, while it runs as well', async () => {
  const { page } = app();
  const tooltip = page.getByRole('tooltip').getByText(/^The history keeps /);
  const slider = page.getByRole('slider', { name: 'Step' });
  const sizeTold = async () => {
    const text = (await tooltip.textContent()) ?? '';
    const [, steps, mebibytes] = /keeps ([\d,]+) steps? and .* in ([\d.]+) MiB of memory\.$/.exec(text) ?? [];
    return { steps: Number(steps?.replaceAll(',', '')), mebibytes: Number(mebibytes) };
  };
  expect(await tooltip.isVisible()).toBe(false);
  await slider.hover();
  await tooltip.waitFor();
  await expect.poll(sizeTold).toMatchObject({ steps: 1 });
  const { mebibytes: first } = await sizeTold();
  await page.mouse.move(0, 0);
  await tooltip.waitFor({ state: 'hidden' });

  await toolbarButton(page, 'Run').click();
  await page.keyboard.press('Tab');
  await slider.focus();
  await tooltip.waitFor();
  await expect.poll(async () => (await sizeTold()).steps).toBeGreaterThan(5000);
  expect((await sizeTold()).mebibytes).toBeGreaterThan(first);
  await toolbarButton(page, 'Pause').click();
  await expect.poll(() => toolbarButton(page, 'Step').isEnabled()).toBe(true);
  const { step } = await readout(page);
  await slider.hover();
  await expect.poll(async () => (await sizeTold()).steps).toBe(step + 1);
  expect(
    await slider.evaluate((element) => document.getElementById(element.getAttribute('aria-describedby') ?? '')?.role),
  ).toBe('tooltip');
});

test('a branch goes on with another learning rate beside the first, and either can be chosen', async () => {
  const { page } = app();
  await stepTo(page, 30);
  const first = await readout(page);
  const slider = page.getByRole('slider', { name: 'Step' });
  await slider.focus();
  await page.keyboard.press('Home');
  await expect.poll(async () => (await readout(page)).step).toBe(0);
  await page.keyboard.press('Control+B');
  await page.getByLabel('Learning rate', { exact: true }).fill('0.01');
  await page.getByRole('button', { name: 'Begin' }).click();
  await stepTo(page, 12);
  const branches = page.getByRole('combobox', { name: 'Branch' });
  await expect.poll(() => branches.locator('option').allTextContents()).toEqual(['0: lr 0.1', '1: lr 0.01 from 0']);
  await branches.selectOption({ index: 0 });
  await expect.poll(() => readout(page)).toEqual(first);
  await branches.selectOption({ index: 1 });
  await expect.poll(async () => (await readout(page)).step).toBe(12);
  await page.screenshot({ path: 'out/screenshots/branches.png' });
});
