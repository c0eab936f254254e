import { useEffect, useState } from 'react';
import type { PythonState } from '../../../core/protocol/events';
import { exerciseNodes } from '../../../core/protocol/exercises';
import { isCodeCheck, useLab } from '../../state/lab';
import { openCode, replaceCode, saveCode, stopPython, trainWith } from '../../state/lab-actions';
import { showDialog, useStore } from '../../state/store';
import { formatShort } from '../../ui/format';
import { Icon } from '../../ui/icon';
import styles from './code-pane.module.css';
import { Editor } from './editor';
import { codeOf, templates } from './templates';

/** The person's own backward pass: the editor, and above it what Python is about and what can be done with the code. */
export function CodePane() {
  return (
    <section className={styles.pane} aria-label="Your own backward pass">
      <div className={styles.bar}>
        <PythonStatus />
        <span className={styles.file}>
          <FileName />
          <StartFrom />
          <button type="button" onClick={() => void openCode()}>
            Open…
          </button>
          <button type="button" onClick={() => void saveCode()}>
            Save…
          </button>
        </span>
        <TrainToggle />
      </div>
      <NotTrusted />
      <div className={styles.code}>
        <Editor />
      </div>
      <Output />
      <p className={styles.hint}>
        Esc, then Tab leaves the editor · Ctrl+Space completes · point at a name for its shape
      </p>
    </section>
  );
}

const stateTitles: Readonly<Record<PythonState, string>> = {
  starting: 'Python is starting…',
  ready: 'Python is ready',
  busy: 'Python is running…',
  stopped: 'Python has stopped',
};

/** Shorter runs end before anybody could read that they began, in milliseconds. */
const noticeable = 400;

/** Whether something has been so for long enough to speak of it. */
function useLasting(isSo: boolean): boolean {
  const [lasts, setLasts] = useState(false);
  useEffect(() => {
    if (!isSo) return;
    const timer = setTimeout(() => setLasts(true), noticeable);
    return () => {
      clearTimeout(timer);
      setLasts(false);
    };
  }, [isSo]);
  return lasts;
}

function PythonStatus() {
  const { state, message } = useLab((lab) => lab.python);
  const isBusy = useLasting(state === 'busy');
  const shown = state === 'busy' && !isBusy ? 'ready' : state;
  const milliseconds = useStore(({ check }) => (isCodeCheck(check) ? check.milliseconds : null));
  const isJudging = useStore(({ check }) => isCodeCheck(check) && !check.isJudgedByTerms);
  return (
    <span className={styles.status}>
      <span className={styles.state} data-state={shown} role="status" title={message}>
        {stateTitles[shown]}
      </span>
      {isBusy ? (
        <button type="button" data-primary onClick={() => void stopPython()}>
          Stop
        </button>
      ) : (
        shown === 'ready' &&
        milliseconds !== null && (
          <span className={styles.time}>
            {isJudging ? 'judging formulas…' : `checked in ${Math.round(milliseconds)} ms`}
          </span>
        )
      )}
    </span>
  );
}

function FileName() {
  const fileName = useLab((lab) => lab.fileName);
  return fileName === null ? null : (
    <span className={styles.fileName} title={fileName}>
      {fileName}
    </span>
  );
}

/** Puts a beginning into the editor. What was there comes back with undo. */
function StartFrom() {
  const session = useStore((state) => state.session);
  return (
    <select
      aria-label="Start from"
      title="Replaces the code; undo brings it back"
      value=""
      disabled={session === null}
      onChange={({ target }) => {
        const template = templates.find(({ name }) => name === target.value);
        if (template === undefined || session === null) return;
        replaceCode(codeOf(template.name, session.nodes, exerciseNodes[1]), true, null);
      }}
    >
      <option value="">Start from…</option>
      {templates.map(({ name, title }) => (
        <option key={name} value={name}>
          {title}
        </option>
      ))}
    </select>
  );
}

function TrainToggle() {
  const gradients = useLab((lab) => lab.gradients);
  const drift = useLab((lab) => (lab.gradients === 'manual' ? (lab.drift?.drift.at(-1) ?? null) : null));
  return (
    <label className={styles.train} title="Updates use your gradients in place of autograd’s">
      <input
        type="checkbox"
        checked={gradients === 'manual'}
        onChange={({ target }) => void trainWith(target.checked ? 'manual' : 'autograd')}
      />
      Train with my gradients
      {drift === null ? null : <span className={styles.time}>drift {formatShort(drift, 2)}</span>}
    </label>
  );
}

/** Code from a file runs only once the person says so. */
function NotTrusted() {
  const trusted = useLab((lab) => lab.trusted);
  if (trusted) return null;
  return (
    <p role="status" className={styles.notice}>
      <Icon name="warning" />
      This code came from a file and does not run until you say so.
      <button type="button" onClick={() => showDialog('trustCode')}>
        Run it…
      </button>
    </p>
  );
}

/** What the code printed. */
function Output() {
  const output = useStore(({ check }) => (isCodeCheck(check) ? check.output : ''));
  if (output === '') return null;
  return (
    <section className={styles.output} aria-label="Output of the code">
      <pre>{output}</pre>
    </section>
  );
}
