import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { toCsv } from '../../../renderer/charts/csv';

test('a header line, then the rows, each ended by CRLF', () => {
  expect(
    toCsv({
      columns: ['step', 'loss'],
      rows: [
        [0, 3.3],
        [1, 3.25],
      ],
    }),
  ).toBe('step,loss\r\n0,3.3\r\n1,3.25\r\n');
});

test('commas, quotes and line breaks are quoted', () => {
  expect(toCsv({ columns: ['index'], rows: [['[1, 2]'], ['say "no"'], ['a\nb'], ['plain']] })).toBe(
    'index\r\n"[1, 2]"\r\n"say ""no"""\r\n"a\nb"\r\nplain\r\n',
  );
});

test('numbers that are none are written as they are', () => {
  expect(toCsv({ columns: ['x'], rows: [[Number.NaN], [Number.POSITIVE_INFINITY], [1e-30]] })).toBe(
    'x\r\nNaN\r\nInfinity\r\n1e-30\r\n',
  );
});

test('every float32 can be read back', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const [, line] = toCsv({ columns: ['x'], rows: [[value]] }).split('\r\n');
      // Minus zero is written as zero, which CSV readers know.
      expect(Math.fround(Number(line))).toBe(value === 0 ? 0 : value);
    }),
  );
});
