import { comparedNodes } from '../../../../core/programs/decomposed-mlp/backward';
import type { Verdict } from '../../../../core/protocol/answers';

/** Code that would be called right without having derived anything. */
export interface Cheat {
  readonly name: string;
  /** Python; NODES stands for the list of the nodes' names, STEP_LOSS for the loss of the step. */
  readonly code: string;
  /** The gradients that it does derive; none by default. */
  readonly derives?: readonly string[];
  /** What is said of all of the others, where one word fits them all. */
  readonly told?: Verdict;
  /** Whether the interpreter may not survive it: whoever holds the lab then says so, and starts another. */
  readonly breaks?: boolean;
}

/** `nodes`' gradients, all of them something else than they are. */
export const lied = `
for name in NODES: globals()['d' + name] = torch.ones_like(globals()[name])
`;

/** The real `sys`, by modules that may be imported. */
export const reach = `
import dataclasses
sys = dataclasses.sys
modules = sys.modules
`;

export const nodesList = `[${comparedNodes.map((node) => `'${node}'`).join(', ')}]`;

/** Their gradients are zero at every point: what says so has said what is right. */
export const alwaysZero = ['logit_maxes', 'b1'];
