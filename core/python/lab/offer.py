"""What the person's code is offered: builtins without files, the modules of the notebook, and a limited output."""

import builtins
import collections
import collections.abc
import dataclasses
import functools
import itertools
import math
import operator
import random
import statistics
import time
import typing

import torch
import torch.nn.functional

MODULES = {
    "collections": collections,
    "collections.abc": collections.abc,
    "dataclasses": dataclasses,
    "functools": functools,
    "itertools": itertools,
    "math": math,
    "operator": operator,
    "random": random,
    "statistics": statistics,
    "time": time,
    "torch": torch,
    "torch.nn": torch.nn,
    "torch.nn.functional": torch.nn.functional,
    "typing": typing,
}
OUTPUT_LIMIT = 20_000


def _import(name, globals=None, locals=None, fromlist=(), level=0):
    if level != 0 or name not in MODULES:
        offered = ", ".join(sorted(MODULES))
        raise ImportError(f"The lab has no module named '{name}'. It offers: {offered}.", name=name)
    return MODULES[name if fromlist else name.partition(".")[0]]


def _refusing(name, reason):
    def refuse(*_arguments, **_named):
        raise PermissionError(f"{name}() is not offered: {reason}.")

    refuse.__name__ = refuse.__qualname__ = name
    return refuse


def new_builtins():
    """A copy for one run, so that what the code changes in it ends with the run."""
    offered = dict(vars(builtins))
    for name in ("copyright", "credits", "exit", "help", "license", "quit", "__loader__", "__spec__"):
        offered.pop(name, None)
    offered["__import__"] = _import
    offered["open"] = _refusing("open", "the lab has no files")
    offered["input"] = _refusing("input", "nobody can answer while the code runs")
    offered["breakpoint"] = _refusing("breakpoint", "the lab runs the code as a whole")
    return offered


class Output:
    """Stands in for stdout and stderr; keeps the first OUTPUT_LIMIT characters."""

    encoding = "utf-8"

    def __init__(self):
        self._parts = []
        self._length = 0

    def write(self, text):
        room = OUTPUT_LIMIT - self._length
        if room > 0:
            self._parts.append(text[:room])
        self._length += len(text)
        return len(text)

    def flush(self):
        pass

    def isatty(self):
        return False

    def text(self):
        cut = self._length > OUTPUT_LIMIT
        note = f"\n… cut after {OUTPUT_LIMIT:,} characters of {self._length:,}." if cut else ""
        return "".join(self._parts) + note
