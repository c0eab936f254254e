import type { CodeCheck, NodeDescription, SessionDescription } from '../../../core/protocol/answers';
import { settingVariables } from '../../../core/protocol/settings';
import { formatShape } from '../../ui/format';
import { functionalFunctions, tensorMembers, torchFunctions } from './torch-names';

/** A name that can be written at a place of the code. */
export interface Suggestion {
  readonly name: string;
  readonly kind: 'node' | 'gradient' | 'function' | 'attribute' | 'variable';
  /** Shape or parameters. */
  readonly detail: string;
}

/** All names of the session's step that Python code finds there, without the person's own. */
function givenNames(session: SessionDescription): Suggestion[] {
  const { batchSize } = session.settings;
  const nodes = session.nodes.filter(({ kind }) => kind !== 'loss');
  return [
    ...nodes.map(({ name, shape }): Suggestion => ({ name, kind: 'node', detail: formatShape(shape) })),
    { name: 'Xb', kind: 'variable', detail: formatShape([batchSize, 3]) },
    { name: 'Yb', kind: 'variable', detail: formatShape([batchSize]) },
    { name: 'n', kind: 'variable', detail: `${batchSize}` },
    { name: 'vocab_size', kind: 'variable', detail: `${session.dataset.vocabulary.length}` },
    { name: 'torch', kind: 'variable', detail: 'module' },
    { name: 'F', kind: 'variable', detail: 'torch.nn.functional' },
    ...notebookNames(session),
  ];
}

/** What else the notebook has named before its exercises, as `core/python/running/names.py` gives it to the code. */
function notebookNames({ settings, dataset, parameters, parameterCount }: SessionDescription): Suggestion[] {
  const { batchSize } = settings;
  const variable = (name: string, detail: string): Suggestion => ({ name, kind: 'variable', detail });
  const splits = [
    ['tr', dataset.train],
    ['dev', dataset.dev],
    ['te', dataset.test],
  ] as const;
  return [
    variable('loss', formatShape([])),
    variable('parameters', `list of ${parameters.length} tensors`),
    variable('total_parameters', `${parameterCount}`),
    variable('batch_size', `${batchSize}`),
    variable('block_size', '3'),
    variable('n_embd', '10'),
    ...Object.entries(settingVariables(settings)).map(([name, value]) => variable(name, `${value}`)),
    variable('max_steps', 'int'),
    variable('kaiming_initialization', 'float'),
    variable('epsilon_initialization', 'float'),
    variable('ix', formatShape([batchSize])),
    variable('g', 'torch.Generator'),
    variable('words', `list of ${dataset.words}`),
    variable('chars', `list of ${dataset.vocabulary.length - 1}`),
    variable('stoi', 'dict of tokens by character'),
    variable('itos', 'dict of characters by token'),
    ...splits.flatMap(([ending, count]) => [
      variable(`X${ending}`, formatShape([count, 3])),
      variable(`Y${ending}`, formatShape([count])),
    ]),
    { name: 'build_dataset', kind: 'function', detail: '(words)' },
    { name: 'prepare_dataset', kind: 'function', detail: '(words, block_size=3)' },
    variable('random', 'module'),
  ];
}

const members = (table: Readonly<Record<string, string>>): Suggestion[] =>
  Object.entries(table).map(([name, detail]) => ({ name, kind: detail === '' ? 'attribute' : 'function', detail }));

/**
 * What can be written after the dot of `owner`, or, where it is null, as a name of its own: the step's names, the
 * gradient of each node and what the last run left behind.
 */
export function suggest(
  owner: string | null,
  session: SessionDescription | null,
  check: CodeCheck | null,
): readonly Suggestion[] {
  if (owner === 'torch') return members(torchFunctions);
  if (owner === 'F') return members(functionalFunctions);
  if (owner !== null) return members(tensorMembers);
  if (session === null) return [];
  const given = givenNames(session);
  const gradients = session.nodes
    .filter(({ kind }) => kind !== 'loss')
    .map(({ name, shape }): Suggestion => ({ name: `d${name}`, kind: 'gradient', detail: formatShape(shape) }));
  const known = new Set([...given, ...gradients].map(({ name }) => name));
  const own = (check?.names ?? [])
    .filter(({ name }) => !known.has(name))
    .map(({ name, shape }): Suggestion => ({ name, kind: 'variable', detail: formatShape(shape) }));
  return [...given, ...gradients, ...own];
}

/** What is known of a name in the code, for a person who points at it. */
export interface NameFacts {
  readonly name: string;
  readonly shape: string;
  /** What more there is to say, a line each. */
  readonly notes: readonly string[];
}

/** Shape and meaning of a name: of the step where it has that name, otherwise of the last run. Null where nothing is known. */
export function factsOf(name: string, session: SessionDescription | null, check: CodeCheck | null): NameFacts | null {
  if (session === null) return null;
  const nodeNamed = (wanted: string) => session.nodes.find((candidate) => candidate.name === wanted);
  const node = nodeNamed(name);
  if (node !== undefined) return { name, shape: formatShape(node.shape), notes: [formulaOf(node)] };
  const written = check?.names.find((candidate) => candidate.name === name);
  const differentiated = name.startsWith('d') ? nodeNamed(name.slice(1)) : undefined;
  if (differentiated !== undefined) {
    const row = check?.rows.find((candidate) => candidate.node === differentiated.name);
    const wanted = formatShape(differentiated.shape);
    const shape = written === undefined ? 'not written yet' : formatShape(written.shape);
    const notes = [`gradient of ${differentiated.name}, which is ${wanted}`];
    if (row !== undefined && row.verdict !== 'missing') notes.push(`${row.verdict}: ${row.reason}`, ...row.notes);
    return { name, shape, notes };
  }
  if (written !== undefined) return { name, shape: formatShape(written.shape), notes: ['after the last run'] };
  const given = givenNames(session).find((candidate) => candidate.name === name);
  return given === undefined ? null : { name, shape: given.detail, notes: [] };
}

const formulaOf = ({ name, formula }: NodeDescription) => (formula === '' ? `${name} is a parameter` : formula);
