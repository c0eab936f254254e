import lab from './lab/__init__.py?raw';
import labEdits from './lab/edits.py?raw';
import labRun from './lab/run.py?raw';
import labStatements from './lab/statements.py?raw';

/** A Python module that the runtime offers for import. One whose name is the beginning of another's is a package. */
export interface PythonModule {
  /** As `import` names it: "torch.nn.functional". */
  readonly name: string;
  readonly source: string;
}

/** Every module of the lab; the order does not matter. */
export const pythonModules: readonly PythonModule[] = [
  { name: 'lab', source: lab },
  { name: 'lab.edits', source: labEdits },
  { name: 'lab.run', source: labRun },
  { name: 'lab.statements', source: labStatements },
];
