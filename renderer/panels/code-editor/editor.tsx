import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { python } from '@codemirror/lang-python';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { lintGutter, lintKeymap } from '@codemirror/lint';
import { EditorState, Transaction } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
  type ViewUpdate,
} from '@codemirror/view';
import { useLayoutEffect, useRef } from 'react';
import { maximumCodeLength } from '../../../core/protocol/commands';
import { isCodeCheck, useLab } from '../../state/lab';
import { editCode } from '../../state/lab-actions';
import { selectNode, useStore } from '../../state/store';
import { assistance } from './assistance';
import styles from './code-pane.module.css';
import { lineMarks, nodesAt, positionOf, showMarks } from './mark-lines';
import { marksOf } from './marks';
import { editorTheme } from './theme';

const holdsFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false;

const extensions = [
  lineNumbers(),
  lintGutter(),
  lineMarks,
  history(),
  drawSelection(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  indentUnit.of('    '),
  python(),
  assistance,
  keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...lintKeymap, indentWithTab]),
  placeholder('dlogprobs = …   the gradient of each node, from the loss back to C'),
  editorTheme,
  EditorView.contentAttributes.of({ 'aria-label': 'Backward pass in Python' }),
  // The protocol takes no longer code.
  EditorState.changeFilter.of(({ newDoc }) => newDoc.length <= maximumCodeLength),
  // A file dropped here is the window's to open, which asks before it runs.
  EditorView.domEventHandlers({ drop: holdsFiles }),
  EditorView.updateListener.of(follow),
];

/** Tells the lab what was typed and the window which node the cursor's line is about. */
function follow(update: ViewUpdate): void {
  if (update.docChanged) editCode(update.state.doc.toString());
  const isByPerson = update.transactions.some(
    (transaction) => transaction.annotation(Transaction.userEvent) !== undefined,
  );
  if (!isByPerson || !update.selectionSet) return;
  const nodes = nodesAt(update.state, update.state.selection.main.head);
  const [node] = nodes;
  if (node !== undefined && !nodes.includes(useStore.getState().selectedNode ?? '')) selectNode(node);
}

/** What was typed can be undone even after the pane was away. */
let kept: EditorState | null = null;

/** The editor with the person's code. */
export function Editor() {
  const host = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    const state = kept ?? EditorState.create({ doc: useLab.getState().code, extensions });
    const view = new EditorView({ state, root, parent: root });
    const stop = keepInStep(view);
    return () => {
      stop();
      kept = view.state;
      view.destroy();
    };
  }, []);

  return <div ref={host} className={styles.editor} />;
}

/** Lets the editor follow the lab's code, checks, wishes for the cursor and the window's selection. */
function keepInStep(view: EditorView): () => void {
  function takeCode(): void {
    const { code } = useLab.getState();
    if (code === view.state.doc.toString()) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: code } });
    // What was said of the lines before says nothing of these.
    view.dispatch(showMarks(view.state, []));
  }

  function takeMarks(): void {
    const { check } = useStore.getState();
    // A check of other code is followed by one of this.
    if (useLab.getState().checkedCode !== view.state.doc.toString()) return;
    view.dispatch(showMarks(view.state, isCodeCheck(check) ? marksOf(check, view.state.doc.lines) : []));
  }

  function goTo(position: number, focus: boolean): void {
    view.dispatch({ selection: { anchor: position }, effects: EditorView.scrollIntoView(position, { y: 'center' }) });
    if (focus) view.focus();
  }

  function goToSelectedNode(): void {
    const { selectedNode } = useStore.getState();
    if (selectedNode === null || nodesAt(view.state, view.state.selection.main.head).includes(selectedNode)) return;
    const position = positionOf(view.state, selectedNode);
    if (position !== null) goTo(position, false);
  }

  takeCode();
  takeMarks();
  goToSelectedNode();
  view.dispatch({ effects: EditorView.scrollIntoView(view.state.selection.main, { y: 'center' }) });
  const stopLab = useLab.subscribe((lab, before) => {
    if (lab.code !== before.code) takeCode();
    const wish = lab.cursorWish;
    if (wish === null || wish === before.cursorWish || wish.line > view.state.doc.lines) return;
    goTo(view.state.doc.line(wish.line).from, wish.focus);
  });
  const stopStore = useStore.subscribe((state, before) => {
    if (state.check !== before.check) takeMarks();
    if (state.selectedNode !== before.selectedNode) goToSelectedNode();
  });
  return () => {
    stopLab();
    stopStore();
  };
}
