import { Tape } from '../graph/tape';
import type { Network } from '../programs/network';
import { hiddenGainOf, type Settings } from '../programs/settings';
import type { WhatIf, WhatIfChange } from '../protocol/what-if';
import { StepStatistics } from '../stats/step-statistics';
import type { SessionParts } from './session-parts';

/** The live step that an alternative is compared with. */
export interface LiveStep {
  readonly network: Network;
  readonly settings: Settings;
  readonly step: number;
  readonly learningRate: number;
  readonly statistics: StepStatistics;
}

/**
 * A scratch copy of the program, in which the present step is computed with other numbers. Nothing of it reaches the
 * session.
 */
export class Scratch {
  readonly #network: Network;
  readonly #statistics: StepStatistics;

  /** Plans the network's graph once more, in memory of its own. */
  constructor(network: Network, { kernels, newArena }: SessionParts) {
    this.#network = network.twin(new Tape(kernels, newArena(), 'float32'));
    this.#statistics = new StepStatistics(this.#network, kernels, newArena());
  }

  /** The step at which the session stands, as it is and as it would be. */
  compare(live: LiveStep, change: WhatIfChange): WhatIf {
    const { network } = live;
    const scratch = this.#network;
    scratch.copyParameters(network);
    for (const { name, tensor } of scratch.parameters) {
      const factor = Math.fround(factorOf(name, live, change));
      tensor.copyFrom(Float32Array.from(tensor.values(), (value) => value * factor));
    }
    scratch.copyBatch(network);
    scratch.tape.forward();
    scratch.tape.backward();

    const figures = { step: live.step, loss: 0, stepsPerSecond: 0, running: false };
    const is = live.statistics.frame({ ...figures, learningRate: live.learningRate });
    const would = this.#statistics.frame({ ...figures, learningRate: change.learningRate });
    const pair = (one: number, other: number) => ({ live: one, alternative: other });
    return {
      step: live.step,
      change,
      loss: pair(network.loss.item(), scratch.loss.item()),
      layers: network.layers.map(({ node, label }, index) => ({
        node,
        label,
        saturated: pair(is.layers[index].saturated, would.layers[index].saturated),
        gradientStd: pair(is.layers[index].gradient.std, would.layers[index].gradient.std),
      })),
      parameters: network.parameters.map(({ name }, index) => ({
        name,
        updateRatio: pair(is.parameters[index].updateToData, would.parameters[index].updateToData),
      })),
    };
  }
}

/**
 * What a parameter is multiplied by: hidden weights by the ratio of the gains, every matrix by the scale. Gains and biases of
 * batch norm are not drawn from a spread around zero and stay.
 */
function factorOf(name: string, { network, settings }: LiveStep, { gain, initScale }: WhatIfChange): number {
  const matrices = network.parameters.filter(({ shape }) => shape.length === 2 && shape[0] !== 1);
  const at = matrices.findIndex((matrix) => matrix.name === name);
  if (at < 0) return 1;
  const isHidden = at > 0 && at < matrices.length - 1;
  return initScale * (isHidden ? gain / hiddenGainOf(settings) : 1);
}
