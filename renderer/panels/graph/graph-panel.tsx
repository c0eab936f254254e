import {
  Background,
  Controls,
  type Edge,
  MiniMap,
  type Node,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { useEffect, useMemo, useState } from 'react';
import type { SessionDescription } from '../../../core/protocol/answers';
import type { TensorSummary } from '../../../core/protocol/ops';
import { useChartTheme } from '../../charts/chart-theme';
import { CopyCsv } from '../../charts/copy-csv';
import { DataTable } from '../../charts/data-table';
import { renderSvg } from '../../charts/picture';
import { savePicture } from '../../state/session-actions';
import { chooseOp, notify, selectNode, useStore } from '../../state/store';
import { formatShape } from '../../ui/format';
import { BoxNode, type BoxNodeData } from './box-node';
import { FlowEdge, type FlowEdgeData } from './flow-edge';
import styles from './graph.module.css';
import { graphSvg } from './graph-picture';
import { boxSize, type GraphBox, layOut } from './layout';
import { OpPanel } from './op-panel';

const miniMapSize = { width: 96, height: 120 };
const nodeTypes = { box: BoxNode };
const edgeTypes = { flow: FlowEdge };

/** The forward pass as a graph: values downwards, gradients upwards in a colour of their own. */
export function GraphPanel() {
  const session = useStore((state) => state.session);
  return session === null ? null : (
    <ReactFlowProvider>
      <Graph session={session} />
    </ReactFlowProvider>
  );
}

function Graph({ session }: { readonly session: SessionDescription }) {
  const [showsTable, setShowsTable] = useState(false);
  const flow = useStore((state) => state.flow);
  const { boxes, edges } = useMemo(() => layOut(session), [session]);
  const tensors = useMemo(() => new Map(flow?.tensors.map((tensor) => [tensor.name, tensor])), [flow]);
  const table = () => tableOf([...tensors.values()]);
  const theme = useChartTheme();
  const save = async () => {
    try {
      const { svg, width, height } = graphSvg(boxes, edges, tensors, theme);
      await savePicture('graph.png', await renderSvg(svg, width, height));
    } catch (error) {
      notify('error', `The graph could not be saved. ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  return (
    <div className={styles.panel}>
      <header className={styles.header}>
        <h3>Graph</h3>
        <p className={styles.legend}>
          <span className={styles.forwardKey}>forward value</span> <span className={styles.backwardKey}>gradient</span>
        </p>
        <div className={styles.buttons}>
          <button type="button" aria-pressed={showsTable} onClick={() => setShowsTable(!showsTable)}>
            Table
          </button>
          <CopyCsv title="Graph" table={table} />
          <button type="button" onClick={() => void save()}>
            Save as PNG
          </button>
        </div>
      </header>
      {showsTable ? (
        <DataTable {...table()} />
      ) : (
        <div className={styles.split}>
          <div className={styles.canvas}>
            <Canvas boxes={boxes} edges={edges} tensors={tensors} />
          </div>
          <OpPanel />
        </div>
      )}
    </div>
  );
}

interface CanvasProps {
  readonly boxes: readonly GraphBox[];
  readonly edges: ReturnType<typeof layOut>['edges'];
  readonly tensors: ReadonlyMap<string, TensorSummary>;
}

function Canvas({ boxes, edges, tensors }: CanvasProps) {
  const nodes = useMemo(
    () =>
      boxes.map(
        (box): Node<BoxNodeData> => ({
          id: box.tensor,
          type: 'box',
          position: { x: box.x, y: box.y },
          ...boxSize,
          data: { box },
          ariaLabel: `${box.tensor}, ${box.title}`,
        }),
      ),
    [boxes],
  );
  const drawn = useMemo(
    () =>
      edges.map(
        (edge): Edge<FlowEdgeData> => ({
          id: edge.id,
          type: 'flow',
          source: edge.from,
          target: edge.to,
          focusable: false,
          data: { tensor: tensors.get(edge.from) ?? null, edge },
        }),
      ),
    [edges, tensors],
  );
  const choose = (tensor: string) => {
    const box = boxes.find((candidate) => candidate.tensor === tensor);
    chooseOp(box?.op ?? null);
    if (box?.isNode) selectNode(tensor);
  };

  return (
    <ReactFlow
      nodes={nodes}
      edges={drawn}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      nodesDraggable={false}
      nodesConnectable={false}
      deleteKeyCode={null}
      minZoom={0.1}
      onNodeClick={(_, { id }) => choose(id)}
      onNodesChange={(changes) => {
        // Enter or Space on a focused box chooses it, as a click does.
        for (const change of changes) if (change.type === 'select' && change.selected) choose(change.id);
      }}
      proOptions={{ hideAttribution: true }}
      aria-label="Graph of the forward pass"
    >
      <Background gap={24} />
      <Controls showInteractive={false} />
      <MiniMap pannable zoomable style={miniMapSize} className={styles.miniMap ?? ''} ariaLabel="The whole graph" />
      <Follow boxes={boxes} />
    </ReactFlow>
  );
}

/** Keeps the op at which the session stands in sight; at rest, the selected node. */
function Follow({ boxes }: { readonly boxes: readonly GraphBox[] }) {
  const { setCenter } = useReactFlow();
  const current = useStore((state) => state.position?.op ?? null);
  const selected = useStore((state) => state.selectedNode);
  const target =
    (current === null ? undefined : boxes.find(({ op }) => op === current)) ??
    boxes.find(({ tensor }) => tensor === selected) ??
    boxes[0];
  useEffect(() => {
    if (target === undefined) return;
    void setCenter(target.x + boxSize.width / 2, target.y + boxSize.height / 2, { zoom: 0.9 });
  }, [target, setCenter]);
  return null;
}

const tableOf = (tensors: readonly TensorSummary[]) => ({
  columns: ['tensor', 'shape', 'value mean', 'value std', 'gradient mean', 'gradient std'],
  rows: tensors.map(({ name, shape, value, gradient }) => [
    name,
    formatShape(shape),
    value.mean,
    value.std,
    gradient?.mean ?? '',
    gradient?.std ?? '',
  ]),
});
