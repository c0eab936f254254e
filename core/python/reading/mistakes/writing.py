"""How a gradient is written: adding or assigning, what is there already, and in which order."""

import ast

from reading.formula import is_name
from reading.rewriting import expression, method_call, statements, text


def assign_for_add(view):
    """`=` where earlier lines had written the gradient already, or an index comes twice."""
    seen = False
    for part in view.direct:
        statement = part.statement
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
            adding = lambda s=statement, t=target: ast.AugAssign(t, ast.Add(), s.value)
            if seen and view.is_whole(target):
                sentence = f"assigns {view.target} anew; it should add (+=) to what is there"
                yield view.edit("assign-for-add", part, statement, adding, sentence)
            elif isinstance(target, ast.Subscript) and not view.is_whole(target):
                sentence = f"assigns to elements of {view.target} (=); where an index comes twice they should add up (+=)"
                yield view.edit("assign-for-add", part, statement, adding, sentence)
                yield view.edit("assign-for-add", part, statement, _adding_rows(view, statement, target), sentence)
        if isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Add):
            target = statement.target
            if isinstance(target, ast.Subscript) and not view.is_whole(target):
                sentence = f"adds to elements of {view.target}; where an index comes twice, `+=` adds only once"
                yield view.edit("assign-for-add", part, statement, _adding_rows(view, statement, target), sentence)
        seen = True


def _adding_rows(view, statement, target):
    index, rows = f"({text(target.slice)}).view(-1)", f"({text(statement.value)}).view(-1, {view.target}.shape[-1])"
    return lambda: statements(f"{view.target}.index_add_(0, {index}, {rows})")[0]


def call_that_overwrites(view):
    """`index_put_` without accumulate, `scatter_` for `scatter_add_`."""
    for part in view.parts:
        for call in ast.walk(part.statement):
            if method_call(call, "index_put_"):
                flags = [keyword for keyword in call.keywords if keyword.arg == "accumulate"]
                if (flags and text(flags[0].value) == "True") or len(call.args) > 2:
                    continue
                new = ast.Call(call.func, call.args, [ast.keyword("accumulate", ast.Constant(True))])
                sentence = "puts values over each other where an index comes twice; they should add up (accumulate=True)"
                yield view.edit("assign-for-add", part, call, new, sentence)
            if method_call(call, "scatter_", "scatter"):
                added = {"scatter_": "scatter_add_", "scatter": "scatter_add"}[call.func.attr]
                new = ast.Call(ast.Attribute(call.func.value, added, ast.Load()), call.args, call.keywords)
                sentence = f"puts values over each other where an index comes twice; they should add up ({added})"
                yield view.edit("assign-for-add", part, call, new, sentence)


def add_for_assign(view):
    """`+=` where what is there already is not a part of the gradient."""
    for part in view.direct:
        statement = part.statement
        if isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Add) and view.is_whole(statement.target):
            change = lambda s=statement: ast.Assign([s.target], s.value)
            yield view.edit("add-for-assign", part, statement, change, f"adds to {view.target}; it should assign (=)")


def order(view):
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


def index_block(view):
    """`x[range(n), i]` with an i of shape (n, 1), or `x[:, i]`: every row gets what belongs to one; `x[i]`: whole rows."""
    for part in view.parts:
        for place in ast.walk(part.statement):
            if isinstance(place, ast.Subscript) and is_name(place.slice) and len(view.shape_of(place.slice.id) or ()) == 1:
                index = place.slice
                sentence = f"takes whole rows, {text(place)}; it should be one element a row, [range(n), {text(index)}]"
                yield view.edit("index-block", part, index, f"(range(n), {text(index)})", sentence)
            if not (isinstance(place, ast.Subscript) and isinstance(place.slice, ast.Tuple) and len(place.slice.elts) == 2):
                continue
            rows, columns = place.slice.elts
            if isinstance(rows, ast.Slice) and rows.lower is None and rows.upper is None:
                sentence = f"takes whole columns, {text(place)}; it should be one element a row, [range(n), {text(columns)}]"
                yield view.edit("index-block", part, rows, "range(n)", sentence)
            if not _counts_rows(rows):
                continue
            flat = _flattened(columns)
            sentence = (
                f"pairs range(n) with {text(columns)} of shape (n, 1), which gives a block of n by n: every row gets every "
                f"row's element; it should be one element a row, {text(columns)}.view(-1)"
            )
            yield view.edit("index-block", part, columns, flat, sentence)
            statement = part.statement
            if isinstance(statement, (ast.Assign, ast.AugAssign)):
                changes = [(part, columns, flat), (part, statement.value, _flattened(statement.value))]
                yield view.edit_all("index-block", changes, sentence)


def _counts_rows(node):
    return isinstance(node, ast.Call) and text(node.func) in ("range", "torch.arange")


def _flattened(node):
    return ast.Call(ast.Attribute(node, "view", ast.Load()), [expression("-1")], [])
