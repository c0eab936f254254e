"""Python's own errors, with the line of the person's code and, where shapes do not fit, the names they belong to."""

import ast
import traceback

from torch import Tensor

from lab.statements import FILE_NAME

# What an error of torch's may come from: names of tensors in the expression that failed are worth telling.
_ABOUT_TENSORS = (IndexError, RuntimeError, TypeError, ValueError)


def describe(error, source):
    """{type, message, line} of an exception that came out of the person's code."""
    frame, position = _innermost(error.__traceback__)
    if isinstance(error, SyntaxError) and error.filename == FILE_NAME:
        return {"type": type(error).__name__, "message": str(error.msg), "line": error.lineno}
    message = _message(error)
    if isinstance(error, _ABOUT_TENSORS) and not isinstance(error, RecursionError) and frame is not None:
        shapes = _shapes(source, frame, position)
        if shapes:
            message = f"{message} {shapes}"
    return {"type": type(error).__name__, "message": message, "line": position[0] if position else None}


def _message(error):
    """As CPython would print it, with its suggestions ("Did you mean: …")."""
    name = type(error).__name__
    try:
        last = list(traceback.TracebackException.from_exception(error, limit=0).format_exception_only())[-1].strip()
    except Exception:
        # The person's own exception may fail when it is printed.
        return f"<{name} that cannot be shown>"
    prefix = f"{name}: "
    return last[len(prefix) :] if last.startswith(prefix) else last.partition(": ")[2] or ""


def _innermost(trace):
    """The deepest frame that is in the person's code, and where in it: (line, end line, column, end column)."""
    found = (None, None)
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == FILE_NAME:
            positions = list(code.co_positions())
            at = trace.tb_lasti // 2
            position = positions[at] if 0 <= at < len(positions) else (None, None, None, None)
            line = position[0] if position[0] is not None else trace.tb_lineno
            found = (trace.tb_frame, (line, *position[1:]))
        trace = trace.tb_next
    return found


def _shapes(source, frame, position):
    """"(dlogits is [32, 27], W2 is [200, 27])": the tensors named in the failing expression."""
    if None in position:
        return ""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and _inside(node, position) and node.id not in names:
            names.append(node.id)
    told = []
    for name in names:
        value = frame.f_locals.get(name, frame.f_globals.get(name))
        if isinstance(value, Tensor):
            told.append(f"{name} is {list(value.shape)}")
    return f"({', '.join(told)})" if told else ""


def _inside(node, position):
    line, end_line, column, end_column = position
    begins = (node.lineno, node.col_offset) >= (line, column)
    return begins and (node.end_lineno, node.end_col_offset) <= (end_line, end_column)
