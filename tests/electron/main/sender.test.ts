import type { WebFrameMain } from 'electron';
import { describe, expect, it } from 'vitest';
import { isOurPage } from '../../../electron/main/sender';

const frame = (origin: string, parent: WebFrameMain | null = null) => ({ origin, parent }) as WebFrameMain;

describe('isOurPage', () => {
  it('is true for the main frame of our page', () => {
    expect(isOurPage({ senderFrame: frame('app://chainrule') })).toBe(true);
  });

  it.each([
    ['a frame within our page', frame('app://chainrule', frame('app://chainrule'))],
    ['another origin', frame('https://chainrule')],
    ['another host of our scheme', frame('app://other')],
    ['an opaque origin', frame('null')],
    ['a frame that is gone', null],
  ])('is false for %s', (_what, senderFrame) => {
    expect(isOurPage({ senderFrame })).toBe(false);
  });
});
