// @ts-check
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadArtifact, ElectronDownloadCacheMode, initializeProxy } from '@electron/get';
import { ROOT } from './project.mjs';

/** A server that has not sent a byte by then is taken for unreachable; a blocked network must not stall the start. */
const FIRST_BYTE_LIMIT = 8_000;

/** A download that stood still for so long is given up. In milliseconds. */
const STALL_LIMIT = 60_000;

/**
 * Downloads the official zip of an Electron release with Electron's own downloader, which honours its mirror settings
 * (`ELECTRON_MIRROR` …), and checks it against the sums that came with the `electron` package.
 *
 * @param {string} version
 * @param {string} folder an empty folder to work in
 * @param {(fraction: number) => void} report
 * @returns {Promise<string>} the zip's path, inside `folder`
 * @throws {Error} saying in one line why not, within {@link FIRST_BYTE_LIMIT} where the server cannot be reached
 */
export async function fetchOfficialZip(version, folder, report) {
  if (process.env.HTTPS_PROXY !== undefined || process.env.https_proxy !== undefined) {
    initializeProxy();
  }
  const abort = new AbortController();
  const giveUp = () => abort.abort(new Error('no answer in time'));
  let timer = setTimeout(giveUp, FIRST_BYTE_LIMIT);
  try {
    return await downloadArtifact({
      version,
      artifactName: 'electron',
      platform: process.platform,
      arch: process.arch,
      checksums: JSON.parse(await readFile(join(ROOT, 'node_modules/electron/checksums.json'), 'utf8')),
      tempDirectory: folder,
      cacheMode: ElectronDownloadCacheMode.Bypass,
      downloadOptions: {
        quiet: true,
        signal: abort.signal,
        /** @param {import('@electron/get').Progress} progress */
        getProgressCallback: async ({ percent }) => {
          clearTimeout(timer);
          timer = setTimeout(giveUp, STALL_LIMIT);
          report(percent);
        },
      },
    });
  } catch (error) {
    throw new Error(reason(error), { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {unknown} error
 * @returns {string} one line; `fetch` hides the network's own words in the cause
 */
function reason(error) {
  if (!(error instanceof Error)) {
    return String(error);
  }
  return error.cause instanceof Error ? error.cause.message : error.message;
}
