import { type ReactNode, useRef, useState } from 'react';
import { savePicture } from '../state/session-actions';
import { notify } from '../state/store';
import { useChartTheme } from './chart-theme';
import styles from './charts.module.css';
import { CopyCsv } from './copy-csv';
import type { TableData } from './csv';
import { DataTable } from './data-table';
import { type LegendEntry, renderPicture } from './picture';

interface FigureProps {
  readonly title: string;
  /** The numbers behind the picture; called only when somebody wants them. */
  readonly table: () => TableData;
  /** Names of the lines, for the saved picture; on the screen they stand in a table beside it. */
  readonly legend?: readonly LegendEntry[];
  /** Controls of the picture, between title and buttons. */
  readonly controls?: ReactNode;
  readonly className?: string | undefined;
  /** The picture: canvases, SVG and short texts of one line. */
  readonly children: ReactNode;
}

/** A picture with its title, the table behind it, and both to take away: numbers as CSV, the picture as PNG. */
export function Figure({ title, table, legend = [], controls, className, children }: FigureProps) {
  const [showsTable, setShowsTable] = useState(false);
  const picture = useRef<HTMLDivElement>(null);
  const theme = useChartTheme();

  const save = async () => {
    if (picture.current === null) return;
    try {
      const bytes = await renderPicture(picture.current, title, legend, theme);
      await savePicture(`${fileName(title)}.png`, bytes);
    } catch (error) {
      notify('error', `“${title}” could not be saved. ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  return (
    <section className={[styles.figure, className].join(' ')} aria-label={title}>
      <header className={styles.figureHeader}>
        <h3>{title}</h3>
        <div className={styles.controls}>{controls}</div>
        <div className={styles.buttons}>
          <button
            type="button"
            aria-pressed={showsTable}
            aria-label={`Table: ${title}`}
            onClick={() => setShowsTable(!showsTable)}
          >
            Table
          </button>
          <CopyCsv title={title} table={table} />
          <button
            type="button"
            aria-label={`Save as PNG: ${title}`}
            disabled={showsTable}
            title={showsTable ? 'Switch back to the picture to save it' : undefined}
            onClick={() => void save()}
          >
            Save as PNG
          </button>
        </div>
      </header>
      {showsTable ? (
        <DataTable {...table()} />
      ) : (
        <div ref={picture} className={styles.picture}>
          {children}
        </div>
      )}
    </section>
  );
}

function fileName(title: string): string {
  return (
    title
      .toLowerCase()
      .match(/[\p{Letter}\p{Number}]+/gu)
      ?.join('-') ?? 'picture'
  );
}
