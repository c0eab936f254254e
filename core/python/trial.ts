import type { Point } from '../gradients/point';
import { randomNumbers } from '../gradients/random-numbers';
import type { FloatType } from '../tensor/arena';
import { type Answer, findAnswers, type NodeComparing } from './find-answers';
import { type Captured, Follower, type Planned, type Replacement } from './follower';
import type { LabInputs } from './lab-inputs';
import { batchOf, numbersOf, scopeOf } from './lab-scope';
import { NodeFinder } from './node-finder';
import { notebookOf } from './notebook-names';
import { type Holding, Recorder } from './recorder';
import type { Given, Program, RunAnswer, Runner, RunRequest } from './runner';
import type { TensorTable, TypedTensor } from './tensor-table';

export interface TrialParts {
  readonly runner: Runner;
  readonly table: TensorTable;
  readonly inputs: LabInputs;
  readonly program: Program;
}

/** A run at another point, in which gradients are replaced once they are complete. */
export interface RunElsewhere {
  readonly point: Point;
  /** What is put in the place of each node's gradient, and given where the code writes none. */
  readonly replacements: ReadonlyMap<string, Replacement>;
  /** Nodes whose gradients keep what the code gave them. */
  readonly unreplaced?: ReadonlySet<string>;
  /** Of the numbers that `.grad` has there, which are nothing but random. */
  readonly gradSeed: number;
  /** By how much they are multiplied; 1 where it is left out. */
  readonly gradScale?: number;
  readonly keep?: RunRequest['keep'];
}

/** A person's code at one step: recorded once as it stands, then run again in float64, here and at other points. */
export class Trial {
  readonly program: Program;
  readonly inputs: LabInputs;
  readonly run: RunAnswer;
  readonly holdings: readonly Holding[];
  readonly answers: readonly Answer[];
  /** Shapes of the tensors in sight at the end. */
  readonly names: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** Places that no longer hold a tensor in the end, and the line that took it. */
  readonly lost: ReadonlyMap<string, number | null>;
  readonly readsGrad: boolean;
  /** Nodes whose gradients the code reads and never writes: they are given to it. */
  readonly given: readonly string[];
  readonly #parts: TrialParts;
  readonly #executedSites: ReadonlySet<number>;

  constructor(parts: TrialParts) {
    const { table, inputs, program } = parts;
    this.#parts = parts;
    this.program = program;
    this.inputs = inputs;
    let recorded = this.#record(givenTo(program, inputs.comparedNodes));
    // What the code writes in a way that cannot be read from it, as by globals(), is not given after all.
    const written = new Set(recorded.holdings.map(({ place }) => place));
    if (recorded.given.some((node) => written.has(`d${node}`))) {
      recorded = this.#record(recorded.given.filter((node) => !written.has(`d${node}`)));
    }
    const { run, holdings, comparings, recorder, given } = recorded;
    this.run = run;
    this.holdings = holdings;
    this.given = given;
    this.readsGrad = recorder.readsGrad;
    this.#executedSites = new Set(this.holdings.flatMap(({ changes }) => changes.map(({ site }) => site)));
    this.lost = new Map(
      [...recorder.lostPlaces].map(([place, { site }]) => [place, program.sites[site]?.line ?? null]),
    );
    this.answers = findAnswers(
      this.holdings,
      comparings,
      inputs.comparedNodes.map((name) => nodeOf(inputs, name)),
    ).filter((answer) => answer.place === null || !this.#isIncomplete(answer.place));
    this.names = Object.entries(this.run.names).map(([name, handle]) => ({
      name,
      shape: table.peek(handle).tensor.shape,
    }));
  }

  /** Runs the code as it stands. Nothing that is judged may hold autograd's answer: see `shown`. */
  #record(given: readonly string[]): Recorded {
    const { runner, table, program } = this.#parts;
    let finder = new NodeFinder(new Map());
    let recorder: Recorder | null = null;
    const run = runner.run(program, {
      ...this.#atTheStep('float32', given),
      watched: this.#watched,
      observe: (scope) => {
        finder = this.#finderOf(scope);
        recorder = new Recorder(table, program, this.#gradBy(finder, this.#otherGradients(0)));
        return recorder;
      },
    });
    if (recorder === null) throw new Error('The run did not begin.');
    const record: Recorder = recorder;
    const holdings = record.finish();
    const comparings = record.comparings.flatMap((comparing): NodeComparing[] => {
      const nodeName = finder.find(comparing.node, comparing.label);
      return nodeName === null ? [] : [{ ...comparing, nodeName }];
    });
    return { run, holdings, comparings, recorder: record, given };
  }

  /** The statement at which the code failed; null where it ran to its end. */
  get failedAt(): number | null {
    return this.run.failed[0] ?? null;
  }

  /** The line at which an answer is complete. */
  lineOf({ changes, statement }: Pick<Answer, 'changes' | 'statement'>): number | null {
    const sites = changes.map(({ site }) => this.program.sites[site]).filter((site) => site !== undefined);
    return sites.findLast(({ loop }) => loop === undefined)?.line ?? this.program.statements[statement]?.line ?? null;
  }

  /**
   * The answers at the step itself, as the code stands, by key.
   * @param given nodes whose gradients are replaced by autograd's once they are complete: what reads them is judged.
   */
  atTheStep(dtype: FloatType, given: ReadonlySet<string>): ReadonlyMap<number, Captured> {
    const replacements = this.inputs.nodes
      .filter(({ name }) => given.has(name))
      .map(({ name, shape, gradient, doubleGradient }) => {
        const values = dtype === 'float32' ? Float64Array.from(gradient) : doubleGradient;
        return [name, { shape, values }] as const;
      });
    return this.#follow(this.#atTheStep(dtype), new Map(replacements), this.#otherGradients(0)).captured;
  }

  /**
   * What code that reads `.grad` prints, and gives, where that is autograd's gradient. Nothing of it is judged, and nothing that
   * is judged may come after it: the code has seen the answers.
   */
  shown(): Followed {
    const gradients = new Map(this.inputs.nodes.map(({ name, gradient }) => [name, gradient]));
    return this.#follow(this.#atTheStep('float32'), new Map(), (node) => gradients.get(node) ?? []);
  }

  /** The answers at another point, by key, and the statements that failed there though they do not here. */
  elsewhere({ point, replacements, unreplaced, gradSeed, gradScale = 1, keep }: RunElsewhere): Followed {
    const there = inputsAt(this.inputs, point);
    const nodes = this.inputs.nodes.map(({ name }): Given => {
      return { name, type: 'float64', shape: point.shape(name), values: point.value(name) };
    });
    const used = new Map([...replacements].filter(([node]) => unreplaced?.has(node) !== true));
    return this.#follow(
      {
        dtype: 'float64',
        scope: [
          ...batchOf(there),
          ...nodes,
          ...this.#givenGradients(
            this.given,
            (node) => ({ type: 'float64', values: replacements.get(node)?.values ?? [] }),
            point,
          ),
        ],
        numbers: numbersOf(there),
        notebook: notebookOf(there, 'float64', there.loss),
        ...(keep === undefined ? {} : { keep }),
      },
      used,
      (node) => {
        const seed = gradSeed + this.inputs.nodes.findIndex(({ name }) => name === node);
        return randomNumbers(seed, point.value(node).length).map((value) => gradScale * value);
      },
    );
  }

  /** The answers at a point, by key, where every gradient is autograd's there once the code has completed it. */
  corrected(point: Point): ReadonlyMap<number, Captured> {
    const replacements = this.inputs.comparedNodes.map((node) => {
      return [node, { shape: point.shape(node), values: point.gradient(node) }] as const;
    });
    return this.elsewhere({ point, replacements: new Map(replacements), gradSeed: 1 }).captured;
  }

  /** A follower of statements that are run again after a run at another point; it captures `planned`. */
  followAgain(planned: readonly Planned[], replacements: ReadonlyMap<string, Replacement>): Follower {
    return new Follower({ table: this.#parts.table, planned, replacements, gradOf: () => null });
  }

  #follow(
    request: Pick<RunRequest, 'dtype' | 'scope' | 'numbers' | 'notebook' | 'keep'>,
    replacements: ReadonlyMap<string, Replacement>,
    gradOf: (node: string, length: number) => ArrayLike<number>,
  ): Followed {
    const { runner, table } = this.#parts;
    let follower: Follower | null = null;
    const answer = runner.run(this.program, {
      ...request,
      watched: this.#watched,
      isTolerant: true,
      end: this.#end(request.keep !== undefined),
      observe: (given) => {
        const gradients = this.#gradBy(this.#finderOf(given), gradOf);
        follower = new Follower({ table, planned: this.answers, replacements, gradOf: gradients });
        return follower;
      },
    });
    if (follower === null) throw new Error('The run did not begin.');
    const followed: Follower = follower;
    followed.finish();
    return {
      captured: followed.captured,
      output: answer.output,
      failed: answer.failed.filter((index) => index !== this.failedAt),
      before: answer.before,
    };
  }

  /** The step as the code is given it. */
  #atTheStep(dtype: FloatType, names = this.given): Pick<RunRequest, 'dtype' | 'scope' | 'numbers' | 'notebook'> {
    const { inputs } = this;
    const given = this.#givenGradients(names, (node) => {
      const { gradient, doubleGradient } = nodeOf(inputs, node);
      return { type: dtype, values: dtype === 'float32' ? gradient : doubleGradient };
    });
    return {
      dtype,
      scope: [...scopeOf(inputs, dtype), ...given],
      numbers: numbersOf(inputs),
      notebook: notebookOf(inputs, dtype, dtype === 'float32' ? inputs.loss : inputs.doubleLoss),
    };
  }

  /** What `.grad` is in a run that is judged: numbers that have nothing to do with any gradient. */
  #otherGradients(seed: number): (node: string, length: number) => ArrayLike<number> {
    const { nodes } = this.inputs;
    return (node, length) => randomNumbers(seed + nodes.findIndex(({ name }) => name === node), length);
  }

  /**
   * The statement before which a run ends. The one that failed is run again only where it had given something before, or where it is
   * to be mended: it may have taken all the time or memory there is.
   */
  #end(isToBeMended: boolean): number {
    const failed = this.failedAt;
    if (failed === null) return this.program.statements.length;
    const hasGiven = this.answers.some(({ statement }) => statement === failed);
    return hasGiven || (isToBeMended && !this.hasRunOut) ? failed + 1 : failed;
  }

  /** Whether the code failed for want of time, memory or stack, and not for what it says. */
  get hasRunOut(): boolean {
    return /^(MemoryError|RecursionError|TimeoutError|KeyboardInterrupt|SystemExit)$/.test(this.run.error?.type ?? '');
  }

  get #watched(): readonly string[] {
    return this.inputs.comparedNodes.map((node) => `d${node}`);
  }

  #givenGradients(
    names: readonly string[],
    gradientOf: (node: string) => Pick<Given, 'type' | 'values'>,
    point: Point | null = null,
  ): readonly Given[] {
    return names.map((node) => {
      const shape = point?.shape(node) ?? nodeOf(this.inputs, node).shape;
      return { name: `d${node}`, shape, source: node, ...gradientOf(node) };
    });
  }

  #finderOf(given: ReadonlyMap<string, TypedTensor>): NodeFinder {
    const nodes = this.inputs.nodes.flatMap(({ name }) => {
      const typed = given.get(name);
      return typed === undefined ? [] : [[name, typed] as const];
    });
    return new NodeFinder(new Map(nodes));
  }

  /** `.grad` of a tensor: numbers for the node that it is the value of. */
  #gradBy(finder: NodeFinder, numbersOf: (node: string, length: number) => ArrayLike<number>) {
    const { table } = this.#parts;
    const made = new Map<string, TypedTensor>();
    return (tensor: TypedTensor): TypedTensor | null => {
      const node = finder.find(tensor);
      if (node === null) return null;
      const known = made.get(node);
      if (known !== undefined) return known;
      const gradient = table.allocate(tensor.type, tensor.tensor.shape);
      gradient.tensor.values().set(numbersOf(node, gradient.tensor.elements));
      table.hold(gradient);
      made.set(node, gradient);
      return gradient;
    };
  }

  /** Whether a line that may write the place was not reached, because the code failed before. */
  #isIncomplete(place: string): boolean {
    const failed = this.failedAt;
    if (failed === null) return false;
    const line = this.run.error?.line ?? 0;
    return this.program.sites.some(({ places, line: own }, site) => {
      if (!places.includes(place)) return false;
      const index = this.program.statements.findIndex(({ sites: [first, end] }) => first <= site && site < end);
      if (index > failed) return true;
      const isLoop = index === failed && /^(for|while)\b/.test(this.program.statements[index].source);
      return isLoop || (own >= line && !this.#executedSites.has(site));
    });
  }
}

/** What a recorded run came to. */
interface Recorded {
  readonly run: RunAnswer;
  readonly recorder: Recorder;
  readonly holdings: readonly Holding[];
  readonly comparings: readonly NodeComparing[];
  /** Nodes whose gradients the code was given. */
  readonly given: readonly string[];
}

export interface Followed {
  readonly captured: ReadonlyMap<number, Captured>;
  readonly output: string;
  readonly failed: readonly number[];
  readonly before: RunAnswer['before'];
}

/** Nodes whose gradients the code reads by name and writes nowhere. */
function givenTo({ statements, sites }: Program, nodes: readonly string[]): readonly string[] {
  const reads = new Set(statements.flatMap((statement) => statement.reads));
  const writes = new Set([
    ...statements.flatMap((statement) => statement.writes),
    ...sites.flatMap(({ places }) => places),
  ]);
  return nodes.filter((node) => reads.has(`d${node}`) && !writes.has(`d${node}`));
}

function inputsAt(inputs: LabInputs, point: Point): LabInputs {
  const { network, batchSize: n } = point;
  const contexts = Int32Array.from(network.contexts.values());
  const targets = Int32Array.from(network.targets.values());
  const rows: Readonly<Record<string, Int32Array>> = { Xtr: contexts, Ytr: targets };
  // The batch is the first of the training set, which is made to begin with it: Xtr[ix] is Xb there as well.
  const tensors = inputs.data.tensors.map((tensor) => {
    const first = rows[tensor.name];
    if (first === undefined || first.length > tensor.values.length) return tensor;
    const values = tensor.values.slice();
    values.set(first);
    return { ...tensor, values };
  });
  return {
    ...inputs,
    n,
    contexts,
    targets,
    examples: Int32Array.from({ length: n }, (_, index) => index),
    data: { ...inputs.data, tensors },
    loss: point.loss,
    doubleLoss: point.loss,
  };
}

export function nodeOf({ nodes }: LabInputs, name: string): LabInputs['nodes'][number] {
  const node = nodes.find((candidate) => candidate.name === name);
  if (node === undefined) throw new ReferenceError(`The lab was given no node '${name}'.`);
  return node;
}
