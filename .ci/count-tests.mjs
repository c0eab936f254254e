// @ts-check
// Prints the sum of the test reports in a folder as one plain line; ends with 1 when a test failed or none ran.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * @typedef {{ status: string, assertionResults: readonly { status: string }[] }} ReportedFile
 * @typedef {{ testResults: readonly ReportedFile[] }} Report what Vitest's JSON reporter writes, as far as it is read here
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/**
 * @param {readonly Report[]} reports
 * @returns {Counts} a test file that could not be loaded has no tests to count, and counts as one failure
 */
export function sumReports(reports) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of reports.flatMap((report) => report.testResults)) {
    const failedBefore = counts.failed;
    for (const { status } of file.assertionResults) {
      counts[status === 'passed' || status === 'failed' ? status : 'skipped'] += 1;
    }
    if (file.status === 'failed' && counts.failed === failedBefore) {
      counts.failed += 1;
    }
  }
  return counts;
}

/**
 * @param {Counts} counts
 * @returns {string} such as `12 passed, 0 failed, 1 skipped`
 */
export function countsLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = process.argv[2] ?? 'out/test-results';
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  const counts = sumReports(files.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8'))));
  console.log(countsLine(counts));
  process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}
