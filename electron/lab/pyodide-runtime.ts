import type { PythonModule } from '../../core/python/modules';
import type { EngineCall, PythonRuntime } from '../../core/python/python-runtime';
import bootstrap from './bootstrap.py?raw';
import { addEngineDevice, enginePath, type FileSystem } from './engine-device';
import { loadPyodideScripts, type PyodideScripts } from './pyodide-scripts';

/** What an interpreter is for; each has the functions of the package of its name. */
export type PythonRole = 'reading' | 'running';

export interface InterpreterOptions {
  /** What calls of the engine do; left out where none is made. */
  readonly engine?: EngineCall;
  /** A 2 written into its first byte raises KeyboardInterrupt in running code. */
  readonly interrupts?: Uint8Array;
}

/** Most bytes that Python itself may take; tensors are limited apart, in their table. Beyond it, MemoryError. */
const memoryLimit = 512 * 2 ** 20;
const pageBytes = 65_536;

/** Where interpreters come from: a snapshot of one that has loaded everything, or, without, the modules themselves. */
export type PythonImage = { readonly snapshot: Uint8Array } | { readonly modules: readonly PythonModule[] };

/**
 * Starts a CPython with the lab's modules in it: no network, no files but those in its memory, nothing of JavaScript's to
 * be had. The engine is a device that takes and gives numbers and text.
 */
export async function startPython<Name extends string>(
  image: PythonImage,
  role: PythonRole,
  { engine, interrupts }: InterpreterOptions,
): Promise<PythonRuntime<Name>> {
  const scripts = await loadPyodideScripts(limitMemory);
  const pyodide = await scripts.loadPyodide({
    ...settingsFor(scripts),
    ...('snapshot' in image ? { _loadSnapshot: image.snapshot } : {}),
  });
  if ('modules' in image) loadModules(pyodide, image.modules);
  // Pyodide's types leave out what Emscripten's file system has.
  const files = pyodide.FS as unknown as FileSystem;
  if (engine !== undefined) addEngineDevice(files, engine);
  const begin: (role: PythonRole, device: string) => (name: string, request: string) => string =
    pyodide.globals.get('begin');
  const call = begin(role, engine === undefined ? '' : enginePath);
  refuseFiles(files);
  if (interrupts !== undefined) pyodide.setInterruptBuffer(interrupts);
  return { call: (name, request) => call(name, request) };
}

/** The memory of an interpreter that has loaded everything and begun nothing. */
export async function makeSnapshot(modules: readonly PythonModule[]): Promise<Uint8Array> {
  const scripts = await loadPyodideScripts(limitMemory);
  const pyodide = await scripts.loadPyodide({ ...settingsFor(scripts), _makeSnapshot: true });
  loadModules(pyodide, modules);
  return pyodide.makeMemorySnapshot();
}

type Pyodide = Awaited<ReturnType<PyodideScripts['loadPyodide']>>;

function loadModules(pyodide: Pyodide, modules: readonly PythonModule[]): void {
  pyodide.runPython(bootstrap);
  const load: (modules: string) => void = pyodide.globals.get('load');
  load(JSON.stringify(modules));
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

function limitMemory(memory: WebAssemblyMemory): void {
  const grow = memory.grow.bind(memory);
  const limited = (pages: number) => {
    if (memory.buffer.byteLength + pages * pageBytes > memoryLimit) throw new RangeError('Python has no more memory.');
    return grow(pages);
  };
  Object.defineProperty(memory, 'grow', { value: limited });
}
