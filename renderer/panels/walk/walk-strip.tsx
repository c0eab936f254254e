import { actionOf } from '../../state/actions';
import { useStore } from '../../state/store';
import { formatCount } from '../../ui/format';
import { Icon } from '../../ui/icon';
import { describeKeys, isMac } from '../../ui/keys';
import styles from './walk.module.css';

/** Above the timeline, so that nothing one looks at moves: why the session stopped, and the op at which it stands; nothing while it runs or rests at a whole step unasked. */
export function WalkStrip() {
  const isRunning = useStore((state) => state.running);
  const position = useStore((state) => state.position);
  const stop = useStore((state) => (state.breakpoints.stop?.step === state.step ? state.breakpoints.stop : null));
  if (isRunning || (position === null && stop === null)) return null;
  return (
    <div className={styles.strip} role="status" aria-label="Where the session stands">
      {stop === null ? null : (
        <p className={styles.stop}>
          <Icon name="breakpoint" />
          Stopped at step {formatCount(stop.step)}: <code>{stop.reason}</code>
        </p>
      )}
      {position === null ? null : <Position />}
    </div>
  );
}

function Position() {
  const position = useStore((state) => state.position);
  const step = useStore((state) => state.step);
  const op = useStore((state) => (position?.op == null ? undefined : state.session?.ops[position.op]));
  if (position === null) return null;
  const keysOf = (id: 'stepOp' | 'finishPhase' | 'step') => describeKeys(actionOf(id).keys, isMac);
  const words =
    op === undefined
      ? 'updated, next minibatch drawn'
      : position.phase === 'backward'
        ? `d${op.output} → ${op.op} → ${op.inputs.map((input) => `d${input}`).join(', ')}`
        : `${op.output} = ${op.op}(${op.inputs.join(', ')})`;
  // In a narrow window its end is left out; the tooltip has it all.
  const hint = `op ${position.done} of ${position.total} · ${keysOf('stepOp')} next op · ${keysOf('finishPhase')} finish phase · ${keysOf('step')} finish step`;
  return (
    <>
      <p>
        <b>{position.phase}</b> of step {formatCount(step)}
      </p>
      <progress value={position.done} max={position.total} aria-label="Ops done" />
      <p className={styles.op} title={words}>
        {op === undefined ? words : <code>{words}</code>}
      </p>
      <p className={styles.hint} title={hint}>
        {hint}
      </p>
    </>
  );
}
