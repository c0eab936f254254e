// @ts-check

/**
 * @typedef {object} ElectronRuntime
 * @property {string} executable absolute path
 * @property {string} version for example `33.3.0`
 * @property {string} origin where it came from, in words for the About box
 *
 * @typedef {object} LocalSource a place where an Electron may already be
 * @property {() => Promise<ElectronRuntime | null>} find null when there is none; an error ends the search
 *
 * @typedef {object} RemoteSource a place Electron can be fetched from
 * @property {string} name
 * @property {() => Promise<ElectronRuntime>} fetch an error passes the search on to the next source
 */

/**
 * Finds an Electron to run: the first local source that has one, else the first remote source that can be reached.
 *
 * @param {readonly LocalSource[]} local
 * @param {readonly RemoteSource[]} remote
 * @param {(line: string) => void} say told why a remote source was passed over
 * @returns {Promise<ElectronRuntime>}
 * @throws {Error} naming every remote source and its reason when none could be reached
 */
export async function findElectron(local, remote, say) {
  for (const source of local) {
    const found = await source.find();
    if (found !== null) {
      return found;
    }
  }
  const failures = [];
  for (const { name, fetch } of remote) {
    try {
      return await fetch();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      failures.push(`  ${name}: ${reason}`);
      say(`${name} cannot be used (${reason})`);
    }
  }
  throw new Error(
    `no Electron could be found or fetched:\n${failures.join('\n')}\n` +
      'Set ELECTRON_OVERRIDE_DIST_PATH to the folder of an Electron (33 or newer), or ELECTRON_MIRROR to a mirror of its releases.',
  );
}
