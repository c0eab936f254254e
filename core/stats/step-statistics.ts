import type { Kernel, Kernels } from '../kernels/kernels';
import type { Network } from '../programs/network';
import type { Frame, LayerFrame, ParameterFrame } from '../protocol/frame';
import type { Arena } from '../tensor/arena';
import type { Tensor } from '../tensor/tensor';
import { updateToData } from './diagnostics';
import { Measurements } from './measurements';

/** What a frame says besides the tensors. */
export type StepFigures = Pick<Frame, 'step' | 'loss' | 'learningRate' | 'stepsPerSecond' | 'running'>;

/** Several measurements, read together. */
interface Group<Result> {
  readonly kernels: readonly Kernel[];
  read(): Result;
}

/** The statistics of a network's steps: planned once, measured at whatever step it stands, without allocating. */
export class StepStatistics {
  readonly #measurements: Measurements;
  readonly #layers: readonly Group<LayerFrame>[];
  readonly #parameters: readonly Group<(learningRate: number) => ParameterFrame>[];

  /** @param arena for the results, of the memory the kernels see. */
  constructor(network: Network, kernels: Kernels, arena: Arena) {
    this.#measurements = new Measurements(kernels, arena);
    this.#layers = network.layers.map(({ node }) => {
      const { tensor } = network.node(node);
      return this.#layer(tensor, network.tape.gradientOf(tensor));
    });
    this.#parameters = network.parameters.map(({ tensor }) => this.#parameter(tensor, network.tape.gradientOf(tensor)));
  }

  /** Measures every Tanh layer: moments and histograms of outputs and gradients, saturation. */
  measureLayers(): void {
    run(this.#layers);
  }

  /** The frame of the step at which the network stands, its forward and backward done. */
  frame(figures: StepFigures): Frame {
    this.measureLayers();
    run(this.#parameters);
    return {
      ...figures,
      layers: this.#layers.map((layer) => layer.read()),
      parameters: this.#parameters.map((parameter) => parameter.read()(figures.learningRate)),
    };
  }

  #layer(output: Tensor, gradient: Tensor): Group<LayerFrame> {
    const [rows, columns] = output.shape;
    const outputs = this.#measurements.distribution(output);
    const gradients = this.#measurements.distribution(gradient);
    const saturation = this.#measurements.saturation(output);
    const parts = [outputs, gradients, saturation];
    return {
      kernels: parts.map(({ kernel }) => kernel),
      read() {
        return {
          output: outputs.read(),
          gradient: gradients.read(),
          ...saturation.read(),
          rows,
          columns,
          outputDensity: outputs.density(),
          gradientDensity: gradients.density(),
          saturationMap: saturation.map(),
        };
      },
    };
  }

  #parameter(data: Tensor, gradient: Tensor): Group<(learningRate: number) => ParameterFrame> {
    const dataMoments = this.#measurements.moments(data);
    const gradients = this.#measurements.distribution(gradient);
    return {
      kernels: [dataMoments, gradients].map(({ kernel }) => kernel),
      read() {
        const { std: dataStd } = dataMoments.read();
        const moments = gradients.read();
        return (learningRate) => ({
          dataStd,
          gradient: moments,
          gradToData: moments.std / dataStd,
          updateToData: updateToData(learningRate, moments.std, dataStd),
          elements: data.elements,
          gradientDensity: gradients.density(),
        });
      },
    };
  }
}

function run(groups: readonly Group<unknown>[]): void {
  for (let index = 0; index < groups.length; index++) {
    const { kernels } = groups[index];
    for (let part = 0; part < kernels.length; part++) kernels[part]();
  }
}
