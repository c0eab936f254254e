import styles from './charts.module.css';

interface ChartTooltipProps {
  readonly title: string;
  readonly entries: readonly { readonly key: string; readonly colour: string; readonly text: string }[];
}

/** What the curves say at the pointer. */
export function ChartTooltip({ title, entries }: ChartTooltipProps) {
  return (
    <div className={styles.tooltip}>
      <div className={styles.tooltipTitle}>{title}</div>
      <dl>
        {entries.map(({ key, colour, text }) => (
          <div key={key}>
            <dt>
              <Swatch colour={colour} />
              {key}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** The colour of a line, beside its name. */
export function Swatch({ colour }: { readonly colour: string }) {
  return <span className={styles.swatch} style={{ backgroundColor: colour }} aria-hidden="true" />;
}
