"""
Keeps one run from poisoning the next: what the builtins, torch, the lab itself and the modules it offers are made of is
remembered at the start, and put back before every run. (A namespace of its own a run has anyway.)
"""

import builtins
import sys
import types

# With all that is in them.
_OWN = ("running", "torch")
# Modules of the standard library that the code may import, or the lab relies on.
_LIBRARY = """
    abc ast bisect builtins cmath collections contextlib copy dataclasses datetime decimal enum fractions functools heapq
    itertools json math numbers operator pprint random re statistics string textwrap time traceback typing
""".split()


class _Attributes:
    """What a module or a class is made of. Only what does not change by itself: not its counters and caches."""

    def __init__(self, owner, is_own):
        self._owner = owner
        self._kept = {name: value for name, value in vars(owner).items() if _is_fixed(value)}
        # Whatever else comes up in it is not ours. The standard library may add to its own.
        self._names = set(vars(owner)) if is_own or owner is builtins else None

    def restore(self):
        now = vars(self._owner)
        for name, value in self._kept.items():
            if now.get(name) is not value:
                setattr(self._owner, name, value)
        if self._names is not None and len(now) != len(self._names):
            for name in set(now) - self._names:
                delattr(self._owner, name)


class _Function:
    """What a function does."""

    def __init__(self, function):
        self._function = function
        self._code = function.__code__
        self._defaults = function.__defaults__
        self._named_defaults = function.__kwdefaults__

    def restore(self):
        function = self._function
        if function.__code__ is not self._code:
            function.__code__ = self._code
        if function.__defaults__ is not self._defaults:
            function.__defaults__ = self._defaults
        if function.__kwdefaults__ is not self._named_defaults:
            function.__kwdefaults__ = self._named_defaults


_remembered = []
_modules = {}
_limits = {}


def remember():
    """To be called once, when everything is loaded."""
    _modules.update(sys.modules)
    _limits["recursion"] = sys.getrecursionlimit()
    for name, module in sorted(sys.modules.items()):
        if name.partition(".")[0] in _OWN:
            _remember_own(module)
        elif name in _LIBRARY:
            _remembered.append(_Attributes(module, False))


def _remember_own(module):
    _remembered.append(_Attributes(module, True))
    for value in vars(module).values():
        if isinstance(value, type) and value.__module__ == module.__name__:
            _remembered.append(_Attributes(value, True))
            _remembered.extend(_Function(part) for part in vars(value).values() if type(part) is types.FunctionType)
        elif type(value) is types.FunctionType and value.__module__ == module.__name__:
            _remembered.append(_Function(value))


def _is_fixed(value):
    return callable(value) or isinstance(value, (property, classmethod, staticmethod, types.ModuleType))


def restore():
    """Puts back what the last run changed."""
    sys.settrace(None)
    sys.setprofile(None)
    sys.setrecursionlimit(_limits.get("recursion", 1000))
    sys.modules.update(_modules)
    for remembered in _remembered:
        remembered.restore()
