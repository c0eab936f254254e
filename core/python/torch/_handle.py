"""What a tensor is to this module: a handle on one of the engine's; and how values are handed to the engine."""

from operator import index as to_index

from torch._call import call, raise_error

new_object = object.__new__


class Handle:
    """Owns a tensor of the engine's and lets it go with itself. The one class of its kind is torch.Tensor."""

    # _shape and _dtype: once known; _changes: how often the numbers were changed in place, shared by all views of them.
    __slots__ = ("_handle", "_shape", "_dtype", "_changes", "__weakref__")
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


def required(value):
    """As operand. @throws TypeError for all else."""
    given = operand(value)
    if given is None:
        raise TypeError(f"a tensor or a number is expected, not '{type(value).__name__}'")
    return given


def sizes_text(sizes):
    """Sizes given one by one or as one sequence, as the engine takes them."""
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
