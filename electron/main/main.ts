/** The app's entry: makes the window, the session and what stands between them, and sees to their failures. */
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { app, type BrowserWindow, ipcMain, Menu, MessageChannelMain } from 'electron';
import { connectChannel, portChannel } from '../preload/channels';
import type { WindowData } from '../worker/start-options';
import { pageUrl } from './app-files';
import { registerSchemes, serveAppFiles } from './app-protocol';
import { Autosave, autosaveMilliseconds } from './autosave';
import { askWhetherToReload, askWhetherToRestart, describeRuntime, electronDesktop } from './dialogs';
import { writeWholeFile } from './files';
import { hostCommandAnswerer } from './host-commands';
import { LabPages } from './lab-page';
import { relayLab } from './lab-relay';
import { screenshotOptions } from './launch-options';
import { denyPermissions, lockDown } from './lockdown';
import { menuTemplate } from './menu';
import { watchPage } from './page-watch';
import { ProgressFile } from './progress-file';
import { Relay } from './relay';
import { pictureAfterSteps } from './screenshot';
import { isOurPage } from './sender';
import { SessionSupervisor } from './session-supervisor';
import { declaredElectron, isFirstTold, outOfSupport } from './support';
import { usableUserData } from './user-data';
import { createWindow, nextPaint } from './window';

/** Where the build puts things; this file is out/main/main.js. */
const built = {
  worker: join(import.meta.dirname, 'worker.js'),
  preload: join(import.meta.dirname, '../preload/preload.cjs'),
  renderer: join(import.meta.dirname, '../renderer'),
  python: {
    preload: join(import.meta.dirname, '../preload/lab-preload.cjs'),
    page: join(import.meta.dirname, '../python'),
    kernels: join(import.meta.dirname, '../kernels'),
  },
};

/** The last autosave may hold the end up for so long. */
const lastSaveMilliseconds = 2000;

registerSchemes();
lockDown();
const userData = usableUserData(() => {
  // Where the folder that was asked for cannot be made, Electron quietly takes another.
  const asked = app.commandLine.getSwitchValue('user-data-dir');
  return asked === '' ? app.getPath('userData') : resolve(asked);
});
if (userData.problem !== null) {
  app.setPath('userData', userData.folder);
  process.on('exit', () => rmSync(userData.folder, { recursive: true, force: true, maxRetries: 3 }));
}
// One window is the whole app, on macOS too: without it there is nothing to come back to.
app.on('window-all-closed', () => app.quit());

app.whenReady().then(start).catch(fail);

/** Ends the app with exit code 1 and the reason on standard error. */
function fail(error: unknown): void {
  process.stderr.write(`chainrule: ${error instanceof Error ? error.message : error}\n`);
  app.exit(1);
}

async function start(): Promise<void> {
  const screenshot = screenshotOptions(process.argv);
  // Two at once would keep their sessions in the same place.
  if (screenshot === null && !app.requestSingleInstanceLock()) {
    process.stderr.write('chainrule: info: Chainrule is open already; its window is brought to the front.\n');
    app.exit(0);
    return;
  }
  await denyPermissions();
  serveAppFiles(built.renderer);
  const window = createWindow(built.preload);
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });

  const log = (level: 'info' | 'warning' | 'error', message: string) => {
    process.stderr.write(`chainrule: ${level}: ${message}\n`);
    relay.tell({ type: 'log', level, message });
  };
  const labPages = new LabPages(built.python);
  const warn = (message: string) => {
    process.stderr.write(`chainrule: warning: ${message}\n`);
    relay.tell({ type: 'notice', level: 'warning', message });
  };
  const unsupported = outOfSupport(process.versions.electron, await declaredElectron(app.getAppPath()));
  const session = new SessionSupervisor({
    startWorker: () => startSession(labPages),
    now: () => performance.now(),
    onEvent: (event) => {
      if (event.type !== 'workerRestarted') relay.tell(event);
      // Only then can the page ask for what was kept of the session that ended.
      else void autosave.setAside().finally(() => relay.tell(event));
    },
    onFrame: (frame) => relay.sendFrame(frame),
    onStarted: () => relay.sessionStarted(),
    onStopped: async (reason) => {
      log('error', `The session stopped and could not be kept running: ${reason}`);
      if (screenshot !== null) fail(`The session stopped: ${reason}`);
      else if (await askWhetherToRestart(window, reason)) session.start();
      else app.quit();
    },
  });
  const progressFile = new ProgressFile(join(userData.folder, 'progress.json'), (message) => log('warning', message));
  const autosave = new Autosave({
    // A picture is of a session that is offered nothing and of which nothing is kept.
    folder: join(userData.folder, screenshot === null ? '' : 'screenshot'),
    pack: (unless, kept) => session.request({ type: 'packSession', kind: 'autosave', progress: null, unless, kept }),
    describe: (bytes, parts) => session.request({ type: 'describeSaved', bytes, parts }),
    log,
  });
  await autosave.setAside();
  const relay = new Relay({
    session,
    answerHostCommand: hostCommandAnswerer({
      desktop: electronDesktop(window, unsupported),
      progressFile,
      autosave,
      session,
    }),
    log,
  });

  if (screenshot === null) {
    if (userData.problem !== null) warn(userData.problem);
    const { electron } = process.versions;
    if (unsupported !== null && (await isFirstTold(userData.folder, electron))) warn(unsupported);
  }

  // A defect in main must neither end the session nor pass unseen.
  process.on('uncaughtException', (error) => log('error', `A defect in Chainrule: ${error.stack ?? error.message}`));
  process.on('unhandledRejection', (reason) => log('error', `A defect in Chainrule: ${reason}`));

  ipcMain.on(connectChannel, (event) => {
    if (!isOurPage(event)) {
      log('warning', `A port was refused to ${event.senderFrame?.url ?? 'a frame that is gone'}.`);
      return;
    }
    const { port1, port2 } = new MessageChannelMain();
    relay.connect(port1);
    event.senderFrame?.postMessage(portChannel, null, [port2]);
  });
  watchPage(window, {
    log,
    onGivenUp: async (reason) => {
      if (screenshot !== null) fail(`The window's process ended: ${reason}`);
      else if (await askWhetherToReload(window, reason)) window.webContents.reload();
      else app.quit();
    },
  });
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menuTemplate(process.platform, (action) => relay.tell({ type: 'action', action }))),
  );
  if (screenshot === null) keepUntilQuit(window, autosave);
  app.on('will-quit', () => void session.close());

  log('info', `Running on ${describeRuntime()}`);
  if (app.commandLine.hasSwitch('no-sandbox')) log('warning', "Chromium's sandbox is off, as it must be for root.");
  session.start();
  await window.loadURL(pageUrl);

  if (screenshot !== null) {
    const picture = await pictureAfterSteps(screenshot.steps, session, relay, {
      nextPaint: () => nextPaint(window),
      capture: async () => (await window.webContents.capturePage()).toPNG(),
    });
    await writeWholeFile(screenshot.file, picture);
    app.exit(0);
  }
}

/** Starts the session's thread, and with it what makes it a page for Python whenever it asks for one. */
function startSession(labPages: LabPages): Worker {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', (port: MessagePort) => relayLab(port, labPages.open()));
  const workerData: WindowData = { pythonPages: port2 };
  return new Worker(built.worker, { workerData, transferList: [port2] });
}

/** Autosaves from time to time, and a last time before the window closes, which a session that no longer answers does not hold up. */
function keepUntilQuit(window: BrowserWindow, autosave: Autosave): void {
  const autosaving = setInterval(() => void autosave.save(), autosaveMilliseconds);
  let isKeeping = false;
  let isKept = false;
  window.on('close', (event) => {
    if (isKept) return;
    event.preventDefault();
    // Closed once more meanwhile, as by quitting: it closes when the first save is done.
    if (isKeeping) return;
    isKeeping = true;
    clearInterval(autosaving);
    void Promise.race([autosave.save(), setTimeout(lastSaveMilliseconds)]).finally(() => {
      isKept = true;
      window.close();
    });
  });
}
