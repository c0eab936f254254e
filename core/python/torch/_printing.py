"""Tensors as text, the way PyTorch prints them."""

from math import inf, isfinite
from types import SimpleNamespace

# precision: digits behind the point; threshold: elements beyond which the middle is left out; edgeitems: items shown at
# each end of a long dimension; linewidth: characters of a line; sci_mode: None is by the numbers.
PROFILES = {
    "default": {"precision": 4, "threshold": 1000, "edgeitems": 3, "linewidth": 80},
    "short": {"precision": 2, "threshold": 1000, "edgeitems": 2, "linewidth": 80},
    "full": {"precision": 4, "threshold": inf, "edgeitems": 3, "linewidth": 80},
}
options = SimpleNamespace(**PROFILES["default"], sci_mode=None)


def reset_options():
    """As PyTorch prints when it starts."""
    vars(options).update(PROFILES["default"], sci_mode=None)


def set_printoptions(precision=None, threshold=None, edgeitems=None, linewidth=None, profile=None, sci_mode=None):
    given = {"precision": precision, "threshold": threshold, "edgeitems": edgeitems, "linewidth": linewidth}
    vars(options).update(PROFILES.get(profile, {}), sci_mode=sci_mode)
    vars(options).update({name: value for name, value in given.items() if value is not None})


def print_tensor(tensor):
    prefix = "tensor("
    if tensor.numel() == 0:
        return f"tensor([], size={tuple(tensor.shape)})" if tensor.shape != (0,) else "tensor([])"
    summarised = tensor.numel() > options.threshold
    form = formatter(shown_numbers(tensor, summarised))
    body = print_level(tensor, form, len(prefix), summarised)
    suffix = ", dtype=torch.float64" if tensor.dtype.name == "float64" and repr(tensor.dtype) != repr_of_run() else ""
    return f"{prefix}{body}{suffix}{', requires_grad=True' if tensor.requires_grad else ''})"


def repr_of_run():
    from torch._types import float_

    return repr(float_)


def shown(size, summarised):
    """The positions of a dimension that are shown; None where some are left out."""
    if not summarised or size <= 2 * options.edgeitems:
        return list(range(size))
    return [*range(options.edgeitems), None, *range(size - options.edgeitems, size)]


def shown_numbers(tensor, summarised):
    if tensor.ndim == 0:
        return [tensor.item()]
    if not summarised:
        return tensor.reshape(-1).tolist()
    return [
        number
        for position in shown(len(tensor), summarised)
        if position is not None
        for number in shown_numbers(tensor[position], summarised)
    ]


def formatter(numbers):
    """How each number is written, so that all are equally wide."""
    if isinstance(numbers[0], bool) or isinstance(numbers[0], int):
        width = max(len(str(number)) for number in numbers)
        return lambda number: str(number).rjust(width)
    nonzero = [number for number in numbers if number != 0 and isfinite(number)]
    sizes = [abs(number) for number in nonzero]
    are_whole = all(number == int(number) for number in nonzero)
    is_scientific = bool(sizes) and (max(sizes) / min(sizes) > 1000 or max(sizes) > 1e8 or min(sizes) < 1e-4)

    def write(number, scientific):
        if not isfinite(number):
            return str(number)
        if scientific:
            return f"{number:.{options.precision}e}"
        return f"{number:.0f}." if are_whole else f"{number:.{options.precision}f}"

    # As wide as without sci_mode, which is PyTorch's way.
    width = max([len(write(number, is_scientific)) for number in nonzero], default=1)
    chosen = is_scientific if options.sci_mode is None else options.sci_mode
    return lambda number: write(number, chosen).rjust(width)


def print_level(tensor, form, indent, summarised):
    if tensor.ndim == 0:
        return form(tensor.item()).strip()
    positions = shown(len(tensor), summarised)
    if tensor.ndim == 1:
        numbers = tensor.tolist()
        items = [" ..." if position is None else form(numbers[position]) for position in positions]
        return print_row(items, indent)
    parts = [
        "..." if position is None else print_level(tensor[position], form, indent + 1, summarised)
        for position in positions
    ]
    gap = "," + "\n" * (tensor.ndim - 1) + " " * (indent + 1)
    return f"[{gap.join(parts)}]"


def print_row(items, indent):
    """Numbers in lines of at most the width."""
    per_line = max(1, (options.linewidth - indent) // (max(map(len, items)) + 2))
    lines = [", ".join(items[start : start + per_line]) for start in range(0, len(items), per_line)]
    return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"
