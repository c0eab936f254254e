"""Order and counts of numbers."""

from collections import namedtuple

from torch._call import call
from torch._handle import Handle, dimension, wrap
from torch._methods import takes_axis
from torch._types import int64


def result(name, *fields):
    """The named tuple that PyTorch gives."""
    return namedtuple(name, fields, module="torch.return_types")


Sorted = result("sort", "values", "indices")
TopK = result("topk", "values", "indices")
Median = result("median", "values", "indices")
Histogram = result("histogram", "hist", "bin_edges")


def search_sorted(sorted_sequence, values, *, right=False):
    """For each value, before which position of an ascending vector it belongs."""
    return wrap(call("search_sorted", sorted_sequence._handle, values._handle, 1 if right else 0))


class Sorting:
    __slots__ = ()

    @takes_axis
    def argsort(self, dim=-1, descending=False, *, stable=False):
        return wrap(call("argsort", self._handle, dim, 1 if descending else 0))

    @takes_axis
    def sort(self, dim=-1, descending=False, *, stable=False):
        indices = self.argsort(dim, descending)
        return Sorted(self.gather(dim, indices) if self.ndim else self.clone(), indices)

    def topk(self, k, dim=-1, largest=True, sorted=True):
        along = dimension(dim, self.ndim)
        if not 0 <= k <= (self.shape[along] if self.ndim else 1):
            raise RuntimeError("selected index k out of range")
        values, indices = self.sort(dim, largest)
        return TopK(values.narrow(along, 0, k), indices.narrow(along, 0, k)) if self.ndim else TopK(values, indices)

    def median(self, dim=None, keepdim=False):
        if dim is None:
            flat = self.reshape(-1)
            return flat.median(0).values if len(flat) else self.new_full((), float("nan"))
        along = dimension(dim, self.ndim)
        values, indices = self.sort(along)
        if not self.ndim:
            return Median(values, indices)
        size = self.shape[along]
        unknown = self.isnan().sum(along, keepdim=True)
        # What is not a number is sorted behind all others, and is the median where there is any.
        place = (unknown == 0).long() * ((size - 1) // 2) + (unknown > 0) * (size - unknown)
        median = Median(values.gather(along, place), indices.gather(along, place))
        return median if keepdim else Median(median.values.squeeze(along), median.indices.squeeze(along))

    def unique(self, sorted=True, return_inverse=False, return_counts=False, dim=None):
        if dim is not None:
            raise RuntimeError("unique: along a dimension is not in this lab")
        values = wrap(call("unique", self._handle))
        if not return_inverse and not return_counts:
            return values
        inverse = search_sorted(values, self)
        counts = inverse.reshape(-1).bincount(minlength=len(values))
        return (values, *([inverse] if return_inverse else []), *([counts] if return_counts else []))

    def bincount(self, weights=None, minlength=0):
        if self.ndim != 1 or self.dtype != int64 or (self < 0).any():
            raise RuntimeError("bincount only supports 1-d non-negative integral inputs.")
        if weights is not None and weights.shape != self.shape:
            raise RuntimeError("weights should be 1-d and have the same length as input")
        length = max(minlength, int(self.max()) + 1 if len(self) else 0)
        given = self.new_full(self.shape, 1) if weights is None else weights.double()
        return given.new_zeros(length).index_add_(0, self, given)

    def histogram(self, bins, *, range=None, weight=None, density=False):
        from torch._creation import linspace

        if type(bins) is Handle.kind:
            edges = bins
        else:
            low, high = range or (self.min(), self.max()) if self.numel() else (0.0, 1.0)
            low, high = (float(low), float(high)) if float(low) < float(high) else (float(low) - 0.5, float(low) + 0.5)
            edges = linspace(low, high, bins + 1)
        values = self.reshape(-1)
        inside = (values >= edges[0]) & (values <= edges[-1])
        places = (search_sorted(edges, values[inside], right=True) - 1).clamp_(max=len(edges) - 2)
        amounts = (values == values).type_as(edges) if weight is None else weight.reshape(-1)
        counts = edges.new_zeros(len(edges) - 1).index_add_(0, places, amounts[inside])
        return Histogram(counts / counts.sum() / edges.diff() if density else counts, edges)
