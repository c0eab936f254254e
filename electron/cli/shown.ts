/**
 * Characters that act on a terminal, or on what stands beside them, instead of being seen: controls but tab and newline, and what
 * Unicode has for formatting, such as overrides of direction and joiners of no width.
 */
const unseen = /(?![\t\n])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** The text with such characters shown as Python writes them (`\x1b`, `\u202e`): what is said is all that a terminal is sent. */
export function shown(text: string): string {
  return text.replace(unseen, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code <= 0xff) return `\\x${hexadecimal(code, 2)}`;
    return code <= 0xffff ? `\\u${hexadecimal(code, 4)}` : `\\U${hexadecimal(code, 8)}`;
  });
}

/** As `shown`, of what is one line, such as a name or an error's message: it cannot begin another. */
export function shownInLine(text: string): string {
  return shown(text).replaceAll('\n', '\\n');
}

/** JSON with such characters escaped as JSON has it (`\u202e`): it reads as the same. */
export function shownJson(json: string): string {
  return json.replace(unseen, (character) =>
    Array.from({ length: character.length }, (_, at) => `\\u${hexadecimal(character.charCodeAt(at), 4)}`).join(''),
  );
}

const hexadecimal = (code: number, digits: number) => code.toString(16).padStart(digits, '0');
