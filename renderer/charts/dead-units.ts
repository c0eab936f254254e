import { isSaturated, type LayerFrame } from '../../core/protocol/frame';

/** Units whose column of the map is white from top to bottom. */
export function deadUnits(layer: LayerFrame): number[] {
  const isDead = (column: number) => {
    for (let row = 0; row < layer.rows; row++) if (!isSaturated(layer, row, column)) return false;
    return true;
  };
  // Nearly every batch has none; the frame's count spares the search.
  if (layer.dead === 0) return [];
  return Array.from({ length: layer.columns }, (_, column) => column).filter(isDead);
}
