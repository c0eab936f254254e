import { type FormEvent, useState } from 'react';
import { type SettingRange, sharedSettings } from '../../../core/protocol/settings';
import { sample } from '../../state/session-actions';
import { useStore } from '../../state/store';
import { NumberField } from '../../ui/number-field';
import { readNumber } from '../../ui/number-text';
import { NameChoices } from './name-choices';
import styles from './samples-panel.module.css';
import { StepNote } from './step-note';

/** As the `sample` command accepts it. */
const countRange: SettingRange = { label: 'Names', minimum: 1, maximum: 200, integer: true, unit: '' };
const seedRange = sharedSettings.seed;

/** The notebook samples with the run's seed + 10. */
const seedOffset = 10;

/** Draws names from the network as it stands. */
export function SampleSection() {
  const sessionSeed = useStore((state) => state.session?.settings.seed);
  const samples = useStore((state) => state.samples);
  const isConnected = useStore((state) => state.connection === 'open');
  const [countText, setCountText] = useState('20');
  const [opened, setOpened] = useState<number | null>(null);
  const [typedSeed, setTypedSeed] = useState<string | null>(null);

  const seedText = typedSeed ?? (sessionSeed === undefined ? '' : String((sessionSeed + seedOffset) % 2 ** 32));
  const count = readNumber(countText, countRange).value;
  const seed = readNumber(seedText, seedRange).value;
  const isReady = isConnected && sessionSeed !== undefined && count !== null && seed !== null;

  const rows = samples?.names.map((name, index) => ({ place: index + 1, name })) ?? [];

  const shown = rows.find(({ place }) => place === opened);

  function draw(event: FormEvent): void {
    event.preventDefault();
    if (count !== null && seed !== null) void sample(count, seed);
  }

  return (
    <section className={styles.section} aria-label="Samples">
      <h3>Samples</h3>
      <form className={styles.form} onSubmit={draw}>
        <NumberField range={countRange} text={countText} onChange={setCountText} />
        <NumberField range={seedRange} text={seedText} onChange={setTypedSeed} />
        <button type="submit" data-primary disabled={!isReady}>
          Sample names
        </button>
      </form>
      {samples === null ? (
        <p className="muted">No names drawn yet.</p>
      ) : (
        <>
          <StepNote step={samples.step} what={`${samples.names.length} names, seed ${samples.seed}`} />
          <ol className={styles.names} aria-label="Sampled names">
            {rows.map(({ place, name }) => (
              <li key={place} value={place}>
                <button
                  type="button"
                  className={styles.nameButton}
                  title={`How ${name} was drawn`}
                  aria-pressed={place === opened}
                  onClick={() => setOpened(place === opened ? null : place)}
                >
                  {name}
                </button>
              </li>
            ))}
          </ol>
          {shown === undefined ? null : (
            <NameChoices name={shown.name} choices={samples.choices[shown.place - 1] ?? []} />
          )}
        </>
      )}
    </section>
  );
}
