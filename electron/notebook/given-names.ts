import { manualBackwardOf } from '../../core/programs/registry';
import { defaultSettings, settingVariables } from '../../core/programs/settings';
import { drawsLots } from './purposes';
import type { Statement } from './statements';

/** What the lab gives to the code without its doing, by the notebook's names. */
export interface GivenNames {
  /** The forward pass: every node, parameters included, the loss and the minibatch. */
  readonly forward: ReadonlySet<string>;
  /** All others: sizes, settings, the data set, torch. */
  readonly others: ReadonlySet<string>;
}

const others = `torch F n n_embd block_size batch_size vocab_size max_steps parameters g ix
  words chars stoi itos n1 n2 Xtr Ytr Xdev Ydev Xte Yte build_dataset prepare_dataset random total_parameters
  kaiming_initialization epsilon_initialization`;

/** What the lab gives to a backward pass of `decomposed-mlp`. */
export const givenNames: GivenNames = {
  forward: new Set([...(manualBackwardOf('decomposed-mlp')?.comparedNodes ?? []), 'loss', 'Xb', 'Yb']),
  others: new Set([...others.split(/\s+/), ...Object.keys(settingVariables(defaultSettings('decomposed-mlp')))]),
};

/** Python's own names that code may read without defining them. */
export const pythonNames: ReadonlySet<string> = new Set(
  `__name__ abs all any ascii bin bool bytearray bytes callable chr classmethod complex dict dir display divmod enumerate
  eval exec filter float format frozenset getattr globals hasattr hash hex id input int isinstance issubclass iter len list
  locals map max memoryview min next object oct open ord pow print property range repr reversed round set setattr slice
  sorted staticmethod str sum super tuple type vars zip get_ipython AssertionError AttributeError Exception IndexError
  KeyError NameError NotImplementedError RuntimeError StopIteration TypeError ValueError ZeroDivisionError`.split(
    /\s+/,
  ),
);

/** What people call the sizes, without what separates words. */
const sizes: Readonly<Record<string, RegExp>> = {
  n_hidden: /^(?:n|num)?hidden(?:s|size|dim|layersize|units|neurons)?$/,
  n_embd: /^(?:(?:n|num)emb(?:d|s|eddings?)?|(?:emb|embd|embed|embedding)(?:dims?|size))$/,
  block_size: /^(?:block|context)(?:size|length|len)$/,
  batch_size: /^(?:(?:mini)?batchsize|bs)$/,
  vocab_size: /^(?:vocab|vocabulary)(?:size|len)$/,
};

/** The size that a name of the person's own means: `HIDDEN_SIZE` is `n_hidden`. Null where it means none. */
function meantSize(name: string): string | null {
  const plain = name.toLowerCase().replaceAll('_', '');
  return Object.entries(sizes).find(([, pattern]) => pattern.test(plain))?.[0] ?? null;
}

/**
 * The parameter or half of the minibatch that a name of the person's own surely means: `batch_norm_gain` is `bngain`,
 * `Y_batch` is `Yb`. Null where none is sure.
 */
export function meantName(name: string, { forward }: GivenNames): string | null {
  const plain = plainOf(name);
  for (const given of forward) if (plainOf(given) === plain) return given;
  return null;
}

function plainOf(name: string): string {
  // A single letter is another one in the other case.
  const plain = (name.length === 1 ? name : name.toLowerCase())
    .replaceAll('_', '')
    .replace(/batchnorm|^norm(?=gain|bias|gamma|beta)/, 'bn')
    .replace(/gamma|scale/, 'gain')
    .replace(/beta|shift/, 'bias')
    .replace(/weights?/, 'w');
  return plain.replace(/^([xy])(?:minibatch|batch|mb)$/, '$1b').replace(/^(?:mini)?batch([xy])$/, '$1b');
}

const targets = /^([\w\s,]+?)=(?!=)/;
/** `X[ix]`: the part of a data set that an index picks. */
const picked = /\[\s*(?:\w*ix\w*|\w*idx\w*|\w*ind\w*|batch\w*|perm\w*)\b/;

/**
 * An assignment of a size, of a parameter or of the minibatch to a name of the person's own, in the lab's words: in place
 * of `gamma = torch.randn(…)`, `gamma = bngain`. Null for all else.
 */
export function inGivenWords({ kind, use, text }: Statement, given: GivenNames): string | null {
  if (kind !== 'AssignStatement') return null;
  const names = targets.exec(text)?.[1]?.split(',') ?? [];
  const own = names.map((name) => name.trim());
  const size = own.length === 1 ? meantSize(own[0] ?? '') : null;
  if (size !== null) return `${own[0]} = ${size}`;
  const isParameter = drawsLots(use) || use.calls.has('torch.ones') || use.calls.has('torch.zeros');
  if (own.length === 0 || !(isParameter || picked.test(text))) return null;
  const meant = own.map((name) => meantName(name, given));
  return meant.every((name) => name !== null) ? `${own.join(', ')} = ${meant.join(', ')}` : null;
}
