"""What a notebook asks before it chooses a device."""

from types import SimpleNamespace

from torch._missing import missing

mps = SimpleNamespace(is_available=lambda: False, is_built=lambda: False)


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise missing("torch.backends", name, list(globals()))
