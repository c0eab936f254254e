"""Numbers brought to mean 0 and deviation 1, or to length 1."""


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
