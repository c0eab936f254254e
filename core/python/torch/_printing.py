"""Tensors as text, the way PyTorch prints them."""

from math import isfinite

EDGE = 3
"""Items shown at each end of a long dimension."""
LONG = 1000
"""Elements from which on the middle is left out."""
WIDTH = 80


def print_tensor(tensor):
    prefix = "tensor("
    if tensor.numel() == 0:
        return f"tensor([], size={tuple(tensor.shape)})" if tensor.shape != (0,) else "tensor([])"
    summarised = tensor.numel() > LONG
    form = formatter(shown_numbers(tensor, summarised))
    body = print_level(tensor, form, len(prefix), summarised)
    suffix = ", dtype=torch.float64" if tensor.dtype.name == "float64" and repr(tensor.dtype) != repr_of_run() else ""
    return f"{prefix}{body}{suffix})"


def repr_of_run():
    from torch._types import float_

    return repr(float_)


def shown(size, summarised):
    """The positions of a dimension that are shown; None where some are left out."""
    if not summarised or size <= 2 * EDGE:
        return list(range(size))
    return [*range(EDGE), None, *range(size - EDGE, size)]


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
    if all(number == int(number) for number in nonzero):
        style = "{:.4e}" if sizes and max(sizes) >= 1e8 else "{:.0f}."
    elif max(sizes) / min(sizes) > 1000 or max(sizes) > 1e8 or min(sizes) < 1e-4:
        style = "{:.4e}"
    else:
        style = "{:.4f}"

    def write(number):
        return style.format(number) if isfinite(number) else str(number)

    width = max([len(write(number)) for number in nonzero], default=1)
    return lambda number: write(number).rjust(width)


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
    """Numbers in lines of at most WIDTH."""
    per_line = max(1, (WIDTH - indent) // (max(map(len, items)) + 2))
    lines = [", ".join(items[start : start + per_line]) for start in range(0, len(items), per_line)]
    return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"
