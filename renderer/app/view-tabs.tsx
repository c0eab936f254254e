import { type ComponentType, useDeferredValue } from 'react';
import { actions } from '../../core/protocol/actions';
import { ActivationsPanel } from '../panels/activations/activations-panel';
import { GradientDiffPanel } from '../panels/gradient-diff/gradient-diff-panel';
import { GradientsPanel } from '../panels/gradients/gradients-panel';
import { GraphPanel } from '../panels/graph/graph-panel';
import { LossPanel } from '../panels/loss/loss-panel';
import { SamplesPanel } from '../panels/samples/samples-panel';
import { SaturationPanel } from '../panels/saturation/saturation-panel';
import { UpdatesPanel } from '../panels/updates/updates-panel';
import { WeightsPanel } from '../panels/weights/weights-panel';
import { WhatIfPanel } from '../panels/what-if/what-if-panel';
import { notify, showView, useStore } from '../state/store';
import { type View, views } from '../state/views';
import { ErrorBoundary } from '../ui/error-boundary';
import { describeKeys, isMac } from '../ui/keys';
import { Tabs } from '../ui/tabs';
import styles from './view-tabs.module.css';

const panels: Readonly<Record<View, ComponentType>> = {
  gradientDiff: GradientDiffPanel,
  activations: ActivationsPanel,
  gradients: GradientsPanel,
  weights: WeightsPanel,
  updates: UpdatesPanel,
  saturation: SaturationPanel,
  loss: LossPanel,
  samples: SamplesPanel,
  graph: GraphPanel,
  whatIf: WhatIfPanel,
};

const tabs = views.map(({ id, title }) => ({ id, title, hint: hintOf(title) }));

/** "Show weights (Ctrl+4)". */
function hintOf(title: string): string {
  const action = actions.find((candidate) => candidate.title === `Show ${title.toLowerCase()}`);
  return action === undefined ? title : `${action.title} (${describeKeys(action.keys, isMac)})`;
}

/** The views of the session, one at a time. */
export function ViewTabs() {
  const view = useStore((state) => state.view);
  const hasSession = useStore((state) => state.session !== null);
  const isLost = useStore((state) => state.connection === 'lost');
  // A tab answers at once; the view behind it may take a frame longer to be drawn.
  const shown = useDeferredValue(view);
  const Shown = panels[shown];
  return (
    <Tabs label="Views" tabs={tabs} selected={view} onSelect={showView}>
      {hasSession ? (
        <ErrorBoundary key={shown} name="This view" onError={(message) => notify('error', message)}>
          <Shown />
        </ErrorBoundary>
      ) : (
        <p role="status" className={styles.waiting}>
          {isLost ? 'The engine is gone; reconnecting…' : 'Starting the engine…'}
        </p>
      )}
    </Tabs>
  );
}
