"""
Whole branches of the chain rule: left out, counted twice, divided by another count. Each edit takes away what the formula
is thought to have for the part of the gradient that comes through one node, and adds what that part should be: it mends
the formula only where it had just that.
"""

import ast

from reading.mistakes.shapes import axis_changes
from reading.rewriting import expression, names_in, number_of


def missing_branch(view):
    """A part that is not in the sum: statistics taken as constants, or a reader of the node forgotten."""
    walk = view.walk()
    if not view.direct or not walk.routes:
        return
    statistics = _reducing(view, 0)
    readers = {route[-2] for route in walk.routes}
    seen = set()
    for names in ([statistics] if len(statistics) > 1 else []) + [[name] for name in _parts(view, walk)]:
        routes = walk.through(*names)
        if routes in seen or len(routes) == len(walk.routes):
            continue
        seen.add(routes)
        is_reader = len(names) == 1 and names[0] in readers
        kind = "missing-branch" if is_reader or not set(names) <= set(statistics) else "statistics-constant"
        yield _changed(view, names, "1", kind, _left_out(view, names, is_reader, kind))
    for route in _single_routes(view, walk):
        yield _route_changed(view, route, "1", "missing-branch", f"leaves out the path {' → '.join(route)}")


def _left_out(view, names, is_reader, kind):
    if is_reader:
        return f"leaves out the branch through {names[0]}: {view.node} is used there too"
    if kind == "statistics-constant":
        words = " and ".join(_statistic(view, name) for name in names)
        paths = "path" if len(names) == 1 else "paths"
        constants = "a constant" if len(names) == 1 else "constants"
        return f"takes batch {words} as {constants}: leaves out the {paths} through {' and '.join(names)}"
    return f"takes {names[0]} as a constant: leaves out the path through it"


def altered_branch(view):
    """A part that is in the sum, but twice, negated, or divided by another count."""
    walk = view.walk()
    if not view.direct or len(walk.routes) < 2:
        return
    told = {}
    for name in _parts(view, walk):
        told.setdefault(walk.through(name), name)
    readers = {route[-2] for route in walk.routes}
    parts = [name for routes, name in told.items() if len(routes) < len(walk.routes)]
    averaged = [name for name in parts if _through_average(view, walk, name)]
    for names, had, kind, sentence in (
        (averaged, "(n - 1) / n", "n-for-n-minus-1", "lacks n/(n−1) on the {}: divides by n there, not by n−1"),
        (averaged, "n / (n - 1)", "n-minus-1-for-n", "has n/(n−1) too many on the {}: divides by n−1 there, not by n"),
        (parts, "2", "extra-branch", "counts the {} twice"),
        (parts, "-1", "sign", "has the opposite sign on the {}"),
        (averaged, "n", "missing-factor", "lacks the factor `1.0 / n` on the {}"),
        (averaged, "(n - 1)", "missing-factor", "lacks the factor `1.0 / (n - 1)` on the {}"),
        (parts, "0.5", "factor-2", "lacks a factor 2 on the {}"),
        (parts, "1 / n", "missing-factor", "lacks the factor `n` on the {}"),
    ):
        for name in names:
            way = f"{'branch' if name in readers else 'path'} through {name}"
            yield _changed(view, [name], f"(1 - {had})", kind, sentence.format(way))
    for route in _single_routes(view, walk):
        way = f"path {' → '.join(route)}"
        yield _route_changed(view, route, "(1 - 1 / n)", "missing-factor", f"lacks the factor `n` on the {way}")
        yield _route_changed(view, route, "(1 - 2)", "extra-branch", f"counts the {way} twice")


def other_norm(view):
    """Batch norm's formula with the sums of layer norm: over another axis, and without n/(n−1)."""
    statistics = _reducing(view, 0)
    if not view.direct or not statistics:
        return
    for changes, told in axis_changes(view):
        for name in statistics:
            correction = _part_source(view, [name], "(1 - (n - 1) / n)")
            sentence = f"{told}, and lacks n/(n−1) on the path through {name}"
            yield view.edit_all("axis", changes, sentence, after=correction)


def jacobian_diagonal(view):
    """Only what each element passes back to itself: sums over the other examples, or the other columns, forgotten."""
    walk = view.walk()
    shape = view.shape_of(view.node)
    if not view.direct or not walk.routes or len(shape) != 2:
        return
    starts = [view.shape_of(start) for start in walk.starts]
    if any(start != shape for start in starts):
        return
    for axis, others in ((0, "the other examples of the batch pass"), (1, "the other columns of a row pass")):
        reduced = _reducing(view, axis)
        if not reduced:
            continue
        sentence = f"takes only the diagonal of the Jacobian: leaves out what {others} back through {' and '.join(reduced)}"
        yield _diagonal(view, axis, (), sentence)
        for name in reduced if len(reduced) > 1 else ():
            rest = " and ".join(other for other in reduced if other != name)
            also = f"takes {name} as a constant, and only the diagonal of the Jacobian: leaves out what {others} back through {rest}"
            yield _diagonal(view, axis, [name], also)


def _diagonal(view, axis, without, sentence):
    walk = view.walk()
    own = "_only[_index]" if axis == 0 else "_only[:, _index]"
    source = f"""{walk.function("_walk")}
{walk.function("_part", without=without)}
_diagonal = torch.zeros_like({view.node})
for _index in range({view.node}.shape[{axis}]):
    _only = torch.zeros_like({view.node})
    {own} = 1.0
    _diagonal += _only * {walk.call("_part", "_grad_{} * _only")}
{view.target} = {view.target} - _diagonal + {walk.call("_walk")}"""
    return view.edit_after("jacobian-diagonal", source, sentence)


def _changed(view, names, factor, kind, sentence):
    """The part of the gradient that comes through the nodes, times the factor, added."""
    return view.edit_after(kind, _part_source(view, names, factor), sentence)


def _part_source(view, names, factor):
    walk = view.walk()
    return f"""{walk.function("_walk")}
{walk.function("_rest", without=names)}
{view.target} = {view.target} + {factor} * ({walk.call("_walk")} - {walk.call("_rest")})"""


def _route_changed(view, route, factor, kind, sentence):
    walk = view.walk()
    source = f"""{walk.function("_walk", route=route)}
{view.target} = {view.target} + {factor} * {walk.call("_walk")}"""
    return view.edit_after(kind, source, sentence)


def _single_routes(view, walk):
    """The routes that no node tells from all others, but for those through several sums: they are parts of a part."""
    told = {walk.through(name) for name in walk.between()}
    for number, route in enumerate(walk.routes):
        sums = [name for name in route[1:-1] if _reduced_axis(view, name) is not None]
        if len(walk.routes) > 2 and frozenset([number]) not in told and len(sums) < 2:
            yield route


def _through_average(view, walk, name):
    """Whether what comes through the node is divided by a count of examples on its way."""
    lines = [view.forward.get(other, "") for number in walk.through(name) for other in walk.routes[number]]
    return any("n" in names_in(expression(line)) for line in lines if line)


def _parts(view, walk):
    """The nodes by which parts of the gradient are told: those that read the node, then statistics, then the others."""
    between = walk.between()
    readers = [name for name in between if any(route[-2] == name for route in walk.routes)]
    reducing = [name for name in between if _reduced_axis(view, name) is not None]
    return list(dict.fromkeys([*readers, *reducing, *between]))


def _reducing(view, axis):
    """The nodes on the way that sum over the axis, in the order of the forward pass."""
    walk = view.walk()
    on_the_way = set(walk.between()) - set(walk.starts)
    return [name for name in view.nodes if name in on_the_way and _reduced_axis(view, name) == axis]


def _reduced_axis(view, name):
    """The axis over which the line that makes the node sums, or takes a mean or a maximum; None where it does not."""
    source = view.forward.get(name)
    for node in ast.walk(expression(source)) if source else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            if node.func.attr in ("sum", "mean", "max", "var"):
                return number_of(node.args[0])
    return None


def _statistic(view, name):
    """Whether a statistic is the mean, or the variance: a mean of squares."""
    for read in names_in(expression(view.forward[name])):
        for node in ast.walk(expression(view.forward.get(read, "0"))):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and number_of(node.right) == 2:
                return "variance"
    return "mean"
