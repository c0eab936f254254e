"""Questions about a place in a formula that several kinds of mistakes ask."""

import ast

from reading.rewriting import method_call


def nodes_of(part):
    """Every part of what the statement computes."""
    return (node for root in part.roots for node in ast.walk(root))


def is_term(part, place):
    """Whether the place is added to, or subtracted from, something."""
    return any(
        isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)) and place in (node.left, node.right)
        for node in nodes_of(part)
    )


def is_divisor(part, place):
    """Whether something is divided by the place itself."""
    return any(
        isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and place is node.right for node in nodes_of(part)
    )


def factor_places(view):
    """Where a factor may be missing: in what is computed, in each term of it, and in what is summed."""
    for part, place in view.places():
        summed = any(method_call(node, "sum", "mean") and node.func.value is place for node in nodes_of(part))
        if place in part.roots or summed or is_term(part, place):
            yield part, place
