// @ts-check
import { ensureBuilt } from './build.mjs';
import { hasDisplay, startVirtualDisplay } from './display.mjs';
import { findElectron } from './find-electron.mjs';
import { ensureInstalled } from './install.mjs';
import { say } from './progress.mjs';
import { ROOT } from './project.mjs';
import { ensureSystemLibraries } from './system-libraries.mjs';

/**
 * @typedef {object} Launch how to start the app: spawn `executable` with `args` in `cwd` under `env`
 * @property {string} executable
 * @property {string[]} args
 * @property {string} cwd
 * @property {Record<string, string>} env
 * @property {() => Promise<void>} stop ends what was started for the app (a virtual display); call it when the app ended
 */

/**
 * Gets everything ready to start the app: packages, build, Electron, system libraries, a display. `npm start` and the
 * end-to-end tests both start what this returns, so that the tests test what a user runs.
 *
 * @param {{ screenshot?: import('./start-options.mjs').Screenshot | null }} [options]
 * @returns {Promise<Launch>}
 * @throws {Error} telling what is missing and what to do
 */
export async function prepareLaunch({ screenshot = null } = {}) {
  await ensureInstalled();
  await ensureBuilt();
  const { electronSources } = await import('./electron-sources.mjs');
  const { local, remote } = await electronSources();
  const runtime = await findElectron(local, remote, say);
  say(`running on Electron ${runtime.version} from ${runtime.origin}`);
  await ensureSystemLibraries(runtime.executable);

  const root = process.getuid?.() === 0;
  if (root) {
    say('running as root, where Chromium has no sandbox: --no-sandbox');
  }
  const display = hasDisplay(process.env, process.platform) ? null : await startVirtualDisplay();
  return {
    executable: runtime.executable,
    args: launchArguments({ root, virtual: display !== null, screenshot }),
    cwd: ROOT,
    env: launchEnvironment(process.env, runtime, display?.name ?? null),
    stop: async () => display?.stop(),
  };
}

/**
 * @param {{ root: boolean, virtual: boolean, screenshot: import('./start-options.mjs').Screenshot | null }} situation
 * @returns {string[]} Electron's arguments: Chromium's switches, the app's folder, the app's own options
 */
export function launchArguments({ root, virtual, screenshot }) {
  return [
    ...(root ? ['--no-sandbox'] : []),
    // A virtual display has no graphics card; looking for one only costs time and complaints.
    ...(virtual ? ['--disable-gpu'] : []),
    ROOT,
    ...(screenshot === null ? [] : [`--screenshot=${screenshot.file}`, `--steps=${screenshot.steps}`]),
  ];
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {import('./find-electron.mjs').ElectronRuntime} runtime
 * @param {string | null} display the virtual display's name, or null where there is a real one
 * @returns {Record<string, string>}
 */
export function launchEnvironment(env, runtime, display) {
  const result = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  // Terminals inside Electron apps set this; with it Electron would run as a plain Node.
  delete result.ELECTRON_RUN_AS_NODE;
  result.CHAINRULE_RUNTIME = `Electron ${runtime.version} from ${runtime.origin} (${runtime.executable})`;
  if (display !== null) {
    result.DISPLAY = display;
  }
  return result;
}
