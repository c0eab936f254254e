"""One name read for another: a value for its gradient, an input for the output, or any other."""

import ast

from reading.formula import fits_together, is_name
from reading.mistakes.places import nodes_of
from reading.rewriting import expression, names_in, text


def likely_name(view):
    """A value for its gradient, an input for the output: what people confuse. Another gradient for that of a reader."""
    readers = {f"d{reader}" for reader, _ in view.paths()}
    gradients = {f"d{node}" for node in view.nodes}
    yield from _names(
        view, lambda kind, used, meant: kind != "wrong-name" or (used in gradients and meant in readers)
    )


def near_name(view):
    """A tensor of the lines that make or read the node."""
    yield from _names(view, lambda kind, used, meant: kind == "wrong-name" and _is_near(view, used, meant))


def any_name(view):
    yield from _names(view, lambda kind, used, meant: kind == "wrong-name" and not _is_near(view, used, meant))


def _is_near(view, used, meant):
    return meant in view.near() and view.shape_of(used) == view.shape_of(meant)


def _names(view, is_wanted):
    gradients = {f"d{node}" for node in view.nodes}
    for part, place in view.places():
        shape = view.shape_of(place.id) if is_name(place) else None
        if shape is None:
            continue
        for other in sorted(view.tensors(), key=lambda name: view.shape_of(name) != shape):
            candidate = view.shape_of(other)
            if other == place.id or not (fits_together(candidate, shape) or candidate == shape[::-1]):
                continue
            if _reads_only(view, place.id) and f"d{other}" in gradients:
                continue
            kind, sentence = _confusion(view, place.id, other)
            if is_wanted(kind, place.id, other):
                yield view.edit(kind, part, place, other, sentence)


def _reads_only(view, name):
    """Whether the name is the one gradient that the formula reads, once: without it, only zero would be right."""
    if [f"d{node}" for node in view.given()] != [name]:
        return False
    return sum(isinstance(node, ast.Name) and node.id == name for part in view.parts for node in nodes_of(part)) == 1


def _confusion(view, used, meant):
    if meant == f"d{used}":
        return "value-for-gradient", f"uses {used}, the value, where its gradient {meant} belongs"
    if used == f"d{meant}":
        return "value-for-gradient", f"uses the gradient {used} where the value {meant} belongs"
    for output, source in view.forward.items():
        line = expression(source)
        if isinstance(line, ast.Call) and {used, meant} == {output, *names_in(line) & {used, meant}}:
            was, should = ("input", "output") if meant == output else ("output", "input")
            name = line.func.attr if isinstance(line.func, ast.Attribute) else text(line.func)
            return "input-for-output", f"uses {used}, the {was} of {name}, where its {should} {meant} belongs"
    return "wrong-name", f"uses {used} where {meant} belongs"
