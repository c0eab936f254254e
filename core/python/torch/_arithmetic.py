"""Element by element: operators, comparisons and functions of one tensor; and the matrix product."""

from torch._call import call, check
from torch._handle import is_operand, operand, wrap
from torch._types import bool_


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


def bounds(low, high):
    """The bounds of clamp as the engine takes them."""
    return "" if low is None else operand(low), "" if high is None else operand(high)


class Arithmetic:
    __slots__ = ()
    # Python takes it away from a class that defines __eq__.
    __hash__ = object.__hash__

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
