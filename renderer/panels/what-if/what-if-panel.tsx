import { type WhatIf, whatIfRanges } from '../../../core/protocol/what-if';
import { useChartTheme } from '../../charts/chart-theme';
import { Figure } from '../../charts/figure';
import { liveChange } from '../../state/live-change';
import { showDialog, tryOut, useStore } from '../../state/store';
import { formatCount, formatFixed, formatPercent, formatShort } from '../../ui/format';
import { Waiting } from '../distribution/waiting';
import { type Bar, BarPairs } from './bar-pairs';
import { NumberSlider } from './number-slider';
import styles from './what-if.module.css';
import { whatIfTable } from './what-if-table';

/** What the present step would be with other numbers. */
export function WhatIfPanel() {
  const answer = useStore((state) => state.whatIf);
  const isWithin = useStore((state) => state.position !== null);
  const { accent, muted } = useChartTheme();
  if (isWithin) return <Waiting what="the end of the step; F10 finishes it" />;
  return (
    <div className={styles.panel}>
      <Controls />
      {answer === null ? (
        <Waiting what="the alternative" />
      ) : (
        <Figure
          title="What if"
          legend={[
            { key: 'live run', colour: muted },
            { key: 'alternative', colour: accent },
          ]}
          table={() => whatIfTable(answer)}
          controls={
            <p className={styles.legend}>
              <span className={styles.liveKey}>live run</span>
              <span className={styles.alternativeKey}>alternative</span>
              <span>step {formatCount(answer.step)}</span>
            </p>
          }
        >
          <Pictures answer={answer} />
        </Figure>
      )}
    </div>
  );
}

/** Three sliders; the live run's numbers are where they begin. */
function Controls() {
  const live = useStore(liveChange);
  const tried = useStore((state) => state.whatIfChange);
  const change = tried ?? live;
  if (change === null || live === null) return null;
  return (
    <div className={styles.controls}>
      {(['gain', 'initScale', 'learningRate'] as const).map((name) => (
        <NumberSlider
          key={name}
          range={whatIfRanges[name]}
          value={change[name]}
          live={live[name]}
          onChange={(value) => tryOut({ ...change, [name]: value })}
        />
      ))}
      <div className={styles.buttons}>
        <button type="button" disabled={tried === null} onClick={() => tryOut(null)}>
          As it is
        </button>
        <button type="button" onClick={() => showDialog('fork')} title="A branch from here with another learning rate">
          Branch here…
        </button>
      </div>
    </div>
  );
}

function Pictures({ answer }: { readonly answer: WhatIf }) {
  const { layers, parameters, loss } = answer;
  const bars = <Item,>(items: readonly Item[], pick: (item: Item) => Bar) => items.map(pick);
  return (
    <div className={styles.pictures}>
      <p className={styles.loss}>
        loss <b className="mono">{formatFixed(loss.live, 4)}</b> →{' '}
        <b className="mono">{formatFixed(loss.alternative, 4)}</b>
      </p>
      <BarPairs
        title="Saturated outputs"
        bars={bars(layers, ({ node, label, saturated }) => ({ key: label, node, ...saturated }))}
        format={(value) => formatPercent(value, 1)}
        scale={(value) => value}
      />
      <BarPairs
        title="Gradient std, log10"
        bars={bars(layers, ({ node, label, gradientStd }) => ({ key: label, node, ...gradientStd }))}
        format={(value) => formatShort(value)}
        scale={(value) => (8 + Math.log10(value)) / 8}
      />
      <BarPairs
        title="Update:data, log10"
        bars={bars(parameters, ({ name, updateRatio }) => ({ key: name, node: name, ...updateRatio }))}
        format={(value) => formatFixed(value, 2)}
        scale={(value) => (6 + value) / 6}
        guide={(6 - 3) / 6}
      />
    </div>
  );
}
