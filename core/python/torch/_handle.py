"""What a tensor is to this module: a handle on one of the engine's; and how values are handed to the engine."""

from operator import index as to_index

from torch._call import call, raise_error

new_object = object.__new__


class Handle:
    """Owns a tensor of the engine's and lets it go with itself. The one class of its kind is torch.Tensor."""

    # _shape and _dtype: once known; _changes: how often the numbers were changed in place, shared by all views of them;
    # _requires_grad and _grad: what the person set.
    __slots__ = ("_handle", "_shape", "_dtype", "_changes", "_requires_grad", "_grad", "__weakref__")
    kind = None

    def __init_subclass__(cls):
        if Handle.kind is not None:
            raise TypeError("torch.Tensor has no subclasses here")
        Handle.kind = cls

    def __del__(self):
        call("release", self._handle)


def wrap(answer):
    """The tensor of a handle that the engine answered, which it then owns."""
    if type(answer) is str:
        raise_error(answer)
    tensor = new_object(Handle.kind)
    tensor._handle = answer
    tensor._shape = None
    tensor._dtype = None
    tensor._changes = [0]
    tensor._requires_grad = False
    tensor._grad = None
    return tensor


def view_of(tensor, answer):
    """As wrap, for a tensor that shares its numbers with another: a change of one is a change of both."""
    view = wrap(answer)
    view._changes = tensor._changes
    return view


def operand(value):
    """A tensor or a number as the engine takes it: a handle, or the number as Python prints it; None for all else."""
    kind = type(value)
    if kind is Handle.kind:
        return value._handle
    if kind is float or kind is int or kind is bool:
        return repr(value)
    return None


def required(value, function, argument="other"):
    """As operand. @throws TypeError for all else, in PyTorch's words of a function and its argument."""
    given = operand(value)
    if given is None:
        raise TypeError(f"{function}(): argument '{argument}' must be Tensor, not {type(value).__name__}")
    return given


def number_text(value, function, argument):
    """A number, or the one of a tensor, as the engine takes it. @throws TypeError for all else."""
    if type(value) is Handle.kind:
        value = value.item()
    if not isinstance(value, (int, float)):
        raise TypeError(f"{function}(): argument '{argument}' must be Number, not {type(value).__name__}")
    return repr(value)


def dimension(dim, rank):
    """A dimension, counted from the end where it is negative. @throws IndexError in PyTorch's words where there is none."""
    count = max(rank, 1)
    if not -count <= to_index(dim) < count:
        raise IndexError(f"Dimension out of range (expected to be in range of [{-count}, {count - 1}], but got {dim})")
    return to_index(dim) % count


def sizes_text(sizes, named=None):
    """Sizes given one by one, as one sequence, or by name, as the engine takes them."""
    if named is not None:
        sizes = (named,)
    if len(sizes) == 1 and isinstance(sizes[0], (tuple, list)):
        sizes = sizes[0]
    return ",".join([str(to_index(size)) for size in sizes])


def dims_text(dim):
    """A dimension, several, or None for all, as the engine takes them."""
    if dim is None:
        return ""
    if isinstance(dim, (tuple, list)):
        return ",".join([str(to_index(one)) for one in dim])
    return str(to_index(dim))
