import type { ChartTheme } from './chart-theme';
import type { Cell } from './fold';
import type { GridLayout } from './grid-layout';

/** What the axes of a grid say. */
export interface GridAxes {
  /** Index of the first row and column. */
  readonly row: number;
  readonly column: number;
  readonly rowTitle: string;
  readonly columnTitle: string;
}

const fontSize = 11;

/** Enlarges an image without smoothing: a thousand times fewer fills than one rectangle a cell. */
export function drawPixels(
  context: CanvasRenderingContext2D,
  image: ImageData,
  box: { left: number; top: number; width: number; height: number },
): void {
  const small = new OffscreenCanvas(image.width, image.height);
  small.getContext('2d')?.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, box.left, box.top, box.width, box.height);
}

/** First and last index and the title of both axes, in the margins left and below. */
export function drawAxes(
  context: CanvasRenderingContext2D,
  layout: GridLayout,
  theme: ChartTheme,
  axes: GridAxes,
): void {
  const { left, top, rows, columns, cellWidth, cellHeight } = layout;
  const bottom = top + rows * cellHeight;
  const right = left + columns * cellWidth;
  context.font = `${fontSize}px ${theme.font}`;
  context.fillStyle = theme.muted;

  context.textAlign = 'right';
  context.textBaseline = 'top';
  context.fillText(String(axes.row), left - 4, top);
  context.textBaseline = 'bottom';
  if (bottom - top >= 2 * fontSize) context.fillText(String(axes.row + rows - 1), left - 4, bottom);
  const rowTitleWidth = context.measureText(axes.rowTitle).width;
  if (bottom - top >= rowTitleWidth + 3 * fontSize) {
    context.save();
    context.translate(left - 4, (top + bottom) / 2);
    context.rotate(-Math.PI / 2);
    context.textAlign = 'center';
    context.fillText(axes.rowTitle, 0, 0);
    context.restore();
  }

  context.textBaseline = 'top';
  context.textAlign = 'left';
  context.fillText(String(axes.column), left, bottom + 4);
  context.textAlign = 'right';
  const last = String(axes.column + columns - 1);
  if (right - left >= 3 * fontSize) context.fillText(last, right, bottom + 4);
  const columnTitleWidth = context.measureText(axes.columnTitle).width;
  if (right - left >= columnTitleWidth + 5 * fontSize) {
    context.textAlign = 'center';
    context.fillText(axes.columnTitle, (left + right) / 2, bottom + 4);
  }
}

/** Thin lines between cells. */
export function strokeGrid(context: CanvasRenderingContext2D, layout: GridLayout, theme: ChartTheme): void {
  const { left, top, rows, columns, cellWidth, cellHeight } = layout;
  const path = new Path2D();
  for (let row = 0; row <= rows; row++) {
    path.moveTo(left, top + row * cellHeight);
    path.lineTo(left + columns * cellWidth, top + row * cellHeight);
  }
  for (let column = 0; column <= columns; column++) {
    path.moveTo(left + column * cellWidth, top);
    path.lineTo(left + column * cellWidth, top + rows * cellHeight);
  }
  context.strokeStyle = theme.line;
  context.lineWidth = 0.5;
  context.stroke(path);
}

/** A frame round the cursor's cell, in two tones so that it shows on every colour. */
export function drawCursor(context: CanvasRenderingContext2D, layout: GridLayout, cell: Cell, theme: ChartTheme): void {
  const width = Math.max(layout.cellWidth, 5);
  const height = Math.max(layout.cellHeight, 5);
  const x = layout.left + (cell.column + 0.5) * layout.cellWidth - width / 2;
  const y = layout.top + (cell.row + 0.5) * layout.cellHeight - height / 2;
  context.lineWidth = 4;
  context.strokeStyle = theme.background;
  context.strokeRect(x, y, width, height);
  context.lineWidth = 2;
  context.strokeStyle = theme.accent;
  context.strokeRect(x, y, width, height);
}
