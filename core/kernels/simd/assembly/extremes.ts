import { SINGLE, VECTOR } from './vectors';

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
    let best = load<f32>(x);
    let position: i32 = 0;
    let column: usize = 1;
    if (columns >= 8) {
      let largest = v128.load(x);
      let places = i32x4(0, 1, 2, 3);
      let here = places;
      for (column = 4; column + 4 <= columns; column += 4) {
        here = i32x4.add(here, i32x4.splat(4));
        const next = v128.load(x + column * SINGLE);
        const taken = lanesTaken(isMin, next, largest);
        largest = v128.bitselect(next, largest, taken);
        places = v128.bitselect(here, places, taken);
      }
      best = f32x4.extract_lane(largest, 0);
      position = i32x4.extract_lane(places, 0);
      for (let lane = 1; lane < 4; lane++) {
        largest = v128.shuffle<i32>(largest, largest, 1, 2, 3, 0);
        places = v128.shuffle<i32>(places, places, 1, 2, 3, 0);
        const value = f32x4.extract_lane(largest, 0);
        const place = i32x4.extract_lane(places, 0);
        const isEqual = value === best || (value !== value && best !== best);
        if (isEqual ? place < position : takes(isMin, value, best)) {
          best = value;
          position = place;
        }
      }
    }
    for (; column < columns; column++) {
      const value = load<f32>(x + column * SINGLE);
      if (!takes(isMin, value, best)) continue;
      best = value;
      position = <i32>column;
    }
    if (values !== NOWHERE) store<f32>(values + row * SINGLE, best);
    if (positions !== NOWHERE) store<i32>(positions + row * SINGLE, position);
  }
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
  let column: usize = 0;
  for (; column + 4 <= columns; column += 4, x += VECTOR) {
    let best = v128.load(x);
    let places = i32x4.splat(0);
    let at = x + rowBytes;
    for (let row: usize = 1; row < rows; row++, at += rowBytes) {
      const next = v128.load(at);
      const taken = lanesTaken(isMin, next, best);
      best = v128.bitselect(next, best, taken);
      places = v128.bitselect(i32x4.splat(<i32>row), places, taken);
    }
    if (values !== NOWHERE) v128.store(values + column * SINGLE, best);
    if (positions !== NOWHERE) v128.store(positions + column * SINGLE, places);
  }
  for (; column < columns; column++, x += SINGLE) {
    let best = load<f32>(x);
    let position: i32 = 0;
    let at = x + rowBytes;
    for (let row: usize = 1; row < rows; row++, at += rowBytes) {
      const value = load<f32>(at);
      if (!takes(isMin, value, best)) continue;
      best = value;
      position = <i32>row;
    }
    if (values !== NOWHERE) store<f32>(values + column * SINGLE, best);
    if (positions !== NOWHERE) store<i32>(positions + column * SINGLE, position);
  }
}
