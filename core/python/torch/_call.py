"""
Calls of the engine, and its errors as Python's own.

A call is written to a device, and what the write gives is the answer: so that nothing of the other side's is ever an object
here. A number is four times itself; a text, or a number too large for that, is its length in bytes times four, and one more,
or two more; it is then to be read.
"""

from posix import read, write

EXCEPTIONS = {
    "IndexError": IndexError,
    "MemoryError": MemoryError,
    "RuntimeError": RuntimeError,
    "TypeError": TypeError,
    "ValueError": ValueError,
    "ZeroDivisionError": ZeroDivisionError,
}


_device = None


def connect(device):
    """Every call goes to this file descriptor from now on."""
    global _device
    _device = device


def call(name, *parameters):
    """What the engine answers: a number or a text. Parameters are whole numbers and texts."""
    parts = [f"n{parameter}" if type(parameter) is int else f"t{parameter}" for parameter in parameters]
    answer = write(_device, "\0".join([name, *parts]).encode("utf-8", "replace"))
    if answer & 3 == 0:
        return answer >> 2
    given = read(_device, answer >> 2).decode()
    return int(given) if answer & 3 == 2 else given


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
