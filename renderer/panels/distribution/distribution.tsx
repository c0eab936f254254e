import { useDeferredValue } from 'react';
import { Swatch } from '../../charts/chart-tooltip';
import { type DensityLine, DensityOverlay } from '../../charts/density-overlay';
import { Figure } from '../../charts/figure';
import { useStore } from '../../state/store';
import { type NodeColumn, NodeTable } from '../node-table/node-table';
import { densityTable } from './density-table';
import styles from './distribution.module.css';

/** One histogram of the overlay and what its line of the table is about. */
export interface DistributionRow extends DensityLine {
  /** The node that the row selects. */
  readonly node: string;
}

interface DistributionProps<Row extends DistributionRow> {
  readonly title: string;
  readonly valueTitle: string;
  readonly domain?: readonly [number, number];
  readonly headTitle: string;
  readonly rows: readonly Row[];
  readonly columns: readonly NodeColumn<Row>[];
}

/** Overlaid histograms with the table that is their legend. The selected node's histogram is brought out. */
export function Distribution<Row extends DistributionRow>(props: DistributionProps<Row>) {
  const { title, valueTitle, domain, headTitle, rows, columns } = props;
  const selected = useDeferredValue(useStore((state) => state.selectedNode));
  // The curves cost more than all the rest: while running they may come a frame later than the table.
  const lines = useDeferredValue(rows);
  return (
    <div className={styles.panel}>
      <Figure title={title} className={styles.figure} table={() => densityTable(rows)} legend={rows}>
        <DensityOverlay
          label={title}
          lines={lines}
          valueTitle={valueTitle}
          {...(domain === undefined ? {} : { domain })}
          emphasised={lines.find((line) => line.node === selected)?.key ?? null}
        />
      </Figure>
      <NodeTable
        label={`${title}: figures`}
        className={styles.table}
        rows={rows}
        nodeOf={(row) => row.node}
        head={{
          title: headTitle,
          cell: (row) => (
            <>
              <Swatch colour={row.colour} />
              {row.key}
            </>
          ),
        }}
        columns={columns}
      />
    </div>
  );
}
