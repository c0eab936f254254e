import lab from './lab/__init__.py?raw';
import labAnalysis from './lab/analysis.py?raw';
import labChainRule from './lab/chain_rule.py?raw';
import labEdits from './lab/edits.py?raw';
import labErrors from './lab/errors.py?raw';
import labFormula from './lab/formula.py?raw';
import labHooks from './lab/hooks.py?raw';
import labInstrument from './lab/instrument.py?raw';
import labMistakes from './lab/mistakes/__init__.py?raw';
import labMistakesBranches from './lab/mistakes/branches.py?raw';
import labMistakesDerivatives from './lab/mistakes/derivatives.py?raw';
import labMistakesEntropy from './lab/mistakes/entropy.py?raw';
import labMistakesFactors from './lab/mistakes/factors.py?raw';
import labMistakesGrouping from './lab/mistakes/grouping.py?raw';
import labMistakesNames from './lab/mistakes/names.py?raw';
import labMistakesNumbers from './lab/mistakes/numbers.py?raw';
import labMistakesPlaces from './lab/mistakes/places.py?raw';
import labMistakesShapes from './lab/mistakes/shapes.py?raw';
import labMistakesWriting from './lab/mistakes/writing.py?raw';
import labNames from './lab/names.py?raw';
import labOffer from './lab/offer.py?raw';
import labRewriting from './lab/rewriting.py?raw';
import labRun from './lab/run.py?raw';
import labState from './lab/state.py?raw';
import labStatements from './lab/statements.py?raw';
import labTerms from './lab/terms.py?raw';
import torch from './torch/__init__.py?raw';
import torchArithmetic from './torch/_arithmetic.py?raw';
import torchCall from './torch/_call.py?raw';
import torchCreation from './torch/_creation.py?raw';
import torchData from './torch/_data.py?raw';
import torchFunctions from './torch/_functions.py?raw';
import torchHandle from './torch/_handle.py?raw';
import torchIndexing from './torch/_indexing.py?raw';
import torchMissing from './torch/_missing.py?raw';
import torchPrinting from './torch/_printing.py?raw';
import torchReductions from './torch/_reductions.py?raw';
import torchTensor from './torch/_tensor.py?raw';
import torchTypes from './torch/_types.py?raw';
import torchViews from './torch/_views.py?raw';
import torchNn from './torch/nn/__init__.py?raw';
import torchFunctional from './torch/nn/functional.py?raw';

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
  { name: 'lab.mistakes.branches', source: labMistakesBranches },
  { name: 'lab.mistakes.derivatives', source: labMistakesDerivatives },
  { name: 'lab.mistakes.entropy', source: labMistakesEntropy },
  { name: 'lab.mistakes.factors', source: labMistakesFactors },
  { name: 'lab.mistakes.grouping', source: labMistakesGrouping },
  { name: 'lab.mistakes.names', source: labMistakesNames },
  { name: 'lab.mistakes.numbers', source: labMistakesNumbers },
  { name: 'lab.mistakes.places', source: labMistakesPlaces },
  { name: 'lab.mistakes.shapes', source: labMistakesShapes },
  { name: 'lab.mistakes.writing', source: labMistakesWriting },
  { name: 'lab.formula', source: labFormula },
  { name: 'lab.chain_rule', source: labChainRule },
  { name: 'lab.analysis', source: labAnalysis },
  { name: 'lab.hooks', source: labHooks },
  { name: 'lab.instrument', source: labInstrument },
  { name: 'lab.terms', source: labTerms },
  { name: 'lab.edits', source: labEdits },
  { name: 'lab.run', source: labRun },
  { name: 'lab.statements', source: labStatements },
  { name: 'torch', source: torch },
  { name: 'torch._call', source: torchCall },
  { name: 'torch._creation', source: torchCreation },
  { name: 'torch._functions', source: torchFunctions },
  { name: 'torch._missing', source: torchMissing },
  { name: 'torch._printing', source: torchPrinting },
  { name: 'torch._tensor', source: torchTensor },
  { name: 'torch._arithmetic', source: torchArithmetic },
  { name: 'torch._data', source: torchData },
  { name: 'torch._handle', source: torchHandle },
  { name: 'torch._indexing', source: torchIndexing },
  { name: 'torch._reductions', source: torchReductions },
  { name: 'torch._views', source: torchViews },
  { name: 'torch._types', source: torchTypes },
  { name: 'torch.nn', source: torchNn },
  { name: 'torch.nn.functional', source: torchFunctional },
  { name: 'lab.errors', source: labErrors },
  { name: 'lab.names', source: labNames },
  { name: 'lab.offer', source: labOffer },
  { name: 'lab.state', source: labState },
];
