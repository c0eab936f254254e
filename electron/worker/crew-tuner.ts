/**
 * Time with and without the second thread is compared over so many slices each, in turn: with a window that draws beside
 * them, six of each were as often wrong as right.
 */
const trialSlices = 24;
/** How long a choice holds: another program on the machine may take the second core, or give it back. */
const holdMilliseconds = 10_000;

/** A core is not taken from others for less. */
const leastGain = 1.05;

/** What can be had with a second thread, or without. */
interface Crew {
  isOn: boolean;
}

/**
 * Finds out, while a session runs, whether the second thread makes it faster: on some machines handing numbers from core to
 * core costs more than half of the work takes. It tries both in turn and takes what was faster. Results are the same.
 */
export class CrewTuner {
  readonly #crew: Crew;
  /** Milliseconds and steps so far: without the second thread, and with it. */
  #trials = [emptyTrial(), emptyTrial()] as const;
  #heldUntil = Number.NEGATIVE_INFINITY;

  constructor(crew: Crew) {
    this.#crew = crew;
  }

  /** A slice of so many steps took so long, until `now`. Chooses for the next one. */
  worked(steps: number, milliseconds: number, now: number): void {
    if (steps === 0 || now < this.#heldUntil) return;
    const trial = this.#trials[this.#crew.isOn ? 1 : 0];
    trial.slices++;
    trial.steps += steps;
    trial.milliseconds += milliseconds;
    const [alone, together] = this.#trials;
    if (alone.slices < trialSlices || together.slices < trialSlices) {
      this.#crew.isOn = !this.#crew.isOn;
      return;
    }
    const gain = alone.milliseconds / alone.steps / (together.milliseconds / together.steps);
    this.#crew.isOn = gain > leastGain;
    this.#heldUntil = now + holdMilliseconds;
    this.#trials = [emptyTrial(), emptyTrial()];
  }
}

const emptyTrial = () => ({ slices: 0, steps: 0, milliseconds: 0 });
