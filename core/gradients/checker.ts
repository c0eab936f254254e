import { Tape } from '../autograd/tape';
import type { Kernels } from '../kernels/kernels';
import { type Network, NotFoundError } from '../programs/network';
import { buildNetwork } from '../programs/registry';
import type { Settings } from '../programs/settings';
import type { ManualBackward, Statement } from '../programs/statement';
import type { BackwardDescription, Check, CheckRow } from '../protocol/answers';
import type { BuiltInBackward } from '../protocol/commands';
import type { Arena } from '../tensor/arena';
import { unravelIndex } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { type ManualGradients, recordManualBackward } from './manual-backward';
import { decide, type GradientPair } from './verdict';

/** What a checker is made from. Its tensors live in `arena`, which it takes over and resets with every choice. */
export interface CheckerParts {
  readonly kernels: Kernels;
  readonly arena: Arena;
  readonly network: Network;
  readonly settings: Settings;
  readonly vocabularySize: number;
  readonly manual: ManualBackward;
}

/** The float64 side of a check: the same network again, with the manual backward plain and corrected. */
interface DoubleRun {
  readonly network: Network;
  readonly plain: ManualGradients;
  readonly corrected: ManualGradients;
}

/** Checks a backward written by hand against autograd, at the step where the network stands. */
export class Checker {
  readonly #parts: CheckerParts;
  #description: BackwardDescription;
  #statements: readonly Statement[];
  #single: ManualGradients;
  #double: DoubleRun | null = null;

  constructor(parts: CheckerParts) {
    this.#parts = parts;
    const statements = parts.manual.statements.nodewise;
    this.#statements = statements;
    this.#description = describe('nodewise', null, statements, []);
    this.#single = this.#record();
  }

  /** The backward in force. */
  get description(): BackwardDescription {
    return this.#description;
  }

  /**
   * Takes another backward, or plants a mistake in it.
   * @throws NotFoundError, changing nothing, where the mistake does not exist or cannot be planted in this backward.
   */
  choose(backward: BuiltInBackward, mistakeName: string | null): void {
    const { manual } = this.#parts;
    let statements = manual.statements[backward];
    let planted: readonly Statement[] = [];
    if (mistakeName !== null) {
      const mistake = manual.mistakes.find(({ name }) => name === mistakeName);
      if (mistake === undefined) {
        const names = manual.mistakes.map(({ name }) => name).join(', ');
        throw new NotFoundError(`There is no mistake named '${mistakeName}'. Choose one of: ${names}.`);
      }
      const result = mistake.plant(statements);
      if (result === null) {
        throw new NotFoundError(
          `'${mistake.title}' cannot be planted in the ${backward} backward: it has no such line.`,
        );
      }
      ({ statements, planted } = result);
    }
    this.#statements = statements;
    this.#description = describe(backward, mistakeName, statements, planted);
    this.#single = this.#record();
  }

  /** The manual gradients of the present step, by node. Valid until the next check. */
  manualGradients(): ReadonlyMap<string, Tensor> {
    this.#single.tape.forward();
    return this.#single.gradients;
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
    const { kernels, arena, network } = this.#parts;
    arena.reset();
    this.#double = null;
    return recordManualBackward(new Tape(kernels, arena, 'float32'), network, this.#statements, { corrected: false });
  }

  /** Repeats the present step in float64 from the same parameters and minibatch. */
  #runDouble(): DoubleRun {
    const { kernels, arena, network, settings, vocabularySize } = this.#parts;
    if (this.#double === null) {
      const copy = buildNetwork(new Tape(kernels, arena, 'float64'), settings, vocabularySize);
      const record = (corrected: boolean) =>
        recordManualBackward(new Tape(kernels, arena, 'float64'), copy, this.#statements, { corrected });
      this.#double = { network: copy, plain: record(false), corrected: record(true) };
    }
    const double = this.#double;
    double.network.contexts.copyFrom(network.contexts.values());
    double.network.targets.copyFrom(network.targets.values());
    for (const [index, { tensor }] of network.parameters.entries()) {
      double.network.parameters[index].tensor.copyFrom(tensor.values());
    }
    double.network.tape.forward();
    double.network.tape.backward();
    double.plain.tape.forward();
    double.corrected.tape.forward();
    return double;
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
