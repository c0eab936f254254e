import type { Histogram } from '../../protocol/answers';
import { histogramBins, histogramRange } from '../../protocol/frame';

/**
 * torch.histogram(values, bins=100, density=True): equal bins from the least to the largest value, the last one closed;
 * where all values are equal, one unit around them. Edges are float32 as torch.linspace gives them, and a value lies in
 * bin i where edge i ≤ value < edge i + 1. Values that are not finite are left out (PyTorch refuses them).
 */
export function histogram(values: ArrayLike<number>): Histogram {
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    if (values[i] < minimum) minimum = values[i];
    if (values[i] > maximum) maximum = values[i];
  }
  const density = new Float32Array(histogramBins);
  if (minimum > maximum) return { minimum: Number.NaN, maximum: Number.NaN, density };
  const { start, end } = histogramRange(minimum, maximum);
  // Numbers so large that one unit around them is nothing have no width to be dense over.
  if (!(end > start)) return { minimum: start, maximum: end, density };
  const edges = histogramEdges(start, end);
  const scale = histogramBins / (end - start);
  let counted = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    let bin = Math.min(histogramBins - 1, Math.floor((value - start) * scale));
    // The division may land one bin off its own edges; the edges decide.
    if (value < edges[bin]) bin--;
    else if (bin < histogramBins - 1 && value >= edges[bin + 1]) bin++;
    density[bin]++;
    counted++;
  }
  for (let bin = 0; bin < histogramBins; bin++) {
    density[bin] = Math.fround(density[bin] / counted) / Math.fround(edges[bin + 1] - edges[bin]);
  }
  return { minimum: start, maximum: end, density };
}

/** Floats of a vector register in PyTorch's AVX2 build, whose torch.linspace sets the bits of the edges. */
const lanes = 8;

/**
 * The 101 float32 edges, bit for bit torch.linspace(minimum, maximum, 101): whole vectors of 8 begin at a multiple of the
 * step counted from the nearer end (one rounding) and go on from there (two roundings); the rest is counted from the end.
 */
export function histogramEdges(minimum: number, maximum: number): Float32Array {
  const round = Math.fround;
  const edges = new Float32Array(histogramBins + 1);
  const step = round(round(maximum - minimum) / histogramBins);
  const fromNearerEnd = (index: number) =>
    index < edges.length >> 1 ? round(minimum + step * index) : round(maximum - step * (histogramBins - index));
  const vectorEnd = edges.length - (edges.length % lanes);
  for (let index = 0; index < edges.length; index++) {
    const lane = index < vectorEnd ? index % lanes : 0;
    edges[index] = fromNearerEnd(index - lane) + round(step * lane);
  }
  return edges;
}
