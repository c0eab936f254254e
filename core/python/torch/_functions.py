"""The functions that are also methods, and the few that are not."""

import operator

from torch._call import call
from torch._handle import required, wrap
from torch._sorting import search_sorted
from torch._tensor import Tensor

METHODS = """
    abs absolute acos acosh add addcdiv addcmul addmm addmv addr adjoint all allclose amax amin aminmax any arccos arccosh arcsin
    arcsinh arctan arctan2 arctanh argmax argmin argsort argwhere asin asinh atan atan2 atanh baddbmm bincount
    bitwise_and bitwise_not bitwise_or bitwise_xor bmm broadcast_to ceil chunk clamp clamp_max clamp_min clip clone cos
    cosh count_nonzero cumprod cumsum detach diag diag_embed diagflat diagonal diff dist div divide dot eq equal erf
    erfc exp exp2 expm1 fix flatten flip fliplr flipud floor floor_divide fmod frac gather ge ger gt histogram hypot
    index_add index_copy index_fill index_put index_select inner isclose isfinite isinf isnan kron le lerp log log10
    log1p log2 log_softmax logaddexp logical_and logical_not logical_or logical_xor logit logsumexp lt masked_fill
    masked_select matmul matrix_power max maximum mean median min minimum mm moveaxis movedim mul multiply mv nan_to_num nanmean nansum narrow ne
    neg negative nonzero norm numel outer permute positive pow prod ravel reciprocal relu remainder repeat_interleave
    reshape roll round rsqrt scatter scatter_add select sgn sigmoid sign sin sinh softmax sort split sqrt square squeeze
    std sub subtract sum swapaxes swapdims t take take_along_dim tan tanh tile topk trace transpose tril triu
    true_divide trunc unbind unique unsqueeze var vdot xlogy
""".split()

# What a number may stand before the tensor in.
WITH_NUMBER_FIRST = {
    "add": operator.add,
    "sub": operator.sub,
    "subtract": operator.sub,
    "mul": operator.mul,
    "multiply": operator.mul,
    "div": operator.truediv,
    "divide": operator.truediv,
    "true_divide": operator.truediv,
    "floor_divide": operator.floordiv,
    "remainder": operator.mod,
    "pow": operator.pow,
}


def function_of(name):
    """`torch.name(input, …)` for `input.name(…)`."""
    method = getattr(Tensor, name)
    with_number_first = WITH_NUMBER_FIRST.get(name)

    def function(input, *parameters, **options):
        if type(input) is Tensor:
            return method(input, *parameters, **options)
        if with_number_first is not None and len(parameters) == 1 and type(parameters[0]) is Tensor and not options:
            return with_number_first(input, *parameters)
        raise TypeError(f"{name}(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}")

    function.__name__ = function.__qualname__ = name
    return function


functions = {name: function_of(name) for name in METHODS}


def where(condition, input=None, other=None):
    if input is None and other is None:
        return condition.nonzero(as_tuple=True)
    parameters = (required(input, "where", "input"), required(other, "where"))
    return wrap(call("where", condition._handle, *parameters))


def var_mean(input, dim=None, unbiased=True, keepdim=False):
    return input.var(dim, unbiased, keepdim), input.mean(dim, keepdim)


def std_mean(input, dim=None, unbiased=True, keepdim=False):
    return input.std(dim, unbiased, keepdim), input.mean(dim, keepdim)


def searchsorted(sorted_sequence, input, *, right=False):
    return search_sorted(sorted_sequence, input, right=right)


def bucketize(input, boundaries, *, right=False):
    return search_sorted(boundaries, input, right=right)


def is_tensor(value):
    return type(value) is Tensor


def is_floating_point(input):
    return input.is_floating_point()
