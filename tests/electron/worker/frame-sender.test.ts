import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../core/protocol/frame';
import { unpackFrame } from '../../../core/protocol/frame';
import { FrameSender } from '../../../electron/worker/frame-sender';
import { ManualClock, ServerHarness } from './server-harness';

const frameMilliseconds = 1000 / 30;
const frameOf = (step: number, stepsPerSecond = 0): Frame => ({
  step,
  loss: 1,
  learningRate: 0.5,
  stepsPerSecond,
  running: true,
  layers: [],
  parameters: [],
});

/** A sender on a clock that stands still, and the steps and speeds of the frames that it sent. */
function newSender() {
  const clock = new ManualClock(0);
  clock.time = 1000;
  const sent: { readonly step: number; readonly stepsPerSecond: number; readonly time: number }[] = [];
  const sender = new FrameSender(clock, (packed) => {
    const { step, stepsPerSecond } = unpackFrame(packed);
    sent.push({ step, stepsPerSecond, time: clock.time });
  });
  return { clock, sender, sent, steps: () => sent.map(({ step }) => step) };
}

describe('FrameSender', () => {
  it('sends nothing before the first credit, then what was offered', () => {
    const { sender, steps, clock } = newSender();
    sender.offer(() => frameOf(1));
    clock.pass(1000);
    expect(steps()).toEqual([]);
    sender.credit();
    expect(steps()).toEqual([1]);
  });

  it('sends one frame at a time: credits do not add up, and none is spent on nothing', () => {
    const { sender, steps, clock } = newSender();
    sender.credit();
    sender.credit();
    expect(steps()).toEqual([]);
    sender.offer(() => frameOf(1));
    clock.pass(1000);
    sender.offer(() => frameOf(2));
    clock.pass(1000);
    expect(steps()).toEqual([1]);
    sender.credit();
    expect(steps()).toEqual([1, 2]);
  });

  it('sends the latest offer, and makes no frame that is not sent', () => {
    const { sender, steps, clock } = newSender();
    let made = 0;
    for (let step = 1; step <= 50; step++) {
      sender.offer(() => {
        made++;
        return frameOf(step);
      });
    }
    sender.credit();
    clock.pass(1000);
    expect(steps()).toEqual([50]);
    expect(made).toBe(1);
  });

  it('waits until a thirtieth of a second has passed, and sends what is the latest by then', () => {
    const { sender, sent, clock } = newSender();
    sender.credit();
    sender.offer(() => frameOf(1));
    sender.credit();
    sender.offer(() => frameOf(2));
    clock.pass(20);
    sender.offer(() => frameOf(3));
    clock.pass(13);
    expect(sent).toHaveLength(1);
    clock.pass(1);
    expect(sent.map(({ step }) => step)).toEqual([1, 3]);
    expect(sent[1]!.time - sent[0]!.time).toBeGreaterThanOrEqual(frameMilliseconds);
  });

  it('measures the speed over half a second of stepping, not of rest', () => {
    const { sender, sent, clock } = newSender();
    clock.pass(60_000);
    sender.setOut();
    for (let slice = 0; slice < 50; slice++) {
      clock.pass(10);
      sender.stepped(4);
    }
    sender.credit();
    sender.offer((speed) => frameOf(200, speed));
    expect(sent[0]!.stepsPerSecond).toBe(400);
  });
});

describe('the frames of a session', () => {
  it('begin with the first credit, and the session at rest sends no second one', () => {
    const harness = new ServerHarness();
    harness.clock.pass(1000);
    expect(harness.frames).toEqual([]);
    harness.credit();
    expect(harness.frames).toMatchObject([{ step: 0, running: false, stepsPerSecond: 0 }]);
    harness.credit();
    harness.clock.pass(1000);
    expect(harness.frames).toHaveLength(1);
  });

  it('come while it runs, each for a credit, no faster than 30 a second, of the step that is present', () => {
    const harness = new ServerHarness();
    harness.credit();
    harness.request({ type: 'run' });
    let seen = 0;
    for (let turn = 0; turn < 300; turn++) {
      harness.clock.turn();
      expect(harness.frames.length - seen).toBeLessThanOrEqual(1);
      if (harness.frames.length > seen) {
        seen = harness.frames.length;
        harness.credit();
      }
    }
    const { frames } = harness;
    expect(frames.length).toBeGreaterThan(50);
    for (const [index, frame] of frames.slice(1).entries()) {
      // A slice may be at work when a frame's time comes: never sooner than a thirtieth of a second, seldom much later.
      expect(frame.time - frames[index]!.time).toBeGreaterThanOrEqual(frameMilliseconds);
      expect(frame.time - frames[index]!.time).toBeLessThan(frameMilliseconds + 20);
      expect(frame.step).toBeGreaterThan(frames[index]!.step);
    }
    expect(frames.at(-1)!.stepsPerSecond).toBeGreaterThan(100);
  });

  it('end with the step at which it came to rest, whenever the credit for it comes', () => {
    for (const delay of [0, 10, 100]) {
      const harness = new ServerHarness();
      harness.credit();
      harness.request({ type: 'run' });
      harness.turns(30);
      const { step } = harness.ask({ type: 'pause' });
      harness.clock.pass(delay);
      harness.credit();
      harness.clock.pass(100);
      expect(harness.frames.at(-1)).toMatchObject({ step, running: false, stepsPerSecond: 0 });
    }
  });

  it('never hold training up: without credits it runs as far', () => {
    const stepsWith = (credits: boolean) => {
      const harness = new ServerHarness();
      harness.request({ type: 'run' });
      for (let turn = 0; turn < 50; turn++) {
        harness.clock.turn();
        if (credits) harness.credit();
      }
      return harness.ask({ type: 'pause' }).step;
    };
    expect(stepsWith(false)).toBeGreaterThanOrEqual(stepsWith(true));
  });

  it('are of the new session after a restart', () => {
    const harness = new ServerHarness();
    harness.ask({ type: 'step', count: 9 });
    harness.ask({ type: 'restart' });
    harness.credit();
    expect(harness.frames).toMatchObject([{ step: 0 }]);
  });
});
