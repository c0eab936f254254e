import { create } from 'zustand';
import type {
  BatchNormStatistics,
  Check,
  Evaluation,
  LossHistory,
  NodeDetail,
  Samples,
  SessionDescription,
  UpdateHistory,
} from '../../core/protocol/answers';
import type { Breakpoints } from '../../core/protocol/breakpoints';
import type { SessionEvent } from '../../core/protocol/events';
import type { Findings } from '../../core/protocol/findings';
import type { Frame } from '../../core/protocol/frame';
import type { Flow, OpDetail, OpPosition } from '../../core/protocol/ops';
import type { AutosaveOffer } from '../../core/protocol/session-files';
import type { BranchDescription, Timeline } from '../../core/protocol/timeline';
import type { WhatIf, WhatIfChange } from '../../core/protocol/what-if';
import type { BottomTab, View } from './views';

export type Level = 'info' | 'warning' | 'error';

/** Something a person must see; it stays until they dismiss it. */
export interface Notice {
  readonly id: number;
  readonly level: Level;
  readonly message: string;
  /** How often it was said since it appeared. */
  readonly count: number;
}

interface LogLine {
  readonly id: number;
  readonly level: Level;
  readonly message: string;
  /** The step at which the session stood. */
  readonly step: number;
}

/** How far a long command is. */
type Progress = Omit<Extract<SessionEvent, { type: 'progress' }>, 'type'>;

/** Where the inspected window of cells begins in the node's 2-D fold. */
export interface CellOrigin {
  readonly row: number;
  readonly column: number;
}

export type DialogName = 'settings' | 'fork' | 'palette' | 'about' | 'trustCode';

export interface State {
  /** Whether the engine can be asked. */
  readonly connection: 'connecting' | 'open' | 'lost';

  /** All that stays the same while the session runs; null until the first one began. */
  readonly session: SessionDescription | null;
  readonly running: boolean;
  readonly step: number;
  readonly loss: number;
  /** The op at which the session rests within a step; null at a whole one. */
  readonly position: OpPosition | null;
  /** As the session last told of them. */
  readonly breakpoints: Breakpoints;
  readonly findings: Findings;

  /** The newest statistics; null until the first frame of this session. */
  readonly frame: Frame | null;
  /** The newest check; its `step` may lie behind the session's. */
  readonly check: Check | null;
  /** Losses of all steps so far. */
  readonly lossHistory: LossHistory | null;
  /** Every course of training of this session, as last told of; null until the first rest. */
  readonly timeline: Timeline | null;
  /** Losses of the other courses of training, by branch. */
  readonly otherLosses: ReadonlyMap<number, LossHistory>;
  /** Update:data ratios of all steps so far; kept fresh only while the Updates tab is open. */
  readonly updateHistory: UpdateHistory | null;

  /** The one selection of the window: a node's name. */
  readonly selectedNode: string | null;
  readonly cellOrigin: CellOrigin;
  /** Numbers of the selected node; its `node` and `step` say what they belong to while newer ones are fetched. */
  readonly detail: NodeDetail | null;

  /** What flows along the graph's edges; kept fresh only while the Graph tab is open. */
  readonly flow: Flow | null;
  /** The op that was chosen in the graph, by its number in forward order; null where none is. */
  readonly chosenOp: number | null;
  /** Numbers of the op that the graph shows; its `op` and `step` say what they belong to. */
  readonly opDetail: OpDetail | null;
  /** Batch against running statistics; kept fresh only while the Samples tab is open. */
  readonly batchNorms: readonly BatchNormStatistics[] | null;
  /** What is tried out; null for the live run's own numbers. */
  readonly whatIfChange: WhatIfChange | null;
  /** What would be with it; kept fresh only while the What-if tab is open. */
  readonly whatIf: WhatIf | null;
  /** Autosaves of sessions that ended, which may be gone on with, the newest first. */
  readonly autosaveOffers: readonly AutosaveOffer[];

  readonly samples: Samples | null;
  readonly evaluation: Evaluation | null;
  /** The long command under way; null where there is none. */
  readonly progress: Progress | null;

  readonly view: View;
  readonly bottomTab: BottomTab;
  readonly dialog: DialogName | null;
  readonly notices: readonly Notice[];
  /** Newest last, at most `maximumLogLines`. */
  readonly log: readonly LogLine[];
}

const maximumLogLines = 500;

export const initialState: State = {
  connection: 'connecting',
  session: null,
  running: false,
  step: 0,
  loss: Number.NaN,
  position: null,
  findings: { findings: [], thresholds: {} },
  breakpoints: { isActive: true, states: [], stop: null },
  frame: null,
  check: null,
  lossHistory: null,
  timeline: null,
  otherLosses: new Map(),
  updateHistory: null,
  selectedNode: null,
  cellOrigin: { row: 0, column: 0 },
  detail: null,
  flow: null,
  chosenOp: null,
  opDetail: null,
  batchNorms: null,
  whatIfChange: null,
  whatIf: null,
  autosaveOffers: [],
  samples: null,
  evaluation: null,
  progress: null,
  view: 'gradientDiff',
  bottomTab: 'backward',
  dialog: null,
  notices: [],
  log: [],
};

/** The window's state. Components read it by selectors; `set`ting it is for the functions of this folder. */
export const useStore = create<State>()(() => initialState);

/** The course of training on which the session stands; undefined before it was first told of. */
export function currentBranch({ timeline }: Pick<State, 'timeline'>): BranchDescription | undefined {
  return timeline?.branches.find(({ isCurrent }) => isCurrent);
}

/** Whether an answer about one step no longer describes the step at which the session stands. */
export function isStale(answer: { readonly step: number } | null, step: number): boolean {
  return answer !== null && answer.step !== step;
}

let nextId = 0;

/** Shows a notice and logs it. The same words are not shown twice at once, but counted. */
export function notify(level: Level, message: string): void {
  appendLog(level, message);
  useStore.setState(({ notices }) => ({
    notices: notices.some((notice) => notice.message === message)
      ? notices.map((notice) => (notice.message === message ? { ...notice, count: notice.count + 1 } : notice))
      : [...notices, { id: nextId++, level, message, count: 1 }],
  }));
}

export function dismissNotice(id: number): void {
  useStore.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}

export function appendLog(level: Level, message: string): void {
  useStore.setState(({ log, step }) => ({
    log: [...log, { id: nextId++, level, message, step }].slice(-maximumLogLines),
  }));
}

/** Selects a node everywhere. */
export function selectNode(selectedNode: string): void {
  useStore.setState((state) =>
    state.selectedNode === selectedNode ? {} : { selectedNode, cellOrigin: initialState.cellOrigin },
  );
}

/** Moves the inspected window of cells. */
export function moveCellOrigin(cellOrigin: CellOrigin): void {
  useStore.setState({ cellOrigin });
}

/** Shows an op's numbers beside the graph. */
export function chooseOp(chosenOp: number | null): void {
  useStore.setState({ chosenOp });
}

/** Tries other numbers out on the present step; null for those of the live run. */
export function tryOut(whatIfChange: WhatIfChange | null): void {
  useStore.setState({ whatIfChange });
}

export function showView(view: View): void {
  useStore.setState({ view });
}

export function showBottomTab(bottomTab: BottomTab): void {
  useStore.setState({ bottomTab });
}

export function showDialog(dialog: DialogName): void {
  useStore.setState({ dialog });
}

export function closeDialog(): void {
  useStore.setState({ dialog: null });
}
