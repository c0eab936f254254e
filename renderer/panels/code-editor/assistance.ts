import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
} from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import { hoverTooltip, keymap } from '@codemirror/view';
import { isCodeCheck } from '../../state/lab';
import { useStore } from '../../state/store';
import { factsOf, type Suggestion, suggest } from './names';

const completionTypes: Readonly<Record<Suggestion['kind'], string>> = {
  node: 'constant',
  gradient: 'variable',
  function: 'function',
  attribute: 'property',
  variable: 'variable',
};

/** What the lab knows now. */
function known() {
  const { session, check } = useStore.getState();
  return { session, check: isCodeCheck(check) ? check : null };
}

function complete(context: CompletionContext): CompletionResult | null {
  const typed = context.matchBefore(/(?:([A-Za-z_]\w*|[)\]])\s*\.\s*)?[A-Za-z_]?\w*/);
  if (typed === null || (typed.text === '' && !context.explicit)) return null;
  const [, owner = null, word = ''] = /^(?:(.*?)\s*\.\s*)?(\w*)$/.exec(typed.text) ?? [];
  const { session, check } = known();
  return {
    from: context.pos - word.length,
    options: suggest(owner, session, check).map(({ name, kind, detail }): Completion => {
      return { label: name, type: completionTypes[kind], detail };
    }),
    validFor: /^\w*$/,
  };
}

const factsTooltip = hoverTooltip((view, position) => {
  const word = view.state.wordAt(position);
  if (word === null) return null;
  const { session, check } = known();
  const facts = factsOf(view.state.sliceDoc(word.from, word.to), session, check);
  if (facts === null) return null;
  return {
    pos: word.from,
    end: word.to,
    above: true,
    create() {
      const dom = document.createElement('div');
      dom.className = 'cm-facts';
      const name = document.createElement('b');
      name.textContent = facts.name;
      dom.append(name, ` ${facts.shape}`);
      for (const note of facts.notes) {
        const line = document.createElement('div');
        line.textContent = note;
        dom.append(line);
      }
      return { dom };
    },
  };
});

/** Completion of the step's names and torch's, and the shape of the name that one points at. */
export const assistance: Extension = [
  autocompletion({ override: [complete], icons: false, activateOnTyping: true }),
  keymap.of(completionKeymap),
  factsTooltip,
];
