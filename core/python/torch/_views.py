"""The same numbers seen otherwise: other shapes, other orders; and other types."""

from torch._call import call
from torch._data import tensor_from
from torch._device import require_cpu
from torch._handle import Handle, dimension, dims_text, number_text, sizes_text, view_of, wrap
from torch._methods import takes_axis
from torch._types import bool_, element_type, float64, float_, int64, type_name
from torch._types import dtype as Type

TYPE_NAMES = {"float32": "torch.FloatTensor", "float64": "torch.DoubleTensor", "int64": "torch.LongTensor", "bool": "torch.BoolTensor"}


class Views:
    __slots__ = ()

    def view(self, *sizes, size=None):
        return view_of(self, call("view", self._handle, sizes_text(sizes, size)))

    def reshape(self, *sizes, shape=None):
        return view_of(self, call("reshape", self._handle, sizes_text(sizes, shape)))

    def view_as(self, other):
        return self.view(other.shape)

    def reshape_as(self, other):
        return self.reshape(other.shape)

    def flatten(self, start_dim=0, end_dim=-1):
        if not self.shape:
            return self.view(1)
        start, end = dimension(start_dim, self.ndim), dimension(end_dim, self.ndim)
        if start > end:
            raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
        return self.reshape(*self.shape[:start], -1, *self.shape[end + 1 :])

    def ravel(self):
        return self.reshape(-1)

    def transpose(self, dim0, dim1):
        return view_of(self, call("transpose", self._handle, dim0, dim1))

    swapaxes = swapdims = transpose

    def permute(self, *order, dims=None):
        return view_of(self, call("permute", self._handle, sizes_text(order, dims)))

    def t(self):
        if self.ndim > 2:
            raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {self.ndim}D")
        return view_of(self, call("reverse", self._handle))

    @property
    def T(self):
        return view_of(self, call("reverse", self._handle))

    H = T

    @property
    def mT(self):
        return self.transpose(-2, -1)

    mH = mT

    def adjoint(self):
        return self.mT

    @takes_axis
    def squeeze(self, dim=None):
        return view_of(self, call("squeeze", self._handle, dims_text(dim)))

    @takes_axis
    def unsqueeze(self, dim):
        return view_of(self, call("unsqueeze", self._handle, dim))

    def expand(self, *sizes, size=None):
        return view_of(self, call("expand", self._handle, sizes_text(sizes, size)))

    broadcast_to = expand

    def expand_as(self, other):
        return view_of(self, call("expand", self._handle, sizes_text((other.shape,))))

    def broadcast_with(self, other):
        """Both, expanded to the shape they broadcast to."""
        shape = (self == other).shape
        return self.expand(shape), other.expand(shape)

    def detach(self):
        return view_of(self, call("share", self._handle))

    data = property(detach, doc="The same numbers, of which no gradient is asked; set, the tensor has those of another.")

    @data.setter
    def data(self, value):
        if not isinstance(value, Handle):
            raise TypeError(f"Variable data has to be a tensor, but got {type(value).__name__}")
        before = self._handle
        self._handle = call("share", value._handle)
        call("release", before)
        self._shape = self._dtype = None
        self._changes = value._changes

    def contiguous(self):
        return self if self.is_contiguous() else self.clone()

    def clone(self):
        return wrap(call("clone", self._handle))

    def to(self, *given, dtype=None, device=None, copy=False, non_blocking=False):
        for one in given:
            if isinstance(one, Handle):
                dtype = one.dtype
            elif one in (float, int, bool) or type(one) is Type:
                dtype = one
            else:
                device = one
        require_cpu(device)
        if dtype is None:
            return self.clone() if copy else self
        name = type_name(dtype)
        wanted = call("float_type") if name == "float" else name
        if wanted == self.dtype.name:
            return self.clone() if copy else self
        return wrap(call("convert", self._handle, wanted))

    def type(self, dtype=None):
        return TYPE_NAMES[self.dtype.name] if dtype is None else self.to(dtype)

    def type_as(self, other):
        return self.to(other.dtype)

    def float(self):
        return self.to(float_)

    def double(self):
        return self.to(float64)

    def long(self):
        return self.to(int64)

    int = long

    def bool(self):
        return self.to(bool_)

    def cpu(self):
        return self

    def new_zeros(self, *sizes, dtype=None):
        return filled(self, sizes, "0", dtype)

    new_empty = new_zeros

    def new_ones(self, *sizes, dtype=None):
        return filled(self, sizes, "1", dtype)

    def new_full(self, size, fill_value, *, dtype=None):
        return filled(self, (size,), number_text(fill_value, "new_full", "fill_value"), dtype)

    def new_tensor(self, data, *, dtype=None):
        return tensor_from(data, self.dtype if dtype is None else dtype)


def filled(tensor, sizes, literal, dtype):
    """A tensor of one number, of another's type."""
    return wrap(call("full", sizes_text(sizes), element_type(tensor.dtype) if dtype is None else type_name(dtype), literal))
