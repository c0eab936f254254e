"""
Puts hooks into the person's statements, wherever they stand: in a `with`, a function, a loop, a method. After each simple
statement a hook tells the engine what the place that was written now holds; see running/hooks.py, whose names these are.
"""

import ast

from reading.rewriting import is_simple_key, text

BOUND = "__bound__"
ITEM = "__item__"
ATTRIBUTE = "__attribute__"
WROTE = "__wrote__"

_BLOCKS = ("body", "orelse", "finalbody")


class Sites:
    """
    The places of the code that have a hook, by number: [{line, places}], the places being those that may be written there:
    `grads['h'][0]`, and `grads['h']`, which is what is written where that is a tensor. The end of a loop has one as well.
    """

    def __init__(self):
        self.listed = []

    def add_loop(self, statement, first):
        """The end of a loop, whose sites begin with `first`."""
        self.listed.append({"line": statement.lineno, "places": [], "loop": [first, len(self.listed)]})
        return ast.Constant(len(self.listed) - 1)

    def add(self, statement, *places):
        self.listed.append({"line": statement.lineno, "places": places})
        return ast.Constant(len(self.listed) - 1)


class NoSites:
    """For statements that an edit brings in: what they write is told, and completes no answer."""

    def add_loop(self, statement, first):
        return ast.Constant(-2)

    def add(self, statement, *places):
        return ast.Constant(-2)

    listed = ()


def observed(statement, sites):
    """
    [statement, hook, …], the statement itself being the very object it was wherever it is a simple one without `:=`: edits
    find their places in it by identity.
    """
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [_with_blocks(statement, sites)]
    if isinstance(statement, (ast.For, ast.AsyncFor, ast.While)):
        first = len(sites.listed)
        loop = _with_blocks(statement, sites)
        return [loop, _located(ast.Expr(_call(WROTE, [sites.add_loop(statement, first)])), statement)]
    if isinstance(statement, (ast.If, ast.With, ast.AsyncWith, ast.Try, ast.Match)):
        return [_with_blocks(statement, sites)]
    walrus = isinstance(statement, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return)) and _has_walrus(statement)
    first = _with_hooks_inside(statement, statement, sites) if walrus else statement
    return [first, *(_located(hook, statement) for hook in _hooks(statement, sites))]


def _with_blocks(statement, sites):
    """A copy whose blocks are observed; what stands in its head is shared."""
    fields = dict(ast.iter_fields(statement))
    for name in _BLOCKS:
        if fields.get(name):
            fields[name] = _block(fields[name], sites)
    for name in ("handlers", "cases"):
        if name in fields:
            fields[name] = [_with_blocks(part, sites) for part in fields[name]]
    copy = type(statement)(**fields)
    return ast.copy_location(copy, statement) if hasattr(statement, "lineno") else copy


def _block(statements, sites):
    return [part for statement in statements for part in observed(statement, sites)]


def _hooks(statement, sites):
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, (ast.AugAssign, ast.AnnAssign)) and statement.value is not None:
        targets = [statement.target]
    else:
        targets = []
    value = getattr(statement, "value", None)
    for target in targets:
        yield from _of_target(target, statement, sites)
    if isinstance(statement, ast.Expr) and isinstance(value, ast.Call):
        yield ast.Expr(_call(WROTE, [sites.add(statement, *_in_place(statement))]))


def _has_walrus(node):
    return isinstance(node, ast.NamedExpr) or any(
        _has_walrus(part) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr) and not isinstance(part, ast.Lambda)
    )


def _with_hooks_inside(node, statement, sites):
    """
    A copy in which the hook of each `name := value` stands in the expression, since what follows in it reads the name; what
    has none within is shared. Functions of their own are left as they are.
    """
    if isinstance(node, ast.Lambda) or not _has_walrus(node):
        return node
    copy = type(node)(**{name: _inside(field, statement, sites) for name, field in ast.iter_fields(node)})
    ast.copy_location(copy, node)
    if isinstance(node, ast.NamedExpr):
        name = node.target.id
        copy.value = _call(BOUND, [sites.add(statement, name), ast.Constant(name), copy.value])
    return copy


def _inside(field, statement, sites):
    if isinstance(field, list):
        return [_inside(part, statement, sites) for part in field]
    return _with_hooks_inside(field, statement, sites) if isinstance(field, ast.expr) else field


def _of_target(target, statement, sites):
    if isinstance(target, (ast.Tuple, ast.List)):
        for part in target.elts:
            yield from _of_target(part, statement, sites)
    elif isinstance(target, ast.Name):
        place = ast.Constant(target.id)
        held = _call(BOUND, [sites.add(statement, target.id), place, ast.Name(target.id, ast.Load())])
        yield ast.Assign([ast.Name(target.id, ast.Store())], held)
    elif isinstance(target, (ast.Subscript, ast.Attribute)) and is_simple_key(target.value):
        holder = text(target.value)
        arguments = [sites.add(statement, text(target), holder), ast.Constant(holder), _loaded(target.value)]
        if isinstance(target, ast.Attribute):
            yield ast.Expr(_call(ATTRIBUTE, [*arguments, ast.Constant(target.attr)]))
        elif is_simple_key(target.slice):
            yield ast.Expr(_call(ITEM, [*arguments, _loaded(target.slice)]))
        else:
            yield ast.Expr(_call(WROTE, [arguments[0]]))
    else:
        yield ast.Expr(_call(WROTE, [sites.add(statement, *_base(target))]))


def _in_place(statement):
    """The name at the start of `name.view(-1).add_(1)`."""
    function = statement.value.func
    return _base(function) if isinstance(function, ast.Attribute) and function.attr.endswith("_") else []


def _base(node):
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return [node.id] if isinstance(node, ast.Name) else []


def _loaded(node):
    """The same expression, to be read."""
    return ast.parse(text(node), mode="eval").body


def _call(name, arguments):
    return ast.Call(ast.Name(name, ast.Load()), arguments, [])


def _located(hook, statement):
    for node in ast.walk(hook):
        if "lineno" in node._attributes:
            ast.copy_location(node, statement)
    return hook
