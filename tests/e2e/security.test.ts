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
