import type { RestoredSession } from '../../core/protocol/session-files';
import { request } from './client';
import { progressOf, useLab } from './lab';
import { showingRefusals } from './session-actions';
import { appendLog, showDialog, useStore } from './store';

/* What a person can do with files of sessions. As in session-actions.ts, each function shows a refusal and never rejects. */

/** Asks where to, and writes the session there, the code and the exercises with it. */
export async function saveSession(): Promise<void> {
  const progress = progressOf(useLab.getState());
  const file = await showingRefusals(request({ type: 'saveSession', progress }));
  if (file !== null) appendLog('info', `Saved ${file}.`);
}

/** Asks for a session file and goes on with it. */
export async function openSession(): Promise<void> {
  goOn(await showingRefusals(request({ type: 'openSession' })));
}

/** Asks where to, and writes evidence of the present step there: what the check says, for others to verify. */
export async function saveEvidence(): Promise<void> {
  const file = await showingRefusals(request({ type: 'saveEvidence' }));
  if (file !== null) appendLog('info', `Saved ${file}. Others confirm it by “chainrule verify ${file}”.`);
}

/** Asks where to, and writes every tensor of the present step there. */
export async function saveTensors(): Promise<void> {
  const file = await showingRefusals(request({ type: 'saveTensors' }));
  if (file !== null) appendLog('info', `Saved ${file}.`);
}

/** Asks which autosaves there are of sessions that ended. */
export async function askForAutosaves(): Promise<void> {
  useStore.setState({ autosaveOffers: (await showingRefusals(request({ type: 'autosaveOffers' }))) ?? [] });
}

/** Goes on with an autosave that is offered. Where it cannot be used, the others are still offered. */
export async function acceptAutosave(id: string): Promise<void> {
  useStore.setState({ autosaveOffers: [] });
  const restored = await showingRefusals(request({ type: 'acceptAutosave', id }));
  if (restored === null) await askForAutosaves();
  goOn(restored);
}

/** Throws one away. */
export async function declineAutosave(id: string): Promise<void> {
  useStore.setState(({ autosaveOffers }) => ({ autosaveOffers: autosaveOffers.filter((offer) => offer.id !== id) }));
  await showingRefusals(request({ type: 'declineAutosave', id }));
}

/** The session itself is told of by events; what is left is the editor's. Code of a file runs only once it is trusted. */
function goOn(restored: RestoredSession | null): void {
  useStore.setState({ progress: null });
  if (restored === null) return;
  const { progress, step } = restored;
  appendLog('info', `Went on with a saved session at step ${step}.`);
  if (progress === null || progress.code === useLab.getState().code) return;
  const isEmpty = progress.code.trim() === '';
  useLab.setState({ ...progress, trusted: isEmpty, fileName: null });
  if (!isEmpty) showDialog('trustCode');
}
