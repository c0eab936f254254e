import { useLab } from '../../state/lab';
import { trustCode } from '../../state/lab-actions';
import { closeDialog } from '../../state/store';
import { Modal } from '../../ui/modal';
import styles from './trust-dialog.module.css';

/** Whether code that the person did not write here may run. */
export function TrustDialog() {
  const fileName = useLab((lab) => lab.fileName);
  return (
    <Modal title="Run this code?" onClose={closeDialog}>
      <div className={styles.content}>
        <p>
          {fileName === null ? 'This code' : `“${fileName}”`} was not written here. It can only reach the numbers of
          this session: no file, no network, nothing of this computer.
        </p>
        <div className={styles.buttons}>
          <button type="button" onClick={closeDialog}>
            Only read it
          </button>
          <button
            type="button"
            data-primary
            onClick={() => {
              trustCode();
              closeDialog();
            }}
          >
            Run
          </button>
        </div>
      </div>
    </Modal>
  );
}
