import type { NotebookCodeCell } from '../../core/formats/notebook';
import { type GivenNames, meantName, meantSize, pythonNames } from './given-names';
import { compares, type GradientNames, gradientNamesIn, gradientsWritten } from './gradients';
import { draws, drawsLots, isNotebookCmp, isTrainingLoop, readsFile, reasonToLeaveOut, trains } from './purposes';
import { type Statement, statementsOf } from './statements';

/** What becomes of a cell. */
export interface CellChoice {
  readonly cell: NotebookCodeCell;
  /** Whether anything of it is judged, or is needed by what is. */
  readonly isJudged: boolean;
  /** "writes dlogits and dh"; "only draws". */
  readonly why: string;
  readonly statements: readonly Statement[];
  /** Statements that stay, those within others included; a statement that is not here is left out. */
  readonly kept: ReadonlySet<Statement>;
  /** Statements that stay, but with this text. */
  readonly replaced: ReadonlyMap<Statement, string>;
}

/**
 * Decides which cells of a notebook are judged: those that write gradients or compare them, and of the others what these
 * need. All is told from the source; nothing runs.
 */
export function chooseCells(cells: readonly NotebookCodeCell[], given: GivenNames): readonly CellChoice[] {
  return new Chooser(cells, given).choose();
}

/** Cells whose first line says that the rest is not Python. */
const foreign = /^\s*%%(?!time\b|timeit\b|capture\b|prun\b)(\w+)/;

/** A cell while it is being decided on. */
class Draft {
  readonly cell: NotebookCodeCell;
  readonly statements: readonly Statement[];
  readonly kept = new Set<Statement>();
  readonly replaced = new Map<Statement, string>();
  /** Gradients that it writes outside training loops, and within. */
  written: readonly string[] = [];
  writtenInTraining: readonly string[] = [];
  comparesGradients = false;
  /** Why none of it is judged, where that is settled. */
  whyNot: string | null = null;
  /** Names that it defines for others, by the number of the cell that reads them. */
  readonly defines = new Map<string, number>();

  constructor(cell: NotebookCodeCell) {
    this.cell = cell;
    const language = foreign.exec(cell.source)?.[1];
    this.statements = language === undefined ? statementsOf(cell.source) : [];
    if (language !== undefined) this.whyNot = `is not Python, but %%${language}`;
    else if (this.statements.length === 0) this.whyNot = 'holds no code';
  }

  get isRoot(): boolean {
    return (
      this.whyNot === null && (this.written.length > 0 || this.writtenInTraining.length > 0 || this.comparesGradients)
    );
  }
}

class Chooser {
  readonly #given: GivenNames;
  readonly #drafts: readonly Draft[];
  readonly #gradients: GradientNames;
  /** Functions that write gradients within: to call one is to write them. */
  readonly #gradientFunctions = new Set<string>();

  constructor(cells: readonly NotebookCodeCell[], given: GivenNames) {
    this.#given = given;
    this.#drafts = cells.map((cell) => new Draft(cell));
    const all = this.#drafts.flatMap(({ statements }) => statements.flatMap(leaves));
    this.#gradients = gradientNamesIn(all, given);
    for (const statement of all) {
      const { kind, use } = statement;
      const isDefinition = ['FunctionDefinition', 'DecoratedStatement', 'ClassDefinition'].includes(kind);
      const isComparer = [...use.binds].some((name) => this.#gradients.comparers.has(name));
      if (!isDefinition || isComparer || gradientsWritten(statement, this.#gradients, given).length === 0) continue;
      for (const name of use.binds) this.#gradientFunctions.add(name);
    }
  }

  choose(): readonly CellChoice[] {
    for (const draft of this.#drafts) this.#findGradients(draft);
    this.#skipTrainingThatRepeats();
    this.#skipDrafts();
    for (const draft of this.#drafts) if (draft.isRoot) this.#keepRoot(draft);
    for (const draft of this.#drafts) if (draft.isRoot) this.#bringNeeds(draft);
    this.#skipEmptyComparisons();
    return this.#drafts.map((draft) => this.#choice(draft));
  }

  #findGradients(draft: Draft): void {
    const written = new Set<string>();
    const inTraining = new Set<string>();
    for (const statement of draft.statements) {
      for (const { leaf, isTraining } of leavesOf(statement, this.#given)) {
        const target = isTraining ? inTraining : written;
        for (const node of this.#written(leaf)) target.add(node);
        if (!isTraining && compares(leaf, this.#gradients)) draft.comparesGradients = true;
      }
    }
    draft.written = [...written];
    draft.writtenInTraining = [...inTraining];
  }

  #written(leaf: Statement): readonly string[] {
    const isCall = [...leaf.use.calls].some((call) => this.#gradientFunctions.has(call.split(/[.(]/)[0] ?? ''));
    const written = gradientsWritten(leaf, this.#gradients, this.#given);
    return isCall && written.length === 0 ? [...leaf.use.binds].slice(0, 1) : written;
  }

  /** A training loop is judged only where it holds an answer that nothing else gives. */
  #skipTrainingThatRepeats(): void {
    const elsewhere = new Set(this.#drafts.flatMap(({ whyNot, written }) => (whyNot === null ? written : [])));
    for (const draft of this.#drafts) {
      if (draft.writtenInTraining.length === 0) continue;
      if (!draft.writtenInTraining.every((node) => elsewhere.has(node))) continue;
      draft.writtenInTraining = [];
      if (draft.written.length === 0 && !draft.comparesGradients) {
        draft.whyNot = 'trains, with gradients that other cells write as well';
      }
    }
  }

  /** An answer that nothing reads or compares before another cell gives it anew was a try. */
  #skipDrafts(): void {
    for (const [index, draft] of this.#drafts.entries()) {
      if (!draft.isRoot || draft.comparesGradients || draft.written.length === 0) continue;
      const names = new Set(
        draft.statements
          .flatMap(leaves)
          .flatMap(({ use }) => [...use.binds].filter((name) => this.#gradients.nodeOf(name) !== null)),
      );
      const isWhole = draft.statements
        .flatMap(leaves)
        .every((leaf) =>
          gradientsWritten(leaf, this.#gradients, this.#given).every((node) =>
            [...names].some((name) => this.#gradients.nodeOf(name) === node),
          ),
        );
      if (names.size === 0 || !isWhole || draft.writtenInTraining.length > 0) continue;
      const later = this.#drafts.slice(index + 1);
      if ([...names].every((name) => this.#isGivenAnew(name, later))) {
        draft.whyNot = `is a first try: a later cell writes ${listed([...names])} anew`;
      }
    }
  }

  /** Whether one of the cells gives the name a value before anything that counts reads it. */
  #isGivenAnew(name: string, later: readonly Draft[]): boolean {
    for (const draft of later) {
      if (!draft.isRoot) continue;
      for (const statement of draft.statements) {
        for (const { leaf, isTraining } of leavesOf(statement, this.#given)) {
          if (isTraining) continue;
          if (leaf.use.reads.has(name) && this.#counts(leaf)) return false;
          if (leaf.use.changes.has(name)) return false;
          if (leaf.kind === 'AssignStatement' && leaf.use.binds.has(name)) return true;
        }
      }
    }
    return false;
  }

  #counts(leaf: Statement): boolean {
    return compares(leaf, this.#gradients) || leaf.kind !== 'ExpressionStatement';
  }

  /** Of a cell that is judged stays all but what trains, reads files or makes what the lab has. */
  #keepRoot(draft: Draft): void {
    for (const statement of draft.statements) {
      for (const { leaf, isTraining, path } of leavesOf(statement, this.#given)) {
        const isAnswer = this.#written(leaf).length > 0;
        if (isTraining && !(isAnswer && draft.writtenInTraining.length > 0)) continue;
        const isOnlyTraining = reasonToLeaveOut(leaf, this.#given) !== null && !(isAnswer && isDefinition(leaf));
        if (isOnlyTraining && !compares(leaf, this.#gradients)) continue;
        if (isNotebookCmp(leaf)) continue;
        this.#keep(draft, leaf, path);
      }
    }
  }

  #keep(draft: Draft, leaf: Statement, path: readonly Statement[]): void {
    draft.kept.add(leaf);
    for (const container of path) {
      draft.kept.add(container);
      if (isTrainingLoop(container, this.#given)) draft.replaced.set(container, onceOnly(container));
    }
  }

  /** Brings what the kept statements of a cell read and neither the lab nor an earlier kept statement defines. */
  #bringNeeds(draft: Draft): void {
    const defined = this.#definedBefore(draft);
    for (const statement of draft.statements) {
      for (const { leaf } of leavesOf(statement, this.#given)) {
        if (draft.kept.has(leaf)) {
          for (const name of needsOf(leaf)) if (!defined.has(name)) this.#bring(name, draft, leaf, draft);
        }
        for (const container of [leaf])
          if (draft.kept.has(container)) for (const name of container.use.binds) defined.add(name);
      }
    }
  }

  #definedBefore(draft: Draft): Set<string> {
    const defined = new Set([...this.#given.forward, ...this.#given.others, ...pythonNames]);
    for (const earlier of this.#drafts) {
      if (earlier === draft) break;
      for (const statement of earlier.kept) for (const name of statement.use.binds) defined.add(name);
    }
    return defined;
  }

  /**
   * Keeps the statements that define a name: of the nearest cell at or before `from`, up to the statement that reads it.
   * @returns whether there are any.
   */
  #bring(name: string, from: Draft, reader: Statement, asker: Draft): boolean {
    if (this.#given.forward.has(name) || this.#given.others.has(name) || pythonNames.has(name)) return true;
    const start = this.#drafts.indexOf(from);
    for (let index = start; index >= 0; index--) {
      const draft = this.#drafts[index];
      if (draft === undefined || draft.whyNot !== null) continue;
      const found = this.#definitionsIn(draft, name, draft === from ? reader : null);
      if (!found.some(({ leaf }) => leaf.use.binds.has(name))) continue;
      for (const { leaf, path } of found) this.#take(name, draft, leaf, path, asker);
      return true;
    }
    return false;
  }

  #definitionsIn(draft: Draft, name: string, before: Statement | null) {
    const found: { leaf: Statement; path: readonly Statement[] }[] = [];
    for (const statement of draft.statements) {
      for (const { leaf, path } of leavesOf(statement, this.#given)) {
        if (leaf === before) return found;
        if (leaf.use.binds.has(name) || leaf.use.changes.has(name)) found.push({ leaf, path });
      }
    }
    return found;
  }

  #take(name: string, draft: Draft, leaf: Statement, path: readonly Statement[], asker: Draft): void {
    if (draft.kept.has(leaf) || isNotebookCmp(leaf)) return;
    const own = this.#ownWordsFor(leaf);
    const isSource = drawsLots(leaf.use) || readsFile(leaf.use) || trains(leaf.use, this.#given);
    // What is drawn at random or read from a file is not what the lab has: better no value than another one.
    if (own === null && isSource && !isDefinition(leaf)) return;
    this.#keep(draft, leaf, path);
    if (draft !== asker && !draft.defines.has(name)) draft.defines.set(name, asker.cell.cell);
    if (own !== null) {
      draft.replaced.set(leaf, own);
      return;
    }
    for (const need of needsOf(leaf)) this.#bring(need, draft, leaf, asker);
  }

  /** A size, parameter or minibatch under the person's own name, in the lab's words: `gamma = bngain`. Null for all else. */
  #ownWordsFor({ kind, use, text }: Statement): string | null {
    if (kind !== 'AssignStatement') return null;
    const targets =
      /^([\w\s,]+?)=(?!=)/
        .exec(text)?.[1]
        ?.split(',')
        .map((part) => part.trim()) ?? [];
    const size = targets.length === 1 ? meantSize(targets[0] ?? '') : null;
    if (size !== null) return `${targets[0]} = ${size}`;
    const isParameter = drawsLots(use) || [...use.calls].some((call) => /^torch\.(?:ones|zeros)$/.test(call));
    const isMinibatch = /\[\s*(?:\w*ix\w*|\w*idx\w*|\w*ind\w*|batch\w*|perm\w*)\b/.test(text);
    if (!isParameter && !isMinibatch) return null;
    const meant = targets.map((target) => meantName(target, this.#given));
    return targets.length > 0 && meant.every((word) => word !== null)
      ? `${targets.join(', ')} = ${meant.join(', ')}`
      : null;
  }

  /** A cell that compares what nothing defines any more has nothing to say. */
  #skipEmptyComparisons(): void {
    for (const draft of this.#drafts) {
      if (!draft.isRoot || draft.written.length > 0 || draft.writtenInTraining.length > 0) continue;
      const defined = this.#definedBefore(draft).add('cmp');
      for (const statement of draft.kept) for (const name of statement.use.binds) defined.add(name);
      const lost = [...draft.kept].flatMap((leaf) => needsOf(leaf).filter((name) => !defined.has(name)));
      const isOfSkipped = lost.some((name) =>
        this.#drafts.some((other) => other.whyNot !== null && other.statements.some(({ use }) => use.binds.has(name))),
      );
      if (!isOfSkipped) continue;
      draft.kept.clear();
      draft.whyNot = `compares ${listed([...new Set(lost)])}, which only cells that are skipped define`;
    }
  }

  #choice(draft: Draft): CellChoice {
    const { cell, statements, kept, replaced } = draft;
    const isJudged = kept.size > 0;
    return {
      cell,
      statements,
      kept,
      replaced,
      isJudged,
      why: isJudged ? this.#whyJudged(draft) : this.#whySkipped(draft),
    };
  }

  #whyJudged(draft: Draft): string {
    const written = [...draft.written, ...draft.writtenInTraining];
    if (draft.isRoot && written.length > 0) return `writes the gradient of ${listed([...new Set(written)])}`;
    if (draft.isRoot) return 'compares gradients';
    const [reader] = draft.defines.values();
    return `defines ${listed([...draft.defines.keys()])}, which cell ${reader} reads`;
  }

  #whySkipped({ whyNot, statements }: Draft): string {
    if (whyNot !== null) return whyNot;
    const all = statements.flatMap(leaves);
    if (
      statements.flatMap(withBodies).some((statement) => isTrainingLoop(statement, this.#given) && stepsIn(statement))
    )
      return 'trains';
    if (all.some(({ use }) => [...use.calls].some((call) => call.endsWith('.backward'))))
      return 'runs autograd, as the lab does';
    if (all.some(({ use }) => readsFile(use))) return 'reads a file';
    if (all.some(({ use }) => drawsLots(use) && use.binds.size > 0))
      return 'makes the network or its data, which the lab has';
    if (all.some(({ use }) => draws(use))) return 'only draws';
    const empty = all.flatMap(({ use }) => [...use.binds]).filter((name) => this.#gradients.notBegun.has(name));
    if (empty.length > 0) return `is not begun: ${listed(empty)} ${empty.length === 1 ? 'is' : 'are'} None`;
    if (all.every(isNotebookCmp)) return 'defines cmp, which the lab has';
    if (all.every(({ kind }) => kind === 'ImportStatement')) return 'imports nothing that a judged cell needs';
    const made = all.filter((leaf) => reasonToLeaveOut(leaf, this.#given) === 'makes what the lab has');
    if (made.length > 0) return 'makes what the lab has';
    if (all.every(({ kind }) => kind === 'ExpressionStatement')) return 'only shows values';
    return 'defines nothing that a judged cell needs';
  }
}

const isDefinition = ({ kind }: Statement) =>
  kind === 'FunctionDefinition' || kind === 'ClassDefinition' || kind === 'DecoratedStatement';

function withBodies(statement: Statement): readonly Statement[] {
  return [statement, ...statement.body.flatMap(withBodies)];
}

/** Whether a loop changes parameters, or lets autograd or an optimizer do it. */
function stepsIn({ use }: Statement): boolean {
  return use.attributesWritten.has('data') || [...use.calls].some((call) => /\.(?:backward|step)$/.test(call));
}

/** All statements without a body of their own. */
function leaves(statement: Statement): readonly Statement[] {
  return statement.body.length === 0 ? [statement] : statement.body.flatMap(leaves);
}

interface Leaf {
  readonly leaf: Statement;
  /** The statements it stands in, the outermost first. */
  readonly path: readonly Statement[];
  readonly isTraining: boolean;
}

/** The parts that are kept or left out one by one: those of a `with` and of a training loop; any other loop is one. */
function leavesOf(
  statement: Statement,
  given: GivenNames,
  path: readonly Statement[] = [],
  isTraining = false,
): readonly Leaf[] {
  const isOpen = statement.kind === 'WithStatement' || isTrainingLoop(statement, given);
  if (statement.body.length === 0 || !isOpen) {
    return [{ leaf: statement, path, isTraining: isTraining || isTrainingLoop(statement, given) }];
  }
  const inTraining = isTraining || isTrainingLoop(statement, given);
  return statement.body.flatMap((inner) => leavesOf(inner, given, [...path, statement], inTraining));
}

/** Names that must be there before it: what it reads or changes, but for what it defines itself beforehand. */
function needsOf({ kind, use, body, header }: Statement): readonly string[] {
  if (body.length > 0) {
    const defined = new Set(header.binds);
    const needs = new Set(header.reads);
    for (const inner of body) {
      for (const name of needsOf(inner)) if (!defined.has(name)) needs.add(name);
      for (const name of inner.use.binds) defined.add(name);
    }
    return [...needs];
  }
  const needs = new Set([...use.reads, ...use.changes]);
  if (kind === 'ForStatement' || isDefinition({ kind } as Statement)) for (const name of use.binds) needs.delete(name);
  return [...needs];
}

/** The head of a training loop, made to go round once; `for i in range(1):`. */
function onceOnly({ text, kind }: Statement): string {
  const variable = kind === 'ForStatement' ? /^for\s+(\w+)\s+in\b/.exec(text)?.[1] : undefined;
  return `for ${variable ?? '_'} in range(1):`;
}

/** "dlogits", "dlogits and dh", "dlogits, dh and 24 more". */
function listed(names: readonly string[]): string {
  const shown = 3;
  const beginning = names.slice(0, shown).join(', ');
  if (names.length <= 1) return beginning;
  if (names.length > shown) return `${beginning} and ${names.length - shown} more`;
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
