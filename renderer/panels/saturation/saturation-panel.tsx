import { useState } from 'react';
import { isSaturated } from '../../../core/protocol/frame';
import { deadUnits } from '../../charts/dead-units';
import { Figure } from '../../charts/figure';
import type { Cell } from '../../charts/fold';
import { SaturationMap } from '../../charts/saturation-map';
import { selectNode, useStore } from '../../state/store';
import { formatCount, formatPercent } from '../../ui/format';
import { type LayerRow, useLayerRows } from '../distribution/layer-rows';
import { Waiting } from '../distribution/waiting';
import styles from './saturation.module.css';
import { saturationTable } from './saturation-table';

/** Where in the batch each Tanh layer is saturated. One cursor goes through all layers. */
export function SaturationPanel() {
  const layers = useLayerRows();
  const [cursor, setCursor] = useState<Cell>({ row: 0, column: 0 });
  if (layers === null) return <Waiting what="the first activations" />;
  return (
    <div className={styles.panel}>
      <p className={styles.legend}>
        <span>
          <span className={styles.white} aria-hidden="true" /> saturated, |tanh| &gt; 0.97
        </span>
        <span>
          <span className={styles.black} aria-hidden="true" /> not saturated
        </span>
        <span>
          <span className={styles.dead} aria-hidden="true">
            ▼
          </span>
          dead unit: saturated for every example of the batch
        </span>
      </p>
      <div className={styles.maps}>
        {layers.map((row) => (
          <LayerMap key={row.layer.node} row={row} cursor={cursor} onCursor={setCursor} />
        ))}
      </div>
    </div>
  );
}

interface LayerMapProps {
  readonly row: LayerRow;
  readonly cursor: Cell;
  readonly onCursor: (cell: Cell) => void;
}

function LayerMap({ row, cursor, onCursor }: LayerMapProps) {
  const { layer, frame } = row;
  const selected = useStore((state) => state.selectedNode === layer.node);
  return (
    <Figure
      className={styles.layer}
      title={layer.label}
      table={() => saturationTable(frame)}
      controls={
        <>
          <button
            type="button"
            className={styles.select}
            aria-label={`Select ${layer.node}`}
            aria-pressed={selected}
            onClick={() => selectNode(layer.node)}
          >
            {layer.node}
          </button>
          <span>
            <span className="mono">{formatPercent(frame.saturated)}</span> saturated
          </span>
          <span>
            <span className="mono">{formatCount(frame.dead)}</span> of {formatCount(frame.columns)} units dead
          </span>
        </>
      }
    >
      {Number.isNaN(frame.saturated) ? (
        <p className={styles.readout}>Outputs of this layer are not numbers: nobody knows which are saturated.</p>
      ) : (
        <LayerPicture row={row} cursor={cursor} onCursor={onCursor} />
      )}
    </Figure>
  );
}

/** The map itself, and what is at the cursor. */
function LayerPicture({ row: { layer, frame }, cursor, onCursor }: LayerMapProps) {
  const inside = cursor.row < frame.rows && cursor.column < frame.columns;
  const dead = deadUnits(frame);
  return (
    <>
      <SaturationMap
        label={`Saturation map of ${layer.label}`}
        className={styles.map}
        layer={frame}
        cursor={cursor}
        onCursor={onCursor}
      />
      <output className={styles.readout} aria-label={`Cell at the cursor, ${layer.label}`}>
        {inside
          ? `example ${cursor.row}, unit ${cursor.column}: ${isSaturated(frame, cursor.row, cursor.column) ? 'saturated' : 'not saturated'}${dead.includes(cursor.column) ? ', dead unit' : ''}`
          : 'The cursor is outside this map.'}
      </output>
    </>
  );
}
