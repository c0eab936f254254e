import { rename, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { NotebookError } from '../../core/formats/notebook';
import {
  maximumCodeLength,
  maximumNamesBytes,
  maximumNotebookBytes,
  maximumSessionBytes,
} from '../../core/protocol/commands';
import { type JoinedCode, joinNotebook } from '../notebook/joined-code';
import { RefusalError } from '../worker/session-client';
import { readRegularFile, TooLargeError } from './regular-file';

const mebibyte = 1024 * 1024;

/**
 * Reads a file of names. Its size is looked at first, so that a huge file is refused without reading it.
 * @throws RefusalError with code `invalid-names` where it is larger than 64 MiB, `file` where it cannot be read.
 */
export async function readNamesFile(path: string): Promise<Uint8Array> {
  return readWithin(path, maximumNamesBytes, (bytes) => {
    const message = `${basename(path)} is ${(bytes / mebibyte).toFixed(1)} MiB. A file of names may have up to ${maximumNamesBytes / mebibyte} MiB.`;
    return new RefusalError({ code: 'invalid-names', message });
  });
}

/**
 * Reads a session file. Its size is looked at first.
 * @throws RefusalError with code `invalid-session` where it is larger than 1 GiB, `file` where it cannot be read.
 */
export async function readSessionFile(path: string): Promise<Uint8Array> {
  return readWithin(path, maximumSessionBytes, (bytes) => {
    const message = `${basename(path)} is ${(bytes / mebibyte).toFixed(0)} MiB, more than a session file can have. Choose another file.`;
    return new RefusalError({ code: 'invalid-session', message });
  });
}

/** A file of a person's own code. */
export interface OwnCode {
  readonly code: string;
  /** Where it is a notebook, what became of its cells; `code` is theirs, joined. */
  readonly notebook: JoinedCode | null;
}

/**
 * Reads a file of code as UTF-8: Python, or a notebook, whose name ends in .ipynb.
 * @throws RefusalError with code `file` where it cannot be read, is not UTF-8, is no notebook that can be read, or has
 * more than 200,000 characters of code.
 */
export async function readOwnCode(path: string): Promise<OwnCode> {
  const name = basename(path);
  if (!isNotebook(name)) return { code: await readCodeFile(path), notebook: null };
  const bytes = await readWithin(path, maximumNotebookBytes, (size) => {
    const most = `A notebook may have up to ${maximumNotebookBytes / mebibyte} MiB: clear its outputs and save it again.`;
    return refusedFile(name, `is ${(size / mebibyte).toFixed(1)} MiB. ${most}`);
  });
  const notebook = joinedCodeOf(name, decoded(name, bytes));
  return { code: notebook.code, notebook };
}

/** Whether a file is taken for a notebook, by its name. */
const isNotebook = (name: string): boolean => /\.ipynb$/i.test(name);

/** The code of a notebook's text. @throws RefusalError with code `file` where it cannot be read. */
export function joinedCodeOf(name: string, text: string): JoinedCode {
  try {
    return joinNotebook(text, maximumCodeLength);
  } catch (error) {
    if (error instanceof NotebookError) throw refusedFile(name, error.message);
    throw error;
  }
}

const refusedFile = (name: string, problem: string) =>
  new RefusalError({ code: 'file', message: `${name} ${problem}` });

function decoded(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refusedFile(name, 'is not UTF-8 text. Save it as UTF-8 and open it again.');
  }
}

/** UTF-8 spends at most this many bytes on a UTF-16 unit. */
const bytesPerUnit = 3;

/**
 * Reads a file of code as UTF-8. Its size is looked at first, so that a huge file is refused without reading it.
 * @throws RefusalError with code `file` where it cannot be read, is not UTF-8 or has more than 200,000 characters.
 */
async function readCodeFile(path: string): Promise<string> {
  const refuse = (problem: string) => refusedFile(basename(path), problem);
  const tooLong = `is too long. Code may have up to ${maximumCodeLength.toLocaleString('en')} characters.`;
  const bytes = await readWithin(path, maximumCodeLength * bytesPerUnit, () => refuse(tooLong));
  const code = decoded(basename(path), bytes);
  if (code.length > maximumCodeLength) throw refuse(tooLong);
  return code;
}

/** Reads a file of at most so many bytes. @throws RefusalError: what `tooLarge` gives, or with code `file`. */
async function readWithin(path: string, most: number, tooLarge: (bytes: number) => RefusalError): Promise<Uint8Array> {
  try {
    return await readRegularFile(path, most);
  } catch (error) {
    if (error instanceof TooLargeError) throw tooLarge(error.bytes);
    return told(`${path} could not be read`, () => Promise.reject(error));
  }
}

/**
 * Writes a file, or leaves what was there: a crash or a full disk leaves no half of a file.
 * @throws RefusalError with code `file`.
 */
export async function writeWholeFile(path: string, bytes: Uint8Array): Promise<void> {
  const unfinished = `${path}.${process.pid}.unfinished`;
  await told(`${path} could not be written`, async () => {
    try {
      // Flushed before it takes the other's place, so that a cut of power leaves one of the two as well.
      await writeFile(unfinished, bytes, { flush: true });
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  });
}

/**
 * Does `work`, turning the operating system's word on what went wrong into a refusal that says what was being done.
 * @throws RefusalError with code `file`.
 */
export async function told<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RefusalError({ code: 'file', message: `${what}: ${why}.` });
  }
}
