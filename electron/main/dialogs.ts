import { app, type BrowserWindow, clipboard, dialog, type FileFilter } from 'electron';
import type { Desktop } from './host-commands';

/**
 * The desktop as Electron gives it, with dialogs belonging to `window`.
 * @param outOfSupport what About says of an Electron that gets no more security updates.
 */
export function electronDesktop(window: BrowserWindow, outOfSupport: string | null): Desktop {
  return {
    askForNamesFile: () =>
      askForFile(window, 'Open names', 'A UTF-8 text file with one word a line', {
        name: 'Text',
        extensions: ['txt', 'csv', 'text'],
      }),
    askForSessionFile: () => askForFile(window, 'Open session', 'A session that Chainrule saved', sessionFiles),
    askWhereToSaveSession: (name) => askWhereToSave(window, 'Save session', name, sessionFiles),
    askWhereToSaveEvidence: (name) =>
      askWhereToSave(window, 'Save evidence', name, { name: 'Evidence', extensions: ['json'] }),
    askWhereToSaveTensors: (name) =>
      askWhereToSave(window, 'Save tensors', name, { name: 'safetensors', extensions: ['safetensors'] }),
    askForCodeFile: () => askForFile(window, 'Open code', 'A backward pass in Python, or a notebook with one', code),
    askWhereToSavePicture: (name) =>
      askWhereToSave(window, 'Save picture', name, { name: 'PNG picture', extensions: ['png'] }),
    askWhereToSaveCode: (name) => askWhereToSave(window, 'Save code', name, python),
    writeClipboard: (text) => clipboard.writeText(text),
    about: () => ({
      version: app.getVersion(),
      electron: process.versions.electron ?? '',
      chrome: process.versions.chrome ?? '',
      node: process.versions.node,
      runtime: describeRuntime(),
      sandboxOff: app.commandLine.hasSwitch('no-sandbox'),
      outOfSupport,
    }),
  };
}

const sessionFiles: FileFilter = { name: 'Chainrule session', extensions: ['chainrule'] };
const code: FileFilter = { name: 'Python and notebooks', extensions: ['py', 'ipynb'] };
const python: FileFilter = { name: 'Python', extensions: ['py'] };

async function askForFile(
  window: BrowserWindow,
  title: string,
  message: string,
  filter: FileFilter,
): Promise<string | null> {
  const { filePaths } = await dialog.showOpenDialog(window, {
    title,
    message,
    filters: [filter, { name: 'All files', extensions: ['*'] }],
    properties: ['openFile'],
  });
  return filePaths[0] ?? null;
}

async function askWhereToSave(
  window: BrowserWindow,
  title: string,
  name: string,
  filter: FileFilter,
): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, { title, defaultPath: name, filters: [filter] });
  return canceled || filePath === '' ? null : filePath;
}

/** Which executable runs and where it came from, as the launcher says; started without it, the executable's path. */
export function describeRuntime(): string {
  return process.env.CHAINRULE_RUNTIME ?? `Electron ${process.versions.electron} (${process.execPath})`;
}

/** Tells that the session keeps dying; resolves with whether the person wants it restarted. */
export async function askWhetherToRestart(window: BrowserWindow, reason: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'The session stopped and could not be kept running.',
    detail: `Its thread ended three times within a minute; the last time: ${reason}\n\nRestarting begins again with the built-in settings and names.`,
    buttons: ['Restart', 'Quit'],
    defaultId: 0,
    cancelId: 1,
  });
  return response === 0;
}

/** Tells that the page keeps crashing; resolves with whether the person wants it loaded again. */
export async function askWhetherToReload(window: BrowserWindow, reason: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'The window’s contents crashed twice within a minute.',
    detail: `The reason given is “${reason}”. The session is still there.`,
    buttons: ['Reload', 'Quit'],
    defaultId: 0,
    cancelId: 1,
  });
  return response === 0;
}
