import { isRounding, vanishes } from '../gradients/verdict';
import type { LabInputs, LabNode } from './lab-inputs';
import { elsewhere, forwardLines, gradientsOf, numbersOf, scopeOf } from './lab-scope';
import { notebookOf } from './notebook-names';
import type { Edit, Run, Runner, RunStatement } from './runner';

/** So many formulas are remembered, so that a lab does not grow while somebody types all day. */
const rememberedFormulas = 5000;

/** A row whose vacuity is to be found out. */
interface Open {
  readonly node: LabNode;
  readonly key: string;
}

/** What is known of rows that cannot fail. */
export interface Vacuity {
  /** Why, by node. */
  readonly reasons: ReadonlyMap<string, string>;
  /** False where rows are left to be looked at. */
  readonly isComplete: boolean;
}

/**
 * Finds right formulas of which a batch cannot show that they are right: with a term, a factor, a sum or a sign left out,
 * which makes another gradient of other numbers, the check would pass as well.
 *
 * That a batch notices some break is remembered for a formula as long as the sizes stay, and that none is ever noticed as
 * long as the gradient is zero. Else it is found out again at every check, so that a row is vacuous no longer than it
 * must be (a gain that is one at step 0 only).
 */
export class VacuityFinder {
  readonly #runner: Runner;
  /** Formulas that can fail. */
  readonly #noticed = new Set<string>();
  /** Formulas of gradients that are zero, and what is said of them. */
  readonly #zero = new Map<string, string>();

  constructor(runner: Runner) {
    this.#runner = runner;
  }

  /**
   * Why the formulas of those of `nodes` (all right) that cannot fail cannot. `prepare` runs the code on right inputs in
   * float64, if it was not the last run; it is not the last one afterwards. What time does not allow is left for the next
   * check.
   */
  find(
    nodes: readonly string[],
    inputs: LabInputs,
    code: string,
    { statements }: Run,
    prepare: () => void,
    hasTime: () => boolean,
  ): Vacuity {
    const reasons = new Map<string, string>();
    const open: Open[] = [];
    for (const node of inputs.nodes.filter(({ name }) => nodes.includes(name))) {
      const key = keyOf(node.name, inputs, statements);
      const known = isRounding(node.doubleGradient, node.gradient) ? this.#zero.get(key) : undefined;
      if (known !== undefined) reasons.set(node.name, known);
      else if (!this.#noticed.has(key)) open.push({ node, key });
    }
    if (open.length === 0 || !hasTime()) return { reasons, isComplete: open.length === 0 };
    prepare();
    if (this.#noticed.size > rememberedFormulas) this.#noticed.clear();
    if (this.#zero.size > rememberedFormulas) this.#zero.clear();
    const suspects: (Open & { readonly breaks: readonly Edit[] })[] = [];
    for (const { node, key } of open) {
      if (!hasTime()) break;
      const breaks = this.#unnoticed(node, inputs);
      if (breaks.length === 0) this.#noticed.add(key);
      else suspects.push({ node, key, breaks });
    }
    if (suspects.length === 0) return { reasons, isComplete: hasTime() };
    const other = elsewhere(inputs);
    this.#runner.run({
      code,
      dtype: 'float64',
      scope: scopeOf(other, 'float64'),
      numbers: numbersOf(other),
      notebook: notebookOf(other, 'float64', other.doubleLoss),
      replace: gradientsOf(other),
      nodes: inputs.comparedNodes,
    });
    for (const { node, key, breaks } of suspects) {
      const telling = breaks.filter((edit) => this.#changesElsewhere(node.name, edit, other));
      if (telling.length === 0) {
        this.#noticed.add(key);
        continue;
      }
      const reason = this.#reason(node, telling, inputs);
      reasons.set(node.name, reason);
      if (isRounding(node.doubleGradient, node.gradient)) this.#zero.set(key, reason);
    }
    return { reasons, isComplete: hasTime() };
  }

  /** The breaks that leave the row green; none where one does not. A break that changes the shape is always seen. */
  #unnoticed(node: LabNode, inputs: LabInputs): readonly Edit[] {
    const unnoticed: Edit[] = [];
    for (const edit of this.#runner.edits(node.name, 'breaks', forwardLines(inputs))) {
      const broken = this.#runner.runFormula(node.name, edit.id, node.shape);
      if (broken === null) continue;
      if (!vanishes({ manual: broken, autograd: node.doubleGradient }, node.gradient)) return [];
      unnoticed.push(edit);
    }
    return unnoticed;
  }

  #changesElsewhere(node: string, edit: Edit, other: LabInputs): boolean {
    const shape = other.nodes.find(({ name }) => name === node)?.shape ?? [];
    const autograd = this.#runner.runFormula(node, null, shape);
    const manual = this.#runner.runFormula(node, edit.id, shape);
    return autograd !== null && manual !== null && !vanishes({ manual, autograd }, autograd);
  }

  #reason({ name, gradient, doubleGradient }: LabNode, breaks: readonly Edit[], { n, nodes }: LabInputs): string {
    const [left] = breaks.map(({ id }) => this.#runner.describe(name, id).replace(/^line \d+ /, ''));
    const told = `Right, but this batch cannot tell: without ${left} the check would pass as well.`;
    if (isRounding(doubleGradient, gradient)) {
      return `${told} d${name} is zero on every batch, because what follows (batch norm's mean, or softmax) subtracts ${name} again: leave ${name} out, or judge the formula by its terms.`;
    }
    const ones = nodes.find((node) => left.includes(`\`${node.name}\``) && node.doubleValue.every((x) => x === 1));
    if (ones !== undefined) {
      return `${told} ${ones.name} is one everywhere: take a step, or begin with other gains (initialisation ninja).`;
    }
    if (n === 2) return `${told} With 2 examples n − 1 is one: use a batch of 3 or more.`;
    return `${told} Check it at another step, or with a larger batch.`;
  }
}

/** A formula, what it may read that is the code's own, and the sizes. */
function keyOf(node: string, { n, nodes }: LabInputs, statements: readonly RunStatement[]): string {
  const sources = statements
    .filter(({ writes }) => writes.length === 0 || writes.includes(node))
    .map(({ source }) => source);
  const sizes = nodes.map(({ shape }) => shape.join('×')).join(' ');
  return [node, n, sizes, ...sources].join('\n');
}
