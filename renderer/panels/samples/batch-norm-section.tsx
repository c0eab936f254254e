import { useMemo, useState } from 'react';
import type { BatchNormStatistics } from '../../../core/protocol/answers';
import { useChartTheme } from '../../charts/chart-theme';
import { Swatch } from '../../charts/chart-tooltip';
import { type CurveLine, Curves } from '../../charts/curves';
import { Figure } from '../../charts/figure';
import { calibrate } from '../../state/session-actions';
import { useStore } from '../../state/store';
import { formatFixed } from '../../ui/format';
import styles from './samples-panel.module.css';

type Quantity = 'mean' | 'variance';

/** Batch against running statistics, unit by unit. */
export function BatchNormSection() {
  const batchNorms = useStore((state) => state.batchNorms);
  const [chosen, setChosen] = useState<string | null>(null);
  const [quantity, setQuantity] = useState<Quantity>('mean');
  if (batchNorms === null || batchNorms.length === 0) return null;
  const shown = batchNorms.find(({ node }) => node === chosen) ?? batchNorms[0];
  if (shown === undefined) return null;
  return (
    <section className={styles.wide} aria-label="Batch norm">
      <h3>Batch norm: batch against running statistics</h3>
      <div className={styles.choices}>
        <select aria-label="Batch norm" value={shown.node} onChange={({ target }) => setChosen(target.value)}>
          {batchNorms.map(({ node }) => (
            <option key={node}>{node}</option>
          ))}
        </select>
        <select
          aria-label="Statistic"
          value={quantity}
          onChange={({ target }) => setQuantity(target.value === 'variance' ? 'variance' : 'mean')}
        >
          <option>mean</option>
          <option>variance</option>
        </select>
        <Calibrate shown={shown} />
      </div>
      <Picture shown={shown} quantity={quantity} />
    </section>
  );
}

/** Where training does not keep them, they are measured over the training set. */
function Calibrate({ shown }: { readonly shown: BatchNormStatistics }) {
  const canCalibrate = useStore((state) => state.connection === 'open' && !state.running);
  if (shown.isKept) {
    return (
      <p className={styles.note}>
        Kept by every training step; {formatFixed(shown.distance, 2)} standard deviations from this batch.
      </p>
    );
  }
  const isMeasured = shown.runningVariance.some((variance) => variance !== 0);
  return (
    <>
      <button type="button" disabled={!canCalibrate} onClick={() => void calibrate()}>
        Calibrate
      </button>
      <p className={styles.note}>
        {isMeasured
          ? `Measured over the training set; ${formatFixed(shown.distance, 2)} standard deviations from this batch.`
          : 'Training keeps none here: Calibrate measures them over the training set.'}
      </p>
    </>
  );
}

function Picture({ shown, quantity }: { readonly shown: BatchNormStatistics; readonly quantity: Quantity }) {
  const { accent, muted } = useChartTheme();
  const [batch, running] =
    quantity === 'mean' ? [shown.batchMean, shown.runningMean] : [shown.batchVariance, shown.runningVariance];
  const lines = useMemo(
    (): CurveLine[] => [
      { key: 'batch', colour: muted, width: 1.5, dash: '4 3' },
      { key: 'running', colour: accent, width: 2 },
    ],
    [accent, muted],
  );
  const points = useMemo(
    () => Array.from(batch, (value, unit) => ({ step: unit, values: [value, running[unit] ?? Number.NaN] })),
    [batch, running],
  );
  return (
    <>
      <Figure
        title={`${shown.node}: ${quantity} by unit`}
        className={styles.figure}
        legend={lines}
        table={() => ({
          columns: ['unit', `batch ${quantity}`, `running ${quantity}`],
          rows: points.map(({ step, values }) => [step, values[0] ?? Number.NaN, values[1] ?? Number.NaN]),
        })}
      >
        <Curves
          label={`${quantity} of the batch and running, unit by unit`}
          lines={lines}
          points={points}
          valueTitle={quantity}
          stepTitle="unit"
        />
      </Figure>
      <p className={styles.choices}>
        {lines.map(({ key, colour }) => (
          <span key={key}>
            <Swatch colour={colour} /> {key}
          </span>
        ))}
      </p>
    </>
  );
}
