import { useMemo, useState } from 'react';
import { useChartTheme } from '../../charts/chart-theme';
import { Swatch } from '../../charts/chart-tooltip';
import { type CurveLine, Curves } from '../../charts/curves';
import { Figure } from '../../charts/figure';
import { useStore } from '../../state/store';
import { formatCount, formatFixed } from '../../ui/format';
import distribution from '../distribution/distribution.module.css';
import { Waiting } from '../distribution/waiting';
import styles from './loss.module.css';
import { type LossScale, lossPoints, lossTable, lowestLoss } from './loss-curves';

const title = 'Loss';

/** The loss of every step so far. */
export function LossPanel() {
  const [scale, setScale] = useState<LossScale>('log10');
  const history = useStore((state) => state.lossHistory);
  const { accent, muted, text } = useChartTheme();
  const others = useStore((state) => state.otherLosses);
  const points = useMemo(
    () => (history === null ? [] : lossPoints(history, scale, [...others.values()])),
    [history, scale, others],
  );
  const lines = useMemo(
    (): CurveLine[] => [
      { key: 'raw', colour: muted, width: 1 },
      { key: 'smoothed', colour: accent, width: 2.5 },
      ...[...others.keys()].map((branch) => ({ key: `branch ${branch}`, colour: text, width: 1.5, dash: '5 4' })),
    ],
    [accent, muted, text, others],
  );

  if (history === null) return <Waiting what="the first loss" />;
  return (
    <div className={distribution.panel}>
      <Figure
        title={title}
        className={distribution.figure}
        legend={lines}
        table={() => lossTable(history)}
        controls={
          <label className={distribution.option}>
            <input
              type="checkbox"
              checked={scale === 'linear'}
              onChange={({ target }) => setScale(target.checked ? 'linear' : 'log10')}
            />
            linear
          </label>
        }
      >
        <Curves
          label="Loss over the steps"
          lines={lines}
          points={points}
          valueTitle={scale === 'log10' ? 'log10 loss' : 'loss'}
        />
      </Figure>
      <div className={styles.legend}>
        <CurrentLoss />
        <span>
          lowest <span className="mono">{formatFixed(lowestLoss(history), 4)}</span>
        </span>
        {lines.map(({ key, colour }) => (
          <span key={key} className={distribution.option}>
            <Swatch colour={colour} />
            {key}
          </span>
        ))}
      </div>
    </div>
  );
}

function CurrentLoss() {
  const step = useStore((state) => state.step);
  const loss = useStore((state) => state.loss);
  return (
    <span>
      loss at step {formatCount(step)} <span className="mono">{formatFixed(loss, 4)}</span>
    </span>
  );
}
