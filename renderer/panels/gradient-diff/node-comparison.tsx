import type { StatementDescription } from '../../../core/protocol/answers';
import { Figure } from '../../charts/figure';
import { CellReadout } from '../node-detail/cell-readout';
import { cellTable, quantitiesOf, quantityTitles } from '../node-detail/quantities';
import { QuantityPicture } from '../node-detail/quantity-picture';
import type { SelectedNode } from '../node-detail/use-selected-node';
import { WindowPager } from '../node-detail/window-pager';
import styles from './gradient-diff.module.css';
import { RowFacts } from './row-facts';

interface NodeComparisonProps {
  readonly selected: SelectedNode;
  readonly statements: readonly StatementDescription[];
  /** What a mistaken statement is called. */
  readonly mistakenTitle: string;
}

/** The selected node: its formulas, and value and gradients side by side with one cursor. */
export function NodeComparison({ selected, statements, mistakenTitle }: NodeComparisonProps) {
  const { node, row, detail, cursor, setCursor } = selected;
  const own = statements.filter((statement) => statement.node === node.name);
  return (
    <section className={styles.comparison} aria-label={`Comparison of ${node.name}`}>
      <div className={styles.formulas}>
        <Formula title="forward" text={node.formula === '' ? `${node.name} is a parameter` : node.formula} />
        {own.map((statement) => (
          <Formula
            key={statement.line}
            title={`backward, line ${statement.line}`}
            text={statement.formula}
            flaw={statement.mistaken ? mistakenTitle : null}
          />
        ))}
        {row !== null && <RowFacts row={row} />}
      </div>
      {detail === null ? (
        <p className={styles.waiting}>Fetching the numbers of {node.name}…</p>
      ) : (
        <div className={styles.numbers}>
          <Figure
            className={styles.figure}
            title={`${node.name}: value and gradients`}
            table={() => cellTable(detail)}
            controls={<WindowPager detail={detail} />}
          >
            <div className={styles.quantities}>
              {quantitiesOf(row !== null).map((name) => (
                <div key={name} className={styles.quantity}>
                  <h4>{quantityTitles[name]}</h4>
                  <QuantityPicture detail={detail} name={name} cursor={cursor} onCursor={setCursor} />
                </div>
              ))}
            </div>
          </Figure>
          <div className={styles.readout}>
            <CellReadout detail={detail} cursor={cursor} isChecked={row !== null} />
          </div>
        </div>
      )}
    </section>
  );
}

interface FormulaProps {
  readonly title: string;
  readonly text: string;
  /** What is wrong with it. */
  readonly flaw?: string | null;
}

function Formula({ title, text, flaw = null }: FormulaProps) {
  return (
    <p className={styles.formula}>
      <span className="muted">{title}</span>
      <code>{text}</code>
      {flaw !== null && <strong>{flaw}</strong>}
    </p>
  );
}
