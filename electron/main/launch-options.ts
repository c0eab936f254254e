import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { maximumSteps } from '../../core/protocol/commands';

/** A picture to take instead of staying open. */
export interface ScreenshotOptions {
  /** Absolute path of the PNG to write. */
  readonly file: string;
  /** Training steps to make first. */
  readonly steps: number;
}

/**
 * Reads `--screenshot=FILE --steps=N` from the process's arguments; null where no picture is asked for. Other switches
 * are Chromium's and pass.
 * @throws RangeError where `--steps` is not a whole number from 0 to 10,000,000.
 */
export function screenshotOptions(argv: readonly string[]): ScreenshotOptions | null {
  const { values } = parseArgs({
    args: [...argv],
    strict: false,
    options: { screenshot: { type: 'string' }, steps: { type: 'string' } },
  });
  if (typeof values.screenshot !== 'string' || values.screenshot === '') return null;
  const steps = Number(values.steps ?? 0);
  if (!Number.isInteger(steps) || steps < 0 || steps > maximumSteps) {
    throw new RangeError(`--steps must be a whole number from 0 to ${maximumSteps}, not ${values.steps}.`);
  }
  return { file: resolve(values.screenshot), steps };
}
