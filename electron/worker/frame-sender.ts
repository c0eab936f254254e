import { type Frame, packFrame } from '../../core/protocol/frame';
import type { Clock } from './server-options';

/** Frames come at most 30 times a second. */
const frameMilliseconds = 1000 / 30;
/** Over how long the speed is measured. */
const speedMilliseconds = 500;

/**
 * Sends frames, the latest wins: one at a time, each against a credit, never faster than 30 a second. A frame that cannot
 * go at once is made when it can, from the session as it is then, so that training never waits for the screen and the
 * last frame of a session at rest always arrives.
 */
export class FrameSender {
  readonly #clock: Clock;
  readonly #send: (frame: Float32Array<ArrayBuffer>) => void;
  #hasCredit = false;
  #waiting: ((stepsPerSecond: number) => Frame) | null = null;
  #isTimed = false;
  #lastSent = Number.NEGATIVE_INFINITY;
  #measuredSince: number;
  #measuredSteps = 0;
  #stepsPerSecond = 0;

  constructor(clock: Clock, send: (frame: Float32Array<ArrayBuffer>) => void) {
    this.#clock = clock;
    this.#send = send;
    this.#measuredSince = clock.now();
  }

  /** The last frame has been drawn; the next may be sent. */
  credit(): void {
    this.#hasCredit = true;
    this.#trySend();
  }

  /** Something new can be seen: `makeFrame` is called when a frame may go. */
  offer(makeFrame: (stepsPerSecond: number) => Frame): void {
    this.#waiting = makeFrame;
    this.#trySend();
  }

  /** The session sets out from rest: time before now does not count towards its speed. */
  setOut(): void {
    this.#measuredSince = this.#clock.now();
    this.#measuredSteps = 0;
  }

  /** So many steps were made since the last call. */
  stepped(steps: number): void {
    this.#measuredSteps += steps;
    const elapsed = this.#clock.now() - this.#measuredSince;
    if (elapsed < speedMilliseconds) return;
    this.#stepsPerSecond = (this.#measuredSteps * 1000) / elapsed;
    this.#measuredSince = this.#clock.now();
    this.#measuredSteps = 0;
  }

  #trySend(): void {
    if (this.#waiting === null || !this.#hasCredit || this.#isTimed) return;
    const remaining = this.#lastSent + frameMilliseconds - this.#clock.now();
    if (remaining > 0) {
      this.#isTimed = true;
      this.#clock.after(remaining, () => {
        this.#isTimed = false;
        this.#trySend();
      });
      return;
    }
    const frame = packFrame(this.#waiting(this.#stepsPerSecond));
    this.#waiting = null;
    this.#hasCredit = false;
    this.#lastSent = this.#clock.now();
    this.#send(frame);
  }
}
