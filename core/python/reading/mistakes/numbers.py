"""Signs, exponents, numbers, and what is counted."""

import ast

from reading.formula import is_name, quoted
from reading.mistakes.places import is_divisor, is_term, nodes_of
from reading.rewriting import binary, expression, method_call, names_in, negated, number_of, substitute_all, text, times


def sign(view):
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
        elif place not in part.roots and is_term(part, place):
            yield view.edit("sign", part, place, lambda p=place: negated(p), f"has the opposite sign in {quoted(place)}")


def count(view):
    """n against n − 1."""
    forward = " ".join(line for line in view.forward.values() if view.node in names_in(expression(line)))
    for part in view.parts:
        inside = set()
        for place in nodes_of(part):
            if isinstance(place, ast.Call) and text(place.func) in ("range", "torch.arange"):
                inside |= set(ast.walk(place))
            if isinstance(place, ast.BinOp) and isinstance(place.op, (ast.Sub, ast.Add)) and _is_count(view, place.left):
                if number_of(place.right) == 1:
                    inside.add(place.left)
                    also = "; the forward pass divided by n" if "1/n" in forward.replace(" ", "") else ""
                    yield view.edit("n-minus-1-for-n", part, place, place.left, f"uses {text(place)} for n{also}")
            if _is_count(view, place) and place not in inside:
                inside |= set(ast.walk(place))
                also = "; the forward pass divided by n−1" if "(n-1)" in forward.replace(" ", "") else ""
                new = binary(place, ast.Sub(), ast.Constant(1))
                use = _use(part, place)
                sentence = f"uses {text(place)} where n−1 belongs" if use is None else f"{use} by n{also or ', not by n−1'}"
                yield view.edit("n-for-n-minus-1", part, place, new, sentence)
            if isinstance(place, ast.BinOp) and isinstance(place.op, ast.Div):
                if "n" in names_in(place.left) and "n" in names_in(place.right) and not view.reads_tensors(place):
                    new = binary(place.right, ast.Div(), place.left)
                    sentence = f"has {quoted(place)}; it should be {quoted(new)}"
                    yield view.edit("n-for-n-minus-1", part, place, new, sentence)
            if _is_count_less_one(view, place):
                sentence = f"uses {text(place)}, which is n−1, for n"
                yield view.edit("n-minus-1-for-n", part, place, binary(place, ast.Add(), ast.Constant(1)), sentence)


def _use(part, place):
    """What is done with the count: "multiplies", "divides", or None where it is neither."""
    for node in nodes_of(part):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and place in (node.left, node.right):
            return "multiplies"
    if is_divisor(part, place) or isinstance(part.statement, ast.AugAssign) and isinstance(part.statement.op, ast.Div):
        return "divides"
    return None


def _is_count(view, node):
    """Whether an expression is the number of examples: n, 32, Xb.shape[0], len(Xb), x.size(0)."""
    if is_name(node):
        return node.id == "n" or (_number(view, node) == _number(view, "n") is not None)
    value = number_of(node)
    if value is not None:
        return value == _number(view, "n") and value > 2
    if isinstance(node, ast.Subscript) and text(node.value).endswith(".shape"):
        return text(node.slice) == "0"
    if isinstance(node, ast.Call) and text(node.func) == "len":
        return True
    return method_call(node, "size") and [text(argument) for argument in node.args] == ["0"]


def _is_count_less_one(view, node):
    """Whether a name of the person's own stands for n − 1."""
    examples = _number(view, "n")
    return is_name(node) and examples is not None and _number(view, node) == examples - 1


def _number(view, name):
    """What a name stands for, where that is a number; None otherwise."""
    value = view.scope.get(name.id if is_name(name) else name)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def elements(view):
    """A count of elements, or of columns, where the count of examples belongs."""
    for part in view.parts:
        for place in nodes_of(part):
            described = _counted(view, place)
            if described is None:
                continue
            verb = "divides by" if is_divisor(part, place) else "uses"
            belongs = "it should be" if verb == "divides by" else "it should use"
            for new, meant in (("n", "n, the count of examples"), ("(n - 1)", "n−1")):
                sentence = f"{verb} {text(place)}, {described}; {belongs} {meant}"
                yield view.edit("elements-for-examples", part, place, new, sentence)
            if verb == "divides by":
                whole = next(n for n in nodes_of(part) if isinstance(n, ast.BinOp) and n.right is place)
                sentence = f"divides by {text(place)}, {described}; nothing here is to be divided by it"
                yield view.edit("elements-for-examples", part, whole, whole.left, sentence)


def mean_over_everything(view):
    """`.mean()`: divides by the count of elements."""
    for part in view.parts:
        for place in nodes_of(part):
            if method_call(place, "mean") and not place.args and not place.keywords:
                new = binary(ast.Call(ast.Attribute(place.func.value, "sum", ast.Load()), [], []), ast.Div(), expression("n"))
                sentence = f"takes {quoted(place)}, which divides by the count of elements; it should divide by n"
                yield view.edit("elements-for-examples", part, place, new, sentence)
                new = binary(place.func.value, ast.Div(), expression("n"))
                sentence = f"takes {quoted(place)}, one number; it should divide by n only, without a sum"
                yield view.edit("elements-for-examples", part, place, new, sentence)


def _counted(view, node):
    """What an expression counts besides the examples; None where it is no count."""
    if method_call(node, "numel", "nelement"):
        return "the count of elements"
    if isinstance(node, ast.Subscript) and text(node.value).endswith(".shape") and text(node.slice) in ("1", "-1", "2"):
        return "the count of columns"
    if method_call(node, "size") and [text(argument) for argument in node.args] in (["1"], ["-1"], ["2"]):
        return "the count of columns"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        left, right = node.left, node.right
        for one, other in ((left, right), (right, left)):
            if _is_count(view, one) and (_counted(view, other) == "the count of columns" or _size(view, other)):
                return "the count of elements"
        return None
    value = number_of(node)
    if value is None and is_name(node):
        value = _number(view, node)
    return _size_word(view, value)


def _size(view, node):
    """Whether a number or a name stands for a number of columns."""
    value = _number(view, node) if is_name(node) else number_of(node)
    return _size_word(view, value) == "the count of columns"


def _size_word(view, value):
    if not isinstance(value, (int, float)) or value <= 3 or value == _number(view, "n"):
        return None
    shapes = [shape for shape in map(view.shape_of, view.nodes) if shape]
    if any(len(shape) > 1 and value == shape[-1] for shape in shapes):
        return "the count of columns"
    counts = {shape: _product(shape) for shape in shapes}
    return "the count of elements" if value in counts.values() else None


def _product(sizes):
    product = 1
    for size in sizes:
        product *= size
    return product


def factor_two(view):
    for part, place in view.places():
        if number_of(place) is not None or not (place in part.roots or is_term(part, place)):
            continue
        for factor, sentence in ((2.0, "lacks a factor 2"), (0.5, "has a factor 2 too many")):
            new = times(ast.Constant(factor), place)
            yield view.edit("factor-2", part, place, new, f"{sentence} in {quoted(place)}")


def number(view):
    """A number for another that the chain rule has."""
    known = {1.0, 2.0, 0.5}
    for _, path in view.paths():
        known |= {abs(number_of(node)) for node in ast.walk(path) if number_of(node) is not None}
    for part, place in view.places():
        present = number_of(place)
        if present is None:
            continue
        for other in sorted({*known, *(-value for value in known)} - {present}, key=abs):
            sentence = f"has {present:g} where {other:g} belongs"
            yield view.edit("number", part, place, expression(f"{other:g}"), sentence)


def exponent(view):
    for part, place in view.places():
        if isinstance(place, ast.BinOp) and isinstance(place.op, ast.Pow):
            present = number_of(place.right)
            if present is None:
                continue
            others = (present - 1, present + 1, -present, present / 2, present * 2, present - 0.5, present + 0.5)
            for other in dict.fromkeys(others):
                new = binary(place.left, ast.Pow(), expression(f"{other:g}"))
                sentence = f"raises {quoted(place.left)} to the power {present:g}; it should be {other:g}"
                yield view.edit("exponent", part, place, new, sentence)
        elif method_call(place, "sqrt", "rsqrt", "square") or _root_of_module(place):
            inner = place.args[0] if _root_of_module(place) else place.func.value
            sentence = f"takes {quoted(place)}; it should be {quoted(inner)} itself"
            yield view.edit("exponent", part, place, inner, sentence)
            for power in (3, 2):
                new = binary(place, ast.Pow(), ast.Constant(power))
                yield view.edit("exponent", part, place, new, f"uses {quoted(place)}; it should be {quoted(new)}")


def _root_of_module(node):
    return isinstance(node, ast.Call) and text(node.func) in ("torch.sqrt", "torch.rsqrt", "torch.square") and node.args


_FUNCTIONS = {"torch.tanh", "torch.sigmoid", "torch.exp", "F.tanh", "F.sigmoid"}


def exponent_missing(view):
    """A power or a root forgotten altogether."""
    for part, place in view.places():
        divides = is_divisor(part, place)
        is_sum = isinstance(place, ast.BinOp) and isinstance(place.op, (ast.Add, ast.Sub)) and not view.carries_gradient(place)
        is_function = isinstance(place, ast.Call) and text(place.func) in _FUNCTIONS
        is_tensor = is_name(place) and view.shape_of(place.id) is not None
        if not (is_sum and place not in part.roots) and not is_function and not is_tensor:
            continue
        # A divisor to the power −1 would multiply: that is another mistake, and other edits say so better.
        for other in (2, 3, 0.5, 1.5) if divides else (2, 3, -1, 0.5, -0.5, -2, -1.5):
            new = binary(place, ast.Pow(), expression(f"{other:g}"))
            yield view.edit("exponent", part, place, new, f"uses {quoted(place)} itself; it should be {quoted(new)}")


def epsilon(view):
    """The small number that the forward pass adds to a variance, forgotten, another, or added somewhere else."""
    for name, added in _epsilons(view):
        plus = f"({name} + {added:g})"
        for part in view.parts:
            for place in nodes_of(part):
                if is_name(place) and place.id == name:
                    if not _adds(part, place):
                        sentence = f"forgets the {added:g} that the forward pass adds to {name}: it should be {plus}"
                        yield view.edit("epsilon", part, place, plus, sentence)
                    continue
                if not (isinstance(place, ast.BinOp) and isinstance(place.op, (ast.Add, ast.Sub))):
                    continue
                for outer, constant in ((place.left, place.right), (place.right, place.left)):
                    number = _small(view, constant)
                    if number is None or name not in names_in(outer):
                        continue
                    if is_name(outer):
                        sentence = f"has {quoted(place)}; the forward pass adds {added:g} to {name}"
                        yield view.edit("epsilon", part, place, plus, sentence)
                    else:
                        inner = [node for node in ast.walk(outer) if is_name(node) and node.id == name]
                        sentence = f"adds {number:g} to {quoted(outer)}; the forward pass adds {added:g} to {name} itself"
                        changes = [(part, place, _exchanged(outer, inner, plus))]
                        yield view.edit_all("epsilon", changes, sentence)


def _epsilons(view):
    """(name, number) for each small number that a forward line adds to a node."""
    for line in view.forward.values():
        for node in ast.walk(expression(line)):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and is_name(node.left):
                number = number_of(node.right)
                if number is not None and 0 < number < 0.01:
                    yield node.left.id, number


def _small(view, node):
    value = _number(view, node) if is_name(node) else number_of(node)
    return value if value is not None and 0 < value < 0.01 else None


def _adds(part, place):
    """Whether a number is added to the place already."""
    return any(
        isinstance(node, ast.BinOp)
        and isinstance(node.op, (ast.Add, ast.Sub))
        and ((node.left is place and number_of(node.right) is not None) or (node.right is place and number_of(node.left) is not None))
        for node in nodes_of(part)
    )


def _exchanged(tree, nodes, source):
    return substitute_all(tree, {id(node): expression(source) for node in nodes})
