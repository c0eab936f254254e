import { expect, it } from 'vitest';
import { createDataset } from '../../core/data/dataset';
import { NamesError, parseNames } from '../../core/data/names';
import { SavedSessionError } from '../../core/debugger/saved-session';
import { NotebookError } from '../../core/formats/notebook';
import { readSafetensors, SafetensorsError, writeSafetensors } from '../../core/formats/safetensors';
import { OutOfMemoryError } from '../../core/tensor/heap';
import { UsageError } from '../../electron/cli/host';
import { parseEvidence } from '../../electron/cli/verify';
import { joinNotebook } from '../../electron/notebook/joined-code';
import { SessionFileError } from '../../electron/session-file/container';
import { readSession } from '../../electron/session-file/session-file';
import { builtInNames } from '../../electron/worker/built-in-names';
import { evidenceOf } from '../../electron/worker/evidence';
import { smallWords } from '../core/names-dataset';
import { newSession } from '../core/sessions';
import { lecture, notebookOf } from '../electron/notebook/notebooks';
import { altered, restored, sample, small } from '../electron/session-file/samples';
import { mutated, mutatedJson, pick } from './mutate';
import { rounds, tryAll } from './trial';

const { file } = sample();
const builtIn = builtInNames();
const parts = ['session.json', 'numbers.safetensors', 'words.txt', 'manifest.json'];
const text = (value: string) => new TextEncoder().encode(value);
const timeout = 1_800_000;

it('mutated session files are refused by name, or are sound', { timeout }, () => {
  const { read, refused } = tryAll({
    seed: 42,
    make: (random, round) => {
      // Half of them are signed anew, so that what is behind the digests is reached.
      if (round % 2 === 1) return mutated(file, random);
      const name = pick(parts, random);
      return altered(file, name, (bytes) => (name.endsWith('.json') ? mutatedJson : mutated)(bytes, random));
    },
    read: (bytes) => readSession(bytes, [], builtIn),
    refusals: [SessionFileError],
  });
  expect(Math.min(read, refused)).toBeGreaterThan(rounds / 100);
});

it('those that read well become a session, or are refused by name', { timeout }, () => {
  const count = Math.ceil(rounds / 20);
  const { read } = tryAll(
    {
      seed: 7,
      make: (random) => altered(file, pick(parts.slice(0, 2), random), (bytes) => mutated(bytes, random)),
      read: restored,
      refusals: [SessionFileError, SavedSessionError, OutOfMemoryError],
    },
    count,
  );
  expect(read).toBeGreaterThan(0);
});

it('mutated lists of names are refused by name, or become a data set', { timeout }, () => {
  const lists = [smallWords.join('\n'), `\ufeff${[...smallWords, 'Ольга', '明', '🙂'].join('\r\n')}`].map(text);
  tryAll({
    seed: 1,
    make: (random) => mutated(pick(lists, random), random),
    read: (bytes) => createDataset(parseNames(bytes, 'names.txt')),
    refusals: [NamesError],
  });
});

it('mutated evidence is refused by name, or is evidence', { timeout }, () => {
  const session = newSession(small);
  const check = session.check();
  if (check === null) throw new Error('This program has a check.');
  const evidence = text(JSON.stringify(evidenceOf(session, check, null)));
  tryAll({
    seed: 2,
    make: (random) => mutatedJson(evidence, random),
    read: (bytes) => parseEvidence(bytes, 'a.evidence.json'),
    refusals: [UsageError],
  });
});

it('mutated notebooks are refused by name, or give their code', { timeout }, () => {
  const notebook = text(notebookOf('#md # Exercises', ...Object.values(lecture)));
  tryAll({
    seed: 3,
    make: (random) => mutatedJson(notebook, random),
    read: (bytes) => joinNotebook(new TextDecoder().decode(bytes), 200_000),
    refusals: [NotebookError],
  });
});

it('mutated safetensors are refused by name, or are tensors', { timeout }, () => {
  const tensors = writeSafetensors(
    new Map([
      ['a', { dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
      ['b', { dtype: 'I64', shape: [2], data: BigInt64Array.of(1n, -1n) }],
      ['c', { dtype: 'F64', shape: [], data: Float64Array.of(0.5) }],
    ]),
    new Map([['step', '3']]),
  );
  tryAll({
    seed: 4,
    make: (random) => mutated(tensors, random),
    read: (bytes) => readSafetensors(bytes),
    refusals: [SafetensorsError],
  });
});
