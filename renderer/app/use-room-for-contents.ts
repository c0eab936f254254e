import { type RefObject, useEffect } from 'react';
import type { PanelImperativeHandle } from 'react-resizable-panels';
import { useLab } from '../state/lab';
import { useStore } from '../state/store';

/** Heights in pixels: code, its bar and a dozen lines; a form and a short table. */
const rooms = { editor: 330, table: 230 } as const;

/**
 * Makes the pane under the views high enough for what is opened in it: the person's own code, the exercises, breakpoints. What
 * they drag it to afterwards stays.
 */
export function useRoomForContents(panel: RefObject<PanelImperativeHandle | null>): void {
  const isChosen = useLab((lab) => lab.isChosen);
  const tab = useStore((state) => state.bottomTab);
  const needsEditor = (isChosen && tab === 'backward') || tab === 'exercises';
  const room = needsEditor ? rooms.editor : tab === 'breakpoints' || tab === 'findings' ? rooms.table : 0;
  useEffect(() => {
    const handle = panel.current;
    if (handle !== null && handle.getSize().inPixels < room) handle.resize(room);
  }, [room, panel]);
}
