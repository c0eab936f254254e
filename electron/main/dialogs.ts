import { app, type BrowserWindow, clipboard, dialog } from 'electron';
import type { Desktop } from './host-commands';

/** The desktop as Electron gives it, with dialogs belonging to `window`. */
export function electronDesktop(window: BrowserWindow): Desktop {
  return {
    async askForNamesFile() {
      const { filePaths } = await dialog.showOpenDialog(window, {
        title: 'Open names',
        message: 'A UTF-8 text file with one word a line',
        filters: [
          { name: 'Text', extensions: ['txt', 'csv', 'text'] },
          { name: 'All files', extensions: ['*'] },
        ],
        properties: ['openFile'],
      });
      return filePaths[0] ?? null;
    },
    async askWhereToSave(name) {
      const { canceled, filePath } = await dialog.showSaveDialog(window, {
        title: 'Save picture',
        defaultPath: name,
        filters: [{ name: 'PNG picture', extensions: ['png'] }],
      });
      return canceled || filePath === '' ? null : filePath;
    },
    writeClipboard: (text) => clipboard.writeText(text),
    about: () => ({
      version: app.getVersion(),
      electron: process.versions.electron ?? '',
      chrome: process.versions.chrome ?? '',
      node: process.versions.node,
      runtime: describeRuntime(),
      sandboxOff: app.commandLine.hasSwitch('no-sandbox'),
    }),
  };
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
