import type { ComponentType } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { showBottomTab, useStore } from '../../state/store';
import { type BottomTab, bottomTabs } from '../../state/views';
import { Icon } from '../../ui/icon';
import { Tabs } from '../../ui/tabs';
import { BreakpointsPanel } from '../breakpoints/breakpoints-panel';
import { ExercisesPanel } from '../exercises/exercises-panel';
import { FindingsPanel } from '../findings/findings-panel';
import { BackwardPane } from './backward-pane';
import styles from './bottom-panel.module.css';
import { Log } from './log';

const contents: Readonly<Record<BottomTab, ComponentType>> = {
  backward: BackwardPane,
  exercises: ExercisesBesideBackward,
  findings: FindingsPanel,
  breakpoints: BreakpointsPanel,
  log: Log,
};

/** The pane under the views. */
export function BottomPanel() {
  const selected = useStore((state) => state.bottomTab);
  const Shown = contents[selected];
  const found = useStore((state) => state.findings.findings.length);
  const tabs = bottomTabs.map((tab) => (tab.id === 'findings' ? { ...tab, count: found } : tab));
  return (
    <Tabs
      label="Backward, exercises, findings, breakpoints and log"
      tabs={tabs}
      selected={selected}
      onSelect={showBottomTab}
      aside={<PlantedMistake />}
    >
      <Shown />
    </Tabs>
  );
}

/** The exercises, and beside them the code that does them. */
function ExercisesBesideBackward() {
  return (
    <Group className={styles.beside} orientation="horizontal">
      <Panel id="exercises" defaultSize="45%" minSize={220}>
        <ExercisesPanel />
      </Panel>
      <Separator className={styles.separator} aria-label="Width of the exercises" />
      <Panel id="code" minSize={220}>
        <BackwardPane />
      </Panel>
    </Group>
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
