import { Script } from 'node:vm';

/** How a call is made that may never return. */
export type AroundCall = <T>(call: () => T) => T;

/** Of the global by which the script finds its call. */
const callName = 'watchedCall';

/**
 * Makes calls that are given up, whatever they are at, when they take longer than they may: V8 ends them from a thread of its own.
 * To be made before a realm is sealed, and used in it as well.
 * @param limit Milliseconds that a call may take which begins now.
 * @param tooLong Called where one has been given up; what it worked on is of no further use.
 */
export function watchedCalls(limit: () => number, tooLong: () => void): AroundCall {
  const script = new Script(`${callName}()`);
  return <T>(call: () => T): T => {
    Object.defineProperty(globalThis, callName, { value: call, configurable: true });
    try {
      return script.runInThisContext({ timeout: Math.max(1, Math.ceil(limit())) });
    } catch (error) {
      if (error instanceof Error && Reflect.get(error, 'code') === 'ERR_SCRIPT_EXECUTION_TIMEOUT') tooLong();
      throw error;
    }
  };
}
