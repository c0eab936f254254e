// @ts-check
import { constants } from 'node:os';

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Makes signals end this process through `process.exit`, so that its `exit` listeners stop child processes and remove
 * half-made folders; by itself Node ends on the spot.
 *
 * @returns {() => void} puts things back as they were
 */
export function endOnSignals() {
  const listeners = SIGNALS.map((signal) => {
    const listener = () => process.exit(128 + constants.signals[signal]);
    process.on(signal, listener);
    return { signal, listener };
  });
  return () => {
    for (const { signal, listener } of listeners) {
      process.removeListener(signal, listener);
    }
  };
}
