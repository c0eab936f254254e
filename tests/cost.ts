/** What work takes of this process. How busy and how fast the machine is makes little difference. */
export interface Cost<Result> {
  readonly result: Result;
  /** Of processors, as a multiple of what reading 64 MiB takes: decoding them as text and walking its characters. */
  readonly readings: number;
  /** How much more was held at the end than at the beginning, at the most: garbage counts. */
  readonly mebibytes: number;
}

/** Does the work and measures it. */
export function costOf<Result>(work: () => Result): Cost<Result> {
  const memory = () => {
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return (heapUsed + arrayBuffers) / 2 ** 20;
  };
  secondsOfReading();
  const held = memory();
  let result!: Result;
  const seconds = secondsOf(() => {
    result = work();
  });
  return { result, readings: seconds / secondsOfReading(), mebibytes: memory() - held };
}

let reading: number | undefined;

/** Of processors, what reading 64 MiB takes here, by which costs are told. Measured once. */
export function secondsOfReading(): number {
  reading ??= secondsOf(readOnce);
  return reading;
}

function readOnce(): void {
  const bytes = new Uint8Array(2 ** 20).fill(97);
  let sum = 0;
  for (let part = 0; part < 64; part++) {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    for (let at = 0; at < text.length; at++) sum += text.charCodeAt(at);
  }
  if (sum !== 97 * 2 ** 26) throw new Error('The yardstick was not read.');
}

/** Of processors, in this process until now. */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function secondsOf(work: () => void): number {
  const began = processorSeconds();
  work();
  return processorSeconds() - began;
}
