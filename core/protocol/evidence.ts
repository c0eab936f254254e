import * as v from 'valibot';
import { verdicts } from './answers';
import { builtInBackwards, maximumCodeLength, maximumSteps } from './commands';
import { ratesSchema, savedSettingsSchema } from './settings';

/** The version that is written. */
export const evidenceVersion = 2;
/**
 * The versions that are read. In version 1 a row could be `vacuous`: of the right value, with the formula left undecided.
 * Now it is one of `exact`, `rounding` and `masked`, and each of them confirms the claim.
 */
const readVersions = [1, evidenceVersion] as const;
/** A check's words in evidence of any version that is read. */
const claimedVerdicts = [...verdicts, 'vacuous'] as const;
export type ClaimedVerdict = (typeof claimedVerdicts)[number];
/** An evidence file may have this many bytes: 4 MiB. */
export const maximumEvidenceBytes = 4 * 2 ** 20;

const nodeName = v.pipe(v.string(), v.maxLength(64));
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(maximumSteps));

/**
 * What somebody claims of one step of a run, with all that is needed to do it again: `chainrule verify` does, and compares.
 */
export const evidenceSchema = v.strictObject({
  format: v.literal('chainrule-evidence'),
  version: v.picklist(readVersions),
  data: v.strictObject({
    name: v.pipe(v.string(), v.maxLength(1024)),
    words: whole,
    /** SHA-256 of the words, joined by line feeds. */
    sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  }),
  /** Those of the beginning, seed and arithmetic among them. */
  settings: savedSettingsSchema,
  /** Changes of the learning rate on the way, in the order of their steps. */
  changes: v.pipe(v.array(v.strictObject({ step: whole, rates: ratesSchema })), v.maxLength(1000)),
  step: whole,
  loss: v.nullable(v.number()),
  /** What was checked: a built-in backward, perhaps with a mistake planted in it, or a person's own code. */
  backward: v.variant('kind', [
    v.strictObject({
      kind: v.literal('builtIn'),
      name: v.picklist(builtInBackwards),
      mistake: v.nullable(v.pipe(v.string(), v.maxLength(64))),
    }),
    v.strictObject({
      kind: v.literal('code'),
      code: v.pipe(v.string(), v.maxLength(maximumCodeLength)),
      /** The nodes that were asked for; left out where all were. */
      only: v.optional(v.pipe(v.array(nodeName), v.maxLength(1000))),
    }),
  ]),
  /** In the notebook's order. */
  verdicts: v.pipe(
    v.array(
      v.strictObject({
        node: nodeName,
        verdict: v.picklist(claimedVerdicts),
        exact: v.boolean(),
        approximate: v.boolean(),
        /** Null where there is nothing to compare, or it is not a number. */
        maxdiff: v.nullable(v.number()),
      }),
    ),
    v.maxLength(1000),
  ),
  /** The first node that is not right by itself; null where none is. */
  firstBadNode: v.nullable(nodeName),
});
export type Evidence = v.InferOutput<typeof evidenceSchema>;
