import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OpName, readsOf } from '../../../core/ops/table';
import { unravelIndex } from '../../../core/tensor/shape';
import { newTape } from '../engine';
import { cases } from './op-cases';
import { constantsOf, laidOut, placesOf, positive, spread, twisterOf } from './scenarios';

/** Ops through which of positive numbers a gradient passes to every element that is read, and to no other. */
const names: readonly OpName[] = [
  'matmul',
  'linear',
  'conv1d',
  'conv2d',
  'maxPool1d',
  'maxPool2d',
  'avgPool1d',
  'avgPool2d',
  'diagEmbed',
];

describe.each(names)('%s', (name) => {
  it('says which elements an element of its output is computed from: those that its gradient passes to', () => {
    fc.assert(
      fc.property(cases[name], fc.nat(), fc.nat(), ({ shapes, layouts, record }, seed, pick) => {
        const tape = newTape('float64');
        const twister = twisterOf(seed);
        const inputs = shapes.map((shape, index) => {
          const input = tape.track(laidOut(tape, shape, layouts[index]!));
          const values = spread(input.elements, positive, twister);
          for (const [i, at] of placesOf(input).entries()) input.storage.data[at] = values[i]!;
          return input;
        });
        const output = record(tape, inputs, constantsOf(tape));
        fc.pre(output.elements > 0);
        tape.forward();
        const position = pick % output.elements;
        const gradient = tape.zeros(output.shape);
        gradient.values()[position] = 1;
        const walk = tape.planWalk(new Set(inputs), new Map([[output, gradient]]));
        walk.run();
        const passed = inputs.flatMap((input, which) =>
          Array.from(walk.gradients.get(input)!.values()).flatMap((value, at) =>
            value === 0 ? [] : [`${which}: ${unravelIndex(at, input.shape)}`],
          ),
        );
        const read = readsOf(tape.entries[0]!, unravelIndex(position, output.shape)).map(
          ([input, at]) => `${inputs.indexOf(input)}: ${at}`,
        );
        expect([...new Set(read)].toSorted()).toEqual(passed.toSorted());
      }),
    );
  });
});
