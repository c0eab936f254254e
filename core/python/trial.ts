import type { Point } from '../gradients/point';
import { randomNumbers } from '../gradients/terms';
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
  readonly #hookCounts: ReadonlyMap<number, number>;
  /** The moments at which the answers are complete at other batch sizes, where a loop over the batch moves them. */
  readonly #moments = new Map<number, readonly Planned[]>();

  constructor(parts: TrialParts) {
    const { table, inputs, program } = parts;
    this.#parts = parts;
    this.program = program;
    this.inputs = inputs;
    const gradients = new Map(inputs.nodes.map(({ name, gradient }) => [name, gradient]));
    const record = (given: readonly string[]) =>
      this.#record(
        {
          dtype: 'float32',
          scope: [
            ...scopeOf(inputs, 'float32'),
            ...this.#givenGradients(given, (node) => ({ type: 'float32', values: gradients.get(node) ?? [] })),
          ],
          numbers: numbersOf(inputs),
          notebook: notebookOf(inputs, 'float32', inputs.loss),
        },
        (node) => gradients.get(node) ?? [],
      );
    const given = givenTo(program, inputs.comparedNodes);
    let recorded = record(given);
    // What the code writes in a way that cannot be read from it, as by globals(), is not given after all.
    const written = new Set(recorded.recorder.finish().map(({ place }) => place));
    this.given = given.filter((node) => !written.has(`d${node}`));
    if (this.given.length < given.length) recorded = record(this.given);
    const { recorder, comparings, run } = recorded;
    this.run = run;
    this.holdings = recorder.finish();
    this.readsGrad = recorder.readsGrad;
    this.#hookCounts = recorder.hookCounts;
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

  /** The statement at which the code failed; null where it ran to its end. */
  get failedAt(): number | null {
    return this.run.failed[0] ?? null;
  }

  /** The line at which an answer is complete. */
  lineOf({ changes, statement }: Pick<Answer, 'changes' | 'statement'>): number | null {
    const sites = changes.map(({ site }) => this.program.sites[site]?.line).filter((line) => line !== undefined);
    return sites.at(-1) ?? this.program.statements[statement]?.line ?? null;
  }

  /** The answers in float64 at the same step, as the code stands, by key. */
  inDouble(): ReadonlyMap<number, Captured> {
    const { inputs } = this;
    const gradients = new Map(inputs.nodes.map(({ name, doubleGradient }) => [name, doubleGradient]));
    return this.#follow(
      {
        dtype: 'float64',
        scope: [
          ...scopeOf(inputs, 'float64'),
          ...this.#givenGradients(this.given, (node) => ({ type: 'float64', values: gradients.get(node) ?? [] })),
        ],
        numbers: numbersOf(inputs),
        notebook: notebookOf(inputs, 'float64', inputs.doubleLoss),
      },
      new Map(),
      (node) => gradients.get(node) ?? [],
      this.answers,
    ).captured;
  }

  /** The answers at another point, by key, and the statements that failed there though they do not here. */
  elsewhere({ point, replacements, unreplaced, gradSeed, keep }: RunElsewhere): Followed {
    const there = inputsAt(this.inputs, point);
    const nodes = this.inputs.nodes.map(({ name }): Given => {
      return { name, type: 'float64', shape: point.shape(name), values: point.value(name) };
    });
    const used = new Map([...replacements].filter(([node]) => unreplaced?.has(node) !== true));
    const request = {
      dtype: 'float64' as const,
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
    };
    const gradOf = (node: string) => randomNumbers(gradSeed, point.value(node).length);
    const kept = keep === undefined ? {} : { keep };
    const followed = this.#follow({ ...request, ...kept }, used, gradOf, this.plannedAt(point.batchSize));
    if (this.#moments.has(point.batchSize)) return followed;
    const isMoved = this.#isMoved(followed.hookCounts);
    this.#moments.set(point.batchSize, isMoved ? this.#recordedMoments(point, request, gradOf) : this.answers);
    return isMoved ? this.#follow({ ...request, ...kept }, used, gradOf, this.plannedAt(point.batchSize)) : followed;
  }

  /** The answers, by key, with the moments at which they are complete at this batch size. */
  plannedAt(batchSize: number): readonly Planned[] {
    return this.#moments.get(batchSize) ?? this.answers;
  }

  /** Whether hooks were called more or less often than when the code was recorded, so that moments are others. */
  #isMoved(hookCounts: ReadonlyMap<number, number>): boolean {
    return this.answers.some(({ statement }) => hookCounts.get(statement) !== this.#hookCounts.get(statement));
  }

  /** Records the code at another point, and finds each answer there: of one node at one place, the same one from the end. */
  #recordedMoments(
    point: Point,
    request: Pick<RunRequest, 'dtype' | 'scope' | 'numbers' | 'notebook'>,
    gradOf: (node: string) => ArrayLike<number>,
  ): readonly Planned[] {
    const { recorder, comparings } = this.#record({ ...request, isTolerant: true, end: this.#end }, gradOf);
    const nodes = this.inputs.comparedNodes.map((name) => ({
      name,
      shape: point.shape(name),
      value: point.value(name),
    }));
    const there = findAnswers(recorder.finish(), comparings, nodes).toReversed();
    const never = { statement: -1, ordinal: -1 };
    return this.answers
      .toReversed()
      .map((answer): Planned => {
        const at = there.findIndex(({ node, place }) => node === answer.node && place === answer.place);
        const [found] = at < 0 ? [] : there.splice(at, 1);
        const { statement, ordinal } = found ?? never;
        return { key: answer.key, node: answer.node, place: answer.place, statement, ordinal };
      })
      .toReversed();
  }

  /** A follower of statements that are run again after a run at another point; it captures `planned`. */
  followAgain(planned: readonly Planned[], replacements: ReadonlyMap<string, Replacement>): Follower {
    return new Follower({ table: this.#parts.table, planned, replacements, gradOf: () => null });
  }

  /** Runs the code with a record of what it does. */
  #record(
    request: Pick<RunRequest, 'dtype' | 'scope' | 'numbers' | 'notebook' | 'isTolerant' | 'end'>,
    gradOf: (node: string) => ArrayLike<number>,
  ): Recorded {
    const { runner, table } = this.#parts;
    let finder = new NodeFinder(new Map());
    let recorder: Recorder | null = null;
    const run = runner.run(this.program, {
      ...request,
      watched: this.#watched,
      observe: (given) => {
        finder = this.#finderOf(given);
        recorder = new Recorder(table, this.#gradBy(finder, gradOf));
        return recorder;
      },
    });
    if (recorder === null) throw new Error('The run did not begin.');
    const made: Recorder = recorder;
    const comparings = made.comparings.flatMap((comparing): NodeComparing[] => {
      const nodeName = finder.find(comparing.node, comparing.label);
      return nodeName === null ? [] : [{ ...comparing, nodeName }];
    });
    return { run, recorder: made, comparings };
  }

  /** The statement before which runs elsewhere end: one that fails is tried. */
  get #end(): number {
    return (this.failedAt ?? this.program.statements.length - 1) + 1;
  }

  #follow(
    request: Pick<RunRequest, 'dtype' | 'scope' | 'numbers' | 'notebook' | 'keep'>,
    replacements: ReadonlyMap<string, Replacement>,
    gradOf: (node: string) => ArrayLike<number>,
    planned: readonly Planned[],
  ): Followed & { readonly hookCounts: ReadonlyMap<number, number> } {
    const { runner, table } = this.#parts;
    let follower: Follower | null = null;
    const answer = runner.run(this.program, {
      ...request,
      watched: this.#watched,
      isTolerant: true,
      end: this.#end,
      observe: (given) => {
        const gradients = this.#gradBy(this.#finderOf(given), gradOf);
        follower = new Follower({ table, planned, replacements, gradOf: gradients });
        return follower;
      },
    });
    if (follower === null) throw new Error('The run did not begin.');
    const followed: Follower = follower;
    followed.finish();
    return {
      captured: followed.captured,
      failed: answer.failed.filter((index) => index !== this.failedAt),
      before: answer.before,
      hookCounts: followed.hookCounts,
    };
  }

  get #watched(): readonly string[] {
    return this.inputs.comparedNodes.map((node) => `d${node}`);
  }

  #givenGradients(
    given: readonly string[],
    gradientOf: (node: string) => Pick<Given, 'type' | 'values'>,
    point: Point | null = null,
  ): readonly Given[] {
    return given.map((node) => {
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
  #gradBy(finder: NodeFinder, numbersOf: (node: string) => ArrayLike<number>) {
    const { table } = this.#parts;
    const made = new Map<string, TypedTensor>();
    return (tensor: TypedTensor): TypedTensor | null => {
      const node = finder.find(tensor);
      if (node === null) return null;
      const known = made.get(node);
      if (known !== undefined) return known;
      const gradient = table.allocate(tensor.type, tensor.tensor.shape);
      gradient.tensor.values().set(numbersOf(node));
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
  readonly comparings: readonly NodeComparing[];
}

export interface Followed {
  readonly captured: ReadonlyMap<number, Captured>;
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
  return {
    ...inputs,
    n,
    contexts: Int32Array.from(network.contexts.values()),
    targets: Int32Array.from(network.targets.values()),
    examples: Int32Array.from({ length: n }, (_, index) => inputs.examples[index % inputs.examples.length]),
    loss: point.loss,
    doubleLoss: point.loss,
  };
}

export function nodeOf({ nodes }: LabInputs, name: string): LabInputs['nodes'][number] {
  const node = nodes.find((candidate) => candidate.name === name);
  if (node === undefined) throw new ReferenceError(`The lab was given no node '${name}'.`);
  return node;
}
