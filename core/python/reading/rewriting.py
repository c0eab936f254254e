"""Syntax trees of the person's statements: the places where numbers are computed, and trees with a part exchanged."""

import ast
import functools

# The part of `ast` that this needs is loaded at its first use, and once the lab is closed there are no files to load it from.
ast.unparse(ast.Constant(0))

# Calls whose arguments give a shape or whole numbers only: nothing in them is worth editing.
_SHAPE_ONLY = {"ones_like", "zeros_like", "zeros", "ones", "full", "full_like", "one_hot", "range", "len", "eye", "arange"}
_SHAPE_ATTRIBUTES = {"shape", "ndim", "indices", "dtype"}
# Methods that give a tensor's sizes: another tensor of the same size is no better in its place.
_COUNTING_METHODS = {"numel", "nelement", "size", "dim"}
# Methods that take another operand; the arguments of all others are axes, shapes and flags.
_OPERAND_METHODS = {"mul", "matmul", "add", "sub", "div", "mm", "index_add_", "index_put_", "scatter_add_"}


@functools.lru_cache(maxsize=500)
def expression(source):
    """The tree of an expression; not to be changed, for others are given the same one."""
    return ast.parse(source, mode="eval").body


def statements(source):
    return ast.parse(source).body


@functools.lru_cache(maxsize=2000)
def text(node):
    """The node's source."""
    return ast.unparse(node)


def substitute(tree, old, new):
    """A copy of the tree with the node `old` (that very object) exchanged for `new`: a node, or a list of statements."""
    return substitute_all(tree, {id(old): new})


def substitute_all(tree, new):
    """A copy of the tree with several nodes exchanged; `new` is {id of the node: what it is exchanged for}."""
    if id(tree) in new:
        return new[id(tree)]
    if isinstance(tree, ast.AST):
        fields = {name: substitute_all(value, new) for name, value in ast.iter_fields(tree)}
        return ast.copy_location(type(tree)(**fields), tree) if "lineno" in tree._attributes else type(tree)(**fields)
    if isinstance(tree, list):
        copied = [substitute_all(value, new) for value in tree]
        return [part for value in copied for part in (value if isinstance(value, list) else [value])]
    return tree


def simple_statements(statement):
    """The statement itself, or those inside of it where it is a loop, a condition or a function."""
    if not isinstance(statement, (ast.For, ast.While, ast.If, ast.With, ast.FunctionDef, ast.Try)):
        yield statement
        return
    for field in ("body", "orelse", "finalbody"):
        for inner in getattr(statement, field, []):
            yield from simple_statements(inner)


def places_of(target):
    """What is written where the target is assigned to: `grads['h'][0]`, `grads['h']` and `grads`, as text."""
    places = [text(target)]
    while isinstance(target, (ast.Subscript, ast.Attribute)):
        target = target.value
        places.append(text(target))
    return places


def written_values(statement):
    """(places, expression) for each value that a simple statement computes; no places where it is used up at once."""
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            value = statement.value
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
                yield from ((places_of(part), element) for part, element in zip(target.elts, value.elts))
            else:
                yield places_of(target), value
    elif isinstance(statement, (ast.AugAssign, ast.AnnAssign)) and statement.value is not None:
        yield places_of(statement.target), statement.value
    elif isinstance(statement, ast.Return) and statement.value is not None:
        yield [], statement.value
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        call = statement.value
        if isinstance(call.func, ast.Attribute) and call.func.attr.endswith("_") and call.args:
            yield places_of(call.func), call.args[-1]


def numeric(node):
    """Every expression inside of this one, itself first, whose numbers the result is computed from."""
    yield node
    if isinstance(node, ast.BinOp):
        yield from numeric(node.left)
        if not isinstance(node.op, ast.Pow):
            yield from numeric(node.right)
    elif isinstance(node, ast.UnaryOp):
        yield from numeric(node.operand)
    elif isinstance(node, (ast.Tuple, ast.List)):
        for element in node.elts:
            yield from numeric(element)
    elif isinstance(node, ast.Subscript):
        yield from numeric(node.value)
    elif isinstance(node, ast.Attribute) and node.attr not in _SHAPE_ATTRIBUTES:
        yield from numeric(node.value)
    elif isinstance(node, ast.Call):
        yield from _numeric_of_call(node)


def _numeric_of_call(node):
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", None)
    if name in _SHAPE_ONLY:
        return
    is_method = isinstance(function, ast.Attribute) and not is_module(function.value)
    if is_method and name not in _COUNTING_METHODS:
        yield from numeric(function.value)
    if not is_method or name in _OPERAND_METHODS:
        for argument in node.args:
            yield from numeric(argument)


def is_module(node):
    return text(node) in {"torch", "F", "torch.nn.functional", "math"}


def method_call(node, *names):
    """Whether this is `something.sum(…)`, for one of the names."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    return node.func.attr in names and not is_module(node.func.value)


def factors(node):
    """A product's factors, e.g. of -a / b * c**2: [-1, a, 1 / b, c**2]."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return factors(node.left) + factors(node.right)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return factors(node.left) + [binary(ast.Constant(1.0), ast.Div(), node.right)]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return [expression("-1"), *factors(node.operand)]
    return [node]


def binary(left, operator, right):
    return ast.BinOp(left, operator, right)


def times(left, right):
    return binary(left, ast.Mult(), right)


def negated(node):
    return node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else ast.UnaryOp(ast.USub(), node)


@functools.lru_cache(maxsize=2000)
def names_in(node):
    """The names that the tree reads or writes."""
    return frozenset(part.id for part in ast.walk(node) if isinstance(part, ast.Name))


def is_simple_key(node):
    """Whether reading the expression once more does nothing else: a name, a literal, or items and attributes of such."""
    if isinstance(node, ast.Attribute):
        return is_simple_key(node.value)
    if isinstance(node, ast.Subscript):
        return is_simple_key(node.value) and is_simple_key(node.slice)
    return isinstance(node, (ast.Name, ast.Constant))


def number_of(node):
    """The number that a literal stands for, with its sign; None where it is none."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = number_of(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        return node.value
    return None
