import type {
  About,
  BatchNormStatistics,
  Blame,
  Check,
  CodeCheck,
  CodeFile,
  DriftHistory,
  Evaluation,
  LossHistory,
  NodeDetail,
  Report,
  RunBackAnswer,
  Samples,
  SessionDescription,
  StepAnswer,
  UpdateHistory,
} from './answers';
import type { Breakpoints } from './breakpoints';
import type { Progress } from './commands';
import type { Evidence } from './evidence';
import type { Findings } from './findings';
import type { Flow, OpDetail } from './ops';
import type { AutosaveOffer, PackedSession, RestoredSession, SavedDescription } from './session-files';
import type { Timeline } from './timeline';
import type { WhatIf } from './what-if';

/** What each command is answered with. */
export interface AnswerOf {
  configure: SessionDescription;
  restart: SessionDescription;
  goTo: StepAnswer;
  fork: Timeline;
  switchBranch: StepAnswer;
  timeline: Timeline;
  setBreakpoints: Breakpoints;
  runBack: RunBackAnswer;
  setThreshold: Findings;
  loadNames: SessionDescription;
  useBuiltInNames: SessionDescription;
  step: StepAnswer;
  stepOp: StepAnswer;
  inspectOp: OpDetail;
  flow: Flow;
  run: null;
  pause: StepAnswer;
  chooseBackward: Check;
  check: Check | null;
  checkCode: CodeCheck;
  stopPython: null;
  trainWith: null;
  driftHistory: DriftHistory;
  blame: Blame;
  inspect: NodeDetail;
  lossHistory: LossHistory;
  updateHistory: UpdateHistory;
  sample: Samples;
  evaluate: Evaluation;
  cancel: null;
  report: Report;
  tensors: Uint8Array;
  whatIf: WhatIf;
  batchNorms: readonly BatchNormStatistics[];
  calibrate: readonly BatchNormStatistics[];
  packSession: PackedSession | null;
  unpackSession: RestoredSession;
  saveSession: string | null;
  openSession: RestoredSession | null;
  describeSaved: SavedDescription;
  autosaveOffers: readonly AutosaveOffer[];
  acceptAutosave: RestoredSession;
  declineAutosave: null;
  saveTensors: string | null;
  evidence: Evidence;
  saveEvidence: string | null;
  chooseNames: SessionDescription | null;
  copyText: null;
  savePicture: string | null;
  openCode: CodeFile | null;
  readNotebook: CodeFile;
  saveCode: string | null;
  loadProgress: Progress;
  saveProgress: null;
  about: About;
}
