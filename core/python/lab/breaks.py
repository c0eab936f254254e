"""
What a person would leave out of a right formula: a term, a factor, a sum, a sign, the `+` of `+=`. A batch on which none
of it makes a difference cannot show that the formula is right.
"""

import ast

from lab.formula import is_name, quoted
from lab.rewriting import binary, method_call, number_of


def breaks(view):
    """
    Every break of the formula. The upstream gradient itself is never left out: nobody forgets it. A number, such as
    `1.0/(n-1)`, is one factor, left out as a whole.
    """
    yield from _adding(view)
    for part, place in view.places():
        if place not in part.roots and not view.reads_tensors(place):
            continue
        if isinstance(place, ast.UnaryOp) and isinstance(place.op, ast.USub):
            yield view.edit("sign", part, place, place.operand, f"the minus of {quoted(place)}")
        elif method_call(place, "sum"):
            call = ast.Call(ast.Attribute(place.func.value, "mean", ast.Load()), place.args, place.keywords)
            yield view.edit("sum", part, place, call, f"the sum in {quoted(place)} (taken as a mean)")
        elif isinstance(place, ast.BinOp):
            yield from _of_operation(view, part, place)


def _adding(view):
    for part in view.direct:
        statement = part.statement
        if isinstance(statement, ast.AugAssign) and isinstance(statement.op, (ast.Add, ast.Sub)):
            change = lambda s=statement: ast.Assign([s.target], s.value)
            yield view.edit("assign", part, statement, change, "the `+` of `+=`")
            if is_name(statement.target):
                yield view.edit("term", part, statement, ast.Pass, f"the term {quoted(statement.value)}")


def _of_operation(view, part, place):
    left, right = place.left, place.right
    if isinstance(place.op, (ast.Add, ast.Sub)):
        other = ast.Add() if isinstance(place.op, ast.Sub) else ast.Sub()
        yield view.edit("sign", part, place, binary(left, other, right), f"the sign in {quoted(place)}")
        yield view.edit("term", part, place, left, f"the term {quoted(right)}")
        yield view.edit("term", part, place, right, f"the term {quoted(left)}")
    elif isinstance(place.op, (ast.Mult, ast.Div)):
        pairs = [(left, right)] if isinstance(place.op, ast.Div) else [(left, right), (right, left)]
        for kept, dropped in pairs:
            if not view.carries_gradient(dropped) and number_of(dropped) != 1:
                yield view.edit("factor", part, place, kept, f"the factor {quoted(dropped)}")
