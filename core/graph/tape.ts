import { type Kernel, type Kernels, sequence } from '../kernels/kernels';
import { type Op, vjpOf } from '../ops/op';
import { type OpSpace, planOp } from '../ops/plan-op';
import { type OpAttributes, type OpName, ops, type Use } from '../ops/table';
import type { Arena, FloatType } from '../tensor/arena';
import { elementCount, formatShape, type Shape, ShapeError } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { Operations } from './operations';

/** One op of the forward pass, planned. */
export interface TapeEntry<Name extends OpName = OpName> extends Use<Name> {
  readonly forward: Kernel;
}

/** One op's part of the backward walk, planned: it adds to the gradients of the op's inputs. */
export interface BackwardEntry {
  readonly entry: TapeEntry;
  readonly backward: readonly Kernel[];
}

/** What one use of a tensor passes back to it. */
export interface Contribution {
  readonly entry: TapeEntry;
  readonly gradient: Tensor;
}

/** A walk back over a part of the graph, planned once. */
export interface Walk {
  /** Walks, from what the given gradients are now. */
  run(): void;
  /** Of each tensor that was asked for and that the walk reaches. */
  readonly gradients: ReadonlyMap<Tensor, Tensor>;
}

/** Plans one input's vjp onto a target of the input's shape. */
type VjpPlanner = (inputIndex: number, gradient: Tensor, target: Tensor, isMagnitude: boolean) => Kernel | null;

/**
 * Records a computation once and repeats it every step. Writing an op plans its kernel on storage that stays, so that a
 * repeated step allocates nothing; `forward()` runs the ops in order, `backward()` walks them in reverse, giving every
 * tensor between the tracked ones and the loss its gradient.
 */
export class Tape extends Operations {
  readonly entries: TapeEntry[] = [];
  readonly dtype: FloatType;
  readonly #kernels: Kernels;
  readonly #arena: Arena;
  readonly #scratch: Scratch;
  readonly #space: OpSpace;
  readonly #tracked = new Set<Tensor>();
  readonly #vjpPlanners = new Map<TapeEntry, VjpPlanner>();
  readonly #gradients = new Map<Tensor, Tensor>();
  readonly #contributions = new Map<Tensor, readonly (Contribution & { readonly compute: Kernel })[]>();
  #backwardEntries: BackwardEntry[] = [];
  #seedLossGradient: Kernel = () => {
    throw new Error('backward: planBackward must come first.');
  };

  constructor(kernels: Kernels, arena: Arena, dtype: FloatType) {
    super();
    this.#kernels = kernels;
    this.#arena = arena;
    this.dtype = dtype;
    this.#scratch = new Scratch(arena, dtype);
    this.#space = {
      kernels,
      output: (type, shape) => (type === undefined ? this.zeros(shape) : this.indices(shape)),
      newTensor: (shape) => this.zeros(shape),
      newIndices: (shape) => this.indices(shape),
      temporary: (shape) => this.#scratch.take(shape),
    };
  }

  /** A new zeroed tensor of this tape's type. */
  zeros(shape: Shape): Tensor {
    return Tensor.zeros(this.#arena, this.dtype, shape);
  }

  /** A new tensor of whole numbers: indices, targets. */
  indices(shape: Shape): Tensor {
    return Tensor.zeros(this.#arena, 'int32', shape);
  }

  /** Asks for the gradient of `tensor`: a leaf, such as a parameter. */
  track(tensor: Tensor): Tensor {
    this.#tracked.add(tensor);
    return tensor;
  }

  /** Runs every recorded op, in order. */
  forward(): void {
    for (let index = 0; index < this.entries.length; index++) this.entries[index].forward();
  }

  /**
   * Plans the walk back from `loss`. Contributions to a tensor used several times are added in the order of the walk,
   * the first one written, as PyTorch's engine does.
   * @throws ShapeError where `loss` is not a single number.
   */
  planBackward(loss: Tensor): void {
    if (loss.elements !== 1)
      throw new ShapeError(`backward: the loss must be one number, not ${formatShape(loss.shape)}.`);
    this.#gradients.clear();
    this.#contributions.clear();
    const seed = this.zeros(loss.shape);
    this.#gradients.set(loss, seed);
    this.#backwardEntries = [];
    for (const entry of this.entries.toReversed()) {
      const gradient = this.#gradients.get(entry.output);
      const plan = this.#vjpPlanners.get(entry);
      if (gradient === undefined || plan === undefined) continue;
      const backward = entry.inputs.flatMap((input, index) =>
        this.#planContribution(plan, gradient, input, index, this.#gradients),
      );
      this.#backwardEntries.push({ entry, backward });
    }
    this.#seedLossGradient = this.#kernels.fill(seed, 1);
  }

  /** The planned walk, last op first. */
  get backwardEntries(): readonly BackwardEntry[] {
    return this.#backwardEntries;
  }

  /** Gives the loss its gradient, from which the walk sets out. */
  beginBackward(): void {
    this.#seedLossGradient();
  }

  /** Computes every gradient. Overwrites those of the step before. */
  backward(): void {
    this.beginBackward();
    for (let index = 0; index < this.#backwardEntries.length; index++) {
      const { backward } = this.#backwardEntries[index];
      for (let part = 0; part < backward.length; part++) backward[part]();
    }
  }

  /** Makes every result and every gradient NaN: to be computed anew. Leaves, and views of them, stay. */
  forget(): void {
    const computed = new Set(this.entries.map(({ output }) => output));
    const leaves = this.entries.flatMap(({ inputs }) => inputs.filter((input) => !computed.has(input)));
    const kept = new Set(leaves.map(({ storage }) => storage));
    for (const { storage } of computed) if (!kept.has(storage)) storage.data.fill(Number.NaN);
    for (const gradient of this.#gradients.values()) gradient.values().fill(Number.NaN);
  }

  /**
   * Plans a walk back from the gradients of some tensors, which are given and taken for what they are: nothing passes beyond
   * them. It goes no farther than to the tensors that are wanted.
   * @param isMagnitude walks by magnitudes: where what is given has no signs, the walk gives, of each element, the sum of the
   * magnitudes of all its terms, or more.
   */
  planWalk(wanted: ReadonlySet<Tensor>, given: ReadonlyMap<Tensor, Tensor>, isMagnitude = false): Walk {
    const reached = new Set(wanted);
    for (const { inputs, output } of this.entries) if (inputs.some((input) => reached.has(input))) reached.add(output);
    const gradients = new Map(given);
    const kernels: Kernel[] = [];
    for (const entry of this.entries.toReversed()) {
      const gradient = gradients.get(entry.output);
      const plan = this.#vjpPlanners.get(entry);
      if (gradient === undefined || plan === undefined || !reached.has(entry.output)) continue;
      for (const [index, input] of entry.inputs.entries()) {
        if (given.has(input) || !reached.has(input)) continue;
        kernels.push(...this.#planContribution(plan, gradient, input, index, gradients, isMagnitude));
      }
    }
    const found = [...wanted].flatMap((tensor) => {
      const gradient = gradients.get(tensor);
      return gradient === undefined ? [] : [[tensor, gradient] as const];
    });
    return { run: sequence(...kernels), gradients: new Map(found) };
  }

  /** Whether a gradient reaches `tensor`. */
  hasGradient(tensor: Tensor): boolean {
    return this.#gradients.has(tensor);
  }

  /**
   * The gradient of the loss with respect to `tensor`.
   * @throws ReferenceError where no gradient reaches it.
   */
  gradientOf(tensor: Tensor): Tensor {
    const gradient = this.#gradients.get(tensor);
    if (gradient === undefined) {
      throw new ReferenceError(`gradientOf: no gradient reaches this tensor of shape ${formatShape(tensor.shape)}.`);
    }
    return gradient;
  }

  /**
   * What each use of `tensor` passes back to it, in the order in which the backward walk adds them up. Planned once a
   * tensor; computed from the gradients as they are now.
   */
  contributionsTo(tensor: Tensor): readonly Contribution[] {
    let planned = this.#contributions.get(tensor);
    if (planned === undefined) {
      planned = this.#backwardEntries.flatMap(({ entry }) => {
        return entry.inputs.flatMap((input, index) => (input === tensor ? this.#planAlone(entry, index) : []));
      });
      this.#contributions.set(tensor, planned);
    }
    for (const { compute } of planned) compute();
    return planned;
  }

  override apply<Name extends OpName>(name: Name, inputs: readonly Tensor[], attributes: OpAttributes[Name]): Tensor {
    this.#scratch.begin();
    const { output, saved, forward } = planOp(name, inputs, attributes, this.#space);
    const entry: TapeEntry<Name> = { op: name, inputs, output, attributes, saved, forward };
    this.entries.push(entry);
    const op: Op<OpAttributes[Name]> = ops[name];
    if (inputs.some((input, index) => this.#tracked.has(input) && vjpOf(op, index) !== null)) {
      this.#tracked.add(output);
      this.#vjpPlanners.set(entry, (input, gradient, target, isMagnitude) => {
        const { kernels, temporary } = this.#space;
        const inputShapes = inputs.map(({ shape }) => shape);
        const context = { kernels, attributes, saved, input, inputShapes, gradient, target, isMagnitude, temporary };
        return vjpOf(op, input)?.(context) ?? null;
      });
    }
    return output;
  }

  /** One op's contribution to one of its inputs, in a tensor of its own. */
  #planAlone(entry: TapeEntry, index: number): (Contribution & { readonly compute: Kernel })[] {
    this.#scratch.begin();
    const gradient = this.zeros(entry.inputs[index].shape);
    const compute = this.#vjpPlanners.get(entry)?.(index, this.gradientOf(entry.output), gradient, false) ?? null;
    return compute === null ? [] : [{ entry, gradient, compute }];
  }

  #planContribution(
    plan: VjpPlanner,
    gradient: Tensor,
    input: Tensor,
    index: number,
    gradients: Map<Tensor, Tensor>,
    isMagnitude = false,
  ): Kernel[] {
    if (!this.#tracked.has(input)) return [];
    this.#scratch.begin();
    const present = gradients.get(input);
    const target = present === undefined ? this.zeros(input.shape) : this.#scratch.take(input.shape);
    const vjp = plan(index, gradient, target, isMagnitude);
    if (vjp === null) return [];
    const kernels = isMagnitude ? [vjp, this.#kernels.unary('abs', target, target)] : [vjp];
    if (present !== undefined) return [...kernels, this.#kernels.binary('add', present, present, target)];
    gradients.set(input, target);
    return kernels;
  }
}

/** Temporaries of one vjp at a time: storage is reused from vjp to vjp. */
class Scratch {
  readonly #arena: Arena;
  readonly #dtype: FloatType;
  #slots: Tensor['storage'][] = [];
  #taken = 0;

  constructor(arena: Arena, dtype: FloatType) {
    this.#arena = arena;
    this.#dtype = dtype;
  }

  /** The temporaries taken so far may be overwritten. */
  begin(): void {
    this.#taken = 0;
  }

  take(shape: Shape): Tensor {
    const elements = elementCount(shape);
    const slot = this.#slots[this.#taken];
    const storage = slot !== undefined && slot.length >= elements ? slot : this.#arena.allocate(this.#dtype, elements);
    this.#slots[this.#taken] = storage;
    this.#taken++;
    return new Tensor(storage, shape);
  }
}
