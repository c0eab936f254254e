"""The functions that are also methods, and the few that are not."""

from torch._call import call
from torch._handle import required, wrap
from torch._tensor import Tensor

METHODS = (
    "abs absolute add all allclose amax amin any argmax argmin bitwise_and bitwise_or bitwise_xor bmm ceil clamp clip "
    "clone cos cumsum detach div divide dot eq equal exp flatten floor floor_divide gather ge gt index_add "
    "index_select isfinite isinf isnan le log log1p log2 log_softmax logical_and logical_not logical_or logical_xor lt "
    "masked_fill matmul max maximum mean min minimum mm mul multiply mv ne neg negative nonzero norm numel permute "
    "pow prod ravel reciprocal relu remainder reshape round rsqrt scatter scatter_add sigmoid sign sin softmax sqrt "
    "square squeeze std sub subtract sum swapaxes t tanh transpose true_divide unsqueeze var broadcast_to"
).split()


def function_of(name):
    """`torch.name(input, …)` for `input.name(…)`."""
    method = getattr(Tensor, name)

    def function(input, *parameters, **options):
        if type(input) is not Tensor:
            raise TypeError(f"{name}(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}")
        return method(input, *parameters, **options)

    function.__name__ = name
    return function


functions = {name: function_of(name) for name in METHODS}


def where(condition, input, other):
    return wrap(call("where", condition._handle, required(input), required(other)))


def is_tensor(value):
    return type(value) is Tensor
