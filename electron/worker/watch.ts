import { BreakpointList, type Hits } from '../../core/debugger/breakpoints';
import { compileCondition } from '../../core/debugger/conditions/compile';
import type { StepFacts } from '../../core/debugger/conditions/facts';
import type { Names } from '../../core/debugger/conditions/vocabulary';
import type { Session } from '../../core/debugger/session';
import type { Check } from '../../core/protocol/answers';
import type { Breakpoint } from '../../core/protocol/breakpoints';
import type { SessionEvent } from '../../core/protocol/events';

export interface WatchParts {
  readonly tell: (event: SessionEvent) => void;
  /** Of the backward that is chosen, at the present step; of a person's own code the last one there is. */
  readonly check: () => Check | null;
}

/** So many messages of log points are told at a time; the rest are counted. */
const mostMessages = 50;

/** Makes the session's steps while its breakpoints watch. */
export class Watch {
  readonly #parts: WatchParts;
  readonly #list: BreakpointList;
  #session: Session;
  #facts: StepFacts;
  #messages: string[] = [];
  #untold = 0;

  constructor(parts: WatchParts, session: Session) {
    this.#parts = parts;
    this.#session = session;
    this.#facts = session.facts(parts.check);
    this.#list = new BreakpointList(namesOf(session));
  }

  /** Another session: breakpoints stay, with their hits counted anew. */
  begin(session: Session): void {
    this.#session = session;
    this.#facts = session.facts(this.#parts.check);
    this.#list.begin(namesOf(session));
  }

  /** @throws BreakpointError, changing nothing, for a new one that the program cannot have. */
  set(breakpoints: readonly Breakpoint[], isActive: boolean): ReturnType<BreakpointList['describe']> {
    this.#list.set(breakpoints, isActive);
    this.tell();
    return this.#list.describe();
  }

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
    return this.#heed(this.#list.atStep(this.#fresh()));
  }

  /** Whether a condition holds at the step at which the session then stands. @throws ConditionError */
  condition(source: string): () => boolean {
    const condition = compileCondition(source, namesOf(this.#session));
    return () => condition(this.#fresh());
  }

  /** Tells what log points said since it was last called. */
  tellMessages(): void {
    if (this.#messages.length === 0) return;
    const more = this.#untold > 0 ? [`… and ${this.#untold} more`] : [];
    this.#parts.tell({ type: 'log', level: 'info', message: [...this.#messages, ...more].join('\n') });
    this.#messages = [];
    this.#untold = 0;
  }

  /** Tells of all breakpoints, and which stopped the session. */
  tell(): void {
    this.#parts.tell({ type: 'breakpoints', breakpoints: this.#list.describe() });
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
