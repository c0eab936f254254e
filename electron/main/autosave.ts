import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { maximumSessionBytes } from '../../core/protocol/commands';
import {
  type AutosaveOffer,
  type PackedSession,
  partNameSchema,
  type RestoredSession,
  type SavedDescription,
  type SessionPart,
} from '../../core/protocol/session-files';
import { RefusalError } from '../worker/session-client';
import { readSessionFile, told, writeWholeFile } from './files';

/** Between two autosaves; with the time one takes, at most five seconds of training are lost. */
export const autosaveMilliseconds = 3000;

const fileName = 'session.chainrule';
const partEnding = '.part';
/** Of the session that goes on, of sessions that ended, and of those that cannot be read. */
const currentName = 'autosave';
const asideName = 'autosave-before';
const damagedName = 'autosave-damaged';
/** So many sessions that ended are kept. */
const mostAside = 3;

export interface AutosaveOptions {
  /** Where it is kept. */
  readonly folder: string;
  /** The session as a file and the parts of it that are not `kept` already; null where it has not moved since `unless`. */
  readonly pack: (unless: string | null, kept: string[]) => Promise<PackedSession | null>;
  /** What a session file holds, of which these parts are kept beside it; it is read where a hostile one does no harm. */
  readonly describe: (bytes: Uint8Array, parts: string[]) => Promise<SavedDescription>;
  readonly log: (level: 'info' | 'warning', message: string) => void;
}

/** A session file and what is kept beside it. */
export interface KeptSession {
  readonly bytes: Uint8Array;
  readonly parts: SessionPart[];
}

/** A session that ended: its folder's name, and when its file was written, in milliseconds since 1970. */
interface Aside {
  readonly id: string;
  readonly savedAt: number;
}

/**
 * Keeps the session on disk while it goes on: a folder of one file, and of the parts of its history that change no more.
 * What was kept of the last sessions that ended is set aside and offered; the next session's autosave does not touch it.
 */
export class Autosave {
  readonly #options: AutosaveOptions;
  readonly #current: string;
  #revision: string | null = null;
  /** Names of the parts that are written. */
  readonly #parts = new Set<string>();
  /** The last save or setting aside, which may be under way. */
  #saving = Promise.resolve();
  /** The one that goes on: what was kept of it stays until the next autosave has taken its place. */
  #accepted: string | null = null;
  /** Whether one was accepted, so that no more are offered until a session ends. */
  #isAnswered = false;
  /** Whether the last save failed, so that a full disk is told of once. */
  #hasFailed = false;

  constructor(options: AutosaveOptions) {
    this.#options = options;
    this.#current = join(options.folder, currentName);
  }

  /** The session has ended, in this launch or an earlier one: what was kept of it is to be offered. The next saves wait. */
  setAside(): Promise<void> {
    const aside = this.#saving.then(() => this.#setAside());
    // The next session's first save must not take the place of what is being set aside; why that failed it need not know.
    this.#saving = aside.catch(() => undefined);
    return aside;
  }

  async #setAside(): Promise<void> {
    this.#revision = null;
    this.#parts.clear();
    this.#accepted = null;
    this.#isAnswered = false;
    const stats = await statOf(join(this.#current, fileName));
    if (stats === null) {
      // A first save that was not finished is nothing to take a place among what is offered.
      await rm(this.#current, { recursive: true, force: true });
      return;
    }
    await rename(this.#current, await this.#freeName(asideName, stats.mtimeMs));
    for (const { id } of (await this.#aside()).slice(mostAside)) await this.#remove(id);
  }

  /** Keeps the session as it is once the save that may be under way is done. */
  save(): Promise<void> {
    this.#saving = this.#saving.then(() => this.#save());
    return this.#saving;
  }

  async #save(): Promise<void> {
    try {
      const packed = await this.#options.pack(this.#revision, [...this.#parts]);
      if (packed === null) return;
      await this.#write(packed);
      this.#revision = packed.revision;
      this.#hasFailed = false;
      const replaced = this.#accepted;
      this.#accepted = null;
      if (replaced !== null) await this.#remove(replaced);
    } catch (error) {
      // A session that has just ended has nothing to be kept; its last autosave is there.
      const isPassing = error instanceof RefusalError && error.refusal.code !== 'file';
      if (!isPassing && !this.#hasFailed) {
        this.#hasFailed = true;
        this.#options.log(
          'warning',
          `The session could not be autosaved. ${error instanceof Error ? error.message : error}`,
        );
      }
    }
  }

  /** The file goes after the parts that it needs, and before those go that it does not: a crash in between loses nothing. */
  async #write({ bytes, parts, needs }: PackedSession): Promise<void> {
    await told('The folder for autosaves could not be made', () => mkdir(this.#current, { recursive: true }));
    for (const part of parts) {
      await writeWholeFile(join(this.#current, `${part.name}${partEnding}`), part.bytes);
      this.#parts.add(part.name);
    }
    await writeWholeFile(join(this.#current, fileName), bytes);
    for (const name of this.#parts) {
      if (needs.includes(name)) continue;
      await rm(join(this.#current, `${name}${partEnding}`), { force: true });
      this.#parts.delete(name);
    }
  }

  /** What can be gone on with, the newest first. */
  async offers(): Promise<AutosaveOffer[]> {
    if (this.#isAnswered) return [];
    const offers: AutosaveOffer[] = [];
    for (const { id, savedAt } of await this.#aside()) {
      try {
        const parts = await this.#partsOf(id);
        offers.push({ id, savedAt, ...(await this.#options.describe(await this.#fileOf(id), parts)) });
      } catch (error) {
        if (!(error instanceof RefusalError)) throw error;
        if (error.refusal.code === 'invalid-session') await this.#keepAsDamaged(id, error.message);
        else this.#options.log('warning', `An autosave cannot be offered. ${error.message}`);
      }
    }
    return offers;
  }

  /**
   * Goes on with a session that was offered; it and the others are then offered no more. One that turns out to be damaged is
   * kept under another name.
   * @throws RefusalError with code `file` where it cannot be read, or as `unpack` does.
   */
  async goOn(id: string, unpack: (kept: KeptSession) => Promise<RestoredSession>): Promise<RestoredSession> {
    const kept = await this.#read(id);
    try {
      const restored = await unpack(kept);
      this.#accepted = id;
      this.#isAnswered = true;
      return restored;
    } catch (error) {
      const isDamaged = error instanceof RefusalError && error.refusal.code === 'invalid-session';
      if (isDamaged) await this.#keepAsDamaged(id, error.message);
      throw error;
    }
  }

  /** A session that was offered is not wanted. @throws RefusalError with code `file`. */
  async decline(id: string): Promise<void> {
    await this.#remove((await this.#find(id)).id);
  }

  /** Those that are kept, the newest first. A launch of before kept one, without a number. */
  async #aside(): Promise<Aside[]> {
    const aside: Aside[] = [];
    for (const id of await namesIn(this.#options.folder)) {
      if (!isAside(id)) continue;
      const stats = await statOf(join(this.#options.folder, id, fileName));
      if (stats !== null) aside.push({ id, savedAt: stats.mtimeMs });
    }
    return aside.sort((a, b) => b.savedAt - a.savedAt);
  }

  /** The page names what was offered to it, and nothing else. */
  async #find(id: string): Promise<Aside> {
    const found = (await this.#aside()).find((aside) => aside.id === id);
    if (found === undefined) throw new RefusalError({ code: 'file', message: 'The autosave is not there any more.' });
    return found;
  }

  async #read(id: string): Promise<KeptSession> {
    await this.#find(id);
    const bytes = await this.#fileOf(id);
    const parts: SessionPart[] = [];
    let total = bytes.length;
    for (const name of await this.#partsOf(id)) {
      const part = await readSessionFile(join(this.#options.folder, id, `${name}${partEnding}`));
      total += part.length;
      if (total > maximumSessionBytes) {
        throw new RefusalError({ code: 'invalid-session', message: 'The autosave has more parts than a session.' });
      }
      parts.push({ name, bytes: part });
    }
    return { bytes, parts };
  }

  #fileOf(id: string): Promise<Uint8Array> {
    return readSessionFile(join(this.#options.folder, id, fileName));
  }

  /** Names of the parts that are kept beside a session. */
  async #partsOf(id: string): Promise<string[]> {
    const names = await told('The autosave could not be read', () => readdir(join(this.#options.folder, id)));
    return names
      .filter((name) => name.endsWith(partEnding))
      .map((name) => name.slice(0, -partEnding.length))
      .filter((name) => v.is(partNameSchema, name));
  }

  async #keepAsDamaged(id: string, why: string): Promise<void> {
    const path = await this.#freeName(damagedName, Date.now());
    await told('A damaged autosave could not be kept', () => rename(join(this.#options.folder, id), path));
    this.#options.log('warning', `An autosave cannot be used. ${why} It is kept as ${path}.`);
  }

  #remove(id: string): Promise<void> {
    const path = join(this.#options.folder, id);
    return told('The autosave could not be removed', () => rm(path, { recursive: true, force: true }));
  }

  /** A path that begins with this name and time, and is not taken. */
  async #freeName(name: string, milliseconds: number): Promise<string> {
    const taken = new Set(await namesIn(this.#options.folder));
    let number = Math.trunc(milliseconds);
    while (taken.has(`${name}-${number}`)) number++;
    return join(this.#options.folder, `${name}-${number}`);
  }
}

const isAside = (name: string) => new RegExp(`^${asideName}(-\\d+)?$`).test(name);

/** Names in a folder; none where there is no such folder. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}

const isAbsence = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Null where there is no such file. */
async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (isAbsence(error)) return null;
    throw error;
  }
}
