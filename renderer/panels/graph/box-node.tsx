import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { findingRules } from '../../../core/protocol/findings';
import { useStore } from '../../state/store';
import { Icon } from '../../ui/icon';
import { VerdictChip } from '../../ui/verdict-chip';
import styles from './graph.module.css';
import type { GraphBox } from './layout';

export type BoxNodeData = { readonly box: GraphBox };

/** One box: the op and the tensor it makes, with the verdict on it and what was found about it. */
export function BoxNode({ data: { box } }: NodeProps<Node<BoxNodeData>>) {
  const { tensor, op, title, isNode } = box;
  const isCurrent = useStore((state) => op !== null && state.position?.op === op);
  const phase = useStore((state) => state.position?.phase);
  const isPending = useStore(
    ({ position }) =>
      op !== null &&
      position !== null &&
      position.phase !== 'backward' &&
      op > (position.op ?? Number.NEGATIVE_INFINITY),
  );
  const isSelected = useStore((state) => state.selectedNode === tensor);
  const verdict = useStore((state) => state.check?.rows.find(({ node }) => node === tensor)?.verdict);
  const found = useStore(({ findings: { findings } }) =>
    findings.flatMap(({ rule, node }) => (node === tensor ? findingRules[rule].title : [])).join(', '),
  );
  return (
    <div
      className={styles.box}
      data-kind={op === null ? title : 'op'}
      data-current={isCurrent ? phase : undefined}
      data-pending={isPending || undefined}
      data-selected={isSelected || undefined}
    >
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <span className={styles.op}>{title}</span>
      <span className={styles.name}>
        {isNode || op === null ? tensor : ''}
        {verdict === undefined ? null : <VerdictChip verdict={verdict} compact />}
        {found === '' ? null : (
          <span className={styles.finding} title={found}>
            <Icon name="warning" />
          </span>
        )}
      </span>
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  );
}
