"""`F`."""

from torch._call import call
from torch._functions import functions
from torch._handle import wrap
from torch._missing import missing

tanh = functions["tanh"]
relu = functions["relu"]
sigmoid = functions["sigmoid"]


def one_hot(tensor, num_classes=-1):
    return wrap(call("one_hot", tensor._handle, num_classes))


def implied_dim(input, dim):
    """The dimension that PyTorch takes where none is given."""
    return (0 if input.ndim in (0, 1, 3) else 1) if dim is None else dim


def softmax(input, dim=None):
    return input.softmax(implied_dim(input, dim))


def log_softmax(input, dim=None):
    return input.log_softmax(implied_dim(input, dim))


def nll_loss(input, target, *, reduction="mean"):
    if input.ndim != 2 or target.shape != input.shape[:1]:
        raise ValueError(
            f"Expected input batch_size ({input.shape[0] if input.ndim else 1}) to match target batch_size "
            f"({target.numel()}): input {list(input.shape)}, target {list(target.shape)}"
        )
    losses = -input[range(input.shape[0]), target]
    if reduction == "mean":
        return -input[range(input.shape[0]), target].mean()
    if reduction == "sum":
        return losses.sum()
    if reduction == "none":
        return losses
    raise ValueError(f"{reduction} is not a valid value for reduction")


def cross_entropy(input, target, *, reduction="mean"):
    return nll_loss(input.log_softmax(1), target, reduction=reduction)


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise missing("torch.nn.functional", name, list(globals()))
