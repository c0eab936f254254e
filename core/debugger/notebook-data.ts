import { blockSize, type Dataset, shuffledWords, splitEnds } from '../data/dataset';
import type { NotebookData } from '../python/lab-inputs';
import type { Session } from './session';

type SplitName = 'train' | 'dev' | 'test';

/** The notebook's names of each split's contexts and targets. */
const splitTensors: Readonly<Record<SplitName, { readonly contexts: string; readonly targets: string }>> = {
  train: { contexts: 'Xtr', targets: 'Ytr' },
  dev: { contexts: 'Xdev', targets: 'Ydev' },
  test: { contexts: 'Xte', targets: 'Yte' },
};
const splitNames = Object.keys(splitTensors) as SplitName[];

/** What is made of the vocabulary. */
const vocabularyNames = ['chars', 'stoi', 'itos', 'build_dataset', 'prepare_dataset'];

/**
 * Of the data set and the generator, what the code names: many thousand words are not to cross to Python's thread at
 * every check. A name in a comment or a text counts as well, which costs time and nothing else.
 */
export function notebookData(session: Session, code: string): NotebookData {
  const { dataset } = session.data;
  const names = new Set(code.match(/[A-Za-z_]\w*/g));
  return {
    splitEnds: splitEnds(dataset.words),
    labels: vocabularyNames.some((name) => names.has(name)) ? dataset.vocabulary.labels : null,
    words: names.has('words') ? shuffledWords(dataset.list) : null,
    tensors: splitNames.flatMap((split) => tensorsOf(dataset, split)).filter(({ name }) => names.has(name)),
    generator: names.has('g') ? session.generatorState : null,
  };
}

function tensorsOf(dataset: Dataset, split: SplitName): NotebookData['tensors'] {
  const { count, contexts, targets } = dataset[split];
  const names = splitTensors[split];
  return [
    { name: names.contexts, shape: [count, blockSize], values: contexts },
    { name: names.targets, shape: [count], values: targets },
  ];
}
