"""Sizes and element types."""

from torch._call import call


class Size(tuple):
    """A shape: a tuple of sizes."""

    __slots__ = ()

    def __repr__(self):
        return f"torch.Size({list(self)})"

    def __getitem__(self, index):
        item = tuple.__getitem__(self, index)
        return Size(item) if type(index) is slice else item

    def __add__(self, other):
        return Size(tuple.__add__(self, tuple(other)))

    def numel(self):
        count = 1
        for size in self:
            count *= size
        return count


class dtype:
    """An element type. The float type is the run's own: float32, or float64 when a check repeats it in that."""

    __slots__ = ("name",)

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"torch.{element_type(self)}"

    def __eq__(self, other):
        return type(other) is dtype and element_type(self) == element_type(other)

    def __hash__(self):
        return hash(self.name)

    @property
    def is_floating_point(self):
        return self.name.startswith("float")


def element_type(type_):
    """The engine's name of a type."""
    return call("float_type") if type_.name == "float" else type_.name


float_ = dtype("float")
float64 = dtype("float64")
int64 = dtype("int64")
bool_ = dtype("bool")


class finfo:
    """What a float type can hold."""

    def __init__(self, dtype=float_):
        is_single = element_type(dtype) == "float32"
        self.bits = 32 if is_single else 64
        self.eps = 2.0**-23 if is_single else 2.0**-52
        self.max = (2 - self.eps) * 2.0 ** (127 if is_single else 1023)
        self.min = -self.max
        self.tiny = self.smallest_normal = 2.0 ** (-126 if is_single else -1022)
        self.dtype = element_type(dtype)


def get_default_dtype():
    return BY_NAME[call("float_type")]


def set_float(name):
    """Lets a run compute in "float32" or "float64"."""
    call("use_float_type", name)


BY_NAME = {"float32": dtype("float32"), "float64": float64, "int64": int64, "bool": bool_}
# Python's own types are allowed where a type is asked for.
BY_PYTHON_TYPE = {float: float_, int: int64, bool: bool_}


def type_name(type_):
    """What the engine calls a type that the person names."""
    type_ = BY_PYTHON_TYPE.get(type_, type_)
    if type(type_) is not dtype:
        raise TypeError(f"a tensor type such as torch.float32 is expected, not {type_!r}")
    return type_.name
