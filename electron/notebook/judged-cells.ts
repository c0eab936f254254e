import type { NotebookCodeCell } from '../../core/formats/notebook';
import { type CellChoice, CellDraft } from './cell-draft';
import { type GivenNames, inGivenWords, pythonNames } from './given-names';
import { compares, type GradientNames, gradientNamesIn, gradientsWritten, isPlaceholder } from './gradients';
import { type Leaf, leavesOf, needsOf, onceOnly, simpleStatements } from './leaves';
import { drawsLots, isDefinition, isTrainingLoop, nameOfCmp, readsFile, reasonToLeaveOut, trains } from './purposes';
import { listed, reasonToJudge, reasonToSkip } from './reasons';
import type { Statement } from './statements';

/**
 * Decides which cells of a notebook are judged: those that write gradients or compare them, and of the others what these
 * need. All is told from the source; nothing runs.
 */
export function chooseCells(cells: readonly NotebookCodeCell[], given: GivenNames): readonly CellChoice[] {
  return new Chooser(cells, given).choose();
}

class Chooser {
  readonly #given: GivenNames;
  readonly #drafts: readonly CellDraft[];
  readonly #gradients: GradientNames;
  /** Functions that write gradients within, so that to call one is to write them, and whether they train. */
  readonly #functions = new Map<string, { readonly trains: boolean }>();

  constructor(cells: readonly NotebookCodeCell[], given: GivenNames) {
    this.#given = given;
    this.#drafts = cells.map((cell) => new CellDraft(cell));
    const all = this.#drafts.flatMap(({ statements }) => statements.flatMap(simpleStatements));
    this.#gradients = gradientNamesIn(all, given);
    for (const statement of all.filter(isDefinition)) {
      if (gradientsWritten(statement, this.#gradients, given).length === 0) continue;
      for (const name of statement.use.binds) {
        if (!this.#gradients.comparers.has(name)) this.#functions.set(name, { trains: trains(statement.use, given) });
      }
    }
  }

  choose(): readonly CellChoice[] {
    const none = new Set<string>();
    for (const draft of this.#drafts) this.#findGradients(draft, none);
    this.#skipTrainingThatRepeats();
    this.#skipFirstTries();
    do {
      for (const draft of this.#drafts) draft.forget();
      for (const draft of this.#drafts) if (draft.isRoot) this.#keepRoot(draft);
      for (const draft of this.#drafts) if (draft.isRoot) this.#bringNeeds(draft);
    } while (this.#skipHopeless());
    return this.#drafts.map((draft) => {
      const { cell, statements, kept, replaced } = draft;
      const isJudged = kept.size > 0;
      const why = isJudged ? reasonToJudge(draft) : reasonToSkip(draft, this.#given);
      return { cell, isJudged, why, statements, kept, replaced };
    });
  }

  #leaves({ statements }: CellDraft): readonly Leaf[] {
    return statements.flatMap((statement) => leavesOf(statement, this.#given));
  }

  /** @param none the names of gradients that are None so far; it is brought up to date. */
  #findGradients(draft: CellDraft, none: Set<string>): void {
    const written = new Set<string>();
    const inTraining = new Set<string>();
    for (const part of this.#leaves(draft)) {
      const isTraining = part.isTraining || this.#calledFunction(part.leaf)?.trains === true;
      for (const node of this.#written(part.leaf)) (isTraining ? inTraining : written).add(node);
      if (this.#isNotBegun(part.leaf, none)) draft.notBegun.add(part.leaf);
      else if (!isTraining && compares(part.leaf, this.#gradients)) draft.comparesGradients = true;
    }
    draft.written = written;
    draft.writtenInTraining = inTraining;
  }

  /** Whether it says that gradients are None, or compares one that is. */
  #isNotBegun(leaf: Statement, none: Set<string>): boolean {
    const isEmpty = isPlaceholder(leaf, this.#gradients);
    const written = [...leaf.use.binds, ...leaf.use.changes];
    for (const name of written) {
      if (isEmpty) none.add(name);
      else none.delete(name);
    }
    return isEmpty || (compares(leaf, this.#gradients) && [...leaf.use.reads].some((name) => none.has(name)));
  }

  /** The function with gradients within that a statement calls. */
  #calledFunction({ use }: Statement) {
    const names = [...use.calls].map((call) => call.split(/[.(]/, 1)[0] ?? '');
    return names.map((name) => this.#functions.get(name)).find((found) => found !== undefined);
  }

  /** The nodes whose gradients it writes; for a call of a function that does so, what it calls. */
  #written(leaf: Statement): readonly string[] {
    const written = gradientsWritten(leaf, this.#gradients, this.#given);
    if (written.length > 0 || isDefinition(leaf) || this.#calledFunction(leaf) === undefined) return written;
    const called = [...leaf.use.calls].find((call) => this.#functions.has(call.split(/[.(]/, 1)[0] ?? ''));
    return called === undefined ? [] : [`what ${called} computes`];
  }

  /** Training is judged only where it holds an answer that nothing else gives. */
  #skipTrainingThatRepeats(): void {
    const elsewhere = new Set(this.#drafts.flatMap(({ whyNot, written }) => (whyNot === null ? [...written] : [])));
    for (const draft of this.#drafts) {
      if (draft.writtenInTraining.size === 0) continue;
      const own = [...draft.writtenInTraining].filter((node) => !node.startsWith('what '));
      if (!own.every((node) => elsewhere.has(node))) continue;
      draft.writtenInTraining = new Set();
      if (!draft.isRoot) draft.whyNot = 'trains, with gradients that other cells write as well';
    }
  }

  /** An answer that nothing reads or compares before another cell gives it anew was a try. */
  #skipFirstTries(): void {
    for (const [index, draft] of this.#drafts.entries()) {
      const { isRoot, comparesGradients, written, writtenInTraining } = draft;
      if (!isRoot || comparesGradients || writtenInTraining.size > 0) continue;
      const { nodeOf } = this.#gradients;
      const assigned = new Map<string, string>();
      for (const { leaf } of this.#leaves(draft)) {
        for (const name of leaf.use.binds) assigned.set(nodeOf(name) ?? '', name);
      }
      if (![...written].every((node) => assigned.has(node))) continue;
      const names = [...written].map((node) => assigned.get(node) ?? '');
      const later = this.#drafts.slice(index + 1);
      if (names.every((name) => this.#isGivenAnew(name, later))) {
        draft.whyNot = `is a first try: a later cell writes ${listed(names)} anew`;
      }
    }
  }

  /** Whether one of the cells gives the name a value before anything reads it, but to show it. */
  #isGivenAnew(name: string, later: readonly CellDraft[]): boolean {
    for (const draft of later.filter(({ isRoot }) => isRoot)) {
      for (const { leaf, isTraining } of this.#leaves(draft)) {
        const { reads, changes, binds } = leaf.use;
        const isOnlyShown = leaf.kind === 'ExpressionStatement' && !compares(leaf, this.#gradients);
        if (isTraining) continue;
        if ((reads.has(name) && !isOnlyShown) || changes.has(name)) return false;
        if (leaf.kind === 'AssignStatement' && binds.has(name)) return true;
      }
    }
    return false;
  }

  /**
   * Of a cell that is judged, all stays; where it also trains, reads files or makes what the lab has, only the gradients
   * and comparisons stay, and what they need.
   */
  #keepRoot(draft: CellDraft): void {
    const parts = this.#leaves(draft);
    const isMixed = parts.some(({ leaf, isTraining }) => isTraining || this.#isSource(leaf));
    for (const { leaf, path, isTraining } of parts) {
      const isAnswer = this.#written(leaf).length > 0;
      if (draft.notBegun.has(leaf) || (isTraining && !(isAnswer && draft.writtenInTraining.size > 0))) continue;
      if (!(isAnswer && isDefinition(leaf)) && reasonToLeaveOut(leaf, this.#given) !== null) continue;
      if (isMixed && !isAnswer && !compares(leaf, this.#gradients)) continue;
      this.#keep(draft, leaf, path);
    }
  }

  /**
   * Skips cells that read what nothing defines any more, where they hold no answer that is asked for: comparisons of what
   * training computed, experiments with names of their own.
   * @returns whether there were any.
   */
  #skipHopeless(): boolean {
    const isAsked = ({ written, writtenInTraining }: CellDraft) =>
      [...written, ...writtenInTraining].some((node) => this.#given.forward.has(node));
    const isAlone = (draft: CellDraft) => draft.written.size === 0 || !draft.comparesGradients;
    const hopeless = this.#drafts.filter(
      (draft) => draft.isRoot && draft.lost.size > 0 && !isAsked(draft) && isAlone(draft),
    );
    for (const draft of hopeless)
      draft.whyNot = `reads ${listed([...draft.lost])}, which nothing that is judged defines`;
    return hopeless.length > 0;
  }

  /** Whether a statement gives values from elsewhere, which are not those that the lab has. */
  #isSource(leaf: Statement): boolean {
    if (isDefinition(leaf)) return false;
    return reasonToLeaveOut(leaf, this.#given) !== null || drawsLots(leaf.use) || readsFile(leaf.use);
  }

  #keep(draft: CellDraft, leaf: Statement, path: readonly Statement[]): void {
    const ownCmp = nameOfCmp(leaf);
    if (ownCmp === 'cmp') return;
    if (ownCmp !== null) draft.replaced.set(leaf, `${ownCmp} = cmp`);
    draft.kept.add(leaf);
    for (const container of path) {
      draft.kept.add(container);
      if (isTrainingLoop(container, this.#given)) draft.replaced.set(container, onceOnly(container));
    }
  }

  /** Brings what the kept statements of a cell read and neither the lab nor an earlier kept statement defines. */
  #bringNeeds(draft: CellDraft): void {
    const defined = this.#definedBefore(draft);
    for (const { leaf, path } of this.#leaves(draft)) {
      if (!draft.kept.has(leaf)) continue;
      const headers = path.filter((container) => !draft.replaced.has(container));
      const needs = [...headers.flatMap(({ header }) => [...header.reads]), ...needsOf(leaf)];
      for (const name of needs) if (!defined.has(name)) this.#bring(name, draft, leaf, draft);
      for (const name of leaf.use.binds) defined.add(name);
    }
  }

  #definedBefore(draft: CellDraft): Set<string> {
    const defined = new Set([...this.#given.forward, ...this.#given.others, ...pythonNames]);
    for (const earlier of this.#drafts) {
      if (earlier === draft) break;
      for (const statement of earlier.kept) for (const name of statement.use.binds) defined.add(name);
    }
    return defined;
  }

  /**
   * Keeps the statements that define a name: those of the nearest cell at or before `from` that gives it a value, and of
   * the cells between those that change it, up to the statement that reads it.
   */
  #bring(name: string, from: CellDraft, reader: Statement, asker: CellDraft): void {
    if (this.#given.forward.has(name) || this.#given.others.has(name) || pythonNames.has(name)) return;
    const found: { readonly draft: CellDraft; readonly part: Leaf }[] = [];
    for (let index = this.#drafts.indexOf(from); index >= 0; index--) {
      const draft = this.#drafts[index];
      if (draft === undefined || draft.whyNot !== null) continue;
      const parts = this.#leaves(draft);
      const end = draft === from ? parts.findIndex(({ leaf }) => leaf === reader) : parts.length;
      const here = parts.slice(0, end).filter(({ leaf }) => leaf.use.binds.has(name) || leaf.use.changes.has(name));
      found.unshift(...here.map((part) => ({ draft, part })));
      if (!here.some(({ leaf }) => leaf.use.binds.has(name))) continue;
      for (const { draft: definer, part } of found) this.#take(name, definer, part, asker);
      return;
    }
    if (name !== 'cmp') asker.lost.add(name);
  }

  #take(name: string, draft: CellDraft, { leaf, path }: Leaf, asker: CellDraft): void {
    if (draft.kept.has(leaf)) return;
    const words = inGivenWords(leaf, this.#given);
    // What is drawn at random or read from a file is not what the lab has: better no value than another one.
    if (words === null && this.#isSource(leaf)) {
      asker.lost.add(name);
      return;
    }
    this.#keep(draft, leaf, path);
    if (draft !== asker && draft.kept.has(leaf)) draft.defines.set(name, asker.cell.cell);
    if (words !== null) draft.replaced.set(leaf, words);
    if (!draft.replaced.has(leaf)) for (const need of needsOf(leaf)) this.#bring(need, draft, leaf, asker);
  }
}
