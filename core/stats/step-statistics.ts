import type { Kernel, Kernels } from '../kernels/kernels';
import type { Network } from '../programs/network';
import type { Moments } from '../protocol/answers';
import { type Frame, histogramBins, type LayerFrame, mapWords, type ParameterFrame } from '../protocol/frame';
import type { Arena, DataType } from '../tensor/arena';
import { Tensor } from '../tensor/tensor';
import { saturationThreshold, updateToData } from './diagnostics';

/** What a frame says besides the tensors. */
export type StepFigures = Pick<Frame, 'step' | 'loss' | 'learningRate' | 'stepsPerSecond' | 'running'>;

/** Kernels that measure something, and what reads it once they have run. */
interface Measurement<Result> {
  readonly kernels: readonly Kernel[];
  read(): Result;
}

/** The statistics of a network's steps: planned once, measured at whatever step it stands, without allocating. */
export class StepStatistics {
  readonly #arena: Arena;
  readonly #kernels: Kernels;
  readonly #layers: readonly Measurement<LayerFrame>[];
  readonly #parameters: readonly Measurement<(learningRate: number) => ParameterFrame>[];

  /** @param arena for the results, of the memory the kernels see. */
  constructor(network: Network, kernels: Kernels, arena: Arena) {
    this.#arena = arena;
    this.#kernels = kernels;
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

  #layer(output: Tensor, gradient: Tensor): Measurement<LayerFrame> {
    const [rows, columns] = output.shape;
    const outputMoments = this.#moments(output);
    const gradientMoments = this.#moments(gradient);
    const outputDensity = this.#density(output);
    const gradientDensity = this.#density(gradient);
    const map = this.#tensor('int32', mapWords(rows, columns));
    const totals = this.#tensor('int32', 2);
    const saturation = this.#kernels.saturation(map, totals, output, saturationThreshold);
    const parts = [outputMoments, gradientMoments, outputDensity, gradientDensity];
    return {
      kernels: [...parts.flatMap(({ kernels }) => kernels), saturation],
      read() {
        const [saturated, dead] = totals.values();
        return {
          output: outputMoments.read(),
          gradient: gradientMoments.read(),
          saturated: saturated / output.elements,
          dead,
          rows,
          columns,
          outputDensity: outputDensity.read(),
          gradientDensity: gradientDensity.read(),
          saturationMap: Uint32Array.from(map.values()),
        };
      },
    };
  }

  #parameter(data: Tensor, gradient: Tensor): Measurement<(learningRate: number) => ParameterFrame> {
    const dataMoments = this.#moments(data);
    const gradientMoments = this.#moments(gradient);
    const gradientDensity = this.#density(gradient);
    return {
      kernels: [dataMoments, gradientMoments, gradientDensity].flatMap(({ kernels }) => kernels),
      read() {
        const { std: dataStd } = dataMoments.read();
        const moments = gradientMoments.read();
        return (learningRate) => ({
          dataStd,
          gradient: moments,
          gradToData: moments.std / dataStd,
          updateToData: updateToData(learningRate, moments.std, dataStd),
          elements: data.elements,
          gradientDensity: gradientDensity.read(),
        });
      },
    };
  }

  #moments(x: Tensor): Measurement<Moments> {
    const out = this.#tensor('float64', 4);
    return {
      kernels: [this.#kernels.moments(out, x)],
      read() {
        const [mean, std, minimum, maximum] = out.values();
        return { mean, std, minimum, maximum };
      },
    };
  }

  #density(x: Tensor): Measurement<Float32Array> {
    const density = this.#tensor('float32', histogramBins);
    return {
      kernels: [this.#kernels.histogram(this.#tensor('float64', 2), density, x)],
      read: () => Float32Array.from(density.values()),
    };
  }

  #tensor(dtype: DataType, elements: number): Tensor {
    return Tensor.zeros(this.#arena, dtype, [elements]);
  }
}

function run(measurements: readonly Measurement<unknown>[]): void {
  for (let index = 0; index < measurements.length; index++) {
    const { kernels } = measurements[index];
    for (let part = 0; part < kernels.length; part++) kernels[part]();
  }
}
