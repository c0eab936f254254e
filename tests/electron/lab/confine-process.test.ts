import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LabTask } from '../../../electron/lab/lab-messages';
import { startLabProcess } from '../../../electron/lab/start-lab-process';
import { type BuiltLab, buildLab } from './built-lab';
import type { ProbeReport } from './probe';

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
