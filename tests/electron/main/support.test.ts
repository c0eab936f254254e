import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { declaredElectron, isFirstTold, outOfSupport } from '../../../electron/main/support';
import { ROOT } from '../../../electron/runtime/project.mjs';

it('says what follows where an Electron is older than the latest three', () => {
  for (const running of ['43.0.0', '45.4.1', '46.0.0']) expect(outOfSupport(running, '^45.4.1')).toBeNull();
  for (const running of ['42.9.9', '33.3.0']) {
    expect(outOfSupport(running, '^45.4.1')).toMatch(
      new RegExp(`^Electron ${running} gets no more security updates; 43 to 45 do\\. .*people you trust`),
    );
  }
});

it('knows which Electron the app is made for', async () => {
  expect(await declaredElectron(ROOT)).toMatch(/^\^\d+\.\d+/);
});

it('is told once of each version, and each time where that cannot be kept', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chainrule-'));
  const told = [];
  for (const version of ['33.3.0', '33.3.0', '34.0.0']) told.push(await isFirstTold(folder, version));
  expect(told).toEqual([true, false, true]);
  await rm(folder, { recursive: true });
  for (const _ of [1, 2]) expect(await isFirstTold(folder, '33.3.0')).toBe(true);
});
