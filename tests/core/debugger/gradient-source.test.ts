import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { type GradientSource, GradientSources, isSameSource } from '../../../core/debugger/time-travel/gradient-source';

const source: fc.Arbitrary<GradientSource> = fc.constantFrom<GradientSource>(
  'autograd',
  'code',
  { backward: 'fused', mistake: null },
  { backward: 'nodewise', mistake: null },
  { backward: 'nodewise', mistake: 'loss-sign' },
);

it('tells of every step what it used, before and after any cut', () => {
  fc.assert(
    fc.property(fc.array(source, { maxLength: 40 }), fc.nat(40), fc.nat(40), (used, a, b) => {
      const sources = new GradientSources();
      for (const [step, each] of used.entries()) sources.record(step, each);
      expect(used.map((_, step) => sources.at(step))).toEqual(used);
      expect(sources.changes.length).toBeLessThanOrEqual(used.length + 1);
      const cut = sources.upTo(a);
      expect(used.slice(0, a).map((_, step) => cut.at(step))).toEqual(used.slice(0, a));
      const [start, end] = [Math.min(a, b, used.length), Math.min(Math.max(a, b), used.length)];
      const found = used.slice(start, end).indexOf('code');
      expect(sources.first(start, end, (each) => each === 'code')).toBe(found === -1 ? null : start + found);
    }),
  );
});

it('takes one entry for a stretch, of code as well, though no step of code is like another', () => {
  const sources = new GradientSources();
  for (let step = 0; step < 100; step++) sources.record(step, step < 50 ? 'code' : 'autograd');
  expect(sources.changes).toEqual([
    { from: 0, source: 'code' },
    { from: 50, source: 'autograd' },
  ]);
  expect(isSameSource('code', 'code')).toBe(false);
});
