import { multiplyAdd, VECTOR } from './vectors';

// out[m, n] = Σ_k a[m, k] · b[k, n] (+ bias[n]), one accumulator a result, k in order: the same bits as a plain loop's,
// whatever the tiling and whoever computes which rows.

/** Columns of a tile: two vectors. With 4 rows, its 8 accumulators and what they need fit the 16 registers of x64. */
const COLUMNS: usize = 8;
const PANEL: usize = 32;

/** 4 × 8 results. Not unrolled over k: that spills registers. */
// @ts-ignore: decorator
@inline
function tileOfFour(
  inner: usize,
  a0: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  out: usize,
  outRow: usize,
  bias: usize,
): void {
  let left0 = f32x4.splat(0);
  let right0 = f32x4.splat(0);
  let left1 = f32x4.splat(0);
  let right1 = f32x4.splat(0);
  let left2 = f32x4.splat(0);
  let right2 = f32x4.splat(0);
  let left3 = f32x4.splat(0);
  let right3 = f32x4.splat(0);
  let a1 = a0 + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  for (; inner > 0; inner--) {
    const left = v128.load(b);
    const right = v128.load(b, VECTOR);
    const x0 = v128.load32_splat(a0);
    left0 = multiplyAdd(x0, left, left0);
    right0 = multiplyAdd(x0, right, right0);
    const x1 = v128.load32_splat(a1);
    left1 = multiplyAdd(x1, left, left1);
    right1 = multiplyAdd(x1, right, right1);
    const x2 = v128.load32_splat(a2);
    left2 = multiplyAdd(x2, left, left2);
    right2 = multiplyAdd(x2, right, right2);
    const x3 = v128.load32_splat(a3);
    left3 = multiplyAdd(x3, left, left3);
    right3 = multiplyAdd(x3, right, right3);
    a0 += aStep;
    a1 += aStep;
    a2 += aStep;
    a3 += aStep;
    b += bStep;
  }
  if (bias !== 0) {
    const left = v128.load(bias);
    const right = v128.load(bias, VECTOR);
    left0 = f32x4.add(left0, left);
    right0 = f32x4.add(right0, right);
    left1 = f32x4.add(left1, left);
    right1 = f32x4.add(right1, right);
    left2 = f32x4.add(left2, left);
    right2 = f32x4.add(right2, right);
    left3 = f32x4.add(left3, left);
    right3 = f32x4.add(right3, right);
  }
  v128.store(out, left0);
  v128.store(out, right0, VECTOR);
  out += outRow;
  v128.store(out, left1);
  v128.store(out, right1, VECTOR);
  out += outRow;
  v128.store(out, left2);
  v128.store(out, right2, VECTOR);
  out += outRow;
  v128.store(out, left3);
  v128.store(out, right3, VECTOR);
}

/** 1 × 8 results. */
// @ts-ignore: decorator
@inline
function tileOfOne(inner: usize, a: usize, aStep: usize, b: usize, bStep: usize, out: usize, bias: usize): void {
  let left = f32x4.splat(0);
  let right = f32x4.splat(0);
  for (; inner > 0; inner--) {
    const x = v128.load32_splat(a);
    left = multiplyAdd(x, v128.load(b), left);
    right = multiplyAdd(x, v128.load(b, VECTOR), right);
    a += aStep;
    b += bStep;
  }
  if (bias !== 0) {
    left = f32x4.add(left, v128.load(bias));
    right = f32x4.add(right, v128.load(bias, VECTOR));
  }
  v128.store(out, left);
  v128.store(out, right, VECTOR);
}

/** Every row of one panel of 8 columns. */
function panelOf(
  rows: usize,
  inner: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  out: usize,
  outRow: usize,
  bias: usize,
): void {
  if (rows < 4) {
    for (; rows > 0; rows--, a += aRow, out += outRow) tileOfOne(inner, a, aStep, b, bStep, out, bias);
    return;
  }
  for (let row: usize = 0; row < rows; row += 4) {
    // The last tile is whole, too: rows before it come out the same once more.
    const first = min(row, rows - 4);
    tileOfFour(inner, a + first * aRow, aRow, aStep, b, bStep, out + first * outRow, outRow, bias);
  }
}

/** Every row of a panel of fewer than 8 columns, by way of `edge`, which holds 4 × 8 results. */
function narrowPanelOf(
  rows: usize,
  inner: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  out: usize,
  outRow: usize,
  columns: usize,
  bias: usize,
  edge: usize,
): void {
  while (rows > 0) {
    const taken: usize = rows >= 4 ? 4 : 1;
    if (taken === 4) tileOfFour(inner, a, aRow, aStep, b, PANEL, edge, PANEL, 0);
    else tileOfOne(inner, a, aStep, b, PANEL, edge, 0);
    for (let row: usize = 0; row < taken; row++, out += outRow) {
      for (let at: usize = 0; at < columns * 4; at += 4) {
        const value = load<f32>(edge + row * PANEL + at);
        store<f32>(out + at, bias === 0 ? value : value + load<f32>(bias + at));
      }
    }
    rows -= taken;
    a += taken * aRow;
  }
}

/** Writes `columns` columns of b, one after the other in each of `inner` rows of 8; the rest of a row is 0. */
function pack(to: usize, inner: usize, columns: usize, b: usize, bRow: usize, bColumn: usize): void {
  if (columns === COLUMNS && bColumn === 4) {
    for (; inner > 0; inner--, to += PANEL, b += bRow) {
      v128.store(to, v128.load(b));
      v128.store(to, v128.load(b, VECTOR), VECTOR);
    }
    return;
  }
  if (columns === COLUMNS && bRow === 4) {
    for (; inner >= 4; inner -= 4, to += 4 * PANEL, b += VECTOR) {
      transposeFour(to, b, bColumn);
      transposeFour(to + VECTOR, b + 4 * bColumn, bColumn);
    }
  }
  for (; inner > 0; inner--, to += PANEL, b += bRow) {
    for (let column: usize = 0; column < columns; column++) store<f32>(to + 4 * column, load<f32>(b + column * bColumn));
    for (let column = columns; column < COLUMNS; column++) store<f32>(to + 4 * column, 0);
  }
}

/** Four runs of four numbers, `apart` bytes from each other, become four columns of a panel. */
// @ts-ignore: decorator
@inline
function transposeFour(to: usize, from: usize, apart: usize): void {
  const row0 = v128.load(from);
  const row1 = v128.load(from + apart);
  const row2 = v128.load(from + 2 * apart);
  const row3 = v128.load(from + 3 * apart);
  const low01 = v128.shuffle<i32>(row0, row1, 0, 4, 1, 5);
  const high01 = v128.shuffle<i32>(row0, row1, 2, 6, 3, 7);
  const low23 = v128.shuffle<i32>(row2, row3, 0, 4, 1, 5);
  const high23 = v128.shuffle<i32>(row2, row3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(low01, low23, 0, 2));
  v128.store(to + PANEL, v128.shuffle<i64>(low01, low23, 1, 3));
  v128.store(to + 2 * PANEL, v128.shuffle<i64>(high01, high23, 0, 2));
  v128.store(to + 3 * PANEL, v128.shuffle<i64>(high01, high23, 1, 3));
}

/** Writes `a` row by row: large strides between the numbers of a row would all fall on the same few lines of the cache. */
function packRows(to: usize, rows: usize, inner: usize, a: usize, aRow: usize, aStep: usize): void {
  for (; rows > 0; rows--, a += aRow) {
    let from = a;
    for (let k = inner; k > 0; k--, from += aStep, to += 4) store<f32>(to, load<f32>(from));
  }
}

/** Above so many multiply-adds, what is read again and again is copied together first. */
const PACKING: usize = 4_000_000;

/**
 * out = a · b, plus `bias` along each row where it is not 0. Strides are in bytes; `out` is contiguous. Of `parts` parts of
 * the rows, this computes part `part`.
 * @param workspace Of at least `workspaceBytes(…)`, this part's own.
 */
export function matmul(
  out: usize,
  rows: usize,
  columns: usize,
  inner: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
  bias: usize,
  workspace: usize,
  part: usize,
  parts: usize,
): void {
  const outRow = columns * 4;
  const isLarge = rows * columns * inner > PACKING;
  const edge = workspace;
  const panel = edge + 4 * PANEL;
  // Whole tiles to each part; the last one has what is left.
  const tiles = rows >> 2;
  const firstRow = ((tiles * part) / parts) << 2;
  rows = part + 1 === parts ? rows - firstRow : (((tiles * (part + 1)) / parts) << 2) - firstRow;
  a += firstRow * aRow;
  out += firstRow * outRow;
  if (isLarge && aStep !== 4) {
    const packed = panel + inner * PANEL;
    packRows(packed, rows, inner, a, aRow, aStep);
    a = packed;
    aRow = inner * 4;
    aStep = 4;
  }
  for (let column: usize = 0; column < columns; column += COLUMNS) {
    // What is left of a last panel is computed with columns before it: these come out the same once more, and it is a whole
    // panel. Only a product of fewer than 8 columns has a narrow one.
    const first = column + COLUMNS > columns && columns >= COLUMNS ? columns - COLUMNS : column;
    const from = b + first * bColumn;
    const to = out + first * 4;
    const offset = bias === 0 ? 0 : bias + first * 4;
    if (columns < COLUMNS) {
      pack(panel, inner, columns, from, bRow, bColumn);
      narrowPanelOf(rows, inner, a, aRow, aStep, panel, to, outRow, columns, offset, edge);
    } else if (isLarge || bColumn !== 4) {
      pack(panel, inner, COLUMNS, from, bRow, bColumn);
      panelOf(rows, inner, a, aRow, aStep, panel, PANEL, to, outRow, offset);
    } else panelOf(rows, inner, a, aRow, aStep, from, bRow, to, outRow, offset);
  }
}

/** Bytes that one part of a product of these sizes works in. */
export function workspaceBytes(rows: usize, columns: usize, inner: usize): usize {
  const isLarge = rows * columns * inner > PACKING;
  return 4 * PANEL + inner * PANEL + (isLarge ? rows * inner * 4 : 0);
}
