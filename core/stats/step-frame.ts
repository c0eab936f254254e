import type { Network } from '../programs/network';
import type { Frame, LayerFrame, ParameterFrame } from '../protocol/frame';
import { histogram } from './histogram';
import { moments, standardDeviation, updateToData } from './moments';
import { saturation } from './saturation';

/** What a frame says besides the tensors. */
export type StepFigures = Pick<Frame, 'step' | 'loss' | 'learningRate' | 'stepsPerSecond' | 'running'>;

/** The frame of the step at which `network` stands, its forward and backward done. */
export function stepFrame(network: Network, figures: StepFigures): Frame {
  return {
    ...figures,
    layers: network.layers.map(({ node }) => layerFrame(network, node)),
    parameters: network.parameters.map(({ tensor }) => {
      const data = tensor.values();
      const gradient = network.tape.gradientOf(tensor).values();
      return parameterFrame(data, gradient, figures.learningRate);
    }),
  };
}

function layerFrame(network: Network, nodeName: string): LayerFrame {
  const node = network.node(nodeName);
  const [rows, columns] = node.shape;
  const output = node.tensor.values();
  const gradient = network.tape.gradientOf(node.tensor).values();
  const { saturated, dead, map } = saturation(output, rows, columns);
  return {
    output: moments(output),
    gradient: moments(gradient),
    saturated,
    dead,
    rows,
    columns,
    outputDensity: histogram(output).density,
    gradientDensity: histogram(gradient).density,
    saturationMap: map,
  };
}

function parameterFrame(data: ArrayLike<number>, gradient: ArrayLike<number>, learningRate: number): ParameterFrame {
  const dataStd = standardDeviation(data);
  const gradientMoments = moments(gradient);
  return {
    dataStd,
    gradient: gradientMoments,
    gradToData: gradientMoments.std / dataStd,
    updateToData: updateToData(learningRate, gradientMoments.std, dataStd),
    elements: data.length,
    gradientDensity: histogram(gradient).density,
  };
}
