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


def nll_loss(input, target, weight=None, *, ignore_index=-100, reduction="mean"):
    if input.ndim == 1 and target.ndim == 0:
        losses = nll_loss(
            input.unsqueeze(0), target.unsqueeze(0), weight, ignore_index=ignore_index, reduction=reduction
        )
        return losses.squeeze(0) if reduction == "none" else losses
    require_targets(input, target, ignore_index)
    rows = range(input.shape[0])
    if weight is None and not (target == ignore_index).any():
        picked = input[rows, target]
        # The mean's sign is turned, not each loss's: that gives PyTorch's bits.
        return -picked.mean() if reduction == "mean" else reduced(-picked, reduction)
    counted = (target != ignore_index).type_as(input)
    places = target.masked_fill(target == ignore_index, 0)
    amounts = counted if weight is None else counted * weight[places]
    losses = -input[rows, places] * amounts
    return losses.sum() / amounts.sum() if reduction == "mean" else reduced(losses, reduction)


def require_targets(input, target, ignore_index):
    """@throws ValueError, RuntimeError or IndexError, in PyTorch's words, where there is not one class for each row."""
    if input.ndim != 2 or target.shape != input.shape[:1]:
        raise ValueError(
            f"Expected input batch_size ({input.shape[0] if input.ndim else 1}) to match target batch_size "
            f"({target.shape[0] if target.ndim else 1}). The input is {list(input.shape)}, the target {list(target.shape)}"
        )
    if target.dtype != int64:
        raise RuntimeError(f"expected scalar type Long but found {'Bool' if target.dtype == bool_ else 'Float'}")
    outside = target[((target < 0) | (target >= input.shape[1])) & (target != ignore_index)]
    if len(outside):
        raise IndexError(f"Target {int(outside[0])} is out of bounds.")


def cross_entropy(input, target, weight=None, *, ignore_index=-100, reduction="mean", label_smoothing=0.0):
    logprobs = log_softmax(input)
    if target.is_floating_point() and target.shape == input.shape:
        return of_probabilities(logprobs, target, weight, reduction, label_smoothing)
    plain = nll_loss(logprobs, target, weight, ignore_index=ignore_index, reduction=reduction)
    if label_smoothing == 0:
        return plain
    counted = (target != ignore_index).type_as(logprobs)
    losses = -(logprobs if weight is None else logprobs * weight).sum(-1) * counted
    if reduction == "mean":
        places = target.masked_fill(target == ignore_index, 0)
        smooth = losses.sum() / (counted if weight is None else counted * weight[places]).sum()
    else:
        smooth = reduced(losses, reduction)
    return (1 - label_smoothing) * plain + label_smoothing / input.shape[-1] * smooth


def of_probabilities(logprobs, target, weight, reduction, label_smoothing):
    """Cross entropy where the target is a probability for each class."""
    classes = logprobs.shape[-1]
    smoothed = target * (1 - label_smoothing) + label_smoothing / classes if label_smoothing else target
    losses = -(logprobs * smoothed if weight is None else logprobs * smoothed * weight).sum(-1)
    return reduced(losses, reduction)
