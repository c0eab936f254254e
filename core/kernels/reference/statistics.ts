import type { Tensor } from '../../tensor/tensor';
import type { Kernel } from '../kernels';
import { histogram as histogramOf } from './histogram';
import { moments as momentsOf } from './moments';
import { saturation as saturationOf } from './saturation';

export function moments(out: Tensor, x: Tensor): Kernel {
  return () => {
    const { mean, std, minimum, maximum } = momentsOf(x.values());
    out.copyFrom([mean, std, minimum, maximum]);
  };
}

export function distribution(out: Tensor, range: Tensor, density: Tensor, x: Tensor): Kernel {
  const first = moments(out, x);
  return () => {
    first();
    const { minimum, maximum, density: densities } = histogramOf(x.values());
    range.copyFrom([minimum, maximum]);
    density.copyFrom(densities);
  };
}

export function saturation(map: Tensor, totals: Tensor, x: Tensor, threshold: number): Kernel {
  const [rows, columns] = x.shape;
  return () => {
    const marked = saturationOf(x.values(), rows, columns, threshold);
    map.copyFrom(new Int32Array(marked.map.buffer));
    totals.copyFrom([marked.cells, marked.dead]);
  };
}
