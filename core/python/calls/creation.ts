import { conversion, type ElementType } from '../../ops/types';
import { type GeneratorState, TorchGenerator } from '../../tensor/generators/torch-generator';
import { elementCount } from '../../tensor/shape';
import { PythonException } from '../python-exception';
import { elementsOf, type TensorTable, type TypedTensor } from '../tensor-table';
import { type Call, type Calls, done, numberOf, numbersOf, type Parameter, tensorOf, typeOf } from './call';
import { computed } from './computed';

/** The sizes of a shape. @throws PythonException where one is negative. */
function sizesOf(shape: Parameter): number[] {
  const sizes = numbersOf(shape);
  const negative = sizes.find((size) => size < 0);
  if (negative === undefined) return sizes;
  throw new PythonException(
    'RuntimeError',
    `Trying to create tensor with negative dimension ${negative}: [${sizes.join(', ')}]`,
  );
}

/** A tensor whose element `i`, in row-major order, is `value(i)`. */
function filled(table: TensorTable, shape: Parameter, type: Parameter, value: (index: number) => number): TypedTensor {
  const out = table.allocate(typeOf(table, type), sizesOf(shape));
  const { data } = out.tensor.storage;
  const count = elementCount(out.tensor.shape);
  for (let i = 0; i < count; i++) data[i] = value(i);
  return out;
}

function full(table: TensorTable, shape: Parameter, named: Parameter, literal: Parameter): TypedTensor {
  const type = typeOf(table, named);
  const scalar = fitting(type)(numberOf(String(literal)));
  return computed(table, 'full', [], { shape: sizesOf(shape), scalar }, { type });
}

/** What makes a number one of the type. */
const fitting = (type: ElementType) => conversion(type, 'float64') ?? ((value: number) => value);

/** @param values `1.0,2.0,inf`, in row-major order. */
function fromNumbers(table: TensorTable, shape: Parameter, type: Parameter, values: Parameter): TypedTensor {
  const text = String(values);
  const convert = fitting(typeOf(table, type));
  let next = 0;
  // One after the other: a list of so many texts would take far more than the numbers do.
  return filled(table, shape, type, () => {
    const start = next;
    const comma = text.indexOf(',', start);
    next = comma === -1 ? text.length + 1 : comma + 1;
    return convert(numberOf(text.slice(start, next - 1)));
  });
}

function arange(table: TensorTable, type: Parameter, start: Parameter, end: Parameter, step: Parameter): TypedTensor {
  const [from, to, by] = [start, end, step].map((literal) => numberOf(String(literal)));
  if (by === 0) throw new PythonException('RuntimeError', 'step must be nonzero');
  if ((to - from) / by < 0) {
    throw new PythonException('RuntimeError', 'upper bound and larger bound inconsistent with step sign');
  }
  return filled(table, Math.ceil((to - from) / by), type, (index) => from + index * by);
}

function linspace(table: TensorTable, start: Parameter, end: Parameter, steps: Parameter): TypedTensor {
  const [from, to] = [start, end].map((literal) => numberOf(String(literal)));
  const last = Number(steps) - 1;
  const step = last > 0 ? (to - from) / last : 0;
  // From both ends, as PyTorch does, so that the last number is exact.
  return filled(table, steps, 'float', (index) =>
    index < (last + 1) / 2 ? from + index * step : to - (last - index) * step,
  );
}

function eye(table: TensorTable, type: Parameter, rows: Parameter, columns: Parameter): TypedTensor {
  const width = Number(columns);
  return filled(table, `${rows},${columns}`, type, (index) => (Math.floor(index / width) === index % width ? 1 : 0));
}

/** Whole numbers as one-hot rows. */
function oneHot(table: TensorTable, handle: Parameter, classes: Parameter): TypedTensor {
  const x = tensorOf(table, handle);
  if (x.type !== 'int64') {
    throw new PythonException('RuntimeError', 'one_hot is only applicable to index tensor.');
  }
  const values = elementsOf(x);
  const largest = values.reduce((most, value) => Math.max(most, value), -1);
  if (values.some((value) => value < 0)) {
    throw new PythonException('RuntimeError', 'Class values must be non-negative.');
  }
  if (values.length === 0 && Number(classes) <= 0) {
    throw new PythonException('RuntimeError', 'Can not infer total number of classes from empty tensor.');
  }
  const count = Number(classes) === -1 ? largest + 1 : Number(classes);
  if (largest >= count) {
    throw new PythonException('RuntimeError', 'Class values must be smaller than num_classes.');
  }
  return computed(table, 'oneHot', [x], { classes: count }, { type: 'int64' });
}

/** A generator's state as the text by which `resume` goes on from it; Python hands it through. */
export function generatorText({ twister: { words, drawn }, nextNormal }: GeneratorState): string {
  return JSON.stringify([drawn, nextNormal, ...words]);
}

function generatorFromText(text: string): TorchGenerator {
  const [drawn, nextNormal, ...words] = JSON.parse(text) as [number, number | null, ...number[]];
  return TorchGenerator.fromState({ twister: { words: Uint32Array.from(words), drawn }, nextNormal });
}

/** Of each category while one is drawn: its place among others, sorted by a comparison. */
const bytesOfCategory = 32;

/** @throws PythonException in PyTorch's words where the probabilities are none. */
function drawCategories(generator: TorchGenerator, probabilities: Float32Array, count: number, replacement: boolean) {
  if (probabilities.some((probability) => !(probability >= 0 && probability < Number.POSITIVE_INFINITY))) {
    throw new PythonException('RuntimeError', 'probability tensor contains either `inf`, `nan` or element < 0');
  }
  if (probabilities.every((probability) => probability === 0)) {
    throw new PythonException('RuntimeError', 'invalid multinomial distribution (sum of probabilities <= 0)');
  }
  return replacement && count > 1
    ? generator.multinomialWithReplacement(probabilities, count)
    : generator.multinomialWithoutReplacement(probabilities, count);
}

/** Random draws of PyTorch's own streams. A seed starts a generator; the generators live as long as the table's run. */
export function randomCalls(): Calls {
  const generators = new Map<number, TorchGenerator>();
  const generatorOf = (id: Parameter) => {
    const generator = generators.get(Number(id));
    if (generator === undefined) throw new PythonException('RuntimeError', 'This generator is of an earlier run.');
    return generator;
  };
  /** A tensor of draws, which PyTorch makes in float32. */
  const drawn = (draw: (generator: TorchGenerator, target: Float32Array) => void): Call => {
    return (table, id, shape) => {
      const out = filled(table, shape, 'float', () => 0);
      table.memory.take(out.tensor.elements * 4);
      const target = new Float32Array(out.tensor.elements);
      draw(generatorOf(id), target);
      out.tensor.values().set(target);
      return out;
    };
  };
  return {
    /** @param id What Python calls the generator by. */
    seed(_, id, seed) {
      const value = Number(seed);
      if (!Number.isSafeInteger(value) || value < 0) {
        throw new PythonException('ValueError', `A seed is a whole number from 0 to 2^53 - 1, not ${seed}.`);
      }
      generators.set(Number(id), new TorchGenerator(value));
      return done;
    },
    /** @param state See `generatorText`. */
    resume(_, id, state) {
      generators.set(Number(id), generatorFromText(String(state)));
      return done;
    },
    forget(_, id) {
      generators.delete(Number(id));
      return done;
    },
    randn: drawn((generator, target) => generator.randn(target)),
    rand: drawn((generator, target) => generator.rand(target)),
    randint(table, id, shape, low, high) {
      const [from, to] = [Number(low), Number(high)];
      if (from >= to) {
        throw new PythonException(
          'RuntimeError',
          `random_ expects 'from' to be less than 'to', but got from=${low} >= to=${high}`,
        );
      }
      const out = filled(table, shape, 'int64', () => 0);
      table.memory.take(out.tensor.elements * 4);
      const target = new Int32Array(out.tensor.elements);
      generatorOf(id).randint(target, from, to);
      out.tensor.values().set(target);
      return out;
    },
    /** @param replacement 1 where a draw may come twice. Each row of a matrix is drawn from on its own. */
    multinomial(table, handle, id, samples, replacement) {
      const { tensor } = tensorOf(table, handle);
      table.memory.take(tensor.elements * 4);
      const probabilities = Float32Array.from(elementsOf(tensorOf(table, handle)));
      const categories = tensor.shape[tensor.shape.length - 1] ?? 1;
      const count = Number(samples);
      const out = filled(table, [...tensor.shape.slice(0, -1), count].join(','), 'int64', () => 0);
      table.memory.take(categories * bytesOfCategory + count * 4);
      for (let row = 0; row * categories < probabilities.length; row++) {
        const own = probabilities.subarray(row * categories, (row + 1) * categories);
        out.tensor.values().set(drawCategories(generatorOf(id), own, count, replacement === 1), row * count);
      }
      return out;
    },
    randperm(table, id, count) {
      const out = filled(table, count, 'int64', () => 0);
      table.memory.take(out.tensor.elements * 4);
      out.tensor.values().set(generatorOf(id).randperm(Number(count)));
      return out;
    },
  };
}

export const creationCalls: Calls = { full, from_numbers: fromNumbers, arange, linspace, eye, one_hot: oneHot };
