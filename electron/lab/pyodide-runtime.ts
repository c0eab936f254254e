import type { CallMemory } from '../../core/python/call-memory';
import type { PythonModule } from '../../core/python/modules';
import type { EngineCall, PythonRuntime } from '../../core/python/python-runtime';
import bootstrap from './bootstrap.py?raw';
import { addEngineDevice, enginePath, type FileSystem } from './engine-device';
import type { Interrupts } from './interrupts';
import type { LimitMemory } from './memory-budget';
import type { LoadPyodideScripts, PyodideScripts } from './pyodide-scope';

/** What an interpreter is for; each has the functions of the package of its name. */
export type PythonRole = 'reading' | 'running';

export interface InterpreterOptions {
  /** What calls of the engine do; left out where none is made. */
  readonly engine?: EngineCall;
  /** Counts the text of the engine's calls; left out where nothing does. */
  readonly memory?: CallMemory;
  /** How running code is interrupted; left out where it is not. */
  readonly interrupts?: Interrupts;
  /** Called with the interpreter's memory before it is used. */
  readonly limitMemory?: LimitMemory;
}

/** What limits the memory of the interpreter that is started. */
interface CurrentLimit {
  ofNext: LimitMemory | null;
}

/**
 * Starts interpreters with the lab's modules in them: no network, no files but those in their memory, nothing of JavaScript's to
 * be had. The engine is a device that takes and gives numbers and text.
 */
export class PythonStarter {
  readonly #scripts: PyodideScripts;
  readonly #snapshot: Uint8Array;
  readonly #limit: CurrentLimit;

  private constructor(scripts: PyodideScripts, snapshot: Uint8Array, limit: CurrentLimit) {
    this.#scripts = scripts;
    this.#snapshot = snapshot;
    this.#limit = limit;
  }

  /**
   * Gets ready; after that a realm may be sealed, and interpreters be started in it.
   * @param loadScripts How Pyodide is had where this runs.
   * @param snapshot See `makeSnapshot`.
   */
  static async prepare(loadScripts: LoadPyodideScripts, snapshot: Uint8Array): Promise<PythonStarter> {
    const limit: CurrentLimit = { ofNext: null };
    return new PythonStarter(await loadScripts((memory) => limit.ofNext?.(memory)), snapshot, limit);
  }

  /** Starts one; one after the other, since the scripts tell of its memory alone. */
  async start<Name extends string>(
    role: PythonRole,
    { engine, memory, interrupts, limitMemory }: InterpreterOptions,
  ): Promise<PythonRuntime<Name>> {
    this.#limit.ofNext = limitMemory ?? null;
    const pyodide = await this.#scripts.loadPyodide({
      ...settingsFor(this.#scripts),
      _loadSnapshot: this.#snapshot,
    });
    // Pyodide's types leave out what Emscripten's file system has.
    const files = pyodide.FS as unknown as FileSystem;
    if (engine !== undefined) addEngineDevice(files, engine, memory);
    const begin: (role: PythonRole, device: string) => (name: string, request: string) => string =
      pyodide.globals.get('begin');
    const call = begin(role, engine === undefined ? '' : enginePath);
    refuseFiles(files);
    // Of whatever it is given, it reads and writes the first element alone.
    if (interrupts !== undefined) pyodide.setInterruptBuffer(interrupts.signal as Uint8Array);
    return { call: (name, request) => call(name, request) };
  }
}

/** The memory of an interpreter that has loaded everything and begun nothing: it takes seconds to make, a start from it does not. */
export async function makeSnapshot(
  loadScripts: LoadPyodideScripts,
  modules: readonly PythonModule[],
): Promise<Uint8Array> {
  const scripts = await loadScripts(() => {});
  const pyodide = await scripts.loadPyodide({ ...settingsFor(scripts), _makeSnapshot: true });
  pyodide.runPython(bootstrap);
  const load: (modules: string) => void = pyodide.globals.get('load');
  load(JSON.stringify(modules));
  return pyodide.makeMemorySnapshot();
}

function settingsFor({ createPyodideModule, indexURL, standardLibraryUrl }: PyodideScripts) {
  return {
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

/** EROFS in WASI's numbering. */
const readOnly = 69;
