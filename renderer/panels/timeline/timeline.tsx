import { type KeyboardEvent, type PointerEvent, useId, useMemo, useState } from 'react';
import type { LossHistory } from '../../../core/protocol/answers';
import { findingRules } from '../../../core/protocol/findings';
import { extentOf, ticksWithin } from '../../charts/scale';
import { goTo, pause } from '../../state/session-actions';
import { currentBranch, useStore } from '../../state/store';
import { formatCount, formatFixed } from '../../ui/format';
import { Icon } from '../../ui/icon';
import { Branches } from './branches';
import { describeSize } from './history-size';
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
        <Branches />
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
  const head = useStore((state) => Math.max(state.step, currentBranch(state)?.head ?? 0));
  const others = useStore((state) => state.otherLosses);
  // Where the person drags to, until they let go.
  const [aim, setAim] = useState<number | null>(null);
  const tooltipId = useId();
  const { steps } = history;
  const ends = [...others.values()].map((other) => other.steps.at(-1) ?? 0);
  // The history lags behind a running session; the axis ends where the session stands.
  const last = Math.max(head, steps.at(-1) ?? 0, 1, ...ends);
  const drawing = useMemo(() => draw(history, [...others.values()]), [history, others]);
  if (drawing === null) return <p className={styles.empty}>No finite loss so far.</p>;

  const { extent, band, line, lastDrawn, otherLines } = drawing;
  const [lowest, highest] = [10 ** extent.minimum, 10 ** extent.maximum];
  const label = `Loss from step 0 to ${head}, between ${formatFixed(lowest, 3)} and ${formatFixed(highest, 3)}`;
  const percent = (at: number) => `${(100 * at) / last}%`;

  const stepAt = ({ clientX, currentTarget }: PointerEvent<HTMLElement>) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(head, Math.round((last * (clientX - left)) / width)));
  };
  const letGo = () => {
    if (aim !== null) void go(aim);
    setAim(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const target = stepOfKey(event.key, step, head);
    if (target === null) return;
    event.preventDefault();
    void go(target);
  };

  return (
    <div className={styles.plot}>
      <div className={styles.lossAxis} aria-hidden="true">
        <span>{formatFixed(highest, 2)}</span>
        <span>{formatFixed(lowest, 2)}</span>
      </div>
      <div
        className={styles.area}
        role="slider"
        tabIndex={0}
        aria-label="Step"
        aria-valuemin={0}
        aria-valuemax={head}
        aria-valuenow={step}
        aria-valuetext={`step ${step} of ${head}`}
        aria-describedby={tooltipId}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setAim(stepAt(event));
        }}
        onPointerMove={(event) => {
          if (aim !== null) setAim(stepAt(event));
        }}
        onPointerUp={letGo}
        onPointerCancel={() => setAim(null)}
        onKeyDown={onKeyDown}
      >
        <svg role="img" aria-label={label} viewBox={`0 0 ${plot.width} ${plot.height}`} preserveAspectRatio="none">
          {otherLines.map(({ end, path }) => (
            <g key={path} transform={`scale(${end / last} 1)`}>
              <path className={styles.otherLine} d={path} vectorEffect="non-scaling-stroke" />
            </g>
          ))}
          <g transform={`scale(${lastDrawn / last} 1)`}>
            <path className={styles.band} d={band} vectorEffect="non-scaling-stroke" />
            <path className={styles.line} d={line} vectorEffect="non-scaling-stroke" />
          </g>
        </svg>
        {step < head ? (
          <div className={styles.ahead} style={{ left: percent(step), right: `${100 - (100 * head) / last}%` }} />
        ) : null}
        <Marks percent={percent} />
        <div className={styles.cursor} style={{ left: percent(aim ?? step) }} />
        {aim === null ? null : (
          <output className={styles.aim} style={{ left: percent(aim) }}>
            step {formatCount(aim)}
          </output>
        )}
      </div>
      <Tooltip id={tooltipId} />
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

/** Beside the pointer's own way of asking, a title, the keyboard has none; so this one is shown to both. */
function Tooltip({ id }: { readonly id: string }) {
  const size = useStore((state) => state.timeline?.size);
  return (
    <div role="tooltip" id={id} className={styles.tooltip}>
      {size === undefined ? null : <p>{describeSize(size)}</p>}
      <p>Drag to go to a step; arrow keys go one step, Page keys a tenth, Home and End to either end.</p>
    </div>
  );
}

/** Where something was found on the present branch, and where a breakpoint stopped the session. */
function Marks({ percent }: { readonly percent: (step: number) => string }) {
  const findings = useStore((state) => state.findings.findings);
  const branch = useStore((state) => currentBranch(state)?.id ?? 0);
  const stop = useStore((state) => state.breakpoints.stop);
  const steps = new Map<number, string[]>();
  for (const finding of findings) {
    if (finding.branch !== branch) continue;
    const title = `${findingRules[finding.rule].title}${finding.node === null ? '' : ` (${finding.node})`}`;
    steps.set(finding.step, [...(steps.get(finding.step) ?? []), title]);
  }
  return (
    <>
      {[...steps].map(([step, titles]) => (
        <span
          key={step}
          className={styles.finding}
          style={{ left: percent(step) }}
          title={`Step ${formatCount(step)}: ${titles.join(', ')}`}
        >
          <Icon name="warning" />
        </span>
      ))}
      {stop === null ? null : (
        <span className={styles.stop} style={{ left: percent(stop.step) }} title={`Stopped: ${stop.reason}`}>
          <Icon name="breakpoint" />
        </span>
      )}
    </>
  );
}

/** A running session is paused first, since it would go on from where it is. */
async function go(step: number): Promise<void> {
  if (useStore.getState().running) await pause();
  await goTo(step);
}

/** Where a key goes to from `step`; null for a key that goes nowhere. */
export function stepOfKey(key: string, step: number, head: number): number | null {
  const far = Math.max(1, Math.round(head / 10));
  const targets: Readonly<Record<string, number>> = {
    ArrowLeft: step - 1,
    ArrowDown: step - 1,
    ArrowRight: step + 1,
    ArrowUp: step + 1,
    PageDown: step - far,
    PageUp: step + far,
    Home: 0,
    End: head,
  };
  const target = targets[key];
  return target === undefined ? null : Math.max(0, Math.min(head, target));
}

/** Paths over the whole plot; log10 of the loss upwards, steps up to the last bucket from left to right. */
function draw({ steps, minimum, maximum, smoothed }: LossHistory, others: readonly LossHistory[]) {
  const [lows, highs] = [minimum.map(Math.log10), maximum.map(Math.log10)];
  // In a bucket with a loss that is not finite only the smoothed course tells of the others.
  const extent = extentOf([...lows, ...highs, ...smoothed, ...others.flatMap((other) => [...other.smoothed])], 0.05);
  if (extent === null) return null;
  const trace = (at: Float64Array, values: Float64Array) => {
    const end = at.at(-1) || 1;
    return [...values].flatMap((value, index) => {
      if (!Number.isFinite(value)) return [];
      const x = (plot.width * (at[index] ?? 0)) / end;
      const y = plot.height * (1 - (value - extent.minimum) / (extent.maximum - extent.minimum));
      return [`${x.toFixed(1)} ${y.toFixed(1)}`];
    });
  };
  const path = (points: readonly string[]) => (points.length > 0 ? `M${points.join('L')}` : '');
  const band = [...trace(steps, highs), ...trace(steps, lows).reverse()];
  return {
    extent,
    lastDrawn: steps.at(-1) || 1,
    band: `${path(band)}Z`,
    line: path(trace(steps, smoothed)),
    otherLines: others.map((other) => ({
      end: other.steps.at(-1) || 1,
      path: path(trace(other.steps, other.smoothed)),
    })),
  };
}
