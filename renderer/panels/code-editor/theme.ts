import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** Colours come from the window's tokens, which follow the light or dark scheme by themselves. */
const surface = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', background: 'var(--surface)', fontSize: 'var(--text-body)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.6', scrollbarWidth: 'thin' },
  '.cm-content': { caretColor: 'var(--text)', padding: '4px 0' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--accent) 28%, transparent)',
  },
  '.cm-activeLine': { background: 'color-mix(in srgb, var(--accent) 7%, transparent)' },
  '.cm-gutters': {
    border: 'none',
    background: 'var(--surface)',
    color: 'var(--text-muted)',
  },
  '.cm-activeLineGutter': { background: 'transparent', color: 'var(--text)' },
  '.cm-placeholder': { color: 'var(--text-muted)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    background: 'var(--surface-selected)',
    outline: '1px solid var(--border-strong)',
  },
  '&.cm-focused .cm-nonmatchingBracket': { background: 'transparent', outline: '1px solid var(--danger)' },
  '.cm-tooltip': {
    border: '1px solid var(--border-strong)',
    borderRadius: 'var(--radius)',
    background: 'var(--surface)',
    boxShadow: '0 2px 8px var(--shadow)',
    color: 'var(--text)',
    fontFamily: 'var(--font-sans)',
    fontSize: 'var(--text-body)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono)', maxHeight: '14em' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '1px 8px 1px 4px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { background: 'var(--surface-selected)', color: 'var(--text)' },
  '.cm-completionDetail': { marginLeft: '1.5em', color: 'var(--text-muted)', fontStyle: 'normal' },
  '.cm-completionMatchedText': { color: 'var(--accent)', textDecoration: 'none' },
  '.cm-facts': { padding: '4px 8px', maxWidth: '420px' },
  '.cm-facts b': { fontFamily: 'var(--font-mono)' },
  '.cm-facts div': { color: 'var(--text-muted)' },
  '.cm-diagnostic': { padding: '4px 8px', fontFamily: 'var(--font-mono)', whiteSpace: 'pre-wrap' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--danger)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--danger)',
    textUnderlineOffset: '3px',
  },
  '.cm-panels': { borderTop: '1px solid var(--border)', background: 'var(--surface-window)', color: 'var(--text)' },
  '.cm-gutter-lint': { width: '1em' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '0.2em 0 0' },
  '.cm-verdicts': { minWidth: '18px' },
  '.cm-verdicts .cm-gutterElement': { display: 'flex', gap: '2px', justifyContent: 'center' },
  '.cm-verdict': { display: 'inline-flex', alignItems: 'center' },
  '.cm-verdict svg': {
    fill: 'none',
    stroke: 'currentcolor',
    strokeWidth: '1.6',
    strokeLinecap: 'round',
    strokeLinejoin: 'round',
  },
  '.cm-blamed': {
    background: 'color-mix(in srgb, var(--danger) 9%, transparent)',
    boxShadow: 'inset 3px 0 var(--danger)',
  },
  '.cm-why': {
    marginLeft: '3ch',
    color: 'var(--danger)',
    fontFamily: 'var(--font-sans)',
    fontSize: 'var(--text-small)',
    userSelect: 'none',
  },
});

const code = HighlightStyle.define([
  {
    tag: [tags.keyword, tags.controlKeyword, tags.definitionKeyword, tags.operatorKeyword],
    color: 'var(--code-keyword)',
  },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-number)' },
  { tag: [tags.string], color: 'var(--code-string)' },
  { tag: [tags.comment], color: 'var(--text-muted)', fontStyle: 'italic' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: 'var(--code-function)' },
]);

/** How the editor looks. */
export const editorTheme: Extension = [surface, syntaxHighlighting(code)];
