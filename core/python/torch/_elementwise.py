"""Functions of one tensor, element by element."""

from torch._call import call, check
from torch._handle import required, wrap
from torch._methods import unary, unary_in_place
from torch._types import bool_, finfo


def bounds(low, high):
    """The bounds of clamp as the engine takes them."""
    if low is None and high is None:
        raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
    return "" if low is None else required(low, "clamp", "min"), "" if high is None else required(high, "clamp", "max")


class Elementwise:
    __slots__ = ()

    def __pos__(self):
        return self

    positive = __pos__
    __neg__ = neg = negative = unary("negate")
    __abs__ = abs = absolute = unary("abs")
    sign = sgn = unary("sign")
    exp = unary("exp")
    exp2 = unary("exp2")
    expm1 = unary("expm1")
    log = unary("log")
    log2 = unary("log2")
    log10 = unary("log10")
    log1p = unary("log1p")
    sqrt = unary("sqrt")
    sin = unary("sin")
    cos = unary("cos")
    tan = unary("tan")
    asin = arcsin = unary("asin")
    acos = arccos = unary("acos")
    atan = arctan = unary("atan")
    sinh = unary("sinh")
    cosh = unary("cosh")
    tanh = unary("tanh")
    asinh = arcsinh = unary("asinh")
    acosh = arccosh = unary("acosh")
    atanh = arctanh = unary("atanh")
    erf = unary("erf")
    erfc = unary("erfc")
    sigmoid = unary("sigmoid")
    relu = unary("relu")
    floor = unary("floor")
    ceil = unary("ceil")
    trunc = fix = unary("trunc")
    isnan = unary("isnan")
    isinf = unary("isinf")
    isfinite = unary("isfinite")
    logical_not = unary("logical_not")

    neg_ = negative_ = unary_in_place("negate_")
    abs_ = absolute_ = unary_in_place("abs_")
    sign_ = unary_in_place("sign_")
    exp_ = unary_in_place("exp_")
    exp2_ = unary_in_place("exp2_")
    expm1_ = unary_in_place("expm1_")
    log_ = unary_in_place("log_")
    log2_ = unary_in_place("log2_")
    log10_ = unary_in_place("log10_")
    log1p_ = unary_in_place("log1p_")
    sqrt_ = unary_in_place("sqrt_")
    sin_ = unary_in_place("sin_")
    cos_ = unary_in_place("cos_")
    tan_ = unary_in_place("tan_")
    sinh_ = unary_in_place("sinh_")
    cosh_ = unary_in_place("cosh_")
    tanh_ = unary_in_place("tanh_")
    erf_ = unary_in_place("erf_")
    sigmoid_ = unary_in_place("sigmoid_")
    relu_ = unary_in_place("relu_")
    floor_ = unary_in_place("floor_")
    ceil_ = unary_in_place("ceil_")
    round_ = unary_in_place("round_")
    trunc_ = unary_in_place("trunc_")

    def __invert__(self):
        if self.dtype == bool_:
            return self.logical_not()
        return -self - 1

    bitwise_not = __invert__

    def round(self, *, decimals=0):
        if decimals == 0:
            return wrap(call("round", self._handle))
        scale = 10.0 ** abs(decimals)
        return (self * scale).round() / scale if decimals > 0 else (self / scale).round() * scale

    def frac(self):
        return self - self.trunc()

    def reciprocal(self):
        return 1 / self

    def rsqrt(self):
        return 1 / self.sqrt()

    def square(self):
        return self**2

    def square_(self):
        return self.pow_(2)

    def logit(self, eps=None):
        inside = self if eps is None else self.clamp(eps, 1 - eps)
        return (inside / (1 - inside)).log()

    def clamp(self, min=None, max=None):
        low, high = bounds(min, max)
        return wrap(call("clamp", self._handle, low, high))

    clip = clamp

    def clamp_(self, min=None, max=None):
        low, high = bounds(min, max)
        check(call("clamp_", self._handle, low, high))
        self._changes[0] += 1
        return self

    clip_ = clamp_

    def clamp_min(self, min):
        return self.clamp(min=min)

    def clamp_max(self, max):
        return self.clamp(max=max)

    def where(self, condition, other):
        return wrap(call("where", condition._handle, self._handle, required(other, "where", "other")))

    def masked_fill(self, mask, value):
        return self.clone().masked_fill_(mask, value)

    def masked_fill_(self, mask, value):
        if mask.dtype != bool_:
            raise RuntimeError(f"masked_fill_ only supports boolean masks, but got mask with dtype {mask.dtype}")
        self[...] = wrap(call("where", mask._handle, required(value, "masked_fill_", "value"), self._handle))
        return self

    def masked_select(self, mask):
        own, places = self.broadcast_with(mask)
        return own[places]

    def nan_to_num(self, nan=0.0, posinf=None, neginf=None):
        if not self.is_floating_point():
            return self.clone()
        limits = finfo(self.dtype)
        infinite = self.isinf()
        cleared = self.masked_fill(self.isnan(), nan)
        cleared = cleared.masked_fill_(infinite & (self > 0), limits.max if posinf is None else posinf)
        return cleared.masked_fill_(infinite & (self < 0), limits.min if neginf is None else neginf)

    def isclose(self, other, rtol=1e-05, atol=1e-08, equal_nan=False):
        difference = (self - other).abs()
        close = (self == other) | ((difference <= atol + (rtol * other).abs()) & difference.isfinite())
        return close | (self.isnan() & other.isnan()) if equal_nan else close
