import { createSocket } from 'node:dgram';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { appOfFile } from './app';

const app = appOfFile();

test('the page has nothing of Node and of the preload one function', async () => {
  const { page } = app();
  const found = await page.evaluate(() => ({
    node: ['require', 'process', 'module', 'global', 'Buffer', '__dirname'].filter((name) => name in globalThis),
    bridge: Object.keys(window.chainrule ?? {}),
  }));
  expect(found).toEqual({ node: [], bridge: ['connect'] });
});

test('an inline script and one from elsewhere do not run', async () => {
  const { page, complaints } = app();
  const policy = await page.evaluate(async () => (await fetch(location.href)).headers.get('content-security-policy'));
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');

  const directives = await page.evaluate(async () => {
    const violation = (script: HTMLScriptElement) =>
      new Promise<string>((resolve) => {
        addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true });
        document.body.append(script);
      });
    const inline = document.createElement('script');
    inline.textContent = 'document.title = "ran"';
    const foreign = document.createElement('script');
    foreign.src = 'https://example.com/script.js';
    return [await violation(inline), await violation(foreign)];
  });
  expect(directives).toEqual(['script-src-elem', 'script-src-elem']);
  expect(await page.title()).toBe('Chainrule');
  // The browser complains in the console as well, once each.
  const refused = complaints.splice(0);
  expect(refused).toHaveLength(2);
  for (const complaint of refused) expect(complaint).toContain('Content Security Policy');
});

test('other windows, pages and permissions are denied', async () => {
  const { page, electron } = app();
  expect(await page.evaluate(() => window.open('https://example.com/') === null)).toBe(true);
  await page.evaluate(() => document.body.setAttribute('data-loaded-once', ''));
  for (const url of ['https://example.com/', 'app://chainrule/other.html']) {
    await page.evaluate((target) => location.assign(target), url);
  }
  const permissions = await page.evaluate(async () => [
    await Notification.requestPermission(),
    await new Promise((resolve) => {
      navigator.geolocation.getCurrentPosition(
        () => resolve('granted'),
        (error) => resolve(error.code === error.PERMISSION_DENIED ? 'denied' : error.message),
      );
    }),
    await navigator.mediaDevices?.getUserMedia({ audio: true }).then(
      () => 'granted',
      () => 'denied',
    ),
  ]);
  expect(permissions.filter((permission) => permission !== undefined)).toEqual(['denied', 'denied', 'denied']);
  expect(page.url()).toBe('app://chainrule/index.html');
  expect(await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  expect(await page.evaluate(() => document.body.hasAttribute('data-loaded-once'))).toBe(true);
});

test('the page stays where it is, whatever it is told, and Reload loads it anew', async () => {
  const { page, electron } = app();
  await page.evaluate(() => document.body.setAttribute('data-loaded-once', ''));
  for (const url of ['about:blank', 'about:blank#here', 'data:text/html,x', 'blob:app://chainrule/1']) {
    await page
      .evaluate((target) => {
        location.href = target;
      }, url)
      .catch(() => undefined);
    expect(await page.evaluate(() => [location.href, document.body.hasAttribute('data-loaded-once')])).toEqual([
      'app://chainrule/index.html',
      true,
    ]);
  }
  // What a page cannot be told is not refused: main does it itself.
  await electron.evaluate(({ BrowserWindow }) =>
    // What takes its place ends it.
    BrowserWindow.getAllWindows()[0]
      ?.webContents.loadURL('about:blank')
      .catch(() => undefined),
  );
  await page.waitForURL('app://chainrule/index.html');
  await page.getByRole('toolbar').first().waitFor();
  await page.evaluate(() => document.body.setAttribute('data-loaded-once', ''));
  await electron.evaluate(({ Menu, BrowserWindow }) => {
    const items = Menu.getApplicationMenu()?.items.flatMap((menu) => menu.submenu?.items ?? []) ?? [];
    const [window] = BrowserWindow.getAllWindows();
    // A role's own click needs the focused window, which a test's display may not have.
    if (items.some(({ role }) => role === 'reload')) window?.webContents.reload();
  });
  await expect
    .poll(() => page.evaluate(() => document.body.hasAttribute('data-loaded-once')).catch(() => true))
    .toBe(false);
  await page.getByRole('toolbar').first().waitFor();
  // Main says that its page was left.
  app().complaints.length = 0;
});

test('WebRTC reaches nobody, not even on this machine', async () => {
  const { page } = app();
  const heard: string[] = [];
  const udp = createSocket('udp4').on('message', () => heard.push('udp'));
  await new Promise<void>((bound) => udp.bind(0, '127.0.0.1', bound));
  const tcp = createServer(() => heard.push('tcp'));
  await new Promise<void>((bound) => tcp.listen(0, '127.0.0.1', bound));
  const ports = [udp.address().port, (tcp.address() as AddressInfo).port] as const;
  const candidates = await page.evaluate(async ([udpPort, tcpPort]) => {
    const account = { username: 'a', credential: 'b' };
    const connection = new RTCPeerConnection({
      iceServers: [
        { urls: `stun:127.0.0.1:${udpPort}` },
        { urls: `turn:127.0.0.1:${udpPort}?transport=udp`, ...account },
        { urls: `turn:127.0.0.1:${tcpPort}?transport=tcp`, ...account },
        { urls: 'stun:stun.example.com:3478' },
      ],
    });
    connection.createDataChannel('data');
    const found: string[] = [];
    const gathered = new Promise<void>((resolve) => {
      connection.onicecandidate = ({ candidate }) => {
        if (candidate === null) resolve();
        else found.push(candidate.candidate);
      };
    });
    await connection.setLocalDescription(await connection.createOffer());
    await gathered;
    return found;
  }, ports);
  udp.close();
  tcp.close();
  expect(candidates).toEqual([]);
  expect(heard).toEqual([]);
});

test('no file outside the built page is served', async () => {
  const { page, complaints } = app();
  const statuses = await page.evaluate(() =>
    Promise.all(
      ['/..%2fmain%2fmain.js', '/%2e%2e/preload/preload.cjs', '/..%5cmain%5cmain.js', '/nothing.js'].map(
        async (path) => (await fetch(path)).status,
      ),
    ),
  );
  for (const status of statuses) expect([403, 404]).toContain(status);
  // The browser lists each failed request in the console.
  expect(complaints.splice(0)).toHaveLength(statuses.length);
});
