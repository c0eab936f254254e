import { type Edge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import type { TensorSummary } from '../../../core/protocol/ops';
import { curveThrough } from './curve';
import { figure } from './figure';
import styles from './graph.module.css';
import type { GraphEdge } from './layout';

export type FlowEdgeData = { readonly tensor: TensorSummary | null; readonly edge: GraphEdge };

/** How far the two ways are apart, in pixels. */
const gap = 3;

/** A value going down and, beside it, its gradient coming up. */
export function FlowEdge({ data }: EdgeProps<Edge<FlowEdgeData>>) {
  if (data === undefined) return null;
  const { points, label } = data.edge;
  const { tensor } = data;
  const value = figure(tensor?.value ?? null);
  const gradient = figure(tensor?.gradient ?? null);
  return (
    <>
      <path d={curveThrough(points, -gap)} className={styles.forward} data-flowing={value !== null || undefined} />
      {tensor?.gradient == null ? null : (
        <path d={curveThrough(points, gap)} className={styles.backward} data-flowing={gradient !== null || undefined} />
      )}
      <EdgeLabelRenderer>
        <div
          className={styles.label}
          style={{ transform: `translate(-50%, -50%) translate(${label.x}px, ${label.y}px)` }}
        >
          {value === null ? null : <span>{value}</span>}
          {gradient === null ? null : <span className={styles.gradient}>{gradient}</span>}
        </div>
      </EdgeLabelRenderer>
    </>
  );
}
