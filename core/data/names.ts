import { maximumNamesBytes } from '../protocol/commands';
import { codePointsOf } from './vocabulary';

/** Fewer words than this leave the development and test sets without one. */
const minimumWords = 10;
/** A word may have this many characters (code points). */
const maximumWordLength = 100;
/** The words together may use this many different characters; each is an output of the network. */
const maximumCharacters = 256;
/** A list may have this many words: fifteen times the lecture's, more than a dictionary, and read within a second. */
export const maximumWords = 500_000;
/** The words together may have this many UTF-16 units. Each character is an example of 16 bytes. */
const maximumUnits = 5_000_000;

const lineFeed = 10;
const carriageReturn = 13;
const space = 32;
const tab = 9;
/** A file is decoded in pieces of at most so many bytes, which end where a line does. */
const pieceBytes = 2 ** 20;

/** A names file that cannot be used. The message says what is wrong, where, and what to do. */
export class NamesError extends Error {
  override readonly name = 'NamesError';
}

/**
 * Reads a UTF-8 list of one word a line, of any alphabet.
 *
 * A byte order mark, blank lines and white space around a word are dropped; lines end with LF, CR LF or CR. Reads piece by
 * piece and stops at the first thing that is wrong, so that a file of nothing that can be used costs next to nothing.
 * @param fileName what messages call the file.
 * @throws NamesError where the file is too large, empty, not UTF-8 text, or its words are too few, too many, too long or of
 *   too many different characters.
 */
export function parseNames(bytes: Uint8Array, fileName: string): string[] {
  if (bytes.length > maximumNamesBytes) {
    throw new NamesError(
      `${fileName} has more than ${maximumNamesBytes / 2 ** 20} MiB, the most a names file may have. Choose a smaller file.`,
    );
  }
  const words = readWords(bytes, fileName);
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

function readWords(bytes: Uint8Array, fileName: string): string[] {
  const words: string[] = [];
  let units = 0;
  let line = 1;
  for (let start = 0; start < bytes.length; ) {
    const end = endOfPiece(bytes, start);
    if (end === null) {
      throw new NamesError(
        `${fileName}, line ${line}: it has more than ${pieceBytes / 2 ** 20} MiB. Choose a file with one word a line.`,
      );
    }
    const text = decode(bytes.subarray(start, end), { start, line }, fileName);
    for (let from = 0; from < text.length; line++) {
      const begin = pastBlanks(text, from);
      const to = endOfLine(text, begin);
      // Most lines of a file of nothing are blank: no string is made of them.
      const word = begin === to ? '' : text.slice(begin, to).trim();
      from = to + (text.charCodeAt(to) === carriageReturn && text.charCodeAt(to + 1) === lineFeed ? 2 : 1);
      if (word === '') continue;
      requireShort(word, line, fileName);
      units += word.length;
      if (words.length === maximumWords || units > maximumUnits) throw tooMany(fileName);
      words.push(word);
    }
    start = end;
  }
  return words;
}

function tooMany(fileName: string): NamesError {
  const most = `${maximumWords.toLocaleString('en')} words of ${maximumUnits.toLocaleString('en')} characters in all`;
  return new NamesError(`${fileName} has too many words: a list may have up to ${most}. Choose a shorter list.`);
}

/** The byte after the last line end of the piece that begins at `start`; null where a line is longer than a piece. */
function endOfPiece(bytes: Uint8Array, start: number): number | null {
  if (bytes.length - start <= pieceBytes) return bytes.length;
  const piece = bytes.subarray(start, start + pieceBytes);
  // Neither byte is ever part of a longer UTF-8 sequence.
  const at = Math.max(piece.lastIndexOf(lineFeed), piece.lastIndexOf(carriageReturn));
  if (at === -1) return null;
  const isHalf = piece[at] === carriageReturn && bytes[start + at + 1] === lineFeed;
  return start + at + (isHalf ? 2 : 1);
}

/** Where what follows spaces and tabs begins. */
function pastBlanks(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === space || text.charCodeAt(at) === tab) at++;
  return at;
}

/** Where the line that begins at `from` ends: at LF, CR, or the end of the text. */
function endOfLine(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== lineFeed && text.charCodeAt(at) !== carriageReturn) at++;
  return at;
}

/** Where a piece stands in its file. */
interface Place {
  /** Its first byte. */
  readonly start: number;
  /** Its first line. */
  readonly line: number;
}

function decode(piece: Uint8Array, { start, line }: Place, fileName: string): string {
  const advice = 'Choose a text file saved as UTF-8, one word a line.';
  const zero = piece.indexOf(0);
  if (zero !== -1) throw new NamesError(`${fileName} is not text: byte ${start + zero} is zero. ${advice}`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(piece);
  } catch {
    throw new NamesError(
      `${fileName} is not UTF-8 text: line ${line + linesBeforeFault(piece)} is not valid. ${advice}`,
    );
  }
}

/** How many line ends come before what is not UTF-8, which is found by halving. */
function linesBeforeFault(piece: Uint8Array): number {
  let sound = 0;
  let text = '';
  for (let faulty = piece.length + 1; faulty - sound > 1; ) {
    const middle = (sound + faulty) >> 1;
    try {
      // A sequence that is cut short by where the halves meet is no fault.
      text = new TextDecoder('utf-8', { fatal: true }).decode(piece.subarray(0, middle), { stream: true });
      sound = middle;
    } catch {
      faulty = middle;
    }
  }
  return text.match(/\r\n|[\r\n]/g)?.length ?? 0;
}

function requireShort(word: string, line: number, fileName: string): void {
  // A character has at most two UTF-16 units, so most words need no counting.
  if (word.length <= maximumWordLength) return;
  let length = 0;
  for (const _ of word) length++;
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
