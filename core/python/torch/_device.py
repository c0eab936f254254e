"""Where tensors are: on the CPU."""


class device:
    """A place for tensors by name, such as "cpu"."""

    __slots__ = ("type", "index")

    def __init__(self, type, index=None):
        name, _, number = str(type).partition(":")
        self.type = name
        self.index = int(number) if number else index

    def __repr__(self):
        return f"device(type='{self.type}'{'' if self.index is None else f', index={self.index}'})"

    def __str__(self):
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __eq__(self, other):
        return isinstance(other, device) and (self.type, self.index) == (other.type, other.index)

    def __hash__(self):
        return hash((self.type, self.index))


cpu = device("cpu")


def require_cpu(place):
    """@throws AssertionError, as PyTorch does where there is no other device."""
    if place is not None and device(place).type != "cpu":
        raise AssertionError("Torch not compiled with CUDA enabled")
