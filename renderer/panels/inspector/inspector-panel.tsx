import { useState } from 'react';
import type { Moments, NodeDetail, NodeKind } from '../../../core/protocol/answers';
import { CopyCsv } from '../../charts/copy-csv';
import type { TableData } from '../../charts/csv';
import { Figure } from '../../charts/figure';
import { useStore } from '../../state/store';
import { isNotComputed } from '../../state/walk';
import { formatCount, formatExponent, formatShape } from '../../ui/format';
import { VerdictChip } from '../../ui/verdict-chip';
import { BlameView } from '../blame/blame-view';
import { CellReadout } from '../node-detail/cell-readout';
import { cellTable, type QuantityName, quantitiesOf } from '../node-detail/quantities';
import { QuantityPicture } from '../node-detail/quantity-picture';
import { useSelectedNode } from '../node-detail/use-selected-node';
import { WindowPager } from '../node-detail/window-pager';
import styles from './inspector.module.css';

const kindTitles: Readonly<Record<NodeKind, string>> = {
  parameter: 'parameter',
  intermediate: 'intermediate',
  loss: 'loss',
};

/** Short, because four of them stand side by side. */
const tabTitles: Readonly<Record<QuantityName, string>> = {
  value: 'value',
  gradient: 'grad',
  manual: 'yours',
  difference: 'diff',
};

const momentNames = ['mean', 'std', 'minimum', 'maximum'] as const satisfies readonly (keyof Moments)[];

/** The selected node at a glance, beside every view. */
export function InspectorPanel() {
  const selected = useSelectedNode();
  const [wished, setWished] = useState<QuantityName>('value');

  if (selected === null) {
    return <p className={styles.empty}>Choose a node in the list, a table or a chart to see its numbers here.</p>;
  }
  const { node, row, detail, cursor, setCursor } = selected;
  const names = quantitiesOf(row !== null);
  const shown = names.includes(wished) ? wished : 'value';
  const elements = node.shape.reduce((product, size) => product * size, 1);
  return (
    <div className={styles.panel}>
      <header className={styles.head}>
        <h2>{node.name}</h2>
        {row !== null && <VerdictChip verdict={row.verdict} />}
      </header>
      <dl className={styles.facts}>
        <dt>kind</dt>
        <dd>
          {kindTitles[node.kind]}, {node.group}
        </dd>
        <dt>shape</dt>
        <dd>
          {formatShape(node.shape)} · {formatCount(elements)} {elements === 1 ? 'element' : 'elements'}
        </dd>
        <dt>formula</dt>
        <dd>{node.formula === '' ? 'trained, not computed' : <code>{node.formula}</code>}</dd>
      </dl>
      {detail === null ? (
        <p className={styles.empty}>Fetching the numbers of {node.name}…</p>
      ) : (
        <>
          <MomentsTable detail={detail} />
          <Progress detail={detail} />
          <Figure
            className={styles.figure}
            title={`Cells of ${node.name}`}
            table={() => cellTable(detail)}
            controls={<WindowPager detail={detail} />}
          >
            <div className={styles.picture}>
              <QuantityTabs names={names} shown={shown} onShow={setWished} />
              <QuantityPicture detail={detail} name={shown} cursor={cursor} onCursor={setCursor} />
            </div>
          </Figure>
          <div className={styles.readout}>
            <CellReadout detail={detail} cursor={cursor} isChecked={row !== null} />
          </div>
          <BlameView node={node.name} />
        </>
      )}
    </div>
  );
}

/** Within a step: what of the node there is not yet. */
function Progress({ detail }: { readonly detail: NodeDetail }) {
  const isWithin = useStore((state) => state.position !== null);
  const hasNoValue = useStore((state) => isNotComputed(state, detail.node));
  if (!isWithin) return null;
  if (hasNoValue) return <p className={styles.pending}>Not computed yet: the step has not come to {detail.node}.</p>;
  if (!Number.isNaN(detail.gradient.moments.mean)) return null;
  return <p className={styles.pending}>Gradient not computed yet: the walk back has not come to {detail.node}.</p>;
}

/** The moments at full precision, to be taken away. */
function momentsTable({ value, gradient }: NodeDetail): TableData {
  return {
    columns: ['moment', 'value', 'gradient'],
    rows: momentNames.map((name) => [name, value.moments[name], gradient.moments[name]]),
  };
}

function MomentsTable({ detail }: { readonly detail: NodeDetail }) {
  const running = useStore((state) => state.running);
  return (
    <table className={styles.moments}>
      <caption>
        <div className={styles.momentsBar}>
          <span>
            At step {formatCount(detail.step)}
            {running ? ', running' : ''}
          </span>
          <CopyCsv title="Moments" table={() => momentsTable(detail)} />
        </div>
      </caption>
      <thead>
        <tr>
          <td />
          <th scope="col">value</th>
          <th scope="col">gradient</th>
        </tr>
      </thead>
      <tbody>
        {momentNames.map((name) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{formatExponent(detail.value.moments[name], 4, name !== 'std')}</td>
            <td>{formatExponent(detail.gradient.moments[name], 4, name !== 'std')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface QuantityTabsProps {
  readonly names: readonly QuantityName[];
  readonly shown: QuantityName;
  readonly onShow: (name: QuantityName) => void;
}

/** Radio buttons, which bring their own arrow keys. */
function QuantityTabs({ names, shown, onShow }: QuantityTabsProps) {
  return (
    <fieldset className={styles.tabs}>
      <legend className="visually-hidden">Quantity</legend>
      {names.map((name) => (
        <label key={name} data-shown={name === shown}>
          <input
            type="radio"
            name="inspector-quantity"
            className="visually-hidden"
            checked={name === shown}
            onChange={() => onShow(name)}
          />
          {tabTitles[name]}
        </label>
      ))}
    </fieldset>
  );
}
