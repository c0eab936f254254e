import type { PythonState, SessionEvent } from '../../core/protocol/events';
import type { Clock } from './server-options';

/** Python that has been at work for less is not said to be: it would only flicker, at every key and every step. */
const busyMilliseconds = 150;

/** Tells what Python is about, as a person wants to know it. */
export class PythonTeller {
  readonly #clock: Clock;
  readonly #tell: (event: SessionEvent) => void;
  #told: PythonState | null = null;
  /** Counts what was heard, so that news that waits knows whether it still is true. */
  #heard = 0;

  constructor({ clock, tell }: { readonly clock: Clock; readonly tell: (event: SessionEvent) => void }) {
    this.#clock = clock;
    this.#tell = tell;
  }

  hear(state: PythonState, message: string): void {
    const heard = ++this.#heard;
    if (state !== 'busy') {
      // Ready after a moment's work that nobody was told of: nothing new. Everything else is.
      if (state !== 'ready' || this.#told !== 'ready') this.#say(state, message);
      return;
    }
    this.#clock.after(busyMilliseconds, () => {
      if (heard === this.#heard) this.#say(state, message);
    });
  }

  #say(state: PythonState, message: string): void {
    this.#told = state;
    this.#tell({ type: 'python', state, message });
  }
}
