import type { Tape } from '../graph/tape';
import { comparedNodes, fused, nodewise } from './decomposed-mlp/backward';
import { mistakes } from './decomposed-mlp/mistakes';
import { decomposedMlp } from './decomposed-mlp/program';
import { deepStack } from './deep-stack/program';
import { Network } from './network';
import type { Program } from './program';
import type { ProgramName, Settings } from './settings';
import type { ManualBackward } from './statement';

const programs: Readonly<Record<ProgramName, Program>> = { 'decomposed-mlp': decomposedMlp, 'deep-stack': deepStack };

/** The program that the settings name, planned on a tape, for a vocabulary of that many tokens. */
export function buildNetwork(tape: Tape, settings: Settings, vocabularySize: number): Network {
  return new Network({ program: programs[settings.program], settings, vocabularySize }, tape);
}

const manualBackwards: Partial<Record<ProgramName, ManualBackward>> = {
  'decomposed-mlp': { comparedNodes, statements: { nodewise, fused }, mistakes },
};

/** The backward passes written by hand for a program; null where there are none. */
export function manualBackwardOf(program: ProgramName): ManualBackward | null {
  return manualBackwards[program] ?? null;
}
