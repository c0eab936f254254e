import type { BreakpointState } from '../../../core/protocol/breakpoints';
import { CopyCsv } from '../../charts/copy-csv';
import { enableBreakpoint, heedBreakpoints, removeBreakpoint } from '../../state/breakpoint-actions';
import { selectNode, useStore } from '../../state/store';
import { formatCount } from '../../ui/format';
import { Icon } from '../../ui/icon';
import { BreakpointForm } from './breakpoint-form';
import styles from './breakpoints.module.css';
import { breakpointsTable, wordsOf } from './breakpoints-table';

/** Every breakpoint, and the line to write another. */
export function BreakpointsPanel() {
  const { isActive, states, stop } = useStore((state) => state.breakpoints);
  const stoppedBy = useStore((state) => (!state.running && stop?.step === state.step ? stop.id : null));
  return (
    <div className={styles.panel}>
      <BreakpointForm />
      {states.length === 0 ? (
        <p className={styles.empty}>
          No breakpoints. Write a condition above, or press F9 to stop where the selected node’s gradient is computed.
        </p>
      ) : (
        <>
          <div className={styles.bar}>
            <label className={styles.heed}>
              <input
                type="checkbox"
                checked={isActive}
                onChange={({ target }) => void heedBreakpoints(target.checked)}
              />
              Heed breakpoints
            </label>
            <CopyCsv title="Breakpoints" table={() => breakpointsTable(states)} />
          </div>
          <table className={styles.table} aria-label="Breakpoints" data-inactive={!isActive || undefined}>
            <thead>
              <tr>
                <th>on</th>
                <th>stops where</th>
                <th>logs instead</th>
                <th data-numeric>skips</th>
                <th data-numeric>hits</th>
                <th>
                  <span className="visually-hidden">remove</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {states.map((state) => (
                <Row key={state.breakpoint.id} state={state} isStop={state.breakpoint.id === stoppedBy} />
              ))}
            </tbody>
          </table>
        </>
      )}
    </div>
  );
}

function Row({
  state: { breakpoint, hits, error },
  isStop,
}: {
  readonly state: BreakpointState;
  readonly isStop: boolean;
}) {
  const words = wordsOf(breakpoint);
  return (
    <tr data-stop={isStop || undefined}>
      <td>
        <input
          type="checkbox"
          aria-label={`Enable ${words}`}
          checked={breakpoint.isEnabled}
          onChange={({ target }) => void enableBreakpoint(breakpoint.id, target.checked)}
        />
      </td>
      <td className={styles.where}>
        {breakpoint.kind === 'node' ? (
          <button type="button" className={styles.node} onClick={() => selectNode(breakpoint.node)}>
            {words}
          </button>
        ) : (
          <code>{words}</code>
        )}
        {isStop ? <span className={styles.here}>stopped here</span> : null}
        {error === null ? null : (
          <p className={styles.error}>
            <Icon name="warning" /> {error}
          </p>
        )}
      </td>
      <td>{breakpoint.log === null ? '—' : <code>{breakpoint.log}</code>}</td>
      <td data-numeric>{formatCount(breakpoint.skip)}</td>
      <td data-numeric>{formatCount(hits)}</td>
      <td>
        <button
          type="button"
          className={styles.remove}
          aria-label={`Remove ${words}`}
          title="Remove"
          onClick={() => void removeBreakpoint(breakpoint.id)}
        >
          <Icon name="close" />
        </button>
      </td>
    </tr>
  );
}
