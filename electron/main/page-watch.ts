import type { BrowserWindow } from 'electron';
import { pageUrl } from './app-files';
import { DeathCounter } from './death-counter';

export interface PageWatchOptions {
  readonly log: (level: 'info' | 'warning' | 'error', message: string) => void;
  /** Called when the page has crashed twice within a minute and was therefore not loaded again. */
  readonly onGivenUp: (reason: string) => void;
}

/**
 * Watches the window's page: a crashed one is loaded again once, one that has been left is as well, one that hangs or lacks its
 * preload is logged.
 */
export function watchPage(window: BrowserWindow, { log, onGivenUp }: PageWatchOptions): void {
  const crashes = new DeathCounter(2, 60_000, () => performance.now());
  const contents = window.webContents;
  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    log('error', `The window's process ended (${reason}, exit code ${exitCode}).`);
    if (crashes.isOneTooMany()) {
      onGivenUp(reason);
    } else {
      log('info', 'The window is loaded again; the session went on meanwhile.');
      contents.reload();
    }
  });
  contents.on('did-navigate', (_event, url) => {
    if (url === pageUrl) return;
    // The preload refuses this; of `about:blank` nothing else can.
    log('warning', `The window left its page for ${url}; it is loaded again.`);
    void contents.loadURL(pageUrl);
  });
  contents.on('preload-error', (_event, path, error) => log('error', `${path} failed: ${error.message}`));
  window.on('unresponsive', () => log('warning', 'The window does not respond; its page is busy or hangs.'));
  window.on('responsive', () => log('info', 'The window responds again.'));
}
