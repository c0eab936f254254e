import { maximumNamesBytes } from '../protocol/commands';
import { codePointsOf } from './vocabulary';

/** Fewer words than this leave the development and test sets without one. */
export const minimumWords = 10;
/** A word may have this many characters (code points). */
export const maximumWordLength = 100;
/** The words together may use this many different characters; each is an output of the network. */
export const maximumCharacters = 256;

const lineFeed = 10;
const carriageReturn = 13;

/** A names file that cannot be used. The message says what is wrong, where, and what to do. */
export class NamesError extends Error {
  override readonly name = 'NamesError';
}

/**
 * Reads a UTF-8 list of one word a line, of any alphabet.
 *
 * A byte order mark, blank lines and white space around a word are dropped; lines end with LF, CR LF or CR. Takes time
 * and memory linear in the file.
 * @param fileName what messages call the file.
 * @throws NamesError where the file is too large, empty, not UTF-8 text, or its words are too few, too long or of too many
 *   different characters.
 */
export function parseNames(bytes: Uint8Array, fileName: string): string[] {
  if (bytes.length > maximumNamesBytes) {
    throw new NamesError(
      `${fileName} has more than ${maximumNamesBytes / 2 ** 20} MiB, the most a names file may have. Choose a smaller file.`,
    );
  }
  const words = readWords(decode(bytes, fileName), fileName);
  if (words.length === 0) {
    throw new NamesError(`${fileName} is empty. Choose a file with one word a line, at least ${minimumWords} of them.`);
  }
  if (words.length < minimumWords) {
    throw new NamesError(
      `${fileName} has only ${words.length} ${words.length === 1 ? 'word' : 'words'}. Choose a file with at least ${minimumWords}, one a line.`,
    );
  }
  requireFewCharacters(words, fileName);
  return words;
}

function decode(bytes: Uint8Array, fileName: string): string {
  const advice = 'Choose a text file saved as UTF-8, one word a line.';
  const zero = bytes.indexOf(0);
  if (zero !== -1) throw new NamesError(`${fileName} is not text: byte ${zero} is zero. ${advice}`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new NamesError(`${fileName} is not UTF-8 text: line ${firstUndecodableLine(bytes)} is not valid. ${advice}`);
  }
}

/** The 1-based number of the first line that is not UTF-8. LF never is part of a longer UTF-8 sequence. */
function firstUndecodableLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(lineFeed, start);
    try {
      decoder.decode(bytes.subarray(start, end === -1 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end === -1) break;
    start = end + 1;
  }
  return line;
}

function readWords(text: string, fileName: string): string[] {
  const words: string[] = [];
  let line = 1;
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const unit = at === text.length ? lineFeed : text.charCodeAt(at);
    if (unit !== lineFeed && unit !== carriageReturn) continue;
    const word = text.slice(start, at).trim();
    if (word !== '') {
      requireShort(word, line, fileName);
      words.push(word);
    }
    if (unit === carriageReturn && text.charCodeAt(at + 1) === lineFeed) at++;
    start = at + 1;
    line++;
  }
  return words;
}

function requireShort(word: string, line: number, fileName: string): void {
  // A character has at most two UTF-16 units, so most words need no counting.
  if (word.length <= maximumWordLength) return;
  const length = [...word].length;
  if (length <= maximumWordLength) return;
  throw new NamesError(
    `${fileName}, line ${line}: the word has ${length} characters, more than ${maximumWordLength}. Shorten or remove it, or choose a file with one word a line.`,
  );
}

function requireFewCharacters(words: readonly string[], fileName: string): void {
  const characters = codePointsOf(words).length;
  if (characters > maximumCharacters) {
    throw new NamesError(
      `${fileName} uses ${characters} different characters, more than ${maximumCharacters}. Choose a list of words in one alphabet.`,
    );
  }
}
