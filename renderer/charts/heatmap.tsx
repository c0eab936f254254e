import { useCallback } from 'react';
import { formatShort } from '../ui/format';
import { Canvas } from './canvas';
import type { ChartTheme } from './chart-theme';
import { writeDiverging } from './colour-maps';
import type { Cell } from './fold';
import { drawAxes, drawCursor, drawPixels, strokeGrid } from './grid-drawing';
import { cellAt, type GridLayout, layOutGrid, type Margins, type Size } from './grid-layout';

/** A window of a 2-D fold of numbers. */
export interface CellWindow {
  /** Row-major, rows · columns numbers. */
  readonly cells: Float32Array;
  readonly rows: number;
  readonly columns: number;
  /** Where it begins in the whole fold. */
  readonly row: number;
  readonly column: number;
}

interface HeatmapProps {
  readonly label: string;
  readonly className?: string | undefined;
  readonly window: CellWindow;
  /** The colour scale goes from −limit to limit. */
  readonly limit: number;
  /** In the whole fold; may lie outside the window. */
  readonly cursor: Cell | null;
  readonly onCursor: (cell: Cell) => void;
  /** Called with a cell that is clicked or entered, as `onCursor` in the whole fold. */
  readonly onChoose?: ((cell: Cell) => void) | undefined;
}

const margins: Margins = { left: 34, top: 4, right: 10, bottom: 36 };
const largestCell = 28;
const gridFromCell = 9;
const colourBarSteps = 101;
const widestColourBar = 160;
/** Below this width the colour bar needs the margins too. */
const narrow = 220;

const layOut = (size: Size, window: CellWindow) => layOutGrid(size, window, margins, largestCell);

/**
 * Cells in diverging colours, symmetric about 0, with a colour bar. What is no finite number is hatched, since any
 * colour of the scale would lie.
 */
export function Heatmap({ label, className, window, limit, cursor, onCursor, onChoose }: HeatmapProps) {
  const inWindow = cursor === null ? null : { row: cursor.row - window.row, column: cursor.column - window.column };
  const shown = inWindow !== null && contains(window, inWindow) ? inWindow : null;
  const inFold = (cell: Cell): Cell => ({ row: cell.row + window.row, column: cell.column + window.column });
  const cursorRow = shown?.row ?? null;
  const cursorColumn = shown?.column ?? null;

  const draw = useCallback(
    (context: CanvasRenderingContext2D, size: Size, theme: ChartTheme) => {
      const layout = layOut(size, window);
      drawCells(context, layout, window, limit, theme);
      if (Math.min(layout.cellWidth, layout.cellHeight) >= gridFromCell) strokeGrid(context, layout, theme);
      drawAxes(context, layout, theme, {
        row: window.row,
        column: window.column,
        rowTitle: 'row',
        columnTitle: 'column',
      });
      drawColourBar(context, size, limit, theme);
      if (cursorRow !== null && cursorColumn !== null) {
        drawCursor(context, layout, { row: cursorRow, column: cursorColumn }, theme);
      }
    },
    [window, limit, cursorRow, cursorColumn],
  );

  return (
    <Canvas
      label={label}
      className={className}
      draw={draw}
      grid={{
        rows: window.rows,
        columns: window.columns,
        cursor: shown,
        onCursor: (cell) => onCursor(inFold(cell)),
        onChoose: onChoose === undefined ? undefined : (cell) => onChoose(inFold(cell)),
        hitTest: (x, y, size) => cellAt(layOut(size, window), x, y),
      }}
    />
  );
}

function contains(window: CellWindow, { row, column }: Cell): boolean {
  return row >= 0 && row < window.rows && column >= 0 && column < window.columns;
}

function drawCells(
  context: CanvasRenderingContext2D,
  { left, top, cellWidth, cellHeight }: GridLayout,
  { cells, rows, columns }: CellWindow,
  limit: number,
  theme: ChartTheme,
): void {
  if (rows === 0 || columns === 0) return;
  const image = new ImageData(columns, rows);
  const notFinite: number[] = [];
  cells.forEach((value, index) => {
    if (Number.isFinite(value)) {
      writeDiverging(image.data, index * 4, value, limit, theme.heat);
    } else {
      notFinite.push(index);
    }
  });
  drawPixels(context, image, { left, top, width: columns * cellWidth, height: rows * cellHeight });
  const hatch = notFinite.length === 0 ? null : hatchPattern(context, theme);
  if (hatch === null) return;
  context.fillStyle = hatch;
  for (const index of notFinite) {
    const row = Math.floor(index / columns);
    context.fillRect(left + (index % columns) * cellWidth, top + row * cellHeight, cellWidth, cellHeight);
  }
}

function hatchPattern(context: CanvasRenderingContext2D, theme: ChartTheme): CanvasPattern | null {
  const side = 6;
  const tile = new OffscreenCanvas(side, side);
  const pen = tile.getContext('2d');
  if (pen === null) return null;
  pen.fillStyle = theme.background;
  pen.fillRect(0, 0, side, side);
  pen.strokeStyle = theme.text;
  pen.lineWidth = 1.5;
  // Three strokes, so that the diagonal goes on from tile to tile.
  for (const shift of [-side, 0, side]) {
    pen.beginPath();
    pen.moveTo(shift, side);
    pen.lineTo(shift + side, 0);
    pen.stroke();
  }
  return context.createPattern(tile, 'repeat');
}

/** The scale on one line: its two ends and the colours between them, zero ticked. */
function drawColourBar(context: CanvasRenderingContext2D, size: Size, limit: number, theme: ChartTheme): void {
  const least = formatShort(-limit);
  const largest = formatShort(limit);
  const gap = 6;
  const [start, end] = size.width < narrow ? [0, size.width] : [margins.left, size.width - margins.right];
  const left = start + context.measureText(least).width + gap;
  const right = end - context.measureText(largest).width - gap;
  const width = Math.min(right - left, widestColourBar);
  const top = size.height - 12;
  const image = new ImageData(colourBarSteps, 1);
  for (let step = 0; step < colourBarSteps; step++) {
    writeDiverging(image.data, step * 4, (2 * step) / (colourBarSteps - 1) - 1, 1, theme.heat);
  }
  drawPixels(context, image, { left, top, width, height: 8 });
  context.strokeStyle = theme.line;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, width - 1, 7);
  context.fillStyle = theme.muted;
  context.fillRect(left + width / 2, top + 8, 1, 3);
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.fillText(least, start, top + 4);
  context.fillText(largest, left + width + gap, top + 4);
}
