import type { Moments } from '../../../core/protocol/answers';
import { formatShort } from '../../ui/format';

/** What an edge says of a tensor: "σ 0.63"; a single number as it is; null while it is not computed. */
export function figure(moments: Moments | null): string | null {
  if (moments === null || Number.isNaN(moments.mean)) return null;
  return Number.isNaN(moments.std) ? formatShort(moments.mean) : `σ ${formatShort(moments.std)}`;
}
