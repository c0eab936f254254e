import type { Tape } from '../graph/tape';
import type { Network } from '../programs/network';
import type { Statement } from '../programs/statement';
import type { Tensor } from '../tensor/tensor';

/** A recorded run of a manual backward: run the tape, then read the gradients, by node. */
export interface ManualGradients {
  readonly tape: Tape;
  readonly gradients: ReadonlyMap<string, Tensor>;
  /** Per statement, the names it read. */
  readonly reads: readonly ReadonlySet<string>[];
}

/**
 * Records `statements` on a tape of their own, against a network whose forward and backward are recorded.
 * @param instead what takes a gradient's place once its last line is done, by node; one without stays what it is.
 * @throws ReferenceError naming the line where a statement needs a gradient that no line before it wrote.
 */
export function recordManualBackward(
  tape: Tape,
  network: Network,
  statements: readonly Statement[],
  instead: ReadonlyMap<string, Tensor> = new Map(),
): ManualGradients {
  const known: Record<string, Tensor> = { Xb: network.contexts, Yb: network.targets };
  for (const { name, tensor } of network.nodes) known[name] = tensor;
  const batch = { n: network.targets.elements };
  const gradients = new Map<string, Tensor>();
  const reads: Set<string>[] = [];
  for (const [index, { node, accumulate, formula, compute }] of statements.entries()) {
    const read = new Set<string>();
    reads.push(read);
    const term = compute(tape, guarded(known, formula, read), batch);
    const earlier = gradients.get(node);
    const gradient = accumulate && earlier !== undefined ? tape.add(earlier, term) : term;
    gradients.set(node, gradient);
    const isLast = !statements.slice(index + 1).some((later) => later.node === node);
    known[`d${node}`] = (isLast ? instead.get(node) : undefined) ?? gradient;
  }
  return { tape, gradients, reads };
}

/** The statements that the gradients of `nodes` are computed from, in their order. */
export function neededFor(
  nodes: readonly string[],
  statements: readonly Statement[],
  reads: ManualGradients['reads'],
): readonly Statement[] {
  const needed = new Set(nodes.map((node) => `d${node}`));
  return statements
    .toReversed()
    .flatMap((statement, fromEnd) => {
      if (!needed.has(`d${statement.node}`)) return [];
      for (const name of reads[statements.length - 1 - fromEnd]) needed.add(name);
      return [statement];
    })
    .reverse();
}

/** `known`, but a name that is not in it is an error that says which line asks for it. What is asked for goes to `read`. */
function guarded(
  known: Readonly<Record<string, Tensor>>,
  formula: string,
  read: Set<string>,
): Readonly<Record<string, Tensor>> {
  return new Proxy(known, {
    get(target, name) {
      const tensor = target[String(name)];
      read.add(String(name));
      if (tensor === undefined)
        throw new ReferenceError(`'${String(name)}' is not defined where '${formula}' uses it.`);
      return tensor;
    },
  });
}
