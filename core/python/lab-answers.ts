import * as v from 'valibot';
import { type CodeCheck, codeCheckSchema, pythonErrorSchema, shapeSchema } from '../protocol/check';
import { elementCount, type Shape, sameShape } from '../tensor/shape';
import type { LabInputs } from './lab-inputs';
import type { ManualGradient, ManualGradientsByNode, TrainingInputs } from './lab-service';

/** What is checked: a step and the code. */
export interface CheckRequest {
  readonly inputs: LabInputs;
  readonly code: string;
}

/** What gradients are asked of: a step and the code. */
export interface GradientsRequest {
  readonly inputs: TrainingInputs;
  readonly code: string;
}

/** The shape of each node that a gradient may be of. */
type Shapes = ReadonlyMap<string, Shape>;

// A copy: what is received may share its memory with the rest of a message.
const valuesSchema = v.pipe(
  v.union([v.instance(Float32Array), v.instance(Float64Array)]),
  v.transform((values): ArrayLike<number> => values.slice()),
);
const gradientSchema = v.strictObject({
  shape: shapeSchema,
  /** Row-major; none where the shape is not the node's, since nothing can be done with them. */
  values: valuesSchema,
});
/** By node. A node that no line writes is not there. */
const gradientsSchema = (shapes: Shapes) =>
  v.pipe(
    v.map(v.string(), gradientSchema),
    v.check((gradients) => [...gradients].every(([node, gradient]) => isGradientOf(shapes.get(node), gradient))),
    v.transform((gradients): ManualGradientsByNode => gradients),
  );

function isGradientOf(expected: Shape | undefined, { shape, values }: ManualGradient): boolean {
  if (expected === undefined) return false;
  return values.length === (sameShape(shape, expected) ? elementCount(expected) : 0);
}

/** What a check of this code at this step may answer: no other rows, shapes, nodes and lines than it can have. */
export function labCheckSchema({ inputs, code }: CheckRequest) {
  return v.strictObject({
    check: v.pipe(
      codeCheckSchema,
      v.check((check) => isOfStep(check, inputs)),
      v.check((check) => areLinesOf(code, check)),
    ),
    /** Whether all was looked for; a thorough check may find more where not. */
    isComplete: v.boolean(),
    /** Whether the code was shown autograd's gradients: the interpreter that ran it must run nothing any more. */
    hasSeenAnswers: v.boolean(),
    /** What the plain float32 run gave, of the compared nodes. */
    gradients: gradientsSchema(shapesOf(inputs, inputs.comparedNodes)),
  });
}
export type LabCheck = Readonly<v.InferOutput<ReturnType<typeof labCheckSchema>>>;

/** What this code may give for the parameters at this step. */
export function trainingGradientsSchema({ inputs, code }: GradientsRequest) {
  return v.strictObject({
    /** Null where the code ran to its end. */
    error: v.pipe(
      v.nullable(pythonErrorSchema),
      v.check((error) => isLineOf(code, error?.line ?? null)),
    ),
    gradients: gradientsSchema(shapesOf(inputs, inputs.parameters)),
  });
}
export type TrainingGradients = Readonly<v.InferOutput<ReturnType<typeof trainingGradientsSchema>>>;

/** Whether this is a line of the code, or the one behind its last, at which Python tells of an end that comes too soon. */
export function isLineOf(code: string, line: number | null): boolean {
  return line === null || (line >= 1 && line <= (code.match(/\r\n|\r|\n/g)?.length ?? 0) + 2);
}

function shapesOf(
  { nodes }: { readonly nodes: readonly { readonly name: string; readonly shape: Shape }[] },
  names: readonly string[],
): Shapes {
  const wanted = new Set(names);
  return new Map(nodes.filter(({ name }) => wanted.has(name)).map(({ name, shape }) => [name, shape]));
}

function isOfStep({ step, unjudged, rows, statements, rootCauses }: CodeCheck, inputs: LabInputs): boolean {
  const shapes = shapesOf(inputs, inputs.comparedNodes);
  const asked = inputs.unjudged === null ? inputs.askedNodes : [];
  return (
    step === inputs.step &&
    unjudged?.reason === inputs.unjudged?.reason &&
    unjudged?.step === inputs.unjudged?.step &&
    rows.length === asked.length &&
    rows.every(({ node, shape, worstIndex }, index) => {
      const expected = shapes.get(node);
      const isItsShape = node === asked[index] && expected !== undefined && sameShape(shape, expected);
      return isItsShape && (worstIndex === null || isIndexOf(worstIndex, shape));
    }) &&
    [...statements, ...rootCauses].every(({ node }) => shapes.has(node))
  );
}

function isIndexOf(index: readonly number[], shape: Shape): boolean {
  return index.length === shape.length && index.every((at, dim) => at < shape[dim]);
}

function areLinesOf(code: string, { statements, rows, rootCauses, error }: CodeCheck): boolean {
  const placed = [...statements, ...rows, ...rows.flatMap(({ answers }) => answers), ...rootCauses];
  const lines = new Set([...placed.map(({ line }) => line), error?.line ?? null]);
  return [...lines].every((line) => isLineOf(code, line));
}
