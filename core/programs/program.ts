import type { GraphRecorder } from '../graph/recorder';
import type { TorchGenerator } from '../tensor/generators/torch-generator';
import type { Tensor } from '../tensor/tensor';
import type { ProgramSettings, SettingDescriptions } from './setting-description';
import type { SettingsWith } from './settings';

/** Numbers that stand for a character, as the notebook's n_embd. */
export const embeddingSize = 10;

/**
 * What a graph is recorded for: a training step, with its loss; predicting by kept statistics, with the output "logits"; or
 * measuring, over the training set, what predicting needs and training does not keep, with the output "measured".
 */
export type Purpose = 'training' | 'predicting' | 'measuring';

/** What a program is written for. */
export interface RecordingOptions<Own extends SettingDescriptions = SettingDescriptions> {
  readonly settings: SettingsWith<Own>;
  /** Tokens there are. */
  readonly vocabularySize: number;
  /** Examples at a time. */
  readonly examples: number;
  readonly purpose: Purpose;
}

/** A network that can be written down as a graph, and begun. `Own` are its own settings. */
export interface Program<Own extends SettingDescriptions = SettingDescriptions> {
  readonly settings: ProgramSettings<Own>;
  /** Writes its computation: input "Xb", tokens of the contexts, and where it trains "Yb", tokens to predict. */
  record(recorder: GraphRecorder, options: RecordingOptions<Own>): void;
  /** First values, drawn in the notebook's order. */
  initialise(tensorOf: (name: string) => Tensor, settings: SettingsWith<Own>, generator: TorchGenerator): void;
}
