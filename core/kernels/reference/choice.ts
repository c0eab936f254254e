import type { Tensor } from '../../tensor/tensor';
import type { Kernel } from '../kernels';
import { RowCursor } from '../loops';

export function where(out: Tensor, condition: Tensor, a: Tensor, b: Tensor): Kernel {
  return ternary(out, condition, a, b, (test, first, second) => (test !== 0 ? first : second));
}

export function maximumGradient(out: Tensor, gradient: Tensor, a: Tensor, b: Tensor): Kernel {
  // Of what is not a number neither is larger: as through PyTorch's masked_fill, the gradient passes.
  return ternary(out, gradient, a, b, (upstream, own, other) =>
    own === other ? upstream / 2 : own < other ? 0 : upstream,
  );
}

/** out = f(a, b, c), broadcasting. */
export function ternary(
  out: Tensor,
  a: Tensor,
  b: Tensor,
  c: Tensor,
  f: (a: number, b: number, c: number) => number,
): Kernel {
  const cursor = new RowCursor(out.shape, [out, a, b, c]);
  const { length, offsets } = cursor;
  const [outStep, aStep, bStep, cStep] = cursor.steps;
  return () => {
    const to = out.storage.data;
    const aData = a.storage.data;
    const bData = b.storage.data;
    const cData = c.storage.data;
    cursor.reset();
    do {
      const outAt = offsets[0];
      const aAt = offsets[1];
      const bAt = offsets[2];
      const cAt = offsets[3];
      for (let i = 0; i < length; i++) {
        to[outAt + i * outStep] = f(aData[aAt + i * aStep], bData[bAt + i * bStep], cData[cAt + i * cStep]);
      }
    } while (cursor.next());
  };
}
