import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UsageError } from './host';

/**
 * Where an option's file will be written: absolute, symbolic links followed. Looked at before training, so that a mistyped
 * path costs no run.
 * @throws UsageError where the folder does not exist or cannot be written to, or something else than a file stands there.
 */
export async function outputPath(option: string, path: string): Promise<string> {
  const absolute = resolve(path);
  const folder = dirname(absolute);
  const folderState = await stateOf(folder);
  if (folderState === null) throw new UsageError(`--${option} ${path}: the folder ${folder} does not exist.`);
  if (!folderState.isDirectory()) throw new UsageError(`--${option} ${path}: ${folder} is not a folder.`);
  const state = await stateOf(absolute);
  // The file is replaced by a finished one, which must not happen to a device such as /dev/null.
  if (state !== null && !state.isFile()) throw new UsageError(`--${option} ${path}: it is there already, and no file.`);
  const target = state === null ? absolute : await realpath(absolute);
  try {
    await access(dirname(target), constants.W_OK);
  } catch {
    throw new UsageError(`--${option} ${path}: the folder ${dirname(target)} cannot be written to.`);
  }
  return target;
}

/** Null where nothing is there. */
async function stateOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
    if (isAbsent) return null;
    throw error;
  }
}
