import { constants } from 'node:fs';
import { access, chown, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Launch } from '../../electron/runtime/launch.mjs';
import { ROOT } from '../../electron/runtime/project.mjs';

/** The user and group "nobody" of every Debian. */
const nobody = 65_534;

/**
 * The same launch by somebody who is not root: Chromium has no sandbox for root. Does nothing where this is not root.
 * Electron is copied to where that user may read it. @throws Error where the project itself cannot be read by others.
 */
export async function launchAsNobody(launch: Launch): Promise<Launch> {
  if (process.getuid?.() !== 0) return launch;
  for (let folder = ROOT; folder !== dirname(folder); folder = dirname(folder)) await access(folder, constants.R_OK);
  const home = await mkdtemp(join(tmpdir(), 'chainrule-nobody-'));
  const electron = join(home, 'electron');
  await cp(dirname(launch.executable), electron, { recursive: true });
  const own = join(home, 'home');
  await mkdir(own);
  await chown(own, nobody, nobody);
  await chown(home, nobody, nobody);
  const start = join(home, 'start.sh');
  // Playwright, which is root here, adds the switch by itself.
  const without = 'for a; do shift; [ "$a" = --no-sandbox ] || set -- "$@" "$a"; done';
  const become = `setpriv --reuid=${nobody} --regid=${nobody} --clear-groups`;
  await writeFile(start, `#!/bin/sh\n${without}\nexec ${become} ${join(electron, 'electron')} "$@"\n`, { mode: 0o755 });
  return {
    ...launch,
    executable: start,
    env: { ...launch.env, HOME: own, XDG_CONFIG_HOME: own, XDG_CACHE_HOME: own, XDG_RUNTIME_DIR: own },
    async stop() {
      await launch.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
