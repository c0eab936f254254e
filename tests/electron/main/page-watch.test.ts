import { EventEmitter } from 'node:events';
import type { BrowserWindow } from 'electron';
import { beforeEach, describe, expect, it } from 'vitest';
import { pageUrl } from '../../../electron/main/app-files';
import { watchPage } from '../../../electron/main/page-watch';

class FakeWindow extends EventEmitter {
  reloads = 0;
  readonly loaded: string[] = [];
  readonly webContents = Object.assign(new EventEmitter(), {
    reload: () => this.reloads++,
    loadURL: async (url: string) => void this.loaded.push(url),
  });

  loseProcess(reason: string): void {
    this.webContents.emit('render-process-gone', {}, { reason, exitCode: 11 });
  }
}

describe('watchPage', () => {
  let window: FakeWindow;
  let logged: string[];
  let givenUp: string[];
  beforeEach(() => {
    window = new FakeWindow();
    logged = [];
    givenUp = [];
    watchPage(window as unknown as BrowserWindow, {
      log: (level, message) => logged.push(`${level}: ${message}`),
      onGivenUp: (reason) => givenUp.push(reason),
    });
  });

  it('loads a crashed page again once and tells why, and gives up at the second crash in a minute', () => {
    window.loseProcess('crashed');
    expect(window.reloads).toBe(1);
    expect(logged[0]).toBe("error: The window's process ended (crashed, exit code 11).");
    window.loseProcess('oom');
    expect(window.reloads).toBe(1);
    expect(givenUp).toEqual(['oom']);
  });

  it('leaves a process alone that ended as it should', () => {
    window.loseProcess('clean-exit');
    expect({ reloads: window.reloads, logged, givenUp }).toEqual({ reloads: 0, logged: [], givenUp: [] });
  });

  it('loads the page again that was left, and no other time', () => {
    window.webContents.emit('did-navigate', {}, pageUrl);
    expect(window.loaded).toEqual([]);
    window.webContents.emit('did-navigate', {}, 'about:blank');
    expect(window.loaded).toEqual([pageUrl]);
    expect(logged).toEqual([expect.stringContaining('left its page for about:blank')]);
  });

  it('logs a page that hangs and a preload that fails', () => {
    window.emit('unresponsive');
    window.webContents.emit('preload-error', {}, '/app/preload.cjs', new Error('broken'));
    expect(logged).toEqual([expect.stringContaining('does not respond'), 'error: /app/preload.cjs failed: broken']);
  });
});
