// @ts-check
// What the npm scripts run before their own work: installs the packages and compiles the kernels. With --build it builds
// the app too; with --system it installs the Debian packages that Electron under Xvfb needs, where this is root on a Debian under CI.
import { requireNode } from './node-version.mjs';

requireNode();
const { ensureInstalled } = await import('./install.mjs');
const { ensureBuilt, ensureKernels } = await import('./build.mjs');
const { endOnSignals } = await import('./signals.mjs');
const { say } = await import('./progress.mjs');
const { DEBIAN_PACKAGES, installDebianPackages, mayInstallPackages } = await import('./system-libraries.mjs');

endOnSignals();
try {
  await ensureInstalled();
  if (process.argv.includes('--system') && mayInstallPackages()) {
    await installDebianPackages(DEBIAN_PACKAGES);
  }
  if (process.argv.includes('--build')) {
    await ensureBuilt();
  } else {
    await ensureKernels();
  }
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
