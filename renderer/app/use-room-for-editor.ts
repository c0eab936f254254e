import { type RefObject, useEffect } from 'react';
import type { PanelImperativeHandle } from 'react-resizable-panels';
import { useLab } from '../state/lab';

/** Height in which code, its bar and a dozen lines fit, in pixels. */
const room = 330;

/** Makes the pane high enough to write in when the person's own code is chosen; what they drag it to afterwards stays. */
export function useRoomForEditor(panel: RefObject<PanelImperativeHandle | null>): void {
  const isChosen = useLab((lab) => lab.isChosen);
  useEffect(() => {
    const handle = panel.current;
    if (isChosen && handle !== null && handle.getSize().inPixels < room) handle.resize(room);
  }, [isChosen, panel]);
}
