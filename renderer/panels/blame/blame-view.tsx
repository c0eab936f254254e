import { useEffect, useRef } from 'react';
import type { Blame } from '../../../core/protocol/answers';
import { CopyCsv } from '../../charts/copy-csv';
import type { TableData } from '../../charts/csv';
import { useLab } from '../../state/lab';
import { closeExplanation } from '../../state/lab-actions';
import { formatFloat32, formatIndex } from '../../ui/format';
import { Icon } from '../../ui/icon';
import { barsOf } from './bars';
import styles from './blame.module.css';

/** Why the gradient of the chosen element is what it is; nothing where none of this node is chosen. */
export function BlameView({ node }: { readonly node: string }) {
  const blame = useLab((lab) => lab.blame);
  const box = useRef<HTMLElement>(null);
  const chosen = blame?.node === node ? `${node}${formatIndex(blame.index)}` : null;

  // Again when the answer has come, since it is higher than what stood there before.
  const isAnswered = blame?.answer != null;
  useEffect(() => {
    if (chosen !== null || isAnswered) box.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen, isAnswered]);

  if (blame === null || chosen === null) return null;
  const { answer, refusal } = blame;
  return (
    <section ref={box} className={styles.blame} aria-label={`How the gradient of ${chosen} comes about`}>
      <header className={styles.head}>
        <h3>{chosen}</h3>
        {answer?.token == null ? null : <span className={styles.token}>{answer.token}</span>}
        <button type="button" aria-label="Close the explanation" onClick={closeExplanation}>
          <Icon name="close" />
        </button>
      </header>
      <div aria-live="polite">
        {refusal !== null && <p className={styles.refusal}>{refusal}</p>}
        {answer === null && refusal === null && <p className="muted">Following the chain…</p>}
        {answer !== null && <Chain blame={answer} />}
      </div>
    </section>
  );
}

function Chain({ blame }: { readonly blame: Blame }) {
  const { value, autograd, manual, inputs, paths } = blame;
  return (
    <>
      <dl className={styles.numbers}>
        <Entry title="value" value={value} />
        <Entry title="autograd" value={autograd} />
        {manual === null ? null : (
          <>
            <Entry title="yours" value={manual} />
            <Entry title="difference" value={manual - autograd} />
          </>
        )}
      </dl>
      {paths.length > 0 && <Paths blame={blame} />}
      {inputs.length > 0 && (
        <>
          <h4>Made from</h4>
          <dl className={styles.numbers}>
            {inputs.map((input) => {
              const title = `${input.name}${formatIndex(input.index)}`;
              return <Entry key={title} title={title} value={input.value} />;
            })}
          </dl>
        </>
      )}
    </>
  );
}

function Entry({ title, value }: { readonly title: string; readonly value: number }) {
  return (
    <>
      <dt>{title}</dt>
      <dd>{formatFloat32(value)}</dd>
    </>
  );
}

/** The contributions at full precision, to be taken away. */
function pathsTable({ paths }: Blame): TableData {
  return {
    columns: ['from', 'op', 'contribution'],
    rows: paths.map(({ from, op, contribution }) => [from, op, contribution]),
  };
}

function Paths({ blame }: { readonly blame: Blame }) {
  const bars = barsOf(blame.paths);
  return (
    <table className={styles.paths}>
      <caption>
        What comes back to it; together autograd’s gradient{' '}
        <CopyCsv title="What comes back" table={() => pathsTable(blame)} />
      </caption>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">from</th>
          <th scope="col">share</th>
          <th scope="col">contribution</th>
        </tr>
      </thead>
      <tbody>
        {blame.paths.map(({ from, op, contribution }, index) => {
          const bar = bars[index];
          return (
            <tr key={`${from} ${op} ${contribution}`}>
              <th scope="row">
                {from} <span className="muted">{op}</span>
              </th>
              <td className={styles.bar} aria-hidden="true">
                {bar == null ? null : (
                  <span
                    data-sign={contribution < 0 ? 'negative' : 'positive'}
                    style={{ left: `${bar.left}%`, width: `${bar.width}%` }}
                  />
                )}
              </td>
              <td>{formatFloat32(contribution)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
