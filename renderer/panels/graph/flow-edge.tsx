import { type Edge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from '@xyflow/react';
import type { TensorSummary } from '../../../core/protocol/ops';
import { figure } from './figure';
import styles from './graph.module.css';

export type FlowEdgeData = { readonly tensor: TensorSummary | null };

/** How far the two ways are apart, in pixels. */
const gap = 3;

/** A value going down and, beside it, its gradient coming up. */
export function FlowEdge({ sourceX, sourceY, targetX, targetY, data }: EdgeProps<Edge<FlowEdgeData>>) {
  const [forward, x, y] = getBezierPath({ sourceX: sourceX - gap, sourceY, targetX: targetX - gap, targetY });
  const [backward] = getBezierPath({ sourceX: sourceX + gap, sourceY, targetX: targetX + gap, targetY });
  const tensor = data?.tensor ?? null;
  const value = figure(tensor?.value ?? null);
  const gradient = figure(tensor?.gradient ?? null);
  return (
    <>
      <path d={forward} className={styles.forward} data-flowing={value !== null || undefined} />
      {tensor?.gradient == null ? null : (
        <path d={backward} className={styles.backward} data-flowing={gradient !== null || undefined} />
      )}
      <EdgeLabelRenderer>
        <div className={styles.label} style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}>
          {value === null ? null : <span>{value}</span>}
          {gradient === null ? null : <span className={styles.gradient}>{gradient}</span>}
        </div>
      </EdgeLabelRenderer>
    </>
  );
}
