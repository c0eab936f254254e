import { app, session } from 'electron';
import { pageUrl } from './app-files';

/** Denies every page, now and later, what this app never needs: other pages, windows, devices, permissions, downloads. */
export function lockDown(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => {
      // A page may load itself anew; that includes a file dropped where the page does not take it.
      if (!(event.isMainFrame && event.url === pageUrl)) event.preventDefault();
    });
  });
}

/** The same for what belongs to the session of all pages; that session exists only from `ready` on. */
export function denyPermissions(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
  defaultSession.on('will-download', (event) => event.preventDefault());
}
