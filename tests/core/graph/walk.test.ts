import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../../../core/gradients/random-numbers';
import type { Tape } from '../../../core/graph/tape';
import type { Network } from '../../../core/programs/network';
import { buildNetwork } from '../../../core/programs/registry';
import { defaultSettings } from '../../../core/programs/settings';
import { TorchGenerator } from '../../../core/tensor/generators/torch-generator';
import type { Tensor } from '../../../core/tensor/tensor';
import { newTape } from '../engine';

const vocabularySize = 5;

/** The lecture's network, small, in float64, with forward and backward done. */
function newNetwork(seed: number): { readonly tape: Tape; readonly network: Network } {
  const tape = newTape('float64');
  const settings = { ...defaultSettings('decomposed-mlp'), batchSize: 4, hiddenSize: 3 };
  const network = buildNetwork(tape, settings, vocabularySize);
  for (const [index, { name, tensor }] of network.parameters.entries()) {
    const centre = name === 'bngain' ? 1 : 0;
    tensor.copyFrom(randomNumbers(seed + index, tensor.elements).map((value) => centre + 0.4 * value));
  }
  const generator = new TorchGenerator(seed);
  for (const tokens of [network.contexts, network.targets]) {
    const drawn = new Int32Array(tokens.elements);
    generator.randint(drawn, 0, vocabularySize);
    tokens.copyFrom(drawn);
  }
  tape.forward();
  tape.backward();
  return { tape, network };
}

const { tape, network } = newNetwork(7);
const { loss } = network;
const nodes = network.nodes.filter(({ kind }) => kind !== 'loss');
const intermediates = nodes.filter(({ kind }) => kind === 'intermediate');
const start = () => new Map([[loss, tape.gradientOf(loss)]]);
const numbers = (tensor: Tensor) => Array.from(tensor.values());
const largest = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** Gradients given to tensors: their numbers in tensors of their own. */
function given(cuts: ReadonlyMap<Tensor, ArrayLike<number>>): Map<Tensor, Tensor> {
  const tensors = start();
  for (const [tensor, values] of cuts) {
    const cotangent = tape.zeros(tensor.shape);
    cotangent.copyFrom(values);
    tensors.set(tensor, cotangent);
  }
  return tensors;
}

describe('a walk back from given gradients', () => {
  it('is the whole backward where nothing is cut', () => {
    const { run, gradients } = tape.planWalk(new Set(nodes.map(({ tensor }) => tensor)), start());
    run();
    for (const { name, tensor } of nodes) {
      expect(numbers(gradients.get(tensor)!), name).toEqual(numbers(tape.gradientOf(tensor)));
    }
  });

  it.each(intermediates.map(({ name, tensor }) => ({ name, tensor })))(
    'comes to the same where $name is given its own gradient',
    ({ tensor: cut }) => {
      const cuts = given(new Map([[cut, tape.gradientOf(cut).values()]]));
      const { run, gradients } = tape.planWalk(new Set(nodes.map(({ tensor }) => tensor)), cuts);
      run();
      for (const { name, tensor } of nodes) {
        expect(numbers(gradients.get(tensor)!), name).toEqual(numbers(tape.gradientOf(tensor)));
      }
    },
  );

  it('lets nothing pass beyond what is given: what is only before it gets nothing else', () => {
    const { tensor: hpreact } = network.node('hpreact');
    const zeros = given(new Map([[hpreact, new Float64Array(hpreact.elements)]]));
    const wanted = ['C', 'W1', 'hprebn', 'bngain', 'W2'].map((name) => network.node(name).tensor);
    const { run, gradients } = tape.planWalk(new Set(wanted), zeros);
    run();
    for (const tensor of wanted.slice(0, -1)) expect(largest(numbers(gradients.get(tensor)!))).toBe(0);
    expect(numbers(gradients.get(wanted.at(-1)!)!)).toEqual(numbers(tape.gradientOf(wanted.at(-1)!)));
  });

  it('has nothing for a tensor that the given ones do not depend on', () => {
    const [hpreact, W2] = ['hpreact', 'W2'].map((name) => network.node(name).tensor);
    const cotangent = tape.zeros(hpreact!.shape);
    const { gradients } = tape.planWalk(new Set([W2!]), new Map([[hpreact!, cotangent]]));
    expect(gradients.has(W2!)).toBe(false);
  });

  it('follows the numbers that are given, without being planned anew', () => {
    const { tensor: logits } = network.node('logits');
    const { tensor: b2 } = network.node('b2');
    const cuts = given(new Map([[logits, new Float64Array(logits.elements).fill(1)]]));
    const { run, gradients } = tape.planWalk(new Set([b2]), cuts);
    run();
    expect(numbers(gradients.get(b2)!)).toEqual(numbers(b2).map(() => 4));
    cuts.get(logits)!.values().fill(2);
    run();
    expect(numbers(gradients.get(b2)!)).toEqual(numbers(b2).map(() => 8));
  });
});

/**
 * By how much Σ cotangent · value, over the loss and the cut nodes, changes with one element of a node: each with all cut nodes
 * before it held fast, so that nothing passes beyond them.
 */
function centralDifference(
  wanted: Tensor,
  element: number,
  cuts: ReadonlyMap<Tensor, ArrayLike<number>>,
  before: ReadonlyMap<Tensor, readonly number[]>,
): number {
  const step = 1e-5;
  const totalAt = (moved: number) => {
    let total = 0;
    const move = () => wanted.values().set([moved], element);
    for (const { tensor } of network.parameters) tensor.copyFrom(before.get(tensor)!);
    move();
    for (const { output, forward } of tape.entries) {
      forward();
      if (output === wanted) move();
      const cotangent = cuts.get(output);
      if (cotangent === undefined) continue;
      total += numbers(output).reduce((sum, value, at) => sum + cotangent[at]! * value, 0);
      output.copyFrom(before.get(output)!);
    }
    return total + loss.item();
  };
  const value = before.get(wanted)![element]!;
  const slope = (totalAt(value + step) - totalAt(value - step)) / (2 * step);
  for (const { tensor } of network.parameters) tensor.copyFrom(before.get(tensor)!);
  tape.forward();
  return slope;
}

describe('for any cuts and cotangents', () => {
  const choice = fc.record({
    wanted: fc.constantFrom(...nodes),
    cut: fc.subarray(intermediates, { maxLength: 5 }),
    seed: fc.integer({ min: 0, max: 1e6 }),
    place: fc.double({ min: 0, max: 0.999, noNaN: true }),
  });
  const cutsOf = (wanted: Tensor, cut: typeof intermediates, seed: number) =>
    new Map(
      cut
        .filter(({ tensor }) => tensor !== wanted)
        .map(({ tensor }, index) => [tensor, randomNumbers(seed + index, tensor.elements)] as const),
    );
  const before = new Map([...nodes.map(({ tensor }) => tensor), loss].map((tensor) => [tensor, numbers(tensor)]));

  it('it is the derivative, by central differences', () => {
    fc.assert(
      fc.property(choice, ({ wanted: { tensor: wanted }, cut, seed, place }) => {
        const cuts = cutsOf(wanted, cut, seed);
        const { run, gradients } = tape.planWalk(new Set([wanted]), given(cuts));
        run();
        const walked = gradients.get(wanted);
        const element = Math.floor(place * wanted.elements);
        const expected = centralDifference(wanted, element, cuts, before);
        const scale = Math.max(1, largest(walked === undefined ? [] : numbers(walked)));
        expect(Math.abs((walked?.values()[element] ?? 0) - expected) / scale).toBeLessThan(1e-7);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('the magnitude of its terms is never less than itself', () => {
    fc.assert(
      fc.property(choice, ({ wanted: { tensor: wanted }, cut, seed }) => {
        const cuts = cutsOf(wanted, cut, seed);
        const signed = tape.planWalk(new Set([wanted]), given(cuts));
        signed.run();
        const gradient = numbers(signed.gradients.get(wanted)!);
        const unsigned = given(new Map([...cuts].map(([tensor, values]) => [tensor, values.map(Math.abs)])));
        const walk = tape.planWalk(new Set([wanted]), unsigned, true);
        walk.run();
        const magnitude = numbers(walk.gradients.get(wanted)!);
        for (const [at, value] of gradient.entries()) {
          expect(magnitude[at]).toBeGreaterThanOrEqual(Math.abs(value) * (1 - 1e-12));
        }
      }),
      { numRuns: 60, seed: 2 },
    );
  });
});

it('the magnitude of terms of one sign is their sum itself; of two signs it is more', () => {
  const own = newTape('float64');
  const [x, w] = [own.track(own.zeros([3, 4])), own.track(own.zeros([4, 2]))];
  const total = own.sum(own.exp(own.matmul(x, w)));
  own.planBackward(total);
  const gradientsOf = (isMagnitude: boolean) => {
    own.forward();
    own.backward();
    const walk = own.planWalk(new Set([x, w]), new Map([[total, own.gradientOf(total)]]), isMagnitude);
    walk.run();
    return [x, w].map((tensor) => numbers(walk.gradients.get(tensor)!));
  };
  const fill = (change: (value: number) => number) => {
    for (const [index, tensor] of [x, w].entries())
      tensor.copyFrom(randomNumbers(index, tensor.elements).map((value) => change(0.5 * value)));
  };
  fill(Math.abs);
  expect(gradientsOf(true)).toEqual(gradientsOf(false));
  fill((value) => value);
  const signed = gradientsOf(false);
  const magnitudes = gradientsOf(true);
  for (const [index, values] of signed.entries()) expect(largest(values)).toBeLessThan(largest(magnitudes[index]!));
});
