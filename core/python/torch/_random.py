"""Random tensors: PyTorch's own streams, so that the same seed gives the same numbers."""

from itertools import count

from torch._call import call, check
from torch._creation import creator
from torch._handle import sizes_text, wrap


class Generator:
    """A stream of random numbers."""

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


# Made at its first use: there is no engine yet when this is loaded.
_default = []


def default_generator():
    if not _default:
        _default.append(Generator())
    return _default[0]


def stream(generator):
    return (generator or default_generator())._id


def manual_seed(seed):
    return default_generator().manual_seed(seed)


def drawn(name):
    """randn and rand."""

    def create(*sizes, size=None, generator=None, dtype=None):
        made = wrap(call(name, stream(generator), sizes_text(sizes, size)))
        return made if dtype is None else made.to(dtype)

    create.__name__ = create.__qualname__ = name
    return creator(create)


randn = drawn("randn")
rand = drawn("rand")


@creator
def randn_like(input):
    return randn(input.shape)


@creator
def rand_like(input):
    return rand(input.shape)


@creator
def randint(low, high=None, size=None, *, generator=None, dtype=None):
    if size is None:
        low, high, size = 0, low, high
    made = wrap(call("randint", stream(generator), sizes_text((size,)), int(low), int(high)))
    return made if dtype is None else made.to(dtype)


@creator
def randperm(n, *, generator=None):
    return wrap(call("randperm", stream(generator), n))


def multinomial(input, num_samples, replacement=False, *, generator=None):
    if not input.is_floating_point():
        raise RuntimeError("multinomial only supports floating-point dtypes for input, got: Long")
    if input.ndim not in (1, 2):
        raise RuntimeError("prob_dist must be 1 or 2 dim")
    if not replacement and num_samples > input.shape[-1]:
        raise RuntimeError("cannot sample n_sample > prob_dist.size(-1) samples without replacement")
    parameters = (input._handle, stream(generator), num_samples, 1 if replacement else 0)
    return wrap(call("multinomial", *parameters))
