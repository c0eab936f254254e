// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { installDebianPackages, installHint, mayInstallPackages } from './system-libraries.mjs';

/** Width × height × colour depth of the display that stands in for a screen. */
const SCREEN = '1440x900x24';

/** How long Xvfb may take to come up, in milliseconds. */
const START_LIMIT = 15_000;

/** @typedef {{ name: string, stop: () => Promise<void> }} VirtualDisplay `name` is the value for DISPLAY */

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} platform
 * @returns {boolean} whether a window can be shown; only Linux can be without a display
 */
export function hasDisplay(env, platform) {
  return platform !== 'linux' || Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY);
}

/**
 * Starts Xvfb, a display without a screen, on a free number that it chooses itself.
 *
 * @returns {Promise<VirtualDisplay>} `stop` ends it; it also ends with this process
 * @throws {Error} naming the package when Xvfb is not installed (under CI it is installed first, where it may be)
 */
export async function startVirtualDisplay() {
  try {
    return await startXvfb();
  } catch (error) {
    if (!isMissingProgram(error)) {
      throw error;
    }
    if (!mayInstallPackages()) {
      throw new Error(
        `there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set), and Xvfb, which can stand in for one, is not installed. ${await installHint(['xvfb'])}`,
        { cause: error },
      );
    }
    await installDebianPackages(['xvfb', 'xauth', 'fonts-dejavu-core', 'dbus']);
    return startXvfb();
  }
}

/** @returns {Promise<VirtualDisplay>} */
async function startXvfb() {
  // With -displayfd Xvfb takes the first free number and writes it to that descriptor when it is ready for clients.
  const xvfb = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const kill = () => xvfb.kill();
  process.once('exit', kill);
  const stop = async () => {
    process.removeListener('exit', kill);
    if (xvfb.exitCode === null && xvfb.signalCode === null) {
      xvfb.kill();
      await once(xvfb, 'exit');
    }
  };
  try {
    return { name: `:${await displayNumber(xvfb)}`, stop };
  } catch (error) {
    kill();
    throw error;
  }
}

/**
 * @param {import('node:child_process').ChildProcess} xvfb
 * @returns {Promise<string>}
 */
function displayNumber(xvfb) {
  return new Promise((resolve, reject) => {
    let complaint = '';
    let number = '';
    const timer = setTimeout(() => reject(new Error(`Xvfb did not start within ${START_LIMIT / 1000} s`)), START_LIMIT);
    xvfb.stderr?.on('data', (chunk) => {
      complaint += chunk;
    });
    xvfb.stdio[3]?.on('data', (chunk) => {
      number += chunk;
      if (number.endsWith('\n')) {
        clearTimeout(timer);
        resolve(number.trim());
      }
    });
    xvfb.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    xvfb.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`Xvfb ended with code ${code}. It printed:\n${complaint.trimEnd()}`));
    });
  });
}

/** @param {unknown} error */
function isMissingProgram(error) {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
