"""The tensor. Its numbers live in the engine."""

from types import FunctionType

from torch._arithmetic import Arithmetic
from torch._call import call, text
from torch._data import tensor_from
from torch._device import cpu
from torch._elementwise import Elementwise
from torch._gradients import Gradients
from torch._handle import Handle, sizes_text, wrap
from torch._indexing import Indexing
from torch._linear import Linear
from torch._missing import missing
from torch._printing import print_tensor
from torch._rearranging import Rearranging
from torch._reductions import Reductions
from torch._sorting import Sorting
from torch._types import BY_NAME, Size, float_
from torch._views import Views

# Numbers that are taken out of the engine at once.
PIECE = 65536


class Tensor(
    Arithmetic, Elementwise, Linear, Reductions, Sorting, Views, Rearranging, Indexing, Gradients, Handle
):
    """A tensor of the engine's."""

    __slots__ = ()

    def __new__(cls, *data):
        """`torch.Tensor([1, 2])`: floats of the data; `torch.Tensor(2, 3)`: of these sizes, of no certain numbers."""
        if len(data) == 1 and isinstance(data[0], (list, tuple, Tensor)):
            return tensor_from(data[0], float_)
        return wrap(call("full", sizes_text(data or (0,)), "float", "0"))

    @classmethod
    def _wrap(cls, handle):
        """A tensor of a handle that stays another's."""
        return wrap(call("share", handle))

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise missing("Tensor", name, dir(Tensor))

    @property
    def _version(self):
        """How often its numbers were changed in place, by any view of them."""
        return self._changes[0]

    @property
    def shape(self):
        if self._shape is None:
            sizes = text("shape", self._handle)
            self._shape = Size(map(int, sizes.split(","))) if sizes else Size()
        return self._shape

    def size(self, dim=None):
        return self.shape if dim is None else self.shape[dim]

    @property
    def ndim(self):
        return len(self.shape)

    def dim(self):
        return len(self.shape)

    def numel(self):
        return self.shape.numel()

    nelement = numel

    def element_size(self):
        return 4 if self.dtype.name == "float32" else 1 if self.dtype.name == "bool" else 8

    @property
    def dtype(self):
        if self._dtype is None:
            self._dtype = BY_NAME[text("type", self._handle)]
        return self._dtype

    @property
    def device(self):
        return cpu

    is_cuda = property(lambda self: False, doc="Whether it is on a device that is not the CPU.")

    def is_floating_point(self):
        return self.dtype.is_floating_point

    def is_contiguous(self):
        return call("is_contiguous", self._handle) == 1

    def __len__(self):
        if not self.shape:
            raise TypeError("len() of a 0-d tensor")
        return self.shape[0]

    def __iter__(self):
        if not self.shape:
            raise TypeError("iteration over a 0-d tensor")
        return (self[position] for position in range(self.shape[0]))

    def __contains__(self, value):
        return bool((self == value).any())

    def __repr__(self):
        return print_tensor(self)

    def __format__(self, form):
        return format(repr(self), form) if self.shape else format(self.item(), form)

    # Out of the engine

    def item(self):
        number = text("item", self._handle)
        name = self.dtype.name
        return float(number) if name.startswith("float") else number == "1" if name == "bool" else int(number)

    def tolist(self):
        name = self.dtype.name
        read = float if name.startswith("float") else (lambda number: number == "1") if name == "bool" else int
        flat = []
        # In pieces, whose text is soon gone: all of it at once would take more than the numbers do.
        for start in range(0, self.numel(), PIECE):
            flat.extend(map(read, text("numbers", self._handle, start, PIECE).split(",")))
        return nested(flat, self.shape) if self.shape else flat[0]

    def __float__(self):
        return float(text("item", self._handle))

    def __int__(self):
        return int(self.__float__())

    def __index__(self):
        if self.is_floating_point():
            raise TypeError("only integer tensors of a single element can be converted to an index")
        return self.__int__()

    def __bool__(self):
        if self.numel() != 1:
            raise RuntimeError(
                f"Boolean value of Tensor with {'more than one' if self.numel() else 'no'} value"
                f"{'' if self.numel() else 's'} is ambiguous"
            )
        return self.__float__() != 0


def name_methods():
    """Python's errors name the method ("sum() got an unexpected keyword argument"), not the function that made it."""
    for part in Tensor.__mro__:
        for name, method in vars(part).items():
            if type(method) is FunctionType and "." in method.__qualname__:
                method.__qualname__ = name


name_methods()


def nested(flat, shape):
    """Numbers in row-major order as lists of lists."""
    if len(shape) == 1:
        return flat
    size = len(flat) // shape[0] if shape[0] else 0
    return [nested(flat[start * size : (start + 1) * size], shape[1:]) for start in range(shape[0])]
