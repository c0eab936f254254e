"""What a tensor says of autograd. Nothing here records a graph, so it says what was set, as within torch.no_grad()."""

from torch._call import call, raise_error
from torch._handle import Handle, wrap


def require_float(tensor, requires_grad, allowed):
    """@throws RuntimeError in PyTorch's words where whole numbers are to require gradients."""
    if requires_grad and not tensor.is_floating_point():
        raise RuntimeError(f"{allowed} can require gradients")


def require_gradient(tensor, value):
    """@throws TypeError or RuntimeError in PyTorch's words where `value` cannot be the tensor's `.grad`."""
    if not isinstance(value, Handle):
        kind = type(value).__name__
        raise TypeError(f"assigned grad expected to be a Tensor or None but got grad of type {kind}")
    if value is tensor:
        raise RuntimeError("can't assign Variable as its own grad")
    if value.dtype is not tensor.dtype:
        raise RuntimeError("assigned grad has data of a different type")
    if value.shape != tensor.shape:
        raise RuntimeError("assigned grad has data of a different size")


class Gradients:
    __slots__ = ()

    @property
    def requires_grad(self):
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, value):
        require_float(self, value, "only Tensors of floating point and complex dtype")
        self._requires_grad = bool(value)

    def requires_grad_(self, requires_grad=True):
        require_float(self, requires_grad, "only Tensors of floating point dtype")
        self._requires_grad = bool(requires_grad)
        return self

    @property
    def grad(self):
        """What the person set; else autograd's gradient of a forward value, as the notebook's `cmp` reads it, and None of all else."""
        if self._grad is not None:
            return self._grad
        answer = call("grad", self._handle)
        if type(answer) is str:
            raise_error(answer)
        return wrap(answer) if answer else None

    @grad.setter
    def grad(self, value):
        # `p.grad = None` before a backward: nothing accumulates here, and what comes after it is autograd's again.
        if value is not None:
            require_gradient(self, value)
        self._grad = value

    is_leaf = property(lambda self: True, doc="Whether the person made it; of no tensor a graph is known.")

    def retain_grad(self):
        """Nothing: a check keeps every gradient."""

    def detach_(self):
        self._requires_grad = False
        return self
