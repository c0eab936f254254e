import { useId, useMemo } from 'react';
import { type ExerciseNumber, exerciseNumbers } from '../../../core/protocol/exercises';
import { isJudged } from '../../../core/protocol/headline';
import { type Goal, goalsOf, stepsToTrain, trainedSteps } from '../../state/exercises';
import { isCodeCheck, useLab } from '../../state/lab';
import { chooseExercise, chooseOwnCode, showLineOf } from '../../state/lab-actions';
import { selectNode, useStore } from '../../state/store';
import { formatCount } from '../../ui/format';
import { Icon } from '../../ui/icon';
import { VerdictChip } from '../../ui/verdict-chip';
import { DriftFigure } from './drift-figure';
import styles from './exercises.module.css';
import { HintList } from './hint-list';
import { exerciseHints, hintsOfNode } from './hints';
import { tasks } from './tasks';

/** The lecture's exercises; the open one with its task, what is done of it, and its hints. */
export function ExercisesPanel() {
  const hasBackward = useStore(({ session }) => session !== null && session.backward !== null);
  const exercise = useLab((lab) => lab.exercise);
  if (!hasBackward) {
    return <p className={styles.empty}>The exercises are about decomposed-mlp. Choose it in the bar on top.</p>;
  }
  return (
    <section className={styles.panel} aria-label="Exercises">
      {exerciseNumbers.map((number) => (
        <Exercise key={number} number={number} isOpen={number === exercise} />
      ))}
    </section>
  );
}

function useGoals(exercise: ExerciseNumber): readonly Goal[] {
  const check = useStore((state) => state.check);
  const drift = useLab((lab) => lab.drift);
  return useMemo(() => goalsOf(exercise, isCodeCheck(check) ? check : null, drift), [exercise, check, drift]);
}

function Exercise({ number, isOpen }: { readonly number: ExerciseNumber; readonly isOpen: boolean }) {
  const id = useId();
  const isDone = useLab((lab) => lab.done.includes(number));
  const goals = useGoals(number);
  const reached = goals.filter(({ isReached }) => isReached).length;
  // Until the formulas are judged, agreeing with autograd is not yet being right.
  const isJudging = useStore(({ check }) => check !== null && !isJudged(check));
  return (
    <div className={styles.exercise} data-open={isOpen || undefined}>
      <h3>
        <button type="button" aria-expanded={isOpen} aria-controls={id} onClick={() => chooseExercise(number)}>
          <span className={styles.number}>{number}</span>
          <span className={styles.title}>{tasks[number].title}</span>
          {isDone ? (
            <span className={styles.done}>
              <Icon name="done" /> done
            </span>
          ) : (
            goals.length > 0 && (
              <span className={styles.count}>
                {reached} of {goals.length}
                {isJudging ? ' agree' : ''}
              </span>
            )
          )}
        </button>
      </h3>
      <div id={id} hidden={!isOpen}>
        {isOpen ? <Opened number={number} goals={goals} /> : null}
      </div>
    </div>
  );
}

function Opened({ number, goals }: { readonly number: ExerciseNumber; readonly goals: readonly Goal[] }) {
  const isChosen = useLab((lab) => lab.isChosen);
  return (
    <div className={styles.opened}>
      <p>{tasks[number].task}</p>
      {isChosen ? null : (
        <button type="button" data-primary onClick={() => void chooseOwnCode()}>
          Write it in Python
        </button>
      )}
      <GoalList goals={goals} />
      {number === 1 ? (
        <NodeHints goals={goals} />
      ) : (
        <HintList hintKey={`exercise ${number}`} hints={exerciseHints[number]} />
      )}
      {number === 4 ? <Training /> : null}
    </div>
  );
}

function GoalList({ goals }: { readonly goals: readonly Goal[] }) {
  const check = useStore((state) => state.check);
  const selected = useStore((state) => state.selectedNode);
  return (
    <ul className={styles.goals}>
      {goals.map(({ title, isReached, node }) => {
        const verdict = check?.rows.find((row) => row.node === node)?.verdict;
        return (
          <li key={title} data-reached={isReached || undefined} data-selected={node === selected || undefined}>
            {node === null ? (
              <span className={styles.goal}>
                <Icon name={isReached ? 'done' : 'open'} />
                <span className="visually-hidden">{isReached ? 'done: ' : 'to do: '}</span>
                {title}
              </span>
            ) : (
              <button
                type="button"
                className={styles.goal}
                aria-current={node === selected || undefined}
                onClick={() => {
                  selectNode(node);
                  showLineOf(node, { focus: false });
                }}
              >
                {verdict === undefined ? <Icon name="open" /> : <VerdictChip verdict={verdict} compact />}
                <code>{title}</code>
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Hints to the selected node, or where that has none to the first gradient that is not right yet. */
function NodeHints({ goals }: { readonly goals: readonly Goal[] }) {
  const selected = useStore((state) => state.selectedNode);
  const isAsked = goals.some(({ node }) => node === selected);
  const next = goals.find(({ isReached }) => !isReached)?.node ?? null;
  const node = isAsked ? selected : next;
  const formulas = useStore((state) => state.session?.nodes);
  const hints = node === null ? null : hintsOfNode(node);
  if (node === null || hints === null) return null;
  const uses = (formulas ?? []).filter(({ formula }) =>
    new RegExp(`\\b${node}\\b`).test(formula.replace(/^\w+\s*=/, '')),
  );
  return (
    <section aria-label={`Hints to d${node}`}>
      <h4 className={styles.hintHead}>
        <code>d{node}</code>
        {next !== null && next !== node && (
          <button type="button" onClick={() => selectNode(next)}>
            Next: <code>d{next}</code>
          </button>
        )}
      </h4>
      {uses.map(({ name, formula }) => (
        <p key={name} className={styles.use}>
          used in <code>{formula}</code>
        </p>
      ))}
      <HintList hintKey={node} hints={hints} />
    </section>
  );
}

function Training() {
  const gradients = useLab((lab) => lab.gradients);
  const steps = useLab((lab) => trainedSteps(lab.drift));
  if (gradients === 'autograd' && steps === 0) return null;
  return (
    <section aria-label="Training with your gradients">
      <p>
        {formatCount(steps)} of {formatCount(stepsToTrain)} steps trained with your gradients.
      </p>
      <DriftFigure />
    </section>
  );
}
