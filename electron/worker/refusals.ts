import { NamesError } from '../../core/data/names';
import { BreakpointError } from '../../core/debugger/breakpoints';
import { ConditionError } from '../../core/debugger/conditions/condition-error';
import { DivergedError } from '../../core/debugger/divergence';
import { ThresholdError } from '../../core/debugger/findings/findings';
import { SavedSessionError } from '../../core/debugger/saved-session';
import { WithinStepError } from '../../core/debugger/stepper';
import { TimeTravelError } from '../../core/debugger/time-travel/branch';
import { NotFoundError } from '../../core/programs/network';
import type { Refusal, RefusalCode } from '../../core/protocol/events';
import { OutOfMemoryError } from '../../core/tensor/heap';
import { SessionFileError } from '../session-file/container';

/** Why a command cannot be carried out; becomes a refusal. */
export class RefusedError extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** What whoever asked is told of an error. One that nobody foresaw is said to be a defect. */
export function refusalOf(error: unknown): Refusal {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof RefusedError) return { code: error.code, message };
  if (error instanceof NamesError) return { code: 'invalid-names', message };
  if (error instanceof BreakpointError || error instanceof ConditionError)
    return { code: 'invalid-condition', message };
  if (error instanceof SessionFileError || error instanceof SavedSessionError)
    return { code: 'invalid-session', message };
  if (error instanceof ThresholdError) return { code: 'invalid-threshold', message };
  if (error instanceof NotFoundError || error instanceof TimeTravelError) return { code: 'not-found', message };
  if (error instanceof WithinStepError || error instanceof DivergedError) return { code: 'not-now', message };
  if (error instanceof OutOfMemoryError) return { code: 'out-of-memory', message };
  return { code: 'internal', message: `${message} This is a defect in Chainrule.` };
}
