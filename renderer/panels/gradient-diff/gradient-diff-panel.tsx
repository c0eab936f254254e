import { Group, Panel, Separator } from 'react-resizable-panels';
import type { Check, CheckRow } from '../../../core/protocol/answers';
import { isFault } from '../../../core/protocol/headline';
import { defaultSettings } from '../../../core/protocol/settings';
import { isCodeCheck } from '../../state/lab';
import { configure, goTo } from '../../state/session-actions';
import { isStale, selectNode, useStore } from '../../state/store';
import { formatCount, formatIndex, formatShape, formatShort } from '../../ui/format';
import { VerdictChip } from '../../ui/verdict-chip';
import { useSelectedNode } from '../node-detail/use-selected-node';
import { type NodeColumn, NodeTable } from '../node-table/node-table';
import { CheckControls } from './check-controls';
import styles from './gradient-diff.module.css';
import { NodeComparison } from './node-comparison';
import { RootCauses } from './root-causes';
import { rowHelp } from './row-help';
import { summarise } from './summary';

const figure = (value: number | null, write: (value: number) => string) => (value === null ? '–' : write(value));
const truth = (value: boolean) => <span className={value ? undefined : styles.false}>{value ? 'True' : 'False'}</span>;

const columns: readonly NodeColumn<CheckRow>[] = [
  { title: 'verdict', cell: (row) => <VerdictChip verdict={row.verdict} /> },
  { title: 'shape', cell: (row) => formatShape(row.shape), needs: 'medium' },
  { title: 'exact', cell: (row) => truth(row.exact), needs: 'narrow' },
  { title: 'approximate', cell: (row) => truth(row.approximate), needs: 'narrow' },
  { title: 'maxdiff', cell: (row) => figure(row.maxdiff, (value) => formatShort(value, 2)), numeric: true },
  {
    title: 'bound',
    cell: (row) => figure(row.bound, (value) => formatShort(value, 2)),
    numeric: true,
    needs: 'narrow',
  },
  { title: 'max ULP', cell: (row) => figure(row.maxUlp, formatCount), numeric: true },
  {
    title: 'worst at',
    // Where nothing differs there is no worst.
    cell: (row) => (row.worstIndex === null || row.maxdiff === 0 ? '–' : formatIndex(row.worstIndex)),
    numeric: true,
    needs: 'narrow',
  },
  {
    title: 'why',
    cell: (row) => <span className={styles.why}>{why(row)}</span>,
    needs: 'wide',
  },
];

/** An exact row needs no reason. */
const why = ({ verdict, reason, notes }: CheckRow) => [...(verdict === 'exact' ? [] : [reason]), ...notes].join(' ');

/** Every line that gives an answer, where there are several. */
function linesOf({ line, answers }: CheckRow): string {
  const lines = answers.length > 1 ? answers.map((answer) => answer.line) : [line];
  return lines.map((number) => number ?? '–').join(', ');
}

/** The person’s own code has lines to name. */
const codeColumns: readonly NodeColumn<CheckRow>[] = [{ title: 'line', cell: linesOf, numeric: true }, ...columns];

/** The notebook's 26 comparisons, each with a verdict, and the numbers behind the selected one. */
export function GradientDiffPanel() {
  const session = useStore((state) => state.session);
  const check = useStore((state) => state.check);
  const selected = useSelectedNode();

  if (session === null) return <p className={styles.waiting}>Waiting for the session…</p>;
  if (session.backward === null) return <NoBackward />;
  return (
    <div className={styles.panel}>
      <div className={styles.bar}>
        <CheckControls chosen={check ?? session.backward} mistakes={session.mistakes} />
      </div>
      {check === null ? (
        <p className={styles.waiting}>Checking the backward pass…</p>
      ) : (
        <>
          <CheckSummary check={check} />
          <Group className={styles.split} orientation="vertical">
            <Panel id="rows" minSize={90} defaultSize="61%">
              <NodeTable
                label="Gradient diff"
                className={styles.table}
                rows={check.rows}
                nodeOf={(row) => row.node}
                head={{ title: 'node', cell: (row) => row.node }}
                columns={isCodeCheck(check) ? codeColumns : columns}
                hint={rowHelp}
                reveal={revealOf(check)}
              />
            </Panel>
            <Separator className={styles.separator} aria-label="Height of the table" />
            <Panel id="comparison" minSize={90}>
              {selected !== null && (
                <NodeComparison
                  selected={selected}
                  statements={check.statements}
                  mistakenTitle={isCodeCheck(check) ? 'a root cause' : 'the planted mistake'}
                />
              )}
            </Panel>
          </Group>
        </>
      )}
    </div>
  );
}

/** Another backward or another mistake shows where it fails first; further steps of it leave the table where it is. */
function revealOf({ backward, mistake, rows }: Check) {
  const fault = rows.find(({ verdict }) => isFault(verdict));
  return fault === undefined ? null : { node: fault.node, occasion: `${backward} ${mistake}` };
}

function CheckSummary({ check }: { readonly check: Check }) {
  return (
    <div className={styles.summary}>
      {isCodeCheck(check) ? <RootCauses check={check} /> : <Verdicts check={check} />}
      <GoToJudge check={check} />
      <CheckStep check={check} />
    </div>
  );
}

/** Where this step can judge nothing: to one that can. */
function GoToJudge({ check }: { readonly check: Check }) {
  const running = useStore((state) => state.running);
  const step = check.unjudged?.step ?? null;
  if (step === null) return null;
  return (
    <button type="button" disabled={running} onClick={() => void goTo(step)}>
      Go to step {formatCount(step)}
    </button>
  );
}

function Verdicts({ check }: { readonly check: Check }) {
  const { good, parts } = summarise(check);
  return (
    <p data-good={good}>
      <span aria-hidden="true">{good ? '✓' : '✗'}</span>{' '}
      {parts.map((part) =>
        typeof part === 'string' ? (
          part
        ) : (
          <button
            key={part.node}
            type="button"
            className={styles.culprit}
            title={`Select ${part.node}`}
            onClick={() => selectNode(part.node)}
          >
            {part.text}
          </button>
        ),
      )}
    </p>
  );
}

function CheckStep({ check }: { readonly check: Check }) {
  const step = useStore((state) => state.step);
  const stale = isStale(check, step);
  return (
    <span className={styles.step}>
      checked at step {formatCount(check.step)}
      {/* Always there, so that nothing moves when it appears. */}
      <span data-shown={stale} title="The session has moved on; the check follows">
        ↻<span className="visually-hidden">, checking again</span>
      </span>
    </span>
  );
}

function NoBackward() {
  return (
    <div className={styles.empty}>
      <h3>No hand-written backward to compare</h3>
      <p>
        The deep stack is differentiated by autograd alone: nobody wrote its backward pass by hand, so there is nothing
        to hold against it. Its gradients are under Gradients and Weights.
      </p>
      <p>The program decomposed-mlp has one, and mistakes to plant in it.</p>
      <button type="button" data-primary onClick={() => void configure(defaultSettings('decomposed-mlp'))}>
        Switch to decomposed-mlp
      </button>
    </div>
  );
}
