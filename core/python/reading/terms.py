"""Edits that find the line: each statement's own term alone, and what the chain rule says the terms are."""

import ast
import itertools

from reading.rewriting import statements, text


def terms(view):
    """
    The term that each line of a sum adds (kind "term"), and each sum of what the node's consumers pass back (kind
    "path"): a term that is no such sum is to blame. Nothing where the formula is not a plain sum of lines.
    """
    parts = view.direct
    if len(parts) < 2 or not all(_is_sum(part, view) for part in parts):
        return
    first = parts[0]
    for part in parts:
        sign = "-" if isinstance(getattr(part.statement, "op", None), ast.Sub) else ""
        source = f"{sign}_fit({text(part.statement.value)}, {view.node}.shape)"
        yield _Alone("term", part.statement.lineno, view, source, part)
    found = [path for _, path in view.paths()]
    for count in range(1, len(found) + 1):
        for chosen in itertools.combinations(found, count):
            yield _Alone("path", first.statement.lineno, view, " + ".join(text(path) for path in chosen), parts[-1])


def _is_sum(part, view):
    statement = part.statement
    if isinstance(statement, ast.AugAssign):
        plain = isinstance(statement.op, (ast.Add, ast.Sub)) and isinstance(statement.target, ast.Name)
    else:
        plain = isinstance(statement, ast.Assign) and all(isinstance(target, ast.Name) for target in statement.targets)
    return plain and view.statements[part.index] is statement


class _Alone:
    """The gradient as one expression, in the place of one statement; the formula's others do nothing."""

    def __init__(self, kind, line, view, source, part):
        self.kind = kind
        self.line = line
        self.sentence = lambda: source
        nothing = statements(f"{view.target} = None")
        self.replacement = {other.index: (other.statement, nothing) for other in view.direct}
        self.replacement[part.index] = (part.statement, statements(f"{view.target} = {source}"))
