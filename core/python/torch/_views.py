"""The same numbers seen otherwise: other shapes, other orders; and other types."""

from torch._call import call
from torch._handle import Handle, dims_text, sizes_text, view_of, wrap
from torch._types import bool_, element_type, float64, float_, int64, type_name


class Views:
    __slots__ = ()

    def view(self, *sizes):
        return view_of(self, call("view", self._handle, sizes_text(sizes)))

    def reshape(self, *sizes):
        return view_of(self, call("reshape", self._handle, sizes_text(sizes)))

    def view_as(self, other):
        return self.view(other.shape)

    def reshape_as(self, other):
        return self.reshape(other.shape)

    def flatten(self, start_dim=0, end_dim=-1):
        if not self.shape:
            return self.view(1)
        start, end = range(self.ndim)[start_dim], range(self.ndim)[end_dim]
        return self.reshape(*self.shape[:start], -1, *self.shape[end + 1 :])

    def ravel(self):
        return self.reshape(-1)

    def transpose(self, dim0, dim1):
        return view_of(self, call("transpose", self._handle, dim0, dim1))

    swapaxes = transpose

    def permute(self, *dims):
        return view_of(self, call("permute", self._handle, sizes_text(dims)))

    def t(self):
        if self.ndim > 2:
            raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {self.ndim}D")
        return view_of(self, call("reverse", self._handle))

    @property
    def T(self):
        return view_of(self, call("reverse", self._handle))

    @property
    def mT(self):
        return self.transpose(-2, -1)

    def squeeze(self, dim=None):
        return view_of(self, call("squeeze", self._handle, dims_text(dim)))

    def unsqueeze(self, dim):
        return view_of(self, call("unsqueeze", self._handle, dim))

    def expand(self, *sizes):
        return view_of(self, call("expand", self._handle, sizes_text(sizes)))

    broadcast_to = expand

    def expand_as(self, other):
        return view_of(self, call("expand", self._handle, sizes_text((other.shape,))))

    def broadcast_with(self, other):
        """Both, expanded to the shape they broadcast to."""
        shape = (self == other).shape
        return self.expand(shape), other.expand(shape)

    def detach(self):
        return view_of(self, call("share", self._handle))

    data = property(detach)

    def contiguous(self):
        return self if self.is_contiguous() else self.clone()

    def clone(self):
        return wrap(call("clone", self._handle))

    def to(self, type_):
        if type_ == "cpu":
            return self
        name = type_name(type_.dtype if isinstance(type_, Handle) else type_)
        wanted = call("float_type") if name == "float" else name
        return self if wanted == self.dtype.name else wrap(call("convert", self._handle, wanted))

    type = to

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

    def new_zeros(self, *sizes):
        return wrap(call("full", sizes_text(sizes), element_type(self.dtype), "0"))

    def new_ones(self, *sizes):
        return wrap(call("full", sizes_text(sizes), element_type(self.dtype), "1"))
