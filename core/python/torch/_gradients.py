"""What a tensor says of autograd. Nothing here records a graph, so it says what was set, as within torch.no_grad()."""

from torch._call import call, raise_error
from torch._handle import wrap


def require_float(tensor, requires_grad, allowed):
    """@throws RuntimeError in PyTorch's words where whole numbers are to require gradients."""
    if requires_grad and not tensor.is_floating_point():
        raise RuntimeError(f"{allowed} can require gradients")


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
        """Autograd's gradient of a forward value, as the notebook's `cmp` reads it; None of everything else."""
        answer = call("grad", self._handle)
        if type(answer) is str:
            raise_error(answer)
        return wrap(answer) if answer else None

    @grad.setter
    def grad(self, value):
        # `p.grad = None` before a backward: nothing accumulates here, so that there is nothing to forget.
        if value is not None:
            raise RuntimeError("the lab does not let .grad be set: it is autograd's; write your own gradient as d<name>")

    is_leaf = property(lambda self: True, doc="Whether the person made it; of no tensor a graph is known.")

    def retain_grad(self):
        """Nothing: a check keeps every gradient."""

    def detach_(self):
        self._requires_grad = False
        return self
