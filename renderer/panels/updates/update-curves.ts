import type { ParameterDescription, UpdateHistory } from '../../../core/protocol/answers';
import { layerColour } from '../../charts/colour-maps';
import type { TableData } from '../../charts/csv';
import type { CurveLine, CurvePoint } from '../../charts/curves';

/** A parameter's curve. */
export interface UpdateLine extends CurveLine {
  /** Its place in the session's and the history's order. */
  readonly index: number;
}

/** Every second line is dashed: a second sign beside the colour. */
const dashes = ['none', '7 3'] as const;

/** The curves of the 2-D parameters, or of `all`. */
export function updateLines(
  parameters: readonly ParameterDescription[],
  all: boolean,
  palette: readonly string[],
): UpdateLine[] {
  return parameters
    .map((parameter, index) => ({ parameter, index }))
    .filter(({ parameter }) => all || parameter.shape.length === 2)
    .map(({ parameter, index }, place) => ({
      index,
      key: parameter.name,
      colour: layerColour(index, parameters.length, palette),
      width: 1.5,
      dash: dashes[place % dashes.length] ?? 'none',
    }));
}

/** The history by step instead of by parameter. */
export function updatePoints(history: UpdateHistory, lines: readonly UpdateLine[]): CurvePoint[] {
  return Array.from(history.steps, (step, at) => ({
    step,
    values: lines.map(({ index }) => history.ratios[index]?.[at] ?? Number.NaN),
  }));
}

/** One row a step, one column a parameter. */
export function updateTable(history: UpdateHistory, lines: readonly UpdateLine[]): TableData {
  return {
    columns: ['step', ...lines.map(({ key }) => `${key} log10 update:data`)],
    rows: updatePoints(history, lines).map(({ step, values }) => [step, ...values]),
  };
}
