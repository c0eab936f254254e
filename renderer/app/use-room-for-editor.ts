import { type RefObject, useEffect } from 'react';
import type { PanelImperativeHandle } from 'react-resizable-panels';
import { useLab } from '../state/lab';
import { useStore } from '../state/store';

/** Height in which code, its bar and a dozen lines fit, in pixels. */
const room = 330;

/** Makes the pane high enough to write in when the person's own code is chosen or the exercises are opened; what they drag it to afterwards stays. */
export function useRoomForEditor(panel: RefObject<PanelImperativeHandle | null>): void {
  const isChosen = useLab((lab) => lab.isChosen);
  const isExercising = useStore((state) => state.bottomTab === 'exercises');
  const needsRoom = isChosen || isExercising;
  useEffect(() => {
    const handle = panel.current;
    if (needsRoom && handle !== null && handle.getSize().inPixels < room) handle.resize(room);
  }, [needsRoom, panel]);
}
