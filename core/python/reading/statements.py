"""The person's code as top-level statements: what each one writes and reads, and on which lines."""

import ast

from reading.instrument import Sites, observed
from running.errors import FILE_NAME

class Statement:
    """One top-level statement, which runs as a whole. What a `with` holds that only sets torch's mode stands for itself."""

    def __init__(self, index, node, source, sites):
        self.index = index
        self.node = node
        # The same with hooks in it: see instrument.py; the sites of these hooks, from the first to before the last.
        first = len(sites.listed)
        self.observed = observed(node, sites)
        self.sites = [first, len(sites.listed)]
        self.line = node.lineno
        self.end_line = node.end_lineno
        self.source = ast.get_source_segment(source, node)
        visitor = _Names()
        visitor.visit(node)
        # Name → lines of this statement that write it, in order.
        self.written = visitor.written
        self.read = visitor.read


def parse(source):
    """Splits the code, and gives its statements and the sites of their hooks. Raises SyntaxError as CPython does."""
    tree = ast.parse(source, FILE_NAME)
    # Compiled once as it stands: what is no code must not fail only after half of it has run.
    compile(tree, FILE_NAME, "exec", dont_inherit=True)
    sites = Sites()
    return [Statement(index, node, source, sites) for index, node in enumerate(_flat(tree.body))], sites


# Contexts that change nothing here: what they hold is judged statement by statement.
_MODES = {"no_grad", "enable_grad", "inference_mode", "set_grad_enabled"}


def _flat(body):
    for node in body:
        if isinstance(node, ast.With) and all(_is_mode(item) for item in node.items):
            yield from _flat(node.body)
        else:
            yield node


def _is_mode(item):
    call = item.context_expr
    name = call.func if isinstance(call, ast.Call) else None
    return item.optional_vars is None and isinstance(name, ast.Attribute) and name.attr in _MODES


def compile_statements(nodes):
    """Makes statements, the person's or rewritten ones, executable."""
    module = ast.Module(body=nodes, type_ignores=[])
    return compile(ast.fix_missing_locations(module), FILE_NAME, "exec", dont_inherit=True)


class _Names(ast.NodeVisitor):
    """
    Collects names that a statement may write: by assignment, by assignment to an element, or in place by a method whose
    name ends in `_`. What a function's body writes is its own, but for names that it declares global.
    """

    def __init__(self):
        self.written = {}
        self.read = set()

    def _write(self, name, node):
        lines = self.written.setdefault(name, [])
        if node.lineno not in lines:
            lines.append(node.lineno)

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Load):
            self.read.add(node.id)
        else:
            self._write(node.id, node)

    def visit_Subscript(self, node):
        self._visit_part(node)

    def visit_Attribute(self, node):
        self._visit_part(node)

    def _visit_part(self, node):
        """Writing `x[i]` or `x.data` writes x."""
        if not isinstance(node.ctx, ast.Load):
            self._write_base(node)
        self.generic_visit(node)

    def visit_AugAssign(self, node):
        if isinstance(node.target, ast.Name):
            self.read.add(node.target.id)
        self.generic_visit(node)

    def visit_Call(self, node):
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr.endswith("_") and not function.attr.endswith("__"):
            self._write_base(function)
        self.generic_visit(node)

    def _write_base(self, node):
        """The name at the start of `name.view(-1)[0]`."""
        base = node
        while isinstance(base, (ast.Attribute, ast.Subscript, ast.Call)):
            base = base.func if isinstance(base, ast.Call) else base.value
        if isinstance(base, ast.Name):
            self._write(base.id, node)

    def visit_FunctionDef(self, node):
        self._write(node.name, node)
        self._visit_body(node, _parameters(node.args))

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        self._visit_body(node, _parameters(node.args))

    def visit_ClassDef(self, node):
        self._write(node.name, node)
        self._visit_body(node, set())

    def _visit_comprehension(self, node):
        targets = [target for generator in node.generators for target in ast.walk(generator.target)]
        self._visit_body(node, {target.id for target in targets if isinstance(target, ast.Name)})

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _visit_comprehension

    def _visit_body(self, node, own):
        """Code with names of its own: they, and what it assigns to without `global`, are not the statement's."""
        inner = _Names()
        inner.generic_visit(node)
        shared = {name for part in ast.walk(node) if isinstance(part, ast.Global) for name in part.names}
        for part in ast.walk(node):
            if isinstance(part, ast.NamedExpr) and not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                shared.add(part.target.id)
        stored = {
            part.id for part in ast.walk(node) if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load)
        }
        own = (own | stored) - shared
        for name, lines in inner.written.items():
            if name not in own:
                self.written.setdefault(name, []).extend(lines)
        self.read |= inner.read - own

    def visit_Import(self, node):
        for alias in node.names:
            self._write((alias.asname or alias.name).split(".")[0], node)

    visit_ImportFrom = visit_Import

    def visit_ExceptHandler(self, node):
        if node.name is not None:
            self._write(node.name, node)
        self.generic_visit(node)


def _parameters(arguments):
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return {argument.arg for argument in named if argument is not None}
