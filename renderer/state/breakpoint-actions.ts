import type { Breakpoint } from '../../core/protocol/breakpoints';
import { request } from './client';
import { RefusedError } from './connection';
import { showingRefusals } from './session-actions';
import { notify, useStore } from './store';

/*
 * What a person can do with breakpoints. The session keeps them; each function sends the whole list anew, and what became of
 * it comes back as an event.
 */

type NewBreakpoint =
  | Omit<Extract<Breakpoint, { kind: 'condition' }>, 'id'>
  | Omit<Extract<Breakpoint, { kind: 'node' }>, 'id'>;

const present = () => useStore.getState().breakpoints.states.map(({ breakpoint }) => breakpoint);

function send(breakpoints: Breakpoint[], isActive = useStore.getState().breakpoints.isActive) {
  return request({ type: 'setBreakpoints', breakpoints, isActive });
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
  const id = Math.max(0, ...present().map((breakpoint) => breakpoint.id)) + 1;
  return refusedCondition(send([...present(), { ...added, id }]));
}

export async function removeBreakpoint(id: number): Promise<void> {
  await showingRefusals(send(present().filter((breakpoint) => breakpoint.id !== id)));
}

export async function enableBreakpoint(id: number, isEnabled: boolean): Promise<void> {
  await showingRefusals(
    send(present().map((breakpoint) => (breakpoint.id === id ? { ...breakpoint, isEnabled } : breakpoint))),
  );
}

/** Whether breakpoints are heeded at all. */
export async function heedBreakpoints(isActive: boolean): Promise<void> {
  await showingRefusals(send(present(), isActive));
}

/** Heeds them all again, or none. */
export async function toggleBreakpoints(): Promise<void> {
  await heedBreakpoints(!useStore.getState().breakpoints.isActive);
}

/** The breakpoint on a node, on or off. */
export async function toggleNodeBreakpoint(node: string): Promise<void> {
  const there = present().find((breakpoint) => breakpoint.kind === 'node' && breakpoint.node === node);
  if (there !== undefined) await removeBreakpoint(there.id);
  else await addBreakpoint({ kind: 'node', node, isEnabled: true, skip: 0, log: null });
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
