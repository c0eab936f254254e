/** Built and started in place of lab.js: tries, once it is confined, what a process could do, and says what came of it. */
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { lookup, resolve4 } from 'node:dns';
import type { EventEmitter } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect, createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Worker } from 'node:worker_threads';
import { confineProcess } from '../../../electron/lab/confine-process';
import type { LabProcessRequest } from '../../../electron/lab/lab-messages';

/** What the probe sends. */
export interface ProbeReport {
  readonly environment: readonly string[];
  readonly mayRead: boolean;
  /** Of each attempt, `refused` or what it gave. */
  readonly attempts: Readonly<Record<string, string>>;
}

confineProcess();

/**
 * Waits for the event, or fails with the first error. Errors that follow, such as of a bind that is refused again when the socket
 * is closed, are heard and change nothing: an 'error' that nobody hears ends the process, on some versions of Node past all handlers.
 */
function until<Emitter extends EventEmitter>(emitter: Emitter, event: string): Promise<string> {
  return new Promise((resolve, reject) => {
    emitter.on('error', reject);
    emitter.once(event, () => resolve(event));
  });
}

/** @param port Where a server listens on this machine. */
const attemptsAt = (port: number): Readonly<Record<string, () => unknown>> => ({
  'read a file': () => readFileSync('/etc/passwd'),
  'write a file': () => writeFileSync('/tmp/chainrule-probe', 'x'),
  'run a command': () => execFileSync('id'),
  'start a thread': () => new Worker('', { eval: true }),
  'kill a process': () => process.kill(process.ppid, 0),
  'reach Node from within': () => Reflect.get(process, 'binding')('tcp_wrap'),
  'connect by TCP': () => until(connect(port, '127.0.0.1'), 'connect'),
  'connect by TCP 6': () => until(connect(port, '::1'), 'connect'),
  'connect by a path': () => until(connect('/tmp/chainrule-probe'), 'connect'),
  'connect by TLS': () => until(connectTls(port, '127.0.0.1'), 'secureConnect'),
  'ask by HTTP': () => until(get({ host: '127.0.0.1', port }), 'response'),
  'ask by HTTP/2': () => until(connectHttp2(`http://127.0.0.1:${port}`), 'connect'),
  fetch: () => fetch(`http://127.0.0.1:${port}`),
  'send by UDP': () =>
    new Promise((resolve, reject) => {
      const socket = createSocket('udp4');
      socket.on('error', reject);
      socket.send('x', port, '127.0.0.1', (error) => (error == null ? resolve('sent') : reject(error)));
    }),
  'bind a UDP socket': () => until(createSocket('udp4').bind(0, '127.0.0.1'), 'listening'),
  listen: () => until(createServer().listen(0, '127.0.0.1'), 'listening'),
  'look a name up': () =>
    new Promise((resolve, reject) => lookup('localhost', (error) => (error ? reject(error) : resolve('found')))),
  'ask for a name': () =>
    new Promise((resolve, reject) => resolve4('localhost', (error) => (error ? reject(error) : resolve('found')))),
});

// What is refused may be told of more than once.
process.on('uncaughtException', () => {});
process.on('unhandledRejection', () => {});
process.on('message', async (request: LabProcessRequest) => {
  // The port comes in the place of a person's code.
  if (request.kind !== 'task') return;
  const came: Record<string, string> = {};
  for (const [name, attempt] of Object.entries(attemptsAt(Number(request.task.code)))) {
    try {
      came[name] = `gave ${await attempt()}`;
    } catch (error) {
      const { code, message, cause } = error as Error & { readonly code?: string; readonly cause?: Error };
      const told = [code, message, cause?.message].join(' ');
      came[name] = /ERR_ACCESS_DENIED|EACCES|no such access/.test(told) ? 'refused' : told;
    }
  }
  const permission = Reflect.get(process, 'permission') as { has(scope: string, path: string): boolean };
  const report: ProbeReport = {
    environment: Object.keys(process.env),
    mayRead: permission.has('fs.read', '/etc/passwd'),
    attempts: came,
  };
  process.send?.(report);
});
