"""Many numbers made one."""

from collections import namedtuple
from math import inf

from torch._call import call
from torch._handle import Handle, dims_text, required, wrap
from torch._methods import takes_axis
from torch._types import int64


def reduction(name):
    """A reduction over `dim`: one, several, or all. `axis` and `keepdims` are NumPy's names for the same."""

    def method(self, dim=None, keepdim=False, *, axis=None, keepdims=False, dtype=None):
        source = self if dtype is None else self.to(dtype)
        dims = dims_text(axis if dim is None else dim)
        return wrap(call(name, source._handle, dims, 1 if keepdim or keepdims else 0))

    return method


def spread(name):
    """var and std: over the count − 1, or with `unbiased=False` over the count; `correction` says what is taken off."""

    def method(self, dim=None, unbiased=True, keepdim=False, *, axis=None, keepdims=False, correction=None):
        if type(dim) is bool:
            dim, unbiased = None, dim
        taken_off = (1 if unbiased else 0) if correction is None else correction
        dims = dims_text(axis if dim is None else dim)
        return wrap(call(name, self._handle, dims, 1 if keepdim or keepdims else 0, taken_off))

    return method


def selection(name, position_name, elementwise_name):
    """max and min: of everything, with the positions along a dimension, or of two tensors element by element."""
    result = namedtuple(name, ("values", "indices"), module="torch.return_types")

    def method(self, dim=None, keepdim=False, *, axis=None, keepdims=False, other=None):
        if isinstance(dim, Handle) or other is not None:
            other = dim if other is None else other
            return wrap(call(elementwise_name, self._handle, required(other, name)))
        dim = axis if dim is None else dim
        if dim is None:
            return wrap(call(name, self._handle, "", 0))
        kept = 1 if keepdim or keepdims else 0
        return result(
            wrap(call(name, self._handle, dims_text(dim), kept)),
            wrap(call(position_name, self._handle, dims_text(dim), kept)),
        )

    return method


Extremes = namedtuple("aminmax", ("min", "max"), module="torch.return_types")


class Reductions:
    __slots__ = ()

    sum = reduction("sum")
    mean = reduction("mean")
    prod = reduction("prod")
    all = reduction("all")
    any = reduction("any")
    amax = reduction("max")
    amin = reduction("min")
    argmax = reduction("argmax")
    argmin = reduction("argmin")
    var = spread("var")
    std = spread("std")
    max = selection("max", "argmax", "maximum")
    min = selection("min", "argmin", "minimum")

    @takes_axis
    def cumsum(self, dim, *, dtype=None):
        source = self if dtype is None else self.to(dtype)
        return wrap(call("cumsum", source._handle, dim))

    @takes_axis
    def cumprod(self, dim, *, dtype=None):
        source = self if dtype is None else self.to(dtype)
        return wrap(call("cumprod", source._handle, dim))

    def nansum(self, dim=None, keepdim=False):
        return self.masked_fill(self.isnan(), 0).sum(dim, keepdim)

    def nanmean(self, dim=None, keepdim=False):
        return self.nansum(dim, keepdim) / (~self.isnan()).sum(dim, keepdim)

    def aminmax(self, *, dim=None, keepdim=False):
        return Extremes(self.amin(dim, keepdim), self.amax(dim, keepdim))

    @takes_axis
    def count_nonzero(self, dim=None):
        return (self != 0).sum(dim)

    @takes_axis
    def logsumexp(self, dim, keepdim=False):
        source = self if self.is_floating_point() else self.float()
        return wrap(call("logsumexp", source._handle, dims_text(dim), 1 if keepdim else 0))

    @takes_axis
    def softmax(self, dim, dtype=None):
        source = self if dtype is None else self.to(dtype)
        return wrap(call("softmax", source._handle, dim))

    @takes_axis
    def log_softmax(self, dim, dtype=None):
        source = self if dtype is None else self.to(dtype)
        return wrap(call("log_softmax", source._handle, dim))

    def norm(self, p="fro", dim=None, keepdim=False, dtype=None):
        source = self if dtype is None else self.to(dtype)
        if not source.is_floating_point():
            raise RuntimeError(
                "norm(): input dtype should be either floating point or complex. Got "
                f"{'Long' if source.dtype == int64 else 'Bool'} instead."
            )
        if p in ("fro", 2):
            return wrap(call("norm", source._handle, dims_text(dim), 1 if keepdim else 0))
        sizes = source.abs()
        if p == inf:
            return sizes.amax(dim, keepdim)
        if p == -inf:
            return sizes.amin(dim, keepdim)
        if p == 0:
            return (sizes != 0).type_as(sizes).sum(dim, keepdim)
        return sizes.sum(dim, keepdim) if p == 1 else (sizes**p).sum(dim, keepdim) ** (1 / p)

    def dist(self, other, p=2):
        return (self - other).norm(p)

    def allclose(self, other, rtol=1e-05, atol=1e-08, equal_nan=False):
        self, other = self.broadcast_with(other)
        return call("all_close", self._handle, other._handle, repr(rtol), repr(atol), 1 if equal_nan else 0) == 1

    def equal(self, other):
        if self.shape != other.shape:
            return False
        return call("all_close", self._handle, other._handle, "0", "0", 0) == 1
