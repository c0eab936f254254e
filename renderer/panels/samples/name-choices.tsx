import type { CharacterChoice } from '../../../core/protocol/answers';
import { useStore } from '../../state/store';
import { formatPercent } from '../../ui/format';
import styles from './samples-panel.module.css';

/** So many of the likeliest characters are shown beside the one that was drawn. */
const mostLikely = 5;

/** How a name came about: each character with its probability, and what else could have come. */
export function NameChoices({
  name,
  choices,
}: {
  readonly name: string;
  readonly choices: readonly CharacterChoice[];
}) {
  const labels = useStore((state) => state.session?.dataset.vocabulary);
  if (labels === undefined) return null;
  const drawn = choices.map((choice, place) => ({ place, ...choice }));
  return (
    <section className={styles.choiceTable} aria-label={`How ${name} was drawn`}>
      <h4>How “{name}” was drawn</h4>
      <ol>
        {drawn.map(({ place, token, probabilities }) => (
          <li key={place}>
            <b className="mono">{labels[token]}</b>
            <span className={styles.probability}>{formatPercent(probabilities[token] ?? Number.NaN, 1)}</span>
            <span className={styles.likely}>
              {likeliest(probabilities).map((other) => (
                <span
                  key={other}
                  data-drawn={other === token || undefined}
                  title={`${labels[other]}: drawn with this probability`}
                >
                  <span className={styles.likelyBar} style={{ width: `${46 * (probabilities[other] ?? 0)}px` }} />
                  {labels[other]} {formatPercent(probabilities[other] ?? Number.NaN, 0)}
                </span>
              ))}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The tokens of the largest probabilities, largest first. */
export function likeliest(probabilities: Float32Array, count = mostLikely): number[] {
  return [...probabilities.keys()]
    .toSorted((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0))
    .slice(0, count);
}
