import * as fc from 'fast-check';
import type { Operations } from '../../../../core/graph/operations';
import type { OpAttributes, OpName } from '../../../../core/ops/table';
import {
  binary,
  broadcastPair,
  type Domain,
  type Draft,
  indices,
  nonzero,
  positive,
  type Shaped,
  scalar,
  scenarios,
  shape,
  signed,
  unary,
} from '../scenarios';

/** Never nearer to a whole number than a fifth. */
const fractional: Domain = (fraction) => Math.floor(6 * fraction) - 3 + 0.2 + 0.6 * ((6 * fraction) % 1);
/** Where inverse functions of sines are smooth. */
const withinOne: Domain = (fraction) => 1.6 * fraction - 0.8;
const aboveOne: Domain = (fraction) => 1.5 + fraction;
const narrow: Domain = (fraction) => 1 + 0.4 * fraction;

/** Ops that take one tensor and nothing else. */
type Plain = { [Name in OpName]: OpAttributes[Name] extends Record<string, never> ? Name : never }[OpName];

const ofOne = (name: Plain, domain: Domain = signed) => unary((t, [x]) => t.apply(name, [x!], {}), domain);
const ofTwo = (name: Plain, domain: Domain = signed) => binary((t, [a, b]) => t.apply(name, [a!, b!], {}), domain);

/** One use of an op that takes a tensor and attributes. */
const withAttributes = <Name extends OpName>(
  name: Name,
  attributes: fc.Arbitrary<OpAttributes[Name]>,
  domain: Domain = nonzero,
) =>
  scenarios(
    fc.tuple(shape, attributes).map(
      ([own, chosen]): Draft => ({
        shapes: [own],
        domain,
        record: (tape, [x]) => tape.apply(name, [x!], chosen),
      }),
    ),
  );

/** Of numbers whose quotient is from 1.07 to 1.9, or the same below 0: never whole. */
const rest = (name: 'remainder' | 'fmod') =>
  scenarios(
    fc.tuple(broadcastPair, fc.constantFrom(1, -1), fc.constantFrom(1, -1)).map(
      ([shapes, signA, signB]): Draft => ({
        shapes,
        domain: narrow,
        record: (t, [a, b]) => t.apply(name, [t.multiply(t.add(a!, 0.5), signA), t.multiply(b!, signB)], {}),
      }),
    ),
  );

/** Two tensors, and a condition of the shape of the first or of the second. */
const byCondition = (
  call: <Value extends Shaped>(operations: Operations<Value>, a: Value, b: Value, condition: Value) => Value,
) =>
  scenarios(
    fc.tuple(broadcastPair, fc.array(fc.nat(1), { minLength: 256, maxLength: 256 }), fc.boolean()).map(
      ([[a, b], drawn, isOfFirst]): Draft => ({
        shapes: [a, b],
        record: (tape, [x, y], constant) => call(tape, x!, y!, indices(constant, isOfFirst ? a : b, 2, drawn)),
      }),
    ),
  );

/** An op through which no gradient passes, of two tensors or one: its cases only show that it is there. */
const discrete = (name: Plain) => ofTwo(name);
const predicate = (name: Plain) => ofOne(name);

/** A way to use each op of the family. */
export const elementwiseCases = {
  subtractFromScalar: withAttributes('subtractFromScalar', fc.record({ scalar })),
  exp2: ofOne('exp2'),
  expm1: ofOne('expm1'),
  log2: ofOne('log2', positive),
  log10: ofOne('log10', positive),
  log1p: ofOne('log1p', withinOne),
  rsqrt: ofOne('rsqrt', positive),
  reciprocal: ofOne('reciprocal', nonzero),
  erf: ofOne('erf'),
  erfc: ofOne('erfc'),
  sin: ofOne('sin'),
  cos: ofOne('cos'),
  tan: ofOne('tan', withinOne),
  asin: ofOne('asin', withinOne),
  acos: ofOne('acos', withinOne),
  atan: ofOne('atan'),
  sinh: ofOne('sinh'),
  cosh: ofOne('cosh'),
  asinh: ofOne('asinh'),
  acosh: ofOne('acosh', aboveOne),
  atanh: ofOne('atanh', withinOne),
  abs: ofOne('abs', nonzero),
  sign: ofOne('sign', nonzero),
  floor: ofOne('floor', fractional),
  ceil: ofOne('ceil', fractional),
  trunc: ofOne('trunc', fractional),
  round: ofOne('round', (fraction) => fractional(fraction) + 0.5),
  relu: ofOne('relu', nonzero),
  leakyRelu: withAttributes('leakyRelu', fc.record({ negativeSlope: fc.constantFrom(0, 0.01, 0.2) })),
  gelu: withAttributes('gelu', fc.record({ approximate: fc.constantFrom('none', 'tanh') }), signed),
  sigmoid: ofOne('sigmoid'),
  silu: ofOne('silu'),
  softplus: withAttributes('softplus', fc.record({ beta: scalar, threshold: fc.constantFrom(20, 30) }), signed),
  elu: withAttributes('elu', fc.record({ alpha: fc.constantFrom(0.5, 1, 1.7) })),
  clamp: withAttributes(
    'clamp',
    fc.constantFrom({ min: -0.77, max: 0.77 }, { min: null, max: 0.77 }, { min: -0.77, max: null }),
    (fraction) => nonzero(fraction) * (nonzero(fraction) ** 2 < 1 ? 0.5 : 1.5),
  ),
  maximum: ofTwo('maximum'),
  minimum: ofTwo('minimum'),
  where: byCondition((t, a, b, condition) => t.apply('where', [condition, a, b], {})),
  maskedFill: byCondition((t, x, y, mask) => t.add(t.apply('maskedFill', [x, mask], { value: 0.3 }), y)),
  floorDivide: discrete('floorDivide'),
  remainder: rest('remainder'),
  fmod: rest('fmod'),
  atan2: ofTwo('atan2', nonzero),
  hypot: ofTwo('hypot', nonzero),
  logaddexp: ofTwo('logaddexp'),
  xlogy: ofTwo('xlogy', positive),
  powerTensor: ofTwo('powerTensor', positive),
  powerOfScalar: withAttributes('powerOfScalar', fc.record({ scalar: fc.constantFrom(0.3, 1, 2.5) })),
  equal: discrete('equal'),
  notEqual: discrete('notEqual'),
  less: discrete('less'),
  lessEqual: discrete('lessEqual'),
  greater: discrete('greater'),
  greaterEqual: discrete('greaterEqual'),
  isnan: predicate('isnan'),
  isinf: predicate('isinf'),
  isfinite: predicate('isfinite'),
  logicalNot: predicate('logicalNot'),
  logicalAnd: discrete('logicalAnd'),
  logicalOr: discrete('logicalOr'),
  logicalXor: discrete('logicalXor'),
  bitwiseAnd: discrete('bitwiseAnd'),
  bitwiseOr: discrete('bitwiseOr'),
  bitwiseXor: discrete('bitwiseXor'),
};
