/** The token that ends a word, and fills the context before its first character. */
export const endToken = 0;

/** The characters of a list of words, numbered. */
export interface Vocabulary {
  /** By token: the character, and for token 0 the mark under which the end of a word is shown. */
  readonly labels: readonly string[];
  /** From a character's code point to its token. The end mark is not in it. */
  readonly tokens: ReadonlyMap<number, number>;
}

/** Every code point that the words use, in ascending order. */
export function codePointsOf(words: readonly string[]): number[] {
  // A flag for each of Unicode's code points: on millions of words many times faster than a Set.
  const used = new Uint8Array(0x110000);
  for (const word of words) {
    for (let at = 0; at < word.length; at++) {
      const code = word.codePointAt(at) ?? 0;
      used[code] = 1;
      if (code > 0xffff) at++;
    }
  }
  const codePoints: number[] = [];
  for (let code = used.indexOf(1); code !== -1; code = used.indexOf(1, code + 1)) codePoints.push(code);
  return codePoints;
}

/**
 * Numbers the characters of `words` from 1 on, in the order of their code points, as the notebook's
 * `sorted(set(''.join(words)))` does. Characters are code points, not UTF-16 units.
 *
 * Token 0 is shown as '.', as in the notebook; where '.' itself is in the words, as the first of ■ (U+25A0), □, ▢, …
 * that is not, so that no two labels are the same.
 */
export function buildVocabulary(words: readonly string[]): Vocabulary {
  const codePoints = codePointsOf(words);
  const tokens = new Map(codePoints.map((code, index) => [code, index + 1]));
  const labels = [endMark(tokens), ...codePoints].map((code) => String.fromCodePoint(code));
  return { labels, tokens };
}

function endMark(tokens: ReadonlyMap<number, number>): number {
  const dot = 0x2e;
  if (!tokens.has(dot)) return dot;
  let mark = 0x25a0;
  while (tokens.has(mark)) mark++;
  return mark;
}
