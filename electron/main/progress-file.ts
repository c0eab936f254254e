import { rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as v from 'valibot';
import { type Progress, progressSchema } from '../../core/protocol/commands';
import { told, writeWholeFile } from './files';
import { readRegularFile } from './regular-file';

/** Code of 200,000 characters as JSON, and room. */
const mostBytes = 2 * 2 ** 20;

/** What a first launch begins with. */
const noProgress: Progress = { code: '', trusted: true, exercise: 1, done: [], hints: {} };

/** The exercises' progress on disk. What cannot be read is kept aside under another name, never overwritten. */
export class ProgressFile {
  readonly #path: string;
  readonly #warn: (message: string) => void;
  /** Settled when the write before has ended: two at once would share the unfinished file. */
  #lastSave: Promise<unknown> = Promise.resolve();

  /** @param warn told where a file was kept aside. */
  constructor(path: string, warn: (message: string) => void) {
    this.#path = path;
    this.#warn = warn;
  }

  /**
   * What the last save kept; the beginning where there is no file, or none that can be read.
   * @throws RefusalError with code `file` where a damaged file can be neither read nor kept aside.
   */
  async load(): Promise<Progress> {
    let contents: string;
    try {
      contents = Buffer.from(await readRegularFile(this.#path, mostBytes)).toString('utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return noProgress;
      return this.#keepAside(error instanceof Error ? error.message : String(error));
    }
    try {
      return v.parse(progressSchema, JSON.parse(contents));
    } catch (error) {
      return this.#keepAside(error instanceof Error ? error.message : String(error));
    }
  }

  /** Replaces what is kept, as a whole or not at all. @throws RefusalError with code `file`. */
  async save(progress: Progress): Promise<void> {
    const save = this.#lastSave.then(() => writeWholeFile(this.#path, Buffer.from(JSON.stringify(progress))));
    // The next save does not care how this one ended; who asked for this one hears it.
    this.#lastSave = save.catch(() => undefined);
    await save;
  }

  async #keepAside(why: string): Promise<Progress> {
    const aside = join(dirname(this.#path), `${basename(this.#path, '.json')}-damaged-${Date.now()}.json`);
    await told(`${this.#path} is damaged and could not be kept aside`, () => rename(this.#path, aside));
    this.#warn(
      `The exercises' progress could not be read (${why}). They begin anew; the old file is kept as ${aside}.`,
    );
    return noProgress;
  }
}
