import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conversion, type ElementType, isFloat, type Promoted, promoteTypes } from '../../../core/ops/types';

const types: readonly ElementType[] = ['bool', 'int64', 'float32', 'float64'];
const type = fc.constantFrom(...types);
const side = fc.record({ type, priority: fc.constantFrom<Promoted['priority'][]>('number', 'scalar', 'tensor') });
const tensor = (of: ElementType): Promoted => ({ type: of, priority: 'tensor' });
const number = (of: ElementType): Promoted => ({ type: of, priority: 'number' });

describe('promoteTypes', () => {
  it('is commutative and idempotent', () => {
    fc.assert(
      fc.property(side, side, (a, b) => {
        expect(promoteTypes(a, b, 'float32')).toBe(promoteTypes(b, a, 'float32'));
        expect(promoteTypes(a, a, 'float32')).toBe(a.type);
      }),
    );
  });

  it('of tensors is the higher type', () => {
    for (const [low, a] of types.entries()) {
      for (const b of types.slice(low)) expect(promoteTypes(tensor(a), tensor(b), 'float32')).toBe(b);
    }
  });

  it('lets a number or a scalar tensor change the kind, but no type within it', () => {
    // As torch.result_type has them.
    expect(promoteTypes(tensor('float32'), number('float64'), 'float64')).toBe('float32');
    expect(promoteTypes(tensor('float32'), { type: 'float64', priority: 'scalar' }, 'float32')).toBe('float32');
    expect(promoteTypes(tensor('int64'), number('float64'), 'float32')).toBe('float32');
    expect(promoteTypes(tensor('int64'), { type: 'float64', priority: 'scalar' }, 'float32')).toBe('float64');
    expect(promoteTypes(tensor('bool'), number('int64'), 'float32')).toBe('int64');
  });
});

describe('conversion', () => {
  it('gives numbers of the type, and leaves those that are', () => {
    fc.assert(
      fc.property(type, type, fc.double({ noNaN: true, noDefaultInfinity: true }), (to, from, value) => {
        const own = (conversion(from, 'float64') ?? Number)(value);
        const converted = (conversion(to, from) ?? Number)(own);
        if (to === 'bool') expect([0, 1]).toContain(converted);
        if (!isFloat(to)) expect(Number.isInteger(converted)).toBe(true);
        expect(conversion(to, to)).toBeNull();
      }),
    );
  });

  it('cuts fractions off, takes all but 0 for true, and drops the sign of a whole 0', () => {
    expect(conversion('int64', 'float32')?.(-2.75)).toBe(-2);
    expect(conversion('bool', 'float32')?.(Number.NaN)).toBe(1);
    expect(Object.is(conversion('float32', 'int64')?.(-0), 0)).toBe(true);
  });
});
