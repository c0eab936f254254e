import type { Breakpoint, Breakpoints } from '../../core/protocol/breakpoints';
import { request } from './client';
import { RefusedError } from './connection';
import { showingRefusals } from './session-actions';
import { notify, useStore } from './store';
import { Turns } from './turns';

/*
 * What a person can do with breakpoints. The session keeps them; each function sends the whole list anew, and what became of
 * it comes back as an event.
 */

type NewBreakpoint =
  | Omit<Extract<Breakpoint, { kind: 'condition' }>, 'id'>
  | Omit<Extract<Breakpoint, { kind: 'node' }>, 'id'>;

const turns = new Turns();

/**
 * Sends the whole list with one change. Changes that follow each other quickly are made one after the other, each to what the
 * session answered to the one before: otherwise the second would undo the first.
 */
function change(edit: (present: Breakpoint[], isActive: boolean) => [Breakpoint[], boolean]): Promise<Breakpoints> {
  return turns.take(() => {
    const { states, isActive: wasActive } = useStore.getState().breakpoints;
    const [breakpoints, isActive] = edit(
      states.map(({ breakpoint }) => breakpoint),
      wasActive,
    );
    return request({ type: 'setBreakpoints', breakpoints, isActive });
  });
}

/** Waits for what was asked. Resolves to why a condition cannot be read, which is said where it was written; else null. */
async function refusedCondition(asked: Promise<unknown>): Promise<string | null> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof RefusedError && error.refusal.code === 'invalid-condition') return error.message;
    await showingRefusals(asked);
  }
  return null;
}

/** Adds one. Resolves to why it cannot be had, or null where it is there. */
export function addBreakpoint(added: NewBreakpoint): Promise<string | null> {
  return refusedCondition(change((present, isActive) => [withOneMore(present, added), isActive]));
}

export async function removeBreakpoint(id: number): Promise<void> {
  await showingRefusals(
    change((present, isActive) => [present.filter((breakpoint) => breakpoint.id !== id), isActive]),
  );
}

export async function enableBreakpoint(id: number, isEnabled: boolean): Promise<void> {
  await showingRefusals(
    change((present, isActive) => [
      present.map((breakpoint) => (breakpoint.id === id ? { ...breakpoint, isEnabled } : breakpoint)),
      isActive,
    ]),
  );
}

/** Whether breakpoints are heeded at all. */
export async function heedBreakpoints(isActive: boolean): Promise<void> {
  await showingRefusals(change((present) => [present, isActive]));
}

/** Heeds them all again, or none. */
export async function toggleBreakpoints(): Promise<void> {
  await showingRefusals(change((present, wasActive) => [present, !wasActive]));
}

/** The breakpoint on a node, on or off. */
export async function toggleNodeBreakpoint(node: string): Promise<void> {
  await showingRefusals(
    change((present, isActive) => {
      const others = present.filter((breakpoint) => breakpoint.kind !== 'node' || breakpoint.node !== node);
      const isThere = others.length < present.length;
      const added: NewBreakpoint = { kind: 'node', node, isEnabled: true, skip: 0, log: null };
      return [isThere ? others : withOneMore(present, added), isActive];
    }),
  );
}

/** Stands at the last earlier step at which the condition held. Resolves to why it cannot be searched for, else null. */
export async function runBack(condition: string): Promise<string | null> {
  const asked = request({ type: 'runBack', condition }).then(({ step, found }) => {
    if (!found) notify('info', `${condition} held at no step before ${step}.`);
  });
  const refusal = await refusedCondition(asked);
  useStore.setState({ progress: null });
  return refusal;
}

function withOneMore(present: readonly Breakpoint[], added: NewBreakpoint): Breakpoint[] {
  const id = Math.max(0, ...present.map((breakpoint) => breakpoint.id)) + 1;
  return [...present, { ...added, id }];
}
