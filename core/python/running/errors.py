"""Python's own errors, with the line of the person's code and, where tensors do not fit, their names and shapes."""

import ast
import traceback

from torch import Tensor

# What the person's code is compiled as.
FILE_NAME = "backward.py"


def describe(error, source):
    """{type, message, line} of an exception that came out of the person's code `source`."""
    name = type(error).__name__
    if isinstance(error, SyntaxError) and error.filename == FILE_NAME:
        return {"type": name, "message": str(error.msg), "line": error.lineno}
    own, last = _frames(error.__traceback__)
    message = _message(error)
    if own is not None and last.tb_frame.f_globals.get("__name__", "").startswith("torch."):
        message += _shapes(own, source)
    return {"type": name, "message": message, "line": None if own is None else own.tb_lineno}


def _message(error):
    """As CPython prints it, with its suggestions ("Did you mean: …?")."""
    name = type(error).__name__
    try:
        printed = "".join(traceback.TracebackException.from_exception(error).format_exception_only()).strip()
    except Exception as second:
        # The person's own exception may fail when it is printed.
        return f"<{name} that cannot be printed: {type(second).__name__}>"
    return printed.rpartition("__main__.")[2].removeprefix(name).removeprefix(": ")


def _frames(trace):
    """The deepest traceback entry that is in the person's code, and the deepest of all."""
    own = last = None
    while trace is not None:
        last = trace
        if trace.tb_frame.f_code.co_filename == FILE_NAME:
            own = trace
        trace = trace.tb_next
    return own, last


def _shapes(entry, source):
    """" (dlogits is [32, 27], W2 is [200, 27])": the tensors named in the expression that failed."""
    line, end_line, column, end_column = list(entry.tb_frame.f_code.co_positions())[entry.tb_lasti // 2]
    if None in (line, end_line, column, end_column):
        return ""
    told = {}
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Name) or (node.lineno, node.col_offset) < (line, column):
            continue
        value = entry.tb_frame.f_locals.get(node.id, entry.tb_frame.f_globals.get(node.id))
        if (node.end_lineno, node.end_col_offset) <= (end_line, end_column) and type(value) is Tensor:
            told[node.id] = f"{node.id} is {list(value.shape)}"
    return f" ({', '.join(told.values())})" if told else ""
