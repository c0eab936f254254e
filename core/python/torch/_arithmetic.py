"""Operators, comparisons and functions of two tensors, element by element."""

from torch._methods import binary, in_place, in_place_operator, operator, reflected


plain_add, plain_sub, plain_div = binary("add"), binary("subtract"), binary("divide")


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
    fmod = binary("fmod")
    atan2 = arctan2 = binary("atan2")
    hypot = binary("hypot")
    logaddexp = binary("logaddexp")
    xlogy = binary("xlogy")
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
    floor_divide_ = in_place("floor_divide_")

    def add(self, other, *, alpha=1):
        return plain_add(self, other if alpha == 1 else other * alpha)

    def sub(self, other, *, alpha=1):
        return plain_sub(self, other if alpha == 1 else other * alpha)

    subtract = sub

    def div(self, other, *, rounding_mode=None):
        if rounding_mode is None:
            return plain_div(self, other)
        if rounding_mode == "floor":
            return self // other
        if rounding_mode == "trunc":
            return (self / other).trunc().type_as(self + other)
        raise RuntimeError(
            f"div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '{rounding_mode}'"
        )

    divide = true_divide = div

    def add_(self, other, *, alpha=1):
        self += other if alpha == 1 else other * alpha
        return self

    def sub_(self, other, *, alpha=1):
        self -= other if alpha == 1 else other * alpha
        return self

    subtract_ = sub_

    def lerp(self, end, weight):
        return self + weight * (end - self)

    def addcmul(self, tensor1, tensor2, *, value=1):
        return self + value * tensor1 * tensor2

    def addcdiv(self, tensor1, tensor2, *, value=1):
        return self + value * tensor1 / tensor2
