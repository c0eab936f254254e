"""`torch.tensor(data)`: tensors from Python's numbers."""

from torch._call import call
from torch._handle import Handle, wrap
from torch._types import bool_, float_, int64, type_name


def tensor_from(data, dtype=None):
    """`torch.tensor(data)`."""
    if isinstance(data, Handle):
        return data.clone() if dtype is None else data.to(dtype).clone()
    shape = []
    level = data
    while isinstance(level, (list, tuple, range)) or (isinstance(level, Handle) and level.ndim > 0):
        shape.append(len(level))
        if len(level) == 0:
            break
        level = level[0]
    flat = []
    flatten(data, shape, 0, flat)
    if dtype is None:
        kinds = set(map(type, flat))
        dtype = float_ if float in kinds or not flat else int64 if int in kinds else bool_
    numbers = ",".join(map(repr, flat))
    return wrap(call("from_numbers", ",".join(map(str, shape)), type_name(dtype), numbers))


def flatten(data, shape, depth, flat):
    """Adds the numbers of nested sequences to `flat`, holding every level to `shape`."""
    if depth == len(shape):
        value = data.item() if isinstance(data, Handle) else data
        if type(value) not in (int, float, bool):
            if isinstance(value, (list, tuple)):
                raise ValueError(f"expected a number at dim {depth}, got a sequence of length {len(value)}")
            if not hasattr(value, "__float__"):
                raise TypeError(f"new(): a tensor cannot be made of '{type(value).__name__}'")
            value = float(value)
        flat.append(value)
        return
    if not hasattr(data, "__len__"):
        raise TypeError(f"not a sequence: expected one of length {shape[depth]} at dim {depth}")
    if len(data) != shape[depth]:
        raise ValueError(f"expected sequence of length {shape[depth]} at dim {depth} (got {len(data)})")
    for item in data:
        flatten(item, shape, depth + 1, flat)
