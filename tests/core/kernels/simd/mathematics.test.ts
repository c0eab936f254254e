import { describe, expect, it } from 'vitest';
import { ulpDistance } from '../../../../core/gradients/ulp';
import { Tensor } from '../../../../core/tensor/tensor';
import { compiledSpace } from '../../engine';

/** float32 numbers at a time. */
const chunk = 1 << 16;
/** Every 401st of all 2^32 bit patterns: more than ten million inputs, of every exponent and either sign. */
const stride = 401;

/** Size of a unit in the last place of the float32 numbers around `value`. */
function unitOf(value: number): number {
  const magnitude = Math.abs(value);
  if (magnitude < 2 ** -126) return 2 ** -149;
  return 2 ** (Math.floor(Math.log2(magnitude)) - 23);
}

const builds = [
  { build: 'plain', ...compiledSpace('reproducible') },
  { build: 'relaxed', ...compiledSpace('fast') },
];

describe.each(builds)('$build kernels', ({ kernels, newArena }) => {
  const arena = newArena();
  const x = Tensor.zeros(arena, 'float32', [chunk]);
  const out = Tensor.zeros(arena, 'float32', [chunk]);

  /** Largest distances are what this prints, too: they are stated in `assembly/mathematics.ts`. */
  it.each(['exp', 'log', 'tanh'] as const)('%s is at most 2 ulp off over ten million inputs', (name) => {
    const kernel = kernels.unary(name, out, x);
    const exact = Math[name];
    let worst = 0;
    let inputs = 0;
    const bits = new Uint32Array(chunk);
    const values = new Float32Array(bits.buffer);
    for (let next = 0; next < 2 ** 32; ) {
      for (let i = 0; i < chunk; i++, next += stride) bits[i] = next;
      x.copyFrom(values);
      kernel();
      const results = out.values();
      for (let i = 0; i < chunk; i++) {
        const expected = exact(values[i]!);
        const actual = results[i]!;
        const rounded = Math.fround(expected);
        if (Number.isNaN(expected) || !Number.isFinite(rounded) || !Number.isFinite(actual)) {
          // At the border of overflow one of the two may be the largest number.
          if (ulpDistance(actual, rounded) > 1) throw new Error(`${name}(${values[i]}) is ${actual}, not ${rounded}`);
          continue;
        }
        const distance = Math.abs(actual - expected) / unitOf(expected);
        if (distance > worst) worst = distance;
      }
      inputs += chunk;
    }
    console.log(`${name}: ${worst.toFixed(2)} ulp at most, over ${inputs} inputs`);
    expect(inputs).toBeGreaterThan(10_000_000);
    expect(worst).toBeLessThan(2);
    expect(worst).toBeGreaterThan(0.4);
  });

  const special = [
    0,
    -0,
    Infinity,
    -Infinity,
    Number.NaN,
    1,
    2 ** -149,
    -(2 ** -149),
    2 ** -126,
    3.4028234663852886e38,
  ];
  it.each(['exp', 'log', 'tanh'] as const)('%s of special values is what IEEE 754 and C say', (name) => {
    const few = Tensor.zeros(arena, 'float32', [special.length]);
    few.copyFrom(special);
    kernels.unary(name, few, few)();
    for (const [i, value] of special.entries()) {
      const expected = Math.fround(Math[name](Math.fround(value)));
      expect(ulpDistance(few.values()[i]!, expected), `${name}(${value})`).toBeLessThanOrEqual(1);
      if (name === 'tanh' && value === 0) expect(few.values()[i]).toBe(value);
    }
  });
});
