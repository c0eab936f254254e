import { useEffect, useState } from 'react';
import { loadCode } from '../state/lab-actions';
import { loadNames } from '../state/session-actions';
import { notify } from '../state/store';
import styles from './drop-target.module.css';

const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

/** Lets a file of names or of code be dropped anywhere on the window, and says so while one is held over it. */
export function DropTarget() {
  const [isOver, setOver] = useState(false);

  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;

    window.addEventListener(
      'dragover',
      (event) => {
        if (!holdsFiles(event)) return;
        // Without this the window would open the file in place of the app.
        event.preventDefault();
        setOver(true);
      },
      { signal },
    );
    window.addEventListener(
      'dragleave',
      (event) => {
        // Moving from one element to another leaves as well; only leaving the window has nowhere to go.
        if (event.relatedTarget === null) setOver(false);
      },
      { signal },
    );
    window.addEventListener(
      'drop',
      (event) => {
        if (!holdsFiles(event)) return;
        event.preventDefault();
        setOver(false);
        const files = [...(event.dataTransfer?.files ?? [])];
        const [file] = files;
        if (file === undefined || files.length > 1) notify('error', `Drop one file; ${files.length} were dropped.`);
        else if (/\.(?:py|ipynb)$/i.test(file.name)) void loadCode(file);
        else void loadNames(file);
      },
      { signal },
    );
    return () => listening.abort();
  }, []);

  if (!isOver) return null;
  return (
    <div className={styles.overlay}>
      <p>
        Drop a text file with one word a line to train on it, or a Python file or notebook with a backward pass to check
      </p>
    </div>
  );
}
