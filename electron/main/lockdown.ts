import { app, session } from 'electron';
import { pageUrl } from './app-files';

/**
 * Denies every page, now and later, what this app never needs: other pages, windows, devices, permissions, downloads, and the
 * network. To be called before the app is ready.
 */
export function lockDown(): void {
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  app.on('web-contents-created', (_event, contents) => {
    // WebRTC, which no content security policy stops: nothing but by a proxy, and the proxy leads nowhere.
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => {
      // A page may load itself anew; that includes a file dropped where the page does not take it.
      if (!(event.isMainFrame && event.url === pageUrl)) event.preventDefault();
    });
  });
}

/** Port 9 is that of the discard service, which nobody runs; this machine's own addresses go there as well. */
const nowhere = { mode: 'fixed_servers', proxyRules: 'socks5://127.0.0.1:9', proxyBypassRules: '<-loopback>' } as const;

/** The same for what belongs to the session of all pages; that session exists only from `ready` on. */
export async function denyPermissions(): Promise<void> {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
  defaultSession.on('will-download', (event) => event.preventDefault());
  await defaultSession.setProxy(nowhere);
}
