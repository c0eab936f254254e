import { describe, expect, test } from 'vitest';
import { buildVocabulary, codePointsOf } from '../../../core/data/vocabulary';

describe('buildVocabulary', () => {
  test('numbers characters from 1 in alphabetic order, with the end shown as a dot', () => {
    const { labels, tokens } = buildVocabulary(['cab', 'be']);
    expect(labels).toEqual(['.', 'a', 'b', 'c', 'e']);
    expect(tokens.get('c'.codePointAt(0)!)).toBe(3);
    expect(tokens.has('.'.codePointAt(0)!)).toBe(false);
  });

  test('orders by code point as Python does, not by UTF-16 unit', () => {
    // U+FF5E is below U+10330, but the latter's first UTF-16 unit (D800) is below FF5E.
    expect(buildVocabulary(['𐌰～a']).labels).toEqual(['.', 'a', '～', '𐌰']);
  });

  test('shows the end under another mark where the words use the dot', () => {
    expect(buildVocabulary(['a.b']).labels).toEqual(['■', '.', 'a', 'b']);
    expect(buildVocabulary(['a.■']).labels).toEqual(['□', '.', 'a', '■']);
  });
});

test('codePointsOf takes a pair of UTF-16 units for one character', () => {
  expect(codePointsOf(['b🙂', 'ab', ''])).toEqual([0x61, 0x62, 0x1f642]);
});
