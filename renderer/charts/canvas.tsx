import {
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { type GridSize, moveCell } from './cell-cursor';
import { type ChartTheme, useChartTheme } from './chart-theme';
import type { Cell } from './fold';
import type { Size } from './grid-layout';

/** A grid whose cells a person can point at and walk through with the keys. A `Readout` beside it says what is there. */
interface CellGrid extends GridSize {
  readonly cursor: Cell | null;
  readonly onCursor: (cell: Cell) => void;
  /** Called with the cell that is clicked, or that the cursor is on when Enter is pressed. */
  readonly onChoose?: ((cell: Cell) => void) | undefined;
  /** The cell under a point of the picture. */
  readonly hitTest: (x: number, y: number, size: Size) => Cell | null;
}

interface CanvasProps {
  /** The accessible name. */
  readonly label: string;
  readonly className?: string | undefined;
  /** Draws in CSS pixels on a cleared canvas. Keep its identity while the picture stays the same: a new one redraws. */
  readonly draw: (context: CanvasRenderingContext2D, size: Size, theme: ChartTheme) => void;
  readonly grid?: CellGrid;
}

interface Measure extends Size {
  readonly ratio: number;
}

/** A canvas that fills the box CSS gives it, sharp at every device pixel ratio, in the colours of the scheme. */
export function Canvas({ label, className, draw, grid }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const measure = useMeasure(canvas);
  const theme = useChartTheme();

  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || measure === null) return;
    const { width, height, ratio } = measure;
    const pixelWidth = Math.round(width * ratio);
    const pixelHeight = Math.round(height * ratio);
    // Setting a canvas's size, even to what it was, throws its memory away.
    if (context.canvas.width !== pixelWidth) context.canvas.width = pixelWidth;
    if (context.canvas.height !== pixelHeight) context.canvas.height = pixelHeight;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    draw(context, { width, height }, theme);
  }, [draw, measure, theme]);

  if (grid === undefined) {
    return <canvas ref={canvas} className={className} role="img" aria-label={label} />;
  }

  const cellUnder = (event: PointerEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return measure === null ? null : grid.hitTest(event.clientX - box.left, event.clientY - box.top, measure);
  };

  const point = (event: PointerEvent<HTMLCanvasElement>) => {
    const cell = cellUnder(event);
    if (cell !== null && (cell.row !== grid.cursor?.row || cell.column !== grid.cursor.column)) grid.onCursor(cell);
  };

  const choose = (event: PointerEvent<HTMLCanvasElement>) => {
    const cell = cellUnder(event);
    if (cell !== null) grid.onChoose?.(cell);
  };

  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && grid.onChoose !== undefined && grid.cursor !== null) {
      event.preventDefault();
      grid.onChoose(grid.cursor);
      return;
    }
    const cell = moveCell(grid.cursor, event.key, event.ctrlKey || event.metaKey, grid);
    if (cell === null) return;
    event.preventDefault();
    event.stopPropagation();
    grid.onCursor(cell);
  };

  return (
    <canvas
      ref={canvas}
      className={className}
      role="img"
      aria-label={`${label}. Arrow keys move from cell to cell.${grid.onChoose === undefined ? '' : ' Enter explains a cell.'}`}
      tabIndex={0}
      onPointerMove={point}
      onPointerDown={(event) => {
        point(event);
        choose(event);
      }}
      onKeyDown={press}
    />
  );
}

/** The element's size; null until it is known. Follows the window from screen to screen. */
function useMeasure(element: RefObject<HTMLElement | null>): Measure | null {
  const [measure, setMeasure] = useState<Measure | null>(null);
  useEffect(() => {
    const observed = element.current;
    if (observed === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      const { width, height } = entry.contentRect;
      setMeasure(width > 0 && height > 0 ? { width, height, ratio: window.devicePixelRatio } : null);
    });
    // Device pixels, so that a change of the pixel ratio alone is told as well.
    observer.observe(observed, { box: 'device-pixel-content-box' });
    return () => observer.disconnect();
  }, [element]);
  return measure;
}
