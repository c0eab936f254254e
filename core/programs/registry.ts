import type { Tape } from '../autograd/tape';
import { comparedNodes, fused, nodewise } from './decomposed-mlp/backward';
import { mistakes } from './decomposed-mlp/mistakes';
import { buildDecomposedMlp } from './decomposed-mlp/network';
import { buildDeepStack } from './deep-stack/network';
import type { Network } from './network';
import type { ProgramName, Settings } from './settings';
import type { ManualBackward } from './statement';

type Builder = (tape: Tape, settings: Settings, vocabularySize: number) => Network;

const builders: Readonly<Record<ProgramName, Builder>> = {
  'decomposed-mlp': buildDecomposedMlp,
  'deep-stack': buildDeepStack,
};

/** Builds the program that the settings name, for a vocabulary of that many tokens. */
export function buildNetwork(tape: Tape, settings: Settings, vocabularySize: number): Network {
  return builders[settings.program](tape, settings, vocabularySize);
}

const manualBackwards: Partial<Record<ProgramName, ManualBackward>> = {
  'decomposed-mlp': { comparedNodes, statements: { nodewise, fused }, mistakes },
};

/** The backward passes written by hand for a program; null where there are none. */
export function manualBackwardOf(program: ProgramName): ManualBackward | null {
  return manualBackwards[program] ?? null;
}
