import { VECTOR } from './vectors';

// Each returns the position of the first index that is out of range, or −1. What comes before it is done. `wrap` is how many
// entries there are where negative indices count from the end, and else 0: added to what is out of range, as an unsigned
// number, it leads back into range from there alone.

/** out[i, :] = table[indices[i], :]. */
export function gatherRows(
  out: usize,
  table: usize,
  indices: usize,
  count: usize,
  rows: u32,
  width: usize,
  tableRow: usize,
  wrap: u32,
): i32 {
  const rowBytes = width * 4;
  for (let i: usize = 0; i < count; i++, out += rowBytes) {
    let row = load<u32>(indices + i * 4);
    if (row >= rows) {
      row += wrap;
      if (row >= rows) return <i32>i;
    }
    copyRow(out, table + <usize>row * tableRow, rowBytes);
  }
  return -1;
}

/** A few numbers: less work than a call to copy memory. */
// @ts-ignore: decorator
@inline
export function copyRow(to: usize, from: usize, bytes: usize): void {
  let at: usize = 0;
  for (; at + VECTOR <= bytes; at += VECTOR) v128.store(to + at, v128.load(from + at));
  for (; at < bytes; at += 4) store<f32>(to + at, load<f32>(from + at));
}

/** out[indices[i], :] += x[i, :] in order, or = without `accumulate`. */
export function putRows(
  out: usize,
  x: usize,
  indices: usize,
  count: usize,
  rows: u32,
  width: usize,
  xRow: usize,
  outRow: usize,
  accumulate: bool,
  wrap: u32,
): i32 {
  const rowBytes = width * 4;
  for (let i: usize = 0; i < count; i++, x += xRow) {
    let row = load<u32>(indices + i * 4);
    if (row >= rows) {
      row += wrap;
      if (row >= rows) return <i32>i;
    }
    const to = out + <usize>row * outRow;
    if (accumulate) addRow(to, x, rowBytes);
    else copyRow(to, x, rowBytes);
  }
  return -1;
}

// @ts-ignore: decorator
@inline
export function addRow(to: usize, from: usize, bytes: usize): void {
  let at: usize = 0;
  for (; at + VECTOR <= bytes; at += VECTOR) {
    v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(from + at)));
  }
  for (; at < bytes; at += 4) store<f32>(to + at, load<f32>(to + at) + load<f32>(from + at));
}

/** out[i] = x[i, indices[i]]. */
export function gatherElements(
  out: usize,
  x: usize,
  indices: usize,
  rows: usize,
  columns: u32,
  xRow: usize,
  wrap: u32,
): i32 {
  for (let i: usize = 0; i < rows; i++, x += xRow) {
    let column = load<u32>(indices + i * 4);
    if (column >= columns) {
      column += wrap;
      if (column >= columns) return <i32>i;
    }
    store<f32>(out + i * 4, load<f32>(x + <usize>column * 4));
  }
  return -1;
}

/** out[i, indices[i]] = x[i], or += with `accumulate`. */
export function putElements(
  out: usize,
  x: usize,
  indices: usize,
  rows: usize,
  columns: u32,
  xStep: usize,
  outRow: usize,
  accumulate: bool,
  wrap: u32,
): i32 {
  for (let i: usize = 0; i < rows; i++, out += outRow, x += xStep) {
    let column = load<u32>(indices + i * 4);
    if (column >= columns) {
      column += wrap;
      if (column >= columns) return <i32>i;
    }
    const to = out + <usize>column * 4;
    store<f32>(to, accumulate ? load<f32>(to) + load<f32>(x) : load<f32>(x));
  }
  return -1;
}
