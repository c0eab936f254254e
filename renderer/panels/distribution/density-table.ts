import { binEdge } from '../../charts/bins';
import type { TableData } from '../../charts/csv';
import type { DensityLine } from '../../charts/density-overlay';

/** The overlay's numbers: for each bin, each line's left edge and density. All lines have equally many bins. */
export function densityTable(lines: readonly DensityLine[]): TableData {
  const bins = lines[0]?.histogram.density.length ?? 0;
  return {
    columns: ['bin', ...lines.flatMap(({ key }) => [`${key} from`, `${key} density`])],
    rows: Array.from({ length: bins }, (_, bin) => [
      bin,
      ...lines.flatMap(({ histogram }) => {
        const edge = binEdge(histogram, bin);
        return [edge, Number.isNaN(edge) ? Number.NaN : (histogram.density[bin] ?? Number.NaN)];
      }),
    ]),
  };
}
