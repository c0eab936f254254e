"""How far a result is from its target."""

from torch._types import bool_, int64
from torch.nn._activations import log_softmax, logsigmoid


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
    return nll_loss(log_softmax(input), target, reduction=reduction)
