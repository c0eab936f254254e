import { resolve } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { screenshotOptions } from '../../../electron/main/launch-options';
import { pictureAfterSteps } from '../../../electron/main/screenshot';

describe('screenshotOptions', () => {
  it('reads file and steps among switches of others', () => {
    const argv = ['electron', '--no-sandbox', '.', '--screenshot=out.png', '--steps=200', '--disable-gpu'];
    expect(screenshotOptions(argv)).toEqual({ file: resolve('out.png'), steps: 200 });
  });

  it('is null where no picture is asked for, and makes no steps by itself', () => {
    expect(screenshotOptions(['electron', '.', '--steps=3'])).toBeNull();
    expect(screenshotOptions(['electron', '.', '--screenshot=a.png'])?.steps).toBe(0);
  });

  it.each(['-1', '1.5', 'many', '10000001'])('refuses --steps=%s, naming the range', (steps) => {
    expect(() => screenshotOptions(['electron', '.', '--screenshot=a.png', `--steps=${steps}`])).toThrow(
      /from 0 to 10000000/,
    );
  });
});

describe('pictureAfterSteps', () => {
  afterEach(() => vi.useRealTimers());
  const picture = new Uint8Array([1]);

  it('takes it when the last step is drawn and the page asks nothing more', async () => {
    const said: string[] = [];
    let messagesFromPage = 0;
    let lateMessages = 2;
    const result = await pictureAfterSteps(
      7,
      {
        request: async (command) => {
          said.push(JSON.stringify(command));
          return { step: 7, loss: 2 } as never;
        },
      },
      {
        whenDrawn: async (step) => void said.push(`drawn ${step}`),
        get messagesFromPage() {
          return messagesFromPage;
        },
      },
      {
        nextPaint: async () => {
          said.push('paint');
          if (lateMessages-- > 0) messagesFromPage += 1;
        },
        capture: async () => {
          said.push('capture');
          return picture;
        },
      },
    );
    expect(result).toBe(picture);
    const onceMore = ['drawn 7', 'paint'];
    expect(said).toEqual(['drawn 0', '{"type":"step","count":7}', ...onceMore, ...onceMore, ...onceMore, 'capture']);
  });

  it('fails where the page draws nothing', async () => {
    vi.useFakeTimers();
    const taking = pictureAfterSteps(
      0,
      { request: () => Promise.reject(new Error('not asked for')) },
      { whenDrawn: () => new Promise(() => {}), messagesFromPage: 0 },
      { nextPaint: async () => {}, capture: async () => picture },
    );
    const failed = expect(taking).rejects.toThrow('did not draw the session at step 0 within 30 s');
    await vi.advanceTimersByTimeAsync(30_000);
    await failed;
  });
});
