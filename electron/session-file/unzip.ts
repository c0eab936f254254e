import { inflateRawSync } from 'node:zlib';

/** A zip that cannot be read, or that would give more than it may. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
}

/** A file in a zip, as the central directory says. */
export interface ZipEntry {
  readonly isDeflated: boolean;
  /** What it takes in the zip, and what it is when unpacked. */
  readonly packedBytes: number;
  readonly bytes: number;
  /** Where its local header begins. */
  readonly headerAt: number;
}

/* Signatures and sizes of the records of a zip (PKWARE's APPNOTE.TXT, 4.3). */
const endSignature = 0x06054b50;
const endBytes = 22;
const entrySignature = 0x02014b50;
const entryBytes = 46;
const localSignature = 0x04034b50;
const localBytes = 30;
const longestComment = 0xffff;
const isEncryptedFlag = 1;
const stored = 0;
const deflated = 8;

/** More files than this are in none that Chainrule reads. */
const mostEntries = 1000;

/**
 * The files in a zip, by name, as its central directory says; nothing is unpacked. Of one name there may be one.
 * @throws ZipError where there is no sound directory.
 */
export function zipEntries(file: Uint8Array): ReadonlyMap<string, ZipEntry> {
  const view = viewOf(file);
  const end = endRecord(view);
  const count = view.getUint16(end + 10, true);
  if (count > mostEntries) throw new ZipError(`it has ${count} files in it, more than ${mostEntries}`);
  const entries = new Map<string, ZipEntry>();
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count; index++) {
    if (at + entryBytes > end || view.getUint32(at, true) !== entrySignature) {
      throw new ZipError(`its directory breaks off after ${index} of ${count} files`);
    }
    const nameBytes = view.getUint16(at + 28, true);
    const extraBytes = view.getUint16(at + 30, true);
    const commentBytes = view.getUint16(at + 32, true);
    const name = new TextDecoder().decode(file.subarray(at + entryBytes, at + entryBytes + nameBytes));
    const method = view.getUint16(at + 10, true);
    const isReadable = method === stored || method === deflated;
    if (!isReadable || (view.getUint16(at + 8, true) & isEncryptedFlag) !== 0) {
      throw new ZipError(`${name} is encrypted or packed in a way that is not read`);
    }
    if (entries.has(name)) throw new ZipError(`it has two files ${name}`);
    entries.set(name, {
      isDeflated: method === deflated,
      packedBytes: view.getUint32(at + 20, true),
      bytes: view.getUint32(at + 24, true),
      headerAt: view.getUint32(at + 42, true),
    });
    at += entryBytes + nameBytes + extraBytes + commentBytes;
  }
  return entries;
}

/** Where the record begins that ends a zip; a comment may follow it. */
function endRecord(view: DataView): number {
  const first = Math.max(0, view.byteLength - endBytes - longestComment);
  for (let at = view.byteLength - endBytes; at >= first; at--) {
    if (view.getUint32(at, true) === endSignature) return at;
  }
  throw new ZipError('it has no directory at its end');
}

/**
 * Unpacks a file, as a stream that stops at the size its entry says: whoever asks has looked at that first.
 * @throws ZipError where it is anything but that many bytes.
 */
export function unpackEntry(file: Uint8Array, { isDeflated, packedBytes, bytes, headerAt }: ZipEntry): Uint8Array {
  const view = viewOf(file);
  if (headerAt + localBytes > file.length || view.getUint32(headerAt, true) !== localSignature) {
    throw new ZipError('a file in it is not where its directory says');
  }
  const start = headerAt + localBytes + view.getUint16(headerAt + 26, true) + view.getUint16(headerAt + 28, true);
  const packed = file.subarray(start, start + packedBytes);
  if (packed.length !== packedBytes) throw new ZipError('a file in it reaches beyond its end');
  const unpacked = isDeflated ? inflated(packed, bytes) : packed;
  if (unpacked.length !== bytes) {
    throw new ZipError(`a file in it has ${unpacked.length} bytes, where its directory says ${bytes}`);
  }
  return unpacked;
}

function inflated(packed: Uint8Array, bytes: number): Uint8Array {
  try {
    // One piece, a byte longer than what is expected, so that nothing is copied and more is noticed.
    const { buffer, byteOffset, length } = inflateRawSync(packed, {
      chunkSize: Math.max(64, bytes + 1),
      maxOutputLength: bytes + 1,
    });
    return new Uint8Array(buffer, byteOffset, length);
  } catch (error) {
    throw new ZipError(error instanceof Error ? error.message : String(error));
  }
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array) => new DataView(buffer, byteOffset, byteLength);
