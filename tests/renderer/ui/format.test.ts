import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatCount,
  formatExponent,
  formatFixed,
  formatFloat32,
  formatIndex,
  formatPercent,
  formatShape,
  formatShort,
} from '../../../renderer/ui/format';

test('fixed digits as Python’s %.2f and %+.2f', () => {
  expect([0.746, -0.018, 0, -0].map((value) => formatFixed(value, 2, true))).toEqual([
    '+0.75',
    '-0.02',
    '+0.00',
    '-0.00',
  ]);
  expect(formatFixed(0.746, 2)).toBe('0.75');
});

test('exponents as Python’s %.3e: two digits at least', () => {
  expect([0.00123456, -1.5e-12, 2, 3e120].map((value) => formatExponent(value, 3, true))).toEqual([
    '+1.235e-03',
    '-1.500e-12',
    '+2.000e+00',
    '+3.000e+120',
  ]);
});

test('percents of fractions', () => {
  expect([0.0184, 0, 1].map((value) => formatPercent(value))).toEqual(['1.84%', '0.00%', '100.00%']);
});

test('short numbers for cells and ticks', () => {
  expect([0, 3.7e-9, 0.0123456, 2.5, 100, 99_999, 123_456, -0.0306, 1e-10].map((value) => formatShort(value))).toEqual([
    '0',
    '3.7e-9',
    '0.0123',
    '2.5',
    '100',
    '100000',
    '1.23e5',
    '-0.0306',
    '1e-10',
  ]);
});

test('nine significant digits name each float32', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Math.fround(Number(formatFloat32(value)))).toBe(value);
    }),
  );
});

test('what is no finite number is said as Python says it', () => {
  const specials = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  expect(specials.map((value) => formatFloat32(value))).toEqual(['nan', 'inf', '-inf']);
  expect(specials.map((value) => formatShort(value))).toEqual(['nan', 'inf', '-inf']);
  expect(specials.map((value) => formatExponent(value, 3, true))).toEqual(['nan', '+inf', '-inf']);
  expect(specials.map((value) => formatFixed(value, 2))).toEqual(['nan', 'inf', '-inf']);
});

test('counts, shapes and indices', () => {
  expect(formatCount(46_497)).toBe('46,497');
  expect(formatShape([32, 3, 10])).toBe('32 × 3 × 10');
  expect(formatShape([])).toBe('scalar');
  expect(formatIndex([3, 17])).toBe('[3, 17]');
});
