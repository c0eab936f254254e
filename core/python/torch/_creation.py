"""Making tensors."""

from torch._call import call
from torch._data import tensor_from
from torch._device import require_cpu
from torch._gradients import require_float
from torch._handle import number_text, sizes_text, wrap
from torch._tensor import Tensor
from torch._types import element_type, float_, int64, type_name


def creator(function):
    """`function`, with what all that make a tensor take: where it is to be, and whether it requires gradients."""

    def create(*parameters, device=None, requires_grad=False, **options):
        require_cpu(device)
        made = function(*parameters, **options)
        if requires_grad:
            require_float(made, True, "Only Tensors of floating point and complex dtype")
            made.requires_grad = True
        return made

    create.__name__ = create.__qualname__ = function.__name__
    return create


@creator
def tensor(data, *, dtype=None):
    return tensor_from(data, dtype)


@creator
def as_tensor(data, dtype=None):
    if type(data) is Tensor:
        return data if dtype is None else data.to(dtype)
    return tensor_from(data, dtype)


asarray = as_tensor


@creator
def full(size, fill_value, *, dtype=None):
    if type(fill_value) is Tensor:
        return fill_value.expand(size).to(dtype or fill_value.dtype).clone()
    if dtype is None:
        dtype = {bool: "bool", int: "int64"}.get(type(fill_value), "float")
    else:
        dtype = type_name(dtype)
    return wrap(call("full", sizes_text((size,)), dtype, number_text(fill_value, "full", "fill_value")))


def filler(name, value):
    """zeros and ones."""

    def create(*sizes, size=None, dtype=None):
        return wrap(call("full", sizes_text(sizes, size), type_name(dtype or float_), value))

    create.__name__ = create.__qualname__ = name
    return creator(create)


def filler_like(name, value):
    """zeros_like and ones_like."""

    def create(input, *, dtype=None):
        return wrap(call("full", sizes_text((input.shape,)), type_name(dtype or input.dtype), value))

    create.__name__ = create.__qualname__ = name
    return creator(create)


zeros = empty = filler("zeros", "0")
ones = filler("ones", "1")
zeros_like = empty_like = filler_like("zeros_like", "0")
ones_like = filler_like("ones_like", "1")


@creator
def full_like(input, fill_value, *, dtype=None):
    return full(input.shape, fill_value, dtype=dtype or input.dtype)


@creator
def arange(start, end=None, step=1, *, dtype=None):
    if end is None:
        start, end = 0, start
    bounds = [number_text(value, "arange", name) for name, value in (("start", start), ("end", end), ("step", step))]
    if dtype is None:
        dtype = int64 if all(bound.lstrip("-").isdigit() for bound in bounds) else float_
    return wrap(call("arange", type_name(dtype), *bounds))


@creator
def linspace(start, end, steps, *, dtype=None):
    bounds = [number_text(value, "linspace", name) for name, value in (("start", start), ("end", end))]
    spaced = wrap(call("linspace", *bounds, int(steps)))
    return spaced if dtype is None else spaced.to(dtype)


@creator
def logspace(start, end, steps, base=10.0, *, dtype=None):
    return base ** linspace(start, end, steps, dtype=dtype)


@creator
def eye(n, m=None, *, dtype=None):
    return wrap(call("eye", type_name(dtype or float_), n, n if m is None else m))

    @classmethod
    def _resumed(cls, state):
        """A generator that goes on from a state, in the engine's own words."""
        generator = cls()
        check(call("resume", generator._id, state))
        return generator


def tril_indices(row, col, offset=0):
    return ones(row, col).tril(offset).nonzero().T


def triu_indices(row, col, offset=0):
    return ones(row, col).triu(offset).nonzero().T
