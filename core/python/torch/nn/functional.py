"""`F`."""

from math import pi

from torch._call import call
from torch._functions import functions
from torch._handle import wrap
from torch._missing import missing
from torch._types import bool_, int64

tanh = functions["tanh"]
relu = functions["relu"]
sigmoid = functions["sigmoid"]


def one_hot(tensor, num_classes=-1):
    return wrap(call("one_hot", tensor._handle, num_classes))


def linear(input, weight, bias=None):
    product = input @ weight.T
    return product if bias is None else product + bias


def embedding(input, weight):
    return weight[input]


# Activations


def leaky_relu(input, negative_slope=0.01):
    return input.where(input > 0, input * negative_slope)


def elu(input, alpha=1.0):
    return input.where(input > 0, alpha * input.clamp(max=0).expm1())


def silu(input):
    return input * input.sigmoid()


def gelu(input, approximate="none"):
    if approximate == "tanh":
        return 0.5 * input * (1 + ((2 / pi) ** 0.5 * (input + 0.044715 * input**3)).tanh())
    return 0.5 * input * (1 + (input * 0.5**0.5).erf())


def softplus(input, beta=1, threshold=20):
    return input.where(input * beta > threshold, (input * beta).clamp(max=threshold).exp().log1p() / beta)


def logsigmoid(input):
    return input.clamp(max=0) - (-input.abs()).exp().log1p()


def implied_dim(input, dim):
    """The dimension that PyTorch takes where none is given."""
    return (0 if input.ndim in (0, 1, 3) else 1) if dim is None else dim


def softmax(input, dim=None, *, dtype=None):
    return input.softmax(implied_dim(input, dim), dtype)


def log_softmax(input, dim=None, *, dtype=None):
    return input.log_softmax(implied_dim(input, dim), dtype)


# Normalisation


def layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-05):
    if tuple(input.shape[-len(normalized_shape) :]) != tuple(normalized_shape):
        raise RuntimeError(
            f"Given normalized_shape={list(normalized_shape)}, expected input with shape "
            f"[*, {', '.join(map(str, normalized_shape))}], but got input of size{list(input.shape)}"
        )
    dims = tuple(range(-len(normalized_shape), 0))
    return scaled_and_shifted(normalised(input, dims, eps), weight, bias)


def batch_norm(input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-05):
    columns = (1, -1) + (1,) * (input.ndim - 2)
    weight, bias = [None if one is None else one.reshape(columns) for one in (weight, bias)]
    if not training:
        return scaled_and_shifted(
            (input - running_mean.reshape(columns)) / (running_var.reshape(columns) + eps).sqrt(), weight, bias
        )
    dims = tuple(dim for dim in range(input.ndim) if dim != 1)
    for running, now in ((running_mean, input.mean(dims)), (running_var, input.var(dims))):
        if running is not None:
            running.copy_((1 - momentum) * running + momentum * now)
    return scaled_and_shifted(normalised(input, dims, eps), weight, bias)


def normalised(input, dims, eps):
    """Less its mean, over its deviation, which is of the count here."""
    return (input - input.mean(dims, keepdim=True)) / (input.var(dims, unbiased=False, keepdim=True) + eps).sqrt()


def scaled_and_shifted(tensor, weight, bias):
    scaled = tensor if weight is None else tensor * weight
    return scaled if bias is None else scaled + bias


def normalize(input, p=2.0, dim=1, eps=1e-12):
    return input / input.norm(p, dim, keepdim=True).clamp_min(eps)


# Losses


def reduced(losses, reduction):
    if reduction == "mean":
        return losses.mean()
    if reduction == "sum":
        return losses.sum()
    if reduction == "none":
        return losses
    raise ValueError(f"{reduction} is not a valid value for reduction")


def mse_loss(input, target, *, reduction="mean"):
    return reduced((input - target) ** 2, reduction)


def l1_loss(input, target, *, reduction="mean"):
    return reduced((input - target).abs(), reduction)


def binary_cross_entropy_with_logits(input, target, *, reduction="mean"):
    return reduced((1 - target) * input - logsigmoid(input), reduction)


def nll_loss(input, target, *, reduction="mean"):
    if input.ndim == 1 and target.ndim == 0:
        losses = nll_loss(input.unsqueeze(0), target.unsqueeze(0), reduction=reduction)
        return losses.squeeze(0) if reduction == "none" else losses
    if input.ndim != 2 or target.shape != input.shape[:1]:
        raise ValueError(
            f"Expected input batch_size ({input.shape[0] if input.ndim else 1}) to match target batch_size "
            f"({target.numel()}). The input is {list(input.shape)}, the target {list(target.shape)}"
        )
    if target.dtype != int64:
        raise RuntimeError(f"expected scalar type Long but found {'Bool' if target.dtype == bool_ else 'Float'}")
    rows, classes = input.shape
    outside = target[(target < 0) | (target >= classes)]
    if len(outside):
        raise IndexError(f"Target {int(outside[0])} is out of bounds.")
    picked = input[range(rows), target]
    # The mean's sign is turned, not each loss's: that gives PyTorch's bits.
    return -picked.mean() if reduction == "mean" else reduced(-picked, reduction)


def cross_entropy(input, target, *, reduction="mean"):
    return nll_loss(input.log_softmax(implied_dim(input, None)), target, reduction=reduction)


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise missing("torch.nn.functional", name, list(globals()))
