import type { KernelDescription } from '../kernels/build';
import type { Settings } from '../programs/settings';
import type { BackwardDescription } from './check';
import type { OpDescription } from './ops';

export type { KernelBuild } from '../kernels/build';

export {
  type BackwardDescription,
  type Check,
  type CheckRow,
  type CodeCheck,
  isRight,
  type PythonError,
  type RootCause,
  type StatementDescription,
  type Unjudged,
  type Verdict,
  verdicts,
} from './check';

export type NodeKind = 'parameter' | 'intermediate' | 'loss';

/** A named tensor of the forward pass. */
export interface NodeDescription {
  readonly name: string;
  readonly kind: NodeKind;
  /** Heading it stands under in lists: "embedding", "batch norm", … */
  readonly group: string;
  readonly shape: readonly number[];
  /** The forward line that makes it, in the notebook's Python; empty for parameters. */
  readonly formula: string;
}

/** A Tanh layer, in the order of `Frame.layers`. */
export interface LayerDescription {
  /** Its number in the notebook's list of layers. */
  readonly index: number;
  /** "layer 1 (Tanh)". */
  readonly label: string;
  /** The node that is its output. */
  readonly node: string;
}

/** A parameter, in the order of `Frame.parameters`. */
export interface ParameterDescription {
  readonly name: string;
  readonly shape: readonly number[];
  readonly elements: number;
}

export interface DatasetDescription {
  readonly name: string;
  readonly builtIn: boolean;
  readonly words: number;
  /** Labels by token; token 0 ends a word. */
  readonly vocabulary: readonly string[];
  /** Examples (context → next character) of each split. */
  readonly train: number;
  readonly dev: number;
  readonly test: number;
}

export interface MistakeDescription {
  readonly name: string;
  /** "1/n instead of 1/(n−1) in dbnvar". */
  readonly title: string;
  /** The node whose formula it breaks. */
  readonly node: string;
}

/** All that stays the same while a session runs. */
export interface SessionDescription {
  readonly settings: Settings;
  readonly kernels: KernelDescription;
  readonly dataset: DatasetDescription;
  readonly nodes: readonly NodeDescription[];
  /** In forward order. */
  readonly ops: readonly OpDescription[];
  readonly layers: readonly LayerDescription[];
  readonly parameters: readonly ParameterDescription[];
  /** Trained numbers in all parameters. */
  readonly parameterCount: number;
  /** Mistakes that can be planted; empty where the program has no hand-written backward. */
  readonly mistakes: readonly MistakeDescription[];
  /** Null where the program has no hand-written backward. */
  readonly backward: BackwardDescription | null;
}

export interface StepAnswer {
  readonly step: number;
  readonly loss: number;
}

export interface RunBackAnswer extends StepAnswer {
  /** Whether there was such a step; where there was none, the session stands where it stood. */
  readonly found: boolean;
}

/** One path by which a gradient reaches an element. */
export interface BlamePath {
  /** The node it comes from. */
  readonly from: string;
  /** The op that passes it on. */
  readonly op: string;
  readonly contribution: number;
}

/** The chain behind one element of a node's gradient. */
export interface Blame {
  readonly node: string;
  readonly index: readonly number[];
  readonly value: number;
  readonly autograd: number;
  /** Null where there is no manual gradient of this shape. */
  readonly manual: number | null;
  /** Forward inputs of the element, by name. */
  readonly inputs: readonly { readonly name: string; readonly index: readonly number[]; readonly value: number }[];
  /** What each consumer of the node passes back to it; they add up to autograd's gradient. */
  readonly paths: readonly BlamePath[];
  /** The token the element belongs to: "e after .em, row 12"; null where it belongs to none. */
  readonly token: string | null;
}

export interface DriftHistory {
  readonly steps: Float64Array;
  /** |loss with manual gradients − loss with autograd's|, largest of the bucket. */
  readonly drift: Float64Array;
}

export interface CodeFile {
  readonly fileName: string;
  readonly code: string;
}

/** Summary of one tensor. */
export interface Moments {
  readonly mean: number;
  /** Unbiased, as torch.std. NaN for fewer than two elements. */
  readonly std: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** torch.histogram(density=True): `density[i]` over [edge i, edge i+1), the last bin closed. */
export interface Histogram {
  readonly minimum: number;
  readonly maximum: number;
  readonly density: Float32Array;
}

/** One of a node's tensors: its window of cells and the summary of the whole. */
export interface Quantity {
  /** Row-major cells of the window. */
  readonly cells: Float32Array;
  readonly moments: Moments;
  readonly histogram: Histogram;
}

/** A node's numbers at the present step. Folded to 2-D: leading dimensions × the last one. */
export interface NodeDetail {
  readonly node: string;
  readonly step: number;
  readonly shape: readonly number[];
  /** Size of the whole fold. */
  readonly rows: number;
  readonly columns: number;
  /** Where the window begins and how large it is. */
  readonly window: { readonly row: number; readonly column: number; readonly rows: number; readonly columns: number };
  readonly value: Quantity;
  readonly gradient: Quantity;
  /** The hand-written gradient; null where there is none or its shape is another. */
  readonly manual: Quantity | null;
  /** manual − gradient. */
  readonly difference: Quantity | null;
  /** Distance of manual and gradient in float32 ulp, cell by cell. */
  readonly ulp: Float32Array | null;
}

/** Buckets of consecutive steps; column `i` of each array is bucket `i`. */
export interface LossHistory {
  /** First step of the bucket. */
  readonly steps: Float64Array;
  readonly minimum: Float64Array;
  readonly maximum: Float64Array;
  /** Mean of log10 loss over the bucket. */
  readonly log10: Float64Array;
  /** log10 loss smoothed by a centred mean over 5 % of the steps shown (at least 1, at most 1,000; cut off at both ends), as the notebook's view(-1, 1000).mean(1). */
  readonly smoothed: Float64Array;
}

export interface UpdateHistory {
  readonly steps: Float64Array;
  /** One array a parameter, in the session's order: mean of log10(std(lr · grad) / std(data)) over the bucket. */
  readonly ratios: readonly Float64Array[];
}

export interface Samples {
  readonly step: number;
  readonly seed: number;
  readonly names: readonly string[];
  /** For each name, how each of its characters, and its end, came about. */
  readonly choices: readonly (readonly CharacterChoice[])[];
}

/** One character, drawn. */
export interface CharacterChoice {
  readonly token: number;
  /** Of every token, as the network gave it. */
  readonly probabilities: Float32Array;
}

/** A name drawn character by character. */
export interface SampledName {
  readonly name: string;
  readonly choices: readonly CharacterChoice[];
}

/** What a batch norm normalises by, unit by unit. */
export interface BatchNormStatistics {
  /** The node that is its output. */
  readonly node: string;
  readonly batchMean: Float32Array;
  readonly batchVariance: Float32Array;
  readonly runningMean: Float32Array;
  readonly runningVariance: Float32Array;
  /** Mean over units of how far they are apart, in standard deviations. */
  readonly distance: number;
  /** Whether every training step moves the running ones; else `calibrate` measures them over the training set. */
  readonly isKept: boolean;
}

export interface Evaluation {
  readonly step: number;
  readonly trainLoss: number;
  readonly devLoss: number;
}

/** What the notebook's diagnostic cells print after a run of the deep stack; keys are those of its published figures. */
export interface Report {
  readonly parameters: number;
  readonly steps: number;
  readonly lr: number;
  readonly batch_size: number;
  readonly gain: number;
  readonly batchnorm: boolean;
  readonly losses: readonly number[];
  readonly update_to_data_log10_first: readonly number[];
  readonly update_to_data_log10_last: readonly number[];
  readonly tanh: readonly TanhReport[];
  readonly weights: readonly WeightReport[];
  readonly train_loss: number;
  readonly val_loss: number;
  readonly samples: readonly string[];
}

export interface HistogramReport {
  readonly density: readonly number[];
  /** One more than there are bins. */
  readonly edges: readonly number[];
}

export interface TanhReport {
  readonly layer: number;
  readonly mean: number;
  readonly std: number;
  readonly saturated_percent: number;
  readonly grad_mean: number;
  readonly grad_std: number;
  readonly histogram: HistogramReport;
  readonly grad_histogram: HistogramReport;
}

export interface WeightReport {
  readonly shape: readonly number[];
  readonly grad_mean: number;
  readonly grad_std: number;
  readonly grad_to_data: number;
}

export interface About {
  readonly version: string;
  readonly electron: string;
  readonly chrome: string;
  readonly node: string;
  /** Which executable runs and where it came from. */
  readonly runtime: string;
  /** True where Chromium's sandbox had to be off (root only). */
  readonly sandboxOff: boolean;
  /** What follows from an Electron that gets no more security updates; null where it gets them. */
  readonly outOfSupport: string | null;
}
