import { type FormEvent, useState } from 'react';
import { type Finding, findingRules, type RuleName, ruleNames } from '../../../core/protocol/findings';
import { CopyCsv } from '../../charts/copy-csv';
import { goTo, setThreshold } from '../../state/session-actions';
import { currentBranch, selectNode, showView, useStore } from '../../state/store';
import { views } from '../../state/views';
import { formatCount, formatShort } from '../../ui/format';
import { Icon } from '../../ui/icon';
import { readNumber } from '../../ui/number-text';
import styles from './findings.module.css';
import { findingsTable, rulesTable } from './findings-table';

/** Everything the rules have found, and the rules themselves. */
export function FindingsPanel() {
  const { findings, thresholds } = useStore((state) => state.findings);
  return (
    <div className={styles.panel}>
      {findings.length === 0 ? (
        <p className={styles.none}>
          <Icon name="done" /> Nothing found. {ruleNames.length} rules look at the run as it goes.
        </p>
      ) : (
        <>
          <div className={styles.bar}>
            <span>{findings.length === 1 ? '1 finding' : `${formatCount(findings.length)} findings`}</span>
            <CopyCsv title="Findings" table={() => findingsTable(findings)} />
          </div>
          <table className={styles.table} aria-label="Findings">
            <thead>
              <tr>
                <th>finding</th>
                <th>node</th>
                <th data-numeric>step</th>
                <th>reason</th>
                <th data-numeric>measured</th>
                <th data-numeric>threshold</th>
                <th>unit</th>
                <th>shown in</th>
              </tr>
            </thead>
            <tbody>
              {findings.map((finding) => (
                <Row key={`${finding.rule} ${finding.node} ${finding.branch}`} finding={finding} />
              ))}
            </tbody>
          </table>
        </>
      )}
      <details className={styles.rules}>
        <summary>Rules and their thresholds</summary>
        <div className={styles.bar}>
          <span>By another threshold, the present step is asked anew.</span>
          <CopyCsv title="Rules" table={() => rulesTable(thresholds)} />
        </div>
        <table className={styles.table} aria-label="Rules">
          <thead>
            <tr>
              <th>rule</th>
              <th data-numeric>threshold</th>
              <th>unit</th>
              <th>the default’s source</th>
            </tr>
          </thead>
          <tbody>
            {ruleNames.map((rule) => (
              <RuleRow key={rule} rule={rule} />
            ))}
          </tbody>
        </table>
      </details>
    </div>
  );
}

function Row({ finding }: { readonly finding: Finding }) {
  const { rule, node, step, branch, measured, threshold, reason } = finding;
  const { title, view } = findingRules[rule];
  const canGo = useStore((state) => !state.running && currentBranch(state)?.id === branch);
  const viewTitle = views.find(({ id }) => id === view)?.title;
  return (
    <tr>
      <td className={styles.title}>
        <Icon name="warning" /> {title}
      </td>
      <td>
        {node === null ? (
          '—'
        ) : (
          <button type="button" className={styles.link} onClick={() => selectNode(node)}>
            <code>{node}</code>
          </button>
        )}
      </td>
      <td data-numeric>
        <button
          type="button"
          className={styles.link}
          disabled={!canGo}
          title={canGo ? 'Go to this step' : `On branch ${branch}; the session must rest there`}
          onClick={() => void goTo(step)}
        >
          {formatCount(step)}
        </button>
      </td>
      <td className={styles.reason}>{reason}</td>
      <td data-numeric>{formatShort(measured)}</td>
      <td data-numeric>{threshold === null ? '—' : formatShort(threshold)}</td>
      <td className={styles.unit}>{findingRules[rule].threshold?.unit ?? ''}</td>
      <td>
        <button
          type="button"
          className={styles.link}
          onClick={() => {
            showView(view);
            if (node !== null) selectNode(node);
          }}
        >
          {viewTitle}
        </button>
      </td>
    </tr>
  );
}

function RuleRow({ rule }: { readonly rule: RuleName }) {
  const { title, threshold, source } = findingRules[rule];
  return (
    <tr>
      <td className={styles.title}>{title}</td>
      <td data-numeric>{threshold === null ? '—' : <Threshold rule={rule} />}</td>
      <td>{threshold?.unit ?? ''}</td>
      <td className={styles.reason}>{source}</td>
    </tr>
  );
}

/** A number that Enter, or leaving the field, sets. */
function Threshold({ rule }: { readonly rule: RuleName }) {
  const { title, threshold } = findingRules[rule];
  const current = useStore((state) => state.findings.thresholds[rule]);
  const [text, setText] = useState<string | null>(null);
  if (threshold === null) return null;
  const { minimum, maximum, unit, value: usual } = threshold;
  const shown = text ?? String(current ?? usual);
  const { value, refusal } = readNumber(shown, { label: title, minimum, maximum, unit, integer: false });

  async function set(event?: FormEvent): Promise<void> {
    event?.preventDefault();
    if (text !== null && value !== null) await setThreshold(rule, value === usual ? null : value);
    setText(null);
  }

  return (
    <form className={styles.threshold} onSubmit={set}>
      {current === undefined ? null : (
        <button
          type="button"
          className={styles.link}
          title={`Back to ${usual}`}
          onClick={() => setThreshold(rule, null)}
        >
          default
        </button>
      )}
      <input
        aria-label={`Threshold of ${title}`}
        inputMode="decimal"
        autoComplete="off"
        value={shown}
        aria-invalid={refusal !== null}
        title={refusal ?? `${minimum} to ${maximum} ${unit}`}
        onChange={({ target }) => setText(target.value)}
        onBlur={() => void set()}
      />
    </form>
  );
}
