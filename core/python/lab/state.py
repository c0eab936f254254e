"""
Keeps one run from poisoning the next: what the lab's own modules, torch and the builtins are made of is remembered at
the start, and put back before every run. (A namespace of its own a run has anyway.)
"""

import builtins
import sys
import types

_OWN = ("lab", "torch")
# Modules whose functions the lab itself or the notebook's code relies on.
_LIBRARY = ("ast", "json", "math", "random", "statistics", "traceback")

_remembered = []


def remember():
    """To be called once, when everything is loaded."""
    modules = [
        module
        for name, module in sorted(sys.modules.items())
        if name.partition(".")[0] in _OWN or name in _LIBRARY or module is builtins
    ]
    for module in modules:
        own = module.__name__.partition(".")[0] in _OWN
        _remember_attributes(module)
        for value in list(vars(module).values()):
            if own and isinstance(value, type) and value.__module__ == module.__name__:
                _remember_attributes(value)
                for method in vars(value).values():
                    _remember_function(method)
            elif own:
                _remember_function(value)


def _remember_attributes(owner):
    # Only what never changes by itself: a module's counters and caches are its own affair.
    kept = {name: value for name, value in vars(owner).items() if callable(value) or isinstance(value, _DESCRIPTORS)}
    _remembered.append((owner, kept, None))


def _remember_function(function):
    if isinstance(function, types.FunctionType):
        parts = (function.__code__, function.__defaults__, function.__kwdefaults__)
        _remembered.append((function, None, parts))


_DESCRIPTORS = (property, classmethod, staticmethod, types.MemberDescriptorType, types.ModuleType)


def restore():
    """Puts back what the last run changed."""
    for owner, kept, parts in _remembered:
        if parts is not None:
            if owner.__code__ is not parts[0]:
                owner.__code__ = parts[0]
            if owner.__defaults__ is not parts[1]:
                owner.__defaults__ = parts[1]
            if owner.__kwdefaults__ is not parts[2]:
                owner.__kwdefaults__ = parts[2]
            continue
        now = vars(owner)
        for name, value in kept.items():
            if now.get(name, _missing) is not value:
                setattr(owner, name, value)
        if owner is builtins:
            for name in now.keys() - kept.keys() - _builtin_names:
                delattr(owner, name)


_missing = object()
_builtin_names = set(vars(builtins))
