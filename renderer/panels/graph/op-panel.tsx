import type { OpDetail, TensorSummary } from '../../../core/protocol/ops';
import { CopyCsv } from '../../charts/copy-csv';
import { useStore } from '../../state/store';
import { shownOp } from '../../state/walk';
import { formatShape, formatShort } from '../../ui/format';
import styles from './graph.module.css';
import { opTable } from './op-table';

/** The numbers of one op: what it read, what it made, and backwards what it adds to whose gradient. */
export function OpPanel() {
  const op = useStore(shownOp);
  const detail = useStore((state) => (state.opDetail?.op === op ? state.opDetail : null));
  const description = useStore((state) => (op === null ? undefined : state.session?.ops[op]));
  if (op === null || description === undefined) {
    return (
      <aside className={styles.opPanel} aria-label="Op">
        <p className={styles.hint}>Choose a box, or step op by op (F11), to see what an op reads and makes.</p>
      </aside>
    );
  }
  return (
    <aside className={styles.opPanel} aria-label="Op">
      <header className={styles.opHeader}>
        <h4>
          op {op + 1}: {description.op}
        </h4>
        {detail === null ? null : <CopyCsv title="Op" table={() => opTable(detail)} />}
      </header>
      {detail === null ? <p className={styles.hint}>Fetching its numbers…</p> : <Detail detail={detail} />}
    </aside>
  );
}

function Detail({ detail }: { readonly detail: OpDetail }) {
  return (
    <>
      <Tensors title="reads" tensors={detail.inputs} />
      <Tensors title="makes" tensors={[detail.output]} />
      <table>
        <caption>adds to gradients</caption>
        {detail.contributions.length === 0 ? (
          <tbody>
            <tr>
              <td>nothing: the walk back has not come to it, or no gradient goes through it</td>
            </tr>
          </tbody>
        ) : (
          <>
            <thead>
              <tr>
                <th scope="col">gradient</th>
                <th scope="col">part</th>
                <th scope="col">mean</th>
                <th scope="col">std</th>
              </tr>
            </thead>
            <tbody>
              {detail.contributions.map(({ to, part, parts, contribution }) => (
                <tr key={to}>
                  <th scope="row">d{to}</th>
                  <td>
                    {part} of {parts}
                  </td>
                  <td>{formatShort(contribution.mean)}</td>
                  <td>{formatShort(contribution.std)}</td>
                </tr>
              ))}
            </tbody>
          </>
        )}
      </table>
    </>
  );
}

function Tensors({ title, tensors }: { readonly title: string; readonly tensors: readonly TensorSummary[] }) {
  return (
    <table>
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">tensor</th>
          <th scope="col">shape</th>
          <th scope="col">mean</th>
          <th scope="col">std</th>
          <th scope="col">grad std</th>
        </tr>
      </thead>
      <tbody>
        {tensors.map(({ name, shape, value, gradient }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{formatShape(shape)}</td>
            <td>{formatShort(value.mean)}</td>
            <td>{formatShort(value.std)}</td>
            <td>{gradient === null ? '—' : formatShort(gradient.std)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
