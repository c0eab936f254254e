import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { Icon } from './icon';
import styles from './modal.module.css';

export interface ModalProps {
  readonly title: string;
  /** Leaves the title to assistive technology, where the content speaks for itself. */
  readonly hidesTitle?: boolean;
  onClose(): void;
  readonly children: ReactNode;
}

/** A native modal dialog: it holds the focus while it is open and gives it back when it goes. Esc closes it. */
export function Modal({ title, hidesTitle = false, onClose, children }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // Where there is something to fill in, one begins there and not at the Close button.
    element?.querySelector<HTMLElement>('input, select')?.focus();
    return () => element?.close();
  }, []);

  return (
    <dialog
      ref={dialog}
      className={styles.modal}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header className={hidesTitle ? 'visually-hidden' : styles.header}>
        <h2 id={titleId}>{title}</h2>
        {hidesTitle ? null : (
          <button type="button" aria-label="Close" className={styles.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        )}
      </header>
      {children}
    </dialog>
  );
}
