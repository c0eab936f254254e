import lab from './lab/__init__.py?raw';
import labBreaks from './lab/breaks.py?raw';
import labChainRule from './lab/chain_rule.py?raw';
import labEdits from './lab/edits.py?raw';
import labFormula from './lab/formula.py?raw';
import labMistakes from './lab/mistakes.py?raw';
import labRewriting from './lab/rewriting.py?raw';
import labRun from './lab/run.py?raw';
import labStatements from './lab/statements.py?raw';
import labTerms from './lab/terms.py?raw';

/** A Python module that the runtime offers for import. One whose name is the beginning of another's is a package. */
export interface PythonModule {
  /** As `import` names it: "torch.nn.functional". */
  readonly name: string;
  readonly source: string;
}

/** Every module of the lab; the order does not matter. */
export const pythonModules: readonly PythonModule[] = [
  { name: 'lab', source: lab },
  { name: 'lab.rewriting', source: labRewriting },
  { name: 'lab.mistakes', source: labMistakes },
  { name: 'lab.formula', source: labFormula },
  { name: 'lab.chain_rule', source: labChainRule },
  { name: 'lab.breaks', source: labBreaks },
  { name: 'lab.terms', source: labTerms },
  { name: 'lab.edits', source: labEdits },
  { name: 'lab.run', source: labRun },
  { name: 'lab.statements', source: labStatements },
];
