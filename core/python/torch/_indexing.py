"""What stands between brackets, and its kin."""

from operator import index as to_index

from torch._call import call, check
from torch._data import tensor_from
from torch._handle import Handle, dimension, required, view_of, wrap
from torch._types import int64


def item_text(item, kept):
    """One item of an index as the engine takes it. A tensor made for it is added to `kept`: it must outlive the call."""
    kind = type(item)
    if kind is int:
        return str(item)
    if kind is Handle.kind:
        return f"t{item._handle}"
    if kind is slice:
        parts = (item.start, item.stop, item.step)
        return ":".join(["" if part is None else str(to_index(part)) for part in parts])
    if kind is range:
        return f"r{item.start}:{item.stop}:{item.step}"
    if item is None:
        return "None"
    if item is Ellipsis:
        return "..."
    if kind is list or kind is tuple:
        kept.append(tensor_from(item) if len(item) else tensor_from(item, int64))
        return f"t{kept[-1]._handle}"
    if kind is not bool and hasattr(item, "__index__"):
        return str(to_index(item))
    raise IndexError(
        "only integers, slices (`:`), ellipsis (`...`), None, ranges, lists and long or bool tensors are valid indices "
        f"(got {kind.__name__})"
    )


def index_text(index, kept):
    """What stands between brackets, as the engine takes it."""
    if type(index) is tuple:
        return ",".join([item_text(item, kept) for item in index])
    return item_text(index, kept)


class Indexing:
    __slots__ = ()

    def __getitem__(self, index):
        if type(index) is int:
            return view_of(self, call("get_item", self._handle, str(index)))
        kept = []
        return view_of(self, call("get_item", self._handle, index_text(index, kept)))

    def __setitem__(self, index, value):
        kept = []
        check(call("set_item", self._handle, index_text(index, kept), required(value, "__setitem__", "value")))
        self._changes[0] += 1

    def copy_(self, source):
        self[...] = source
        return self

    def fill_(self, value):
        if type(value) is Handle.kind and value.ndim > 0:
            raise RuntimeError(
                f"fill_ only supports 0-dimension value tensor but got tensor with {value.ndim} dimensions."
            )
        self[...] = value
        return self

    def zero_(self):
        return self.fill_(0)

    def index_put_(self, indices, values, accumulate=False):
        kept = []
        place = index_text(tuple(indices), kept)
        check(call("index_put_", self._handle, place, required(values, "index_put_", "values"), 1 if accumulate else 0))
        self._changes[0] += 1
        return self

    def index_add_(self, dim, index, source, *, alpha=1):
        scaled = source if alpha == 1 else source * alpha
        check(call("index_add_", self._handle, dim, index._handle, scaled._handle))
        self._changes[0] += 1
        return self

    def index_add(self, dim, index, source, *, alpha=1):
        return self.clone().index_add_(dim, index, source, alpha=alpha)

    def index_select(self, dim, index):
        along = dimension(dim, self.ndim)
        if index.dtype != int64 or index.ndim > 1:
            raise IndexError("index_select(): Index is supposed to be a vector")
        return self[(slice(None),) * along + (index.reshape(-1),)]

    def index_fill(self, dim, index, value):
        return self.clone().index_fill_(dim, index, value)

    def index_fill_(self, dim, index, value):
        self[(slice(None),) * dimension(dim, self.ndim) + (index,)] = value
        return self

    def index_copy(self, dim, index, source):
        return self.clone().index_copy_(dim, index, source)

    def index_copy_(self, dim, index, source):
        self[(slice(None),) * dimension(dim, self.ndim) + (index,)] = source
        return self

    def index_put(self, indices, values, accumulate=False):
        return self.clone().index_put_(indices, values, accumulate)

    def take(self, index):
        return self.reshape(-1)[index]

    def take_along_dim(self, indices, dim=None):
        if dim is None:
            return self.reshape(-1).gather(0, indices.reshape(-1))
        along = dimension(dim, self.ndim)
        if indices.ndim != self.ndim:
            raise RuntimeError(
                "torch.take_along_dim(): input and indices should have the same number of dimensions, but got "
                f"{self.ndim} dimensions for input, and {indices.ndim} dimensions for indices"
            )
        others = [max(own, other) if at != along else None for at, (own, other) in enumerate(zip(self.shape, indices.shape))]
        own = self.expand([self.shape[along] if size is None else size for size in others])
        return own.gather(along, indices.expand([indices.shape[along] if size is None else size for size in others]))

    def scatter_(self, dim, index, src=None, *, value=None):
        src = value if src is None else src
        check(call("scatter_", self._handle, dim, index._handle, required(src, "scatter_", "src")))
        self._changes[0] += 1
        return self

    def scatter(self, dim, index, src=None, *, value=None):
        return self.clone().scatter_(dim, index, src, value=value)

    def scatter_add_(self, dim, index, src):
        check(call("scatter_add_", self._handle, dim, index._handle, required(src, "scatter_add_", "src")))
        self._changes[0] += 1
        return self

    def scatter_add(self, dim, index, src):
        return self.clone().scatter_add_(dim, index, src)

    def gather(self, dim, index):
        return wrap(call("gather", self._handle, dim, index._handle))

    def nonzero(self, *, as_tuple=False):
        places = wrap(call("nonzero", self._handle))
        return places.unbind(1) if as_tuple else places

    argwhere = nonzero
