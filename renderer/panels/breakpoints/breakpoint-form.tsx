import { type FormEvent, useId, useState } from 'react';
import { verdicts } from '../../../core/protocol/answers';
import { longestCondition } from '../../../core/protocol/breakpoints';
import { conditionWords } from '../../../core/protocol/condition-words';
import { addBreakpoint, runBack } from '../../state/breakpoint-actions';
import { cancel } from '../../state/session-actions';
import { useStore } from '../../state/store';
import { formatCount } from '../../ui/format';
import { readNumber } from '../../ui/number-text';
import styles from './breakpoints.module.css';

/** What to begin with, one for each kind of thing that can be asked. */
const examples = [
  'loss > 4',
  'saturated("layer 2") > 0.2',
  'updateRatio("W1") > -2',
  'isNaN(any)',
  'verdict("bnvar") == wrong',
  'step % 1000 == 0',
];

const listOfVerdicts = new Intl.ListFormat('en', { type: 'disjunction' }).format(verdicts);

const skipRange = { label: 'Hits to skip', minimum: 0, maximum: 1e9, integer: true, unit: 'hits' } as const;

/** A condition to stop at, or to run back to. */
export function BreakpointForm() {
  const id = useId();
  const [condition, setCondition] = useState('');
  const [skip, setSkip] = useState('0');
  const [log, setLog] = useState('');
  const [refusal, setRefusal] = useState<string | null>(null);
  const canRunBack = useStore((state) => state.connection === 'open' && !state.running && state.step > 0);
  const search = useStore((state) => (state.progress?.command === 'runBack' ? state.progress : null));
  const skipped = readNumber(skip, skipRange);
  const isComplete = condition.trim() !== '' && skipped.value !== null;

  async function add(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (skipped.value === null || condition.trim() === '') return;
    const refused = await addBreakpoint({
      kind: 'condition',
      condition: condition.trim(),
      isEnabled: true,
      skip: skipped.value,
      log: log.trim() === '' ? null : log,
    });
    setRefusal(refused);
    if (refused !== null) return;
    setCondition('');
    setLog('');
    setSkip('0');
  }

  return (
    <form className={styles.form} onSubmit={add}>
      <label htmlFor={`${id}-condition`}>Stop where</label>
      <input
        id={`${id}-condition`}
        className={styles.condition}
        list={`${id}-examples`}
        maxLength={longestCondition}
        autoComplete="off"
        spellCheck={false}
        placeholder="loss > 4"
        value={condition}
        aria-invalid={refusal !== null}
        aria-describedby={`${id}-refusal`}
        onChange={({ target }) => {
          setCondition(target.value);
          setRefusal(null);
        }}
      />
      <datalist id={`${id}-examples`}>
        {examples.map((example) => (
          <option key={example} value={example} />
        ))}
      </datalist>
      <label htmlFor={`${id}-skip`}>skip</label>
      <input
        id={`${id}-skip`}
        className={styles.skip}
        inputMode="numeric"
        autoComplete="off"
        value={skip}
        aria-invalid={skipped.refusal !== null}
        title={skipped.refusal ?? 'The first so many hits only count'}
        onChange={({ target }) => setSkip(target.value)}
      />
      <label htmlFor={`${id}-log`}>log instead</label>
      <input
        id={`${id}-log`}
        className={styles.log}
        maxLength={longestCondition}
        autoComplete="off"
        spellCheck={false}
        placeholder="loss {loss} at {step}"
        title="Logs this instead of stopping; what stands in braces is evaluated"
        value={log}
        onChange={({ target }) => setLog(target.value)}
      />
      <button type="submit" data-primary disabled={!isComplete}>
        Add breakpoint
      </button>
      {search === null ? (
        <button
          type="button"
          disabled={!canRunBack || condition.trim() === ''}
          title="Goes to the last earlier step at which the condition held"
          onClick={async () => setRefusal(await runBack(condition.trim()))}
        >
          Run back to it
        </button>
      ) : (
        <button type="button" onClick={() => void cancel()}>
          Searching, {formatCount(search.done)} of {formatCount(search.total)} steps. Stop
        </button>
      )}
      <p id={`${id}-refusal`} className={styles.refusal} aria-live="polite">
        {refusal}
      </p>
      <Vocabulary />
    </form>
  );
}

/** Every word that a condition may use. */
function Vocabulary() {
  return (
    <details className={styles.words}>
      <summary>What can be asked</summary>
      <p>
        Numbers are compared by &lt; &lt;= &gt; &gt;= == != and joined by + − * / %; conditions by and, or, not. A
        verdict is {listOfVerdicts}.
      </p>
      <dl>
        {Object.entries(conditionWords).map(([word, { argument, meaning }]) => (
          <div key={word}>
            <dt>
              <code>{argument === null ? word : `${word}(${argument})`}</code>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
