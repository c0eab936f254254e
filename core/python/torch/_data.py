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
    while isinstance(level, (list, tuple, range)):
        shape.append(len(level))
        if len(level) == 0:
            break
        level = level[0]
    flat = []
    flatten(data, shape, 0, flat)
    if any(isinstance(value, Handle) for value in flat):
        made = joined(flat).view(shape)
        return made if dtype is None else made.to(dtype)
    if dtype is None:
        kinds = set(map(type, flat))
        dtype = float_ if float in kinds or not flat else int64 if int in kinds else bool_
    numbers = ",".join(map(repr, flat))
    return wrap(call("from_numbers", ",".join(map(str, shape)), type_name(dtype), numbers))


def joined(flat):
    """Numbers and tensors of one number each as one vector."""
    parts = [(value if isinstance(value, Handle) else tensor_from(value)).reshape(1) for value in flat]
    return wrap(call("concatenate", ",".join([str(part._handle) for part in parts]), 0))


def flatten(data, shape, depth, flat):
    """Adds the numbers of nested sequences to `flat`, holding every level to `shape`."""
    if depth == len(shape):
        value = data
        if isinstance(value, Handle):
            if value.numel() != 1:
                raise ValueError("only one element tensors can be converted to Python scalars")
        elif type(value) not in (int, float, bool):
            if isinstance(value, (list, tuple)):
                raise ValueError(f"expected a number at dim {depth}, got a sequence of length {len(value)}")
            if isinstance(value, str):
                raise TypeError(f"new(): invalid data type '{type(value).__name__}'")
            if not hasattr(value, "__float__"):
                raise RuntimeError(f"Could not infer dtype of {type(value).__name__}")
            value = float(value)
        flat.append(value)
        return
    if not hasattr(data, "__len__"):
        raise TypeError(f"not a sequence: expected one of length {shape[depth]} at dim {depth}")
    if len(data) != shape[depth]:
        raise ValueError(f"expected sequence of length {shape[depth]} at dim {depth} (got {len(data)})")
    for item in data:
        flatten(item, shape, depth + 1, flat)
