"""PyTorch's surface as far as a backward pass by hand needs it, over this engine's tensors."""

from torch._creation import (
    arange,
    as_tensor,
    asarray,
    empty,
    empty_like,
    eye,
    full,
    full_like,
    linspace,
    logspace,
    ones,
    ones_like,
    tensor,
    tril_indices,
    triu_indices,
    zeros,
    zeros_like,
)
from torch._device import device
from torch._einsum import einsum, tensordot
from torch._functions import (
    bucketize,
    functions,
    is_floating_point,
    is_tensor,
    searchsorted,
    std_mean,
    var_mean,
    where,
)
from torch._grad_mode import enable_grad, inference_mode, no_grad, set_grad_enabled
from torch._joining import (
    block_diag,
    broadcast_shapes,
    broadcast_tensors,
    cat,
    column_stack,
    hstack,
    meshgrid,
    stack,
    vstack,
)
from torch._missing import missing
from torch._printing import reset_options as _reset_options
from torch._printing import set_printoptions
from torch._random import (
    Generator,
    manual_seed,
    multinomial,
    rand,
    rand_like,
    randint,
    randn,
    randn_like,
    randperm,
)
from torch._tensor import Tensor
from torch._types import Size, dtype, finfo, float64, float_, get_default_dtype, int64
from torch._types import bool_ as bool
from torch._types import set_float as _use_float

globals().update(functions)

concat = concatenate = cat
row_stack = vstack
float32 = float = float_
double = float64
int = int32 = long = int64
inf = __import__("math").inf
nan = __import__("math").nan
pi = __import__("math").pi
e = __import__("math").e

from torch import backends, cuda, nn


def _set_float(name):
    """Begins a run that computes in "float32" or "float64", and prints as PyTorch does until told otherwise."""
    _use_float(name)
    _reset_options()


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise missing("torch", name, list(globals()))
