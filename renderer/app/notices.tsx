import type { KeyboardEvent } from 'react';
import { type AutosaveOffer, describeLost } from '../../core/protocol/session-files';
import { acceptAutosave, declineAutosave } from '../state/file-actions';
import { dismissNotice, type Notice, useStore } from '../state/store';
import { formatCount } from '../ui/format';
import { Icon } from '../ui/icon';
import styles from './notices.module.css';

/** What a person must see: a lost connection and a run without numbers while they last, and notices until they are dismissed. */
export function Notices() {
  const notices = useStore((state) => state.notices);
  const autosaveOffers = useStore((state) => state.autosaveOffers);
  const isLost = useStore((state) => state.connection === 'lost');
  return (
    <div className={styles.notices}>
      {isLost ? (
        <div role="alert" className={styles.notice} data-level="warning">
          <Icon name="warning" />
          <p>The connection to the engine was lost. Reconnecting…</p>
        </div>
      ) : null}
      <DivergenceNotice />
      {autosaveOffers.map((offer, index) => (
        <AutosaveNotice key={offer.id} offer={offer} isNewest={index === 0} />
      ))}
      {notices.map((notice) => (
        <DismissibleNotice key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

/** Stands above every view of a step whose loss is no number: what they show then is not the state of a network that learns. */
function DivergenceNotice() {
  // Within a step the loss is not computed yet; before the first frame it is not known.
  const hasDiverged = useStore(({ frame, position, loss }) => frame && position === null && !Number.isFinite(loss));
  if (!hasDiverged) return null;
  return (
    <div role="alert" aria-label="Divergence" className={styles.notice} data-level="warning">
      <Icon name="warning" />
      <p>
        The run has diverged: the loss is not a finite number. Go back along the timeline, or restart with a smaller
        learning rate.
      </p>
    </div>
  );
}

/** Offers to go on with what was autosaved before a session ended. */
function AutosaveNotice({ offer, isNewest }: { readonly offer: AutosaveOffer; readonly isNewest: boolean }) {
  const { id, program, step, savedAt, lost } = offer;
  return (
    <div role="status" aria-label="Autosave" className={styles.notice} data-level="info">
      <Icon name="info" />
      <p>
        {isNewest ? 'The last' : 'An earlier'} session, {program} at step {formatCount(step)}, was autosaved on{' '}
        {new Date(savedAt).toLocaleString()}.
        {lost.length > 0 ? ` A part of it is missing: ${describeLost(lost)} cannot be had; all else can.` : null}
      </p>
      <button type="button" data-primary onClick={() => void acceptAutosave(id)}>
        Go on with it
      </button>
      <button type="button" onClick={() => void declineAutosave(id)}>
        Discard
      </button>
    </div>
  );
}

/** A notice that its button, or Esc while the focus is on that, takes away. */
function DismissibleNotice({ notice: { id, level, message, count } }: { readonly notice: Notice }) {
  const press = ({ key, currentTarget: { parentElement: own } }: KeyboardEvent) => {
    if (key !== 'Escape') return;
    const neighbour = own?.nextElementSibling ?? own?.previousElementSibling;
    dismissNotice(id);
    // So that Esc, pressed again and again, clears them all.
    neighbour?.querySelector('button')?.focus();
  };
  return (
    <div role={level === 'info' ? 'status' : 'alert'} className={styles.notice} data-level={level}>
      <Icon name={level} />
      <p>
        {message}
        {count > 1 ? <span className={styles.count}> {count} times</span> : null}
      </p>
      <button
        type="button"
        aria-label="Dismiss"
        title="Dismiss (Esc)"
        onClick={() => dismissNotice(id)}
        onKeyDown={press}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
