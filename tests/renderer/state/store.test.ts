import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultSettings } from '../../../core/protocol/settings';
import { receiveFrame } from '../../../renderer/state/receive';
import {
  dismissNotice,
  isStale,
  moveCellOrigin,
  notify,
  selectNode,
  showView,
  useStore,
} from '../../../renderer/state/store';
import { openWindowSession, stateWhere, type WindowSession } from './window-session';

let opened: WindowSession;

beforeEach(async () => {
  opened = openWindowSession();
  await stateWhere(
    ({ session, frame, check, detail }) => session !== null && frame !== null && check !== null && detail !== null,
  );
  await opened.settle();
});

afterEach(() => opened.close());

const inspections = () =>
  opened.session.received.flatMap((message) =>
    message.kind === 'request' && message.command.type === 'inspect' ? [message.command.node] : [],
  );

describe('events and frames', () => {
  test('opens on a whole session: no view is empty', () => {
    const { session, selectedNode, detail, frame, check } = useStore.getState();
    expect(session?.nodes).toHaveLength(27);
    expect(selectedNode).toBe('h');
    expect(detail?.node).toBe('h');
    expect(frame?.layers).toHaveLength(1);
    expect(check?.rows).toHaveLength(26);
  });

  test('a step moves step, loss, check and detail to one moment', async () => {
    await opened.request({ type: 'step', count: 5 });
    const state = await stateWhere(({ detail }) => detail?.step === 5);
    expect(state).toMatchObject({ step: 5, running: false, check: { step: 5 } });
    expect(state.loss).toBeCloseTo(3.28, 0);
  });

  test('a frame moves the readout while the session runs', async () => {
    await opened.request({ type: 'run' });
    const state = await stateWhere(({ frame }) => frame?.running === true && frame.step > 0);
    expect(state.running).toBe(true);
    expect(state.step).toBe(state.frame?.step);
    await opened.request({ type: 'pause' });
  });

  test('a new session forgets the old one but keeps the node that both have', async () => {
    selectNode('C');
    await opened.request({ type: 'step', count: 5 });
    await opened.request({ type: 'configure', settings: defaultSettings('deep-stack') });
    const state = await stateWhere(({ session }) => session?.settings.program === 'deep-stack');
    expect(state).toMatchObject({ selectedNode: 'C', step: 0, check: null, samples: null });
  });

  test('a new session without the selected node selects its first Tanh output', async () => {
    await opened.request({ type: 'configure', settings: defaultSettings('deep-stack') });
    const state = await stateWhere(({ session }) => session?.settings.program === 'deep-stack');
    expect(state.selectedNode).toBe('h1');
  });

  test('a restarted worker is told as a notice that can be dismissed', async () => {
    opened.session.tell({ type: 'workerRestarted', reason: 'It ended with code 1.' });
    const { notices } = await stateWhere((state) => state.notices.length > 0);
    expect(notices).toMatchObject([{ level: 'warning', message: expect.stringContaining('ended with code 1') }]);
    dismissNotice(notices[0]!.id);
    expect(useStore.getState().notices).toEqual([]);
  });

  test('the same words are one notice, counted, and each time a line of the log', () => {
    for (const message of ['No room.', 'No engine.', 'No room.', 'No room.']) notify('error', message);
    const { notices, log } = useStore.getState();
    expect(notices).toMatchObject([
      { message: 'No room.', count: 3 },
      { message: 'No engine.', count: 1 },
    ]);
    expect(log.slice(-4).map(({ message }) => message)).toEqual(['No room.', 'No engine.', 'No room.', 'No room.']);

    dismissNotice(notices[0]!.id);
    notify('error', 'No room.');
    expect(useStore.getState().notices.at(-1)).toMatchObject({ message: 'No room.', count: 1 });
  });

  test('log lines are kept with their step, the newest 500', async () => {
    for (let line = 0; line < 510; line++) opened.session.tell({ type: 'log', level: 'info', message: `line ${line}` });
    const { log } = await stateWhere((state) => state.log.at(-1)?.message === 'line 509');
    expect(log).toHaveLength(500);
    expect(log[0]).toMatchObject({ message: 'line 10', step: 0 });
  });

  test('a frame that cannot be read is told and passed over', () => {
    const { frame } = useStore.getState();
    receiveFrame(new Float32Array(3));
    expect(useStore.getState().frame).toBe(frame);
    expect(useStore.getState().notices).toMatchObject([{ message: expect.stringContaining('Not a frame of version') }]);
  });

  test("the native menu's actions are handed on", async () => {
    opened.session.tell({ type: 'action', action: 'run' });
    await vi.waitFor(() => expect(opened.menuActions).toEqual(['run']));
  });
});

describe('queries', () => {
  test('the selected node is fetched with at most one request under way, the newest wish last', async () => {
    opened.session.holding = true;
    const before = inspections().length;
    for (const node of ['C', 'emb', 'W1', 'logits']) selectNode(node);
    await vi.waitFor(() => expect(inspections().slice(before)).toEqual(['C']));
    opened.session.release();
    const { detail } = await stateWhere((state) => state.detail?.node === 'logits');
    expect(detail?.node).toBe('logits');
    expect(inspections().slice(before)).toEqual(['C', 'logits']);
  });

  test('another window of cells is fetched, and choosing another node begins at its first cell', async () => {
    moveCellOrigin({ row: 2, column: 3 });
    await stateWhere(({ detail }) => detail?.window.row === 2 && detail.window.column === 3);
    selectNode('W1');
    const { detail } = await stateWhere((state) => state.detail?.node === 'W1');
    expect(detail?.window).toMatchObject({ row: 0, column: 0 });
  });

  test('update history is fetched only when its view is open', async () => {
    await opened.request({ type: 'step', count: 1 });
    await stateWhere(({ lossHistory }) => lossHistory?.steps.length === 2);
    expect(useStore.getState().updateHistory).toBeNull();
    showView('updates');
    const { updateHistory } = await stateWhere((state) => state.updateHistory !== null);
    expect(updateHistory?.ratios).toHaveLength(7);
  });

  test('an answer that belongs to a session that has ended is thrown away', async () => {
    opened.session.holding = true;
    selectNode('logprobs');
    await vi.waitFor(() => expect(inspections().at(-1)).toBe('logprobs'));
    const ended = useStore.getState().session!;
    opened.session.tell({ type: 'session', session: { ...ended, nodes: ended.nodes.slice(0, 20) } });
    await stateWhere(({ session }) => session?.nodes.length === 20);
    opened.session.release();
    const { detail } = await stateWhere((state) => state.detail !== null);
    expect(detail?.node).toBe('h');
  });

  test.each(['inspect', 'lossHistory', 'updateHistory'] as const)(
    'a refused %s of a session that has ended meanwhile alarms nobody',
    async (type) => {
      opened.session.holding = true;
      showView('updates');
      opened.session.moveTo(9);
      const asked = () =>
        opened.session.received.some((message) => message.kind === 'request' && message.command.type === type);
      await vi.waitFor(() => expect(asked()).toBe(true));
      opened.session.refusals.set(type, { code: 'not-found', message: 'There is no such node any more.' });
      const ended = useStore.getState().session!;
      opened.session.tell({ type: 'session', session: { ...ended } });
      await stateWhere(({ session }) => session !== ended);
      opened.session.release();
      await opened.settle();
      expect(opened.session.refusals.size).toBe(0);
      expect(useStore.getState().notices).toEqual([]);
    },
  );

  test('a refusal that is no defect of the moment becomes one notice', async () => {
    opened.session.refusals.set('inspect', { code: 'not-found', message: 'There is no node “emb”.' });
    selectNode('emb');
    const { notices } = await stateWhere((state) => state.notices.length > 0);
    expect(notices).toMatchObject([{ level: 'error', message: 'There is no node “emb”.' }]);
  });
});

test('an answer is stale exactly where its step is not the present one', () => {
  expect(isStale(null, 3)).toBe(false);
  expect(isStale({ step: 3 }, 3)).toBe(false);
  expect(isStale({ step: 2 }, 3)).toBe(true);
});
