// @ts-check

/** How often a running task is reported, in milliseconds: a terminal's line is rewritten, a log must not fill up. */
const TERMINAL_INTERVAL = 500;
const LOG_INTERVAL = 15_000;

/**
 * Says one line on standard error, so that standard output stays free for what a command was asked to print.
 *
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`chainrule: ${line}\n`);
}

/**
 * Runs a task and shows that it is alive: its percentage where the task reports one, the seconds it took so far where it
 * cannot. A task done before the first interval prints nothing but its label.
 *
 * @template T
 * @param {string} label
 * @param {(report: (fraction: number) => void) => Promise<T>} task calls `report` with 0 to 1
 * @returns {Promise<T>} what the task returns; its error is passed on
 */
export async function withProgress(label, task) {
  const terminal = process.stderr.isTTY;
  const started = Date.now();
  /** @type {number | null} */
  let fraction = null;
  say(`${label} …`);
  const timer = setInterval(
    () => {
      const seconds = Math.round((Date.now() - started) / 1000);
      const state = fraction === null ? `${seconds} s` : `${Math.floor(fraction * 100)} %`;
      process.stderr.write(terminal ? `\r  ${state}   ` : `  ${state}\n`);
    },
    terminal ? TERMINAL_INTERVAL : LOG_INTERVAL,
  );
  try {
    return await task((value) => {
      fraction = value;
    });
  } finally {
    clearInterval(timer);
    if (terminal) {
      process.stderr.write('\r            \r');
    }
  }
}
