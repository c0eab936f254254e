"""Methods of the tensor, made of the engine's calls."""

from torch._call import call, check
from torch._handle import operand, required, wrap

# What PyTorch calls the function, where the engine calls it otherwise.
WORDS = {
    "subtract": "sub",
    "multiply": "mul",
    "multiply_": "mul_",
    "divide": "div",
    "divide_": "div_",
    "power": "pow",
    "power_": "pow_",
    "equal": "eq",
    "not_equal": "ne",
    "less": "lt",
    "less_equal": "le",
    "greater": "gt",
    "greater_equal": "ge",
}


def takes_axis(method):
    """The method with NumPy's name for `dim`, which PyTorch takes too."""

    def renamed(self, *parameters, **options):
        if "axis" in options:
            options["dim"] = options.pop("axis")
        return method(self, *parameters, **options)

    method.__qualname__ = renamed.__name__ = method.__name__
    return renamed


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
    called = WORDS.get(name, name)

    def method(self, other):
        return wrap(call(name, self._handle, required(other, called)))

    return method


def in_place(name):
    """`self.name_(other)`."""
    called = WORDS.get(name, name)

    def method(self, other):
        check(call(name, self._handle, required(other, called)))
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
