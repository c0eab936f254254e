"""PyTorch's surface as far as a backward pass by hand needs it, over this engine's tensors."""

from contextlib import nullcontext as no_grad

from torch._creation import (
    Generator,
    arange,
    as_tensor,
    cat,
    empty,
    empty_like,
    eye,
    full,
    full_like,
    linspace,
    manual_seed,
    ones,
    ones_like,
    rand,
    rand_like,
    randint,
    randn,
    randn_like,
    randperm,
    stack,
    tensor,
    zeros,
    zeros_like,
)
from torch._functions import functions, is_tensor, where
from torch._missing import missing
from torch._tensor import Tensor
from torch._types import Size, dtype, float64, float_, get_default_dtype, int64
from torch._types import bool_ as bool
from torch._types import set_float as _set_float

globals().update(functions)

concat = concatenate = cat
float32 = float = float_
double = float64
long = int64
inf = __import__("math").inf
nan = __import__("math").nan
pi = __import__("math").pi
e = __import__("math").e

from torch import nn


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise missing("torch", name, list(globals()))
