"""Element by element: operators, comparisons and functions of one tensor; and the matrix product."""

from torch._call import call, check
from torch._handle import operand, required, wrap
from torch._types import bool_


def operator(name):
    """`self ∘ other`. What is neither tensor nor number is left to Python, which says what it cannot do."""

    def method(self, other):
        given = operand(other)
        return NotImplemented if given is None else wrap(call(name, self._handle, given))

    return method


def reflected(name):
    """`other ∘ self`, where `other` is a number."""

    def method(self, other):
        given = operand(other)
        return NotImplemented if given is None else wrap(call(name, given, self._handle))

    return method


def in_place_operator(name):
    """`self ∘= other`: the same tensor with other numbers."""

    def method(self, other):
        given = operand(other)
        if given is None:
            return NotImplemented
        check(call(name, self._handle, given))
        self._changes[0] += 1
        return self

    return method


def binary(name):
    """`self.name(other)`."""

    def method(self, other):
        return wrap(call(name, self._handle, required(other)))

    return method


def in_place(name):
    """`self.name_(other)`."""

    def method(self, other):
        check(call(name, self._handle, required(other)))
        self._changes[0] += 1
        return self

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


def bounds(low, high):
    """The bounds of clamp as the engine takes them."""
    return "" if low is None else required(low), "" if high is None else required(high)


class Arithmetic:
    __slots__ = ()
    # Python takes it away from a class that defines __eq__.
    __hash__ = object.__hash__

    __add__ = __radd__ = operator("add")
    __sub__ = operator("subtract")
    __rsub__ = reflected("subtract")
    __mul__ = __rmul__ = operator("multiply")
    __truediv__ = operator("divide")
    __rtruediv__ = reflected("divide")
    __floordiv__ = operator("floor_divide")
    __rfloordiv__ = reflected("floor_divide")
    __mod__ = operator("remainder")
    __rmod__ = reflected("remainder")
    __pow__ = operator("power")
    __rpow__ = reflected("power")
    __matmul__ = operator("matmul")
    __and__ = __rand__ = operator("bitwise_and")
    __or__ = __ror__ = operator("bitwise_or")
    __xor__ = __rxor__ = operator("bitwise_xor")

    __eq__ = operator("equal")
    __ne__ = operator("not_equal")
    __lt__ = operator("less")
    __le__ = operator("less_equal")
    __gt__ = operator("greater")
    __ge__ = operator("greater_equal")

    __iadd__ = in_place_operator("add_")
    __isub__ = in_place_operator("subtract_")
    __imul__ = in_place_operator("multiply_")
    __itruediv__ = in_place_operator("divide_")
    __ifloordiv__ = in_place_operator("floor_divide_")
    __imod__ = in_place_operator("remainder_")
    __ipow__ = in_place_operator("power_")

    multiply = mul = binary("multiply")
    floor_divide = binary("floor_divide")
    remainder = binary("remainder")
    pow = binary("power")
    matmul = mm = mv = bmm = dot = binary("matmul")
    maximum = binary("maximum")
    minimum = binary("minimum")
    bitwise_and = binary("bitwise_and")
    bitwise_or = binary("bitwise_or")
    bitwise_xor = binary("bitwise_xor")
    logical_and = binary("logical_and")
    logical_or = binary("logical_or")
    logical_xor = binary("logical_xor")
    eq = binary("equal")
    ne = binary("not_equal")
    lt = binary("less")
    le = binary("less_equal")
    gt = binary("greater")
    ge = binary("greater_equal")

    multiply_ = mul_ = in_place("multiply_")
    divide_ = div_ = in_place("divide_")
    remainder_ = in_place("remainder_")
    pow_ = in_place("power_")

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
        self += other if alpha == 1 else other * alpha
        return self

    def sub_(self, other, *, alpha=1):
        self -= other if alpha == 1 else other * alpha
        return self

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
        return wrap(call("where", condition._handle, self._handle, required(other)))

    def masked_fill(self, mask, value):
        return self.clone().masked_fill_(mask, value)

    def masked_fill_(self, mask, value):
        self[mask.expand(self.shape)] = value
        return self
