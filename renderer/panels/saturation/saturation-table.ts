import { isSaturated, type LayerFrame } from '../../../core/protocol/frame';
import type { TableData } from '../../charts/csv';

/** The map as numbers: a row an example, a column a unit, 1 where saturated; NaN all over where outputs are not numbers. */
export function saturationTable(layer: LayerFrame): TableData {
  const isKnown = !Number.isNaN(layer.saturated);
  const units = Array.from({ length: layer.columns }, (_, unit) => unit);
  return {
    columns: ['example', ...units.map((unit) => `unit ${unit}`)],
    rows: Array.from({ length: layer.rows }, (_, example) => [
      example,
      ...units.map((unit) => (isKnown ? Number(isSaturated(layer, example, unit)) : Number.NaN)),
    ]),
  };
}
