import { describe, expect, it } from 'vitest';
import { formatSeconds, ProgressBar } from '../../../electron/cli/progress-bar';

function barOn(columns: number) {
  const written: string[] = [];
  let milliseconds = 0;
  const bar = new ProgressBar({ columns, write: (text) => written.push(text) }, () => milliseconds);
  return {
    bar,
    written,
    /** Draws at this time. */
    at(time: number, done: number, total: number) {
      milliseconds = time;
      bar.draw(done, total, 'steps');
      return written.at(-1);
    },
  };
}

describe('ProgressBar', () => {
  it('tells the speed once it knows it', () => {
    const { at } = barOn(100);
    expect(at(0, 10, 100)).toBe(`\r 10% ${'█'.repeat(2)}${'░'.repeat(22)} 10/100 steps\x1b[K`);
    expect(at(2000, 50, 100)).toBe(
      `\r 50% ${'█'.repeat(12)}${'░'.repeat(12)} 50/100 steps · 20 steps/s · 3 s left\x1b[K`,
    );
  });

  it('measures anew when another thing is counted, and leaves preparations out', () => {
    const { at } = barOn(100);
    at(0, 10, 100);
    expect(at(1000, 0, 500)).not.toContain('steps/s');
    expect(at(9000, 0, 500)).not.toContain('steps/s');
    expect(at(10_000, 5, 500)).toContain('5.0 steps/s · 1 min 39 s left');
  });

  it('stays within the line, and leaves it empty', () => {
    const { bar, written, at } = barOn(20);
    bar.clear();
    expect(written).toEqual([]);
    at(0, 10, 100);
    expect(written[0]).toHaveLength('\r'.length + 19 + '\x1b[K'.length);
    bar.clear();
    expect(written.at(-1)).toBe('\r\x1b[K');
  });

  it.each([
    [0, '0 s'],
    [6.2, '7 s'],
    [200, '3 min 20 s'],
    [7500, '2 h 5 min'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });
});
