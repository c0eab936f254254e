"""Making tensors."""

from itertools import count

from torch._call import call, check
from torch._data import tensor_from
from torch._handle import sizes_text, wrap
from torch._tensor import Tensor
from torch._types import element_type, float_, int64, type_name


def no_gradients(requires_grad):
    if requires_grad:
        raise RuntimeError("requires_grad=True is not for this lab: gradients are derived by hand here.")


def tensor(data, *, dtype=None, device=None, requires_grad=False):
    no_gradients(requires_grad)
    return tensor_from(data, dtype)


def as_tensor(data, dtype=None):
    return data if type(data) is Tensor and dtype is None else tensor_from(data, dtype)


def full(size, fill_value, *, dtype=None, device=None, requires_grad=False):
    no_gradients(requires_grad)
    if dtype is None:
        dtype = {bool: "bool", int: "int64"}.get(type(fill_value), "float")
    else:
        dtype = type_name(dtype)
    return wrap(call("full", sizes_text((size,)), dtype, repr(fill_value)))


def filler(value):
    """zeros and ones."""

    def create(*size, dtype=float_, device=None, requires_grad=False):
        no_gradients(requires_grad)
        return wrap(call("full", sizes_text(size), type_name(dtype or float_), value))

    return create


def filler_like(value):
    """zeros_like and ones_like."""

    def create(input, *, dtype=None, device=None, requires_grad=False):
        no_gradients(requires_grad)
        return wrap(call("full", sizes_text((input.shape,)), type_name(dtype or input.dtype), value))

    return create


zeros = empty = filler("0")
ones = filler("1")
zeros_like = empty_like = filler_like("0")
ones_like = filler_like("1")


def full_like(input, fill_value, *, dtype=None):
    return full(input.shape, fill_value, dtype=dtype or input.dtype)


def arange(start, end=None, step=1, *, dtype=None, device=None):
    if end is None:
        start, end = 0, start
    bounds = [value.item() if type(value) is Tensor else value for value in (start, end, step)]
    if dtype is None:
        dtype = float_ if float in map(type, bounds) else int64
    return wrap(call("arange", type_name(dtype), *map(repr, bounds)))


def linspace(start, end, steps):
    return wrap(call("linspace", repr(start), repr(end), steps))


def eye(n, m=None, *, dtype=float_, device=None):
    return wrap(call("eye", type_name(dtype), n, n if m is None else m))


class Generator:
    """PyTorch's own streams of random numbers: the same seed gives the same numbers."""

    __slots__ = ("_id",)
    ids = count()

    def __init__(self, device="cpu"):
        self._id = next(Generator.ids)
        self.manual_seed(67280421310721)

    def __del__(self):
        call("forget", self._id)

    def manual_seed(self, seed):
        check(call("seed", self._id, seed))
        return self

    @classmethod
    def _resumed(cls, state):
        """A generator that goes on from a state, in the engine's own words."""
        generator = cls()
        check(call("resume", generator._id, state))
        return generator


default_generator = Generator()


def manual_seed(seed):
    return default_generator.manual_seed(seed)


def drawn(name):
    """randn and rand."""

    def create(*size, generator=None, dtype=None, device=None, requires_grad=False):
        no_gradients(requires_grad)
        return wrap(call(name, (generator or default_generator)._id, sizes_text(size)))

    return create


randn = drawn("randn")
rand = drawn("rand")


def randn_like(input):
    return randn(input.shape)


def rand_like(input):
    return rand(input.shape)


def randint(low, high=None, size=None, *, generator=None, dtype=None, device=None):
    if size is None:
        low, high, size = 0, low, high
    return wrap(call("randint", (generator or default_generator)._id, sizes_text((size,)), int(low), int(high)))


def randperm(n, *, generator=None):
    return wrap(call("randperm", (generator or default_generator)._id, n))


def cat(tensors, dim=0, *, axis=None):
    handles = ",".join([str(one._handle) for one in tensors])
    return wrap(call("concatenate", handles, dim if axis is None else axis))


def stack(tensors, dim=0):
    first = tensors[0] if len(tensors) else None
    for position, one in enumerate(tensors):
        if one.shape != first.shape:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(first.shape)} at entry 0 and "
                f"{list(one.shape)} at entry {position}"
            )
    return cat([one.unsqueeze(dim) for one in tensors], dim if dim >= 0 or first is None else dim + first.ndim + 1)
