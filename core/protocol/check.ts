import * as v from 'valibot';
import type { BackwardName } from './commands';

/** A text of a check has this many characters at most: a reason, a note, an error's message, a line of the code. */
export const longestText = 2000;
/** What the code printed has this many at most. */
export const longestOutput = 25_000;
/** A list in a check has this many entries at most. */
export const mostEntries = 1000;
/** A shape has this many dimensions at most, as in PyTorch. */
export const mostDimensions = 64;

const text = (longest = longestText) => v.pipe(v.string(), v.maxLength(longest));
const list = <Item extends v.GenericSchema>(item: Item, most = mostEntries) =>
  v.pipe(v.array(item), v.maxLength(most), v.readonly());
const whole = (least: number, most = Number.MAX_SAFE_INTEGER) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most));
/** A size of something: perhaps infinite, or not a number. */
const magnitude = v.union([v.pipe(v.number(), v.minValue(0)), v.nan()]);
/** A line of the code, 1-based; null where it is known of none. */
const line = v.nullable(whole(1));

export const shapeSchema = list(whole(0), mostDimensions);

/**
 * A check's words on a gradient. `exact` bit for bit autograd's; `rounding` differs only as float32 rounds; `masked` has the
 * right value, but not the right formula; `wrong` neither; `inherited` the right formula, but what it reads is not right;
 * `copied` is computed from autograd's answer; `missing` is not written; `shape` does not fit the node.
 */
export const verdicts = ['exact', 'rounding', 'masked', 'wrong', 'inherited', 'copied', 'missing', 'shape'] as const;
export type Verdict = (typeof verdicts)[number];

/** Whether a gradient of this verdict is right: by its value and by its formula. */
export function isRight(verdict: Verdict | undefined): boolean {
  return verdict === 'exact' || verdict === 'rounding';
}

const statementSchema = v.strictObject({
  /** 1-based line of the listing. */
  line: whole(1),
  /** The node whose gradient it writes. */
  node: text(),
  /** The line in the notebook's Python. */
  formula: text(),
  /** Whether the planted mistake stands here. */
  mistaken: v.boolean(),
});
/** One line of a hand-written backward pass. */
export type StatementDescription = Readonly<v.InferOutput<typeof statementSchema>>;

/** The hand-written backward that is being checked. */
export interface BackwardDescription {
  readonly backward: BackwardName;
  readonly mistake: string | null;
  readonly statements: readonly StatementDescription[];
}

const rowAnswerSchema = v.strictObject({
  /** Line of the code that completes it; null where that is not known. */
  line,
  verdict: v.picklist(verdicts),
  reason: text(),
});

const checkRowSchema = v.strictObject({
  node: text(),
  shape: shapeSchema,
  /** Bit for bit equal, as `torch.all(dt == t.grad)`. */
  exact: v.boolean(),
  /** `torch.allclose` with rtol 1e-5 and atol 1e-8. */
  approximate: v.boolean(),
  /** Largest absolute difference. NaN where an element is. */
  maxdiff: v.nullable(magnitude),
  /** The largest difference that float32 can make in this computation by rounding; null where it was not needed. */
  bound: v.nullable(magnitude),
  /** Largest distance in float32 units in the last place. */
  maxUlp: v.nullable(magnitude),
  /** Where the largest difference is. */
  worstIndex: v.nullable(shapeSchema),
  verdict: v.picklist(verdicts),
  /** Why this verdict, in one sentence. */
  reason: text(),
  /** Line of the person's code that last writes this gradient; null without one. */
  line,
  /** What else is to be known of it, a sentence each: under which name it was found, what of its shape is let pass. */
  notes: list(text()),
  /** Every answer that the code gives for the node, where it gives several; the row is of the first that is not right. */
  answers: list(rowAnswerSchema),
});
/**
 * A check's word on one node. Figures are null where there is nothing to compare (missing); for a shape that is not the
 * node's they are what the notebook's `cmp` prints, which broadcasts.
 */
export type CheckRow = Readonly<v.InferOutput<typeof checkRowSchema>>;

const unjudgedSchema = v.strictObject({
  /** "The run has diverged: …". */
  reason: text(),
  /** The last step that can judge; null where none is known. */
  step: v.nullable(whole(0)),
});
/** Why nothing can be judged at this step, and where it can. */
export type Unjudged = Readonly<v.InferOutput<typeof unjudgedSchema>>;

const rootCauseSchema = v.strictObject({
  node: text(),
  /** Line of the code, 1-based, that is to blame; null where a line is missing. */
  line,
  /** Name of the mistake in the catalogue; null where none explains the difference. */
  mistake: v.nullable(text(64)),
  /** One sentence: "line 17 divides by n; the forward pass divided by n−1". */
  explanation: text(),
});
/** A formula that is wrong by itself, as the lab tells it. */
export type RootCause = Readonly<v.InferOutput<typeof rootCauseSchema>>;

export const pythonErrorSchema = v.strictObject({
  /** "NameError". */
  type: text(),
  message: text(),
  /** 1-based; null where it is in no line of the code. */
  line,
});
/** Python's own error. */
export type PythonError = Readonly<v.InferOutput<typeof pythonErrorSchema>>;

export interface Check extends BackwardDescription {
  readonly step: number;
  /** Not null where this step can judge nothing: then no row is right. */
  readonly unjudged: Unjudged | null;
  /** In the notebook's order. */
  readonly rows: readonly CheckRow[];
}

export const codeCheckSchema = v.strictObject({
  backward: v.literal('python'),
  mistake: v.null(),
  statements: list(statementSchema),
  step: whole(0),
  unjudged: v.nullable(unjudgedSchema),
  rows: list(checkRowSchema),
  rootCauses: list(rootCauseSchema),
  /** False while formulas are still being judged by their terms: a row that is right now may yet turn out to be masked. */
  isJudgedByTerms: v.boolean(),
  /**
   * The other points at which formulas were judged: seeds, which follow from the session's and from the code itself, and the
   * examples in each batch.
   */
  judgedAt: list(v.strictObject({ seed: whole(0, 2 ** 32 - 1), batchSize: whole(1, 2 ** 16) }), 16),
  /** Whether every known mistake was tried on every wrong formula, or only as many as the search may try. */
  search: v.picklist(['complete', 'cut']),
  /** What was done to the code or taken for granted, a sentence each: magics left out, gradients given, modules that draw nothing. */
  notes: list(text()),
  /** Null where the code ran to its end. Rows whose gradient was written before are compared all the same. */
  error: v.nullable(pythonErrorSchema),
  /** What the code printed. */
  output: text(longestOutput),
  /** Shape of every name after the run, for hovering. */
  names: list(v.strictObject({ name: text(), shape: shapeSchema })),
  /** What the check took. */
  milliseconds: v.pipe(v.number(), v.finite(), v.minValue(0)),
});
/** The check of a person's own code. */
export type CodeCheck = Readonly<v.InferOutput<typeof codeCheckSchema>>;
