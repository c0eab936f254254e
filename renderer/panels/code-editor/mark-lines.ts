import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { type EditorState, RangeSet, StateEffect, StateField, type TransactionSpec } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutter, WidgetType } from '@codemirror/view';
import type { Verdict } from '../../../core/protocol/answers';
import { verdictPaths } from '../../ui/verdict-paths';
import type { LineMark } from './marks';

const setMarks = StateEffect.define<readonly LineMark[]>();

/** A line's mark, which moves with the line while one types. */
class LineMarker extends GutterMarker {
  readonly mark: LineMark;

  constructor(mark: LineMark) {
    super();
    this.mark = mark;
  }

  override toDOM(): Node {
    const box = document.createElement('span');
    box.className = 'cm-verdict';
    for (const { node, verdict } of this.mark.verdicts) box.append(drawVerdict(node, verdict));
    return box;
  }
}

const svg = 'http://www.w3.org/2000/svg';

function drawVerdict(node: string, verdict: Verdict): SVGElement {
  const picture = document.createElementNS(svg, 'svg');
  picture.setAttribute('viewBox', '0 0 12 12');
  picture.setAttribute('width', '12');
  picture.setAttribute('height', '12');
  picture.setAttribute('role', 'img');
  picture.setAttribute('data-verdict', verdict);
  picture.style.color = `var(--verdict-${verdict})`;
  const title = document.createElementNS(svg, 'title');
  title.textContent = `d${node}: ${verdict}`;
  const path = document.createElementNS(svg, 'path');
  path.setAttribute('d', verdictPaths[verdict]);
  picture.append(title, path);
  return picture;
}

const markers = StateField.define<RangeSet<LineMarker>>({
  create: () => RangeSet.empty,
  update(before, { changes, effects, newDoc }) {
    const marks = effects.find((effect) => effect.is(setMarks))?.value;
    if (marks === undefined) return before.map(changes);
    return RangeSet.of(marks.map((mark) => new LineMarker(mark).range(newDoc.line(mark.line).from)));
  },
});

/** What is wrong with a line, at its end. */
class Why extends WidgetType {
  readonly text: string;

  constructor(text: string) {
    super();
    this.text = text;
  }

  override eq(other: Why): boolean {
    return other.text === this.text;
  }

  override toDOM(): HTMLElement {
    const box = document.createElement('span');
    box.className = 'cm-why';
    box.textContent = `✗ ${this.text}`;
    box.title = this.text;
    return box;
  }
}

function decorate(state: EditorState): DecorationSet {
  const found = [];
  for (const cursor = state.field(markers).iter(); cursor.value !== null; cursor.next()) {
    const { explanations, error } = cursor.value.mark;
    const why = error === null ? explanations : [error];
    if (why.length === 0) continue;
    const { from, to } = state.doc.lineAt(cursor.from);
    found.push(
      Decoration.line({ class: 'cm-blamed' }).range(from),
      Decoration.widget({ widget: new Why(why.join(' ')), side: 1 }).range(to),
    );
  }
  return Decoration.set(found, true);
}

/** Verdicts in the gutter; lines to blame tinted, with the reason at their end. */
export const lineMarks = [
  markers,
  gutter({ class: 'cm-verdicts', markers: (view) => view.state.field(markers) }),
  EditorView.decorations.compute([markers], decorate),
];

/** What shows these marks in place of the earlier ones, Python's error underlined and in the lint gutter. */
export function showMarks(state: EditorState, marks: readonly LineMark[]): TransactionSpec {
  const diagnostics = marks.flatMap(({ line, error }): Diagnostic[] => {
    if (error === null) return [];
    const { from, to, text } = state.doc.line(line);
    const indent = text.length - text.trimStart().length;
    return [{ from: from + indent, to, severity: 'error', message: error, source: 'Python' }];
  });
  const { effects } = setDiagnostics(state, diagnostics);
  return { effects: [setMarks.of(marks), ...(Array.isArray(effects) ? effects : effects ? [effects] : [])] };
}

/** The marks of the line at a position. */
function marksAt(state: EditorState, position: number): readonly LineMark[] {
  const { from, to } = state.doc.lineAt(position);
  const found: LineMark[] = [];
  state.field(markers).between(from, to, (_from, _to, { mark }) => void found.push(mark));
  return found;
}

/** Gradients that the line at a position writes, as of the newest check. */
export function nodesAt(state: EditorState, position: number): readonly string[] {
  return marksAt(state, position).flatMap(({ nodes }) => nodes);
}

/** Where the line begins that last writes the node's gradient; null where none does. */
export function positionOf(state: EditorState, node: string): number | null {
  for (const cursor = state.field(markers).iter(); cursor.value !== null; cursor.next()) {
    if (cursor.value.mark.verdicts.some((verdict) => verdict.node === node)) return cursor.from;
  }
  return null;
}
