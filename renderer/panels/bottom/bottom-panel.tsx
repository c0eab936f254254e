import { useState } from 'react';
import { useStore } from '../../state/store';
import { Icon } from '../../ui/icon';
import { type Tab, Tabs } from '../../ui/tabs';
import { BackwardListing } from './backward-listing';
import styles from './bottom-panel.module.css';
import { Log } from './log';

type BottomTab = 'backward' | 'log';

const tabs: readonly Tab<BottomTab>[] = [
  { id: 'backward', title: 'Backward' },
  { id: 'log', title: 'Log' },
];

/** The pane under the views. */
export function BottomPanel() {
  const [selected, select] = useState<BottomTab>('backward');
  return (
    <Tabs
      label="Backward and log"
      tabs={tabs}
      selected={selected}
      onSelect={(id) => select(id)}
      aside={<PlantedMistake />}
    >
      {selected === 'backward' ? <BackwardListing /> : <Log />}
    </Tabs>
  );
}

/** Names the planted mistake: one that leaves a line out has no line of the listing to be marked at. */
function PlantedMistake() {
  const title = useStore(({ session, check }) => {
    const planted = (check ?? session?.backward)?.mistake;
    return session?.mistakes.find(({ name }) => name === planted)?.title;
  });
  if (title === undefined) return null;
  return (
    <p className={styles.planted} title={title}>
      <Icon name="planted" />
      <span>Planted: {title}</span>
    </p>
  );
}
