import { multiplyAdd, VECTOR } from './vectors';

// out[m, n] = Σ_k a[m, k] · b[k, n] (+ bias[n]), one accumulator a result, k in order: the same bits as a plain loop's,
// whatever the tiling and whoever computes which rows.

/** Columns of a tile: two vectors. With 4 rows, its 8 accumulators and what they need fit the 16 registers of x64. */
const COLUMNS: usize = 8;
/** Bytes of a row of a panel of 8 columns, and of a column of a tile of 4 rows. */
const PANEL: usize = 32;
const TILE: usize = 16;

/**
 * 4 × 8 results. The four rows' numbers lie next to each other, so that one address goes through them: where two threads
 * share a core it is the number of instructions that limits this loop. Not unrolled over k: that spills registers.
 */
// @ts-ignore: decorator
@inline
function tileOfFour(
  inner: usize,
  a: usize,
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
  const end = b + inner * bStep;
  for (; b < end; b += bStep, a += aStep) {
    const left = v128.load(b);
    const right = v128.load(b, VECTOR);
    const x0 = v128.load32_splat(a);
    left0 = multiplyAdd(x0, left, left0);
    right0 = multiplyAdd(x0, right, right0);
    const x1 = v128.load32_splat(a, 4);
    left1 = multiplyAdd(x1, left, left1);
    right1 = multiplyAdd(x1, right, right1);
    const x2 = v128.load32_splat(a, 8);
    left2 = multiplyAdd(x2, left, left2);
    right2 = multiplyAdd(x2, right, right2);
    const x3 = v128.load32_splat(a, 12);
    left3 = multiplyAdd(x3, left, left3);
    right3 = multiplyAdd(x3, right, right3);
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

/**
 * Every row of one panel of `columns` columns, 8 at most. `tiles` is `a` as `packTiles` writes it, or 0.
 * @param edge Where 4 × 8 results stand before those of fewer columns are taken from them.
 */
function panelOf(
  rows: usize,
  inner: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  tiles: usize,
  b: usize,
  bStep: usize,
  out: usize,
  outRow: usize,
  bias: usize,
  columns: usize,
  edge: usize,
): void {
  const isWhole = columns === COLUMNS;
  const taken: usize = rows < 4 ? 1 : 4;
  for (let row: usize = 0; row < rows; row += taken) {
    // The last tile is whole, too: rows before it come out the same once more.
    const first = min(row, rows - taken);
    const target = out + first * outRow;
    const to = isWhole ? target : edge;
    const toRow = isWhole ? outRow : PANEL;
    const added = isWhole ? bias : 0;
    const from = tiles === 0 ? a + first * aRow : tiles + row * inner * 4;
    const step = tiles === 0 ? aStep : TILE;
    if (taken === 1) tileOfOne(inner, from, step, b, bStep, to, added);
    else tileOfFour(inner, from, step, b, bStep, to, toRow, added);
    if (!isWhole) copyNarrow(target, outRow, edge, taken, columns, bias);
  }
}

/** Takes the first `columns` of 8 columns, and adds the bias that there is. */
function copyNarrow(out: usize, outRow: usize, edge: usize, rows: usize, columns: usize, bias: usize): void {
  for (; rows > 0; rows--, out += outRow, edge += PANEL) {
    for (let at: usize = 0; at < columns * 4; at += 4) {
      const value = load<f32>(edge + at);
      store<f32>(out + at, bias === 0 ? value : value + load<f32>(bias + at));
    }
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
      transposeFour(to, PANEL, b, bColumn);
      transposeFour(to + VECTOR, PANEL, b + 4 * bColumn, bColumn);
    }
  }
  for (; inner > 0; inner--, to += PANEL, b += bRow) {
    for (let column: usize = 0; column < columns; column++) store<f32>(to + 4 * column, load<f32>(b + column * bColumn));
    for (let column = columns; column < COLUMNS; column++) store<f32>(to + 4 * column, 0);
  }
}

/** Four runs of four numbers, `apart` bytes from each other, become four columns, `toApart` bytes from each other. */
// @ts-ignore: decorator
@inline
function transposeFour(to: usize, toApart: usize, from: usize, apart: usize): void {
  const row0 = v128.load(from);
  const row1 = v128.load(from + apart);
  const row2 = v128.load(from + 2 * apart);
  const row3 = v128.load(from + 3 * apart);
  const low01 = v128.shuffle<i32>(row0, row1, 0, 4, 1, 5);
  const high01 = v128.shuffle<i32>(row0, row1, 2, 6, 3, 7);
  const low23 = v128.shuffle<i32>(row2, row3, 0, 4, 1, 5);
  const high23 = v128.shuffle<i32>(row2, row3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(low01, low23, 0, 2));
  v128.store(to + toApart, v128.shuffle<i64>(low01, low23, 1, 3));
  v128.store(to + 2 * toApart, v128.shuffle<i64>(high01, high23, 0, 2));
  v128.store(to + 3 * toApart, v128.shuffle<i64>(high01, high23, 1, 3));
}

/** Writes `a`, of 4 rows or more, tile after tile: for each k the numbers of four rows. */
function packTiles(to: usize, rows: usize, inner: usize, a: usize, aRow: usize, aStep: usize): void {
  for (let row: usize = 0; row < rows; row += 4) {
    let from = a + min(row, rows - 4) * aRow;
    let left = inner;
    if (aStep === 4) {
      for (; left >= 4; left -= 4, from += VECTOR, to += 4 * TILE) transposeFour(to, TILE, from, aRow);
    }
    for (; left > 0; left--, from += aStep, to += TILE) {
      if (aRow === 4) v128.store(to, v128.load(from));
      else for (let at: usize = 0; at < 4; at++) store<f32>(to + at * 4, load<f32>(from + at * aRow));
    }
  }
}

/**
 * Rows that are a multiple of so many bytes apart share the same few lines of the nearest cache and push each other out;
 * from so many rows of results on, which read them again every four, they are copied together first. Measured: 1.2 to 1.5
 * times as fast.
 */
const CROWDED: usize = 4096;
const CROWDED_ROWS: usize = 16;

/** Above so many multiply-adds, what is read again and again is copied together first, whatever its layout. */
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
  const isCrowded = rows >= CROWDED_ROWS && (bRow & (CROWDED - 1)) === 0;
  const edge = workspace;
  const panel = edge + 4 * PANEL;
  // Whole tiles to each part; the last one has what is left.
  const wholeTiles = rows >> 2;
  const firstRow = ((wholeTiles * part) / parts) << 2;
  rows = part + 1 === parts ? rows - firstRow : (((wholeTiles * (part + 1)) / parts) << 2) - firstRow;
  a += firstRow * aRow;
  out += firstRow * outRow;
  let tiles: usize = 0;
  if (rows >= 4 && (isLarge || aRow !== 4)) {
    tiles = panel + inner * PANEL;
    packTiles(tiles, rows, inner, a, aRow, aStep);
  }
  for (let column: usize = 0; column < columns; column += COLUMNS) {
    // What is left of a last panel is computed with columns before it: these come out the same once more, and it is a whole
    // panel. Only a product of fewer than 8 columns has a narrow one.
    const width = min(COLUMNS, columns);
    const first = min(column, columns - width);
    let from = b + first * bColumn;
    let step = bRow;
    // Rows that are no bytes apart, as of a row that is repeated, cannot be counted by their addresses.
    if (isLarge || isCrowded || bColumn !== 4 || bRow === 0 || width < COLUMNS) {
      pack(panel, inner, width, from, bRow, bColumn);
      from = panel;
      step = PANEL;
    }
    const shift = bias === 0 ? 0 : bias + first * 4;
    panelOf(rows, inner, a, aRow, aStep, tiles, from, step, out + first * 4, outRow, shift, width, edge);
  }
}

/** Bytes that one part of a product of these sizes works in. */
export function workspaceBytes(rows: usize, inner: usize): usize {
  return 4 * PANEL + inner * PANEL + ((rows + 3) >> 2) * inner * TILE;
}

/**
 * A stack of products: `groups` groups of `matrices` matrices. From group to group, and from matrix to matrix, each factor
 * goes on by its own bytes, 0 where it repeats; `out` is contiguous. Of `parts` parts of the stack, this computes part `part`.
 */
export function matmulStack(
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
  groups: usize,
  aGroup: usize,
  bGroup: usize,
  matrices: usize,
  aMatrix: usize,
  bMatrix: usize,
  part: usize,
  parts: usize,
): void {
  const count = groups * matrices;
  const outMatrix = rows * columns * 4;
  const end = (count * (part + 1)) / parts;
  for (let position = (count * part) / parts; position < end; position++) {
    const group = position / matrices;
    const matrix = position % matrices;
    const to = out + position * outMatrix;
    const left = a + group * aGroup + matrix * aMatrix;
    const right = b + group * bGroup + matrix * bMatrix;
    matmul(to, rows, columns, inner, left, aRow, aStep, right, bRow, bColumn, bias, workspace, 0, 1);
  }
}
