import type { LayerDescription, Moments, Verdict } from '../../protocol/answers';
import type { ConditionWordName } from '../../protocol/condition-words';
import { updateToData } from '../../stats/diagnostics';

/** What conditions ask of the present step. */
export interface Facts {
  readonly step: number;
  readonly loss: number;
  readonly learningRate: number;
  value(node: string): Moments;
  gradient(node: string): Moments;
  /** Numbers in the node. */
  elements(node: string): number;
  saturation(node: string): { readonly saturated: number; readonly dead: number };
  /** Whether a value or a gradient of this node, of any for null, is not a number. */
  isNaN(node: string | null): boolean;
  /** Null where there is no check of this step, or none of this node. */
  verdict(node: string): Verdict | null;
}

/** The names that a program has. */
export interface Names {
  readonly nodes: readonly string[];
  readonly parameters: readonly string[];
  readonly layers: readonly LayerDescription[];
}

type Of<Argument, Result> = (facts: Facts, argument: Argument) => Result;

/** What a word stands for; the argument is a node's name, null for `any`, or a number. */
export const meanings = {
  step: (facts: Facts) => facts.step,
  loss: (facts: Facts) => facts.loss,
  learningRate: (facts: Facts) => facts.learningRate,
  mean: (facts: Facts, node: string) => facts.value(node).mean,
  std: (facts: Facts, node: string) => facts.value(node).std,
  min: (facts: Facts, node: string) => facts.value(node).minimum,
  max: (facts: Facts, node: string) => facts.value(node).maximum,
  norm: (facts: Facts, node: string) => norm(facts.value(node), facts.elements(node)),
  gradMean: (facts: Facts, node: string) => facts.gradient(node).mean,
  gradStd: (facts: Facts, node: string) => facts.gradient(node).std,
  gradMin: (facts: Facts, node: string) => facts.gradient(node).minimum,
  gradMax: (facts: Facts, node: string) => facts.gradient(node).maximum,
  gradNorm: (facts: Facts, node: string) => norm(facts.gradient(node), facts.elements(node)),
  saturated: (facts: Facts, node: string) => facts.saturation(node).saturated,
  dead: (facts: Facts, node: string) => facts.saturation(node).dead,
  gradToData: (facts: Facts, node: string) => facts.gradient(node).std / facts.value(node).std,
  updateRatio: (facts: Facts, node: string) =>
    updateToData(facts.learningRate, facts.gradient(node).std, facts.value(node).std),
  isNaN: (facts: Facts, node: string | null) => facts.isNaN(node),
  verdict: (facts: Facts, node: string) => facts.verdict(node),
  abs: (_: Facts, value: number) => Math.abs(value),
  log10: (_: Facts, value: number) => Math.log10(value),
} as const satisfies Readonly<
  Record<
    ConditionWordName,
    Of<never, number> | Of<string, number | Verdict | null> | Of<string | null, boolean> | Of<number, number>
  >
>;

/** √Σ x² of n numbers, from their mean and their unbiased deviation; one number has no deviation. */
function norm({ mean, std }: Moments, elements: number): number {
  return Math.sqrt((elements > 1 ? (elements - 1) * std * std : 0) + elements * mean * mean);
}
