import type { Arithmetic } from '../../core/programs/settings';
import type { ServerMessage } from '../../core/protocol/events';
import type { LabService, Patience } from '../../core/python/lab-service';
import type { EngineSpace } from '../engine/engine';

/** Time and turns, given so that tests run without waiting. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  /** Calls back once waiting messages have been heard. */
  yield(callback: () => void): void;
  /** Calls back after so many milliseconds. */
  after(milliseconds: number, callback: () => void): void;
}

export interface SessionServerOptions {
  /** The list of names to begin with. */
  readonly builtInWords: readonly string[];
  readonly send: (message: ServerMessage, transfer?: ArrayBuffer[]) => void;
  readonly clock: Clock;
  /** Kernels and memory for a new session, by the arithmetic it asks for. */
  readonly beginSpace: (arithmetic: Arithmetic) => EngineSpace;
  /** Where the person's own code runs. */
  readonly lab: LabService;
  /** Of checks of that code. */
  readonly patience: Patience;
}
