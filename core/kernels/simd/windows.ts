import type { Tensor } from '../../tensor/tensor';
import type { Kernel, Kernels, Window } from '../kernels';
import { referenceKernels } from '../reference/reference';
import type { SimdFunctions } from './functions';
import { addressOf } from './rows';

type Windowed = Pick<Kernels, 'unfold' | 'fold' | 'maxPool' | 'maxPoolGradient' | 'avgPool' | 'avgPoolGradient'>;

/** The kernels that move a window over images. */
export function simdWindows(functions: SimdFunctions): Windowed {
  /** `unfold` or `fold` of numbers that are single. */
  function unfolding(kind: 'unfold' | 'fold', out: Tensor, x: Tensor, window: Window): Kernel {
    const [columns, images] = kind === 'unfold' ? [out, x] : [x, out];
    const [planes, height, width] = images.shape;
    const [outHeight, outWidth] = columns.shape.slice(-2);
    const { size, stride, padding, dilation } = window;
    const [[sizeY, sizeX], [strideY, strideX], [padY, padX], [stepY, stepX]] = [size, stride, padding, dilation];
    const [to, from] = [out, x].map(addressOf);
    const run = functions[kind];
    // biome-ignore format: two lines of one call
    return () => run(
      to, from, planes, height, width, outHeight, outWidth,
      sizeY, sizeX, strideY, strideX, padY, padX, stepY, stepX,
    );
  }

  /** `avgPool` or its gradient of numbers that are single. */
  function averaging(
    kind: 'avgPool' | 'avgPoolGradient',
    out: Tensor,
    x: Tensor,
    { size, stride, padding }: Window,
    countsPadding: boolean,
  ): Kernel {
    const [pooled, images] = kind === 'avgPool' ? [out, x] : [x, out];
    const [planes, height, width] = images.shape;
    const [, outHeight, outWidth] = pooled.shape;
    const [[sizeY, sizeX], [strideY, strideX], [padY, padX]] = [size, stride, padding];
    const [to, from] = [out, x].map(addressOf);
    const counts = countsPadding ? 1 : 0;
    const run = functions[kind];
    // biome-ignore format: two lines of one call
    return () => run(
      to, from, planes, height, width, outHeight, outWidth,
      sizeY, sizeX, strideY, strideX, padY, padX, counts,
    );
  }

  return {
    unfold(out, x, window) {
      return isSingle(out) ? unfolding('unfold', out, x, window) : referenceKernels.unfold(out, x, window);
    },
    fold(out, x, window) {
      return isSingle(out) ? unfolding('fold', out, x, window) : referenceKernels.fold(out, x, window);
    },
    maxPool(out, indices, x, window) {
      if (!isSingle(out)) return referenceKernels.maxPool(out, indices, x, window);
      const [planes, height, width] = x.shape;
      const [, outHeight, outWidth] = out.shape;
      const { size, stride, padding, dilation } = window;
      const [[sizeY, sizeX], [strideY, strideX], [padY, padX], [stepY, stepX]] = [size, stride, padding, dilation];
      const [to, at, from] = [out, indices, x].map(addressOf);
      const run = functions.maxPool;
      // biome-ignore format: two lines of one call
      return () => run(
        to, at, from, planes, height, width, outHeight, outWidth,
        sizeY, sizeX, strideY, strideX, padY, padX, stepY, stepX,
      );
    },
    maxPoolGradient(out, gradient, indices) {
      if (!isSingle(out)) return referenceKernels.maxPoolGradient(out, gradient, indices);
      const [planes, height, width] = out.shape;
      const [, outHeight, outWidth] = gradient.shape;
      const [pixels, places] = [height * width, outHeight * outWidth];
      const [to, from, at] = [out, gradient, indices].map(addressOf);
      const run = functions.maxPoolGradient;
      return () => run(to, from, at, planes, pixels, places);
    },
    avgPool(out, x, window, countsPadding) {
      return isSingle(out)
        ? averaging('avgPool', out, x, window, countsPadding)
        : referenceKernels.avgPool(out, x, window, countsPadding);
    },
    avgPoolGradient(out, gradient, window, countsPadding) {
      return isSingle(out)
        ? averaging('avgPoolGradient', out, gradient, window, countsPadding)
        : referenceKernels.avgPoolGradient(out, gradient, window, countsPadding);
    },
  };
}

const isSingle = (x: Tensor) => x.dtype === 'float32';
