"""The tensor. Its numbers live in the engine; here is a handle on them."""

from collections import namedtuple
from operator import index as to_index

from torch._call import call, check, raise_error, text
from torch._missing import missing
from torch._types import BY_NAME, Size, bool_, element_type, float64, float_, int64, type_name

new_object = object.__new__


def wrap(answer):
    """The tensor of a handle that the engine answered, which it then owns."""
    if type(answer) is str:
        raise_error(answer)
    tensor = new_object(Tensor)
    tensor._handle = answer
    tensor._shape = None
    tensor._dtype = None
    tensor._changes = [0]
    return tensor


def view_of(tensor, answer):
    """As wrap, for a tensor that shares its numbers with another: a change of one is a change of both."""
    view = wrap(answer)
    view._changes = tensor._changes
    return view


def operand(value):
    """A tensor or a number as the engine takes it: a handle, or the number as Python prints it."""
    kind = type(value)
    if kind is Tensor:
        return value._handle
    if kind is float or kind is int or kind is bool:
        return repr(value)
    if hasattr(value, "__float__") and hasattr(value, "__add__"):
        return repr(float(value))
    raise TypeError(f"a tensor or a number is expected, not '{kind.__name__}'")


def is_operand(value):
    return type(value) in (Tensor, float, int, bool)


def sizes_text(sizes):
    """Sizes given one by one or as one sequence, as the engine takes them."""
    if len(sizes) == 1 and isinstance(sizes[0], (tuple, list)):
        sizes = sizes[0]
    return ",".join([str(to_index(size)) for size in sizes])


def dims_text(dim):
    """A dimension, several, or None for all, as the engine takes them."""
    if dim is None:
        return ""
    if isinstance(dim, (tuple, list)):
        return ",".join([str(to_index(one)) for one in dim])
    return str(to_index(dim))


def item_text(item, kept):
    """One item of an index as the engine takes it. A tensor made for it is added to `kept`: it must outlive the call."""
    kind = type(item)
    if kind is int:
        return str(item)
    if kind is Tensor:
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


def tensor_from(data, dtype=None):
    """`torch.tensor(data)`."""
    if type(data) is Tensor:
        return data.clone() if dtype is None else data.to(dtype).clone()
    shape = []
    level = data
    while isinstance(level, (list, tuple, range)) or (type(level) is Tensor and level.ndim > 0):
        shape.append(len(level))
        if len(level) == 0:
            break
        level = level[0]
    flat = []
    flatten(data, shape, 0, flat)
    if dtype is None:
        kinds = set(map(type, flat))
        dtype = float_ if float in kinds or not flat else int64 if int in kinds else bool_
    numbers = ",".join(map(repr, flat))
    return wrap(call("from_numbers", ",".join(map(str, shape)), type_name(dtype), numbers))


def flatten(data, shape, depth, flat):
    """Adds the numbers of nested sequences to `flat`, holding every level to `shape`."""
    if depth == len(shape):
        value = data.item() if type(data) is Tensor else data
        if type(value) not in (int, float, bool):
            if isinstance(value, (list, tuple)):
                raise ValueError(f"expected a number at dim {depth}, got a sequence of length {len(value)}")
            if not hasattr(value, "__float__"):
                raise TypeError(f"new(): a tensor cannot be made of '{type(value).__name__}'")
            value = float(value)
        flat.append(value)
        return
    if not hasattr(data, "__len__"):
        raise TypeError(f"not a sequence: expected one of length {shape[depth]} at dim {depth}")
    if len(data) != shape[depth]:
        raise ValueError(f"expected sequence of length {shape[depth]} at dim {depth} (got {len(data)})")
    for item in data:
        flatten(item, shape, depth + 1, flat)


def binary(name):
    """`self ∘ other`."""

    def method(self, other):
        return wrap(call(name, self._handle, operand(other)))

    return method


def reflected(name):
    """`other ∘ self`, where `other` is a number."""

    def method(self, other):
        return wrap(call(name, operand(other), self._handle))

    return method


def in_place(name):
    """`self ∘= other`: the same tensor with other numbers."""

    def method(self, other):
        check(call(name, self._handle, operand(other)))
        self._changes[0] += 1
        return self

    return method


def comparison(name):
    """As binary, but what cannot be compared is left to Python: a tensor is not equal to None."""

    def method(self, other):
        if not is_operand(other):
            return NotImplemented
        return wrap(call(name, self._handle, operand(other)))

    return method


def unary(name):
    def method(self):
        return wrap(call(name, self._handle))

    return method


def unary_in_place(name):
    def method(self):
        check(call(name, self._handle))
        self._changes[0] += 1
        return self

    return method


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
        if type(dim) is Tensor or other is not None:
            other = dim if other is None else other
            return wrap(call(elementwise_name, self._handle, operand(other)))
        dim = axis if dim is None else dim
        if dim is None:
            return wrap(call(name, self._handle, "", 0))
        kept = 1 if keepdim or keepdims else 0
        return result(
            wrap(call(name, self._handle, dims_text(dim), kept)),
            wrap(call(position_name, self._handle, dims_text(dim), kept)),
        )

    return method


class Tensor:
    """A tensor of the engine's."""

    __slots__ = ("_handle", "_shape", "_dtype", "_changes", "__weakref__")
    __hash__ = object.__hash__

    def __new__(cls, *data, **options):
        raise TypeError("use torch.tensor(data), torch.zeros(sizes) or torch.empty_like's kin to make a tensor")

    def __del__(self):
        call("release", self._handle)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise missing("Tensor", name, dir(Tensor))

    @classmethod
    def _wrap(cls, handle):
        """A tensor of a handle that stays another's."""
        return wrap(call("share", handle))

    @property
    def _version(self):
        """How often its numbers were changed in place, by any view of them."""
        return self._changes[0]

    # What it is

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

    @property
    def dtype(self):
        if self._dtype is None:
            self._dtype = BY_NAME[text("type", self._handle)]
        return self._dtype

    @property
    def device(self):
        return "cpu"

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
        from torch._printing import print_tensor

        return print_tensor(self)

    def __format__(self, form):
        return format(self.item(), form) if form and not self.shape else format(repr(self), form)

    # Out of the engine

    def item(self):
        number = text("item", self._handle)
        name = self.dtype.name
        return float(number) if name.startswith("float") else number == "1" if name == "bool" else int(number)

    def tolist(self):
        numbers = text("numbers", self._handle)
        name = self.dtype.name
        read = float if name.startswith("float") else (lambda number: number == "1") if name == "bool" else int
        level = [read(number) for number in numbers.split(",")] if numbers else []
        for size in reversed(self.shape[1:]):
            level = [level[start : start + size] for start in range(0, len(level), size)] if size else []
        return level if self.shape else level[0]

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

    # Arithmetic

    __add__ = __radd__ = binary("add")
    __sub__ = binary("subtract")
    __rsub__ = reflected("subtract")
    __mul__ = __rmul__ = multiply = mul = binary("multiply")
    __truediv__ = binary("divide")
    __rtruediv__ = reflected("divide")
    __floordiv__ = floor_divide = binary("floor_divide")
    __rfloordiv__ = reflected("floor_divide")
    __mod__ = remainder = binary("remainder")
    __rmod__ = reflected("remainder")
    __pow__ = pow = binary("power")
    __rpow__ = reflected("power")
    __matmul__ = matmul = mm = mv = bmm = dot = binary("matmul")
    __and__ = __rand__ = bitwise_and = binary("bitwise_and")
    __or__ = __ror__ = bitwise_or = binary("bitwise_or")
    __xor__ = __rxor__ = bitwise_xor = binary("bitwise_xor")
    logical_and = binary("logical_and")
    logical_or = binary("logical_or")
    logical_xor = binary("logical_xor")
    maximum = binary("maximum")
    minimum = binary("minimum")

    __iadd__ = in_place("add_")
    __isub__ = in_place("subtract_")
    __imul__ = multiply_ = mul_ = in_place("multiply_")
    __itruediv__ = divide_ = div_ = in_place("divide_")
    __ifloordiv__ = in_place("floor_divide_")
    __imod__ = remainder_ = in_place("remainder_")
    __ipow__ = pow_ = in_place("power_")

    __eq__ = comparison("equal")
    __ne__ = comparison("not_equal")
    __lt__ = comparison("less")
    __le__ = comparison("less_equal")
    __gt__ = comparison("greater")
    __ge__ = comparison("greater_equal")
    eq = binary("equal")
    ne = binary("not_equal")
    lt = binary("less")
    le = binary("less_equal")
    gt = binary("greater")
    ge = binary("greater_equal")

    def add(self, other, *, alpha=1):
        return self + (other if alpha == 1 else other * alpha)

    def sub(self, other, *, alpha=1):
        return self - (other if alpha == 1 else other * alpha)

    subtract = sub

    def div(self, other, *, rounding_mode=None):
        if rounding_mode is None:
            return self / other
        if rounding_mode == "floor":
            return self // other
        raise RuntimeError(f"div: rounding_mode is None or 'floor' here, not {rounding_mode!r}")

    divide = true_divide = div

    def add_(self, other, *, alpha=1):
        return self.__iadd__(other if alpha == 1 else other * alpha)

    def sub_(self, other, *, alpha=1):
        return self.__isub__(other if alpha == 1 else other * alpha)

    subtract_ = sub_

    def __pos__(self):
        return self

    __neg__ = neg = negative = unary("negate")
    __abs__ = abs = absolute = unary("abs")
    exp = unary("exp")
    log = unary("log")
    log2 = unary("log2")
    log1p = unary("log1p")
    sqrt = unary("sqrt")
    sin = unary("sin")
    cos = unary("cos")
    tanh = unary("tanh")
    sigmoid = unary("sigmoid")
    relu = unary("relu")
    sign = unary("sign")
    floor = unary("floor")
    ceil = unary("ceil")
    round = unary("round")
    isnan = unary("isnan")
    isinf = unary("isinf")
    isfinite = unary("isfinite")
    logical_not = unary("logical_not")

    neg_ = unary_in_place("negate_")
    abs_ = unary_in_place("abs_")
    exp_ = unary_in_place("exp_")
    log_ = unary_in_place("log_")
    sqrt_ = unary_in_place("sqrt_")
    tanh_ = unary_in_place("tanh_")
    sigmoid_ = unary_in_place("sigmoid_")
    relu_ = unary_in_place("relu_")

    def __invert__(self):
        if self.dtype == bool_:
            return self.logical_not()
        return -self - 1

    def reciprocal(self):
        return 1 / self

    def rsqrt(self):
        return 1 / self.sqrt()

    def square(self):
        return self**2

    def clamp(self, min=None, max=None):
        low, high = bounds(min, max)
        return wrap(call("clamp", self._handle, low, high))

    clip = clamp

    def clamp_(self, min=None, max=None):
        low, high = bounds(min, max)
        check(call("clamp_", self._handle, low, high))
        self._changes[0] += 1
        return self

    def where(self, condition, other):
        return wrap(call("where", condition._handle, self._handle, operand(other)))

    def masked_fill(self, mask, value):
        return self.clone().masked_fill_(mask, value)

    def masked_fill_(self, mask, value):
        self[mask.expand(self.shape)] = value
        return self

    # Reductions

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

    def cumsum(self, dim):
        return wrap(call("cumsum", self._handle, dim))

    def softmax(self, dim):
        return wrap(call("softmax", self._handle, dim))

    def log_softmax(self, dim):
        return wrap(call("log_softmax", self._handle, dim))

    def norm(self):
        return (self * self).sum().sqrt()

    def allclose(self, other, rtol=1e-05, atol=1e-08, equal_nan=False):
        self, other = self.broadcast_with(other)
        return call("all_close", self._handle, other._handle, repr(rtol), repr(atol), 1 if equal_nan else 0) == 1

    def equal(self, other):
        if self.shape != other.shape:
            return False
        return call("all_close", self._handle, other._handle, "0", "0", 0) == 1

    # Views

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

    # Types

    def to(self, type_):
        if type_ == "cpu":
            return self
        name = type_name(type_.dtype if type(type_) is Tensor else type_)
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

    # Indexing

    def __getitem__(self, index):
        if type(index) is int:
            return view_of(self, call("get_item", self._handle, str(index)))
        kept = []
        return view_of(self, call("get_item", self._handle, index_text(index, kept)))

    def __setitem__(self, index, value):
        kept = []
        check(call("set_item", self._handle, index_text(index, kept), operand(value)))
        self._changes[0] += 1

    def copy_(self, source):
        self[...] = source
        return self

    def fill_(self, value):
        self[...] = value
        return self

    def zero_(self):
        return self.fill_(0)

    def index_put_(self, indices, values, accumulate=False):
        kept = []
        place = index_text(tuple(indices), kept)
        check(call("index_put_", self._handle, place, operand(values), 1 if accumulate else 0))
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
        return self[(slice(None),) * range(self.ndim)[dim] + (index,)]

    def scatter_(self, dim, index, src):
        check(call("scatter_", self._handle, dim, index._handle, operand(src)))
        self._changes[0] += 1
        return self

    def scatter(self, dim, index, src):
        return self.clone().scatter_(dim, index, src)

    def scatter_add_(self, dim, index, src):
        check(call("scatter_add_", self._handle, dim, index._handle, operand(src)))
        self._changes[0] += 1
        return self

    def scatter_add(self, dim, index, src):
        return self.clone().scatter_add_(dim, index, src)

    def gather(self, dim, index):
        return wrap(call("gather", self._handle, dim, index._handle))

    def nonzero(self):
        return wrap(call("nonzero", self._handle))


def bounds(low, high):
    """The bounds of clamp as the engine takes them."""
    return "" if low is None else operand(low), "" if high is None else operand(high)
