"""Only the functions: a backward pass by hand has no layers."""

from torch._missing import missing
from torch.nn import functional


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise missing("torch.nn", name, ("functional",))
