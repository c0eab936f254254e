/** The programs that are built in. */
export const programNames = ['decomposed-mlp', 'deep-stack'] as const;
export type ProgramName = (typeof programNames)[number];

/**
 * How `decomposed-mlp` starts: `seed` as the seed notebook does (b1, W2, b2 small, gain one, bias zero), `ninja` as the
 * backprop-ninja lecture does (every parameter non-trivial, so that a wrong backward cannot hide).
 */
export const initialisations = ['seed', 'ninja'] as const;
export type Initialisation = (typeof initialisations)[number];

/**
 * How numbers are computed: `reproducible` gives the same bits on every machine, `fast` fuses multiply and add where the
 * machine can.
 */
export const arithmetics = ['reproducible', 'fast'] as const;
export type Arithmetic = (typeof arithmetics)[number];

/** Everything that, with the data, decides a run bit for bit. */
export interface Settings {
  readonly program: ProgramName;
  /** Seed of the torch-compatible generator that draws parameters and minibatches. */
  readonly seed: number;
  /** Examples a minibatch. */
  readonly batchSize: number;
  /** Units of each hidden layer. */
  readonly hiddenSize: number;
  /** `decomposed-mlp` only. */
  readonly initialisation: Initialisation;
  /** Hidden Linear + Tanh blocks; `deep-stack` only. */
  readonly depth: number;
  /** What multiplies the weight of every Linear but the last; `deep-stack` only. */
  readonly gain: number;
  /** Whether every Linear is followed by a BatchNorm1d; `deep-stack` only. */
  readonly batchNorm: boolean;
  /** Learning rate of step 0. */
  readonly learningRate: number;
  /** The first step that uses `droppedLearningRate`. */
  readonly learningRateDropStep: number;
  readonly droppedLearningRate: number;
  readonly arithmetic: Arithmetic;
}

/** The settings that only one program reads. A program without an entry here reads the rest. */
export const settingsOfOneProgram: Partial<Record<keyof Settings, ProgramName>> = {
  initialisation: 'decomposed-mlp',
  depth: 'deep-stack',
  gain: 'deep-stack',
  batchNorm: 'deep-stack',
};

/** The notebook's figures: its seed, its two learning rates and, for each program, its sizes. */
export function defaultSettings(program: ProgramName): Settings {
  return {
    program,
    seed: 2147483647,
    batchSize: 32,
    hiddenSize: program === 'decomposed-mlp' ? 64 : 100,
    initialisation: 'ninja',
    depth: 5,
    gain: 5 / 3,
    batchNorm: false,
    learningRate: 0.1,
    learningRateDropStep: 100_000,
    droppedLearningRate: 0.01,
    arithmetic: 'reproducible',
  };
}

/** The learning rate that the update of `step` uses. */
export function learningRateAt(settings: Settings, step: number): number {
  return step < settings.learningRateDropStep ? settings.learningRate : settings.droppedLearningRate;
}
