import type { About } from '../../core/protocol/answers';
import type { BackwardName } from '../../core/protocol/commands';
import { maximumNamesBytes } from '../../core/protocol/commands';
import type { RuleName } from '../../core/protocol/findings';
import type { Rates, Settings } from '../../core/protocol/settings';
import { request } from './client';
import { RefusedError } from './connection';
import { useLab } from './lab';
import { appendLog, notify, useStore } from './store';
import { Turns } from './turns';

/*
 * What a person can ask of the session. Each function shows a refusal as a notice and never rejects; what changed comes
 * back as events.
 */

/** Shows what went wrong. Something the person cancelled themselves is only logged. */
export async function showingRefusals<Answer>(asked: Promise<Answer>): Promise<Answer | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof RefusedError && error.refusal.code === 'cancelled') appendLog('info', error.message);
    else notify('error', error instanceof Error ? error.message : String(error));
    return null;
  }
}

export async function run(): Promise<void> {
  await showingRefusals(request({ type: 'run' }));
}

export async function pause(): Promise<void> {
  await showingRefusals(request({ type: 'pause' }));
}

/**
 * Presses that wait for the step before them: more than anybody presses meanwhile. A key that is held down asks faster than a
 * slow step is made.
 */
const mostWaiting = 8;
const turns = new Turns();

/** Asks once what was asked before is done: the session makes one step at a time and refuses a second meanwhile. */
async function inTurn(ask: () => Promise<unknown>): Promise<void> {
  if (turns.waiting <= mostWaiting) await showingRefusals(turns.take(ask));
}

export async function step(): Promise<void> {
  await inTurn(() => request({ type: 'step', count: 1 }));
}

/** One op further within a step, or all to the end of the phase. */
export async function stepOp(until: 'op' | 'phase'): Promise<void> {
  await inTurn(() => request({ type: 'stepOp', until }));
}

/** Stands at the step before. */
export async function stepBack(): Promise<void> {
  await goTo(useStore.getState().step - 1);
}

/** Stands at a step that was made. A long way shows its progress. */
export async function goTo(step: number): Promise<void> {
  await showingRefusals(request({ type: 'goTo', step }));
  useStore.setState({ progress: null });
}

/** What a rule compares with from now on; its default for null. */
export async function setThreshold(rule: RuleName, value: number | null): Promise<void> {
  await showingRefusals(request({ type: 'setThreshold', rule, value }));
}

/** Begins another course of training at the present step. Resolves to whether that was accepted. */
export async function fork(rates: Rates): Promise<boolean> {
  return (await showingRefusals(request({ type: 'fork', rates }))) !== null;
}

/** Stands at the farthest step of another course of training. */
export async function switchBranch(branch: number): Promise<void> {
  await showingRefusals(request({ type: 'switchBranch', branch }));
  useStore.setState({ progress: null });
}

export async function restart(): Promise<void> {
  await showingRefusals(request({ type: 'restart' }));
}

/** Starts again with these settings. Resolves to whether they were accepted. */
export async function configure(settings: Settings): Promise<boolean> {
  return (await showingRefusals(request({ type: 'configure', settings }))) !== null;
}

/** Chooses the hand-written backward that is checked and the mistake planted in it. */
export async function chooseBackward(backward: BackwardName, mistake: string | null): Promise<void> {
  const isChosen = backward === 'python';
  // At once: code that is checked after another backward was asked for would make itself the chosen one again.
  useLab.setState({ isChosen });
  const check = await showingRefusals(request({ type: 'chooseBackward', backward, mistake }));
  // Python takes its time to answer; by then another backward may have been chosen.
  if (useLab.getState().isChosen !== isChosen) return;
  // The session keeps to code that Python could not run: what is typed next has it started again.
  if (check === null) useLab.setState(({ checksCode }) => ({ isChosen: checksCode === true }));
  else useStore.setState({ check });
}

/** Lets the person choose a names file in the system's dialog. */
export async function chooseNames(): Promise<void> {
  await showingRefusals(request({ type: 'chooseNames' }));
}

export async function restoreBuiltInNames(): Promise<void> {
  await showingRefusals(request({ type: 'useBuiltInNames' }));
}

/** Loads a file dropped on the window. One that is too large is refused before it is read. */
export async function loadNames(file: File): Promise<void> {
  if (file.size > maximumNamesBytes) {
    const size = (file.size / 1024 / 1024).toFixed(1);
    notify(
      'error',
      `“${file.name}” is ${size} MiB; a names file may be at most ${maximumNamesBytes / 1024 / 1024} MiB.`,
    );
    return;
  }
  const load = async () => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return request({ type: 'loadNames', fileName: file.name, bytes });
  };
  await showingRefusals(load());
}

/** Draws names from the network as it stands. */
export async function sample(count: number, seed: number): Promise<void> {
  const samples = await showingRefusals(request({ type: 'sample', count, seed }));
  if (samples !== null) useStore.setState({ samples });
}

/** Computes the loss over the whole training and development sets. */
export async function evaluate(): Promise<void> {
  // The first event may be a while; until then the view shows that it is under way.
  useStore.setState({ progress: { command: 'evaluate', done: 0, total: 0, unit: '' } });
  const evaluation = await showingRefusals(request({ type: 'evaluate' }));
  useStore.setState(evaluation === null ? { progress: null } : { evaluation, progress: null });
}

/** Measures over the training set what predicting needs. */
export async function calibrate(): Promise<void> {
  const batchNorms = await showingRefusals(request({ type: 'calibrate' }));
  useStore.setState(batchNorms === null ? { progress: null } : { batchNorms, progress: null });
}

/** Stops the long command under way. */
export async function cancel(): Promise<void> {
  await showingRefusals(request({ type: 'cancel' }));
}

/** Puts text on the clipboard. */
export async function copyText(text: string): Promise<void> {
  await showingRefusals(request({ type: 'copyText', text }));
}

/** Asks the person where to save a PNG, and saves it. */
export async function savePicture(name: string, bytes: Uint8Array): Promise<void> {
  const file = await showingRefusals(request({ type: 'savePicture', name, bytes }));
  if (file !== null) appendLog('info', `Saved ${file}.`);
}

/** What the window runs on; null where that was refused. */
export function askAbout(): Promise<About | null> {
  return showingRefusals(request({ type: 'about' }));
}
