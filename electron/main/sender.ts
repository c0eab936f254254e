import type { IpcMainEvent } from 'electron';
import { appOrigin } from './app-files';

/** Whether an ipc message comes from the main frame of our own page, and that frame still stands. */
export function isOurPage({ senderFrame }: Pick<IpcMainEvent, 'senderFrame'>): boolean {
  return senderFrame !== null && senderFrame.parent === null && senderFrame.origin === appOrigin;
}
