import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { lecture } from '../core/python/corpus/correct';
import { type App, appOfFile, openApp } from './app';

const app = appOfFile();
afterEach(() => app().page.getByRole('combobox', { name: 'Backward', exact: true }).selectOption('nodewise'));

const pane = (page: Page) => page.getByRole('region', { name: 'Your own backward pass' });
const headline = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });
const allRight = (page: Page) => headline(page, 'All 26 gradients are right.').waitFor({ timeout: 60_000 });
const stopButton = (page: Page) => pane(page).getByRole('button', { name: 'Stop', exact: true });

async function beginToWrite(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Backward', exact: true }).selectOption('python');
  await pane(page).getByText('Python is ready').waitFor({ timeout: 60_000 });
}

async function write(page: Page, code: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Backward pass in Python' }).click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(code);
}

/** Runs a loop without end, once nothing of an earlier test's code runs any more. */
async function runEndless(page: Page): Promise<void> {
  await beginToWrite(page);
  const mark = `nothing else runs: ${Math.random()}`;
  await write(page, `print("${mark}")\n`);
  const output = page.getByRole('region', { name: 'Output of the code' });
  await output.getByText(mark).waitFor({ timeout: 30_000 });
  await expect.poll(() => stopButton(page).isVisible()).toBe(false);
  await write(page, 'while True:\n    pass\n');
  await stopButton(page).waitFor();
}

/** The hidden pages of Python's that are open. */
const pythonPages = ({ electron }: App) =>
  electron.windows().filter((page) => page.url().startsWith('chainrule-python:'));

function pythonPage(of: App): Page {
  const [page, ...more] = pythonPages(of);
  expect(more).toEqual([]);
  return page!;
}

/** The process of Python's page, as the operating system counts. */
const processOf = ({ electron }: App) =>
  electron.evaluate(({ webContents }) => {
    const all = webContents.getAllWebContents();
    return all.find((contents) => contents.getURL().startsWith('chainrule-python:'))!.getOSProcessId();
  });

/** What an expression gives in Python's worker. By the debugger: the worker itself lets no text be made code. */
const evaluateInWorker = ({ electron }: App, expression: string): Promise<unknown> =>
  electron.evaluate(async ({ webContents }, text) => {
    const all = webContents.getAllWebContents();
    const { debugger: tool } = all.find((contents) => contents.getURL().startsWith('chainrule-python:'))!;
    tool.attach('1.3');
    try {
      const attached = new Promise<string>((resolve) => {
        tool.on('message', (_event, method, { sessionId }) => {
          if (method === 'Target.attachedToTarget') resolve(sessionId);
        });
      });
      await tool.sendCommand('Target.setAutoAttach', {
        autoAttach: true,
        waitForDebuggerOnStart: false,
        flatten: true,
      });
      const parameters = { expression: text, returnByValue: true };
      const { result } = await tool.sendCommand('Runtime.evaluate', parameters, await attached);
      return result.value;
    } finally {
      tool.detach();
    }
  }, expression);

describe('where Python runs in the app', () => {
  test('is a page of its own origin, isolated, without Node', async () => {
    await beginToWrite(app().page);
    const page = pythonPage(app());
    const found = await page.evaluate(() => ({
      origin: location.origin,
      isIsolated: crossOriginIsolated,
      node: ['require', 'process', 'module', 'global', 'Buffer', 'chainrule'].filter((name) => name in globalThis),
    }));
    expect(found).toEqual({ origin: 'chainrule-python://lab', isIsolated: true, node: [] });
    expect(await app().electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
    expect(await processOf(app())).not.toBe(app().electron.process().pid);
  });

  test('judges as before', async () => {
    const { page } = app();
    await beginToWrite(page);
    await write(page, lecture);
    await allRight(page);
  });

  test('has nothing but the language left once Python is there', async () => {
    await beginToWrite(app().page);
    const expression = `['fetch', 'XMLHttpRequest', 'WebSocket', 'importScripts', 'Worker', 'postMessage', 'self',
      'WebAssembly', 'indexedDB', 'caches', 'navigator', 'location', 'setTimeout', 'MessageChannel', 'process', 'require']
      .filter((name) => name in globalThis)`;
    expect(await evaluateInWorker(app(), expression)).toEqual([]);
    const powerless = `[() => eval('1'), () => Function('return 1')(), () => (async () => {}).constructor('1')]
      .filter((way) => { try { way(); return true; } catch { return false; } }).length`;
    expect(await evaluateInWorker(app(), powerless)).toBe(0);
  });

  test('reaches no network, no file and no other origin, though its own page were taken over', async () => {
    let requests = 0;
    const server = createServer((_request, response) => {
      requests += 1;
      response.setHeader('Access-Control-Allow-Origin', '*').end('reached');
    }).listen(0, '127.0.0.1');
    try {
      await beginToWrite(app().page);
      const { port } = server.address() as AddressInfo;
      const http = `http://127.0.0.1:${port}/`;
      const page = pythonPage(app());
      const urls = [http, 'https://example.com/', 'app://chainrule/index.html', 'file:///etc/passwd', 'page.js'];
      const answers = await page.evaluate(
        (all) =>
          Promise.all(
            all.map((url) =>
              fetch(url).then(
                ({ status }) => status,
                () => 'refused',
              ),
            ),
          ),
        urls,
      );
      expect(answers).toEqual(urls.map(() => 'refused'));
      const others = await page.evaluate(async (port) => {
        const socket = new Promise((resolve) => {
          try {
            const opened = new WebSocket(`ws://127.0.0.1:${port}/`);
            opened.onopen = () => resolve('open');
            opened.onerror = () => resolve('refused');
          } catch {
            resolve('refused');
          }
        });
        const image = new Promise((resolve) => {
          const picture = new Image();
          picture.onload = () => resolve('loaded');
          picture.onerror = () => resolve('refused');
          picture.src = `http://127.0.0.1:${port}/`;
        });
        location.href = `http://127.0.0.1:${port}/`;
        return [await socket, await image, window.open(`http://127.0.0.1:${port}/`) === null, location.protocol];
      }, port);
      expect(others).toEqual(['refused', 'refused', true, 'chainrule-python:']);
      // Nor does the session answer where no policy of the page's forbids it.
      const bySession = await app().electron.evaluate(
        ({ session }, url) =>
          session
            .fromPartition('python')
            .fetch(url)
            .then(
              () => 'reached',
              () => 'refused',
            ),
        http,
      );
      expect(bySession).toBe('refused');
      expect(requests).toBe(0);
    } finally {
      server.close();
      // The browser told the console of each.
      app().complaints.splice(0);
    }
  });
});

describe('what ends it', () => {
  test('Stop ends a loop without end', async () => {
    const { page } = app();
    await runEndless(page);
    await stopButton(page).click();
    await headline(page, /Line [12]: KeyboardInterrupt/).waitFor();
    await write(page, lecture);
    await allRight(page);
  });

  test('a process that is killed ends the check with an error, and the next one knows nothing of it', async () => {
    const { page } = app();
    await runEndless(page);
    const killed = await processOf(app());
    process.kill(killed, 'SIGKILL');
    await headline(page, /SystemError: The code broke Python \(its process ended: killed/).waitFor();
    await write(page, lecture);
    await allRight(page);
    expect(await processOf(app())).not.toBe(killed);
    expect(pythonPages(app())).toHaveLength(1);
  });

  test('an answer that its page has made up reaches nobody', async () => {
    const { page } = app();
    await beginToWrite(page);
    const hostile = await processOf(app());
    await pythonPage(app()).evaluate(() => {
      const post = MessagePort.prototype.postMessage;
      MessagePort.prototype.postMessage = function (message: { kind: string; answer?: { check: { rows: object[] } } }) {
        for (const row of message.answer?.check.rows ?? []) Object.assign(row, { reason: { html: '<b>' }, line: -7 });
        post.call(this, message);
      };
    });
    await write(page, lecture);
    await headline(page, /SystemError: The code broke Python \(it sent something that is no answer/).waitFor();
    await write(page, `${lecture}\n`);
    await allRight(page);
    expect(await processOf(app())).not.toBe(hostile);
    expect(pythonPages(app())).toHaveLength(1);
  });

  test('a process that takes more memory than it may is ended, whatever took it', async () => {
    const { page } = app();
    await beginToWrite(page);
    const greedy = await processOf(app());
    // Outside of Python's memory and of the tensors', which have limits of their own. It ends before it has all of it.
    const takes = pythonPage(app()).evaluate(() => {
      Object.assign(globalThis, { taken: Array.from({ length: 60 }, () => new Uint8Array(2 ** 26).fill(1)) });
    });
    await expect(takes).rejects.toThrow('closed');
    await write(page, lecture);
    await allRight(page);
    expect(await processOf(app())).not.toBe(greedy);
  });
});

test('the operating system confines it, for everybody but root', async () => {
  const other = await openApp({ asNobody: true });
  try {
    await beginToWrite(other.page);
    const status = readFileSync(`/proc/${await processOf(other)}/status`, 'utf8');
    // A filter of system calls, and numbers of processes of its own.
    expect(status).toMatch(/^Seccomp:\t2$/m);
    expect(/^NSpid:\t(.*)$/m.exec(status)?.[1]?.split('\t').length).toBeGreaterThan(1);
    await write(other.page, lecture);
    await allRight(other.page);
    expect(other.complaints).toEqual([]);
  } finally {
    expect(await other.close()).toBe(0);
  }
});
