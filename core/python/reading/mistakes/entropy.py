"""Softmax, one-hot vectors and maxima: taken twice, or of another tensor."""

import ast

from reading.formula import is_name, quoted
from reading.mistakes.places import nodes_of
from reading.rewriting import expression, method_call, names_in, text


def softmax_twice(view):
    """The softmax of what is a softmax already; its logarithm for itself."""
    for part in view.parts:
        for call in nodes_of(part):
            read = _softmax_of(call, "softmax")
            if read is not None:
                if is_name(read):
                    sentence = f"takes the softmax of {read.id}, which is the softmax already: it should be {read.id} itself"
                    yield view.edit("softmax-twice", part, call, read, sentence)
                inner = _softmax_of(read, "softmax")
                if inner is not None:
                    sentence = f"takes the softmax twice: {quoted(call)} should be {quoted(read)}"
                    yield view.edit("softmax-twice", part, call, read, sentence)
                continue
            read = _softmax_of(call, "log_softmax")
            if read is not None:
                new = ast.Call(ast.Attribute(call.func.value, "softmax", ast.Load()), call.args, call.keywords)
                sentence = f"uses the logarithm of the softmax, {quoted(call)}, where the softmax itself belongs"
                yield view.edit("log-softmax-for-softmax", part, call, new, sentence)


def _softmax_of(node, function):
    """What the softmax is taken of; None where the node is no softmax."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == function):
        return None
    if text(node.func.value) in ("torch", "F", "torch.nn.functional"):
        return node.args[0] if node.args else None
    return node.func.value


def one_hot(view):
    """A one at the target for a one at the row's maximum, and the other way round; an index of other columns."""
    for part in view.parts:
        for place in ast.walk(part.statement):
            index = _column_index(place)
            if index is None:
                continue
            for meant, told in _indices(view):
                if text(index) == meant:
                    continue
                sentence = f"has its ones at {quoted(index)}; they should be at `{meant}`, {told}"
                yield view.edit("one-hot", part, index, meant, sentence)


def _column_index(node):
    """What says, row by row, where something is; None where the node does not."""
    if isinstance(node, ast.Call) and text(node.func).endswith("one_hot") and node.args:
        return node.args[0]
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 2:
        rows, columns = node.slice.elts
        if isinstance(rows, ast.Call) and text(rows.func) in ("range", "torch.arange"):
            return columns
    return None


def _indices(view):
    """(index, what it is): the targets, and the maxima that the forward pass takes."""
    yield "Yb", "the targets"
    for line in view.forward.values():
        for node in ast.walk(expression(line)):
            if method_call(node, "max") and node.args:
                name = text(node.func.value)
                yield f"{name}.max({text(node.args[0])}).indices", f"the maxima of {name}"


def one_hot_missing(view):
    """The one-hot vectors of the maxima left out: the gradient of a maximum spread over the whole row."""
    for reader, path in view.paths():
        masks = [
            node for node in ast.walk(path) if isinstance(node, ast.Call) and text(node.func) == "F.one_hot"
        ]
        if not masks or not view.direct:
            continue
        right = text(path)
        wrong = text(path).replace(text(masks[0]), f"torch.ones_like({view.node})")
        by_target = text(path).replace(text(masks[0]), f"F.one_hot(Yb, num_classes={view.node}.shape[1])")
        for had, kind, sentence in (
            (
                wrong,
                "one-hot",
                f"passes d{reader} on to every element of a row; it should go to the element that was the maximum only",
            ),
            (by_target, "one-hot", f"passes d{reader} on to the target's element; it should go to the one that was the maximum"),
            (
                right.replace(text(masks[0]), f"{text(masks[0])}.sum(0, keepdim=True)"),
                "one-hot",
                f"passes d{reader} on to every row's maximum in all rows; it should go to the row's own maximum only",
            ),
            (
                right.replace(text(masks[0]), f"({text(masks[0])}.sum(0, keepdim=True) > 0)"),
                "one-hot",
                f"passes d{reader} on to every row's maximum in all rows; it should go to the row's own maximum only",
            ),
        ):
            yield view.edit_after(kind, f"{view.target} = {view.target} - _fit({had}, {view.node}.shape) + {right}", sentence)


def target_missing(view):
    """The one of `softmax − one-hot` taken from every element, or not at all."""
    for part in view.parts:
        statement = part.statement
        if not (isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Sub) and is_name(statement.target)):
            continue
        if isinstance(statement.value, ast.Constant):
            new = ast.AugAssign(expression_target(f"{statement.target.id}[range(n), Yb]"), statement.op, statement.value)
            sentence = f"subtracts {text(statement.value)} from every element; it should from the target's of each row only"
            yield view.edit("one-hot", part, statement, ast.copy_location(new, statement), sentence)
    for part, place in view.places():
        if isinstance(place, ast.BinOp) and isinstance(place.op, ast.Sub) and isinstance(place.right, ast.Constant):
            if view.reads_tensors(place.left) and not names_in(place.left) & {"n"}:
                columns = f"{view.node}.shape[-1]"
                new = f"({text(place.left)} - {text(place.right)} * F.one_hot(Yb, num_classes={columns}))"
                sentence = f"subtracts {text(place.right)} from every element; it should from the target's of each row only"
                yield view.edit("one-hot", part, place, new, sentence)


def expression_target(source):
    """The tree of something that is assigned to."""
    return ast.parse(f"{source} = 0").body[0].targets[0]
