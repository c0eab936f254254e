import { beforeEach, expect, test, vi } from 'vitest';
import type { SessionCommand } from '../../../core/protocol/commands';
import {
  addBreakpoint,
  enableBreakpoint,
  heedBreakpoints,
  removeBreakpoint,
  toggleBreakpoints,
  toggleNodeBreakpoint,
} from '../../../renderer/state/breakpoint-actions';
import { RefusedError } from '../../../renderer/state/connection';
import { initialState, useStore } from '../../../renderer/state/store';

/** A session that takes its time to answer, and refuses conditions that say so. */
vi.mock('../../../renderer/state/client', () => ({
  request: async (command: Extract<SessionCommand, { type: 'setBreakpoints' }>) => {
    await new Promise((resolve) => setImmediate(resolve));
    const { breakpoints, isActive } = command;
    if (breakpoints.some((breakpoint) => breakpoint.kind === 'condition' && breakpoint.condition === 'refused')) {
      throw new RefusedError({ code: 'invalid-condition', message: 'It cannot be read.' });
    }
    const answer = {
      isActive,
      stop: null,
      states: breakpoints.map((breakpoint) => ({ breakpoint, hits: 0, error: null })),
    };
    useStore.setState({ breakpoints: answer });
    return answer;
  },
}));

beforeEach(() => useStore.setState(initialState, true));

const condition = (text: string) =>
  ({ kind: 'condition', condition: text, isEnabled: true, skip: 0, log: null }) as const;
const present = () => useStore.getState().breakpoints.states.map(({ breakpoint }) => breakpoint);

test('changes that follow each other quickly are all made', async () => {
  await Promise.all([
    addBreakpoint(condition('loss > 4')),
    heedBreakpoints(false),
    toggleNodeBreakpoint('h'),
    enableBreakpoint(1, false),
    toggleBreakpoints(),
    addBreakpoint(condition('step > 3')),
    toggleBreakpoints(),
    removeBreakpoint(2),
  ]);
  expect(present()).toMatchObject([
    { id: 1, condition: 'loss > 4', isEnabled: false },
    { id: 3, condition: 'step > 3', isEnabled: true },
  ]);
  expect(useStore.getState().breakpoints.isActive).toBe(false);
});

test('the key of a node’s breakpoint sets it and takes it away', async () => {
  await toggleNodeBreakpoint('h');
  expect(present()).toMatchObject([{ kind: 'node', node: 'h' }]);
  await Promise.all([toggleNodeBreakpoint('h'), toggleNodeBreakpoint('h'), toggleNodeBreakpoint('h')]);
  expect(present()).toEqual([]);
});

test('one that is refused says why and holds up none that follow', async () => {
  const [refusal, accepted] = await Promise.all([
    addBreakpoint(condition('refused')),
    addBreakpoint(condition('loss > 4')),
  ]);
  expect(refusal).toBe('It cannot be read.');
  expect(accepted).toBeNull();
  expect(present()).toHaveLength(1);
  expect(useStore.getState().notices).toEqual([]);
});
