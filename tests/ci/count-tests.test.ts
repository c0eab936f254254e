import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { countsLine, sumReports } from '../../.ci/count-tests.mjs';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((each) => ({ status: each })),
});

describe('the line of counts', () => {
  test('sums all files of all reports; whatever is neither passed nor failed is skipped', () => {
    const unit = { testResults: [file('passed', 'passed', 'passed', 'skipped'), file('passed', 'todo', 'pending')] };
    const e2e = { testResults: [file('failed', 'passed', 'failed')] };
    expect(countsLine(sumReports([unit, e2e]))).toBe('3 passed, 1 failed, 3 skipped');
  });

  test('a file that could not be loaded is one failure', () => {
    expect(countsLine(sumReports([{ testResults: [file('failed')] }]))).toBe('0 passed, 1 failed');
  });

  test.each([
    ['all pass', [file('passed', 'passed')], '1 passed, 0 failed\n', 0],
    ['one fails', [file('failed', 'passed', 'failed')], '1 passed, 1 failed\n', 1],
    ['none ran', [], '0 passed, 0 failed\n', 1],
    ['all are skipped', [file('passed', 'skipped')], '0 passed, 0 failed, 1 skipped\n', 1],
  ])('when %s', (_, testResults, line, code) => {
    const folder = mkdtempSync(join(tmpdir(), 'reports-'));
    writeFileSync(join(folder, 'unit.json'), JSON.stringify({ testResults }));
    const script = resolve(import.meta.dirname, '../../.ci/count-tests.mjs');
    const run = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
    expect(run.stdout).toBe(line);
    expect(run.status).toBe(code);
  });
});
