import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/** How much less urgent training is than the window: on a machine with few cores a click is answered before the next step. */
const niceness = 10;

/**
 * Lets every other thread of the app go before this one where there are not cores enough for all. Linux alone has a
 * priority for each thread; elsewhere nothing changes.
 */
export function standBack(): void {
  if (process.platform !== 'linux') return;
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, niceness);
  } catch {
    // A container may hide /proc or forbid it: training then is as urgent as the rest.
  }
}
