import { create } from 'zustand';
import type { Blame, Check, CodeCheck, DriftHistory } from '../../core/protocol/answers';
import type { Progress } from '../../core/protocol/commands';
import type { PythonState } from '../../core/protocol/events';

/** One element of a node's difference, and what is known of how its gradient comes about. */
interface BlameState {
  readonly node: string;
  readonly index: readonly number[];
  /** Null until it has come, and where it was refused. */
  readonly answer: Blame | null;
  /** Why there is none; null while there is one or it is under way. */
  readonly refusal: string | null;
}

/** Where somebody wants the editor's cursor: a new object is a new wish. */
interface CursorWish {
  readonly line: number;
  /** Whether the editor takes the focus as well. */
  readonly focus: boolean;
}

/** What the window knows of the gradient lab: the person's own backward pass and what goes with it. */
export interface LabState extends Progress {
  readonly python: { readonly state: PythonState; readonly message: string };
  /** Whether what was kept of an earlier launch has come; until then nothing is saved over it. */
  readonly isLoaded: boolean;
  /** Whether the person's own code is the backward that is to be checked. */
  readonly isChosen: boolean;
  /** Whether it is the one that the session checks, as it last told; null before the first word of it. */
  readonly checksCode: boolean | null;
  /** The file the code was read from or saved to; null where there is none. */
  readonly fileName: string | null;
  /** The code that the newest check is of: its lines mean nothing in another. */
  readonly checkedCode: string | null;
  /** Whether a check of the code is under way. */
  readonly isChecking: boolean;
  /** Whose gradients the updates use. */
  readonly gradients: 'autograd' | 'manual';
  /** Null until there is a run with manual gradients. */
  readonly drift: DriftHistory | null;
  /** The element that is explained; null where none was chosen. */
  readonly blame: BlameState | null;
  readonly cursorWish: CursorWish | null;
}

export const initialLab: LabState = {
  code: '',
  trusted: true,
  exercise: 1,
  done: [],
  hints: {},
  python: { state: 'starting', message: '' },
  isLoaded: false,
  isChosen: false,
  checksCode: null,
  fileName: null,
  checkedCode: null,
  isChecking: false,
  gradients: 'autograd',
  drift: null,
  blame: null,
  cursorWish: null,
};

/** The lab's part of the window's state. Components read it by selectors; setting it is for the functions of this folder. */
export const useLab = create<LabState>()(() => initialLab);

/** What of the lab is kept across launches. */
export function progressOf({ code, trusted, exercise, done, hints }: LabState): Progress {
  return { code, trusted, exercise, done: [...done], hints: { ...hints } };
}

/** Whether the check is of the person's own code, so that it names root causes. */
export function isCodeCheck(check: Check | null): check is CodeCheck {
  return check !== null && check.backward === 'python' && 'rootCauses' in check;
}
