import { BreakpointList, type Hits } from '../../core/debugger/breakpoints';
import { compileCondition } from '../../core/debugger/conditions/compile';
import type { StepFacts } from '../../core/debugger/conditions/facts';
import type { Names } from '../../core/debugger/conditions/vocabulary';
import { FindingList } from '../../core/debugger/findings/findings';
import type { SavedSession } from '../../core/debugger/saved-session';
import type { Session } from '../../core/debugger/session';
import type { Check } from '../../core/protocol/answers';
import type { Breakpoint, Breakpoints } from '../../core/protocol/breakpoints';
import type { SessionEvent } from '../../core/protocol/events';
import type { Findings, RuleName } from '../../core/protocol/findings';

export interface WatchParts {
  readonly tell: (event: SessionEvent) => void;
  /** Of the backward that is chosen, at the present step; of a person's own code the last one there is. */
  readonly check: () => Check | null;
}

/** So many messages of log points are told at a time; the rest are counted. */
const mostMessages = 50;

/** Makes the session's steps while breakpoints and rules watch. */
export class Watch {
  readonly #parts: WatchParts;
  readonly #list: BreakpointList;
  readonly #findings: FindingList;
  #session: Session;
  #facts: StepFacts;
  #messages: string[] = [];
  #untold = 0;
  /** Whether something was found that has not been told. */
  #hasNews = true;

  constructor(parts: WatchParts, session: Session) {
    this.#parts = parts;
    this.#session = session;
    this.#facts = session.facts(parts.check);
    this.#list = new BreakpointList(namesOf(session));
    this.#findings = new FindingList(session, this.#facts);
    this.#findings.atStep();
  }

  /** Another session: breakpoints stay, with their hits counted anew; what was found is forgotten. */
  begin(session: Session): void {
    this.#session = session;
    this.#facts = session.facts(this.#parts.check);
    this.#list.begin(namesOf(session));
    this.#findings.begin(session, this.#facts);
    this.#findings.atStep();
    this.#hasNews = true;
  }

  /** @throws BreakpointError, changing nothing, for a new one that the program cannot have. */
  set(breakpoints: readonly Breakpoint[], isActive: boolean): Breakpoints {
    this.#list.set(breakpoints, isActive);
    this.tell();
    return this.breakpoints;
  }

  get breakpoints(): Breakpoints {
    return this.#list.describe();
  }

  get findings(): Findings {
    return this.#findings.describe();
  }

  /** What was saved with the session that now begins. */
  restore({ breakpoints, heedsBreakpoints, thresholds }: SavedSession): void {
    this.#list.restore(breakpoints, heedsBreakpoints);
    this.#findings.restore(thresholds);
  }

  /** Nothing stops the session any more: it sets out. */
  setOut(): void {
    this.#list.setOut();
  }

  /** One step, or what is left of one; up to a node's gradient where that is watched. Returns whether to stop there. */
  advance(): boolean {
    const session = this.#session;
    if (!this.#list.watchesNodes) session.advance();
    else {
      do {
        const completed = session.stepOp();
        if (completed.length > 0 && this.#heed(this.#list.atGradients(completed, this.#fresh()))) return true;
      } while (session.position !== null);
    }
    return this.#stepped();
  }

  /** Ops within a step, of which the last may end it: what then is found is heeded, but the session rests there anyway. */
  *walk<Progress, Result>(job: Generator<Progress, Result>): Generator<Progress, Result> {
    const result = yield* job;
    if (this.#session.position === null) this.#stepped();
    return result;
  }

  /** @throws ThresholdError, changing nothing, for one that the rule does not accept. */
  setThreshold(rule: RuleName, value: number | null): Findings {
    this.#fresh();
    this.#findings.setThreshold(rule, value);
    this.#hasNews = true;
    this.tellNews();
    return this.#findings.describe();
  }

  /** Whether a condition holds at the step at which the session then stands. @throws ConditionError */
  condition(source: string): () => boolean {
    const condition = compileCondition(source, namesOf(this.#session));
    return () => condition(this.#fresh());
  }

  /** Tells what was found, and what log points said, since it was last called. */
  tellNews(): void {
    if (this.#hasNews) this.#parts.tell({ type: 'findings', findings: this.#findings.describe() });
    this.#hasNews = false;
    if (this.#messages.length === 0) return;
    const more = this.#untold > 0 ? [`… and ${this.#untold} more`] : [];
    this.#parts.tell({ type: 'log', level: 'info', message: [...this.#messages, ...more].join('\n') });
    this.#messages = [];
    this.#untold = 0;
  }

  /** Tells of all breakpoints, and which stopped the session. */
  tell(): void {
    this.tellNews();
    this.#parts.tell({ type: 'breakpoints', breakpoints: this.#list.describe() });
  }

  /** A step was made. Returns whether to stop there. */
  #stepped(): boolean {
    const facts = this.#fresh();
    if (this.#findings.atStep()) this.#hasNews = true;
    return this.#heed(this.#list.atStep(facts));
  }

  #fresh(): StepFacts {
    this.#facts.begin();
    return this.#facts;
  }

  #heed({ logged, stops }: Hits): boolean {
    for (const message of logged) {
      if (this.#messages.length < mostMessages) this.#messages.push(message);
      else this.#untold++;
    }
    return stops;
  }
}

function namesOf({ network }: Session): Names {
  const nodes = network.nodes.map(({ name }) => name);
  return { nodes, parameters: network.parameters.map(({ name }) => name), layers: network.layers };
}
