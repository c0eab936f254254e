/** What work takes of this process. How busy the rest of the machine is makes no difference. */
export interface Cost<Result> {
  readonly result: Result;
  /** Of processors, in seconds. */
  readonly seconds: number;
  /** How much more was held at the end than at the beginning, at the most: garbage counts. */
  readonly mebibytes: number;
}

/** Does the work and measures it. */
export function costOf<Result>(work: () => Result): Cost<Result> {
  const memory = () => {
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return (heapUsed + arrayBuffers) / 2 ** 20;
  };
  const seconds = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  };
  const [held, began] = [memory(), seconds()];
  const result = work();
  return { result, seconds: seconds() - began, mebibytes: memory() - held };
}
