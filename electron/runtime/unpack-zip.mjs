// @ts-check
import { createWriteStream } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';

/** The file-type bits of a Unix mode, and their value for a symbolic link (POSIX `S_IFMT`, `S_IFLNK`). */
const FILE_TYPE = 0o170000;
const SYMBOLIC_LINK = 0o120000;

/**
 * Unpacks a zip file into a folder, with the executable bits and the symbolic links it carries: Electron's macOS bundle
 * does not start without its links, and no executable starts without its bit.
 *
 * @param {string} zipFile
 * @param {string} folder made when absent
 * @param {(fraction: number) => void} [onProgress] 0 to 1, after each entry
 * @returns {Promise<void>}
 * @throws {Error} when the zip is damaged, or when an entry or a link would leave the folder
 */
export async function unpackZip(zipFile, folder, onProgress) {
  const zip = await openPromise(zipFile);
  try {
    for await (const entry of zip.eachEntry()) {
      // yauzl refuses absolute names and names with `..` by itself.
      const target = resolve(folder, entry.fileName);
      if (entry.fileName.endsWith('/')) {
        await mkdir(target, { recursive: true });
      } else {
        await mkdir(dirname(target), { recursive: true });
        await writeEntry(zip, entry, target, folder);
      }
      onProgress?.(zip.entryCount === 0 ? 1 : zip.entriesRead / zip.entryCount);
    }
  } finally {
    zip.close();
  }
}

/**
 * @param {import('yauzl').ZipFile} zip
 * @param {import('yauzl').Entry} entry
 * @param {string} target
 * @param {string} folder
 */
async function writeEntry(zip, entry, target, folder) {
  const mode = entry.externalFileAttributes >>> 16;
  const content = await zip.openReadStreamPromise(entry);
  if ((mode & FILE_TYPE) !== SYMBOLIC_LINK) {
    await pipeline(content, createWriteStream(target, { mode: mode & 0o777 || 0o644 }));
    return;
  }
  const link = await text(content);
  const fromFolder = relative(folder, resolve(dirname(target), link));
  if (isAbsolute(link) || isAbsolute(fromFolder) || fromFolder.startsWith('..')) {
    throw new Error(
      `${entry.fileName} is a link out of the folder it is unpacked to (${link}); the archive is refused`,
    );
  }
  await symlink(link, target);
}
