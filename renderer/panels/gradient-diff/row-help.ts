import type { CheckRow } from '../../../core/protocol/answers';
import { exerciseNodes } from '../../../core/protocol/exercises';
import { verdictMeanings } from '../../ui/verdict-meanings';

/** What is computed from the gradient that comes back through the tanh, itself included: 15 of the 26. */
const throughTanh = exerciseNodes[1].slice(exerciseNodes[1].indexOf('hpreact'));

/**
 * Why PyTorch prints otherwise for a row that is exact here; null where it does not. Found with PyTorch 1.13: its
 * vectorised tanh_backward rounds 1 − h² once, by a fused multiply-add, on AVX2 and AVX-512; without them all 26 are exact.
 */
export function pytorchHelp({ node, exact }: CheckRow): string | null {
  if (!exact || !throughTanh.includes(node)) return null;
  return [
    `PyTorch prints exact: False for ${node} on most processors, and for all that is computed from dhpreact:`,
    'its own backward of tanh rounds 1 − h² once, and 1.0 - h**2 written by hand rounds twice.',
    'If you see False there with a maxdiff of some 1e-9 to 1e-8, that is this rounding and no mistake of yours:',
    'the formula is right, because it is right by its terms. With ATEN_CPU_CAPABILITY=default set before Python',
    'starts, PyTorch rounds as here and prints True.',
  ].join(' ');
}

/** What a row's tooltip says. */
export function rowHelp(row: CheckRow): string {
  const help = pytorchHelp(row);
  const notes = [...row.notes, ...(help === null ? [] : [help])];
  return [`${row.verdict}: ${verdictMeanings[row.verdict]}`, ...notes].join('\n');
}
