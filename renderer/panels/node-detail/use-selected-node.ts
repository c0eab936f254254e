import { useMemo } from 'react';
import { create } from 'zustand';
import type { CheckRow, NodeDescription, NodeDetail } from '../../../core/protocol/answers';
import { clampCell } from '../../charts/cell-cursor';
import { type Cell, fold } from '../../charts/fold';
import { useStore } from '../../state/store';

/** The cell a person points at. It belongs to one node and is gone with it. */
const useCursor = create<{ readonly node: string | null; readonly cell: Cell }>()(() => ({
  node: null,
  cell: { row: 0, column: 0 },
}));

/** The selected node as all its views show it. */
export interface SelectedNode {
  readonly node: NodeDescription;
  /** Its row of the newest check; null where there is none. */
  readonly row: CheckRow | null;
  /** Null until its numbers have come. */
  readonly detail: NodeDetail | null;
  /** A cell of the whole fold, inside the detail's window. */
  readonly cursor: Cell;
  readonly setCursor: (cell: Cell) => void;
}

/** The selected node with its numbers and the cursor that all its pictures share; null where none is selected. */
export function useSelectedNode(): SelectedNode | null {
  const name = useStore((state) => state.selectedNode);
  const node = useStore((state) => state.session?.nodes.find((candidate) => candidate.name === state.selectedNode));
  const row = useStore((state) => state.check?.rows.find((candidate) => candidate.node === state.selectedNode) ?? null);
  const newest = useStore((state) => state.detail);
  const chosen = useCursor();

  return useMemo(() => {
    if (node === undefined) return null;
    const detail = newest?.node === name ? newest : null;
    // Nobody has pointed anywhere yet: begin where manual and autograd differ most.
    const start = row?.worstIndex ? fold(row.worstIndex, row.shape) : { row: 0, column: 0 };
    const wished = chosen.node === name ? chosen.cell : start;
    return {
      node,
      row,
      detail,
      cursor: detail === null ? wished : clampToWindow(wished, detail.window),
      setCursor: (cell) => useCursor.setState({ node: node.name, cell }),
    };
  }, [name, node, row, newest, chosen]);
}

function clampToWindow(cell: Cell, window: NodeDetail['window']): Cell {
  const inside = clampCell({ row: cell.row - window.row, column: cell.column - window.column }, window);
  return { row: inside.row + window.row, column: inside.column + window.column };
}
