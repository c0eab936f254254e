import type {
  BackwardDescription,
  Check,
  CheckRow,
  LossHistory,
  NodeDescription,
  NodeDetail,
  SessionDescription,
  UpdateHistory,
} from '../../../core/protocol/answers';
import { inspectWindow } from '../../../core/protocol/commands';
import { type Frame, mapWords, packFrame } from '../../../core/protocol/frame';
import { checkWith, rowWith } from '../../core/check-rows';
import { histogramOf, momentsOf, normals, quantityOf, randomOf } from './numbers';
import { checkOrder } from './program';

/** A loss that falls from 3.3 towards 2.1. */
export function lossAt(step: number): number {
  return 2.1 + 1.2 * Math.exp(-step / 300) + 0.12 * (randomOf(`loss ${step}`)() - 0.5);
}

export function frameAt(session: SessionDescription, step: number, running: boolean): Float32Array {
  const { batchSize: rows, hiddenSize, learningRate } = session.settings;
  const columns = Number(hiddenSize);
  const layers = session.layers.map(({ node }, index): Frame['layers'][number] => {
    const outputs = normals(`${node} ${step}`, rows * columns, 0.9 - 0.1 * index).map((cell) => Math.tanh(1.6 * cell));
    const gradients = normals(`d${node} ${step}`, rows * columns, 0.004 / (index + 1));
    const saturationMap = new Uint32Array(mapWords(rows, columns));
    outputs.forEach((cell, at) => {
      if (Math.abs(cell) > 0.97 || at % columns === 5) saturationMap[at >> 5]! |= 1 << (at & 31);
    });
    return {
      output: momentsOf(outputs),
      gradient: momentsOf(gradients),
      saturated: outputs.filter((cell) => Math.abs(cell) > 0.97).length / outputs.length,
      dead: 1,
      rows,
      columns,
      outputDensity: histogramOf(outputs).density,
      gradientDensity: histogramOf(gradients).density,
      saturationMap,
    };
  });
  const parameters = session.parameters.map(({ name, elements }, index): Frame['parameters'][number] => {
    const gradients = normals(`d${name} ${step}`, Math.min(elements, 2000), 0.01);
    return {
      dataStd: 0.2,
      gradient: momentsOf(gradients),
      gradToData: 0.05,
      updateToData: -3.3 + 0.2 * Math.sin(index + step / 40),
      elements,
      gradientDensity: histogramOf(gradients).density,
    };
  });
  return packFrame({
    step,
    loss: lossAt(step),
    learningRate,
    stepsPerSecond: running ? 3100 : 0,
    running,
    layers,
    parameters,
  });
}

/** Exact without a mistake; with one, wrong at its node and inherited after it. */
export function checkAt(session: SessionDescription, backward: BackwardDescription, step: number): Check {
  const mistaken = backward.statements.find((statement) => statement.mistaken)?.node;
  const firstWrong = mistaken === undefined ? checkOrder.length : checkOrder.indexOf(mistaken);
  const rows = checkOrder.map((node, index): CheckRow => {
    const shape = session.nodes.find(({ name }) => name === node)?.shape ?? [];
    const worstIndex = shape.map((size) => Math.floor(size / 2));
    if (index < firstWrong) {
      const isRounding = backward.backward === 'fused' && index % 5 === 4;
      return isRounding
        ? row({
            exact: false,
            approximate: true,
            maxdiff: 4.66e-10,
            bound: 2.3e-7,
            maxUlp: 3,
            verdict: 'rounding',
            reason: 'Within what float32 rounding explains.',
          })
        : row({
            exact: true,
            approximate: true,
            maxdiff: 0,
            maxUlp: 0,
            verdict: 'exact',
            reason: 'Bit for bit equal.',
          });
    }
    return index === firstWrong
      ? row({
          exact: false,
          approximate: false,
          maxdiff: 2.13e-3,
          maxUlp: 812_345,
          verdict: 'wrong',
          reason: 'Its own formula is wrong.',
        })
      : row({
          exact: false,
          approximate: false,
          maxdiff: 7.7e-4,
          maxUlp: 90_210,
          verdict: 'inherited',
          reason: `Off only because d${mistaken} is.`,
        });

    function row(figures: Partial<CheckRow>): CheckRow {
      return rowWith({ node, shape, worstIndex, ...figures });
    }
  });
  return checkWith(rows, { ...backward, step });
}

export function detailAt(
  node: NodeDescription,
  step: number,
  origin: { row: number; column: number },
  hasManual: boolean,
): NodeDetail {
  const columns = node.shape.at(-1) ?? 1;
  const rows = node.shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const row = Math.min(origin.row, rows - 1);
  const column = Math.min(origin.column, columns - 1);
  const window = {
    row,
    column,
    rows: Math.min(inspectWindow, rows - row),
    columns: Math.min(inspectWindow, columns - column),
  };
  const count = window.rows * window.columns;
  const gradient = normals(`d${node.name} ${step}`, count, 0.01);
  const difference = normals(`off ${node.name} ${step}`, count, 1e-9);
  return {
    node: node.name,
    step,
    shape: node.shape,
    rows,
    columns,
    window,
    value: quantityOf(normals(`${node.name} ${step}`, count, 1)),
    gradient: quantityOf(gradient),
    manual: hasManual ? quantityOf(gradient.map((cell, index) => cell + (difference[index] ?? 0))) : null,
    difference: hasManual ? quantityOf(difference) : null,
    ulp: hasManual ? difference.map((cell) => Math.round(Math.abs(cell) * 1e9)) : null,
  };
}

/** First steps of at most `points` buckets over all steps up to `step`. */
function bucketStarts(step: number, points: number): Float64Array {
  const size = Math.ceil((step + 1) / points);
  return Float64Array.from({ length: Math.ceil((step + 1) / size) }, (_, bucket) => bucket * size);
}

export function lossHistoryAt(step: number, points: number): LossHistory {
  const steps = bucketStarts(step, points);
  const losses = steps.map(lossAt);
  return {
    steps,
    minimum: losses.map((loss) => loss - 0.05),
    maximum: losses.map((loss) => loss + 0.05),
    log10: losses.map(Math.log10),
    smoothed: steps.map((start) => Math.log10(2.1 + 1.2 * Math.exp(-start / 300))),
  };
}

export function updateHistoryAt(session: SessionDescription, step: number, points: number): UpdateHistory {
  const steps = bucketStarts(step, points);
  return {
    steps,
    ratios: session.parameters.map((_, index) => steps.map((start) => -3.3 + 0.2 * Math.sin(index + start / 40))),
  };
}
