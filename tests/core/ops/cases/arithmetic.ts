import * as fc from 'fast-check';
import { binary, type Draft, nonzero, positive, scenarios, shape, unary, withScalar } from '../scenarios';

/** A way to use each op of the family. */
export const arithmeticCases = {
  add: binary((t, [a, b]) => t.add(a!, b!)),
  subtract: binary((t, [a, b]) => t.subtract(a!, b!)),
  multiply: binary((t, [a, b]) => t.multiply(a!, b!)),
  divide: binary((t, [a, b]) => t.divide(a!, b!), nonzero),
  addScalar: withScalar((t, x, number) => t.add(x, number)),
  multiplyScalar: withScalar((t, x, number) => t.multiply(x, number)),
  divideScalar: withScalar((t, x, number) => t.divide(x, number)),
  power: scenarios(
    fc.tuple(shape, fc.constantFrom(-2, -1.5, -1, -0.5, 0, 0.5, 1, 2, 3)).map(
      ([own, exponent]): Draft => ({
        shapes: [own],
        domain: positive,
        record: (tape, [x]) => tape.power(x!, exponent),
      }),
    ),
  ),
  negate: unary((t, [x]) => t.negate(x!)),
};
