import { beforeAll, describe, expect, it } from 'vitest';
import type { RootCause } from '../../../core/protocol/answers';
import type { Lab } from '../../../core/python/lab';
import { advanced, newSession } from '../sessions';
import { wrongSolutions } from './corpus/wrong';
import { checkOf, newLab } from './new-lab';

const session = advanced(newSession({ batchSize: 32, hiddenSize: 64 }), 3);
let lab: Lab;
const found = new Map<string, readonly RootCause[]>();

beforeAll(async () => {
  lab = await newLab();
  for (const { name, code, earlier } of wrongSolutions) {
    // A lab's memory of earlier versions is part of it: nothing of one solution may help with the next.
    if (earlier !== undefined) checkOf(lab, session, earlier);
    found.set(name, checkOf(lab, session, code).rootCauses);
  }
  const table = wrongSolutions.map(({ name, node, line, mistake }) => {
    const causes = found.get(name)!;
    const [cause] = causes;
    const isRight = cause?.node === node && cause.line === line && causes.length === 1;
    const word = isRight ? (cause.mistake === mistake ? 'named' : 'FOUND') : 'WRONG';
    return `${word} ${name}\n      ${causes.map((one) => `[${one.node} ${one.mistake}] ${one.explanation}`).join('\n      ')}`;
  });
  console.log(table.join('\n'));
}, 120_000);

describe('the catalogue', () => {
  it('is called on for at least 40 wrong solutions', () => {
    expect(wrongSolutions.length).toBeGreaterThanOrEqual(40);
    expect(new Set(wrongSolutions.map(({ name }) => name)).size).toBe(wrongSolutions.length);
  });

  it.each(wrongSolutions)('finds the line: $name', ({ name, node, line }) => {
    expect(found.get(name)!.map((cause) => ({ node: cause.node, line: cause.line }))).toEqual([{ node, line }]);
  });

  it.each(wrongSolutions)('names the mistake: $name', ({ name, mistake, line }) => {
    const [cause] = found.get(name)!;
    expect(cause!.mistake).toBe(mistake);
    expect(cause!.explanation).toMatch(new RegExp(`^line ${line} .*\\.$`));
  });
});
