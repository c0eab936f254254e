"""Calls of the engine, and its errors as Python's own."""

from _engine import call

EXCEPTIONS = {
    "IndexError": IndexError,
    "MemoryError": MemoryError,
    "RuntimeError": RuntimeError,
    "TypeError": TypeError,
    "ValueError": ValueError,
    "ZeroDivisionError": ZeroDivisionError,
}


def raise_error(answer):
    """Raises what the engine answered: "!RuntimeError: …"."""
    kind, _, message = answer[1:].partition(": ")
    raise EXCEPTIONS.get(kind, RuntimeError)(message)


def check(answer):
    """Raises where a call that gives nothing answered an error."""
    if type(answer) is str:
        raise_error(answer)


def text(name, *parameters):
    """The text that a call gives."""
    answer = call(name, *parameters)
    if answer[:1] == "!":
        raise_error(answer)
    return answer
