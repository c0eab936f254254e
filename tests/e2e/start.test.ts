import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../electron/runtime/project.mjs';

/** What `npm start -- …args` runs, started from `folder`. */
async function npmStart(args: readonly string[], folder: string) {
  const script = join(ROOT, 'electron/runtime/start.mjs');
  const child = spawn(process.execPath, [script, ...args], { env: { ...process.env, INIT_CWD: folder } });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, 'close');
  const [stdout, stderr] = await output;
  return { code, stdout, stderr };
}

const PNG_SIGNATURE = '89504e470d0a1a0a';

describe('npm start', () => {
  test('takes a picture of the window after some steps, says where it is and ends with 0', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'picture-'));
    const { code, stdout, stderr } = await npmStart(['--screenshot', 'window.png', '--steps', '3'], folder);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain(join(folder, 'window.png'));
    const picture = readFileSync(join(folder, 'window.png'));
    expect(picture.subarray(0, 8).toString('hex')).toBe(PNG_SIGNATURE);
    // Width and height follow the header; an empty or minimised window would be smaller.
    expect(picture.readUInt32BE(16)).toBeGreaterThanOrEqual(800);
    expect(picture.readUInt32BE(20)).toBeGreaterThanOrEqual(500);
  });

  test.each([
    [['--steps', '0'], '1 to 10,000,000'],
    [['--screenshot', 'window.gif'], '.png'],
    [['--nonsense'], '--nonsense'],
  ])('refuses %j with code 2 and says what it accepts', async (args, accepted) => {
    const { code, stderr } = await npmStart(args, tmpdir());
    expect(code).toBe(2);
    expect(stderr).toContain(accepted);
  });
});
