import * as v from 'valibot';

/** A condition, or the message of a log point, may have this many characters. */
export const longestCondition = 500;
/** A session may have this many breakpoints. */
const mostBreakpoints = 200;

const common = {
  /** Given by whoever adds it; it names the breakpoint from then on. */
  id: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e9)),
  isEnabled: v.boolean(),
  /** The first so many hits only count. */
  skip: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e9)),
  /**
   * Null stops at a hit. A text makes it a log point: it is logged instead, with what stands in braces evaluated:
   * `loss {loss} at {step}`.
   */
  log: v.nullable(v.pipe(v.string(), v.maxLength(longestCondition))),
};

const breakpointSchema = v.variant('kind', [
  /** Hit when the node's gradient is computed: the session stops within the step, right there. */
  v.strictObject({ ...common, kind: v.literal('node'), node: v.pipe(v.string(), v.maxLength(64)) }),
  /** Hit at every step at which the condition holds. */
  v.strictObject({
    ...common,
    kind: v.literal('condition'),
    condition: v.pipe(v.string(), v.maxLength(longestCondition)),
  }),
]);
export const breakpointsSchema = v.pipe(v.array(breakpointSchema), v.maxLength(mostBreakpoints));
export type Breakpoint = v.InferOutput<typeof breakpointSchema>;

/** What became of a breakpoint. */
export interface BreakpointState {
  readonly breakpoint: Breakpoint;
  /** Hits since it was set, or since the session began. */
  readonly hits: number;
  /** Why it cannot be hit in this program; null where it can. */
  readonly error: string | null;
}

/** All breakpoints of the session. */
export interface Breakpoints {
  /** Whether they are heeded at all. */
  readonly isActive: boolean;
  readonly states: readonly BreakpointState[];
  /** The one that stopped the session last; null where none did since it began to run. */
  readonly stop: { readonly id: number; readonly step: number; readonly reason: string } | null;
}
