import * as v from 'valibot';

/**
 * Tensors in a file, as Hugging Face's safetensors format lays them out: 8 bytes with the length of the header, a JSON
 * header (name → dtype, shape, data_offsets; `__metadata__` → texts), the data. Numbers are little-endian, as on every
 * machine that Electron runs on, and row-major.
 */

/** A tensor of a safetensors file; `shape` [] is a single number. I64 is bigint, so that no value is rounded. */
export type SafetensorsTensor =
  | { readonly dtype: 'F32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: 'F64'; readonly shape: readonly number[]; readonly data: Float64Array }
  | { readonly dtype: 'I32'; readonly shape: readonly number[]; readonly data: Int32Array }
  | { readonly dtype: 'I64'; readonly shape: readonly number[]; readonly data: BigInt64Array };

/** What a safetensors file holds. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** A file that is no sound safetensors file, or a tensor that cannot be written into one. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
}

const dataTypes = ['F32', 'F64', 'I32', 'I64'] as const satisfies readonly SafetensorsTensor['dtype'][];
const elementBytes: Readonly<Record<SafetensorsTensor['dtype'], number>> = { F32: 4, F64: 8, I32: 4, I64: 8 };

const lengthBytes = 8;
/** Data begins at a multiple of this, so that it can be viewed in place. */
const alignment = 8;
/** The longest header that is read, as in the format's own reader: a longer one is an attack, not a network. */
const maximumHeaderBytes = 100_000_000;
const metadataKey = '__metadata__';

/**
 * Writes tensors into a safetensors file: tensors of larger elements first, so that all are aligned, else in the order
 * given.
 * @throws SafetensorsError where a shape does not fit its data, or a tensor has the name the format keeps for itself.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array<ArrayBuffer> {
  const ordered = [...tensors].sort(([, a], [, b]) => elementBytes[b.dtype] - elementBytes[a.dtype]);
  // Written entry by entry: in an object, names like "1" or "__proto__" would change places or be lost.
  const entries = metadata.size === 0 ? [] : [`"${metadataKey}":${jsonObject(metadata)}`];
  let end = 0;
  for (const [name, { dtype, shape, data }] of ordered) {
    requireWritable(name, shape, data);
    const begin = end;
    end += data.byteLength;
    entries.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`);
  }
  const header = new TextEncoder().encode(`{${entries.join(',')}}`);
  const headerBytes = Math.ceil(header.length / alignment) * alignment;

  const file = new Uint8Array(lengthBytes + headerBytes + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.set(header, lengthBytes);
  file.fill(0x20, lengthBytes + header.length, lengthBytes + headerBytes);
  let at = lengthBytes + headerBytes;
  for (const [, { data }] of ordered) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

/**
 * Reads a safetensors file of F64, F32, I64 and I32 tensors. Tensors come in the order of the header; their data is
 * copied, so that nothing of the file stays in memory.
 *
 * The file may be hostile: lengths, offsets and sizes are checked before anything is allocated by them, and the tensors
 * must cover the data without a gap or an overlap, so that reading never takes more memory than the file has.
 * @param longestHeader of how many bytes a header is read; whoever knows which tensors to expect says less.
 * @throws SafetensorsError saying what is wrong, of which tensor, at which offset.
 */
export function readSafetensors(file: Uint8Array, longestHeader = maximumHeaderBytes): Safetensors {
  const dataStart = lengthBytes + readHeaderLength(file, longestHeader);
  const header = parseHeader(file.subarray(lengthBytes, dataStart));
  const metadata = parseMetadata(header.get(metadataKey));
  header.delete(metadataKey);
  const entries = Array.from(header, ([name, value]) => parseEntry(name, value));
  requireCover(entries, file.length - dataStart);
  const data = file.subarray(dataStart);
  const tensors = new Map(
    // A Uint8Array made of another is a copy, where `slice` of Node's Buffer would be a view.
    entries.map((entry) => [entry.name, readTensor(entry, new Uint8Array(data.subarray(entry.begin, entry.end)))]),
  );
  return { tensors, metadata };
}

/** A tensor of the header, its size already checked against its type and shape. */
interface Entry {
  readonly name: string;
  readonly dtype: SafetensorsTensor['dtype'];
  readonly shape: readonly number[];
  /** Bytes from the start of the data. */
  readonly begin: number;
  readonly end: number;
}

const sizeSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const entrySchema = v.strictObject({
  dtype: v.picklist(dataTypes),
  shape: v.array(sizeSchema),
  data_offsets: v.strictTuple([sizeSchema, sizeSchema]),
});
const textSchema = v.string();
const objectSchema = v.custom<object>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'It is not an object.',
);

function readHeaderLength(file: Uint8Array, longest: number): number {
  if (file.length < lengthBytes) {
    throw new SafetensorsError(`The file has ${file.length} bytes; a safetensors file begins with ${lengthBytes}.`);
  }
  const length = new DataView(file.buffer, file.byteOffset, lengthBytes).getBigUint64(0, true);
  const available = file.length - lengthBytes;
  if (length > BigInt(Math.min(available, longest))) {
    throw new SafetensorsError(
      `The header would be ${length} bytes long; ${available} follow, and more than ${longest} are not read.`,
    );
  }
  if (length % BigInt(alignment) !== 0n) {
    throw new SafetensorsError(`The header is ${length} bytes long, no multiple of ${alignment}.`);
  }
  return Number(length);
}

function parseHeader(bytes: Uint8Array): Map<string, unknown> {
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    return new Map(Object.entries(v.parse(objectSchema, json)));
  } catch (cause) {
    throw new SafetensorsError('The header is not a JSON object in UTF-8.', { cause });
  }
}

function parseMetadata(value: unknown): Map<string, string> {
  const metadata = new Map<string, string>();
  if (value === undefined) return metadata;
  for (const [key, text] of Object.entries(validate(objectSchema, value, metadataKey))) {
    metadata.set(key, validate(textSchema, text, `${metadataKey} ${JSON.stringify(key)}`));
  }
  return metadata;
}

function parseEntry(name: string, value: unknown): Entry {
  const place = `Tensor ${JSON.stringify(name)}`;
  const { dtype, shape, data_offsets } = validate(entrySchema, value, place);
  const [begin, end] = data_offsets;
  const size = elementCount(shape) * elementBytes[dtype];
  if (end - begin !== size) {
    throw new SafetensorsError(
      `${place} takes bytes ${begin} to ${end} of the data, but ${dtype} of shape [${shape.join(', ')}] takes ${size} bytes.`,
    );
  }
  return { name, dtype, shape, begin, end };
}

function validate<Output>(schema: v.GenericSchema<unknown, Output>, value: unknown, place: string): Output {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  throw new SafetensorsError(`${place}${path === null ? '' : `, ${path}`}: ${issue.message}`);
}

/** Tensors must follow one another from the first byte of the data to the last. */
function requireCover(entries: readonly Entry[], dataBytes: number): void {
  let covered = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered) {
      throw new SafetensorsError(
        `Tensor ${JSON.stringify(name)} begins at byte ${begin} of the data, ${begin < covered ? 'inside the tensor that ends' : 'leaving a gap after the one that ends'} at byte ${covered}.`,
      );
    }
    covered = end;
  }
  if (covered !== dataBytes) {
    throw new SafetensorsError(`The tensors take ${covered} bytes of data, but the file has ${dataBytes}.`);
  }
}

/** @param bytes exactly the tensor's, with a buffer of their own. */
function readTensor({ dtype, shape }: Entry, { buffer }: Uint8Array<ArrayBuffer>): SafetensorsTensor {
  switch (dtype) {
    case 'F32':
      return { dtype, shape, data: new Float32Array(buffer) };
    case 'F64':
      return { dtype, shape, data: new Float64Array(buffer) };
    case 'I32':
      return { dtype, shape, data: new Int32Array(buffer) };
    case 'I64':
      return { dtype, shape, data: new BigInt64Array(buffer) };
  }
}

function requireWritable(name: string, shape: readonly number[], data: SafetensorsTensor['data']): void {
  if (name === metadataKey) throw new SafetensorsError(`No tensor can be named ${metadataKey}; rename it.`);
  const soundShape = shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (!soundShape || elementCount(shape) !== data.length) {
    throw new SafetensorsError(
      `Tensor ${JSON.stringify(name)} of shape [${shape.join(', ')}] cannot have ${data.length} elements.`,
    );
  }
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function jsonObject(texts: ReadonlyMap<string, string>): string {
  return `{${Array.from(texts, ([key, text]) => `${JSON.stringify(key)}:${JSON.stringify(text)}`).join(',')}}`;
}
