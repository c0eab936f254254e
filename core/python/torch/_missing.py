"""What to say where this torch lacks something."""

GRADIENTS = ("grad", "grad_fn", "requires_grad", "requires_grad_", "backward", "retain_grad", "is_leaf", "register_hook")


def missing(owner, name, existing):
    """An AttributeError that names what is missing and the nearest thing that exists."""
    if name in GRADIENTS:
        return AttributeError(
            f"{owner} has no '{name}' here: autograd's gradients are what this code is to derive by hand."
        )
    import difflib

    public = [other for other in existing if not other.startswith("_")]
    nearest = difflib.get_close_matches(name, public, n=1, cutoff=0.0)
    return AttributeError(f"{owner} has no '{name}' in this lab; the nearest there is: '{nearest[0]}'.")
