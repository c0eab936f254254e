import type { PythonModule } from '../../core/python/modules';
import type { EngineCall, PythonRuntime } from '../../core/python/python-runtime';
import bootstrap from './bootstrap.py?raw';
import type { LoadPyodideScripts } from './pyodide-scope';

export interface PythonRuntimeOptions {
  /** How Pyodide is had where this runs. */
  readonly loadScripts: LoadPyodideScripts;
  readonly modules: readonly PythonModule[];
  /** What `_engine.call` in Python does. */
  readonly engine: EngineCall;
  /** A 2 written into its first byte raises KeyboardInterrupt in running code. */
  readonly interrupts?: Uint8Array;
}

/** Most bytes that Python itself may take; tensors are limited apart, in their table. Beyond it, MemoryError. */
const memoryLimit = 512 * 2 ** 20;
const pageBytes = 65_536;

/**
 * Starts CPython with the lab's modules in it: no network, no files but those in its memory, nothing of JavaScript's to
 * be had but the engine's one function, which takes and gives numbers and text.
 */
export async function loadPythonRuntime(options: PythonRuntimeOptions): Promise<PythonRuntime> {
  const { loadScripts, modules, engine, interrupts } = options;
  const { loadPyodide, createPyodideModule, indexURL, standardLibraryUrl } = await loadScripts(limitMemory);
  const settings = {
    indexURL,
    createPyodideModule,
    stdLibURL: standardLibraryUrl,
    // `import js` finds nothing.
    jsglobals: Object.create(null),
    // No package can be loaded: there is a list of them, and it is empty.
    lockFileContents: JSON.stringify({ info: { abi_version: abiVersion }, packages: {} }),
    // A hash seed of its own would make the order of sets, and with it messages, differ from start to start.
    env: { HOME: '/home/lab', PYTHONHASHSEED: '0' },
  };
  const pyodide = await loadPyodide(settings);
  pyodide.registerJsModule('_engine', engineModule(engine));
  const start: (modules: string) => (name: string, request: string) => string = pyodide.runPython(bootstrap);
  const call = start(JSON.stringify(modules));
  refuseFiles(pyodide.FS);
  if (interrupts !== undefined) pyodide.setInterruptBuffer(interrupts);
  return { call: (name, request) => call(name, request) };
}

/** Of Pyodide's lock file; `loadPyodide` refuses another. */
const abiVersion = '2026_0';

/** Lets nothing be written to a file: files are outside of Python's memory and its limit. */
function refuseFiles(files: FileSystem): void {
  const { MEMFS } = files.filesystems;
  const refuse = () => {
    throw new files.ErrnoError(readOnly);
  };
  MEMFS.ops_table.file.stream.write = refuse;
  MEMFS.resizeFileStorage = refuse;
}

/** What is used of Emscripten's, whose types leave it out. */
interface FileSystem {
  readonly filesystems: {
    readonly MEMFS: { readonly ops_table: { readonly file: { readonly stream: { write: unknown } } } } & {
      resizeFileStorage: unknown;
    };
  };
  readonly ErrnoError: new (code: number) => Error;
}

/** EROFS in WASI's numbering. */
const readOnly = 69;

function limitMemory(memory: WebAssemblyMemory): void {
  const grow = memory.grow.bind(memory);
  const limited = (pages: number) => {
    if (memory.buffer.byteLength + pages * pageBytes > memoryLimit) throw new RangeError('Python has no more memory.');
    return grow(pages);
  };
  Object.defineProperty(memory, 'grow', { value: limited });
}

/**
 * The module through which Python calls the engine. Neither it nor its function has a prototype, by which Python could
 * reach other objects, nor throws: an exception would be such an object.
 */
function engineModule(engine: EngineCall): object {
  const call = (name: unknown, ...parameters: unknown[]): number | string => {
    try {
      if (typeof name !== 'string' || !parameters.every(isNumberOrText)) {
        return '!TypeError: The engine takes numbers and text only.';
      }
      return engine(name, ...parameters);
    } catch (error) {
      return `!RuntimeError: ${error instanceof Error ? error.message : String(error)}`;
    }
  };
  Object.freeze(Object.setPrototypeOf(call, null));
  return Object.freeze(Object.assign(Object.create(null), { call }));
}

function isNumberOrText(value: unknown): value is number | string {
  return typeof value === 'number' || typeof value === 'string';
}
