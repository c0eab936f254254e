import { useMemo } from 'react';
import { useChartTheme } from '../../charts/chart-theme';
import { Curves } from '../../charts/curves';
import { Figure } from '../../charts/figure';
import { useLab } from '../../state/lab';
import styles from './exercises.module.css';

/** How far the losses of a run with the person's gradients are from those of one with autograd's, step by step. */
export function DriftFigure() {
  const drift = useLab((lab) => lab.drift);
  const { accent } = useChartTheme();
  const lines = useMemo(() => [{ key: 'drift', colour: accent, width: 1.5 }], [accent]);
  const points = useMemo(
    () => Array.from(drift?.steps ?? [], (step, at) => ({ step, values: [drift?.drift[at] ?? Number.NaN] })),
    [drift],
  );
  if (points.length === 0) return null;
  if (points.every(({ values: [value] }) => value === 0)) {
    return <p>No drift so far: bit for bit the losses of autograd.</p>;
  }
  return (
    <Figure
      title="Drift from autograd"
      className={styles.drift}
      table={() => ({
        columns: ['first step', 'largest drift'],
        rows: points.map(({ step, values }) => [step, ...values]),
      })}
    >
      <Curves label="Drift of the loss over the steps" lines={lines} points={points} valueTitle="|Δ loss|" />
    </Figure>
  );
}
