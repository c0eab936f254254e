import type { ComponentType } from 'react';
import { Group, Panel, Separator, usePanelRef } from 'react-resizable-panels';
import { AboutDialog } from '../panels/about/about-dialog';
import { BottomPanel } from '../panels/bottom/bottom-panel';
import { InspectorPanel } from '../panels/inspector/inspector-panel';
import { NodesPanel } from '../panels/nodes/nodes-panel';
import { PaletteDialog } from '../panels/palette/palette-dialog';
import { ForkDialog } from '../panels/settings/fork-dialog';
import { SettingsDialog } from '../panels/settings/settings-dialog';
import { Timeline } from '../panels/timeline/timeline';
import { Toolbar } from '../panels/toolbar/toolbar';
import { TrustDialog } from '../panels/trust/trust-dialog';
import { WalkStrip } from '../panels/walk/walk-strip';
import { type DialogName, notify, useStore } from '../state/store';
import { ErrorBoundary } from '../ui/error-boundary';
import { DropTarget } from './drop-target';
import { Notices } from './notices';
import { useRoomForContents } from './use-room-for-contents';
import { ViewTabs } from './view-tabs';
import styles from './window.module.css';

/** The whole window: the picture in the README, from top to bottom. */
export function Window() {
  const bottom = usePanelRef();
  useRoomForContents(bottom);
  return (
    <div className={styles.window}>
      <Toolbar />
      <Notices />
      <Group className={styles.panes} orientation="horizontal">
        <Panel id="nodes" defaultSize="17%" minSize={200} maxSize={420}>
          <NodesPanel />
        </Panel>
        <Separator className={styles.separator} aria-label="Width of the node list" />
        <Panel id="middle" minSize={360}>
          <Group orientation="vertical">
            <Panel id="views" minSize={160}>
              <ViewTabs />
            </Panel>
            <Separator className={styles.separator} aria-label="Height of the backward listing and the log" />
            <Panel
              id="bottom"
              panelRef={bottom}
              defaultSize={140}
              minSize={60}
              groupResizeBehavior="preserve-pixel-size"
            >
              <BottomPanel />
            </Panel>
          </Group>
        </Panel>
        <Separator className={styles.separator} aria-label="Width of the inspector" />
        <Panel id="inspector" className={styles.inspector} defaultSize="23%" minSize={270} maxSize="50%">
          <ErrorBoundary name="The inspector" onError={(message) => notify('error', message)}>
            <InspectorPanel />
          </ErrorBoundary>
        </Panel>
      </Group>
      <WalkStrip />
      <Timeline />
      <OpenDialog />
      <DropTarget />
    </div>
  );
}

const dialogs: Readonly<Record<DialogName, ComponentType>> = {
  settings: SettingsDialog,
  fork: ForkDialog,
  palette: PaletteDialog,
  about: AboutDialog,
  trustCode: TrustDialog,
};

function OpenDialog() {
  const dialog = useStore((state) => state.dialog);
  if (dialog === null) return null;
  const Dialog = dialogs[dialog];
  return <Dialog />;
}
