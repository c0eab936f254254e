import type { Breakpoint, Breakpoints } from '../protocol/breakpoints';
import { type Condition, compileCondition, compileText } from './conditions/compile';
import { ConditionError } from './conditions/condition-error';
import type { Facts, Names } from './conditions/vocabulary';

/** A breakpoint made ready for a program. */
interface Ready {
  readonly breakpoint: Breakpoint;
  /** Null for a breakpoint on a node. */
  readonly condition: Condition | null;
  readonly message: ((facts: Facts) => string) | null;
  readonly error: string | null;
  hits: number;
}

/** What a step that was just made, or a gradient that was just computed, has hit. */
export interface Hits {
  /** Messages of log points. */
  readonly logged: readonly string[];
  /** Whether the session is to stop. */
  readonly stops: boolean;
}

const nothing: Hits = { logged: [], stops: false };

/** The breakpoints of a session: asked after every step, and after every gradient where one is on a node. */
export class BreakpointList {
  #names: Names;
  #all: readonly Ready[] = [];
  #isActive = true;
  #stop: Breakpoints['stop'] = null;
  /** Those that can be hit now. */
  #conditions: readonly Ready[] = [];
  #nodes: readonly Ready[] = [];

  constructor(names: Names) {
    this.#names = names;
  }

  /**
   * Another set. One that was there already keeps its hits, and stays where the program cannot have it.
   * @throws ConditionError, changing nothing, for a new one that the program cannot have.
   */
  set(breakpoints: readonly Breakpoint[], isActive: boolean): void {
    const all = breakpoints.map((breakpoint): Ready => {
      const present = this.#all.find((each) => each.breakpoint.id === breakpoint.id);
      const ready = makeReady(breakpoint, this.#names);
      const isSame = present !== undefined && subjectOf(present.breakpoint) === subjectOf(breakpoint);
      if (!isSame && ready.error !== null) throw new BreakpointError(ready.error);
      return isSame ? { ...ready, hits: present.hits } : ready;
    });
    this.#all = all;
    this.#isActive = isActive;
    this.#sort();
  }

  /** Breakpoints that were saved; those that the program cannot have stay with their error. */
  restore(breakpoints: readonly Breakpoint[], isActive: boolean): void {
    this.#all = breakpoints.map((breakpoint) => makeReady(breakpoint, this.#names));
    this.#isActive = isActive;
    this.#sort();
  }

  /** Another session, of another program perhaps. */
  begin(names: Names): void {
    this.#names = names;
    this.#all = this.#all.map(({ breakpoint }) => makeReady(breakpoint, names));
    this.#stop = null;
    this.#sort();
  }

  /** The session sets out again. */
  setOut(): void {
    this.#stop = null;
  }

  /** Whether any can be hit within a step. */
  get watchesNodes(): boolean {
    return this.#nodes.length > 0;
  }

  /** A step was made. */
  atStep(facts: Facts): Hits {
    return this.#hit(this.#conditions, facts, (ready) => ready.condition?.(facts) === true);
  }

  /** The gradients of these nodes were computed. */
  atGradients(nodes: readonly string[], facts: Facts): Hits {
    return this.#hit(
      this.#nodes,
      facts,
      ({ breakpoint }) => breakpoint.kind === 'node' && nodes.includes(breakpoint.node),
    );
  }

  describe(): Breakpoints {
    return {
      isActive: this.#isActive,
      states: this.#all.map(({ breakpoint, hits, error }) => ({ breakpoint, hits, error })),
      stop: this.#stop,
    };
  }

  #hit(candidates: readonly Ready[], facts: Facts, isHit: (ready: Ready) => boolean): Hits {
    if (candidates.length === 0) return nothing;
    const logged: string[] = [];
    let stops = false;
    for (const ready of candidates) {
      if (!isHit(ready)) continue;
      ready.hits++;
      if (ready.hits <= ready.breakpoint.skip) continue;
      if (ready.message !== null) logged.push(ready.message(facts));
      else if (!stops) {
        stops = true;
        this.#stop = { id: ready.breakpoint.id, step: facts.step, reason: reasonOf(ready.breakpoint) };
      }
    }
    return logged.length === 0 && !stops ? nothing : { logged, stops };
  }

  #sort(): void {
    const heeded = this.#isActive ? this.#all.filter(({ breakpoint, error }) => breakpoint.isEnabled && !error) : [];
    this.#conditions = heeded.filter(({ condition }) => condition !== null);
    this.#nodes = heeded.filter(({ condition }) => condition === null);
  }
}

/** A breakpoint that the program cannot have. */
export class BreakpointError extends Error {
  override name = 'BreakpointError';
}

function makeReady(breakpoint: Breakpoint, names: Names): Ready {
  try {
    if (breakpoint.kind === 'node' && !names.nodes.includes(breakpoint.node)) {
      throw new ConditionError(1, `The program has no node "${breakpoint.node}".`);
    }
    const condition = breakpoint.kind === 'node' ? null : compileCondition(breakpoint.condition, names);
    const message = breakpoint.log === null ? null : compileMessage(breakpoint.log, names);
    return { breakpoint, condition, message, error: null, hits: 0 };
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    return { breakpoint, condition: null, message: null, error: error.message, hits: 0 };
  }
}

const subjectOf = (breakpoint: Breakpoint) =>
  `${breakpoint.kind} ${breakpoint.kind === 'node' ? breakpoint.node : breakpoint.condition} ${breakpoint.log}`;

const reasonOf = (breakpoint: Breakpoint) =>
  breakpoint.kind === 'node' ? `d${breakpoint.node} is computed` : breakpoint.condition;

/** A log point's message: text, with expressions in braces. @throws ConditionError, its columns those of the message. */
function compileMessage(message: string, names: Names): (facts: Facts) => string {
  const parts: ((facts: Facts) => string)[] = [];
  let at = 0;
  while (at < message.length) {
    const open = message.indexOf('{', at);
    const end = open < 0 ? message.length : open;
    const text = message.slice(at, end);
    parts.push(() => text);
    if (open < 0) break;
    const close = message.indexOf('}', open);
    if (close < 0) throw new ConditionError(open + 1, 'This brace is not closed. Write `{loss}`.');
    // Spaces in front, so that an error names the column of the message.
    parts.push(compileText(' '.repeat(open + 1) + message.slice(open + 1, close), names));
    at = close + 1;
  }
  return (facts) => parts.map((part) => part(facts)).join('');
}
