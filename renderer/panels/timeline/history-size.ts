import type { HistorySize } from '../../../core/protocol/timeline';
import { formatCount, formatFixed } from '../../ui/format';

/** "The history keeps 12,345 steps and 25 snapshots in 1.4 MiB of memory." */
export function describeSize({ steps, snapshots, bytes }: HistorySize): string {
  const kept = `${counted(steps, 'step')} and ${counted(snapshots, 'snapshot')}`;
  return `The history keeps ${kept} in ${formatFixed(bytes / 2 ** 20, 1)} MiB of memory.`;
}

const counted = (count: number, unit: string) => `${formatCount(count)} ${unit}${count === 1 ? '' : 's'}`;
