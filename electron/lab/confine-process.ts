import cluster from 'node:cluster';
import dgram from 'node:dgram';
import dns from 'node:dns';
import type { EventEmitter } from 'node:events';
import inspector from 'node:inspector';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { getSystemErrorMap } from 'node:util';

/** What `process` can do to other processes and to itself, and the ways from it to Node's own parts. */
const powersOfProcess = [
  ...['binding', '_linkedBinding', 'dlopen', 'getBuiltinModule', 'mainModule', 'loadEnvFile', 'execve'],
  ...['kill', '_kill', '_debugProcess', '_debugEnd', '_startProfilerIdleNotifier', 'abort', 'report'],
  ...['chdir', 'umask', 'setuid', 'seteuid', 'setgid', 'setegid', 'setgroups', 'initgroups'],
];

/** Methods of Node's sockets, of every kind, that connect or are connected to. */
const socketMethods = [
  ...['open', 'bind', 'bind6', 'connect', 'connect6', 'listen', 'send', 'send6', 'sendto', 'fchmod'],
  ...['addMembership', 'addSourceSpecificMembership'],
];

/**
 * Closes what Node's permission model leaves open in this process: connections of every kind, names of hosts, other processes.
 * Sockets are closed where Node's JavaScript calls what is compiled, whatever of it is used: http, tls, fetch and the rest end
 * there. For a process of its own, before anything else runs in it; its channel to the parent is open already and stays so.
 */
export function confineProcess(): void {
  for (const handle of handlesOf([tcpHandle, udpHandle, parentChannel])) {
    replaceAll(Object.getPrototypeOf(handle), socketMethods, () => accessDenied);
  }
  const resolver: object = Object.getPrototypeOf(Reflect.get(new dns.Resolver(), '_handle'));
  replaceAll(resolver, methodsOf(resolver), () => accessDenied);
  for (const names of [dns, dns.promises]) refuseAll(names, ['lookup', 'lookupService']);
  refuseAll(inspector, ['open', 'Session']);
  refuseAll(cluster, ['fork']);
  syncBuiltinESMExports();
  refuseAll(process, powersOfProcess);
}

/**
 * What sockets of each kind work with. From version 25 on Node's permission model refuses connections itself: a kind of which not
 * even a socket can be had there needs no closing.
 * @throws Error where a kind cannot be had for any other reason: then this Node is another than was known, and is not confined.
 */
export function handlesOf(kinds: readonly (() => object)[]): readonly object[] {
  return kinds.flatMap((make) => {
    try {
      return [make()];
    } catch (error) {
      if (error instanceof Error && Reflect.get(error, 'code') === 'ERR_ACCESS_DENIED') return [];
      throw error;
    }
  });
}

/** What Node gives a TCP socket to work with; it is made before the host's name is looked up, which never ends. */
export function tcpHandle(socket: net.Socket = new net.Socket()): object {
  const refusals = collectErrors(socket);
  socket.connect({ host: 'nowhere.invalid', port: 1, lookup: () => {} });
  const handle: unknown = Reflect.get(socket, '_handle') ?? socket.errored ?? refusals[0];
  socket.destroy();
  return handleOf(handle, 'TCP');
}

export function udpHandle(socket: dgram.Socket = dgram.createSocket('udp4')): object {
  collectErrors(socket);
  const { handle }: { readonly handle: unknown } = valueOfSymbol(socket, 'state symbol');
  socket.close();
  return handleOf(handle, 'UDP');
}

/** Of a socket that is thrown away: an error that it tells of, now or after it is closed, would otherwise end the process. */
function collectErrors(socket: EventEmitter): readonly unknown[] {
  const errors: unknown[] = [];
  socket.on('error', (error) => errors.push(error));
  return errors;
}

/** @throws what the socket told instead of having a handle, or an Error where it told nothing. */
function handleOf(handle: unknown, kind: string): object {
  if (handle instanceof Error) throw handle;
  if (typeof handle === 'object' && handle !== null) return handle;
  throw new Error(`Node ${process.version} cannot be kept from connecting: a ${kind} socket has no handle.`);
}

/** The channel to the parent: a pipe, as every local socket is. */
function parentChannel(): object {
  return valueOfSymbol(process, 'kChannelHandle');
}

/** @throws Error where there is none: then this Node is another than was known, and is not confined. */
function valueOfSymbol<T>(of: object, name: string): T {
  const symbol = Object.getOwnPropertySymbols(of).find(({ description }) => description === name);
  if (symbol === undefined)
    throw new Error(`Node ${process.version} cannot be kept from connecting: it has no ${name}.`);
  return Reflect.get(of, symbol);
}

function methodsOf(prototype: object): readonly string[] {
  return Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
}

function refuseAll(of: object, names: readonly string[]): void {
  replaceAll(of, names, () => {
    throw new Error('The lab has no such access.');
  });
}

function replaceAll(of: object, names: readonly string[], value: () => unknown): void {
  for (const name of names) {
    if (name in of) Object.defineProperty(of, name, { value, writable: false, configurable: false });
  }
}

/** What a socket's methods give back where the system does not let them. */
const accessDenied = [...getSystemErrorMap()].find(([, [name]]) => name === 'EACCES')?.[0];
