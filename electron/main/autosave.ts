import { readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AutosaveOffer, PackedSession } from '../../core/protocol/session-files';
import { SessionFileError } from '../session-file/container';
import { readSession } from '../session-file/session-file';
import { RefusalError } from '../worker/session-client';
import { told, writeWholeFile } from './files';

/** Between two autosaves; with the time one takes, at most five seconds of training are lost. */
export const autosaveMilliseconds = 3000;

export interface AutosaveOptions {
  /** Where it is kept. */
  readonly folder: string;
  /** The session as a file, null where it has not moved since. */
  readonly pack: (unless: string | null) => Promise<PackedSession | null>;
  readonly log: (level: 'info' | 'warning', message: string) => void;
}

/**
 * Keeps the session on disk while it goes on. What was kept of one that has ended is set aside and offered; the next
 * session's autosave does not touch it.
 */
export class Autosave {
  readonly #options: AutosaveOptions;
  readonly #current: string;
  readonly #offered: string;
  #revision: string | null = null;
  #isSaving = false;
  /** Whether the session that was offered goes on: its file is kept until the next autosave has taken its place. */
  #isAccepted = false;
  /** Whether the last save failed, so that a full disk is told of once. */
  #hasFailed = false;

  constructor(options: AutosaveOptions) {
    this.#options = options;
    this.#current = join(options.folder, 'autosave.chainrule');
    this.#offered = join(options.folder, 'autosave-before.chainrule');
  }

  /** The session has ended, in this launch or an earlier one: what was kept of it is to be offered. */
  async setAside(): Promise<void> {
    this.#revision = null;
    this.#isAccepted = false;
    try {
      await rename(this.#current, this.#offered);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }

  /** Keeps the session as it is now. Does nothing while a save is under way, or where there is nothing new. */
  async save(): Promise<void> {
    if (this.#isSaving) return;
    this.#isSaving = true;
    try {
      const packed = await this.#options.pack(this.#revision);
      if (packed === null) return;
      await writeWholeFile(this.#current, packed.bytes);
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
    } finally {
      this.#isSaving = false;
    }
  }

  /** What can be gone on with; null where there is nothing, or nothing that can be read. */
  async offer(): Promise<AutosaveOffer | null> {
    if (this.#isAccepted) return null;
    try {
      const { mtimeMs } = await stat(this.#offered);
      const { saved, settings } = readSession(await readFile(this.#offered));
      return { program: settings.program, step: saved.step, savedAt: mtimeMs };
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      if (!(error instanceof SessionFileError)) throw error;
      this.#options.log('warning', `The last autosave cannot be used. ${error.message}`);
      await this.decline();
      return null;
    }
  }

  /** The offered session's file. @throws RefusalError with code `file`. */
  read(): Promise<Uint8Array> {
    return told('The autosave could not be read', () => readFile(this.#offered));
  }

  /** The offered session goes on, and is offered no more. */
  accept(): void {
    this.#isAccepted = true;
  }

  /** The offered session is not wanted, or not needed any more. */
  async decline(): Promise<void> {
    this.#isAccepted = false;
    await told('The autosave could not be removed', () => rm(this.#offered, { force: true }));
  }
}
