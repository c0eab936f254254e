import { SINGLE } from './vectors';

// As core/kernels/reference/extremes.ts has it: of equals the first; a NaN is larger, and smaller, than all.

/** The address of values, or positions, that are not wanted. */
const NOWHERE: usize = usize.MAX_VALUE;

/** Whether a number that comes later takes the place of the best so far. */
// @ts-ignore: decorator
@inline
function takes(isMin: bool, value: f32, best: f32): bool {
  return best === best && !(isMin ? value >= best : value <= best);
}

// @ts-ignore: decorator
@inline
function lanesTaken(isMin: bool, values: v128, best: v128): v128 {
  const stays = isMin ? f32x4.ge(values, best) : f32x4.le(values, best);
  return v128.andnot(f32x4.eq(best, best), stays);
}

export function extremeOfRows(
  isMin: bool,
  values: usize,
  positions: usize,
  x: usize,
  rows: usize,
  columns: usize,
  rowBytes: usize,
): void {
  if (isMin) eachRow(true, values, positions, x, rows, columns, rowBytes);
  else eachRow(false, values, positions, x, rows, columns, rowBytes);
}

export function extremeOfColumns(
  isMin: bool,
  values: usize,
  positions: usize,
  x: usize,
  rows: usize,
  columns: usize,
  rowBytes: usize,
): void {
  if (isMin) eachColumn(true, values, positions, x, rows, columns, rowBytes);
  else eachColumn(false, values, positions, x, rows, columns, rowBytes);
}

// @ts-ignore: decorator
@inline
function eachRow(
  isMin: bool,
  values: usize,
  positions: usize,
  x: usize,
  rows: usize,
  columns: usize,
  rowBytes: usize,
): void {
  for (let row: usize = 0; row < rows; row++, x += rowBytes) {
    const position = columns < 4 ? placeAmongFew(isMin, x, columns, SINGLE) : placeInRun(isMin, x, columns);
    if (values !== NOWHERE) store<f32>(values + row * SINGLE, load<f32>(x + position * SINGLE));
    if (positions !== NOWHERE) store<i32>(positions + row * SINGLE, <i32>position);
  }
}

/** Where the extreme of at least four numbers is: first what it is, then where it comes first. */
// @ts-ignore: decorator
@inline
function placeInRun(isMin: bool, x: usize, count: usize): usize {
  // What is left at the end is looked at with numbers before it, which changes nothing.
  const last = count - 4;
  let best = v128.load(x);
  let unknown = f32x4.ne(best, best);
  for (let at: usize = 4; at < count; at += 4) {
    const next = v128.load(x + min(at, last) * SINGLE);
    best = isMin ? f32x4.pmin(best, next) : f32x4.pmax(best, next);
    unknown = v128.or(unknown, f32x4.ne(next, next));
  }
  const isUnknown = v128.any_true(unknown);
  let other = v128.shuffle<i32>(best, best, 2, 3, 0, 1);
  best = isMin ? f32x4.pmin(best, other) : f32x4.pmax(best, other);
  other = v128.shuffle<i32>(best, best, 1, 0, 3, 2);
  best = isMin ? f32x4.pmin(best, other) : f32x4.pmax(best, other);
  let at: usize = 0;
  while (true) {
    const from = min(at, last);
    const here = v128.load(x + from * SINGLE);
    const found = i32x4.bitmask(isUnknown ? f32x4.ne(here, here) : f32x4.eq(here, best));
    if (found !== 0) return from + ctz(found);
    at += 4;
  }
  return 0;
}

/** Where the extreme of a few numbers, some bytes from one to the next, is. */
// @ts-ignore: decorator
@inline
function placeAmongFew(isMin: bool, x: usize, count: usize, step: usize): usize {
  let best = load<f32>(x);
  let position: usize = 0;
  for (let at: usize = 1; at < count; at++) {
    const value = load<f32>(x + at * step);
    if (!takes(isMin, value, best)) continue;
    best = value;
    position = at;
  }
  return position;
}

// @ts-ignore: decorator
@inline
function eachColumn(
  isMin: bool,
  values: usize,
  positions: usize,
  x: usize,
  rows: usize,
  columns: usize,
  rowBytes: usize,
): void {
  if (columns < 4) {
    for (let column: usize = 0; column < columns; column++) {
      const position = placeAmongFew(isMin, x + column * SINGLE, rows, rowBytes);
      if (values !== NOWHERE) {
        store<f32>(values + column * SINGLE, load<f32>(x + column * SINGLE + position * rowBytes));
      }
      if (positions !== NOWHERE) store<i32>(positions + column * SINGLE, <i32>position);
    }
    return;
  }
  for (let column: usize = 0; column < columns; column += 4) {
    // What is left at the end is computed with columns before it, which come out the same once more.
    const place = min(column, columns - 4) * SINGLE;
    let at = x + place;
    let best = v128.load(at);
    let places = i32x4.splat(0);
    for (let row: usize = 1; row < rows; row++) {
      at += rowBytes;
      const next = v128.load(at);
      const taken = lanesTaken(isMin, next, best);
      best = v128.bitselect(next, best, taken);
      places = v128.bitselect(i32x4.splat(<i32>row), places, taken);
    }
    if (values !== NOWHERE) v128.store(values + place, best);
    if (positions !== NOWHERE) v128.store(positions + place, places);
  }
}
