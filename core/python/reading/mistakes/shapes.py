"""Axes and shapes: sums over another axis, means, transposes, views."""

import ast

from reading.formula import quoted
from reading.mistakes.places import nodes_of
from reading.rewriting import binary, expression, method_call, number_of, text

_REDUCTIONS = ("sum", "mean", "max", "min", "var", "std", "argmax", "argmin", "amax", "amin")
_NORMALISATIONS = ("softmax", "log_softmax")


def keepdim(view):
    for part, place in view.places():
        if not method_call(place, *_REDUCTIONS):
            continue
        kept = [keyword for keyword in place.keywords if keyword.arg in ("keepdim", "keepdims")]
        others = [keyword for keyword in place.keywords if keyword not in kept]
        if kept:
            sentence = "keeps the summed axis (keepdim=True), which the node's shape does not have"
            yield view.edit("keepdim", part, place, ast.Call(place.func, place.args, others), sentence)
        elif place.args or others:
            keyword = ast.keyword("keepdim", ast.Constant(True))
            sentence = f"forgets keepdim=True in {quoted(place)}: the summed axis must stay, as one"
            yield view.edit("keepdim", part, place, ast.Call(place.func, place.args, [*others, keyword]), sentence)


def axis(view):
    for part, place in _reductions(view):
        verb = _verb(place)
        if not place.args and not place.keywords and not _of_module(place):
            for number, kept in ((0, False), (0, True), (1, False), (1, True)):
                new = reduced(place.func.value, number, kept, place.func.attr)
                if place.func.attr in ("max", "min"):
                    new = ast.Attribute(new, "values", ast.Load())
                yield view.edit("axis", part, place, new, f"{verb} over everything; it should run over axis {number} only")
        for node in _axes(place):
            present = number_of(node)
            for other in (0, 1, 2):
                if present is None or other == present:
                    continue
                sentence = f"{verb} over axis {present}; it should run over axis {other}"
                yield view.edit("axis", part, node, ast.Constant(other), sentence)


def every_axis(view):
    """The same wrong axis in all of the formula's sums."""
    for changes, sentence in axis_changes(view):
        yield view.edit_all("axis", changes, sentence)


def axis_changes(view):
    """(changes, sentence) that make all of the formula's sums run over another axis."""
    found = [(part, place, node) for part, place in _reductions(view) for node in _axes(place)]
    for present, other in ((1, 0), (0, 1), (-1, 0)):
        same = [(part, node) for part, _, node in found if number_of(node) == present]
        if len(same) > 1:
            changes = [(part, node, ast.Constant(other)) for part, node in same]
            sentence = f"runs over axis {present} in {len(same)} places; it should run over axis {other} in all of them"
            yield changes, sentence
    bare = [(part, place) for part, place in _reductions(view) if not place.args and not place.keywords and not _of_module(place)]
    if len(bare) > 1:
        for number, kept in ((0, True), (1, True)):
            changes = [(part, place, reduced(place.func.value, number, kept, place.func.attr)) for part, place in bare]
            yield changes, f"runs over everything in {len(bare)} places; it should run over axis {number} only"


def _reductions(view):
    """(part, call) of every reduction and softmax, also in what gives only an index."""
    for part in view.parts:
        for node in ast.walk(part.statement):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr in _REDUCTIONS or node.func.attr in _NORMALISATIONS:
                    yield part, node


def _verb(call):
    return "sums" if call.func.attr == "sum" else f"takes the {call.func.attr}"


def _of_module(call):
    return text(call.func.value) in ("torch", "F", "torch.nn.functional")


def _axes(call):
    """The argument that gives the axis, as a list of none or one."""
    positional = call.args[1:2] if _of_module(call) else call.args[:1]
    return positional + [keyword.value for keyword in call.keywords if keyword.arg in ("dim", "axis")]


def reduced(node, number, kept, method="sum"):
    """`node.sum(number, keepdim=True)`."""
    keywords = [ast.keyword("keepdim", ast.Constant(True))] if kept else []
    return ast.Call(ast.Attribute(node, method, ast.Load()), [ast.Constant(number)], keywords)


def missing_view(view):
    for part in view.direct:
        for root in part.roots:
            new = lambda r=root: ast.Call(ast.Attribute(r, "view", ast.Load()), [expression(f"{view.node}.shape")], [])
            yield view.edit("missing-view", part, root, new, f"lacks a view: .view({view.node}.shape)")


def transpose(view):
    for part, place in view.places():
        if isinstance(place, ast.BinOp) and isinstance(place.op, ast.MatMult):
            left, right = place.left, place.right
            variants = [
                (_transposed(left), right),
                (left, _transposed(right)),
                (_transposed(left), _transposed(right)),
                (right, left),
                (_transposed(right), left),
                (right, _transposed(left)),
                (_transposed(right), _transposed(left)),
            ]
            for one, other in variants:
                new = binary(one, ast.MatMult(), other)
                yield view.edit("transpose", part, place, new, f"multiplies {quoted(place)}; it should be {quoted(new)}")
        elif place in part.roots or (isinstance(place, ast.Attribute) and place.attr == "T"):
            new = _transposed(place)
            is_transposed = isinstance(place, ast.Attribute) and place.attr == "T"
            sentence = "transposes what should not be" if is_transposed else "lacks a transpose"
            yield view.edit("transpose", part, place, new, f"{sentence}: {quoted(new)}")


def _transposed(node):
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return node.value
    return ast.Attribute(node, "T", ast.Load())


def sum_and_mean(view):
    for part, place in view.places():
        if method_call(place, "mean", "sum"):
            was, new = ("mean", "sum") if place.func.attr == "mean" else ("sum", "mean")
            call = ast.Call(ast.Attribute(place.func.value, new, ast.Load()), place.args, place.keywords)
            yield view.edit(f"{was}-for-{new}", part, place, call, f"takes the {was}; it should be the {new}")
            sentence = f"takes a {was} that the forward pass gives no reason for: {quoted(place)}"
            yield view.edit("extra-sum", part, place, place.func.value, sentence)


def every_sum_and_mean(view):
    """All of the formula's sums are means, or all its means sums."""
    for was, new in (("mean", "sum"), ("sum", "mean")):
        calls = [(part, node) for part in view.parts for node in nodes_of(part) if method_call(node, was)]
        if len(calls) > 1:
            changes = [(part, call.func, ast.Attribute(call.func.value, new, ast.Load())) for part, call in calls]
            sentence = f"takes the {was} in {len(calls)} places; it should be the {new} in all of them"
            yield view.edit_all(f"{was}-for-{new}", changes, sentence)


def missing_sum(view):
    """What was broadcast in the forward pass, and is not summed."""
    for part in view.direct:
        for root in part.roots:
            for number, kept in ((0, False), (0, True), (1, False), (1, True), (2, False)):
                arguments = f"sum({number}{', keepdim=True' if kept else ''})"
                sentence = f"lacks a sum: {view.node} was broadcast in the forward pass, so its gradient needs .{arguments}"
                yield view.edit("missing-sum", part, root, reduced(root, number, kept), sentence)


def missing_inner_sum(view):
    """A term, or a factor of one, that should be summed over an axis."""
    for part in view.direct:
        for node in nodes_of(part):
            if not (isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Add, ast.Sub))):
                continue
            for place in (node.right, node.left):
                if isinstance(place, (ast.Name, ast.BinOp)) and view.carries_gradient(place):
                    for number in (0, 1):
                        sentence = f"lacks a sum over axis {number} of {quoted(place)}"
                        yield view.edit("missing-sum", part, place, reduced(place, number, True), sentence)


def spread(view):
    """`var` for `std`, and the divisor of either."""
    for part, place in view.places():
        if not method_call(place, "var", "std"):
            continue
        other = "std" if place.func.attr == "var" else "var"
        call = ast.Call(ast.Attribute(place.func.value, other, ast.Load()), place.args, place.keywords)
        yield view.edit("exponent", part, place, call, f"takes .{place.func.attr}; it should be .{other}")
        unbiased = [keyword for keyword in place.keywords if keyword.arg == "unbiased" and text(keyword.value) == "False"]
        rest = [keyword for keyword in place.keywords if keyword not in unbiased]
        if unbiased:
            sentence = f"divides by n in {quoted(place)} (unbiased=False), not by n−1"
            yield view.edit("n-for-n-minus-1", part, place, ast.Call(place.func, place.args, rest), sentence)
        else:
            biased = ast.keyword("unbiased", ast.Constant(False))
            sentence = f"divides by n−1 in {quoted(place)}; it should divide by n (unbiased=False)"
            yield view.edit("n-minus-1-for-n", part, place, ast.Call(place.func, place.args, [*rest, biased]), sentence)
