import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDataset } from '../../../core/data/dataset';
import { maximumWords, NamesError, parseNames } from '../../../core/data/names';
import { maximumNamesBytes } from '../../../core/protocol/commands';
import { costOf } from '../../cost';

const utf8 = (text: string) => new TextEncoder().encode(text);
const parse = (text: string) => parseNames(utf8(text), 'list.txt');
const ten = ['ada', 'bob', 'cy', 'dee', 'eve', 'flo', 'gus', 'hal', 'ivy', 'jo'];
const refusal = (bytes: Uint8Array) => {
  try {
    parseNames(bytes, 'list.txt');
  } catch (error) {
    expect(error).toBeInstanceOf(NamesError);
    return (error as NamesError).message;
  }
  throw new Error('It was not refused.');
};

describe('parseNames reads', () => {
  test.each([
    ['LF', ten.join('\n')],
    ['CR LF and a last line end', `${ten.join('\r\n')}\r\n`],
    ['CR', ten.join('\r')],
    ['a byte order mark', `\ufeff${ten.join('\n')}`],
    ['blank lines and white space around words', `\n\n  \t\n${ten.map((word) => `\t ${word} \u3000`).join('\n\n')}\n`],
  ])('one word a line: %s', (_, text) => {
    expect(parse(text)).toEqual(ten);
  });

  test('any alphabet, also outside the basic plane, and white space within a word', () => {
    const words = ['Ægir', 'Ольга', '明', 'يحيى', '𐌰𐌱', 'Mary Ann', '🙂', 'e\u0301', 'ʻOumuamua', 'x.y'];
    expect(parse(words.join('\n'))).toEqual(words);
  });

  test('words of exactly 100 characters, counted as code points', () => {
    const words = [...ten, 'a'.repeat(100), '🙂'.repeat(100)];
    expect(parse(words.join('\n'))).toEqual(words);
  });

  test('exactly 256 different characters', () => {
    const words = Array.from({ length: 256 }, (_, i) => String.fromCodePoint(0x4e00 + i));
    expect(parse(words.join('\n'))).toEqual(words);
  });

  test('whatever words it is given, in their order', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'ß', 'λ', '京', '𐌰'), minLength: 1, maxLength: 100 });
    const lineEnd = fc.constantFrom('\n', '\r\n', '\r', '\n\n');
    fc.assert(
      fc.property(fc.array(word, { minLength: 10, maxLength: 40 }), lineEnd, (words, end) => {
        expect(parse(words.join(end))).toEqual(words);
      }),
    );
  });
});

describe('parseNames refuses', () => {
  test.each(['', '\n \n\r\n', '\ufeff'])('an empty file: %j', (text) => {
    expect(refusal(utf8(text))).toMatch(/^list\.txt is empty\. Choose .* at least 10/);
  });

  test('fewer than 10 words', () => {
    expect(refusal(utf8(ten.slice(1).join('\n')))).toMatch(/^list\.txt has only 9 words\. Choose/);
    expect(refusal(utf8('ada'))).toMatch(/only 1 word\./);
  });

  test('a file with a zero byte, saying which', () => {
    expect(refusal(utf8(`${ten.join('\n')}\u0000`))).toMatch(/^list\.txt is not text: byte 37 is zero\. .*UTF-8/);
  });

  test.each([
    ['a byte of Latin-1', [0xe9]],
    ['an overlong form', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a sequence cut short', [0xe4, 0xba]],
    ['a code point beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
  ])('what is not UTF-8, naming the line: %s', (_, wrong) => {
    const bytes = (before: string, after: string) => Uint8Array.of(...utf8(before), ...wrong, ...utf8(after));
    expect(refusal(bytes('ada\nbob\nx', 'x\ncy'))).toMatch(
      /^list\.txt is not UTF-8 text: line 3 is not valid\. Choose/,
    );
    expect(refusal(bytes('ada\nbob\n', ''))).toMatch(/line 3/);
  });

  test('UTF-16', () => {
    expect(refusal(Uint8Array.of(0xff, 0xfe, 0x61, 0x01))).toMatch(/not UTF-8/);
  });

  test('a word of 101 characters, naming its line as an editor counts', () => {
    const lines = (word: string) => utf8(`ada\r\n\r\nbob\n${word}\n${ten.join('\n')}`);
    expect(refusal(lines('a'.repeat(101)))).toMatch(/^list\.txt, line 4: the word has 101 characters, more than 100\./);
    expect(refusal(lines('🙂'.repeat(101)))).toMatch(/line 4: the word has 101 characters/);
  });

  test('more than 256 different characters', () => {
    const words = Array.from({ length: 257 }, (_, i) => String.fromCodePoint(0x1f300 + i));
    expect(refusal(utf8(words.join('\n')))).toMatch(/uses 257 different characters, more than 256\. Choose/);
  });

  const repeated = (text: string, megabytes: number) => {
    const pattern = utf8(text);
    return new Uint8Array(megabytes * 1_000_000).map((_, index) => pattern[index % pattern.length]!);
  };

  test.each([
    ['one line of 60 MB', repeated('a', 60), /line 1: it has more than 1 MiB/],
    ['one line of 60 MB after others', repeated('a', 60).fill(10, 0, 9), /line 10: it has more than 1 MiB/],
    ['a letter a line, 60 MB', repeated('a\n', 60), /too many words.*500,000 words/],
    ['long words, 60 MB', repeated(`${'mississippi'.repeat(8)}\r\n`, 60), /too many words/],
    ['blank lines, 60 MB', repeated('\n', 60), /is empty/],
    ['spaces, 60 MB', repeated(' ', 60), /more than 1 MiB/],
    ['lines of Latin-1, 60 MB', repeated('\n', 60).fill(0xe9, 59_999_999), /line 60000000 is not valid/],
  ])('%s, at the cost of a few readings and 300 MiB', (_, bytes, words) => {
    const { result, readings, mebibytes } = costOf(() => refusal(bytes));
    expect(result).toMatch(words);
    expect(readings).toBeLessThan(6);
    expect(mebibytes).toBeLessThan(300);
  });

  test('one word more than it may have, where as many are read and made a data set at the cost of a few readings', () => {
    const most = 'abcd\n'.repeat(maximumWords);
    expect(refusal(utf8(`${most}a`))).toMatch(/too many words/);
    const { result, readings } = costOf(() => createDataset(parse(most)));
    expect(result.words).toBe(maximumWords);
    expect(readings).toBeLessThan(6);
  });

  test('nothing for where its pieces end', () => {
    // Line ends of two bytes on both sides of the first MiB, and a line number beyond it.
    const lines = Array.from({ length: 120_000 }, (_, index) => `w${'x'.repeat(6 + (index % 3))}`);
    for (const shift of [0, 1, 2])
      expect(parse(`${'y'.repeat(shift + 1)}\r\n${lines.join('\r\n')}`)).toHaveLength(120_001);
    expect(refusal(utf8(`${lines.join('\r\n')}\r\n${'z'.repeat(101)}`))).toMatch(/line 120001: the word has 101/);
  });

  test('a file over 64 MiB', () => {
    expect(refusal(new Uint8Array(maximumNamesBytes + 1))).toMatch(/^list\.txt has more than 64 MiB/);
  });

  test('any bytes with nothing but a NamesError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          expect(parseNames(bytes, 'list.txt').length).toBeGreaterThanOrEqual(10);
        } catch (error) {
          expect(error).toBeInstanceOf(NamesError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
