// @ts-check
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { say } from './progress.mjs';

/** Chromium's own log lines, such as `[1234:0101/120000.123456:ERROR:bus.cc(407)] …`; some are printed on every start. */
const CHROMIUM_LOG = /^\[\d+:\d+\/\d+\.\d+:[A-Z]+:/;

/** How many of Chromium's lines are kept for the case that the app fails. */
const KEPT_LINES = 200;

const PASSED_SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Runs the app until it ends. What the app prints is shown as it comes; what Chromium logs is shown only when the app
 * fails, because it complains on healthy systems too. Signals are passed on to the app.
 *
 * @param {import('./launch.mjs').Launch} launch
 * @returns {Promise<number>} its exit code; 128 + the signal's number when a signal ended it, as shells have it
 */
export function runApp({ executable, args, cwd, env }) {
  return new Promise((resolve, reject) => {
    const app = spawn(executable, args, { cwd, env, stdio: ['ignore', 'inherit', 'pipe'] });
    let stopping = false;
    const passOn = PASSED_SIGNALS.map((signal) => {
      const listener = () => {
        stopping = true;
        app.kill(signal);
      };
      process.on(signal, listener);
      return { signal, listener };
    });
    const end = () => {
      for (const { signal, listener } of passOn) {
        process.removeListener(signal, listener);
      }
    };

    /** @type {string[]} */
    const kept = [];
    createInterface({ input: app.stderr }).on('line', (line) => {
      if (CHROMIUM_LOG.test(line)) {
        kept.push(line);
        kept.splice(0, kept.length - KEPT_LINES);
      } else {
        process.stderr.write(`${line}\n`);
      }
    });

    app.once('error', (error) => {
      end();
      app.removeAllListeners('close');
      reject(new Error(`${executable} cannot be started: ${error.message}`));
    });
    app.once('close', (code, signal) => {
      end();
      const result = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      if (result !== 0 && !stopping) {
        say(failureReport(result, signal, kept));
      }
      resolve(result);
    });
  });
}

/**
 * @param {number} code
 * @param {string | null} signal
 * @param {readonly string[]} printed Chromium's log lines
 * @returns {string}
 */
export function failureReport(code, signal, printed) {
  const lines = [`Electron ended with ${signal ?? `code ${code}`}.`];
  if (printed.length > 0) {
    lines.push('It printed:', ...printed);
  }
  if (printed.some((line) => line.includes('SUID sandbox'))) {
    lines.push(
      'This system does not let Chromium make its sandbox. Either make the chrome-sandbox file named above the property',
      'of root with mode 4755, or allow unprivileged user namespaces (on Ubuntu: an AppArmor profile for this Electron).',
    );
  }
  return lines.join('\n');
}
