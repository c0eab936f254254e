import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  readSafetensors,
  SafetensorsError,
  type SafetensorsTensor,
  writeSafetensors,
} from '../../../core/formats/safetensors';
import { loadTensors } from '../../fixtures/load';

const fixture = (name: string) => readFileSync(resolve(import.meta.dirname, '../../fixtures', name));
const utf8 = (text: string) => new TextEncoder().encode(text);

/** A file with this header (padded to 8 bytes) and so many bytes of data. */
function fileOf(header: unknown, dataBytes = 0): Uint8Array {
  const json = typeof header === 'string' ? header : JSON.stringify(header);
  const text = utf8(json.padEnd(Math.ceil(utf8(json).length / 8) * 8 - utf8(json).length + json.length));
  const file = new Uint8Array(8 + text.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  return file;
}

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(SafetensorsError);
    return (error as SafetensorsError).message;
  }
  throw new Error('It was not refused.');
}

const float32 = (...values: number[]): SafetensorsTensor => ({
  dtype: 'F32',
  shape: [values.length],
  data: Float32Array.from(values),
});

/** Any tensor of up to three dimensions, NaN and infinities included. */
const tensor: fc.Arbitrary<SafetensorsTensor> = fc
  .array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 })
  .chain((shape) => {
    const length = shape.reduce((product, size) => product * size, 1);
    const exactly = { minLength: length, maxLength: length };
    return fc.oneof(
      fc.float32Array(exactly).map((data): SafetensorsTensor => ({ dtype: 'F32', shape, data })),
      fc.float64Array(exactly).map((data): SafetensorsTensor => ({ dtype: 'F64', shape, data })),
      fc.int32Array(exactly).map((data): SafetensorsTensor => ({ dtype: 'I32', shape, data })),
      fc.bigInt64Array(exactly).map((data): SafetensorsTensor => ({ dtype: 'I64', shape, data })),
    );
  });
const name = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('1', '0', '__proto__', 'constructor', 'toString', 'π"\\\n'),
);
const content = fc.record({
  tensors: fc
    .uniqueArray(fc.tuple(name, tensor), { selector: ([key]) => key, maxLength: 6 })
    .map((all) => new Map(all)),
  metadata: fc
    .uniqueArray(fc.tuple(name, fc.string({ unit: 'binary' })), { selector: ([key]) => key })
    .map((all) => new Map(all)),
});

describe('writeSafetensors', () => {
  test('writes what readSafetensors reads back', () => {
    fc.assert(
      fc.property(content, ({ tensors, metadata }) => {
        const read = readSafetensors(writeSafetensors(tensors, metadata));
        expect(read.tensors).toEqual(tensors);
        expect(read.metadata).toEqual(metadata);
      }),
    );
  });

  test('lays a file out as the format says', () => {
    const int64: SafetensorsTensor = { dtype: 'I64', shape: [], data: BigInt64Array.of(-2n) };
    const file = writeSafetensors(
      new Map([
        ['a', float32(1)],
        ['é', int64],
      ]),
      new Map([['seed', '42']]),
    );
    const view = new DataView(file.buffer);
    const headerBytes = Number(view.getBigUint64(0, true));
    expect(headerBytes % 8).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + headerBytes)))).toEqual({
      __metadata__: { seed: '42' },
      é: { dtype: 'I64', shape: [], data_offsets: [0, 8] },
      a: { dtype: 'F32', shape: [1], data_offsets: [8, 12] },
    });
    expect(file.length).toBe(8 + headerBytes + 12);
    expect(view.getBigInt64(8 + headerBytes, true)).toBe(-2n);
    expect(view.getFloat32(8 + headerBytes + 8, true)).toBe(1);
  });

  test('writes the part of a buffer that a view shows', () => {
    const whole = Float32Array.of(1, 2, 3, 4);
    const file = writeSafetensors(new Map([['x', { dtype: 'F32', shape: [2], data: whole.subarray(1, 3) }]]));
    expect(readSafetensors(file).tensors.get('x')?.data).toEqual(Float32Array.of(2, 3));
  });

  test('refuses a shape that is not that of the data, and the reserved name', () => {
    const wrong: SafetensorsTensor = { dtype: 'F32', shape: [2, 2], data: new Float32Array(3) };
    expect(refusal(() => writeSafetensors(new Map([['W1', wrong]])))).toBe(
      'Tensor "W1" of shape [2, 2] cannot have 3 elements.',
    );
    expect(refusal(() => writeSafetensors(new Map([['W1', { ...wrong, shape: [-1, -3] }]])))).toMatch(/cannot have 3/);
    expect(refusal(() => writeSafetensors(new Map([['__metadata__', float32(1)]])))).toMatch(/rename it/);
  });
});

describe('readSafetensors', () => {
  test.each(['rng.safetensors', 'decomposed-ninja-h8-b4-s100.safetensors'])('reads what others wrote: %s', (file) => {
    const { tensors, metadata } = readSafetensors(fixture(file));
    const expected = loadTensors(file);
    expect([...tensors.keys()]).toEqual([...expected.keys()]);
    for (const [key, { shape, data }] of expected) {
      expect(tensors.get(key)?.shape).toEqual(shape);
      expect(Array.from<number | bigint, number>(tensors.get(key)!.data, Number)).toEqual(Array.from(data));
    }
    expect(metadata.size).toBeGreaterThan(0);
  });

  test('reads a file that stands anywhere in a larger buffer', () => {
    const file = writeSafetensors(new Map([['x', float32(1, 2)]]));
    const larger = new Uint8Array(file.length + 3);
    larger.set(file, 3);
    expect(readSafetensors(larger.subarray(3)).tensors.get('x')).toEqual(float32(1, 2));
  });

  const x = (entry: object) => ({ x: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...entry } });
  const two = (begin: number, end: number) => ({
    ...x({}),
    y: { dtype: 'I32', shape: [2], data_offsets: [begin, end] },
  });
  test.each<[string, Uint8Array, RegExp]>([
    ['no file', new Uint8Array(7), /has 7 bytes/],
    ['a header longer than the file', Uint8Array.of(16, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d), /16 bytes long; 2 follow/],
    ['a header of 2^64 − 1 bytes', new Uint8Array(64).fill(255), /18446744073709551615 bytes long/],
    ['a header that is not aligned', Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d), /no multiple of 8/],
    ['a header that is no JSON', fileOf('{"x":'), /not a JSON object/],
    ['a header that is no UTF-8', fileOf('{}').fill(0xff, 8), /not a JSON object in UTF-8/],
    ['a header that is no object', fileOf('[]'), /not a JSON object/],
    ['a tensor that is no object', fileOf({ x: 3 }), /^Tensor "x": /],
    ['a type that is not read', fileOf(x({ dtype: 'F16' }), 8), /^Tensor "x", dtype: .*F16/],
    ['a negative size', fileOf(x({ shape: [-2] }), 8), /^Tensor "x", shape.0: /],
    ['a size that is no whole number', fileOf(x({ shape: [0.5] }), 8), /^Tensor "x", shape.0: /],
    ['a size beyond exact integers', fileOf(x({ shape: [2 ** 53] }), 8), /^Tensor "x", shape.0: /],
    ['offsets that are no pair', fileOf(x({ data_offsets: [0] }), 8), /^Tensor "x", data_offsets.1: /],
    ['an unknown key', fileOf(x({ strides: [1] }), 8), /^Tensor "x", strides: /],
    ['offsets that do not fit the shape', fileOf(x({ shape: [3] }), 8), /bytes 0 to 8 .* shape \[3\] takes 12 bytes/],
    ['offsets the wrong way round', fileOf(x({ data_offsets: [8, 0] }), 8), /bytes 8 to 0/],
    ['a shape whose size overflows', fileOf(x({ shape: Array(40).fill(2 ** 52) }), 8), /takes Infinity bytes/],
    ['more data than the tensors take', fileOf(x({}), 12), /take 8 bytes of data, but the file has 12/],
    ['less data than the tensors take', fileOf(x({}), 4), /take 8 bytes of data, but the file has 4/],
    [
      'tensors that overlap',
      fileOf(two(4, 12), 12),
      /^Tensor "y" begins at byte 4 .* inside the tensor that ends at byte 8/,
    ],
    ['tensors with a gap between', fileOf(two(12, 20), 20), /^Tensor "y" begins at byte 12 .* gap after .* byte 8/],
    ['metadata that is no object', fileOf({ __metadata__: 'x' }), /^__metadata__: /],
    ['metadata that is no text', fileOf({ __metadata__: { seed: 42 } }), /^__metadata__ "seed": /],
  ])('refuses %s', (_, file, message) => {
    expect(refusal(() => readSafetensors(file))).toMatch(message);
  });

  test('answers thousands of damaged files with what they hold or a SafetensorsError', () => {
    const sound = writeSafetensors(
      new Map<string, SafetensorsTensor>([
        ['C', { dtype: 'F32', shape: [3, 2], data: new Float32Array(6) }],
        ['ix', { dtype: 'I64', shape: [2], data: new BigInt64Array(2) }],
      ]),
      new Map([['seed', '42']]),
    );
    const position = fc.nat({ max: sound.length - 1 });
    const damage = fc.record({
      bytes: fc.array(fc.tuple(position, fc.nat({ max: 255 })), { maxLength: 2 }),
      /** Digits and punctuation leave more headers readable, so that later checks are reached. */
      characters: fc.array(fc.tuple(position, fc.constantFrom(...'0123456789,:{}[]"-')), { maxLength: 2 }),
      length: fc.option(fc.nat({ max: sound.length + 16 }), { freq: 1 }),
    });
    let read = 0;
    let refused = 0;
    fc.assert(
      fc.property(damage, ({ bytes, characters, length }) => {
        const file = new Uint8Array(length ?? sound.length);
        file.set(sound.subarray(0, file.length));
        for (const [at, byte] of bytes) file[at] = byte;
        for (const [at, character] of characters) file[at] = character.charCodeAt(0);
        try {
          const { tensors } = readSafetensors(file);
          const held = [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
          expect(held).toBeLessThanOrEqual(file.length);
          read++;
        } catch (error) {
          if (!(error instanceof SafetensorsError)) throw error;
          refused++;
        }
      }),
      { numRuns: 5000 },
    );
    expect(Math.min(read, refused)).toBeGreaterThan(100);
  });
});
