import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handlesOf, tcpHandle, udpHandle } from '../../../electron/lab/confine-process';
import type { LabTask } from '../../../electron/lab/lab-messages';
import { startLabProcess } from '../../../electron/lab/start-lab-process';
import { type BuiltLab, buildLab } from './built-lab';
import type { ProbeReport } from './probe';

/** As Node's permission model refuses, where it knows of networks. */
const refusal = () => Object.assign(new Error('Access to this API has been restricted'), { code: 'ERR_ACCESS_DENIED' });

test('sockets that Node itself refuses need no closing; any other failure is one', () => {
  const handle = {};
  const refused = () => {
    throw refusal();
  };
  expect(handlesOf([() => handle, refused, () => handle])).toEqual([handle, handle]);
  const broken = () => {
    throw new TypeError('no such thing');
  };
  expect(() => handlesOf([refused, broken])).toThrow('no such thing');
});

test('sockets tell of errors when they please, and it ends nothing', async () => {
  const late = new Socket();
  expect(tcpHandle(late)).toBeTypeOf('object');
  const bound = createSocket('udp4');
  expect(udpHandle(bound)).toBeTypeOf('object');
  for (const socket of [late, bound])
    expect(() => socket.emit('error', new Error('bind EACCES 0.0.0.0'))).not.toThrow();
});

test('a TCP socket without a handle is what Node refused, or a Node that is not known', () => {
  const without = (connect: (socket: Socket) => void) => {
    const socket = new Socket();
    socket.connect = () => {
      connect(socket);
      return socket;
    };
    return () => tcpHandle(socket);
  };
  expect(handlesOf([without((socket) => socket.emit('error', refusal()))])).toEqual([]);
  expect(handlesOf([without((socket) => socket.destroy(refusal()))])).toEqual([]);
  expect(without(() => {})).toThrow('a TCP socket has no handle');
});

let built: BuiltLab;
beforeAll(async () => {
  built = await buildLab();
});
afterAll(() => built.remove());

test('a process of the lab has no environment, reads nothing, starts nothing and connects to nothing', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const worker = startLabProcess(built.probe, built.snapshot);
  worker.postMessage({ kind: 'gradients', code: String((server.address() as AddressInfo).port) } as LabTask, 1000);
  const report = await new Promise<ProbeReport>((resolve, reject) => {
    worker.onMessage((message) => resolve(message as unknown as ProbeReport));
    worker.onEnd(({ reason }) => reject(new Error(reason)));
  });
  await worker.terminate();
  server.close();
  expect(connections).toBe(0);
  expect(report.environment).toEqual([]);
  expect(report.mayRead).toBe(false);
  const names = Object.keys(report.attempts);
  expect(names.length).toBeGreaterThan(15);
  expect(report.attempts).toEqual(Object.fromEntries(names.map((name) => [name, 'refused'])));
});
