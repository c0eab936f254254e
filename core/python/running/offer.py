"""What the person's code is offered: builtins without files, the modules of the notebook, and a limited output."""

import __future__
import builtins
import sys

import torch
import torch.nn.functional

from running import stand_ins

# Modules of the standard library that compute, and reach nothing.
LIBRARY = """
    abc bisect cmath collections collections.abc contextlib copy dataclasses datetime decimal enum fractions functools
    heapq itertools json math numbers operator pprint random re statistics string textwrap time typing
""".split()


def _loaded(name):
    __import__(name)
    return sys.modules[name]


MODULES = {name: _loaded(name) for name in (*LIBRARY, "torch", "torch.nn", "torch.nn.functional")}
MODULES["__future__"] = __future__
# The name under which the notebook's own imports sometimes have it.
MODULES["torch.functional"] = torch
# `import torch.optim as optim` asks here once torch itself has no `optim`.
for _name in stand_ins.ABSENT:
    if _name.startswith("torch."):
        sys.modules[_name] = stand_ins.Absent(_name, _name)
OUTPUT_LIMIT = 20_000


def _import(name, globals=None, locals=None, fromlist=(), level=0):
    if level == 0 and name in MODULES:
        return MODULES[name if fromlist else name.partition(".")[0]]
    found = stand_ins.find(name) if level == 0 else None
    if found is None:
        offered = ", ".join(sorted(MODULES))
        raise ImportError(f"The lab has no module named '{name}'. It offers: {offered}.", name=name)
    if fromlist or "." not in name:
        return found
    top = name.partition(".")[0]
    return torch if top == "torch" else stand_ins.find(top)


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
    # IPython's own, which notebooks use without importing them.
    offered["display"] = offered["get_ipython"] = stand_ins.Silent()
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
