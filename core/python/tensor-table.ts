import type { Kernels } from '../kernels/kernels';
import type { ElementType } from '../ops/types';
import type { Arena, FloatType, Storage } from '../tensor/arena';
import { elementOffsets as offsetsOf } from '../tensor/offsets';
import { elementCount, type Shape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { CallMemory } from './call-memory';
import { PythonException } from './python-exception';
import type { RunObserver } from './run-observer';
import { type SourceSet, SourceSets } from './source-sets';

export type { ElementType };

/** Numbers in the arena, and how many tensors that Python holds are views of them. */
interface Block {
  readonly storage: Storage;
  users: number;
  /** What its numbers were computed from, as far as somebody marked it. */
  sources: SourceSet;
  /** Counts what a call takes beside tensors to read or write it. */
  readonly memory: CallMemory;
}

/** A tensor of Python's: the engine's, and its type. */
export interface TypedTensor {
  readonly type: ElementType;
  readonly tensor: Tensor;
  readonly block: Block;
}

/** A tensor's numbers, copied out in row-major order. */
export interface TensorValues {
  readonly type: ElementType;
  readonly shape: Shape;
  readonly values: Float32Array | Float64Array;
}

export interface TensorTableOptions {
  /** Most bytes that tensors may take, with what is made of them on the way: more is a MemoryError in Python. */
  readonly byteLimit?: number;
  /** Bytes that are left of what may be taken by everything together; no less than the rest of `byteLimit` where it is left out. */
  readonly memoryLeft?: () => number;
}

/** More tensors at once than any backward pass holds; each costs a few hundred bytes outside the arena. */
const handleLimit = 500_000;

/** The tensors that Python holds, by handle. Storage is given back with the last view of it, and reused. */
export class TensorTable {
  /** What computes; a task may ask for others. */
  kernels: Kernels;
  /** What `float` means in this run: the type of `torch.zeros(…)` and of `.float()`. */
  floatType: FloatType = 'float32';
  /** Who is told what the code does in this run; null where nobody is. */
  observer: RunObserver | null = null;
  /** What the sources of tensors are made of. */
  readonly sets = new SourceSets();
  /** Counts what the present call takes beside tensors, and what is kept of the present task. */
  readonly memory: CallMemory;
  readonly #arena: Arena;
  readonly #byteLimit: number;
  readonly #memoryLeft: () => number;
  readonly #tensors = new Map<number, TypedTensor>();
  readonly #free = new Map<string, Block[]>();
  /** Blocks taken since the present call began. */
  #fresh: Block[] = [];
  /** What the tensors that the present call has asked for were computed from. */
  #read: SourceSet = 0;
  #escaped: SourceSet = 0;
  /** Blocks changed in place since `takeChanged` was called last. */
  #changed: Block[] = [];
  /** Never used again, not even after a reset: what Python has not let go of yet must not name another tensor. */
  #nextHandle = 1;

  /** @param arena Taken over: nothing else may allocate in it. */
  constructor(
    kernels: Kernels,
    arena: Arena,
    { byteLimit = 2 ** 30, memoryLeft = () => Number.POSITIVE_INFINITY }: TensorTableOptions = {},
  ) {
    this.kernels = kernels;
    this.#arena = arena;
    this.#byteLimit = byteLimit;
    this.#memoryLeft = memoryLeft;
    this.memory = new CallMemory((bytes) => this.requireMemory(bytes));
  }

  /** Tensors that Python holds. */
  get size(): number {
    return this.#tensors.size;
  }

  /** A tensor from numbers in row-major order. @throws RangeError where their count is not the shape's. */
  create(type: ElementType, shape: Shape, values: ArrayLike<number>): number {
    if (values.length !== elementCount(shape)) {
      throw new RangeError(`create: ${values.length} numbers do not fill the shape [${shape.join(', ')}].`);
    }
    const created = this.allocate(type, shape);
    created.tensor.values().set(values);
    const handle = this.keep(created);
    this.endCall();
    return handle;
  }

  /** A copy of a tensor's numbers. @throws PythonException where Python holds no such tensor. */
  read(handle: number): TensorValues {
    return valuesOf(this.peek(handle));
  }

  /** Lets a tensor go. One that is gone already, e.g. by a reset, is none to complain about. */
  release(handle: number): void {
    const typed = this.#tensors.get(handle);
    if (typed === undefined) return;
    this.#tensors.delete(handle);
    typed.block.users--;
    if (typed.block.users === 0) this.#giveBack(typed.block);
  }

  /** Lets everything go. */
  reset(): void {
    this.#tensors.clear();
    this.#free.clear();
    this.#fresh = [];
    this.#changed = [];
    this.#read = 0;
    this.#escaped = 0;
    this.sets.clear();
    this.memory.endCall();
    this.#arena.reset();
  }

  /** What a tensor was computed from. */
  sourcesOf({ block }: TypedTensor): SourceSet {
    return block.sources;
  }

  /** Says that a tensor's numbers come from this, and from nothing else where it is `only` this. */
  mark({ block }: TypedTensor, sources: SourceSet, only = false): void {
    block.sources = only ? sources : this.sets.join(block.sources, sources);
  }

  /** What the numbers were computed from that Python has seen: since then they may be in anything that it computes. */
  get escaped(): SourceSet {
    return this.#escaped;
  }

  /** Python is given numbers of what the present call read. */
  noteEscape(): void {
    this.#escaped = this.sets.join(this.#escaped, this.#read);
  }

  /** The present call computed this tensor. */
  noteComputed({ block }: TypedTensor): void {
    block.sources = this.sets.join(block.sources, this.#read);
  }

  /** The present call changed this tensor's numbers in place. */
  noteChange({ block }: TypedTensor): void {
    block.sources = this.sets.join(block.sources, this.#read);
    this.#changed.push(block);
  }

  /** Tells of each of these tensors whether its numbers, or those of a view of it, were changed since the last time. */
  takeChanged(): (typed: TypedTensor) => boolean {
    if (this.#changed.length === 0) return isNever;
    const changed = new Set(this.#changed);
    this.#changed = [];
    return ({ block }) => changed.has(block);
  }

  /** Keeps a tensor's numbers from being given back, whoever lets it go; until `drop`. */
  hold({ block }: TypedTensor): void {
    block.users++;
  }

  drop({ block }: TypedTensor): void {
    block.users--;
    if (block.users === 0) this.#giveBack(block);
  }

  /** @throws PythonException where Python holds no such tensor. */
  get(handle: number): TypedTensor {
    const typed = this.peek(handle);
    this.#read = this.sets.join(this.#read, typed.block.sources);
    return typed;
  }

  /** Whether Python holds such a tensor. */
  has(handle: number): boolean {
    return this.#tensors.has(handle);
  }

  /** As `get`, where nothing is computed from the tensor. */
  peek(handle: number): TypedTensor {
    const typed = this.#tensors.get(handle);
    if (typed === undefined) throw new PythonException('RuntimeError', 'This tensor is of an earlier run.');
    return typed;
  }

  /**
   * New storage, its contents arbitrary. It is given back when the call ends, unless something of it is kept.
   * @throws PythonException (MemoryError) beyond the limit.
   */
  allocate(type: ElementType, shape: Shape): TypedTensor {
    const elements = elementCount(shape);
    const dtype = type === 'float32' ? 'float32' : 'float64';
    // Powers of two, so that a block given back soon fits another tensor.
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(elements, 16)));
    const bytes = capacity * (dtype === 'float32' ? 4 : 8);
    let block = this.#free.get(`${dtype} ${capacity}`)?.pop();
    if (block === undefined) {
      this.requireRoom(bytes, `A tensor of shape (${shape.join(', ')})`);
      block = { storage: this.#arena.allocate(dtype, capacity), users: 0, sources: 0, memory: this.memory };
    }
    block.sources = 0;
    this.#fresh.push(block);
    return { type, tensor: new Tensor(block.storage, shape), block };
  }

  /**
   * Refuses what would not fit beside the tensors that there are, before any of it is made.
   * @throws PythonException (MemoryError)
   */
  requireRoom(bytes: number, what = 'What was asked for'): void {
    if (this.#arena.bytesUsed + this.memory.bytes + bytes <= this.#byteLimit) return;
    const limit = Math.floor(this.#byteLimit / 2 ** 20);
    throw new PythonException('MemoryError', `${what} does not fit: tensors may take ${limit} MiB together.`);
  }

  /**
   * Refuses numbers outside of the tensors' memory where there is no room for them, before they are made.
   * @throws PythonException (MemoryError)
   */
  requireMemory(bytes: number): void {
    this.requireRoom(bytes, 'What this makes of a tensor on the way');
    if (bytes <= this.#memoryLeft()) return;
    throw new PythonException('MemoryError', 'There is no memory left for what this makes of a tensor on the way.');
  }

  /** Gives a tensor to Python, which releases it by its handle. */
  keep(typed: TypedTensor): number {
    if (this.#tensors.size >= handleLimit) {
      throw new PythonException('MemoryError', `There are ${handleLimit} tensors already.`);
    }
    typed.block.users++;
    const handle = this.#nextHandle++;
    this.#tensors.set(handle, typed);
    return handle;
  }

  /** Gives back what the call that ends here took and did not keep. */
  endCall(): void {
    this.#read = 0;
    this.memory.endCall();
    for (const block of this.#fresh) if (block.users === 0) this.#giveBack(block);
    this.#fresh.length = 0;
  }

  #giveBack(block: Block): void {
    const { dtype, length } = block.storage;
    const key = `${dtype} ${length}`;
    const free = this.#free.get(key);
    if (free === undefined) this.#free.set(key, [block]);
    else free.push(block);
  }
}

const isNever = () => false;

/** Of a copy of a tensor's numbers. */
export function bytesOf({ type, tensor }: TypedTensor): number {
  return tensor.elements * (type === 'float32' ? 4 : 8);
}

/** A copy of a tensor's numbers, in row-major order. */
export function valuesOf({ type, tensor }: TypedTensor): TensorValues {
  const values = new (type === 'float32' ? Float32Array : Float64Array)(tensor.elements);
  const { data } = tensor.storage;
  if (tensor.isContiguous) values.set(tensor.values());
  else for (const [index, at] of offsetsOf(tensor).entries()) values[index] = data[at];
  return { type, shape: tensor.shape, values };
}

/**
 * Where each element is in the storage, in row-major order; counted for the present call.
 * @throws PythonException (MemoryError)
 */
export function elementOffsets({ tensor, block }: TypedTensor): Int32Array {
  block.memory.take(tensor.elements * 4);
  return offsetsOf(tensor);
}

/** The numbers, in row-major order; counted for the present call. @throws PythonException (MemoryError) */
export function elementsOf({ tensor, block }: TypedTensor): Float64Array {
  const { storage, elements } = tensor;
  block.memory.take(elements * 12);
  const values = new Float64Array(elements);
  const offsets = offsetsOf(tensor);
  for (let index = 0; index < elements; index++) values[index] = storage.data[offsets[index]];
  return values;
}
