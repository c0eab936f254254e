import type { BranchDescription } from '../../../core/protocol/timeline';
import { switchBranch } from '../../state/session-actions';
import { useStore } from '../../state/store';
import { formatCount, formatShort } from '../../ui/format';
import styles from './timeline.module.css';

/** The courses of training of this session, once there is more than one; choosing one stands at its farthest step. */
export function Branches() {
  const branches = useStore((state) => state.timeline?.branches);
  const running = useStore((state) => state.running);
  if (branches === undefined || branches.length < 2) return <p className="muted">loss by step</p>;
  const current = branches.find(({ isCurrent }) => isCurrent);
  return (
    <select
      aria-label="Branch"
      title="Courses of training; the others are drawn dashed"
      className={styles.branches}
      disabled={running}
      value={current?.id ?? 0}
      onChange={({ target }) => void switchBranch(Number(target.value))}
    >
      {branches.map((branch) => (
        <option key={branch.id} value={branch.id}>
          {nameOf(branch)}
        </option>
      ))}
    </select>
  );
}

/** "1: lr 0.01 from 120". */
function nameOf({ id, parent, forkStep, settings }: BranchDescription): string {
  const rate = `lr ${formatShort(settings.learningRate)}`;
  return parent === null ? `${id}: ${rate}` : `${id}: ${rate} from ${formatCount(forkStep)}`;
}
