"""Several tensors made one, or brought to one shape."""

from torch._call import call
from torch._handle import dimension, wrap
from torch._tensor import Tensor
from torch._types import Size


def tensors_of(name, tensors):
    """@throws TypeError where one tensor is given in place of several."""
    if type(tensors) is Tensor:
        raise TypeError(f"{name}(): argument 'tensors' (position 1) must be tuple of Tensors, not Tensor")
    return list(tensors)


def cat(tensors, dim=0, *, axis=None):
    handles = ",".join([str(one._handle) for one in tensors_of("cat", tensors)])
    return wrap(call("concatenate", handles, dim if axis is None else axis))


def stack(tensors, dim=0, *, axis=None):
    dim = dim if axis is None else axis
    tensors = tensors_of("stack", tensors)
    if not tensors:
        raise RuntimeError("stack expects a non-empty TensorList")
    first = tensors[0]
    for position, one in enumerate(tensors):
        if one.shape != first.shape:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(first.shape)} at entry 0 and "
                f"{list(one.shape)} at entry {position}"
            )
    return cat([one.unsqueeze(dim) for one in tensors], dimension(dim, first.ndim + 1))


def hstack(tensors):
    tensors = [one.reshape(1) if one.ndim == 0 else one for one in tensors_of("hstack", tensors)]
    return cat(tensors, 0 if tensors[0].ndim == 1 else 1)


def vstack(tensors):
    return cat([one.reshape(1, -1) if one.ndim < 2 else one for one in tensors_of("vstack", tensors)])


def column_stack(tensors):
    return cat([one.reshape(-1, 1) if one.ndim < 2 else one for one in tensors_of("column_stack", tensors)], 1)


def block_diag(*tensors):
    blocks = [one.reshape(1, -1) if one.ndim < 2 else one for one in tensors]
    whole = blocks[0].new_zeros(sum(len(one) for one in blocks), sum(one.shape[1] for one in blocks))
    row = column = 0
    for block in blocks:
        whole[row : row + len(block), column : column + block.shape[1]] = block
        row, column = row + len(block), column + block.shape[1]
    return whole


def broadcast_shapes(*shapes):
    rank = max(map(len, shapes), default=0)
    result = [1] * rank
    for shape in shapes:
        for place, size in enumerate(shape, rank - len(shape)):
            if size != 1 and result[place] not in (1, size):
                raise RuntimeError("Shape mismatch: objects cannot be broadcast to a single shape")
            result[place] = size if result[place] == 1 else result[place]
    return Size(result)


def broadcast_tensors(*tensors):
    shape = broadcast_shapes(*[one.shape for one in tensors])
    return tuple(one.expand(shape) for one in tensors)


def meshgrid(*tensors, indexing="ij"):
    tensors = list(tensors[0]) if isinstance(tensors[0], (list, tuple)) else list(tensors)
    if any(one.dtype != tensors[0].dtype for one in tensors):
        raise RuntimeError("meshgrid expects all tensors to have the same dtype")
    if indexing == "xy" and len(tensors) > 1:
        first, second, *rest = meshgrid(tensors[1], tensors[0], *tensors[2:])
        return (second, first, *rest)
    shape = [one.numel() for one in tensors]
    return tuple(
        one.reshape([-1 if other == place else 1 for other in range(len(tensors))]).expand(shape)
        for place, one in enumerate(tensors)
    )
