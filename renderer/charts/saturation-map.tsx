import { useCallback } from 'react';
import { isSaturated, type LayerFrame } from '../../core/protocol/frame';
import { Canvas } from './canvas';
import type { ChartTheme } from './chart-theme';
import { deadUnits } from './dead-units';
import type { Cell } from './fold';
import { drawAxes, drawCursor, drawPixels } from './grid-drawing';
import { cellAt, type GridLayout, layOutGrid, type Margins, type Size } from './grid-layout';

interface SaturationMapProps {
  readonly label: string;
  readonly className?: string | undefined;
  readonly layer: LayerFrame;
  readonly cursor: Cell | null;
  readonly onCursor: (cell: Cell) => void;
}

const margins: Margins = { left: 34, top: 12, right: 10, bottom: 20 };
const largestCell = 16;
/** RGBA in one little-endian word. */
const white = 0xffffffff;
const black = 0xff000000;

const layOut = (size: Size, layer: LayerFrame) => layOutGrid(size, layer, margins, largestCell);

/**
 * Examples × units of a Tanh layer: white where saturated, black elsewhere, in both schemes, as the notebook's
 * `imshow(h.abs() > 0.97, cmap='gray')`. A triangle stands above each dead unit.
 */
export function SaturationMap({ label, className, layer, cursor, onCursor }: SaturationMapProps) {
  const draw = useCallback(
    (context: CanvasRenderingContext2D, size: Size, theme: ChartTheme) => {
      const layout = layOut(size, layer);
      drawMap(context, layout, layer, theme);
      drawAxes(context, layout, theme, { row: 0, column: 0, rowTitle: 'example', columnTitle: 'unit' });
      for (const column of deadUnits(layer)) markDead(context, layout, column, theme);
      if (cursor !== null && cursor.row < layer.rows && cursor.column < layer.columns) {
        drawCursor(context, layout, cursor, theme);
      }
    },
    [layer, cursor],
  );
  return (
    <Canvas
      label={label}
      className={className}
      draw={draw}
      grid={{
        rows: layer.rows,
        columns: layer.columns,
        cursor,
        onCursor,
        hitTest: (x, y, size) => cellAt(layOut(size, layer), x, y),
      }}
    />
  );
}

function drawMap(context: CanvasRenderingContext2D, layout: GridLayout, layer: LayerFrame, theme: ChartTheme): void {
  const { left, top, rows, columns, cellWidth, cellHeight } = layout;
  const image = new ImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      pixels[row * columns + column] = isSaturated(layer, row, column) ? white : black;
    }
  }
  drawPixels(context, image, { left, top, width: columns * cellWidth, height: rows * cellHeight });
  context.strokeStyle = theme.line;
  context.lineWidth = 1;
  context.strokeRect(left - 0.5, top - 0.5, columns * cellWidth + 1, rows * cellHeight + 1);
}

function markDead(context: CanvasRenderingContext2D, layout: GridLayout, column: number, theme: ChartTheme): void {
  const middle = layout.left + (column + 0.5) * layout.cellWidth;
  const tip = layout.top - 2;
  context.fillStyle = theme.danger;
  context.beginPath();
  context.moveTo(middle - 4, tip - 7);
  context.lineTo(middle + 4, tip - 7);
  context.lineTo(middle, tip);
  context.fill();
}
