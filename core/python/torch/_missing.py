"""What to say where this torch lacks something."""

from torch._names import NAMES

BACKWARD = ("autograd", "backward", "grad", "grad_fn", "register_hook")


def missing(owner, name, existing):
    """
    An AttributeError that says whether it is PyTorch that has no such name, in PyTorch's words and with the nearest there
    is, or only this lab.
    """
    if name in BACKWARD:
        message = f"{owner}.{name} is not in this lab: autograd's gradients are what this code is to derive by hand"
    elif name in NAMES.get(owner, ()):
        message = f"{owner}.{name} is not in this lab, though PyTorch has it"
    else:
        message = f"{described(owner)} has no attribute '{name}'{suggestion(name, existing)}"
    # Given, if only as None, so that Python adds no suggestion of its own.
    return AttributeError(message, name=None, obj=None)


def described(owner):
    return "'Tensor' object" if owner == "Tensor" else f"module '{owner}'"


def suggestion(name, existing):
    import difflib

    public = [other for other in existing if not other.startswith("_")]
    nearest = difflib.get_close_matches(name, public, n=1)
    return f". Did you mean: '{nearest[0]}'?" if nearest else ""
