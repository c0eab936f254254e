"""What a layer applies to each number, and softmax."""

from math import pi


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
