/** Colour arithmetic on sRGB triples of 0–255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * Reads "#2166ac".
 * @throws RangeError for any other notation: theme.css keeps to this one so that a canvas can read it.
 */
export function parseHex(text: string): Rgb {
  if (!/^#[0-9a-f]{6}$/i.test(text)) throw new RangeError(`Not a colour like #2166ac: "${text}".`);
  const channel = (start: number) => Number.parseInt(text.slice(start, start + 2), 16);
  return [channel(1), channel(3), channel(5)];
}

/** The colour at `position` (0–1) along evenly spaced `stops`, interpolated linearly. */
export function along(stops: readonly [Rgb, Rgb, ...Rgb[]], position: number): Rgb {
  const place = Math.min(Math.max(position, 0), 1) * (stops.length - 1);
  const index = Math.min(Math.floor(place), stops.length - 2);
  const from = stops[index] ?? stops[0];
  const to = stops[index + 1] ?? stops[1];
  const mix = (channel: 0 | 1 | 2) => from[channel] + (to[channel] - from[channel]) * (place - index);
  return [mix(0), mix(1), mix(2)];
}
