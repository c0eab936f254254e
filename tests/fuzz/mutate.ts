/** A generator of numbers in [0, 1) that depend on the seed alone (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** One of them. */
export function pick<Item>(items: readonly Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('There is nothing to pick.');
  return item;
}

/** The bytes with something wrong: one changed, some flipped, cut short, a hole, an enormous count, or a part twice. */
export function mutated(bytes: Uint8Array, random: () => number): Uint8Array {
  const at = Math.floor(random() * bytes.length);
  const copy = Uint8Array.from(bytes);
  switch (Math.floor(random() * 6)) {
    case 0:
      copy[at] = Math.floor(random() * 256);
      return copy;
    case 1:
      for (let flips = 0; flips < 16; flips++) copy[Math.floor(random() * copy.length)]! ^= 1 << (flips % 8);
      return copy;
    case 2:
      return copy.subarray(0, at);
    case 3:
      return Uint8Array.from([
        ...copy.subarray(0, at),
        ...copy.subarray(Math.min(bytes.length, at + 1 + Math.floor(random() * 40))),
      ]);
    case 4:
      // A length, an offset or a count becomes enormous.
      for (let byte = 0; byte < 4 && at + byte < copy.length; byte++) copy[at + byte] = 0xff;
      return copy;
    default:
      return Uint8Array.from([
        ...copy.subarray(0, at),
        ...copy.subarray(Math.floor(random() * at), at),
        ...copy.subarray(at),
      ]);
  }
}

const oddNumbers = [0, -0, -1, 1, 0.5, 2 ** 31, 2 ** 53, 1e308, -1e308, Number.NaN, Number.POSITIVE_INFINITY];
const oddTexts = ['', '\u0000', '__proto__', 'constructor', '../../etc/passwd', '\ud800', 'x'.repeat(100_000)];
const nested = () => {
  let value: unknown = 1;
  for (let depth = 0; depth < 1000; depth++) value = [value];
  return value;
};
const oddValues: readonly (() => unknown)[] = [
  () => null,
  () => undefined,
  () => true,
  () => ({}),
  () => [],
  () => new Uint8Array(100),
  () => new Map([[1, 2]]),
  () => Array.from({ length: 10_000 }, () => 0),
  () => JSON.parse('{"__proto__": {"type": "run"}, "constructor": 1}'),
  nested,
  ...oddNumbers.map((value) => () => value),
  ...oddTexts.map((value) => () => value),
];

/** The value with something wrong somewhere in it: another value, one too many or one too few. */
export function mutatedValue(value: unknown, random: () => number): unknown {
  const isOpen = typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);
  if (!isOpen || random() < 0.1) return pick(oddValues, random)();
  if (Array.isArray(value)) {
    const copy: unknown[] = [...value];
    const at = Math.floor(random() * copy.length);
    const kind = random();
    if (copy.length === 0 || kind < 0.2) copy.push(pick(oddValues, random)());
    else if (kind < 0.3) copy.splice(at, 1);
    else copy[at] = mutatedValue(copy[at], random);
    return copy;
  }
  const entries: [string, unknown][] = Object.entries(value);
  const at = Math.floor(random() * entries.length);
  const kind = random();
  const entry = entries[at];
  if (entry === undefined || kind < 0.1)
    entries.push([pick(['extra', ...oddTexts], random), pick(oddValues, random)()]);
  else if (kind < 0.2) entries.splice(at, 1);
  else entries[at] = [entry[0], mutatedValue(entry[1], random)];
  return Object.fromEntries(entries);
}

/** JSON with something wrong in it, as a value or as bytes. */
export function mutatedJson(bytes: Uint8Array, random: () => number): Uint8Array {
  if (random() < 0.5) return mutated(bytes, random);
  const value = mutatedValue(JSON.parse(new TextDecoder().decode(bytes)), random);
  return new TextEncoder().encode(JSON.stringify(value) ?? 'null');
}
