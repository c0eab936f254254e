import { Tape } from '../graph/tape';
import type { Kernels } from '../kernels/kernels';
import type { Network } from '../programs/network';
import type { ManualBackward } from '../programs/statement';
import type { BuiltInBackward } from '../protocol/commands';
import type { Arena } from '../tensor/arena';
import { type ManualGradients, neededFor, recordManualBackward } from './manual-backward';
import { plantedStatements } from './planted-statements';

export interface TrainingsParts {
  readonly kernels: Kernels;
  readonly newArena: () => Arena;
  readonly network: Network;
  readonly manual: ManualBackward;
}

/** The built-in backward passes as training uses them: of each, only what the parameters' gradients are computed from. */
export class Trainings {
  readonly #parts: TrainingsParts;
  /** Each is planned once, since training may come back to it through time. */
  readonly #planned = new Map<string, ManualGradients>();

  constructor(parts: TrainingsParts) {
    this.#parts = parts;
  }

  /** @throws NotFoundError for a mistake that does not exist or cannot be planted in this backward. */
  of(backward: BuiltInBackward, mistake: string | null): ManualGradients {
    const key = `${backward} ${mistake}`;
    let planned = this.#planned.get(key);
    if (planned === undefined) {
      planned = this.#plan(backward, mistake);
      this.#planned.set(key, planned);
    }
    return planned;
  }

  #plan(backward: BuiltInBackward, mistake: string | null): ManualGradients {
    const { kernels, newArena, network, manual } = this.#parts;
    const { statements } = plantedStatements(manual, backward, mistake);
    const arena = newArena();
    const record = (chosen: typeof statements) =>
      recordManualBackward(new Tape(kernels, arena, 'float32'), network, chosen);
    const { reads } = record(statements);
    const names = network.parameters.map(({ name }) => name);
    return record(neededFor(names, statements, reads));
  }
}
