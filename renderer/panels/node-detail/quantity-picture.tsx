import { useMemo } from 'react';
import type { NodeDetail } from '../../../core/protocol/answers';
import { type Cell, unfold } from '../../charts/fold';
import { Heatmap } from '../../charts/heatmap';
import { HistogramStrip } from '../../charts/histogram-strip';
import { explainElement } from '../../state/lab-actions';
import styles from './node-detail.module.css';
import { limitOf, type QuantityName, quantityTitles } from './quantities';

interface QuantityPictureProps {
  readonly detail: NodeDetail;
  readonly name: QuantityName;
  readonly cursor: Cell;
  readonly onCursor: (cell: Cell) => void;
}

/** A quantity's cells and, below, its histogram; where there is no such quantity, the reason. */
export function QuantityPicture({ detail, name, cursor, onCursor }: QuantityPictureProps) {
  const quantity = detail[name];
  const window = useMemo(
    () => ({ ...detail.window, cells: quantity?.cells ?? new Float32Array() }),
    [detail, quantity],
  );
  if (quantity === null) {
    return <p className={styles.missing}>No hand-written gradient of this node’s shape.</p>;
  }
  const label = `${quantityTitles[name]} of ${detail.node}`;
  return (
    <div className={styles.quantity}>
      <Heatmap
        label={label}
        className={styles.heatmap}
        window={window}
        limit={limitOf(detail, name)}
        cursor={cursor}
        onCursor={onCursor}
        onChoose={name === 'difference' ? (cell) => explainElement(detail.node, unfold(cell, detail.shape)) : undefined}
      />
      <HistogramStrip
        label={`Histogram of the ${label.toLowerCase()}`}
        className={styles.histogram}
        histogram={quantity.histogram}
      />
    </div>
  );
}
