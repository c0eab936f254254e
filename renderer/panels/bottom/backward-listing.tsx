import { type KeyboardEvent, useId, useRef, useState } from 'react';
import type { BackwardDescription, Check } from '../../../core/protocol/answers';
import { isStale, selectNode, useStore } from '../../state/store';
import { Icon } from '../../ui/icon';
import { moveInList } from '../../ui/list-keys';
import { useInSight } from '../../ui/use-in-sight';
import { VerdictChip } from '../../ui/verdict-chip';
import styles from './bottom-panel.module.css';

/** The hand-written backward pass, a line a gradient. Choosing a line selects its node in the whole window. */
export function BackwardListing() {
  // The check knows of a mistake planted since the session began.
  const backward = useStore((state) => state.check ?? state.session?.backward ?? null);
  const program = useStore((state) => state.session?.settings.program);
  if (program === undefined) return <p className={styles.empty}>No session yet.</p>;
  if (backward === null) {
    return (
      <p className={styles.empty}>
        {program} has no hand-written backward; its gradients are autograd’s alone. Choose decomposed-mlp to check one.
      </p>
    );
  }
  return <Listing backward={backward} />;
}

function Listing({ backward }: { readonly backward: BackwardDescription | Check }) {
  const prefix = useId();
  const selectedNode = useStore((state) => state.selectedNode);
  const check = useStore((state) => state.check);
  const staleStep = useStore((state) => (isStale(state.check, state.step) ? state.check?.step : undefined));
  // A node may have several lines: which of them was last chosen is nobody else's business.
  const [chosenLine, setChosenLine] = useState<number | null>(null);

  const { statements } = backward;
  const isChosen = statements.some(({ line, node }) => line === chosenLine && node === selectedNode);
  const currentLine = isChosen ? chosenLine : (statements.find(({ node }) => node === selectedNode)?.line ?? null);
  const list = useRef<HTMLDivElement>(null);
  useInSight(list, '[aria-selected="true"]', currentLine);
  // A mistake just planted matters more than what was selected before.
  useInSight(list, '[data-mistaken]', backward.mistake, 'center');

  function choose(line: number): void {
    const statement = statements.find((candidate) => candidate.line === line);
    if (statement === undefined) return;
    setChosenLine(line);
    selectNode(statement.node);
  }

  function press(event: KeyboardEvent): void {
    const current = statements.findIndex(({ line }) => line === currentLine);
    const target = moveInList(event.key, current, statements.length);
    const statement = target === null ? undefined : statements[target];
    if (statement === undefined) return;
    event.preventDefault();
    choose(statement.line);
  }

  return (
    <div
      ref={list}
      role="listbox"
      aria-label={`Lines of the ${backward.backward} backward`}
      aria-activedescendant={currentLine === null ? undefined : `${prefix}-${currentLine}`}
      tabIndex={0}
      className={styles.listing}
      onKeyDown={press}
      onClick={({ target }) => {
        const line = target instanceof Element ? target.closest<HTMLElement>('[data-line]')?.dataset.line : undefined;
        if (line !== undefined) choose(Number(line));
      }}
    >
      {statements.map(({ line, node, formula, mistaken }) => {
        const verdict = check?.rows.find((row) => row.node === node)?.verdict;
        return (
          <div
            key={line}
            id={`${prefix}-${line}`}
            role="option"
            aria-selected={line === currentLine}
            tabIndex={-1}
            className={styles.line}
            data-line={line}
            data-same-node={node === selectedNode || undefined}
            data-mistaken={mistaken || undefined}
          >
            <span className={styles.number}>{line}</span>
            <span className={styles.verdict}>
              {verdict === undefined ? null : <VerdictChip verdict={verdict} compact staleStep={staleStep} />}
            </span>
            <code>{formula}</code>
            {mistaken ? (
              <span className={`${styles.planted} ${styles.here}`}>
                <Icon name="planted" /> planted mistake
              </span>
            ) : null}
          </div>
        );
      })}
    </div>
  );
}
