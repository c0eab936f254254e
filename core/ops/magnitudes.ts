import { type Kernel, type Kernels, sequence } from '../kernels/kernels';
import type { Tensor } from '../tensor/tensor';
import type { Vjp } from './op';

// How vjps give the magnitudes of their terms, for which `VjpContext.isMagnitude` asks. Those of one term for each element of
// the gradient need nothing: their signs are dropped afterwards, before a sum over what was broadcast, too.

/**
 * A vjp that sums products of the gradient with what was saved, or that adds, asked for magnitudes, where it subtracts: the
 * magnitudes of its terms are what it gives of factors without signs.
 */
export function ofUnsigned<Attributes>(vjp: Vjp<Attributes>): Vjp<Attributes> {
  return (context) => {
    if (!context.isMagnitude) return vjp(context);
    const { kernels, temporary } = context;
    const kernelsBefore: Kernel[] = [];
    const saved = context.saved.map((tensor) => {
      if (tensor.dtype === 'int32') return tensor;
      const unsigned = temporary(tensor.shape);
      kernelsBefore.push(kernels.unary('abs', unsigned, tensor));
      return unsigned;
    });
    return sequence(...kernelsBefore, vjp({ ...context, saved }));
  };
}

/**
 * Of a vjp that is `first` less a rest, which may cancel, makes first + |rest|, the rest being what is lacking to `first`.
 * @param target What holds the vjp.
 * @param first Without signs.
 */
export function addRest(kernels: Kernels, target: Tensor, first: Tensor): Kernel {
  return sequence(
    kernels.binary('subtract', target, first, target),
    kernels.unary('abs', target, target),
    kernels.binary('add', target, target, first),
  );
}
