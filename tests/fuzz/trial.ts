import { expect } from 'vitest';
import { processorSeconds, secondsOfReading } from '../cost';
import { randomOf } from './mutate';

/** How many of each kind are tried: all of them by `npm run fuzz`, a part of them among the unit tests. */
export const rounds = process.env.CHAINRULE_FUZZ === 'full' ? 10_000 : 400;

/** Of reading 64 MiB of text, which takes a third of a second where this is 5 s. */
const mostReadings = 15;
const mostMebibytes = 500;

const peak = () => process.resourceUsage().maxRSS / 1024;

export interface Trial<Input> {
  readonly seed: number;
  /** Makes what is tried next. */
  readonly make: (random: () => number, round: number) => Input;
  /** Reads it. */
  readonly read: (input: Input) => void;
  /** Errors by which a reader may refuse it. */
  readonly refusals: readonly (new (
    ...parameters: never[]
  ) => Error)[];
}

/**
 * Reads one after the other. None may fail by anything but a refusal, none may take fifteen times what reading 64 MiB of text takes, and all together no 500 MB.
 * @returns how many were read and how many refused.
 */
export function tryAll<Input>(
  trial: Trial<Input>,
  count = rounds,
): { readonly read: number; readonly refused: number } {
  const random = randomOf(trial.seed);
  const yardstick = secondsOfReading();
  const before = peak();
  let refused = 0;
  for (let round = 0; round < count; round++) {
    const input = trial.make(random, round);
    const began = processorSeconds();
    try {
      trial.read(input);
    } catch (error) {
      if (!trial.refusals.some((kind) => error instanceof kind)) {
        throw new Error(`Round ${round} of seed ${trial.seed} failed.`, { cause: error });
      }
      refused++;
    }
    const readings = (processorSeconds() - began) / yardstick;
    expect(readings, `readings of 64 MiB in round ${round} of seed ${trial.seed}`).toBeLessThan(mostReadings);
  }
  expect(peak() - before, `MiB of seed ${trial.seed}`).toBeLessThan(mostMebibytes);
  return { read: count - refused, refused };
}
