import { blockSize } from '../data/dataset';
import { embeddingSize } from '../programs/program';
import { settingVariables } from '../programs/settings';
import type { FloatType } from '../tensor/arena';
import { generatorText } from './calls/creation';
import type { NotebookInputs } from './lab-inputs';
import type { GivenNotebook } from './runner';

/** Of the seed notebook: its training ends there. A session has no last step. */
const maximumSteps = 20_000;

/**
 * What the notebook's names besides nodes and minibatch stand for at this step, or at another point: what depends on
 * the batch follows `n` and `examples` there.
 * @param loss the loss at the point, of that type.
 */
export function notebookOf(inputs: NotebookInputs, dtype: FloatType, loss: number): GivenNotebook {
  const { step, settings, n, examples, parameters, data } = inputs;
  const [trainEnd, devEnd] = data.splitEnds;
  return {
    numbers: {
      n_embd: embeddingSize,
      ...settingVariables(settings),
      block_size: blockSize,
      batch_size: n,
      max_steps: maximumSteps,
      n1: trainEnd,
      n2: devEnd,
      i: step,
    },
    tensors: [
      { name: 'loss', type: dtype, shape: [], values: [loss] },
      { name: 'ix', type: 'int64', shape: [n], values: examples },
      ...data.tensors.map((tensor) => ({ ...tensor, type: 'int64' as const })),
    ],
    parameters,
    labels: data.labels,
    words: data.words,
    generator: data.generator && generatorText(data.generator),
  };
}
