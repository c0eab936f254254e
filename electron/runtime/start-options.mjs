// @ts-check
import { existsSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** @typedef {{ file: string, steps: number }} Screenshot a picture of the window after so many steps; `file` is absolute */

/** The picture that is taken where there is no display to show a window on. */
export const DEFAULT_SCREENSHOT = /** @type {const} */ ({ file: 'chainrule.png', steps: 200 });

const MOST_STEPS = 10_000_000;

export const START_HELP = `Opens the Chainrule window.

  npm start [-- options]

  --screenshot FILE   step the network, save a picture of the window as FILE (.png), and quit
  --steps N           how many steps that are, 1 to ${MOST_STEPS.toLocaleString('en')} (default ${DEFAULT_SCREENSHOT.steps})
  --help              show this

On Linux without a display it runs under Xvfb and takes the picture ${DEFAULT_SCREENSHOT.file} by itself.`;

/** A mistake in the command line: the process ends with code 2. */
export class UsageError extends Error {}

/**
 * @param {readonly string[]} argv the arguments after the script's name
 * @param {string} folder what a relative FILE is relative to
 * @returns {{ help: boolean, screenshot: Screenshot | null }} no screenshot unless --screenshot or --steps asks for one
 * @throws {UsageError} saying which value is wrong and what is accepted
 */
export function parseStartOptions(argv, folder) {
  const values = parse(argv);
  if (values.help === true) {
    return { help: true, screenshot: null };
  }
  if (values.screenshot === undefined && values.steps === undefined) {
    return { help: false, screenshot: null };
  }
  const file = pictureFile(values.screenshot ?? DEFAULT_SCREENSHOT.file, folder);
  const steps = values.steps === undefined ? DEFAULT_SCREENSHOT.steps : stepCount(values.steps);
  return { help: false, screenshot: { file, steps } };
}

/** @param {readonly string[]} argv */
function parse(argv) {
  try {
    return parseArgs({
      args: [...argv],
      options: { screenshot: { type: 'string' }, steps: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * @param {string} file
 * @param {string} folder
 */
function pictureFile(file, folder) {
  const path = resolve(folder, file);
  if (extname(path).toLowerCase() !== '.png') {
    throw new UsageError(`--screenshot takes the name of a .png file, not "${file}"`);
  }
  if (!existsSync(dirname(path))) {
    throw new UsageError(`--screenshot ${file}: the folder ${dirname(path)} does not exist`);
  }
  return path;
}

/** @param {string} text */
function stepCount(text) {
  const steps = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(steps >= 1 && steps <= MOST_STEPS)) {
    throw new UsageError(`--steps takes a whole number from 1 to ${MOST_STEPS.toLocaleString('en')}, not "${text}"`);
  }
  return steps;
}
