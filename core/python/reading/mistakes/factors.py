"""Factors and terms that are missing, or that do not belong there."""

import ast

from reading.formula import is_name, quoted
from reading.mistakes.places import factor_places, nodes_of
from reading.rewriting import expression, factors, names_in, number_of, text, times


def divided_twice(view):
    """A division that belongs in another gradient, in more than one place."""
    for name in view.nodes:
        if view.shape_of(name) is None:
            continue
        found = list(_divisions(view, name))
        if len(found) < 2:
            continue
        lines = sorted({old.lineno for _, old, _ in found})
        where = f"in line {lines[0]}" if len(lines) == 1 else f"in lines {', '.join(map(str, lines[:-1]))} and {lines[-1]}"
        owner = _owner(view, name)
        belongs = f"that belongs in d{owner}" if owner not in (None, view.node) else "that does not belong there"
        yield view.edit_all("divided-twice", found, f"divides by {name} {_times(len(found))} ({where}); {belongs}")
        for kept in range(len(found)):
            rest = found[:kept] + found[kept + 1 :]
            sentence = f"divides by {name} {_times(len(found))} ({where}); {'once' if len(rest) == 1 else 'one time less'} is right"
            yield view.edit_all("divided-twice", rest, sentence)


def _times(number):
    return "twice" if number == 2 else f"{number} times"


def _divisions(view, name):
    """(part, old, new) that takes a division by the tensor, or by elements of it, away."""
    for part in sorted(view.parts, key=lambda part: part.statement.lineno):
        statement = part.statement
        if isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Div) and _is_of(statement.value, name):
            yield part, statement, ast.copy_location(ast.Pass(), statement)
        for node in nodes_of(part):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and _is_of(node.right, name):
                yield part, node, node.left
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and _is_of(node.left, name):
                if number_of(node.right) == -1:
                    yield part, node, ast.copy_location(ast.Constant(1.0), node)


def _is_of(node, name):
    return is_name(node) and node.id == name or isinstance(node, ast.Subscript) and is_name(node.value) and node.value.id == name


def _owner(view, name):
    """The node in whose gradient the chain rule divides by the tensor."""
    for node in view.nodes:
        for _, path in view.paths(node):
            for part in ast.walk(path):
                if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Div) and _is_of(part.right, name):
                    return node
    return None


def extra_factor(view):
    for part, place in view.places():
        if not (isinstance(place, ast.BinOp) and isinstance(place.op, (ast.Mult, ast.Div))):
            continue
        for kept, dropped in ((place.left, place.right), (place.right, place.left)):
            if isinstance(place.op, ast.Div) and kept is place.right:
                continue
            # What would read no gradient any more is right only by being zero.
            if view.carries_gradient(dropped) and not view.carries_gradient(kept):
                continue
            word = "divides by" if isinstance(place.op, ast.Div) else "multiplies by"
            yield view.edit("extra-factor", part, place, kept, f"{word} {quoted(dropped)}, which does not belong there")
    for part in view.direct:
        statement = part.statement
        if isinstance(statement, ast.AugAssign) and isinstance(statement.op, (ast.Mult, ast.Div)):
            word = "divides by" if isinstance(statement.op, ast.Div) else "multiplies by"
            sentence = f"{word} {quoted(statement.value)}, which does not belong there"
            yield view.edit("extra-factor", part, statement, ast.copy_location(ast.Pass(), statement), sentence)


def inverted_factor(view):
    """Divided for multiplied, and the other way round."""
    for part, place in view.places():
        if not (isinstance(place, ast.BinOp) and isinstance(place.op, (ast.Mult, ast.Div))):
            continue
        if number_of(place.right) is not None or not view.reads_tensors(place.right) or view.carries_gradient(place.right):
            continue
        divides = isinstance(place.op, ast.Div)
        for power in _powers_of(view, place.right) if divides else ():
            sentence = f"divides by {quoted(place.right)}; it should be multiplied by {power}"
            yield view.edit("inverted-factor", part, place, times(place.left, expression(power)), sentence)
        new = ast.BinOp(place.left, ast.Mult() if divides else ast.Div(), place.right)
        word = "divides by" if divides else "multiplies by"
        other = "multiplied by it" if divides else "divided by it"
        yield view.edit("inverted-factor", part, place, new, f"{word} {quoted(place.right)}; it should be {other}")


def _powers_of(view, node):
    """The nodes that a forward line makes as a power of this one, as `bnvar_inv` of `bnvar`."""
    for name, source in view.forward.items():
        line = expression(source)
        if isinstance(line, ast.BinOp) and isinstance(line.op, ast.Pow) and is_name(node) and node.id in names_in(line):
            yield name


def extra_term(view):
    for part, place in view.places():
        if isinstance(place, ast.BinOp) and isinstance(place.op, (ast.Add, ast.Sub)) and view.reads_tensors(place):
            word = "subtracts" if isinstance(place.op, ast.Sub) else "adds"
            sentence = f"{word} {quoted(place.right)}, which does not belong there"
            yield view.edit("extra-term", part, place, place.left, sentence)


def extra_line(view):
    """A line that adds what belongs nowhere. One that stands twice is a branch that is counted twice: see branches.py."""
    values = [text(part.statement.value) for part in view.direct if hasattr(part.statement, "value")]
    for part in view.direct:
        statement = part.statement
        if not (isinstance(statement, ast.AugAssign) and isinstance(statement.op, (ast.Add, ast.Sub))):
            continue
        if view.is_whole(statement.target) and values.count(text(statement.value)) == 1:
            word = "subtracts" if isinstance(statement.op, ast.Sub) else "adds"
            sentence = f"{word} {quoted(statement.value)}, which does not belong there"
            yield view.edit("extra-term", part, statement, ast.copy_location(ast.Pass(), statement), sentence)


def whole(view):
    """A factor that all of what several lines give lacks."""
    if len(view.direct) < 2:
        return
    for kind, factor, sentence in (
        ("sign", "-1", "leaves the result with the opposite sign"),
        ("factor-2", "2", "leaves the result without a factor 2"),
        ("factor-2", "0.5", "leaves the result with a factor 2 too many"),
        ("missing-factor", "1.0 / n", "leaves the result without the factor `1.0 / n`"),
        ("missing-factor", "n", "leaves the result without the factor `n`"),
        ("n-for-n-minus-1", "n / (n - 1)", "leaves the result divided by n, not by n−1"),
        ("n-minus-1-for-n", "(n - 1) / n", "leaves the result divided by n−1, not by n"),
        (
            "elements-for-examples",
            f"{view.node}.shape[-1]",
            "leaves the result divided by the count of columns as well",
        ),
        (
            "elements-for-examples",
            f"{view.node}.shape[-1] / n",
            "leaves the result divided by the count of columns; it should be divided by n, the count of examples",
        ),
    ):
        yield view.edit_after(kind, f"{view.target} = {view.target} * ({factor})", sentence)


def likely_factor(view):
    """A factor that the chain rule gives on the way, or a count of examples."""
    yield from _missing(view, _chain_factors(view))


def count_factor(view):
    names = ("1.0 / n", "n", "1.0 / (n - 1)", "(n - 1)", "n / (n - 1)", "(n - 1) / n")
    yield from _missing(view, [expression(name) for name in names])


def near_factor(view):
    """A forward value in sight, or divided by it."""
    near = [name for name in view.near() if name in view.nodes]
    known = [expression(name) for name in near]
    yield from _missing(view, known)
    yield from _missing(view, [expression(f"1.0 / {name}") for name in near])


def any_factor(view):
    near = set(view.near())
    yield from _missing(view, [expression(name) for name in view.tensors() if name not in near])


def _chain_factors(view):
    known = {f"d{reader}": expression(f"d{reader}") for reader, _ in view.paths() if view.shape_of(f"d{reader}") is not None}
    for node in (view.node, *view.walk().between()):
        if node in view.given():
            continue
        for _, path in view.paths(node):
            for factor in factors(path.args[0]):
                spreads = text(factor).startswith("torch.ones_like(") and node != view.node
                if number_of(factor) is None and "_grad_" not in text(factor) and not spreads:
                    known.setdefault(text(factor), factor)
    return list(known.values())


def _missing(view, known):
    for part, place in factor_places(view):
        reads = view.reads_tensors(place)
        for factor in known:
            # By a tensor only what is computed from one: `1 - h` is no `1` that lacks an `h`.
            if not reads and place not in part.roots and view.reads_tensors(factor):
                continue
            # Nor is one divided by what it is a product with: that is a factor too many.
            if text(factor).startswith("1.0 / ") and view.reads_tensors(factor) and names_in(factor) & names_in(place):
                continue
            sentence = f"lacks the factor {quoted(factor)} in {quoted(place)}"
            yield view.edit("missing-factor", part, place, lambda p=place, f=factor: times(f, p), sentence)
