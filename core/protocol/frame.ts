/**
 * The layout of a frame: the statistics of one step in one exact-size Float32Array. Nothing else knows it.
 *
 *   header      10 numbers, in the order of `headerFields`
 *   layers      per Tanh layer: 12 numbers in the order of `layerFields`, density of its output (bins), density of its
 *               gradient (bins)
 *   parameters  per parameter: 8 numbers in the order of `parameterFields`, density of its gradient (bins)
 *   maps        per Tanh layer: its saturation map, one bit a cell, row by row (example × unit), 32 cells a word, lowest
 *               bit first, read through a Uint32Array on the same buffer
 *
 * Steps stay exact up to 2^24 (float32's integers).
 */
import type { Moments } from './answers';
import { protocolVersion } from './version';

/** Bins of every histogram, as torch.histogram's default. */
export const histogramBins = 100;

const headerFields = [
  'version',
  'step',
  'loss',
  'learningRate',
  'stepsPerSecond',
  'running',
  'layers',
  'parameters',
  'bins',
  'floats',
] as const;
const layerFields = [
  'mean',
  'std',
  'minimum',
  'maximum',
  'saturated',
  'dead',
  'gradMean',
  'gradStd',
  'gradMinimum',
  'gradMaximum',
  'rows',
  'columns',
] as const;
const parameterFields = [
  'dataStd',
  'mean',
  'std',
  'minimum',
  'maximum',
  'gradToData',
  'updateToData',
  'elements',
] as const;

/** A Tanh layer's statistics. */
export interface LayerFrame {
  readonly output: Moments;
  readonly gradient: Moments;
  /** Fraction of outputs with |t| > 0.97. */
  readonly saturated: number;
  /** Units saturated for every example of the batch. */
  readonly dead: number;
  /** Examples and units of the map. */
  readonly rows: number;
  readonly columns: number;
  readonly outputDensity: Float32Array;
  readonly gradientDensity: Float32Array;
  /** Bit `row · columns + column` is set where |t| > 0.97. */
  readonly saturationMap: Uint32Array;
}

/** A parameter's statistics. */
export interface ParameterFrame {
  readonly dataStd: number;
  readonly gradient: Moments;
  /** std(grad) / std(data). */
  readonly gradToData: number;
  /** log10(std(lr · grad) / std(data)). */
  readonly updateToData: number;
  readonly elements: number;
  readonly gradientDensity: Float32Array;
}

/** A frame, unpacked: views on its numbers, nothing copied. */
export interface Frame {
  readonly step: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly stepsPerSecond: number;
  readonly running: boolean;
  readonly layers: readonly LayerFrame[];
  readonly parameters: readonly ParameterFrame[];
}

/** What a histogram spans: least to largest value, or one unit around them where they are equal (torch.histogram's rule). */
export function histogramRange(minimum: number, maximum: number): { readonly start: number; readonly end: number } {
  return minimum === maximum ? { start: minimum - 0.5, end: maximum + 0.5 } : { start: minimum, end: maximum };
}

/** Words that a saturation map of so many cells takes. */
export const mapWords = (rows: number, columns: number) => Math.ceil((rows * columns) / 32);

/** Whether the map's cell is saturated. */
export function isSaturated(layer: LayerFrame, row: number, column: number): boolean {
  const bit = row * layer.columns + column;
  return (((layer.saturationMap[bit >> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
}

const layerFloats = layerFields.length + 2 * histogramBins;
const parameterFloats = parameterFields.length + histogramBins;

/** Writes `frame` into a new array of exactly the size it takes. */
export function packFrame(frame: Frame): Float32Array<ArrayBuffer> {
  const words = frame.layers.reduce((sum, layer) => sum + mapWords(layer.rows, layer.columns), 0);
  const floats =
    headerFields.length + frame.layers.length * layerFloats + frame.parameters.length * parameterFloats + words;
  const packed = new Float32Array(floats);
  packed.set([
    protocolVersion,
    frame.step,
    frame.loss,
    frame.learningRate,
    frame.stepsPerSecond,
    frame.running ? 1 : 0,
    frame.layers.length,
    frame.parameters.length,
    histogramBins,
    floats,
  ]);
  let at = headerFields.length;
  for (const { output, gradient, saturated, dead, rows, columns, outputDensity, gradientDensity } of frame.layers) {
    packed.set(
      [
        output.mean,
        output.std,
        output.minimum,
        output.maximum,
        saturated,
        dead,
        gradient.mean,
        gradient.std,
        gradient.minimum,
        gradient.maximum,
        rows,
        columns,
      ],
      at,
    );
    packed.set(outputDensity, at + layerFields.length);
    packed.set(gradientDensity, at + layerFields.length + histogramBins);
    at += layerFloats;
  }
  for (const { dataStd, gradient, gradToData, updateToData, elements, gradientDensity } of frame.parameters) {
    packed.set(
      [dataStd, gradient.mean, gradient.std, gradient.minimum, gradient.maximum, gradToData, updateToData, elements],
      at,
    );
    packed.set(gradientDensity, at + parameterFields.length);
    at += parameterFloats;
  }
  const bits = new Uint32Array(packed.buffer);
  for (const layer of frame.layers) {
    bits.set(layer.saturationMap, at);
    at += layer.saturationMap.length;
  }
  return packed;
}

/**
 * Reads a packed frame.
 * @throws RangeError where version or size are not what this layout says.
 */
export function unpackFrame(packed: Float32Array): Frame {
  const at = (index: number) => packed[index] ?? Number.NaN;
  const requireFrame = (holds: boolean) => {
    if (holds) return;
    throw new RangeError(
      `Not a frame of version ${protocolVersion}: it says version ${at(0)}, ${at(9)} numbers, and holds ${packed.length}.`,
    );
  };
  requireFrame(at(0) === protocolVersion && at(9) === packed.length && at(8) === histogramBins);
  const layerCount = at(6);
  const parameterCount = at(7);
  const parametersAt = headerFields.length + layerCount * layerFloats;
  const bits = new Uint32Array(packed.buffer, packed.byteOffset, packed.length);
  let mapAt = parametersAt + parameterCount * parameterFloats;

  const layers = Array.from({ length: layerCount }, (_, index): LayerFrame => {
    const start = headerFields.length + index * layerFloats;
    const densities = start + layerFields.length;
    const rows = at(start + 10);
    const columns = at(start + 11);
    const mapEnd = mapAt + mapWords(rows, columns);
    const layer = {
      output: moments(packed, start),
      saturated: at(start + 4),
      dead: at(start + 5),
      gradient: moments(packed, start + 6),
      rows,
      columns,
      outputDensity: packed.subarray(densities, densities + histogramBins),
      gradientDensity: packed.subarray(densities + histogramBins, densities + 2 * histogramBins),
      saturationMap: bits.subarray(mapAt, mapEnd),
    };
    mapAt = mapEnd;
    return layer;
  });
  const parameters = Array.from({ length: parameterCount }, (_, index): ParameterFrame => {
    const start = parametersAt + index * parameterFloats;
    const density = start + parameterFields.length;
    return {
      dataStd: at(start),
      gradient: moments(packed, start + 1),
      gradToData: at(start + 5),
      updateToData: at(start + 6),
      elements: at(start + 7),
      gradientDensity: packed.subarray(density, density + histogramBins),
    };
  });
  requireFrame(mapAt === packed.length);
  return {
    step: at(1),
    loss: at(2),
    learningRate: at(3),
    stepsPerSecond: at(4),
    running: at(5) === 1,
    layers,
    parameters,
  };
}

/** Four consecutive numbers: mean, std, minimum, maximum. */
function moments(packed: Float32Array, start: number): Moments {
  const [mean = 0, std = 0, minimum = 0, maximum = 0] = packed.subarray(start, start + 4);
  return { mean, std, minimum, maximum };
}
