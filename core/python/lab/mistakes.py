"""
The catalogue: for each mistake that people make, the edits that would undo it. An edit names the mistake only where the
edited formula equals autograd's gradient; the order decides between several that do: the smallest and most specific
first.
"""

import ast

from lab.formula import fits_together, is_name, quoted
from lab.rewriting import (
    binary,
    expression,
    factors,
    method_call,
    names_in,
    negated,
    number_of,
    statements,
    text,
    times,
)


def mistakes(view):
    """Every edit that may undo a mistake, the likeliest first."""
    for generate in _generators:
        yield from generate(view)


def _assign_for_add(view):
    """`=` where earlier lines had written the gradient already."""
    seen = False
    for part in view.direct:
        statement = part.statement
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
            if seen and is_name(target):
                change = lambda s=statement, t=target: ast.AugAssign(t, ast.Add(), s.value)
                yield view.edit(
                    "assign-for-add", part, statement, change, f"assigns {view.target} anew; it should add (+=) to what is there"
                )
            if isinstance(target, ast.Subscript):
                change = lambda s=statement, t=target: ast.AugAssign(t, ast.Add(), s.value)
                sentence = f"assigns to elements of {view.target} (=); where an index comes twice they should add up (+=)"
                yield view.edit("assign-for-add", part, statement, change, sentence)
                yield view.edit("assign-for-add", part, statement, _adding_rows(view, statement, target), sentence)
        if isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Add):
            target = statement.target
            if isinstance(target, ast.Subscript):
                sentence = f"adds to elements of {view.target}; where an index comes twice, `+=` adds only once"
                yield view.edit("assign-for-add", part, statement, _adding_rows(view, statement, target), sentence)
        seen = True


def _add_for_assign(view):
    """`+=` where what is there already is not a part of the gradient."""
    for part in view.direct:
        statement = part.statement
        if isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Add) and is_name(statement.target):
            change = lambda s=statement: ast.Assign([s.target], s.value)
            yield view.edit("add-for-assign", part, statement, change, f"adds to {view.target}; it should assign (=)")


def _adding_rows(view, statement, target):
    source = f"{view.target}.index_add_(0, ({text(target.slice)}).view(-1), ({text(statement.value)}).view(-1, {view.target}.shape[-1]))"
    return lambda: statements(source)[0]


def _keepdim(view):
    for part, place in view.places():
        if not method_call(place, "sum", "mean", "max", "min", "var", "std"):
            continue
        kept = [keyword for keyword in place.keywords if keyword.arg in ("keepdim", "keepdims")]
        others = [keyword for keyword in place.keywords if keyword not in kept]
        if kept:
            sentence = "keeps the summed axis (keepdim=True), which the node's shape does not have"
            yield view.edit("keepdim", part, place, ast.Call(place.func, place.args, others), sentence)
        elif place.args or others:
            keyword = ast.keyword("keepdim", ast.Constant(True))
            sentence = f"forgets keepdim=True: {view.node} keeps the axis that is summed"
            yield view.edit("keepdim", part, place, ast.Call(place.func, place.args, [*others, keyword]), sentence)


def _axis(view):
    for part, place in view.places():
        if not method_call(place, "sum", "mean", "max", "min", "var", "std"):
            continue
        if not place.args and not place.keywords:
            for axis, kept in ((0, False), (0, True), (1, False), (1, True)):
                new = _summed(place.func.value, axis, kept, place.func.attr)
                yield view.edit("axis", part, place, new, f"sums over everything; it should run over axis {axis} only")
        axes = [argument for argument in place.args[:1]] + [k.value for k in place.keywords if k.arg in ("dim", "axis")]
        for axis in axes:
            present = number_of(axis)
            for other in (0, 1, 2):
                if present is None or other == present:
                    continue
                yield view.edit(
                    "axis", part, axis, ast.Constant(other), f"sums over axis {present}; it should run over axis {other}"
                )


def _summed(node, axis, kept, method="sum"):
    keywords = [ast.keyword("keepdim", ast.Constant(True))] if kept else []
    return ast.Call(ast.Attribute(node, method, ast.Load()), [ast.Constant(axis)], keywords)


def _view(view):
    for part in view.direct:
        for root in part.roots:
            new = lambda r=root: ast.Call(ast.Attribute(r, "view", ast.Load()), [expression(f"{view.node}.shape")], [])
            yield view.edit("missing-view", part, root, new, f"lacks a view: .view({view.node}.shape)")


def _sign(view):
    for part in view.direct:
        for root in part.roots:
            sentence = "has the opposite sign: what it computes should be negated"
            yield view.edit("sign", part, root, lambda r=root: negated(r), sentence)
        if isinstance(part.statement, ast.AugAssign) and isinstance(part.statement.op, (ast.Add, ast.Sub)):
            other = ast.Add() if isinstance(part.statement.op, ast.Sub) else ast.Sub()
            change = lambda s=part.statement, o=other: ast.AugAssign(s.target, o, s.value)
            word = "subtracts where it should add" if isinstance(other, ast.Add) else "adds where it should subtract"
            yield view.edit("sign", part, part.statement, change, word)
    for part, place in view.places():
        if isinstance(place, ast.BinOp) and isinstance(place.op, (ast.Add, ast.Sub)):
            adds = isinstance(place.op, ast.Add)
            new = binary(place.left, ast.Sub() if adds else ast.Add(), place.right)
            word = "adds where it should subtract" if adds else "subtracts where it should add"
            yield view.edit("sign", part, place, new, f"{word}: {quoted(place)} should be {quoted(new)}")
        elif place not in part.roots:
            yield view.edit("sign", part, place, lambda p=place: negated(p), f"has the opposite sign in {quoted(place)}")


def _count(view):
    """n against n − 1."""
    forward = " ".join(line for line in view.forward.values() if view.node in names_in(expression(line)))
    for part in view.parts:
        inside = set()
        for place in (node for root in part.roots for node in ast.walk(root)):
            if isinstance(place, ast.Call) and text(place.func) in ("range", "torch.arange"):
                inside |= set(ast.walk(place))
            if isinstance(place, ast.BinOp) and isinstance(place.op, (ast.Sub, ast.Add)) and _is_count(view, place.left):
                if number_of(place.right) == 1:
                    inside.add(place.left)
                    also = "; the forward pass divided by n" if "1/n" in forward.replace(" ", "") else ""
                    yield view.edit("n-minus-1-for-n", part, place, place.left, f"uses {text(place)} for n{also}")
            if _is_count(view, place) and place not in inside:
                also = "; the forward pass divided by n−1" if "(n-1)" in forward.replace(" ", "") else ""
                new = binary(place, ast.Sub(), ast.Constant(1))
                yield view.edit("n-for-n-minus-1", part, place, new, f"{_use(part, place)} by n{also or ', not by n−1'}")


def _use(part, place):
    """Whether the count divides, to say so."""
    for node in (node for root in part.roots for node in ast.walk(root)):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and place in (node.left, node.right):
            return "multiplies"
    return "divides"


def _is_count(view, node):
    """Whether an expression is the number of examples: n, 32, Xb.shape[0]."""
    if is_name(node):
        return node.id == "n"
    value = number_of(node)
    if value is not None:
        return value == view.scope.get("n") and value > 2
    return isinstance(node, ast.Subscript) and text(node.value).endswith(".shape") and text(node.slice) == "0"


def _transposed(node):
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return node.value
    return ast.Attribute(node, "T", ast.Load())


def _transpose(view):
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
            sentence = "transposes what should not be" if isinstance(place, ast.Attribute) and place.attr == "T" else "lacks a transpose"
            yield view.edit("transpose", part, place, new, f"{sentence}: {quoted(new)}")


def _sum_and_mean(view):
    for part, place in view.places():
        if method_call(place, "mean", "sum"):
            was, new = ("mean", "sum") if place.func.attr == "mean" else ("sum", "mean")
            call = ast.Call(ast.Attribute(place.func.value, new, ast.Load()), place.args, place.keywords)
            yield view.edit(f"{was}-for-{new}", part, place, call, f"takes the {was}; it should be the {new}")
            sentence = f"takes a {was} that the forward pass gives no reason for: {quoted(place)}"
            yield view.edit("extra-sum", part, place, place.func.value, sentence)
    for part in view.direct:
        for root in part.roots:
            for axis, kept in ((0, False), (0, True), (1, False), (1, True), (2, False)):
                new = _summed(root, axis, kept)
                arguments = f"sum({axis}{', keepdim=True' if kept else ''})"
                sentence = f"lacks a sum: {view.node} was broadcast in the forward pass, so its gradient needs .{arguments}"
                yield view.edit("missing-sum", part, root, new, sentence)


def _factor_two(view):
    for part, place in view.places():
        if isinstance(place, ast.Constant) or (isinstance(place, ast.UnaryOp) and number_of(place) is not None):
            continue
        if not (place in part.roots or _is_term(part, place)):
            continue
        for factor, sentence in ((2.0, "lacks a factor 2"), (0.5, "has a factor 2 too many")):
            new = times(ast.Constant(factor), place)
            yield view.edit("factor-2", part, place, new, f"{sentence} in {quoted(place)}")


def _is_term(part, place):
    """Whether the place is added to, or subtracted from, something."""
    for root in part.roots:
        for node in ast.walk(root):
            if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)) and place in (node.left, node.right):
                return True
    return False


def _exponent(view):
    for part, place in view.places():
        if isinstance(place, ast.BinOp) and isinstance(place.op, ast.Pow):
            present = number_of(place.right)
            if present is None:
                continue
            for other in (present - 1, present + 1, -present, present / 2, present * 2, present - 0.5, present + 0.5):
                new = binary(place.left, ast.Pow(), expression(f"{other:g}"))
                sentence = f"raises {quoted(place.left)} to the power {present:g}; it should be {other:g}"
                yield view.edit("exponent", part, place, new, sentence)
        elif is_name(place) and view.shape_of(place.id) is not None:
            for other in (2, -1, 0.5, -2):
                new = binary(place, ast.Pow(), expression(f"{other:g}"))
                yield view.edit("exponent", part, place, new, f"uses {place.id} itself; it should be {quoted(new)}")


def _name(view):
    """One name read for another: a value for its gradient, an input for the output, or any other."""
    for part, place in view.places():
        if not is_name(place):
            continue
        shape = view.shape_of(place.id)
        if shape is None:
            continue
        for other in sorted(view.tensors(), key=lambda name: _likeness(view, place.id, name)):
            candidate = view.shape_of(other)
            if other == place.id or not (fits_together(candidate, shape) or candidate == shape[::-1]):
                continue
            kind, sentence = _confusion(view, place.id, other)
            yield view.edit(kind, part, place, other, sentence)


def _likeness(view, used, meant):
    kind, _ = _confusion(view, used, meant)
    same = view.shape_of(used) == view.shape_of(meant)
    return (kind == "wrong-name", not same)


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


def _order(view):
    """A tensor read before it is complete, or after something changed it."""
    for part, place in view.places():
        if not is_name(place):
            continue
        name = place.id
        if name != view.target and view.is_incomplete(name, part):
            sentence = f"reads {name} before the last line that adds to it, or after it was changed again"
            yield view.edit("updated-for-old", part, place, f"_grad_{name[1:]}", sentence)
        elif view.is_overwritten(name, part):
            sentence = f"reads {name} after a line before it has changed it in place"
            yield view.edit("updated-for-old", part, place, f"_value_{name}", sentence)


def _factor_places(view):
    """Where a factor may be missing: in what is computed, in each term of it, and in what is summed."""
    for part, place in view.places():
        summed = any(
            method_call(node, "sum", "mean") and node.func.value is place for root in part.roots for node in ast.walk(root)
        )
        if place in part.roots or summed or _is_term(part, place):
            yield part, place


def _missing_factor(view):
    known = []
    for consumer, path in view.paths():
        inner = path.args[0]
        known += [factor for factor in factors(inner) if text(factor) != f"_grad_{consumer}" and number_of(factor) is None]
    known += [expression("n / (n - 1)"), expression("(n - 1) / n")]
    for name in ("n", "(n - 1)"):
        known += [expression(f"1.0 / {name}"), expression(name)]
    tensors = view.tensors()
    near = [name for name in tensors if name in view.nodes]
    known += [expression(name) for name in near]
    known += [expression(f"1.0 / {name}") for name in near]
    known += [expression(name) for name in tensors if name not in near]
    known = list({text(factor): factor for factor in known}.values())
    for part, place in _factor_places(view):
        for factor in known:
            sentence = f"lacks the factor {quoted(factor)} in {quoted(place)}"
            yield view.edit("missing-factor", part, place, lambda p=place, f=factor: times(f, p), sentence)


def _whole(view):
    """A factor that all of what several lines give lacks."""
    if len(view.direct) < 2:
        return
    last = view.direct[-1]
    for kind, factor, sentence in (
        ("sign", "-1", "leaves the result with the opposite sign"),
        ("factor-2", "2", "leaves the result without a factor 2"),
        ("factor-2", "0.5", "leaves the result with a factor 2 too many"),
        ("missing-factor", "1.0 / n", "leaves the result without the factor `1.0 / n`"),
        ("missing-factor", "n", "leaves the result without the factor `n`"),
        ("n-for-n-minus-1", "n / (n - 1)", "leaves the result divided by n, not by n−1"),
        ("n-minus-1-for-n", "(n - 1) / n", "leaves the result divided by n−1, not by n"),
    ):
        yield view.edit(kind, last, last.statement, _and_then(last.statement, f"{view.target} = {view.target} * ({factor})"), sentence)


def _and_then(statement, source):
    """The statement, and another after it."""
    return lambda: [statement, *_located(statements(source), statement)]


def _extra_factor(view):
    for part, place in view.places():
        if not (isinstance(place, ast.BinOp) and isinstance(place.op, (ast.Mult, ast.Div))):
            continue
        for kept, dropped in ((place.left, place.right), (place.right, place.left)):
            if isinstance(place.op, ast.Div) and kept is place.right:
                continue
            word = "divides by" if isinstance(place.op, ast.Div) else "multiplies by"
            yield view.edit("extra-factor", part, place, kept, f"{word} {quoted(dropped)}, which does not belong there")


def _extra_term(view):
    for part, place in view.places():
        if isinstance(place, ast.BinOp) and isinstance(place.op, (ast.Add, ast.Sub)) and view.reads_tensors(place):
            word = "subtracts" if isinstance(place.op, ast.Sub) else "adds"
            sentence = f"{word} {quoted(place.right)}, which does not belong there"
            yield view.edit("extra-term", part, place, place.left, sentence)


def _branch(view):
    """A consumer of the node whose part is not in the sum, or is in it twice."""
    if not view.direct:
        return
    last = view.direct[-1]
    for consumer, path in view.paths():
        for kind, operator, sentence in (
            ("missing-branch", "+", f"leaves out the branch through {consumer}: {view.node} is used there too"),
            ("extra-branch", "-", f"counts the branch through {consumer} twice"),
        ):
            source = f"{view.target} = {view.target} {operator} {text(path)}"
            yield view.edit(kind, last, last.statement, _and_then(last.statement, source), sentence)


def _located(made, like):
    for statement in made:
        for node in ast.walk(statement):
            if "lineno" in node._attributes:
                ast.copy_location(node, like)
    return made


_generators = (
    _order,
    _assign_for_add,
    _keepdim,
    _axis,
    _sign,
    _count,
    _transpose,
    _view,
    _sum_and_mean,
    _factor_two,
    _exponent,
    _extra_factor,
    _branch,
    _extra_term,
    _add_for_assign,
    _name,
    _missing_factor,
    _whole,
)
