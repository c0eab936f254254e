"""Sums of products named by letters: views, products of matrices, and sums of dimensions."""

from torch._handle import Handle, dimension

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def einsum(equation, *operands):
    """`torch.einsum("ij,jk->ik", a, b)`; a dimension that `...` stands for is named by its place from the end."""
    if type(equation) is not str:
        equation, operands = from_lists(equation, operands)
    if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = operands[0]
    if not operands:
        raise ValueError("einsum(): must provide at least one operand")
    inputs, arrow, output = equation.replace(" ", "").partition("->")
    parts = inputs.split(",")
    if len(parts) != len(operands):
        amount = "fewer" if len(parts) > len(operands) else "more"
        raise RuntimeError(f"einsum(): {amount} operands were provided than specified in the equation")
    terms = [
        without_repeats(tensor, subscripts(part, position, tensor.ndim, equation), position)
        for position, (part, tensor) in enumerate(zip(parts, operands))
    ]
    result = output_subscripts(output, arrow, terms, equation)
    terms = without_broadcast_ones(terms)
    while len(terms) > 1:
        wanted = set(result).union(*[names for _, names in terms[2:]])
        terms[:2] = [contracted(*terms[0], *terms[1], wanted)]
    return arranged(*terms[0], result)


def from_lists(first, rest):
    """`einsum(a, [0, 1], b, [1, 2], [0, 2])` as letters."""
    given = (first, *rest)
    text = ["".join(["..." if one is Ellipsis else LETTERS[one] for one in names]) for names in given[1::2]]
    output = "".join(["..." if one is Ellipsis else LETTERS[one] for one in given[-1]]) if len(given) % 2 else None
    equation = ",".join(text) if output is None else f"{','.join(text)}->{output}"
    return equation, given[: len(text) * 2 : 2]


def subscripts(part, position, rank, equation):
    """A name for each dimension of an operand."""
    named = part.replace("...", "", 1)
    require_letters(named, position, equation, 0)
    has_ellipsis = "..." in part
    if len(named) > rank or (len(named) < rank and not has_ellipsis):
        raise RuntimeError(
            f"einsum(): the number of subscripts in the equation ({len(named)}) "
            f"{'is more than' if has_ellipsis else 'does not match'} the number of dimensions ({rank}) for operand "
            f"{position}{'' if has_ellipsis else ' and no ellipsis was given'}"
        )
    before = part.partition("...")[0] if has_ellipsis else named
    unnamed = list(range(len(named) - rank, 0))
    return [*before, *unnamed, *named[len(before) :]]


def require_letters(named, position, equation, start):
    for one in named:
        if one == ".":
            raise RuntimeError(f"einsum(): found '.' for operand {position} that is not part of any ellipsis")
        if one not in LETTERS:
            raise RuntimeError(
                f"einsum(): invalid subscript given at index {equation.index(one, start)} in the equation string, "
                "subscripts must be in [a-zA-Z]"
            )


def output_subscripts(output, arrow, terms, equation):
    """The names of the result: given behind the arrow, else those that stand once, in the alphabet's order."""
    all_names = [name for _, names in terms for name in names]
    unnamed = sorted({name for name in all_names if type(name) is int})
    if not arrow:
        return [*unnamed, *sorted(name for name in equation if name in LETTERS and equation.count(name) == 1)]
    named = output.replace("...", "", 1)
    require_letters(named, "output", equation, equation.index("->") + 2)
    for place, name in enumerate(named):
        if name in named[:place]:
            raise RuntimeError(f"einsum(): output subscript {name} appears more than once in the output")
        if name not in all_names:
            raise RuntimeError(
                f"einsum(): output subscript {name} does not appear in the equation for any input operand"
            )
    before = output.partition("...")[0] if "..." in output else named
    return [*before, *(unnamed if "..." in output else []), *named[len(before) :]]


def without_repeats(tensor, names, position):
    """The operand with the diagonal of dimensions that have one name."""
    for name in dict.fromkeys(names):
        while names.count(name) > 1:
            first = names.index(name)
            second = names.index(name, first + 1)
            if tensor.shape[first] != tensor.shape[second]:
                raise RuntimeError(
                    f"einsum(): subscript {name} is repeated for operand {position} but the sizes don't match, "
                    f"{tensor.shape[second]} != {tensor.shape[first]}"
                )
            tensor = tensor.diagonal(0, first, second)
            names = [one for place, one in enumerate(names) if place not in (first, second)] + [name]
    return tensor, names


def without_broadcast_ones(terms):
    """The operands without the dimensions of size 1 that another operand repeats."""
    sizes = {}
    for position, (tensor, names) in enumerate(terms):
        for size, name in zip(tensor.shape, names):
            if sizes.setdefault(name, size) == 1:
                sizes[name] = size
            elif size not in (1, sizes[name]):
                raise RuntimeError(
                    f"einsum(): subscript {'...' if type(name) is int else name} has size {size} for operand {position} "
                    f"which does not broadcast with previously seen size {sizes[name]}"
                )
    kept = []
    for tensor, names in terms:
        ones = [place for place, name in enumerate(names) if tensor.shape[place] == 1 and sizes[name] != 1]
        for place in reversed(ones):
            tensor = tensor.squeeze(place)
        kept.append((tensor, [name for place, name in enumerate(names) if place not in ones]))
    return kept


def contracted(left, left_names, right, right_names, wanted):
    """The product of two operands, summed over the dimensions that nothing asks for any more."""
    left, left_names = summed(left, left_names, wanted.union(right_names))
    right, right_names = summed(right, right_names, wanted.union(left_names))
    shared = [name for name in left_names if name in right_names]
    kept = [name for name in shared if name in wanted]
    inner = [name for name in shared if name not in wanted]
    rows = [name for name in left_names if name not in shared]
    columns = [name for name in right_names if name not in shared]
    size = dict(zip(left_names, left.shape)) | dict(zip(right_names, right.shape))
    stack, middle = count(size, kept), count(size, inner)
    one = arranged(left, left_names, kept + rows + inner).reshape(stack, count(size, rows), middle)
    other = arranged(right, right_names, kept + inner + columns).reshape(stack, middle, count(size, columns))
    names = kept + rows + columns
    return one.bmm(other).reshape([size[name] for name in names]), names


def count(size, names):
    product = 1
    for name in names:
        product *= size[name]
    return product


def summed(tensor, names, wanted):
    """The operand without the dimensions that are not wanted."""
    gone = [place for place, name in enumerate(names) if name not in wanted]
    return (tensor.sum(gone) if gone else tensor), [name for name in names if name in wanted]


def arranged(tensor, names, wanted):
    """The operand with the dimensions that are wanted, in that order."""
    tensor, names = summed(tensor, names, wanted)
    return tensor.permute([names.index(name) for name in wanted])


def tensordot(a, b, dims=2):
    """Sums products over the last `dims` dimensions of `a` and the first of `b`, or over those of two lists."""
    if type(dims) is Handle.kind:
        dims = dims.tolist()
    if type(dims) is int:
        if dims < 0:
            raise RuntimeError(f"tensordot expects dims >= 0, but got dims={dims}")
        dims = range(-dims, 0), range(dims)
    ours, theirs = [[one] if type(one) is int else list(one) for one in dims]
    if len(ours) != len(theirs):
        raise RuntimeError("both dimension lists should have same length")
    pairs = []
    for own, other in zip(ours, theirs):
        pair = dimension(own, a.ndim), dimension(other, b.ndim)
        if a.shape[pair[0]] != b.shape[pair[1]]:
            raise RuntimeError(
                f"contracted dimensions need to match, but first has size {a.shape[own]} in dim {own} and second has "
                f"size {b.shape[other]} in dim {other}"
            )
        pairs.append(pair)
    left, right = [one for one, _ in pairs], [other for _, other in pairs]
    rows = [dim for dim in range(a.ndim) if dim not in left]
    columns = [dim for dim in range(b.ndim) if dim not in right]
    inner = count(dict(enumerate(a.shape)), left)
    one = a.permute(rows + left).reshape(count(dict(enumerate(a.shape)), rows), inner)
    other = b.permute(right + columns).reshape(inner, count(dict(enumerate(b.shape)), columns))
    return one.mm(other).reshape([a.shape[dim] for dim in rows] + [b.shape[dim] for dim in columns])
