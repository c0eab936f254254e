import { ConditionError } from './condition-error';

const symbols = ['==', '!=', '<=', '>=', '<', '>', '+', '-', '*', '/', '%', '(', ')'] as const;
export type SymbolText = (typeof symbols)[number];

export type Token = { readonly column: number } & (
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'name'; readonly value: string }
  | { readonly kind: 'symbol'; readonly value: SymbolText }
  | { readonly kind: 'end' }
);

const space = /\s+/y;
const number = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const name = /[A-Za-z_]\w*/y;
const text = /"([^"]*)"|'([^']*)'/y;

/** What people write who know other languages. */
const instead: Readonly<Record<string, string>> = {
  '&&': 'Write `and` instead of `&&`.',
  '||': 'Write `or` instead of `||`.',
  '!': 'Write `not` instead of `!`.',
  '=': 'Write `==` to compare; a condition cannot assign.',
  '−': 'Write a plain minus, `-`.',
  '"': 'This text has no closing quotation mark.',
  "'": 'This text has no closing quotation mark.',
};

/** The tokens of a condition, `end` last. @throws ConditionError for a character that begins none. */
export function tokenise(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(source);
  };
  while (at < source.length) {
    const column = at + 1;
    const blank = match(space);
    if (blank !== null) {
      at += blank[0].length;
      continue;
    }
    const [token, length] = read(column);
    tokens.push(token);
    at += length;
  }
  return [...tokens, { kind: 'end', column: source.length + 1 }];

  function read(column: number): [Token, number] {
    const digits = match(number)?.[0];
    if (digits !== undefined) return [{ kind: 'number', value: Number(digits), column }, digits.length];
    const word = match(name)?.[0];
    if (word !== undefined) return [{ kind: 'name', value: word, column }, word.length];
    const quoted = match(text);
    if (quoted !== null) return [{ kind: 'text', value: quoted[1] ?? quoted[2], column }, quoted[0].length];
    const symbol = symbols.find((candidate) => source.startsWith(candidate, at));
    if (symbol !== undefined) return [{ kind: 'symbol', value: symbol, column }, symbol.length];
    const advice = Object.keys(instead).find((candidate) => source.startsWith(candidate, at));
    throw new ConditionError(column, advice === undefined ? `\`${source[at]}\` has no meaning here.` : instead[advice]);
  }
}
