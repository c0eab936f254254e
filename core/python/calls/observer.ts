import type { Held } from '../run-observer';
import type { TensorTable } from '../tensor-table';
import { type Calls, done, type Parameter } from './call';

/** A handle, or a number as Python prints it. */
function heldOf(table: TensorTable, parameter: Parameter): Held {
  return typeof parameter === 'number' ? table.peek(parameter) : parameter;
}

/** What the hooks in the person's code tell: see `RunObserver`. Where nobody listens they do nothing. */
export const observerCalls: Calls = {
  at_statement(table, index) {
    table.observer?.statement(Number(index));
    return done;
  },
  /** Gives the handle of a tensor to be put at the place instead, or 0. */
  bound: (table, site, place, held) => table.observer?.bound(Number(site), String(place), heldOf(table, held)) ?? done,
  moved(table, place, handle) {
    table.observer?.moved(String(place), table.peek(Number(handle)));
    return done;
  },
  lost(table, site, place) {
    table.observer?.lost(Number(site), String(place));
    return done;
  },
  wrote(table, site) {
    table.observer?.wrote(Number(site));
    return done;
  },
  compared(table, label, gradient, node) {
    table.observer?.compared(String(label), heldOf(table, gradient), table.peek(Number(node)));
    return done;
  },
  /** Gives a handle, or 0. */
  grad: (table, handle) => table.observer?.grad(table.peek(Number(handle))) ?? done,
};
