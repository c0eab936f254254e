"""Formulas whose parts are right, but put together otherwise: parentheses, sums of products, a value and its gradient."""

import ast

from reading.formula import is_name, quoted
from reading.mistakes.places import nodes_of
from reading.rewriting import binary, factors, method_call, text


def parentheses(view):
    """`1 - h**2 * dh` for `(1 - h**2) * dh`, `x / n - 1` for `x / (n - 1)`, and the other way round."""
    for part, place in view.places():
        if not isinstance(place, ast.BinOp):
            continue
        for new in _regrouped(place):
            sentence = f"has its parentheses in another place: {quoted(place)} should be {quoted(new)}"
            yield view.edit("parentheses", part, place, new, sentence)


def _regrouped(place):
    left, right = place.left, place.right
    if isinstance(place.op, (ast.Add, ast.Sub)):
        if isinstance(right, ast.BinOp) and isinstance(right.op, ast.Div):
            yield binary(binary(left, place.op, right.left), ast.Div(), right.right)
        first, *others = factors(right)
        if others:
            yield _product(binary(left, place.op, first), others)
        if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Div):
            yield _product(binary(left.left, ast.Div(), binary(left.right, place.op, first)), others)
    elif isinstance(place.op, (ast.Mult, ast.Div)):
        if isinstance(left, ast.BinOp) and isinstance(left.op, (ast.Add, ast.Sub)):
            yield binary(left.left, left.op, binary(left.right, place.op, right))
        if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Div):
            yield binary(left.left, ast.Div(), binary(left.right, place.op, right))


def _product(first, others):
    for other in others:
        first = binary(first, ast.Mult(), other)
    return first


def product_of_sums(view):
    """`a.sum(0) * b.sum(0)` for `(a * b).sum(0)`."""
    for part, place in view.places():
        if not (isinstance(place, ast.BinOp) and isinstance(place.op, ast.Mult)):
            continue
        one, other = place.left, place.right
        both = all(method_call(side, "sum", "mean") for side in (one, other))
        if not both or one.func.attr != other.func.attr:
            continue
        product = binary(one.func.value, ast.Mult(), other.func.value)
        new = ast.Call(ast.Attribute(product, one.func.attr, ast.Load()), one.args, one.keywords)
        sentence = f"multiplies two sums, {quoted(place)}; it should be the sum of the products"
        yield view.edit("product-of-sums", part, place, new, sentence)


def exchanged(view):
    """A value and its gradient, each where the other belongs."""
    places = [(part, node) for part in view.parts for node in nodes_of(part) if is_name(node)]
    for name in view.nodes:
        gradient = f"d{name}"
        changes = [
            (part, node, ast.Name(gradient if node.id == name else name, ast.Load()))
            for part, node in places
            if node.id in (name, gradient)
        ]
        if len({text(node) for _, node, _ in changes}) == 2:
            yield view.edit_all("value-for-gradient", changes, f"uses {name} and {gradient} each where the other belongs")


def ones_for_value(view):
    """The node itself where only its shape matters: what is broadcast is multiplied by ones."""
    for part, place in view.places():
        if is_name(place) and place.id == view.node:
            ones = f"torch.ones_like({view.node})"
            sentence = f"multiplies by {view.node} itself; it should be {ones}"
            yield view.edit("extra-factor", part, place, ones, sentence)
