import { readFileSync } from 'node:fs';
import { createDataset } from '../../core/data/dataset';
import { parseNames } from '../../core/data/names';
import type { NamedDataset } from '../../core/debugger/session-parts';
import { builtInNames } from '../../electron/worker/built-in-names';
import { namesFile } from '../fixtures/load';

/** The lectures' names where they are at hand; what needs them is skipped otherwise, with this said. */
export const lectureNames = namesFile();
export const whyWithoutNames = 'needs names.txt (32,033 names) beside the checkout or in CHAINRULE_NAMES';

/** The lectures' names as the notebook splits them. */
export function lectureData(): NamedDataset {
  if (lectureNames === undefined) throw new Error(whyWithoutNames);
  return {
    dataset: createDataset(parseNames(readFileSync(lectureNames), 'names.txt')),
    name: 'names.txt',
    builtIn: false,
  };
}

const syllables = ['an', 'be', 'ca', 'do', 'el', 'fi', 'go', 'hu', 'ir', 'jo', 'ka', 'li'];
/** 144 made-up names. */
export const smallWords: readonly string[] = syllables.flatMap((first) => syllables.map((second) => first + second));

/** The names that a session begins with. */
export function builtInData(): NamedDataset {
  return { dataset: createDataset(builtInNames()), name: 'built-in names', builtIn: true };
}

/** These few names, for tests that need data but not the lectures'. */
export function smallData(): NamedDataset {
  return { dataset: createDataset(smallWords), name: 'small', builtIn: false };
}
