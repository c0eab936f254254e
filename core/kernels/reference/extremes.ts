import type { Tensor } from '../../tensor/tensor';
import type { Kernel } from '../kernels';
import type { ExtremeKind } from '../reductions';
import { keptAlong, keptOf, ReductionPlan } from './reduction-plan';

/** Whether a number takes the place of the best so far. Its own opposite stands for it where the smallest is looked for. */
function takes(value: number, best: number): boolean {
  return value > best || (Number.isNaN(value) && !Number.isNaN(best));
}

export function extreme(kind: ExtremeKind, values: Tensor | null, positions: Tensor | null, x: Tensor): Kernel {
  const outputs = [values, positions].filter((output) => output !== null);
  const [{ shape }] = outputs;
  const plan = new ReductionPlan(keptOf(shape, x.shape), outputs, [x]);
  const { reduced, places } = plan;
  const { steps, length } = reduced;
  const sign = kind === 'max' ? 1 : -1;
  const visit = () => {
    const data = x.storage.data;
    let best = sign * data[reduced.offsets[0]];
    let position = 0;
    let first = 0;
    do {
      for (let i = 0; i < length; i++) {
        const value = sign * data[reduced.offsets[0] + i * steps[0]];
        if (!takes(value, best)) continue;
        best = value;
        position = first + i;
      }
      first += length;
    } while (reduced.next());
    if (values !== null) values.storage.data[places[0]] = sign * best;
    if (positions !== null) positions.storage.data[places[places.length - 1]] = position;
  };
  return () => plan.forEach(visit);
}

export function shareAmongTies(out: Tensor, gradient: Tensor, x: Tensor, largest: Tensor, isNaNTie: boolean): Kernel {
  const plan = new ReductionPlan(keptOf(gradient.shape, x.shape), [gradient, largest], [x, out]);
  const { reduced, places } = plan;
  const { offsets, steps, length } = reduced;
  const isTie = (value: number, best: number) =>
    value === best || (isNaNTie && Number.isNaN(value) && Number.isNaN(best));
  const visit = () => {
    const data = x.storage.data;
    const outData = out.storage.data;
    const upstream = gradient.storage.data[places[0]];
    const best = largest.storage.data[places[1]];
    let count = 0;
    do for (let i = 0; i < length; i++) count += Number(isTie(data[offsets[0] + i * steps[0]], best));
    while (reduced.next());
    const share = upstream / count;
    // (grad * mask) / mask.sum(), where no tie is asked for among what is not a number.
    const other = isNaNTie ? 0 : (upstream * 0) / count;
    do {
      for (let i = 0; i < length; i++) {
        outData[offsets[1] + i * steps[1]] = isTie(data[offsets[0] + i * steps[0]], best) ? share : other;
      }
    } while (reduced.next());
  };
  return () => plan.forEach(visit);
}

export function putAlong(out: Tensor, values: Tensor, positions: Tensor, dim: number): Kernel {
  const plan = new ReductionPlan(keptAlong(out.shape, dim), [values, positions], [out]);
  const { reduced, places } = plan;
  const { elements, offset } = out;
  const visit = () => {
    const at = reduced.offsets[0] + positions.storage.data[places[1]] * reduced.steps[0];
    out.storage.data[at] = values.storage.data[places[0]];
  };
  return () => {
    out.storage.data.fill(0, offset, offset + elements);
    plan.forEach(visit);
  };
}
