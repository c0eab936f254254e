import { along, type Rgb } from './colour';

/** Odd, so that one entry is exactly zero's. */
const entries = 511;

/** A diverging colour map: 511 RGB triples from −limit over 0 to limit. */
export type DivergingMap = Uint8Array;

/** The map through the theme's three colours: below zero, zero, above zero. */
export function createDivergingMap(stops: readonly [Rgb, Rgb, Rgb]): DivergingMap {
  const map = new Uint8Array(entries * 3);
  for (let entry = 0; entry < entries; entry++) map.set(along(stops, entry / (entries - 1)).map(Math.round), entry * 3);
  return map;
}

/** Writes the opaque colour of `value` on a scale from −limit to limit into `pixels` (RGBA) at `offset`. */
export function writeDiverging(
  pixels: Uint8ClampedArray,
  offset: number,
  value: number,
  limit: number,
  map: DivergingMap,
): void {
  const share = limit > 0 ? Math.min(Math.max(value / limit, -1), 1) : 0;
  const entry = Math.round(((share + 1) / 2) * (entries - 1)) * 3;
  pixels[offset] = map[entry] ?? 0;
  pixels[offset + 1] = map[entry + 1] ?? 0;
  pixels[offset + 2] = map[entry + 2] ?? 0;
  pixels[offset + 3] = 255;
}

/** The colour of line `index` of `count`: the lines spread evenly over a `palette` ordered by depth. */
export function layerColour(index: number, count: number, palette: readonly string[]): string {
  const place = count <= 1 ? 0 : Math.round((index / (count - 1)) * (palette.length - 1));
  return palette[place] ?? 'currentColor';
}

/** The scale's end: the largest magnitude among finite `bounds`, 0 where there is none. */
export function symmetricLimit(bounds: readonly number[]): number {
  return bounds.reduce((limit, bound) => (Number.isFinite(bound) ? Math.max(limit, Math.abs(bound)) : limit), 0);
}
