import { createHash } from 'node:crypto';
import { type Unzipped, unzipSync, type Zippable, zipSync } from 'fflate';
import * as v from 'valibot';

/** The version that is written. Older ones are read as long as they can be; newer ones are refused. */
const sessionFileVersion = 1;
const format = 'chainrule-session';
const manifestName = 'manifest.json';
/** A file may unpack to this much: 256 MiB of snapshots, the history of ten million steps, and room. */
const mostUnpackedBytes = 2 ** 30;
const mostManifestBytes = 64 * 1024;

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
 * Unpacks a container that may be hostile: only the names asked for, of no more bytes together than is allowed, each of the
 * size and digest that the manifest says.
 * @throws SessionFileError for anything but a sound container of this version.
 */
export function unpackContainer(file: Uint8Array, names: readonly string[]): Contents {
  const manifest = readManifest(file);
  const unpacked = unzip(file, names, mostUnpackedBytes);
  return new Map(
    names.map((name): [string, Uint8Array] => {
      const expected = Object.hasOwn(manifest.files, name) ? manifest.files[name] : undefined;
      const content = Object.hasOwn(unpacked, name) ? unpacked[name] : undefined;
      if (content === undefined || expected === undefined) {
        throw new SessionFileError(`The session file lacks ${name}. It is damaged; use another copy.`);
      }
      if (content.length !== expected.bytes || digestOf(content) !== expected.sha256) {
        throw new SessionFileError(
          `${name} in the session file is damaged: it is not what was saved. Use another copy.`,
        );
      }
      return [name, content];
    }),
  );
}

function readManifest(file: Uint8Array): v.InferOutput<typeof manifestSchema> {
  const foreign = 'This is not a Chainrule session. Choose a .chainrule file that Chainrule has saved.';
  // "PK", or the file is no zip at all.
  if (file[0] !== 0x50 || file[1] !== 0x4b) throw new SessionFileError(foreign);
  const unpacked = unzip(file, [manifestName], mostManifestBytes);
  if (!Object.hasOwn(unpacked, manifestName)) throw new SessionFileError(foreign);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(unpacked[manifestName]));
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
  const manifest = v.safeParse(manifestSchema, json);
  if (manifest.success) return manifest.output;
  const [issue] = manifest.issues;
  throw new SessionFileError(
    `The session file’s manifest is damaged: ${v.getDotPath(issue) ?? 'it'}: ${issue.message}. Use another copy.`,
  );
}

/** Sizes are looked at before anything is unpacked by them. */
function unzip(file: Uint8Array, names: readonly string[], most: number): Unzipped {
  let total = 0;
  try {
    return unzipSync(file, {
      filter: ({ name, originalSize, size }) => {
        if (!names.includes(name)) return false;
        total += originalSize;
        // A stored file cannot be larger than the file it is in; a deflated one at most 1032 times (RFC 1951).
        const isPossible = size <= file.length && originalSize <= size * 1032 + 64;
        if (total > most || !isPossible) throw new SessionFileError(tooLarge);
        return true;
      },
    });
  } catch (error) {
    if (error instanceof SessionFileError) throw error;
    throw new SessionFileError(
      `The session file cannot be unpacked: ${error instanceof Error ? error.message : error}. It is damaged or cut short; use another copy.`,
    );
  }
}

const tooLarge = `The session file would unpack to more than it can hold. It is damaged; use another copy.`;
