import { useMemo } from 'react';
import type { LossHistory } from '../../../core/protocol/answers';
import { extentOf, ticksWithin } from '../../charts/scale';
import { useStore } from '../../state/store';
import { formatCount, formatFixed } from '../../ui/format';
import styles from './timeline.module.css';

/** The plot's own coordinates; it is stretched to the strip's size. */
const plot = { width: 1000, height: 100 };

/** The loss of every step so far: the range of each bucket as a band, its smoothed course as a line. */
export function Timeline() {
  const history = useStore((state) => state.lossHistory);
  return (
    <section className={styles.timeline} aria-label="Timeline">
      <div className={styles.name}>
        <h2>Timeline</h2>
        <p className="muted">loss by step</p>
      </div>
      {history === null || history.steps.length === 0 ? (
        <p className={styles.empty}>No steps yet.</p>
      ) : (
        <Plot history={history} />
      )}
    </section>
  );
}

function Plot({ history }: { readonly history: LossHistory }) {
  const step = useStore((state) => state.step);
  const { steps } = history;
  // The history lags behind a running session; the axis ends where the session stands.
  const last = Math.max(step, steps.at(-1) ?? 0, 1);
  const drawing = useMemo(() => draw(history), [history]);
  if (drawing === null) return <p className={styles.empty}>No finite loss so far.</p>;

  const { extent, band, line, lastDrawn } = drawing;
  const [lowest, highest] = [10 ** extent.minimum, 10 ** extent.maximum];
  const label = `Loss from step 0 to ${step}, between ${formatFixed(lowest, 3)} and ${formatFixed(highest, 3)}`;
  const percent = (at: number) => `${(100 * at) / last}%`;
  return (
    <div className={styles.plot}>
      <div className={styles.lossAxis} aria-hidden="true">
        <span>{formatFixed(highest, 2)}</span>
        <span>{formatFixed(lowest, 2)}</span>
      </div>
      <div className={styles.area}>
        <svg role="img" aria-label={label} viewBox={`0 0 ${plot.width} ${plot.height}`} preserveAspectRatio="none">
          <g transform={`scale(${lastDrawn / last} 1)`}>
            <path className={styles.band} d={band} vectorEffect="non-scaling-stroke" />
            <path className={styles.line} d={line} vectorEffect="non-scaling-stroke" />
          </g>
        </svg>
        <div className={styles.cursor} style={{ left: percent(step) }} />
      </div>
      <div className={styles.stepAxis} aria-hidden="true">
        {ticksWithin(0, last, 10, 1).map((at) => (
          <span key={at} style={{ left: percent(at) }}>
            {formatCount(at)}
          </span>
        ))}
      </div>
    </div>
  );
}

/** Paths over the whole plot; log10 of the loss upwards, steps up to the last bucket from left to right. */
function draw({ steps, minimum, maximum, smoothed }: LossHistory) {
  const [lows, highs] = [minimum.map(Math.log10), maximum.map(Math.log10)];
  const extent = extentOf([...lows, ...highs], 0.05);
  if (extent === null) return null;
  const lastDrawn = steps.at(-1) || 1;
  const point = (index: number, value: number) => {
    const x = (plot.width * (steps[index] ?? 0)) / lastDrawn;
    const y = plot.height * (1 - (value - extent.minimum) / (extent.maximum - extent.minimum));
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  };
  const trace = (values: Float64Array) =>
    [...values].flatMap((value, index) => (Number.isFinite(value) ? [point(index, value)] : []));
  const band = [...trace(highs), ...trace(lows).reverse()];
  const line = trace(smoothed);
  return { extent, lastDrawn, band: `M${band.join('L')}Z`, line: line.length > 0 ? `M${line.join('L')}` : '' };
}
