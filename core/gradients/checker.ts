import { Tape } from '../graph/tape';
import type { Kernels } from '../kernels/kernels';
import type { Network } from '../programs/network';
import type { Settings } from '../programs/settings';
import type { ManualBackward, Statement } from '../programs/statement';
import type { BackwardDescription, Check } from '../protocol/answers';
import type { BuiltInBackward } from '../protocol/commands';
import type { Arena } from '../tensor/arena';
import type { Tensor } from '../tensor/tensor';
import { checkRow } from './check-row';
import { type ManualGradients, recordManualBackward } from './manual-backward';
import { plantedStatements } from './planted-statements';
import { Point } from './point';
import { randomNumbers } from './random-numbers';
import { drawCount, gives, otherBatchSize, seedOfDraw } from './terms';
import { Trainings } from './trainings';
import { type Decision, decide, hasWrongValue, missing, type ShapedValues, type TermsWord } from './verdict';

/** What a checker is made from. */
export interface CheckerParts {
  readonly kernels: Kernels;
  readonly newArena: () => Arena;
  readonly network: Network;
  readonly settings: Settings;
  readonly vocabularySize: number;
  readonly manual: ManualBackward;
}

/** Checks a backward written by hand against autograd, at the step where the network stands. */
export class Checker {
  /** The backward passes that can be chosen, as training uses them. */
  readonly trainings: Trainings;
  readonly #parts: CheckerParts;
  /** Where the manual passes live; begun anew with every choice. */
  readonly #arena: Arena;
  #chosen: { readonly backward: BuiltInBackward; readonly mistake: string | null } = {
    backward: 'nodewise',
    mistake: null,
  };
  #description: BackwardDescription;
  #statements: readonly Statement[];
  #single: ManualGradients;
  /** The step in float64; planned when it is first needed. */
  #here: Point | null = null;
  #double: ManualGradients | null = null;
  /** The words on the formulas of the backward that is chosen. */
  #terms: ReadonlyMap<string, TermsWord> | null = null;

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

  /** The present step in float64, from the same parameters and minibatch. */
  here(): Point {
    const { network } = this.#parts;
    this.#here ??= this.#newPoint(network.targets.elements, this.#parts.newArena());
    this.#here.place({
      parameters: parametersOf(network),
      contexts: network.contexts.values(),
      targets: network.targets.values(),
    });
    return this.#here;
  }

  /** Compares every node at `step`, the step where the network stands. */
  check(step: number): Omit<Check, 'unjudged'> {
    const { network, manual } = this.#parts;
    const single = this.manualGradients();
    this.#terms ??= this.#judgeTerms();
    const terms = this.#terms;
    const decided = new Map<string, Decision>();
    let inDouble: { readonly point: Point; readonly manual: ReadonlyMap<string, Tensor> } | null = null;
    const double = () => {
      inDouble ??= this.#runDouble();
      return inDouble;
    };
    let bounds: ReturnType<Point['roundingBounds']> | null = null;
    for (const node of manual.comparedNodes) {
      const { shape, tensor } = network.node(node);
      const decision = decide({
        node,
        shape,
        manual: shapedValues(single.get(node)),
        autograd: network.tape.gradientOf(tensor).values().slice(),
        double: () => ({ manual: shapedValues(double().manual.get(node)), autograd: double().point.gradient(node) }),
        bounds: () => {
          bounds ??= double().point.roundingBounds();
          return bounds.get(node) ?? { single: 0, double: 0 };
        },
        terms: () => terms.get(node) ?? 'unknown',
        // The lecture's order is the backward pass's: what a formula reads is decided before.
        readsWrong: () => this.#readsOf(node).some((read) => hasWrongValue(decided.get(read))),
      });
      decided.set(node, decision);
    }
    const rows = manual.comparedNodes.map((node) =>
      checkRow(node, network.node(node).shape, decided.get(node) ?? missing(`No line writes d${node}.`)),
    );
    return { ...this.#description, step, rows };
  }

  #record(): ManualGradients {
    const { kernels, network } = this.#parts;
    this.#arena.reset();
    this.#double = null;
    this.#terms = null;
    return recordManualBackward(new Tape(kernels, this.#arena, 'float32'), network, this.#statements);
  }

  #runDouble() {
    const point = this.here();
    const tape = new Tape(this.#parts.kernels, this.#arena, 'float64');
    this.#double ??= recordManualBackward(tape, point.network, this.#statements);
    this.#double.tape.forward();
    return { point, manual: this.#double.gradients };
  }

  /** Judges every formula by its terms, as a person's are: at random points, given random cotangents for what it reads. */
  #judgeTerms(): ReadonlyMap<string, TermsWord> {
    const { kernels, network, manual } = this.#parts;
    const shapes = network.nodes.map(({ shape }) => shape);
    const batchSize = otherBatchSize(network.targets.elements, shapes);
    const arena = this.#parts.newArena();
    const point = this.#newPoint(batchSize, arena);
    const tape = new Tape(kernels, arena, 'float64');
    const instead = new Map(manual.comparedNodes.map((node) => [node, tape.zeros(point.shape(node))]));
    const { gradients } = recordManualBackward(tape, point.network, this.#statements, instead);
    const words = new Map<string, TermsWord>(manual.comparedNodes.map((node) => [node, 'right']));
    for (let number = 0; number < drawCount; number++) {
      const seed = seedOfDraw(number);
      point.placeAtRandom(seed, parametersOf(network));
      for (const [index, tensor] of [...instead.values()].entries()) {
        tensor.copyFrom(randomNumbers(seed + 100 + index, tensor.elements));
      }
      tape.forward();
      const cotangents = new Map([...instead].map(([node, tensor]) => [node, Float64Array.from(tensor.values())]));
      for (const node of manual.comparedNodes) {
        const given = shapedValues(gradients.get(node));
        const reads = new Set(this.#readsOf(node));
        if (given !== null && !gives(node, given, reads, { point, cotangents, seed })) words.set(node, 'wrong');
      }
    }
    arena.reset();
    return words;
  }

  /** Nodes whose gradients the lines of a node's gradient read. */
  #readsOf(node: string): readonly string[] {
    const names = this.#statements.flatMap((statement, index) =>
      statement.node === node ? [...(this.#single.reads[index] ?? [])] : [],
    );
    return this.comparedNodes.filter((other) => other !== node && names.includes(`d${other}`));
  }

  #newPoint(batchSize: number, arena: Arena): Point {
    const { kernels, settings, vocabularySize } = this.#parts;
    return new Point({ kernels, newArena: () => arena, settings, vocabularySize, batchSize });
  }
}

const parametersOf = ({ parameters }: Network) =>
  new Map(parameters.map(({ name, tensor }) => [name, tensor.values()] as const));

/** A copy: what is planned later may make the memory grow, and a view of the old one is then empty. */
function shapedValues(tensor: Tensor | undefined): ShapedValues | null {
  return tensor === undefined ? null : { shape: tensor.shape, values: tensor.values().slice() };
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
