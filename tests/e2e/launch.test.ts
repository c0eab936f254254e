import { describe, expect, test } from 'vitest';
import { appOfFile, coloursOf, inspector, openApp, readTable, stepsShown } from './app';

describe('the window', () => {
  const app = appOfFile();

  test('opens on decomposed-mlp at step 0 with nothing empty', async () => {
    const { page } = app();
    expect(await page.title()).toBe('Chainrule');
    expect(await page.getByLabel('Program', { exact: true }).inputValue()).toBe('decomposed-mlp');
    expect(await stepsShown(page)).toEqual({ toolbar: 0, check: 0, inspector: 0 });

    const rows = await readTable(page.getByRole('table', { name: 'Gradient diff', exact: true }));
    expect(rows.map((row) => row.node).join(' ')).toBe(
      'logprobs probs counts_sum_inv counts_sum counts norm_logits logit_maxes logits h W2 b2 hpreact bngain bnbias bnraw bnvar_inv bnvar bndiff2 bndiff bnmeani hprebn embcat W1 b1 emb C',
    );
    for (const row of rows) {
      expect(row).toMatchObject({ verdict: 'exact', exact: 'True', approximate: 'True', maxdiff: '0', 'max ULP': '0' });
    }

    const nodes = page.getByRole('listbox', { name: 'Nodes in forward order' }).getByRole('option');
    const withoutChip = (await nodes.allInnerTexts()).filter((text) => !text.includes('exact'));
    // The loss is what is differentiated, and the lecture compares neither.
    expect(withoutChip.length).toBeLessThan((await nodes.count()) - 25);
    expect(
      await page.getByRole('listbox', { name: 'Lines of the nodewise backward' }).getByRole('option').count(),
    ).toBe(30);
    expect(await page.getByRole('region', { name: 'Timeline' }).getByRole('img').count()).toBe(1);
    expect(await page.getByRole('region', { name: 'Data' }).innerText()).toMatch(/8,403.*27 characters/s);
  });

  test('draws every picture of the selected node', async () => {
    const { page } = app();
    for (const name of ['Value', 'Autograd gradient', 'Manual gradient']) {
      const heatmap = page.getByRole('tabpanel').getByRole('img', { name: `${name} of h. ` });
      expect(await coloursOf(heatmap)).toBeGreaterThan(100);
    }
    expect(await coloursOf(inspector(page).getByRole('img', { name: 'Value of h. ' }))).toBeGreaterThan(100);
    expect(await coloursOf(inspector(page).getByRole('img', { name: 'Histogram of the value of h' }))).toBeGreaterThan(
      3,
    );
  });

  test('says in About what it runs on', async () => {
    const { page, electron } = app();
    await electron.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('about')?.click());
    const dialog = page.getByRole('dialog', { name: 'About Chainrule' });
    const version = await electron.evaluate(() => process.versions.electron);
    await dialog.getByText(version, { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });
});

test('closing the window ends the app with code 0', async () => {
  const { electron, complaints, close } = await openApp();
  await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  expect(await close()).toBe(0);
  expect(complaints).toEqual([]);
});
