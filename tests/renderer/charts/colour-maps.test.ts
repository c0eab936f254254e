import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { along, parseHex, type Rgb } from '../../../renderer/charts/colour';
import { createDivergingMap, layerColour, symmetricLimit, writeDiverging } from '../../../renderer/charts/colour-maps';

/** The tokens of theme.css: by day, and by night (where what is not said again stays). */
const [day = '', night = ''] = readFileSync('renderer/app/theme.css', 'utf8').split('@media');
const tokens = (css: string) =>
  new Map([...css.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name, hex]) => [name!, hex!]));
const schemes = { light: tokens(day), dark: new Map([...tokens(day), ...tokens(night)]) };

/** WCAG 2.2's relative luminance. */
function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((channel) =>
    channel <= 0.04045 * 255 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

function pixel(value: number, limit: number, map: Uint8Array): Rgb {
  const pixels = new Uint8ClampedArray(4);
  writeDiverging(pixels, 0, value, limit, map);
  expect(pixels[3]).toBe(255);
  return [pixels[0]!, pixels[1]!, pixels[2]!];
}

describe.each(Object.entries(schemes))('in the %s scheme', (_, theme) => {
  const colour = (name: string) => parseHex(theme.get(name)!);
  const map = createDivergingMap([colour('--heat-negative'), colour('--heat-zero'), colour('--heat-positive')]);

  test('a heatmap ends in its theme colours, with zero exactly in the middle', () => {
    expect(pixel(-2, 2, map)).toEqual(colour('--heat-negative'));
    expect(pixel(0, 2, map)).toEqual(colour('--heat-zero'));
    expect(pixel(2, 2, map)).toEqual(colour('--heat-positive'));
  });

  test('both ends stand out from zero about equally', () => {
    const below = contrast(colour('--heat-negative'), colour('--heat-zero'));
    const above = contrast(colour('--heat-positive'), colour('--heat-zero'));
    expect(Math.min(below, above)).toBeGreaterThan(4.5);
    expect(Math.max(below, above) / Math.min(below, above)).toBeLessThan(1.35);
  });

  test('opposite numbers are equally far from zero in lightness order', () => {
    const steps = Array.from({ length: 11 }, (_, step) => step / 10);
    for (const sign of [-1, 1]) {
      const contrasts = steps.map((share) => contrast(pixel(sign * share, 1, map), pixel(0, 1, map)));
      expect(contrasts).toEqual(contrasts.toSorted((a, b) => a - b));
    }
  });

  test('each layer’s line stands out from the panel', () => {
    const layers = Array.from({ length: 20 }, (_, index) => colour(`--layer-${index + 1}`));
    for (const layer of layers) expect(contrast(layer, colour('--surface'))).toBeGreaterThanOrEqual(3);
  });
});

test('values beyond the limit take the end’s colour, and a scale without extent is all zero', () => {
  const map = createDivergingMap([
    [0, 0, 255],
    [255, 255, 255],
    [255, 0, 0],
  ]);
  expect(pixel(99, 1, map)).toEqual([255, 0, 0]);
  expect(pixel(-99, 1, map)).toEqual([0, 0, 255]);
  expect(pixel(0, 0, map)).toEqual([255, 255, 255]);
});

test('colours are read from hex only', () => {
  expect(parseHex('#2166AC')).toEqual([33, 102, 172]);
  expect(() => parseHex('rgb(1 2 3)')).toThrow('"rgb(1 2 3)"');
  expect(() => parseHex('')).toThrow(RangeError);
});

test('interpolation passes through every stop', () => {
  const stops = [
    [0, 0, 0],
    [100, 0, 0],
    [100, 200, 0],
  ] as const;
  expect(along(stops, 0)).toEqual([0, 0, 0]);
  expect(along(stops, 0.5)).toEqual([100, 0, 0]);
  expect(along(stops, 0.75)).toEqual([100, 100, 0]);
  expect(along(stops, 1)).toEqual([100, 200, 0]);
  expect(along(stops, 7)).toEqual([100, 200, 0]);
});

test('layers spread over the palette, however many they are', () => {
  const palette = ['a', 'b', 'c', 'd', 'e'];
  const colours = (count: number) => Array.from({ length: count }, (_, index) => layerColour(index, count, palette));
  expect(colours(1)).toEqual(['a']);
  expect(colours(3)).toEqual(['a', 'c', 'e']);
  expect(colours(5)).toEqual(palette);
  expect(colours(9)).toEqual(['a', 'b', 'b', 'c', 'c', 'd', 'd', 'e', 'e']);
});

test('the scale reaches to the largest finite magnitude', () => {
  expect(symmetricLimit([-3, 2])).toBe(3);
  expect(symmetricLimit([Number.NaN, -1, Number.POSITIVE_INFINITY])).toBe(1);
  expect(symmetricLimit([])).toBe(0);
});
