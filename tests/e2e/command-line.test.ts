import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OUT, ROOT } from '../../electron/runtime/project.mjs';
import { lecture, rewritten } from '../core/python/corpus/correct';

const launcher = join(ROOT, 'electron/cli/chainrule.mjs');

/** Runs the command as a shell does. */
async function chainrule(...argv: string[]) {
  const child = spawn(process.execPath, [launcher, ...argv], { cwd: tmpdir() });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { output, errors, code };
}

describe('the command chainrule', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chainrule-command-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('checks the backward on its worker thread', async () => {
    const { output, errors, code } = await chainrule('check', '--json');
    expect(JSON.parse(output).rows).toHaveLength(26);
    expect(errors).toBe('');
    expect(code).toBe(0);
  });

  test('ends with 1 for a mistake and 2 for bad arguments', async () => {
    expect((await chainrule('check', '--mistake', 'loss-sign')).code).toBe(1);
    expect(await chainrule('run', '--batch', '1')).toMatchObject({ code: 2, output: '' });
  });

  test('checks files of Python, one after the other', async () => {
    const files = {
      'right.py': lecture,
      'wrong.py': rewritten({
        'db1 = dhprebn.sum(0)': 'db1 = dhprebn.sum(1)',
        'dh = dlogits @ W2.T': 'dh = -dlogits @ W2.T',
      }),
      'failing.py': 'import js\ndh = js.document\n',
    };
    const paths = Object.keys(files).map((name) => join(folder, name));
    await Promise.all(Object.values(files).map((code, index) => writeFile(paths[index]!, code)));
    const { output, errors, code } = await chainrule('check', ...paths, '--init', 'ninja', '--json');
    const [right, wrong, failing] = JSON.parse(output);
    expect(right).toMatchObject({ rootCauses: [], ran: true });
    expect(right.rows).toHaveLength(26);
    expect(right.rows.filter(({ exact }: { exact: boolean }) => exact)).toHaveLength(26);
    expect(right.rows.find(({ node }: { node: string }) => node === 'h')).toMatchObject({ line: 12 });
    expect(wrong.ran).toBe(true);
    expect(wrong.rootCauses).toEqual([
      { node: 'h', line: 12, mistake: expect.any(String), explanation: expect.stringMatching(/^line 12 .*sign/) },
      { node: 'b1', line: 29, mistake: expect.any(String), explanation: expect.stringContaining('line 29') },
    ]);
    const error = { type: 'ImportError', message: expect.any(String), line: 1 };
    expect(failing).toMatchObject({ ran: false, error, rootCauses: [] });
    expect(failing.rows.every(({ verdict }: { verdict: string }) => verdict === 'missing')).toBe(true);
    expect(errors).toBe('');
    expect(code).toBe(2);
    const alone = await chainrule('check', paths[1]!, '--init', 'ninja');
    expect(alone.output).toMatch(
      /\n1 formula is wrong: dh, line 12; 1 gradient has another shape than the node: db1, line 29; /,
    );
    expect(alone.code).toBe(1);
    for (const path of paths) await rm(path);
  });

  test('says the version of package.json', async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
    expect((await chainrule('--version')).output).toBe(`${version}\n`);
  });

  test('writes a report and nothing else', async () => {
    const file = join(folder, 'report.json');
    expect((await chainrule('run', '--hidden', '8', '--steps', '2', '--report', file)).code).toBe(0);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ steps: 2 });
    expect(await readdir(folder)).toEqual(['report.json']);
  });

  test.skipIf(!existsSync('/dev/full'))('says that standard output is full, which is no wrong gradient', async () => {
    const full = await open('/dev/full', 'w');
    const child = spawn(process.execPath, [launcher, 'check', '--json'], { stdio: ['ignore', full.fd, 'pipe'] });
    const [errors, [code]] = await Promise.all([text(child.stderr!), once(child, 'close')]);
    await full.close();
    expect(errors).toMatch(/^chainrule: what was asked for could not be written to standard output: ENOSPC/);
    expect(code).toBe(3);
  });

  test('stops at SIGINT, twice as npx sends it, and says how far it got', async () => {
    // The built command on what it takes for a terminal, so that its progress says when it is at work.
    const command = JSON.stringify(pathToFileURL(join(OUT, 'main/cli.js')).href);
    const script = `Object.assign(process.stderr, { isTTY: true, columns: 80 });
      import(${command})
        .then(({ main }) => main(['run', '--steps', '10000000']))
        .then((code) => { process.exitCode = code; });`;
    const child = spawn(process.execPath, ['--eval', script]);
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      if (errors === '') for (const _ of [1, 2]) child.kill('SIGINT');
      errors += part;
    });
    const [code] = await once(child, 'close');
    expect(errors).toMatch(/chainrule: Stopped after [1-9]\d* of 10000000 steps\. Nothing was written\.\n$/);
    expect(code).toBe(130);
  });
});
