import type { Relay } from './relay';
import type { SessionSupervisor } from './session-supervisor';

/** What taking a picture needs of the window. */
export interface PicturePage {
  /** Resolves when the page has put two more animation frames on the screen. */
  nextPaint(): Promise<void>;
  /** The window's contents as a PNG. */
  capture(): Promise<Uint8Array>;
}

/** How long the page may take to start or to draw one frame, in milliseconds. A slow machine needs a few seconds. */
const patience = 30_000;

/**
 * Makes the steps and takes a picture once the page shows the last of them. There is no waiting by the clock: a picture
 * is ready when the page has drawn the step's frame, has no request open, and has asked nothing more by the next paint.
 * @throws RefusalError (rejection) where the session refuses the steps, Error where the page draws nothing for 30 s.
 */
export async function pictureAfterSteps(
  steps: number,
  session: Pick<SessionSupervisor, 'request'>,
  relay: Pick<Relay, 'whenDrawn' | 'messagesFromPage'>,
  page: PicturePage,
): Promise<Uint8Array> {
  await patiently(relay.whenDrawn(0), 'The page did not draw the session at step 0');
  const { step } = steps === 0 ? { step: 0 } : await session.request({ type: 'step', count: steps });
  let seen: number;
  do {
    await patiently(relay.whenDrawn(step), `The page did not draw step ${step}`);
    seen = relay.messagesFromPage;
    await page.nextPaint();
  } while (relay.messagesFromPage !== seen);
  return page.capture();
}

/** @throws Error (rejection) where `work` is not done in time. It only bounds a failure; success waits for no clock. */
async function patiently(work: Promise<void>, failure: string): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${failure} within ${patience / 1000} s.`)), patience);
  });
  try {
    await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
