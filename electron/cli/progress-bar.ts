import type { Terminal } from './host';

const barCells = 24;

/** One line of a terminal, redrawn in place: how far a command is, how fast it goes, how long it still takes. */
export class ProgressBar {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  /** What the speed is measured from; null while no line stands. */
  #start: { readonly time: number; readonly done: number; readonly total: number } | null = null;

  constructor(terminal: Terminal, now: () => number) {
    this.#terminal = terminal;
    this.#now = now;
  }

  /** Draws `done` of `total` `unit`. The session tells progress four times a second at most, so that every one is drawn. */
  draw(done: number, total: number, unit: string): void {
    const time = this.#now();
    // A command may count several things, one after the other, and prepare before the first is done.
    if (this.#start?.total !== total || done <= this.#start.done) this.#start = { time, done, total };
    const seconds = (time - this.#start.time) / 1000;
    const perSecond = (done - this.#start.done) / seconds;
    const filled = Math.round((barCells * done) / total);
    const bar = '█'.repeat(filled) + '░'.repeat(barCells - filled);
    const percent = `${Math.floor((100 * done) / total)}%`.padStart(4);
    const pace = perSecond > 0 ? ` · ${formatSpeed(perSecond)} ${unit}/s` : '';
    const left = perSecond > 0 ? ` · ${formatSeconds((total - done) / perSecond)} left` : '';
    const line = `${percent} ${bar} ${done}/${total} ${unit}${pace}${left}`;
    // A longer line would wrap, and the next drawing would leave its first part standing.
    this.#terminal.write(`\r${line.slice(0, this.#terminal.columns - 1)}\x1b[K`);
  }

  /** Takes the line away, so that what is printed next begins on an empty one. */
  clear(): void {
    if (this.#start !== null) this.#terminal.write('\r\x1b[K');
    this.#start = null;
  }
}

const formatSpeed = (perSecond: number) => perSecond.toFixed(perSecond < 10 ? 1 : 0);

/** "7 s", "3 min 20 s", "2 h 5 min". */
export function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
