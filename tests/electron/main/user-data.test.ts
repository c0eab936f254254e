import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { usableUserData } from '../../../electron/main/user-data';

const folder = mkdtempSync(join(tmpdir(), 'chainrule-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('takes a folder that can be written to, made where it is missing, and leaves nothing there', () => {
  const missing = join(folder, 'a', 'b');
  for (const _ of ['missing', 'there'])
    expect(usableUserData(() => missing)).toEqual({ folder: missing, problem: null });
  expect(readdirSync(missing)).toEqual([]);
});

it('takes a folder of its own where there is none to write to, and says which that is and why', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  for (const impossible of [join(file, 'under'), file]) {
    const { folder: own, problem } = usableUserData(() => impossible);
    expect(problem).toMatch(/^Nothing is kept when this window closes: .*file.* cannot be written to \(E[A-Z]+/);
    writeFileSync(join(own, 'a'), '');
    rmSync(own, { recursive: true });
  }
});

it('takes a folder of its own where a person has none', () => {
  const { folder: own, problem } = usableUserData(() => {
    throw new Error("Failed to get 'userData' path");
  });
  expect(problem).toMatch(/the folder for it cannot be written to \(Failed to get 'userData' path\)/);
  rmSync(own, { recursive: true });
});
