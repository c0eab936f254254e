import { PythonRandom } from '../tensor/generators/python-random';
import { buildVocabulary, endToken, type Vocabulary } from './vocabulary';

/** Characters of context from which the next one is predicted. */
export const blockSize = 3;
/** The notebook's `random.seed(42)`. */
const shuffleSeed = 42;

/** Examples: what came before, and the character that follows. */
export interface Split {
  readonly count: number;
  /** [count × blockSize] tokens, row-major. */
  readonly contexts: Int32Array;
  /** [count] tokens. */
  readonly targets: Int32Array;
}

/** A list of words, ready to train on. */
export interface Dataset {
  /** How many words were split. */
  readonly words: number;
  /** The words themselves, in the order given. */
  readonly list: readonly string[];
  readonly vocabulary: Vocabulary;
  readonly train: Split;
  readonly dev: Split;
  readonly test: Split;
}

/**
 * Shuffles and splits words as the notebook does: Python's shuffle under seed 42, then 80 % train, 10 % development and
 * 10 % test, by words. The list given is left as it is.
 */
export function createDataset(words: readonly string[]): Dataset {
  const shuffled = shuffledWords(words);
  const vocabulary = buildVocabulary(words);
  const [trainEnd, devEnd] = splitEnds(words.length);
  return {
    words: words.length,
    list: words,
    vocabulary,
    train: prepareSplit(shuffled.slice(0, trainEnd), vocabulary),
    dev: prepareSplit(shuffled.slice(trainEnd, devEnd), vocabulary),
    test: prepareSplit(shuffled.slice(devEnd), vocabulary),
  };
}

/** The words in the order in which they are split; the list given is left as it is. */
export function shuffledWords(words: readonly string[]): string[] {
  const shuffled = [...words];
  new PythonRandom(shuffleSeed).shuffle(shuffled);
  return shuffled;
}

/** The word before which the training set ends, and the one before which the development set does. */
export function splitEnds(words: number): readonly [number, number] {
  return [Math.trunc(0.8 * words), Math.trunc(0.9 * words)];
}

/** The notebook's `prepare_dataset`: an example for every character of every word, and one for its end. */
function prepareSplit(words: readonly string[], vocabulary: Vocabulary): Split {
  const targets = encode(words, vocabulary);
  return { count: targets.length, contexts: contextsOf(targets), targets };
}

/** The tokens of all words in a row, each word closed by the end token. */
function encode(words: readonly string[], { tokens }: Vocabulary): Int32Array {
  // UTF-16 units are never fewer than characters.
  const encoded = new Int32Array(words.reduce((sum, word) => sum + word.length + 1, 0));
  let count = 0;
  for (const word of words) {
    for (let at = 0; at < word.length; at++) {
      const code = word.codePointAt(at) ?? 0;
      encoded[count++] = tokens.get(code) ?? endToken;
      if (code > 0xffff) at++;
    }
    encoded[count++] = endToken;
  }
  return encoded.slice(0, count);
}

/**
 * What stood before each target: the context before it moved on by one, or nothing but end tokens where a word begins.
 */
function contextsOf(targets: Int32Array): Int32Array {
  const contexts = new Int32Array(targets.length * blockSize);
  for (let example = 1; example < targets.length; example++) {
    const previous = targets[example - 1];
    if (previous === endToken) continue;
    const start = example * blockSize;
    for (let i = start; i < start + blockSize - 1; i++) contexts[i] = contexts[i - blockSize + 1];
    contexts[start + blockSize - 1] = previous;
  }
  return contexts;
}
