import * as fc from 'fast-check';
import type { Operations } from '../../../../core/graph/operations';
import type { OpName } from '../../../../core/ops/table';
import { type Draft, type Shaped, scenarios } from '../scenarios';

const count = fc.integer({ min: 1, max: 3 });

/** How a window moves over images of so many dimensions, and sizes of an image that it fits. */
const window = (dims: number) =>
  fc
    .array(
      fc.record({
        size: count,
        stride: count,
        pad: fc.nat(2),
        dilation: fc.integer({ min: 1, max: 2 }),
        // Of the image, beyond the least that the window fits.
        more: fc.nat(6),
      }),
      { minLength: dims, maxLength: dims },
    )
    .map((each) => {
      const padding = each.map(({ pad, size }) => Math.min(pad, Math.floor(size / 2)));
      return {
        size: each.map(({ size }) => size),
        stride: each.map(({ stride }) => stride),
        padding,
        dilation: each.map(({ dilation }) => dilation),
        // No shorter than the dilation, so that every place sees something.
        image: each.map(({ size, dilation, more }, dim) =>
          Math.max(dilation, dilation * (size - 1) + 1 - 2 * padding[dim]! + more),
        ),
      };
    });
/** A batch of images, now and then of none, or one image without batch. */
const batch = fc.constantFrom([], [1], [2], [3], [0]);

const convolution = (op: 'conv1d' | 'conv2d', dims: number) =>
  scenarios(
    fc
      .tuple(window(dims), batch, count, count, fc.integer({ min: 1, max: 2 }), fc.boolean())
      .map(([{ size, image, stride, padding, dilation }, samples, channels, filters, groups, hasBias]): Draft => {
        const weight = [filters * groups, channels, ...size];
        const bias = hasBias ? [[filters * groups]] : [];
        return {
          shapes: [[...samples, channels * groups, ...image], weight, ...bias],
          record: (tape, inputs) => tape.apply(op, inputs, { stride, padding, dilation, groups }),
        };
      }),
  );

type Drawn = typeof window extends (dims: number) => fc.Arbitrary<infer Each> ? Each : never;
const pool = (
  dims: number,
  record: <Value extends Shaped>(operations: Operations<Value>, x: Value, drawn: Drawn) => Value,
) =>
  scenarios(
    fc.tuple(window(dims), batch, count).map(
      ([drawn, samples, channels]): Draft => ({
        shapes: [[...samples, channels, ...drawn.image]],
        record: (tape, [x]) => record(tape, x!, drawn),
      }),
    ),
  );
const maxPool = (op: 'maxPool1d' | 'maxPool2d', dims: number) =>
  pool(dims, (tape, x, { size, stride, padding, dilation }) =>
    tape.apply(op, [x], { kernelSize: size, stride, padding, dilation }),
  );
const avgPool = (op: 'avgPool1d' | 'avgPool2d', dims: number) =>
  pool(dims, (tape, x, { size, stride, padding, dilation }) =>
    tape.apply(op, [x], { kernelSize: size, stride, padding, countIncludePad: dilation[0] === 1 }),
  );

/** A way to use each op that moves a window. */
export const windowCases = {
  conv1d: convolution('conv1d', 1),
  conv2d: convolution('conv2d', 2),
  maxPool1d: maxPool('maxPool1d', 1),
  maxPool2d: maxPool('maxPool2d', 2),
  avgPool1d: avgPool('avgPool1d', 1),
  avgPool2d: avgPool('avgPool2d', 2),
} satisfies Partial<Record<OpName, unknown>>;
