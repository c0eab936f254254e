import { useState } from 'react';
import { type Tab, Tabs } from '../../ui/tabs';
import { BackwardListing } from './backward-listing';
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
    <Tabs label="Backward and log" tabs={tabs} selected={selected} onSelect={(id) => select(id)}>
      {selected === 'backward' ? <BackwardListing /> : <Log />}
    </Tabs>
  );
}
