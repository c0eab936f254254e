import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultSettings } from '../../../core/protocol/settings';
import { nodewiseSolution } from '../../../renderer/panels/exercises/hints';
import { keepLabFresh } from '../../../renderer/state/keep-lab-fresh';
import { initialLab, isCodeCheck, type LabState, useLab } from '../../../renderer/state/lab';
import {
  chooseExercise,
  editCode,
  explainElement,
  replaceCode,
  revealHint,
  trustCode,
} from '../../../renderer/state/lab-actions';
import { receiveEvent } from '../../../renderer/state/receive';
import { useStore } from '../../../renderer/state/store';
import { openWindowSession, stateWhere, type WindowSession } from './window-session';

let opened: WindowSession;
let stop: () => void;

beforeEach(async () => {
  // Only the timers of typing and saving: the port's own messages must go on.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  useLab.setState(initialLab, true);
  opened = openWindowSession();
  stop = keepLabFresh(opened.request);
  await stateWhere(({ check }) => check !== null);
  await labWhere(({ isLoaded }) => isLoaded);
});

afterEach(async () => {
  stop();
  vi.useRealTimers();
  await opened.close();
});

function labWhere(isSo: (lab: LabState) => boolean): Promise<LabState> {
  return new Promise((resolve) => {
    if (isSo(useLab.getState())) {
      resolve(useLab.getState());
      return;
    }
    const stopListening = useLab.subscribe((lab) => {
      if (!isSo(lab)) return;
      stopListening();
      resolve(lab);
    });
  });
}

/** What the window does where the person chooses their own code. */
async function choosePython(): Promise<void> {
  useStore.setState({ check: await opened.request({ type: 'chooseBackward', backward: 'python', mistake: null }) });
  useLab.setState({ isChosen: true });
}

const received = (type: string) =>
  opened.session.received.flatMap((message) =>
    message.kind === 'request' && message.command.type === type ? [message.command] : [],
  );

/** Lets everything come to pass that waits for a rest. */
async function rest(): Promise<void> {
  vi.advanceTimersByTime(2000);
  await opened.settle();
}

describe('checking', () => {
  test('code is checked once one rests from typing, not at every key', async () => {
    await choosePython();
    await rest();
    const before = received('checkCode').length;
    for (const code of ['d', 'dh', 'dh = 1']) {
      editCode(code);
      vi.advanceTimersByTime(100);
    }
    expect(received('checkCode')).toHaveLength(before);
    await rest();
    expect(received('checkCode').slice(before)).toEqual([{ type: 'checkCode', code: 'dh = 1', trusted: true }]);
    const { check } = useStore.getState();
    expect(isCodeCheck(check) && check.rows.find(({ node }) => node === 'h')?.line).toBe(1);
    expect(useLab.getState()).toMatchObject({ checkedCode: 'dh = 1', isChecking: false });
  });

  test('exercises 2 and 3 ask only for what they are about and what is written; choosing one checks again', async () => {
    await choosePython();
    editCode('dlogits = 1\ndh = 1');
    await rest();
    expect(received('checkCode').at(-1)).toEqual({ type: 'checkCode', code: 'dlogits = 1\ndh = 1', trusted: true });
    chooseExercise(3);
    await rest();
    expect(received('checkCode').at(-1)).toMatchObject({ only: ['logits', 'h', 'hprebn'] });
    expect(useStore.getState().check?.rows.map(({ verdict }) => verdict)).toEqual(['exact', 'exact', 'missing']);
    chooseExercise(1);
    await rest();
    expect(useStore.getState().check?.rows).toHaveLength(26);
    // Only what was asked for was there, so that no exercise is done by what is left out.
    expect(useLab.getState().done).toEqual([]);
  });

  test('an older answer does not replace a newer one', async () => {
    await choosePython();
    await rest();
    opened.session.holding = true;
    editCode('dh = 1');
    vi.advanceTimersByTime(300);
    editCode('dh = 1\ndW2 = 1');
    vi.advanceTimersByTime(300);
    opened.session.release();
    await opened.settle();
    expect(useLab.getState().checkedCode).toBe('dh = 1\ndW2 = 1');
  });

  test('nothing is checked while another backward is chosen', async () => {
    editCode('dh = 1');
    await rest();
    expect(received('checkCode')).toEqual([]);
  });

  test('code from a file is not sent before the person trusts it, however it is edited', async () => {
    await choosePython();
    await rest();
    const before = received('checkCode').length;
    replaceCode('dh = 1', false, 'theirs.py');
    await rest();
    editCode('dh = 2');
    await rest();
    expect(received('checkCode')).toHaveLength(before);
    trustCode();
    await rest();
    expect(received('checkCode').slice(before)).toEqual([{ type: 'checkCode', code: 'dh = 2', trusted: true }]);
  });

  test('an emptied editor holds nothing of the file any more', () => {
    replaceCode('dh = 1', false, 'theirs.py');
    editCode('');
    editCode('mine');
    expect(useLab.getState().trusted).toBe(true);
  });

  test('a new session is given the code again, and trains with autograd’s gradients', async () => {
    await choosePython();
    editCode('dh = 1');
    useLab.setState({ gradients: 'manual' });
    await rest();
    const before = received('checkCode').length;
    await opened.request({ type: 'restart' });
    await opened.settle();
    await rest();
    expect(received('checkCode').length).toBeGreaterThan(before);
    expect(isCodeCheck(useStore.getState().check)).toBe(true);
    expect(useLab.getState().gradients).toBe('autograd');
  });

  test('a program without a backward is asked nothing, and gets no notice', async () => {
    await choosePython();
    await opened.request({ type: 'configure', settings: defaultSettings('deep-stack') });
    await opened.settle();
    const before = received('checkCode').length;
    editCode('dh = 1');
    await rest();
    expect(received('checkCode')).toHaveLength(before);
    expect(useStore.getState().notices).toEqual([]);
  });

  test('waits for Python where it is still starting, and asks again when it is there', async () => {
    await choosePython();
    await rest();
    opened.session.tell({ type: 'python', state: 'starting', message: 'Python is starting.' });
    await labWhere(({ python }) => python.state === 'starting');
    opened.session.refusals.set('checkCode', { code: 'not-now', message: 'Python is starting.' });
    editCode('dh = 1');
    await rest();
    expect(useStore.getState().notices).toEqual([]);
    opened.session.tell({ type: 'python', state: 'ready', message: 'Python is ready.' });
    await labWhere(({ python }) => python.state === 'ready');
    await rest();
    expect(useLab.getState().checkedCode).toBe('dh = 1');
  });

  test('code that was stopped is not run again by itself', async () => {
    await choosePython();
    await rest();
    opened.session.refusals.set('checkCode', { code: 'cancelled', message: 'Stopped.' });
    editCode('while True: pass');
    await rest();
    const before = received('checkCode').length;
    opened.session.tell({ type: 'python', state: 'starting', message: 'Python is starting.' });
    opened.session.tell({ type: 'python', state: 'ready', message: 'Python is ready.' });
    await opened.settle();
    await rest();
    expect(received('checkCode')).toHaveLength(before);
    expect(useStore.getState().notices).toEqual([]);
  });
});

describe('progress', () => {
  test('is kept soon after it changed, and only then', async () => {
    await rest();
    expect(received('saveProgress')).toEqual([]);
    editCode('dh = 1');
    revealHint('h', 3);
    await rest();
    expect(received('saveProgress')).toHaveLength(1);
    expect(opened.session.progress).toEqual({ code: 'dh = 1', trusted: true, exercise: 1, done: [], hints: { h: 1 } });
  });

  test('is kept every few seconds while somebody writes without a rest', async () => {
    for (let key = 1; key <= 100; key++) {
      editCode(`dh = ${key}`);
      vi.advanceTimersByTime(100);
    }
    await opened.settle();
    const saved = received('saveProgress').map((command) => 'progress' in command && command.progress?.code);
    expect(saved).toEqual(['dh = 30', 'dh = 60', 'dh = 90']);
  });

  test('no more hints are revealed than there are', () => {
    for (let time = 0; time < 5; time++) revealHint('h', 3);
    expect(useLab.getState().hints).toEqual({ h: 3 });
  });

  test('an exercise is done as soon as its check says so, and stays done', async () => {
    await choosePython();
    editCode(nodewiseSolution);
    await rest();
    expect(useLab.getState().done).toEqual([1]);
    editCode('');
    await rest();
    expect(useLab.getState().done).toEqual([1]);
  });

  test('an exercise is not done while formulas are still being judged', async () => {
    await choosePython();
    editCode(`${nodewiseSolution}# JUDGING`);
    await rest();
    expect(useLab.getState().done).toEqual([]);
  });

  test('what an earlier launch kept comes back', async () => {
    stop();
    useLab.setState(initialLab, true);
    opened.session.progress = { code: 'dh = 1', trusted: false, exercise: 3, done: [1, 2], hints: { h: 2 } };
    stop = keepLabFresh(opened.request);
    useStore.setState({ step: 1 });
    expect(await labWhere(({ isLoaded }) => isLoaded)).toMatchObject(opened.session.progress);
  });
});

describe('blame', () => {
  test('an element is explained, and again when the step is another', async () => {
    explainElement('probs', [3, 4]);
    const { blame } = await labWhere((lab) => lab.blame?.answer != null);
    expect(blame).toMatchObject({ node: 'probs', index: [3, 4], refusal: null, answer: { token: expect.any(String) } });
    const before = received('blame').length;
    await opened.request({ type: 'step', count: 1 });
    await opened.settle();
    expect(received('blame').length).toBeGreaterThan(before);
  });

  test('says why there is no explanation', async () => {
    opened.session.refusals.set('blame', { code: 'not-now', message: 'Not while it runs.' });
    explainElement('probs', [3, 4]);
    const { blame } = await labWhere((lab) => lab.blame?.refusal != null);
    expect(blame).toMatchObject({ answer: null, refusal: 'Not while it runs.' });
  });

  test('an answer about an element that is no longer chosen is thrown away', async () => {
    opened.session.holding = true;
    explainElement('probs', [3, 4]);
    explainElement('h', [1, 1]);
    opened.session.release();
    const { blame } = await labWhere((lab) => lab.blame?.answer != null);
    expect(blame).toMatchObject({ node: 'h', answer: { node: 'h' } });
  });
});

describe('drift', () => {
  test('is asked for while one trains with one’s own gradients', async () => {
    await opened.request({ type: 'trainWith', gradients: 'manual' });
    useLab.setState({ gradients: 'manual' });
    await opened.request({ type: 'step', count: 20 });
    await opened.settle();
    const { drift } = await labWhere((lab) => (lab.drift?.steps.at(-1) ?? 0) === 20);
    expect(drift?.drift).toHaveLength(21);
  });
});

test('a page that is loaded anew, or a session that is restored, shows whose gradients train it', () => {
  const state = { type: 'state', running: false, step: 3, loss: 2, position: null } as const;
  for (const gradients of ['manual', 'autograd'] as const) {
    receiveEvent({ ...state, gradients, checksCode: false }, () => {});
    expect(useLab.getState().gradients).toBe(gradients);
  }
});

describe('whose backward is checked', () => {
  const state = { type: 'state', running: true, step: 3, loss: 2, position: null, gradients: 'autograd' } as const;

  test('is learnt by a page that is loaded anew, though Python has not answered yet', () => {
    useLab.setState(initialLab, true);
    receiveEvent({ ...state, checksCode: true }, () => {});
    expect(useLab.getState().isChosen).toBe(true);
  });

  test('is what the person has chosen meanwhile, whatever the session was told before', () => {
    useLab.setState({ isChosen: true });
    receiveEvent({ ...state, checksCode: false }, () => {});
    expect(useLab.getState().isChosen).toBe(true);
  });
});
