import { describe, expect, it } from 'vitest';
import { shown, shownInLine, shownJson } from '../../../electron/cli/shown';

describe('what is shown', () => {
  it('is what can be seen, whatever language it is in', () => {
    const text = 'd\tlogits — Größe, 名前, 😀\n';
    expect(shown(text)).toBe(text);
    expect(shownJson(text)).toBe(text);
  });

  it.each([
    ['\0\x07\b\x0b\r\x1b[0m\x1f\x7f', '\\x00\\x07\\x08\\x0b\\x0d\\x1b[0m\\x1f\\x7f'],
    ['\x80\x9b\x9f\xad', '\\x80\\x9b\\x9f\\xad'],
    ['\u202a\u202e\u2066\u2069\u200e\u061c', '\\u202a\\u202e\\u2066\\u2069\\u200e\\u061c'],
    ['\u200b\u200d\u2060\ufeff\u2028', '\\u200b\\u200d\\u2060\\ufeff\\u2028'],
    ['\u{e0041}', '\\U000e0041'],
  ])('says %j as Python writes it', (text, written) => {
    expect(shown(text)).toBe(written);
  });

  it('has no line of its own where it is part of one', () => {
    expect(shownInLine('a\nb\x1b')).toBe('a\\nb\\x1b');
  });

  it('stays the same JSON', () => {
    const value = { text: 'a\x1b\x7f\x9b\u202e\u200d\u{e0041}\n' };
    const json = shownJson(JSON.stringify(value));
    expect(json).toMatch(/^[\x20-\x7e]*$/);
    expect(JSON.parse(json)).toEqual(value);
  });
});
