import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, MessageChannelMain, type MessagePortMain, type Session, session, WebContentsView } from 'electron';
import type { LabReply, LabRequest } from '../lab/lab-messages';
import type { PageRequest } from '../lab/page/page-messages';
import type { PythonFiles } from '../lab/python-files';
import { labPortChannel } from '../preload/lab-channel';
import {
  type LabFolders,
  type LabScript,
  labHeaders,
  labOrigin,
  labPageUrl,
  labScheme,
  labScripts,
  pythonFiles,
} from './lab-files';
import type { LabPage } from './lab-relay';

/** Where the build puts what Python's page needs. */
export interface LabBuild {
  readonly preload: string;
  /** The folder of the page's bundles. */
  readonly page: string;
  /** The folder of the compiled kernels. */
  readonly kernels: string;
}

/**
 * Most bytes that the page's process may take, everything together. Python's memory and tensors have limits of their own, which
 * code meets first and is told of in Python; this one is for what they do not count.
 */
const memoryLimit = 2 * 2 ** 30;
const watchMilliseconds = 250;

/** Makes pages for Python: hidden, sandboxed, of an origin of their own, without Node and without a network. */
export class LabPages {
  readonly #preload: string;
  readonly #session: Session;
  readonly #folders: LabFolders;
  /** A view that nobody holds is collected, and its page with it. */
  readonly #open = new Set<HiddenPage>();

  /** To be made once the app is ready. */
  constructor({ preload, page, kernels }: LabBuild) {
    this.#preload = preload;
    const from = (folder: string) => async (name: string) => new Uint8Array(await readFile(join(folder, name)));
    const pyodide = fileURLToPath(new URL('.', import.meta.resolve('pyodide')));
    this.#folders = { page: from(page), kernels: from(kernels), pyodide: from(pyodide) };
    // In memory alone: nothing of it outlasts the app.
    this.#session = session.fromPartition('python');
    const bundles = readdirSync(page).filter((name) => name.endsWith('.js'));
    confine(this.#session, labScripts(this.#folders, bundles));
  }

  /** Opens a page, in a process of its own, and starts Python in it. */
  open(): LabPage {
    const page = new HiddenPage({ preload: this.#preload, session: this.#session }, pythonFiles(this.#folders), () =>
      this.#open.delete(page),
    );
    this.#open.add(page);
    return page;
  }
}

class HiddenPage implements LabPage {
  readonly #view: WebContentsView;
  readonly #port: MessagePortMain;
  readonly #watch: NodeJS.Timeout;
  readonly #closed: () => void;
  #hear = (_reply: unknown) => {};
  #isClosed = false;

  constructor(
    preferences: { readonly preload: string; readonly session: Session },
    files: Promise<PythonFiles>,
    closed: () => void,
  ) {
    this.#closed = closed;
    this.#view = new WebContentsView({
      webPreferences: {
        ...preferences,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        spellcheck: false,
        // Nobody sees it, and somebody waits for it.
        backgroundThrottling: false,
      },
    });
    const { port1, port2 } = new MessageChannelMain();
    this.#port = port1;
    port1.on('message', ({ data }) => this.#hear(data));
    port1.start();
    const { webContents } = this.#view;
    webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      if (reason === 'oom') this.#end('The code took more memory than there is', true);
      else this.#end(`its process ended: ${reason}, exit code ${exitCode}`);
    });
    // The app ends, and its pages with it: nobody is to be told, nor to start another.
    webContents.on('destroyed', () => this.#leave());
    webContents.on('preload-error', (_event, path, { message }) => this.#end(`${path} failed: ${message}`));
    webContents.on('will-frame-navigate', (event) => event.preventDefault());
    webContents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
    this.#watch = setInterval(() => this.#watchMemory(), watchMilliseconds);
    void this.#start(port2, files);
  }

  async #start(port: MessagePortMain, files: Promise<PythonFiles>): Promise<void> {
    const { webContents } = this.#view;
    try {
      const [given] = await Promise.all([files, webContents.loadURL(labPageUrl)]);
      if (this.#isClosed) return;
      webContents.postMessage(labPortChannel, null, [port]);
      const request: PageRequest = { kind: 'start', files: given };
      this.#port.postMessage(request);
    } catch (error) {
      this.#end(`its page could not be loaded: ${error instanceof Error ? error.message : error}`);
    }
  }

  postMessage(request: LabRequest): void {
    this.#port.postMessage(request);
  }

  onReply(listener: (reply: unknown) => void): void {
    this.#hear = listener;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#leave();
    const { webContents } = this.#view;
    // None where the app is ending.
    if (webContents === undefined || webContents.isDestroyed()) return;
    // It may be at something that never ends, and would not be asked.
    webContents.forcefullyCrashRenderer();
    webContents.close();
  }

  /** Nothing is heard of the page any more. */
  #leave(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#watch);
    this.#port.close();
    this.#closed();
  }

  #end(reason: string, isOutOfMemory = false): void {
    if (this.#isClosed) return;
    this.close();
    const reply: LabReply = { kind: 'ended', reason, isOutOfMemory };
    this.#hear(reply);
  }

  #watchMemory(): void {
    if (memoryOf(this.#view.webContents.getOSProcessId()) <= memoryLimit) return;
    this.#end(`The code took more than ${memoryLimit / 2 ** 30} GiB of memory`, true);
  }
}

/** Bytes of a process's memory that are in use; 0 where it has none. */
function memoryOf(processId: number): number {
  const found = app.getAppMetrics().find(({ pid }) => pid === processId);
  return (found?.memory.workingSetSize ?? 0) * 1024;
}

/** Serves these files to the session's pages and refuses them everything else. */
function confine(python: Session, files: ReadonlyMap<string, LabScript>): void {
  python.protocol.handle(labScheme, async ({ url, method }) => {
    const file = files.get(url);
    if (file === undefined || method !== 'GET') return new Response(null, { status: 403, headers: labHeaders });
    return new Response(await file.read(), { headers: { ...labHeaders, 'Content-Type': file.contentType } });
  });
  python.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !url.startsWith(`${labOrigin}/`) }));
  python.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  python.setPermissionCheckHandler(() => false);
  python.setDevicePermissionHandler(() => false);
  python.on('will-download', (event) => event.preventDefault());
}
