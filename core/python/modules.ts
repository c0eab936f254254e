import reading from './reading/__init__.py?raw';
import readingAnalysis from './reading/analysis.py?raw';
import readingChainRule from './reading/chain_rule.py?raw';
import readingEdits from './reading/edits.py?raw';
import readingFormula from './reading/formula.py?raw';
import readingImports from './reading/imports.py?raw';
import readingInstrument from './reading/instrument.py?raw';
import readingMistakes from './reading/mistakes/__init__.py?raw';
import readingMistakesBranches from './reading/mistakes/branches.py?raw';
import readingMistakesDerivatives from './reading/mistakes/derivatives.py?raw';
import readingMistakesEntropy from './reading/mistakes/entropy.py?raw';
import readingMistakesFactors from './reading/mistakes/factors.py?raw';
import readingMistakesGrouping from './reading/mistakes/grouping.py?raw';
import readingMistakesNames from './reading/mistakes/names.py?raw';
import readingMistakesNumbers from './reading/mistakes/numbers.py?raw';
import readingMistakesPlaces from './reading/mistakes/places.py?raw';
import readingMistakesShapes from './reading/mistakes/shapes.py?raw';
import readingMistakesWriting from './reading/mistakes/writing.py?raw';
import readingRewriting from './reading/rewriting.py?raw';
import readingSource from './reading/source.py?raw';
import readingStatements from './reading/statements.py?raw';
import readingTerms from './reading/terms.py?raw';
import running from './running/__init__.py?raw';
import runningErrors from './running/errors.py?raw';
import runningHooks from './running/hooks.py?raw';
import runningNames from './running/names.py?raw';
import runningOffer from './running/offer.py?raw';
import runningRun from './running/run.py?raw';
import runningStandIns from './running/stand_ins.py?raw';
import runningState from './running/state.py?raw';
import torch from './torch/__init__.py?raw';
import torchArithmetic from './torch/_arithmetic.py?raw';
import torchCall from './torch/_call.py?raw';
import torchCreation from './torch/_creation.py?raw';
import torchData from './torch/_data.py?raw';
import torchDevice from './torch/_device.py?raw';
import torchEinsum from './torch/_einsum.py?raw';
import torchElementwise from './torch/_elementwise.py?raw';
import torchFunctions from './torch/_functions.py?raw';
import torchGradMode from './torch/_grad_mode.py?raw';
import torchGradients from './torch/_gradients.py?raw';
import torchHandle from './torch/_handle.py?raw';
import torchIndexing from './torch/_indexing.py?raw';
import torchJoining from './torch/_joining.py?raw';
import torchLinear from './torch/_linear.py?raw';
import torchMethods from './torch/_methods.py?raw';
import torchMissing from './torch/_missing.py?raw';
import torchNames from './torch/_names.py?raw';
import torchPrinting from './torch/_printing.py?raw';
import torchRandom from './torch/_random.py?raw';
import torchRearranging from './torch/_rearranging.py?raw';
import torchReductions from './torch/_reductions.py?raw';
import torchSorting from './torch/_sorting.py?raw';
import torchTensor from './torch/_tensor.py?raw';
import torchTypes from './torch/_types.py?raw';
import torchViews from './torch/_views.py?raw';
import torchBackends from './torch/backends.py?raw';
import torchCuda from './torch/cuda.py?raw';
import torchNn from './torch/nn/__init__.py?raw';
import torchActivations from './torch/nn/_activations.py?raw';
import torchLosses from './torch/nn/_losses.py?raw';
import torchNormalisation from './torch/nn/_normalisation.py?raw';
import torchFunctional from './torch/nn/functional.py?raw';

/** A Python module that the runtime offers for import. One whose name is the beginning of another's is a package. */
export interface PythonModule {
  /** As `import` names it: "torch.nn.functional". */
  readonly name: string;
  readonly source: string;
}

/** Every module of the lab; the order does not matter. */
export const pythonModules: readonly PythonModule[] = [
  { name: 'reading', source: reading },
  { name: 'reading.imports', source: readingImports },
  { name: 'running', source: running },
  { name: 'reading.rewriting', source: readingRewriting },
  { name: 'reading.mistakes', source: readingMistakes },
  { name: 'reading.mistakes.branches', source: readingMistakesBranches },
  { name: 'reading.mistakes.derivatives', source: readingMistakesDerivatives },
  { name: 'reading.mistakes.entropy', source: readingMistakesEntropy },
  { name: 'reading.mistakes.factors', source: readingMistakesFactors },
  { name: 'reading.mistakes.grouping', source: readingMistakesGrouping },
  { name: 'reading.mistakes.names', source: readingMistakesNames },
  { name: 'reading.mistakes.numbers', source: readingMistakesNumbers },
  { name: 'reading.mistakes.places', source: readingMistakesPlaces },
  { name: 'reading.mistakes.shapes', source: readingMistakesShapes },
  { name: 'reading.mistakes.writing', source: readingMistakesWriting },
  { name: 'reading.formula', source: readingFormula },
  { name: 'reading.chain_rule', source: readingChainRule },
  { name: 'reading.analysis', source: readingAnalysis },
  { name: 'running.hooks', source: runningHooks },
  { name: 'reading.instrument', source: readingInstrument },
  { name: 'reading.terms', source: readingTerms },
  { name: 'reading.edits', source: readingEdits },
  { name: 'running.run', source: runningRun },
  { name: 'reading.statements', source: readingStatements },
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
  { name: 'torch._device', source: torchDevice },
  { name: 'torch._einsum', source: torchEinsum },
  { name: 'torch._elementwise', source: torchElementwise },
  { name: 'torch._grad_mode', source: torchGradMode },
  { name: 'torch._gradients', source: torchGradients },
  { name: 'torch._joining', source: torchJoining },
  { name: 'torch._linear', source: torchLinear },
  { name: 'torch._methods', source: torchMethods },
  { name: 'torch._names', source: torchNames },
  { name: 'torch._random', source: torchRandom },
  { name: 'torch._rearranging', source: torchRearranging },
  { name: 'torch._sorting', source: torchSorting },
  { name: 'torch.backends', source: torchBackends },
  { name: 'torch.cuda', source: torchCuda },
  { name: 'torch.nn', source: torchNn },
  { name: 'torch.nn._activations', source: torchActivations },
  { name: 'torch.nn._losses', source: torchLosses },
  { name: 'torch.nn._normalisation', source: torchNormalisation },
  { name: 'torch.nn.functional', source: torchFunctional },
  { name: 'running.errors', source: runningErrors },
  { name: 'running.names', source: runningNames },
  { name: 'running.offer', source: runningOffer },
  { name: 'reading.source', source: readingSource },
  { name: 'running.stand_ins', source: runningStandIns },
  { name: 'running.state', source: runningState },
];
