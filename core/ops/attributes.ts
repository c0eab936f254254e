import * as v from 'valibot';

// What the attributes of ops are made of. Schemas are asked for attributes that come from others, when a graph is read; what
// the code itself calls an op with, its types and `shape` see to.

/** What a schema's attributes are. */
export type AttributesOf<Schema extends v.GenericSchema> = Readonly<v.InferOutput<Schema>>;

/** Of a tensor, and so of most lists. */
export const mostDimensions = 16;

const numberTexts = ['NaN', 'Infinity', '-Infinity', '-0'] as const;

/** A number of any kind, or the text that stands for it where JSON has no form for it. */
export const number = v.union(
  [v.number(), v.nan(), v.pipe(v.picklist(numberTexts), v.transform(Number))],
  'Expected a number',
);

/** A number as JSON can say it: a text where it is not finite, or −0, whose sign JSON would lose. `number` reads it. */
export function numberToJson(value: number): number | string {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}

export const finite = v.pipe(number, v.finite());
/** A whole number: a size, a dimension, a position. */
export const whole = v.pipe(number, v.safeInteger());
/** A whole number from 0 on. */
const count = v.pipe(whole, v.minValue(0));

/** As many whole numbers as there may be dimensions. */
export const wholes = v.pipe(v.array(whole), v.maxLength(mostDimensions), v.readonly());

/** Of an op that takes nothing besides tensors. */
export const noAttributes = v.record(v.string(), v.never());
export type None = AttributesOf<typeof noAttributes>;

export const scalarAttributes = v.strictObject({ scalar: number });

/** Some ops infer a size of −1. */
export const shapeAttributes = v.strictObject({ shape: wholes });

export const dimAttributes = v.strictObject({
  /** Counted from the end where negative. */
  dim: whole,
});
export type DimAttributes = AttributesOf<typeof dimAttributes>;

export const reductionAttributes = v.strictObject({
  /** The dimensions to reduce, counted from the end where negative; null, or an empty list, for all. */
  dim: v.nullable(v.union([whole, wholes])),
  keepdim: v.boolean(),
});
export type ReductionAttributes = AttributesOf<typeof reductionAttributes>;

/** Rows of a large batch. */
const longestRange = 2 ** 24;
const bound = v.nullable(whole);
/** One item of an index: an `IndexItem`. */
const indexItem = v.variant('kind', [
  v.strictObject({ kind: v.literal('new') }),
  v.strictObject({ kind: v.literal('rest') }),
  v.strictObject({ kind: v.literal('position'), position: whole }),
  v.strictObject({ kind: v.literal('slice'), start: bound, stop: bound, step: bound }),
  v.pipe(
    v.strictObject({ kind: v.literal('range'), start: whole, stop: whole, step: whole }),
    v.check(
      ({ start, stop, step }) => step !== 0 && (stop - start) / step <= longestRange,
      'A range must come to an end',
    ),
  ),
  v.strictObject({ kind: v.literal('tensor'), tensor: count }),
]);

export const indexAttributes = v.strictObject({
  /**
   * What stands between the brackets of `x[…]`; its tensors are the inputs that follow the others. At most an item for each
   * dimension, as many new ones, and a rest.
   */
  index: v.pipe(v.array(indexItem), v.maxLength(2 * mostDimensions + 1), v.readonly()),
});
export type IndexAttributes = AttributesOf<typeof indexAttributes>;
