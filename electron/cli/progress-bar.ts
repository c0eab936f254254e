import type { Terminal } from './host';

const barCells = 24;

/** One line of a terminal, redrawn in place: how far a command is, how fast it goes, how long it still takes. */
export class ProgressBar {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  #began: number;
  #isDrawn = false;

  constructor(terminal: Terminal, now: () => number) {
    this.#terminal = terminal;
    this.#now = now;
    this.#began = now();
  }

  /** Counts time from now on: another command begins. */
  begin(): void {
    this.#began = this.#now();
  }

  /** Draws `done` of `total` `unit`. The session tells progress four times a second at most, so that every one is drawn. */
  draw(done: number, total: number, unit: string): void {
    const seconds = (this.#now() - this.#began) / 1000;
    const perSecond = seconds > 0 ? done / seconds : 0;
    const filled = Math.round((barCells * done) / total);
    const bar = '█'.repeat(filled) + '░'.repeat(barCells - filled);
    const percent = `${Math.floor((100 * done) / total)}%`.padStart(4);
    const left = perSecond > 0 ? ` · ${formatSeconds((total - done) / perSecond)} left` : '';
    const line = `${percent} ${bar} ${done}/${total} ${unit} · ${perSecond.toFixed(0)} ${unit}/s${left}`;
    // A longer line would wrap, and the next drawing would leave its first part standing.
    this.#terminal.write(`\r${line.slice(0, this.#terminal.columns - 1)}\x1b[K`);
    this.#isDrawn = true;
  }

  /** Takes the line away, so that what is printed next begins on an empty one. */
  clear(): void {
    if (this.#isDrawn) this.#terminal.write('\r\x1b[K');
    this.#isDrawn = false;
  }
}

/** "7 s", "3 min 20 s", "2 h 5 min". */
export function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
