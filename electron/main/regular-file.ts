import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** A file that has more bytes than it may. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
  /** As far as is known: what its folder said, or one more than it may have. */
  readonly bytes: number;

  constructor(bytes: number) {
    super(`it has more than it may: ${bytes} bytes`);
    this.bytes = bytes;
  }
}

const pieceBytes = 2 ** 20;

/**
 * Reads a file that is a file: not a folder, a device such as /dev/zero, or a pipe, links to them included. It is looked at
 * once it is open, so that it cannot be another by then, and a pipe that nobody writes to holds nothing up. Sizes are checked
 * while it is read, since a file may grow, and those under /proc say that they have none.
 * @throws TooLargeError (rejection) where it has more than `most` bytes; an error of the operating system's, or of what it is.
 */
export async function readRegularFile(path: string, most: number): Promise<Uint8Array> {
  // Windows has no such flag, and no such pipes.
  const withoutWaiting = constants.O_NONBLOCK ?? 0;
  const file = await open(path, constants.O_RDONLY | withoutWaiting);
  try {
    const stats = await file.stat();
    if (!stats.isFile())
      throw new Error(`it is ${stats.isDirectory() ? 'a folder' : 'a device or a pipe'}, not a file`);
    if (stats.size > most) throw new TooLargeError(stats.size);
    return await readAll(file, stats.size, most);
  } finally {
    await file.close();
  }
}

async function readAll(file: FileHandle, expected: number, most: number): Promise<Uint8Array> {
  // A byte more than expected, which tells the end of the file from a file that has grown.
  let buffer = new Uint8Array(Math.min(expected, most) + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
    length += bytesRead;
    if (length > most) throw new TooLargeError(length);
    if (bytesRead === 0) return buffer.subarray(0, length);
    if (length < buffer.length) continue;
    const larger = new Uint8Array(Math.min(most + 1, length + pieceBytes));
    larger.set(buffer);
    buffer = larger;
  }
}
