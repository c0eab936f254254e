import { describe, expect, test } from 'vitest';
import { type App, appOfFile, openTab, readout, stepsShown, stepTo, toolbarButton } from './app';

const app = appOfFile();

describe('a step', () => {
  test.each<[string, (app: App) => Promise<void>]>([
    ['the button', ({ page }) => toolbarButton(page, 'Step').click()],
    ['F10', ({ page }) => page.keyboard.press('F10')],
    [
      'the palette',
      async ({ page }) => {
        await page.keyboard.press('Control+Shift+P');
        await page.getByRole('combobox', { name: 'Search commands' }).fill('step');
        await page.keyboard.press('Enter');
      },
    ],
    [
      'the native menu',
      ({ electron }) => electron.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('step')?.click()),
    ],
  ])('by %s is exactly one', async (_way, takeStep) => {
    const { page } = app();
    for (const step of [1, 2]) {
      await takeStep(app());
      await expect.poll(() => stepsShown(page)).toEqual({ toolbar: step, check: step, inspector: step });
    }
    // All is answered by now, so a step too many would show.
    expect((await readout(page)).step).toBe(2);
  });
});

describe('running', () => {
  test('goes on while the window answers, and rests with all views of one moment', async () => {
    const { page } = app();
    await toolbarButton(page, 'Run').click();
    // That it runs comes back as an event, some time after the click.
    await expect.poll(() => toolbarButton(page, 'Step').isDisabled()).toBe(true);
    for (const tab of ['Activations', 'Gradients', 'Weights', 'Updates', 'Saturation', 'Loss', 'Samples']) {
      const { step } = await readout(page);
      const panel = await openTab(page, tab);
      await panel.getByRole('heading').first().waitFor();
      await expect.poll(async () => (await readout(page)).step).toBeGreaterThan(step);
    }
    await openTab(page, 'Gradient diff');

    await toolbarButton(page, 'Pause').click();
    await expect.poll(() => toolbarButton(page, 'Step').isEnabled()).toBe(true);
    const { step } = await readout(page);
    await expect.poll(() => stepsShown(page)).toEqual({ toolbar: step, check: step, inspector: step });
    await stepTo(page, step + 1);
    await expect.poll(() => stepsShown(page)).toEqual({ toolbar: step + 1, check: step + 1, inspector: step + 1 });
  });

  test('moves nothing but the numbers', async () => {
    const { page } = app();
    const places = () =>
      page.locator('[role=toolbar] *, [role=tab], th, tbody tr:first-child td').evaluateAll((elements) =>
        elements.flatMap((element) => {
          const { x, y, width } = element.getBoundingClientRect();
          const isFirstLine = element.closest('tbody') !== null;
          return element.children.length === 0 || isFirstLine
            ? [
                `${element.textContent?.replaceAll(/[-+\d,.–—k]/g, '')} ${Math.round(x)} ${Math.round(y)} ${Math.round(width)}`,
              ]
            : [];
        }),
      );
    const before = await places();
    await toolbarButton(page, 'Run').click();
    for (const step of [5, 50, 100]) {
      await expect.poll(async () => (await readout(page)).step).toBeGreaterThan(step);
      expect(await places()).toEqual(before);
    }
    await toolbarButton(page, 'Pause').click();
    await expect.poll(() => toolbarButton(page, 'Step').isEnabled()).toBe(true);
    expect(await places()).toEqual(before);
  });

  test('lowers the loss', async () => {
    const { page } = app();
    const before = Number((await readout(page)).loss);
    await page.keyboard.press('F5');
    await expect.poll(async () => (await readout(page)).step).toBeGreaterThan(200);
    await page.keyboard.press('F6');
    await expect.poll(() => toolbarButton(page, 'Run').isEnabled()).toBe(true);
    expect(Number((await readout(page)).loss)).toBeLessThan(before);
  });
});

describe('restarting', () => {
  test('gives the same losses again', async () => {
    const { page } = app();
    const first = await readout(page);
    await stepTo(page, 5);
    const fifth = await readout(page);
    expect(fifth.loss).not.toBe(first.loss);

    await toolbarButton(page, 'Restart').click();
    await expect.poll(() => readout(page)).toEqual(first);
    await stepTo(page, 5);
    expect(await readout(page)).toEqual(fifth);
  });

  test('ends a run', async () => {
    const { page } = app();
    const first = await readout(page);
    await toolbarButton(page, 'Run').click();
    await expect.poll(async () => (await readout(page)).step).toBeGreaterThan(0);
    await page.keyboard.press('Control+Shift+F5');
    await expect.poll(() => readout(page)).toEqual(first);
    await expect.poll(() => toolbarButton(page, 'Step').isEnabled()).toBe(true);
  });
});
