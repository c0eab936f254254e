import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestChains, roundingBound } from '../../../core/gradients/rounding';
import type { Tape } from '../../../core/graph/tape';
import { type OpName, ops } from '../../../core/ops/table';
import type { FloatType } from '../../../core/tensor/arena';
import type { Tensor } from '../../../core/tensor/tensor';
import { newTape, referenceSpace, spaces } from '../engine';
import { cases } from '../ops/op-cases';
import { constantsOf, laidOut, placesOf, type Scenario, twisterOf } from '../ops/scenarios';

/** The others pass nothing back. */
const names = (Object.keys(ops) as OpName[]).filter((name) => {
  const { vjps } = ops[name];
  return typeof vjps === 'function' || vjps.some((vjp) => vjp !== null);
});

interface Recorded {
  readonly tape: Tape;
  readonly leaves: readonly Tensor[];
  readonly output: Tensor;
  /** Σ weight · output, the weights of both signs. */
  readonly loss: Tensor;
}

/** A scenario at a random place, as float32 has it, walked forwards and back. */
function record(
  { shapes, domain, layouts, record: call }: Scenario,
  seed: number,
  dtype: FloatType,
  space: Parameters<typeof newTape>[1] = referenceSpace,
): Recorded {
  const tape = newTape(dtype, space);
  const twister = twisterOf(seed);
  const fraction = () => (twister.next() + 0.5) / 2 ** 32;
  const leaves = shapes.map((shape, index) => {
    const leaf = tape.track(laidOut(tape, shape, layouts[index]!));
    for (const at of placesOf(leaf)) leaf.storage.data[at] = Math.fround(domain(fraction()));
    return leaf;
  });
  const output = call(tape, leaves, constantsOf(tape));
  const weights = tape.zeros(output.shape);
  weights.copyFrom(Array.from({ length: weights.elements }, () => Math.fround(4 * fraction() - 2)));
  const loss = tape.sum(tape.multiply(output, weights));
  tape.planBackward(loss);
  tape.forward();
  tape.backward();
  return { tape, leaves, output, loss };
}

const numbers = (tensor: Tensor) => Array.from(tensor.values());
const largest = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
/** Of each leaf, by walking from where `given` says. */
function walked({ tape, leaves }: Recorded, given: ReadonlyMap<Tensor, Tensor>, isMagnitude: boolean): number[][] {
  const { run, gradients } = tape.planWalk(new Set(leaves), given, isMagnitude);
  run();
  return leaves.map((leaf) => numbers(gradients.get(leaf)!));
}

/** Of each element of each leaf Σ |term|, found term by term: a walk from every element of the output alone. */
function termByTerm(recorded: Recorded, cotangent: Tensor): number[][] {
  const { tape, leaves, output } = recorded;
  const sums = leaves.map((leaf) => new Array<number>(leaf.elements).fill(0));
  const alone = tape.zeros(output.shape);
  const { run, gradients } = tape.planWalk(new Set(leaves), new Map([[output, alone]]));
  for (const [element, value] of numbers(cotangent).entries()) {
    alone.values().fill(0);
    alone.values()[element] = value;
    run();
    for (const [index, leaf] of leaves.entries()) {
      for (const [at, term] of numbers(gradients.get(leaf)!).entries()) sums[index]![at]! += Math.abs(term);
    }
  }
  return sums;
}

/** Each leaf's gradient in float32 is as near to that in float64 as its bound says. */
function expectWithinBounds(scenario: Scenario, seed: number, space: Parameters<typeof newTape>[1]): void {
  const single = record(scenario, seed, 'float32', space);
  const double = record(scenario, seed, 'float64');
  const { tape, loss, leaves } = double;
  const magnitudes = walked(double, new Map([[loss, tape.gradientOf(loss)]]), true);
  const chains = longestChains(tape.entries, loss);
  for (const [index, leaf] of leaves.entries()) {
    const bound = roundingBound(largest(magnitudes[index]!), chains.get(leaf)!).single;
    const exact = numbers(tape.gradientOf(leaf));
    const rounded = numbers(single.tape.gradientOf(single.leaves[index]!));
    expect(largest(rounded.map((value, at) => value - exact[at]!)), `input ${index}`).toBeLessThanOrEqual(bound);
  }
}

describe.each(names)('%s', (name) => {
  it('passes back magnitudes that are never less than those of its terms', () => {
    fc.assert(
      fc.property(cases[name], fc.nat(), (scenario, seed) => {
        const recorded = record(scenario, seed, 'float64');
        const { tape, output } = recorded;
        const cotangent = tape.gradientOf(output);
        const terms = termByTerm(recorded, cotangent);
        const unsigned = tape.zeros(output.shape);
        unsigned.copyFrom(numbers(cotangent).map(Math.abs));
        const magnitudes = walked(recorded, new Map([[output, unsigned]]), true);
        for (const [index, sums] of terms.entries()) {
          for (const [at, sum] of sums.entries()) {
            expect(magnitudes[index]![at], `input ${index}`).toBeGreaterThanOrEqual(sum * (1 - 1e-12));
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it.each(spaces)('differs in float32 by the $build kernels from float64 by no more than its bound', ({ space }) => {
    fc.assert(
      fc.property(cases[name], fc.nat(), (scenario, seed) => {
        expectWithinBounds(scenario, seed, space());
      }),
      { numRuns: 30 },
    );
  });
});

describe('where a function is saturated', () => {
  const saturated = (fraction: number) => (fraction < 0.5 ? -1 : 1) * (2 + 6 * fraction);
  it.each(['tanh', 'sigmoid', 'expm1'] as const)('%s differs in float32 by no more than its bound', (name) => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const scenario: Scenario = {
          shapes: [[3]],
          layouts: ['contiguous'],
          domain: saturated,
          record: (operations, [x]) => operations.apply(name, [x!], {}),
        };
        expectWithinBounds(scenario, seed, referenceSpace);
      }),
    );
  });
});
