import { beforeEach, describe, expect, it } from 'vitest';
import type { PythonState } from '../../../core/protocol/events';
import { PythonTeller } from '../../../electron/worker/python-teller';

describe('PythonTeller', () => {
  let told: PythonState[];
  let timers: (() => void)[];
  let teller: PythonTeller;
  const hear = (...states: PythonState[]) => {
    for (const state of states) teller.hear(state, '');
  };
  const later = () => {
    for (const timer of timers.splice(0)) timer();
  };
  beforeEach(() => {
    told = [];
    timers = [];
    teller = new PythonTeller({
      clock: { now: () => 0, yield: () => {}, after: (_, callback) => timers.push(callback) },
      tell: (event) => {
        if (event.type === 'python') told.push(event.state);
      },
    });
  });

  it('does not flicker with every short run', () => {
    hear('starting', 'ready', 'busy', 'ready', 'busy', 'ready');
    later();
    expect(told).toEqual(['starting', 'ready']);
  });

  it('says that Python is busy once it has been so for a while, and when it is ready again', () => {
    hear('ready', 'busy');
    expect(told).toEqual(['ready']);
    later();
    hear('ready');
    expect(told).toEqual(['ready', 'busy', 'ready']);
  });

  it('tells at once that Python starts anew or cannot start', () => {
    hear('ready', 'busy', 'starting', 'ready', 'busy', 'stopped');
    later();
    expect(told).toEqual(['ready', 'starting', 'ready', 'stopped']);
  });
});
