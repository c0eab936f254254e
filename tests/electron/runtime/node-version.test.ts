import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nodeVersionProblem } from '../../../electron/runtime/node-version.mjs';
import { ROOT } from '../../../electron/runtime/project.mjs';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const manifest = JSON.parse(read('package.json'));

it('README, package.json and the launcher name the same oldest Node', () => {
  const [, oldest = ''] = /^>=(\d+\.\d+)$/.exec(manifest.engines.node) ?? [];
  expect(read('README.md')).toContain(`They need Node ${oldest} or newer`);
  expect(nodeVersionProblem(`${oldest}.0`)).toBeNull();
  const [major, minor] = oldest.split('.').map(Number);
  expect(nodeVersionProblem(`${major}.${minor! - 1}.9`)).toContain(`needs Node ${oldest} or newer`);
});

it('README names the packages that declare a newer Node than it does', () => {
  const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  const newer = names.filter((name) => {
    const declared: string = JSON.parse(read(`node_modules/${name}/package.json`)).engines?.node ?? '';
    return declared.split('||').every((range) => Number(/\d+/.exec(range)?.[0] ?? 0) > 20);
  });
  const [sentence = ''] = /\(Of the packages[^)]*\)/.exec(read('README.md')) ?? [];
  for (const name of newer) expect(sentence).toContain(`\`${name}\``);
  expect(sentence.match(/`[^`]+`/g)).toHaveLength(newer.length);
});
