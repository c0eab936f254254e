import { tanh } from './mathematics';
import { matmul, matmulStack } from './matmul';
import { firstOfPart } from './vectors';
import { tanhGradient } from './elementwise';
import { updatePart } from './update';

// Two threads on one memory. The first opens a ticket for a job and begins with part 0; whoever comes first takes part 1:
// the second thread, or the first where the second sleeps or has no core. Each part writes numbers of its own, in the order
// in which one thread would compute them, so that the result does not depend on who came.

/** Places in the control block, each on a cache line of its own. */
const TICKET: usize = 0;
const DONE: usize = 64;
const SLEEPING: usize = 128;
const RECORD: usize = 192;

/** Looks for a ticket so often, about a tenth of a millisecond, before it sleeps. */
const PATIENCE: i32 = 40_000;
/** Nanoseconds of sleep at a time. */
const NAP: i64 = 1_000_000_000;

// Kinds, as core/kernels/simd/crew.ts numbers them.
const MATMUL: i32 = 0;
const TANH: i32 = 1;
const UPDATE: i32 = 2;
const MATMUL_STACK: i32 = 4;

/** Computes one of the two parts of a recorded job: its kind, then its arguments, as int32. */
function perform(record: usize, part: usize): void {
  const kind = load<i32>(record);
  if (kind === MATMUL) {
    matmul(
      load<usize>(record, 4),
      load<usize>(record, 8),
      load<usize>(record, 12),
      load<usize>(record, 16),
      load<usize>(record, 20),
      load<usize>(record, 24),
      load<usize>(record, 28),
      load<usize>(record, 32),
      load<usize>(record, 36),
      load<usize>(record, 40),
      load<usize>(record, 44),
      load<usize>(record + part * 4, 48),
      part,
      2,
    );
    return;
  }
  if (kind === MATMUL_STACK) {
    matmulStack(
      load<usize>(record, 4),
      load<usize>(record, 8),
      load<usize>(record, 12),
      load<usize>(record, 16),
      load<usize>(record, 20),
      load<usize>(record, 24),
      load<usize>(record, 28),
      load<usize>(record, 32),
      load<usize>(record, 36),
      load<usize>(record, 40),
      load<usize>(record, 44),
      load<usize>(record + part * 4, 48),
      load<usize>(record, 56),
      load<usize>(record, 60),
      load<usize>(record, 64),
      load<usize>(record, 68),
      load<usize>(record, 72),
      load<usize>(record, 76),
      part,
      2,
    );
    return;
  }
  const out = load<usize>(record, 4);
  const x = load<usize>(record, 8);
  const count = load<usize>(record, 12);
  if (kind === UPDATE) {
    updatePart(out, x, count, load<f32>(load<usize>(record, 16)), load<usize>(record, 20), part);
    return;
  }
  const first = firstOfPart(count, part);
  const taken = firstOfPart(count, part + 1) - first;
  if (kind === TANH) tanh(out + first * 4, x + first * 4, taken);
  else tanhGradient(out + first * 4, x + first * 4, load<usize>(record, 16) + first * 4, taken);
}

/** Runs a job with whoever is there. */
export function share(control: usize, record: usize): void {
  store<usize>(control + RECORD, record);
  // Even while it is to be had, odd once it is taken.
  const ticket = (atomic.load<i32>(control + TICKET) | 1) + 1;
  atomic.store<i32>(control + TICKET, ticket);
  if (atomic.load<i32>(control + SLEEPING) !== 0) atomic.notify(control + TICKET, 1);
  perform(record, 0);
  if (atomic.cmpxchg<i32>(control + TICKET, ticket, ticket | 1) === ticket) perform(record, 1);
  else while (atomic.load<i32>(control + DONE) !== ticket) {}
}

/** The second thread: takes tickets until the thread is ended from outside. */
export function help(control: usize): void {
  let looked = 0;
  while (true) {
    const ticket = atomic.load<i32>(control + TICKET);
    if ((ticket & 1) === 0) {
      if (atomic.cmpxchg<i32>(control + TICKET, ticket, ticket | 1) === ticket) {
        perform(load<usize>(control + RECORD), 1);
        atomic.store<i32>(control + DONE, ticket);
      }
      looked = 0;
    } else if (++looked > PATIENCE) {
      atomic.store<i32>(control + SLEEPING, 1);
      atomic.wait<i32>(control + TICKET, ticket, NAP);
      atomic.store<i32>(control + SLEEPING, 0);
      looked = 0;
    }
  }
}
