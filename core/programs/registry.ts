import type { Tape } from '../graph/tape';
import { comparedNodes, fused, nodewise } from './decomposed-mlp/backward';
import { mistakes } from './decomposed-mlp/mistakes';
import { decomposedMlp } from './decomposed-mlp/program';
import { deepStack } from './deep-stack/program';
import { Network, NotFoundError } from './network';
import type { Program } from './program';
import type { ProgramName, Settings } from './settings';
import type { ManualBackward } from './statement';

const programs: ReadonlyMap<string, Program> = new Map<ProgramName, Program>([
  ['decomposed-mlp', decomposedMlp],
  ['deep-stack', deepStack],
]);

/**
 * The program that the settings name, planned on a tape, for a vocabulary of that many tokens.
 * @throws NotFoundError where there is no such program.
 */
export function buildNetwork(tape: Tape, settings: Settings, vocabularySize: number): Network {
  const program = programs.get(settings.program);
  if (program === undefined) throw new NotFoundError(`There is no program '${settings.program}'.`);
  return new Network({ program, settings, vocabularySize }, tape);
}

const manualBackwards: ReadonlyMap<string, ManualBackward> = new Map<ProgramName, ManualBackward>([
  ['decomposed-mlp', { comparedNodes, statements: { nodewise, fused }, mistakes }],
]);

/** The backward passes written by hand for a program; null where there are none. */
export function manualBackwardOf(program: string): ManualBackward | null {
  return manualBackwards.get(program) ?? null;
}
