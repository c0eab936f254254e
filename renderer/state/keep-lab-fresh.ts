import type { Progress } from '../../core/protocol/commands';
import { RefusedError, type RequestFunction } from './connection';
import { askedNodes, goalsOf, isDone } from './exercises';
import { isCodeCheck, type LabState, progressOf, useLab } from './lab';
import { createLatestWish } from './latest-wish';
import { appendLog, notify, type State, useStore } from './store';

/** Rest after the last key before the code is checked, in milliseconds: long enough to finish a word. */
const typingPause = 250;
/** Rest before what is to be kept is written, in milliseconds. */
const savingPause = 800;
/** Whoever writes without a rest has it written this often all the same: a crash then costs no more. */
const longestUnsaved = 3000;
/** Rest between two questions for the drift while the session runs, in milliseconds. */
const driftPause = 450;
const driftPoints = 300;

const keptKeys = ['code', 'trusted', 'exercise', 'done', 'hints'] as const satisfies readonly (keyof Progress)[];

/**
 * Lets the lab follow from its state: code is checked as it is typed, progress is loaded once and kept, a new session is
 * given the code again, the explained element and the drift stay those of the present step.
 * @returns a function that stops it.
 */
export function keepLabFresh(request: RequestFunction): () => void {
  const checkSoon = createRestingCall(typingPause, () => void checkCode(request));
  const save = () => quietly(request({ type: 'saveProgress', progress: progressOf(useLab.getState()) }));
  const saveSoon = createRestingCall(savingPause, save, longestUnsaved);
  const wishDrift = createLatestWish<Pick<State, 'session'>>(
    async ({ session }) => {
      const drift = await orNull(request({ type: 'driftHistory', points: driftPoints }));
      if (drift !== null && useStore.getState().session === session) useLab.setState({ drift });
    },
    () => (useStore.getState().running ? driftPause : 0),
  );

  const stopLab = useLab.subscribe((lab, before) => {
    if (lab.isLoaded && before.isLoaded && keptKeys.some((key) => lab[key] !== before[key])) saveSoon();
    if (!isSame(lab, before, 'code', 'trusted', 'isChosen', 'exercise') && lab.isChosen && lab.trusted) checkSoon();
    const isBack = lab.python.state === 'ready' && before.python.state === 'starting';
    if (isBack && lab.isChosen && lab.code !== settledCode) checkSoon();
    if (lab.blame !== null && lab.blame !== before.blame && isOpen(lab.blame)) void explain(request, lab.blame);
    if (lab.drift !== before.drift || lab.exercise !== before.exercise) markDone();
    if (lab.gradients !== before.gradients && lab.gradients === 'manual') wishDrift(useStore.getState());
  });

  const stopStore = useStore.subscribe((state, before) => {
    if (state.connection !== 'open' || state.session === null) return;
    if (!useLab.getState().isLoaded) void loadProgress(request);
    if (state.session !== before.session) beginSession(request, state.session);
    const moved = !isSame(state, before, 'step', 'running', 'session');
    const { blame, gradients } = useLab.getState();
    if (blame !== null && (moved || state.check !== before.check) && !state.running) void explain(request, blame);
    if (moved && gradients === 'manual') wishDrift(state);
    if (state.check !== before.check) markDone();
  });

  return () => {
    stopLab();
    stopStore();
    checkSoon.forget();
    saveSoon.forget();
  };
}

/** An exercise that was done once stays done, whatever becomes of the code. */
function markDone(): void {
  const { check } = useStore.getState();
  const { exercise, drift, done } = useLab.getState();
  // What is right by its value may yet turn out to be masked.
  if (done.includes(exercise) || !isCodeCheck(check) || !check.isJudgedByTerms) return;
  if (isDone(goalsOf(exercise, check, drift))) useLab.setState({ done: [...done, exercise] });
}

function isSame<Value extends object>(one: Value, other: Value, ...keys: readonly (keyof Value)[]): boolean {
  return keys.every((key) => one[key] === other[key]);
}

const isOpen = ({ answer, refusal }: NonNullable<LabState['blame']>) => answer === null && refusal === null;

/**
 * A call that waits until nobody has asked for it for `pause` milliseconds.
 * @param longest it waits so many milliseconds at most, where given.
 */
function createRestingCall(pause: number, call: () => void, longest?: number): (() => void) & { forget(): void } {
  let rest: ReturnType<typeof setTimeout> | undefined;
  let limit: ReturnType<typeof setTimeout> | undefined;
  const forget = () => {
    clearTimeout(rest);
    clearTimeout(limit);
    limit = undefined;
  };
  const settle = () => {
    forget();
    call();
  };
  const ask = () => {
    clearTimeout(rest);
    rest = setTimeout(settle, pause);
    if (longest !== undefined) limit ??= setTimeout(settle, longest);
  };
  return Object.assign(ask, { forget });
}

/** A new session has autograd's updates and its own backward; the person's code is theirs still. */
function beginSession(request: RequestFunction, { backward }: NonNullable<State['session']>): void {
  useLab.setState({ gradients: 'autograd', drift: null, blame: null });
  if (backward === null || !useLab.getState().isChosen) return;
  quietly(
    // Its answer is the check of what code the engine has; what counts is that of the code in the editor.
    request({ type: 'chooseBackward', backward: 'python', mistake: null }).then(() => checkCode(request)),
  );
}

let newestCheck = 0;
/** The code that was last checked, or stopped: Python's return is no reason to run that again. */
let settledCode: string | null = null;

/** Has the code checked as it stands. Of several under way only the newest one's answer counts. */
async function checkCode(request: RequestFunction): Promise<void> {
  const { code, trusted, isChosen, exercise } = useLab.getState();
  const { session, connection } = useStore.getState();
  if (!isChosen || !trusted || connection !== 'open' || session === null || session.backward === null) return;
  const own = ++newestCheck;
  useLab.setState({ isChecking: true });
  try {
    const only = askedNodes(exercise, code);
    const check = await request({ type: 'checkCode', code, trusted, ...(only === undefined ? {} : { only }) });
    settledCode = code;
    const isWanted = own === newestCheck && useStore.getState().session === session && useLab.getState().isChosen;
    if (!isWanted) return;
    useLab.setState({ checkedCode: code });
    useStore.setState({ check });
  } catch (error) {
    const reason = error instanceof RefusedError ? error.refusal.code : null;
    // Python is still starting: its `ready` asks again.
    if (reason === 'not-now' && useLab.getState().python.state === 'starting') return;
    settledCode = code;
    // Newer code took its place.
    if (own !== newestCheck) return;
    // Stopping is what the person did, not what went wrong.
    if (reason === 'cancelled') appendLog('info', messageOf(error));
    else if (useStore.getState().session === session) notify('error', messageOf(error));
  } finally {
    if (own === newestCheck) useLab.setState({ isChecking: false });
  }
}

let isLoading = false;

async function loadProgress(request: RequestFunction): Promise<void> {
  if (isLoading) return;
  isLoading = true;
  try {
    const progress = await request({ type: 'loadProgress' });
    // What was typed before it came is newer.
    useLab.setState(({ code }) => (code === '' ? { ...progress, isLoaded: true } : { isLoaded: true }));
  } catch (error) {
    useLab.setState({ isLoaded: true });
    notify('warning', messageOf(error));
  } finally {
    isLoading = false;
  }
}

/** Asks for the chain behind an element; the answer of an element that is no longer chosen is thrown away. */
async function explain(request: RequestFunction, { node, index }: NonNullable<LabState['blame']>): Promise<void> {
  const isWanted = () => {
    const { blame } = useLab.getState();
    return blame?.node === node && blame.index.join() === index.join();
  };
  try {
    const answer = await request({ type: 'blame', node, index: [...index] });
    if (isWanted()) useLab.setState({ blame: { node, index, answer, refusal: null } });
  } catch (error) {
    if (isWanted()) useLab.setState({ blame: { node, index, answer: null, refusal: messageOf(error) } });
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Shows why something that nobody clicked for did not succeed. */
function quietly(asked: Promise<unknown>): void {
  asked.catch((error: unknown) => notify('warning', messageOf(error)));
}

/** Null where it was refused: for what is asked again by itself soon. */
async function orNull<Answer>(asked: Promise<Answer>): Promise<Answer | null> {
  try {
    return await asked;
  } catch {
    return null;
  }
}
