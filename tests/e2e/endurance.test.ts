import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { appOfFile, readout, toolbarButton } from './app';

const app = appOfFile();

/** CI runs the short form; CHAINRULE_ENDURANCE_STEPS asks for the lecture's 200,000 steps, however long they take. */
const wantedSteps = Number(process.env.CHAINRULE_ENDURANCE_STEPS ?? 0);
const shortMilliseconds = 110_000;
const warmSteps = 5000;
/** Steps between two messages of a log point, none of which may be lost. */
const logEvery = 10_000;
const tabs = [
  'Activations',
  'Gradients',
  'Weights',
  'Updates',
  'Saturation',
  'Loss',
  'Samples',
  'Graph',
  'Gradient diff',
];

/** Has the page keep how long each click takes to be answered by a paint, as the browser itself measures it. */
async function measureClicks(page: Page): Promise<void> {
  await page.evaluate(() => {
    const durations: number[] = [];
    Object.assign(window, { clickDurations: durations });
    new PerformanceObserver((list) => {
      for (const { name, duration } of list.getEntries()) if (name === 'click') durations.push(duration);
    }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  });
}

/** Memory of all the app's processes, in MiB. */
const memory = () =>
  app().electron.evaluate(({ app: electronApp }) =>
    electronApp.getAppMetrics().reduce((sum, { memory: { workingSetSize } }) => sum + workingSetSize / 1024, 0),
  );

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('a long run with the window open: memory flat, no event lost, every click answered', {
  timeout: 3_600_000,
}, async () => {
  const { page } = app();
  await page.getByRole('tab', { name: 'Breakpoints' }).click();
  await page.getByLabel('Stop where').fill(`step % ${logEvery} == 0`);
  await page.getByLabel('log instead').fill('at {step}');
  await page.keyboard.press('Enter');
  await page.getByRole('row', { name: /at \{step\}/ }).waitFor();
  await toolbarButton(page, 'Run').click();
  await expect.poll(async () => (await readout(page)).step).toBeGreaterThan(warmSteps);
  // Each view once, so that what is loaded on first sight is not taken for growth.
  for (const tab of tabs) await page.getByRole('tab', { name: tab, exact: true }).click();
  await measureClicks(page);

  const began = performance.now();
  const samples: number[] = [];
  for (let click = 0; ; click++) {
    await page.getByRole('tab', { name: tabs[click % tabs.length]!, exact: true }).click();
    await page
      .locator('#nodes [data-node]')
      .nth(click % 20)
      .click();
    if (click % 10 === 0) samples.push(await memory());
    const { step } = await readout(page);
    if (wantedSteps > 0 ? step > wantedSteps : performance.now() - began > shortMilliseconds) break;
  }
  await toolbarButton(page, 'Pause').click();
  await expect.poll(() => toolbarButton(page, 'Step').isEnabled()).toBe(true);
  const { step } = await readout(page);

  const durations = await page.evaluate(() => Reflect.get(window, 'clickDurations') as number[]);
  const slow = durations.filter((duration) => duration > 100);
  const quarter = Math.max(1, Math.floor(samples.length / 4));
  const [early, late] = [mean(samples.slice(0, quarter)), mean(samples.slice(-quarter))];
  console.log(
    `endurance: ${step} steps; memory ${early.toFixed(0)} → ${late.toFixed(0)} MiB (${((100 * late) / early - 100).toFixed(1)} %); ${durations.length} clicks over 16 ms, slowest ${Math.max(0, ...durations)} ms`,
  );
  expect(step).toBeGreaterThan(4 * warmSteps);
  expect(late / early).toBeLessThan(1.05);
  expect(slow).toEqual([]);

  await page.getByRole('tab', { name: 'Log', exact: true }).click();
  const logged = await page
    .getByRole('log')
    .getByText(/^at \d+/)
    .allTextContents();
  const told = logged.flatMap((line) => line.split('\n').map((text) => Number(text.replace('at ', ''))));
  expect(told).toEqual(Array.from({ length: Math.floor(step / logEvery) }, (_, index) => (index + 1) * logEvery));

  await page.getByRole('tab', { name: 'Breakpoints' }).click();
  await page.getByRole('button', { name: /^Remove/ }).click();
});
