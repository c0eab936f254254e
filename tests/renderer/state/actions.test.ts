import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { actions } from '../../../core/protocol/actions';
import { maximumNamesBytes } from '../../../core/protocol/commands';
import { defaultSettings } from '../../../core/protocol/settings';
import { isActionEnabled, performAction } from '../../../renderer/state/actions';
import { loadNames } from '../../../renderer/state/session-actions';
import { initialState, type State, useStore } from '../../../renderer/state/store';
import { describeSession } from '../fake/program';
import { stateWhere } from './window-session';

const resting: State = {
  ...initialState,
  connection: 'open',
  session: describeSession(defaultSettings('decomposed-mlp')),
};

const enabledIn = (state: State) => actions.map(({ id }) => id).filter((id) => isActionEnabled(id, state));

beforeEach(() => useStore.setState(initialState, true));
afterEach(() => useStore.setState(initialState, true));

describe('what is enabled', () => {
  test('before there is a session: only what looks', () => {
    for (const id of enabledIn(initialState)) expect(id).toMatch(/^show/);
    expect(enabledIn(initialState)).not.toContain('showSettings');
  });

  test('at rest at step 0: everything but Pause, what needs an earlier step or a node, and the names that are already there', () => {
    const disabled = actions.map(({ id }) => id).filter((id) => !isActionEnabled(id, resting));
    expect(disabled).toEqual(['useBuiltInNames', 'pause', 'stepBack', 'toggleBreakpoint', 'runBack']);
  });

  test('later: Back, too', () => {
    expect(isActionEnabled('stepBack', { ...resting, step: 1 })).toBe(true);
    expect(isActionEnabled('stepBack', { ...resting, step: 1, running: true })).toBe(false);
  });

  test('while running: Pause in place of Run and Step', () => {
    const enabled = enabledIn({ ...resting, running: true });
    expect(enabled).toContain('pause');
    expect(enabled).toContain('restart');
    expect(enabled).not.toContain('run');
    expect(enabled).not.toContain('step');
  });

  test('with other names: back to the built-in ones', () => {
    const session = describeSession(defaultSettings('deep-stack'));
    const other = { ...resting, session: { ...session, dataset: { ...session.dataset, builtIn: false } } };
    expect(enabledIn(other)).toContain('useBuiltInNames');
  });
});

describe('performing', () => {
  test('shows a view or a dialog', () => {
    performAction('showWeights', resting);
    expect(useStore.getState().view).toBe('weights');
    performAction('showPalette', resting);
    expect(useStore.getState().dialog).toBe('palette');
  });

  test('does nothing where the action is disabled or unknown', () => {
    performAction('showSettings', initialState);
    performAction('no-such-action', resting);
    expect(useStore.getState()).toEqual(initialState);
  });

  test('shows a refusal as a notice', async () => {
    performAction('run', resting);
    const { notices } = await stateWhere((state) => state.notices.length > 0);
    expect(notices).toMatchObject([{ level: 'error', message: expect.stringContaining('not connected') }]);
  });
});

test('a names file that is too large is refused before it is read', async () => {
  const unread = {
    name: 'huge.txt',
    size: maximumNamesBytes + 1,
    arrayBuffer: () => Promise.reject(new Error('It was read.')),
  };
  await loadNames(unread as unknown as File);
  expect(useStore.getState().notices).toMatchObject([
    { level: 'error', message: '“huge.txt” is 64.0 MiB; a names file may be at most 64 MiB.' },
  ]);
});
