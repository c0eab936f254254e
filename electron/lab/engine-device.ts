import type { CallMemory } from '../../core/python/call-memory';
import { PythonException } from '../../core/python/python-exception';
import type { EngineCall } from '../../core/python/python-runtime';

/** What is used of Emscripten's file system, whose types leave it out. */
export interface FileSystem {
  readonly filesystems: {
    readonly MEMFS: { readonly ops_table: { readonly file: { readonly stream: { write: unknown } } } } & {
      resizeFileStorage: unknown;
    };
  };
  readonly ErrnoError: new (code: number) => Error;
  makedev(major: number, minor: number): number;
  registerDevice(device: number, operations: object): void;
  mkdev(path: string, mode: number, device: number): void;
}

/** Where Python finds the engine. */
export const enginePath = '/dev/engine';

/** A device number that Emscripten does not use. */
const engineMajor = 64;
// Made here: an interpreter may be started in a sealed realm, which has none.
const decoder = new TextDecoder('utf-8');
const encoder = new TextEncoder();

/** The largest number that can be an answer by itself: four times it has to be a whole number of 31 bits. */
const largestDirect = 2 ** 29 - 1;

/** Bytes of a call: the numbers of a large tensor, as text; longer, and no string of JavaScript's could hold it. */
const longestCall = 2 ** 28;
/** Of the text that a byte of a call becomes, at most. */
const bytesOfCharacter = 2;

/**
 * Makes the device through which Python calls the engine: a write is a call, as core/python/torch/_call.py makes it, and the count of
 * bytes that it is said to have written is the answer. So nothing of JavaScript's is ever an object in Python.
 * @param memory Counts the text of a call until the call ends.
 */
export function addEngineDevice(files: FileSystem, engine: EngineCall, memory?: Pick<CallMemory, 'take'>): void {
  let answer = new Uint8Array();
  const told = (given: number | string): number => {
    if (typeof given === 'number' && given >= 0 && given <= largestDirect) return given * 4;
    answer = encoder.encode(String(given));
    return answer.length * 4 + (typeof given === 'number' ? 2 : 1);
  };
  const fits = (bytes: number): boolean => {
    try {
      memory?.take(bytes);
      return true;
    } catch (error) {
      if (error instanceof PythonException) return false;
      throw error;
    }
  };
  const device = files.makedev(engineMajor, 0);
  files.registerDevice(device, {
    open(stream: { seekable: boolean }) {
      stream.seekable = false;
    },
    write(_stream: unknown, memory: Int8Array, start: number, length: number): number {
      if (length > longestCall || !fits(length * bytesOfCharacter)) {
        return told('!MemoryError: So much cannot be given to the engine at once.');
      }
      const parts = decoder.decode(memory.subarray(start, start + length)).split('\0');
      const [name = '', ...parameters] = parts;
      return told(engine(name, ...parameters.map(readParameter)));
    },
    read(_stream: unknown, memory: Int8Array, start: number, length: number): number {
      const given = answer.subarray(0, length);
      memory.set(given, start);
      // A part of it would keep all of it.
      answer = given.length === answer.length ? new Uint8Array() : answer.subarray(given.length);
      return given.length;
    },
  });
  files.mkdev(enginePath, 0o666, device);
}

function readParameter(text: string): number | string {
  return text.startsWith('n') ? Number(text.slice(1)) : text.slice(1);
}
