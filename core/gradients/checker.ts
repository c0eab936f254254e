import { Tape } from '../autograd/tape';
import type { Kernels } from '../kernels/kernels';
import type { Network } from '../programs/network';
import { buildNetwork } from '../programs/registry';
import type { Settings } from '../programs/settings';
import type { ManualBackward, Statement } from '../programs/statement';
import type { BackwardDescription, Check, CheckRow } from '../protocol/answers';
import type { BuiltInBackward } from '../protocol/commands';
import type { Arena } from '../tensor/arena';
import { unravelIndex } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { type ManualGradients, recordManualBackward } from './manual-backward';
import { plantedStatements } from './planted-statements';
import { Trainings } from './trainings';
import { decide, type GradientPair } from './verdict';

/** What a checker is made from. */
export interface CheckerParts {
  readonly kernels: Kernels;
  readonly newArena: () => Arena;
  readonly network: Network;
  readonly settings: Settings;
  readonly vocabularySize: number;
  readonly manual: ManualBackward;
}

/** The manual backward in float64, plain and corrected. */
interface DoubleBackward {
  readonly plain: ManualGradients;
  readonly corrected: ManualGradients;
}

/** The float64 side of a check. */
interface DoubleRun extends DoubleBackward {
  readonly network: Network;
}

/** Checks a backward written by hand against autograd, at the step where the network stands. */
export class Checker {
  /** The backward passes that can be chosen, as training uses them. */
  readonly trainings: Trainings;
  readonly #parts: CheckerParts;
  /** Where its tensors live; begun anew with every choice. */
  readonly #arena: Arena;
  #chosen: { readonly backward: BuiltInBackward; readonly mistake: string | null } = {
    backward: 'nodewise',
    mistake: null,
  };
  #description: BackwardDescription;
  #statements: readonly Statement[];
  #single: ManualGradients;
  #doubleNetwork: Network | null = null;
  #doubleBackward: DoubleBackward | null = null;

  constructor(parts: CheckerParts) {
    this.#parts = parts;
    this.#arena = parts.newArena();
    this.trainings = new Trainings(parts);
    const statements = parts.manual.statements.nodewise;
    this.#statements = statements;
    this.#description = describe('nodewise', null, statements, []);
    this.#single = this.#record();
  }

  /** Which backward is in force, and the mistake in it. */
  get chosen() {
    return this.#chosen;
  }

  /** The backward in force, line by line. */
  get description(): BackwardDescription {
    return this.#description;
  }

  /**
   * Takes another backward, or plants a mistake in it.
   * @throws NotFoundError, changing nothing, where the mistake does not exist or cannot be planted in this backward.
   */
  choose(backward: BuiltInBackward, mistakeName: string | null): void {
    const { statements, planted } = plantedStatements(this.#parts.manual, backward, mistakeName);
    this.#statements = statements;
    this.#chosen = { backward, mistake: mistakeName };
    this.#description = describe(backward, mistakeName, statements, planted);
    this.#single = this.#record();
  }

  /** The nodes whose gradients are compared, in the table's order. */
  get comparedNodes(): readonly string[] {
    return this.#parts.manual.comparedNodes;
  }

  /** The manual gradients of the present step, by node. Valid until the next check. */
  manualGradients(): ReadonlyMap<string, Tensor> {
    this.#single.tape.forward();
    return this.#single.gradients;
  }

  /** The present step repeated in float64, from the same parameters and minibatch. Valid until the next choice. */
  doubleNetwork(): Network {
    const { kernels, network, settings, vocabularySize } = this.#parts;
    this.#doubleNetwork ??= buildNetwork(new Tape(kernels, this.#arena, 'float64'), settings, vocabularySize);
    const double = this.#doubleNetwork;
    double.contexts.copyFrom(network.contexts.values());
    double.targets.copyFrom(network.targets.values());
    for (const [index, { tensor }] of network.parameters.entries()) {
      double.parameters[index].tensor.copyFrom(tensor.values());
    }
    double.tape.forward();
    double.tape.backward();
    return double;
  }

  /** Compares every node at `step`, the step where the network stands. */
  check(step: number): Check {
    const manual = this.manualGradients();
    let double: DoubleRun | null = null;
    const run = () => {
      double ??= this.#runDouble();
      return double;
    };
    const rows = this.#parts.manual.comparedNodes.map((node): CheckRow => {
      const { shape } = this.#parts.network.node(node);
      const manualShape = manual.get(node)?.shape ?? null;
      const { verdict, reason, comparison } = decide({
        node,
        shape,
        manualShape,
        single: () => this.#pair(this.#parts.network, manual, node),
        double: () => this.#pair(run().network, run().plain.gradients, node),
        corrected: () => this.#pair(run().network, run().corrected.gradients, node),
      });
      return {
        node,
        shape,
        exact: comparison?.exact ?? false,
        approximate: comparison?.approximate ?? false,
        maxdiff: comparison?.maxdiff ?? null,
        maxUlp: comparison?.maxUlp ?? null,
        worstIndex: comparison === null ? null : unravelIndex(comparison.worst, shape),
        verdict,
        reason,
        line: null,
      };
    });
    return { ...this.#description, step, rows };
  }

  #record(): ManualGradients {
    const { kernels, network } = this.#parts;
    this.#arena.reset();
    this.#doubleNetwork = null;
    this.#doubleBackward = null;
    return recordManualBackward(new Tape(kernels, this.#arena, 'float32'), network, this.#statements, {
      corrected: false,
    });
  }

  #runDouble(): DoubleRun {
    const { kernels } = this.#parts;
    const network = this.doubleNetwork();
    const record = (corrected: boolean) =>
      recordManualBackward(new Tape(kernels, this.#arena, 'float64'), network, this.#statements, { corrected });
    this.#doubleBackward ??= { plain: record(false), corrected: record(true) };
    const { plain, corrected } = this.#doubleBackward;
    plain.tape.forward();
    corrected.tape.forward();
    return { network, plain, corrected };
  }

  #pair(network: Network, manual: ReadonlyMap<string, Tensor>, name: string): GradientPair {
    const gradient = manual.get(name);
    if (gradient === undefined) throw new ReferenceError(`No line writes d${name}.`);
    return { manual: gradient.values(), autograd: network.tape.gradientOf(network.node(name).tensor).values() };
  }
}

function describe(
  backward: BuiltInBackward,
  mistake: string | null,
  statements: readonly Statement[],
  planted: readonly Statement[],
): BackwardDescription {
  const lines = statements.map((statement, index) => {
    const { node, formula } = statement;
    return { line: index + 1, node, formula, mistaken: planted.includes(statement) };
  });
  return { backward, mistake, statements: lines };
}
