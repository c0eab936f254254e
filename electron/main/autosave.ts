import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AutosaveOffer, PackedSession, SessionPart } from '../../core/protocol/session-files';
import { SessionFileError } from '../session-file/container';
import { readSession } from '../session-file/session-file';
import { RefusalError } from '../worker/session-client';
import { told, writeWholeFile } from './files';

/** Between two autosaves; with the time one takes, at most five seconds of training are lost. */
export const autosaveMilliseconds = 3000;

const fileName = 'session.chainrule';
const partEnding = '.part';

export interface AutosaveOptions {
  /** Where it is kept. */
  readonly folder: string;
  /** The session as a file and the parts of it that are not `kept` already; null where it has not moved since `unless`. */
  readonly pack: (unless: string | null, kept: string[]) => Promise<PackedSession | null>;
  readonly log: (level: 'info' | 'warning', message: string) => void;
}

/** A session file and what is kept beside it. */
interface Kept {
  readonly bytes: Uint8Array;
  readonly parts: SessionPart[];
}

/**
 * Keeps the session on disk while it goes on: a folder of one file, and of the parts of its history that change no more.
 * What was kept of one that has ended is set aside and offered; the next session's autosave does not touch it.
 */
export class Autosave {
  readonly #options: AutosaveOptions;
  readonly #current: string;
  readonly #offered: string;
  #revision: string | null = null;
  /** Names of the parts that are written. */
  readonly #parts = new Set<string>();
  /** The last save, which may be under way. */
  #saving = Promise.resolve();
  /** Whether the session that was offered goes on: its file is kept until the next autosave has taken its place. */
  #isAccepted = false;
  /** Whether the last save failed, so that a full disk is told of once. */
  #hasFailed = false;

  constructor(options: AutosaveOptions) {
    this.#options = options;
    this.#current = join(options.folder, 'autosave');
    this.#offered = join(options.folder, 'autosave-before');
  }

  /** The session has ended, in this launch or an earlier one: what was kept of it is to be offered. */
  async setAside(): Promise<void> {
    await this.#saving;
    this.#revision = null;
    this.#parts.clear();
    this.#isAccepted = false;
    if ((await statOf(join(this.#current, fileName))) === null) {
      // A first save that was not finished is nothing to take the place of what is offered.
      await rm(this.#current, { recursive: true, force: true });
      return;
    }
    await rm(this.#offered, { recursive: true, force: true });
    await rename(this.#current, this.#offered);
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
      if (this.#isAccepted) await this.decline();
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

  /** What can be gone on with; null where there is nothing, or nothing that can be read. */
  async offer(): Promise<AutosaveOffer | null> {
    if (this.#isAccepted) return null;
    const stats = await statOf(join(this.#offered, fileName));
    if (stats === null) return null;
    try {
      const { bytes, parts } = await this.read();
      const { saved, settings } = readSession(bytes, parts);
      return { program: settings.program, step: saved.step, savedAt: stats.mtimeMs };
    } catch (error) {
      if (!(error instanceof SessionFileError)) throw error;
      this.#options.log('warning', `The last autosave cannot be used. ${error.message}`);
      await this.decline();
      return null;
    }
  }

  /** The offered session. @throws RefusalError with code `file`. */
  read(): Promise<Kept> {
    return told('The autosave could not be read', async () => {
      const names = (await readdir(this.#offered)).filter((name) => name.endsWith(partEnding));
      const parts = names.map(async (name) => ({
        name: name.slice(0, -partEnding.length),
        bytes: await readFile(join(this.#offered, name)),
      }));
      return { bytes: await readFile(join(this.#offered, fileName)), parts: await Promise.all(parts) };
    });
  }

  /** The offered session goes on, and is offered no more. */
  accept(): void {
    this.#isAccepted = true;
  }

  /** The offered session is not wanted, or not needed any more. */
  async decline(): Promise<void> {
    this.#isAccepted = false;
    await told('The autosave could not be removed', () => rm(this.#offered, { recursive: true, force: true }));
  }
}

/** Null where there is no such file. */
async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
