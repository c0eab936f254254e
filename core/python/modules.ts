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
import labSource from './lab/source.py?raw';
import labStandIns from './lab/stand_ins.py?raw';
import labState from './lab/state.py?raw';
import labStatements from './lab/statements.py?raw';
import labTerms from './lab/terms.py?raw';
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
  { name: 'lab.errors', source: labErrors },
  { name: 'lab.names', source: labNames },
  { name: 'lab.offer', source: labOffer },
  { name: 'lab.source', source: labSource },
  { name: 'lab.stand_ins', source: labStandIns },
  { name: 'lab.state', source: labState },
];
