// @ts-check
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { hasDisplay } from './display.mjs';
import { prepareLaunch } from './launch.mjs';
import { say } from './progress.mjs';
import { runApp } from './run-app.mjs';
import { endOnSignals } from './signals.mjs';
import { DEFAULT_SCREENSHOT, parseStartOptions, START_HELP, UsageError } from './start-options.mjs';

/**
 * Starts the app as `npm start` does.
 *
 * @param {readonly string[]} argv
 * @returns {Promise<number>} the exit code: the app's, 1 when it could not be started, 2 for a bad argument
 */
export async function start(argv) {
  const leaveSignals = endOnSignals();
  try {
    // npm runs scripts in the package's folder and says in INIT_CWD where the user was.
    const folder = process.env.INIT_CWD ?? process.cwd();
    const { help, screenshot: asked } = parseStartOptions(argv, folder);
    if (help) {
      console.log(START_HELP);
      return 0;
    }
    const screenshot = asked ?? pictureWithoutDisplay(folder);
    const launch = await prepareLaunch({ screenshot });
    leaveSignals();
    try {
      const begun = Date.now();
      const code = await runApp(launch);
      return code === 0 && screenshot !== null ? reportPicture(screenshot.file, begun) : code;
    } finally {
      await launch.stop();
    }
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}\n\n${START_HELP}`);
      return 2;
    }
    say(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

/** @param {string} folder */
function pictureWithoutDisplay(folder) {
  if (hasDisplay(process.env, process.platform)) {
    return null;
  }
  const { file, steps } = DEFAULT_SCREENSHOT;
  say(`there is no display: running ${steps} steps under Xvfb and taking a picture of the window`);
  return { file: resolve(folder, file), steps };
}

/**
 * @param {string} file
 * @param {number} begun when the app was started; an older picture is not its work
 */
function reportPicture(file, begun) {
  const written = statSync(file, { throwIfNoEntry: false });
  if (written === undefined || written.mtimeMs < begun - 1000) {
    say(`the app ended without saving ${file}`);
    return 1;
  }
  console.log(`The picture of the window is in ${file}`);
  return 0;
}
