import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react';
import styles from './tabs.module.css';

interface Tab<Id extends string> {
  readonly id: Id;
  readonly title: string;
  /** Tooltip; the key that shows it, for one. */
  readonly hint?: string;
  /** How much there is in it, shown behind the title. */
  readonly count?: number;
}

export interface TabsProps<Id extends string> {
  /** What the tabs choose between, for assistive technology. */
  readonly label: string;
  readonly tabs: readonly Tab<Id>[];
  readonly selected: Id;
  onSelect(id: Id): void;
  /** What stands at the right end of the bar. */
  readonly aside?: ReactNode;
  /** The selected tab's panel. */
  readonly children: ReactNode;
}

/**
 * A bar of tabs over the selected one's panel, after the ARIA tabs pattern: one stop of the Tab key, arrows, Home and
 * End move and select.
 */
export function Tabs<Id extends string>({ label, tabs, selected, onSelect, aside, children }: TabsProps<Id>) {
  const prefix = useId();
  const bar = useRef<HTMLDivElement>(null);
  const selectedIndex = tabs.findIndex(({ id }) => id === selected);

  function press(event: KeyboardEvent): void {
    const last = tabs.length - 1;
    const targets: Readonly<Record<string, number>> = {
      ArrowRight: selectedIndex === last ? 0 : selectedIndex + 1,
      ArrowLeft: selectedIndex === 0 ? last : selectedIndex - 1,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    const tab = target === undefined ? undefined : tabs[target];
    if (target === undefined || tab === undefined) return;
    event.preventDefault();
    onSelect(tab.id);
    const button = bar.current?.children[target];
    if (button instanceof HTMLElement) button.focus();
  }

  return (
    <div className={styles.tabs}>
      <div className={styles.bar}>
        <div ref={bar} role="tablist" aria-label={label} className={styles.list} onKeyDown={press}>
          {tabs.map(({ id, title, hint, count }) => (
            <button
              key={id}
              type="button"
              role="tab"
              id={`${prefix}-${id}`}
              aria-selected={id === selected}
              aria-controls={`${prefix}-panel`}
              tabIndex={id === selected ? 0 : -1}
              title={hint}
              onClick={() => onSelect(id)}
            >
              {title}
              {count === undefined ? null : (
                <span className={styles.count} data-none={count === 0 || undefined}>
                  {count}
                </span>
              )}
            </button>
          ))}
        </div>
        {aside}
      </div>
      <div role="tabpanel" id={`${prefix}-panel`} aria-labelledby={`${prefix}-${selected}`} className={styles.panel}>
        {children}
      </div>
    </div>
  );
}
