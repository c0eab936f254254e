import { maximumCodeLength, maximumNotebookBytes } from '../../core/protocol/commands';
import { request } from './client';
import { useLab } from './lab';
import { chooseBackward, showingRefusals } from './session-actions';
import { appendLog, notify, showDialog, useStore } from './store';

/*
 * What a person can do in the lab. As in session-actions.ts, each function shows a refusal as a notice and never rejects.
 * That the code is checked, kept and explained follows from the state; see keep-lab-fresh.ts.
 */

/** Makes the person's own code the backward that is checked, from now on. */
export function chooseOwnCode(): Promise<void> {
  return chooseBackward('python', null);
}

/** The person typed. */
export function editCode(code: string): void {
  // Nothing of a file that nobody trusted is left in an empty editor.
  useLab.setState(({ trusted }) => ({ code, trusted: trusted || code.trim() === '' }));
}

/** Puts code in place of what is there: `trusted` where it is the app's own or the person's. */
export function replaceCode(code: string, trusted: boolean, fileName: string | null): void {
  useLab.setState({ code, trusted, fileName });
}

/** Lets the person choose a Python file or a notebook. It is shown, and runs only once they say so. */
export async function openCode(): Promise<void> {
  const file = await showingRefusals(request({ type: 'openCode' }));
  if (file !== null) showForeignCode(file.code, file.fileName);
}

/** Reads a file dropped on the window; as with `openCode`, it does not run by itself. */
export async function loadCode(file: File): Promise<void> {
  if (file.name.toLowerCase().endsWith('.ipynb')) return loadNotebook(file);
  const code = await file.text();
  if (code.length > maximumCodeLength) {
    notify('error', `“${file.name}” is too long: code may have at most ${maximumCodeLength} characters.`);
    return;
  }
  showForeignCode(code, file.name);
  await chooseOwnCode();
}

/** The code of a notebook's cells that write gradients. */
async function loadNotebook(file: File): Promise<void> {
  if (file.size > maximumNotebookBytes) {
    notify('error', `“${file.name}” is too large: clear its outputs in Jupyter and save it again.`);
    return;
  }
  const read = request({ type: 'readNotebook', fileName: file.name, text: await file.text() });
  const joined = await showingRefusals(read);
  if (joined === null) return;
  showForeignCode(joined.code, joined.fileName);
  await chooseOwnCode();
}

function showForeignCode(code: string, fileName: string): void {
  replaceCode(code, code.trim() === '', fileName);
  if (!useLab.getState().trusted) showDialog('trustCode');
}

/** The person said that the code may run. */
export function trustCode(): void {
  useLab.setState({ trusted: true });
}

/** Asks the person where to, and writes the code there. */
export async function saveCode(): Promise<void> {
  const fileName = await showingRefusals(request({ type: 'saveCode', code: useLab.getState().code }));
  if (fileName === null) return;
  useLab.setState({ fileName });
  appendLog('info', `Saved ${fileName}.`);
}

/** Stops the code that runs. */
export async function stopPython(): Promise<void> {
  await showingRefusals(request({ type: 'stopPython' }));
}

/** Whose gradients the updates use from the next step on. */
export async function trainWith(gradients: 'autograd' | 'manual'): Promise<void> {
  const before = useLab.getState().gradients;
  useLab.setState({ gradients });
  const answered = await showingRefusals(request({ type: 'trainWith', gradients }).then(() => ({ gradients })));
  if (answered === null) useLab.setState({ gradients: before });
}

/** Chooses the element whose gradient is to be explained. */
export function explainElement(node: string, index: readonly number[]): void {
  useLab.setState({ blame: { node, index, answer: null, refusal: null } });
}

export function closeExplanation(): void {
  useLab.setState({ blame: null });
}

/** Brings the line that last writes the node's gradient into sight in the editor; nothing where none does. */
export function showLineOf(node: string, { focus }: { readonly focus: boolean }): void {
  const line = useStore.getState().check?.rows.find((row) => row.node === node)?.line ?? null;
  if (line !== null) showLine(line, { focus });
}

/** Brings a line of the code into sight in the editor and puts the cursor there. */
export function showLine(line: number, { focus }: { readonly focus: boolean }): void {
  useLab.setState({ cursorWish: { line, focus } });
}

export function chooseExercise(exercise: number): void {
  useLab.setState({ exercise });
}

/** Shows one more hint. @param key the node or exercise it is about. @param most hints there are. */
export function revealHint(key: string, most: number): void {
  useLab.setState(({ hints }) => ({ hints: { ...hints, [key]: Math.min((hints[key] ?? 0) + 1, most) } }));
}

/** Hides the hints again. */
export function hideHints(key: string): void {
  useLab.setState(({ hints }) => ({ hints: { ...hints, [key]: 0 } }));
}
