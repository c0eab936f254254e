"""What a notebook asks before it chooses a device."""

from torch._missing import missing


def is_available():
    return False


def device_count():
    return 0


def manual_seed(seed):
    """Nothing, as in PyTorch where there is no such device."""


manual_seed_all = manual_seed


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise missing("torch.cuda", name, list(globals()))
