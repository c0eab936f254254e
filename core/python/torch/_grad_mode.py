"""The modes of autograd, as contexts and as decorators. They change nothing: nothing here records a graph."""


class no_grad:
    """`with torch.no_grad():`, `@torch.no_grad()` and `@torch.no_grad`."""

    def __new__(cls, function=None):
        return super().__new__(cls) if function is None else function

    def __enter__(self):
        pass

    def __exit__(self, *_):
        pass

    def __call__(self, function):
        return function


class enable_grad(no_grad):
    """As no_grad."""


class inference_mode(no_grad):
    """As no_grad; `mode` says whether it is on."""

    def __new__(cls, mode=True):
        return super().__new__(cls, mode if callable(mode) else None)


class set_grad_enabled(no_grad):
    """As no_grad; `mode` says whether gradients are on."""

    def __new__(cls, mode):
        return super().__new__(cls)
