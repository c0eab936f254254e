import { createHash } from 'node:crypto';
import { type Zippable, zipSync } from 'fflate';
import * as v from 'valibot';
import { unpackEntry, type ZipEntry, ZipError, zipEntries } from './unzip';

/** The version that is written. Older ones are read as long as they can be; newer ones are refused. */
const sessionFileVersion = 1;
const format = 'chainrule-session';
const manifestName = 'manifest.json';
/** A file may unpack to this much: 256 MiB of snapshots, the history of ten million steps, and room. */
const mostUnpackedBytes = 2 ** 30;
const mostManifestBytes = 64 * 1024;
/** However small it is, a file may unpack to this much; beyond, to so many times its own bytes. */
const freeBytes = 64 * 2 ** 20;
const mostExpansion = 20;

/** A file that is no sound session file. Says what is wrong with it and what to do. */
export class SessionFileError extends Error {
  override readonly name = 'SessionFileError';
}

/** What is in a container, by name. */
export type Contents = ReadonlyMap<string, Uint8Array>;

const manifestSchema = v.strictObject({
  format: v.literal(format),
  version: v.literal(sessionFileVersion),
  /** Of every other file, by name, so that damage is noticed wherever it is. */
  files: v.record(
    v.string(),
    v.strictObject({ bytes: v.pipe(v.number(), v.safeInteger(), v.minValue(0)), sha256: v.string() }),
  ),
});
/** As much as every version has, to tell a newer one from a damaged one. */
const anyManifestSchema = v.object({ format: v.literal(format), version: v.number() });

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Packs files into a zip with a manifest of their sizes and digests. Numbers are stored, which is fastest; texts deflated. */
export function packContainer(contents: Contents): Uint8Array<ArrayBuffer> {
  const files: Record<string, { bytes: number; sha256: string }> = {};
  const zippable: Zippable = {};
  for (const [name, bytes] of contents) {
    files[name] = { bytes: bytes.length, sha256: digestOf(bytes) };
    zippable[name] = [bytes, { level: name.endsWith('.safetensors') ? 0 : 6 }];
  }
  const manifest = JSON.stringify({ format, version: sessionFileVersion, files });
  zippable[manifestName] = [Buffer.from(manifest), { level: 0 }];
  return zipSync(zippable, { mtime: new Date('2000-01-01T00:00:00') });
}

/**
 * Unpacks a container that may be hostile: only the names asked for, each of the size and digest that the manifest says,
 * together of no more bytes than a file of that size may hold. All sizes are looked at before anything is unpacked.
 * @param limits how many bytes some of them may have.
 * @throws SessionFileError for anything but a sound container of this version.
 */
export function unpackContainer(
  file: Uint8Array,
  names: readonly string[],
  limits: Readonly<Record<string, number>> = {},
): Contents {
  return asSessionError(() => {
    const { entries, manifest } = openContainer(file);
    const asked = names.map((name) => {
      const expected = Object.hasOwn(manifest.files, name) ? manifest.files[name] : undefined;
      const entry = entries.get(name);
      if (entry === undefined || expected === undefined) {
        throw new SessionFileError(`The session file lacks ${name}. It is damaged; use another copy.`);
      }
      if (entry.bytes > (limits[name] ?? mostUnpackedBytes)) throw new SessionFileError(tooLarge);
      if (entry.bytes !== expected.bytes) throw new SessionFileError(damaged(name));
      return { name, entry, expected };
    });
    requireWithinBudget(asked.map(({ entry }) => entry));
    return new Map(
      asked.map(({ name, entry, expected }): [string, Uint8Array] => {
        const content = unpackEntry(file, entry);
        if (digestOf(content) !== expected.sha256) throw new SessionFileError(damaged(name));
        return [name, content];
      }),
    );
  });
}

const damaged = (name: string) => `${name} in the session file is damaged: it is not what was saved. Use another copy.`;
const tooLarge = `The session file would unpack to more than it can hold. It is damaged; use another copy.`;

function requireWithinBudget(entries: readonly ZipEntry[]): void {
  const packed = entries.reduce((sum, { packedBytes }) => sum + packedBytes, 0);
  const unpacked = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  const most = Math.min(mostUnpackedBytes, Math.max(freeBytes, mostExpansion * packed));
  if (unpacked > most) throw new SessionFileError(tooLarge);
}

/** What its directory and its manifest say. */
function openContainer(file: Uint8Array) {
  const foreign = 'This is not a Chainrule session. Choose a .chainrule file that Chainrule has saved.';
  // "PK", or the file is no zip at all.
  if (file[0] !== 0x50 || file[1] !== 0x4b) throw new SessionFileError(foreign);
  const entries = zipEntries(file);
  const entry = entries.get(manifestName);
  if (entry === undefined) throw new SessionFileError(foreign);
  if (entry.bytes > mostManifestBytes) throw new SessionFileError(tooLarge);
  const bytes = unpackEntry(file, entry);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new SessionFileError('The session file’s manifest cannot be read. The file is damaged; use another copy.');
  }
  const any = v.safeParse(anyManifestSchema, json);
  if (!any.success) throw new SessionFileError(foreign);
  if (any.output.version > sessionFileVersion) {
    throw new SessionFileError(
      `The session was saved by a newer Chainrule (format ${any.output.version}; this one reads up to ${sessionFileVersion}). Update Chainrule.`,
    );
  }
  const manifest = v.safeParse(manifestSchema, json, { abortEarly: true });
  if (manifest.success) return { entries, manifest: manifest.output };
  const [issue] = manifest.issues;
  throw new SessionFileError(
    `The session file’s manifest is damaged: ${v.getDotPath(issue) ?? 'it'}: ${issue.message}. Use another copy.`,
  );
}

function asSessionError<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    throw new SessionFileError(
      `The session file cannot be unpacked: ${error.message}. It is damaged or cut short; use another copy.`,
    );
  }
}
