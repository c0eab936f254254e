// @ts-check
// Keeps the README's pictures out of the screenshots just taken (`npm run screenshots`).
import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { OUT, ROOT } from '../../electron/runtime/project.mjs';

/** The picture's name, and the screenshot it is. */
const pictures = {
  'planted-mistake.png': 'decomposed-mlp-mistake-light-1200.png',
  'graph-within-a-step.png': 'decomposed-mlp-graph-within-a-step-light-1440.png',
  'deep-stack-activations.png': 'deep-stack-activations-dark-1440.png',
};
/** What a README may cost its readers, in bytes a picture. */
const largest = 300 * 1024;

const folder = join(ROOT, 'tests/e2e/pictures');
mkdirSync(folder, { recursive: true });
for (const [name, screenshot] of Object.entries(pictures)) {
  const source = join(OUT, 'screenshots', screenshot);
  const { size } = statSync(source);
  if (size > largest) throw new Error(`${source} has ${size} bytes, more than the ${largest} a picture may have.`);
  copyFileSync(source, join(folder, name));
  console.log(`${join(folder, name)} (${Math.round(size / 1024)} KiB)`);
}
