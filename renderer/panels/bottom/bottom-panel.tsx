import { useState } from 'react';
import { Tabs } from '../../ui/tabs';
import { BackwardListing } from './backward-listing';
import { Log } from './log';

const tabs = [
  { id: 'backward', title: 'Backward' },
  { id: 'log', title: 'Log' },
] as const;

/** The pane under the views. */
export function BottomPanel() {
  const [selected, select] = useState<(typeof tabs)[number]['id']>('backward');
  return (
    <Tabs label="Backward and log" tabs={tabs} selected={selected} onSelect={select}>
      {selected === 'backward' ? <BackwardListing /> : <Log />}
    </Tabs>
  );
}
