"""
What the hooks call that reading/instrument.py puts into the code. They hand the engine's side handles of tensors, numbers and
names; what follows from them is decided there.
"""

from torch import Tensor
from torch._call import call, raise_error
from torch._handle import wrap

# Containers with more items than this hold no gradients by name.
_MOST_ITEMS = 200


class Hooks:
    """The hooks of one run, by the names that the code calls them by."""

    def __init__(self, watched, given):
        # The handle that each place held last.
        self._seen = {name: value._handle for name, value in given.items()}
        # Names of the namespace that may be written without a hook: globals()["dlogits"] = …
        self._watched = watched

    def names(self):
        return {
            "__bound__": self._bound,
            "__item__": self._item,
            "__attribute__": self._attribute,
            "__wrote__": _wrote,
            "cmp": compare,
        }

    def _bound(self, site, place, value):
        """What is to be at the place from now on: the value itself, or what the engine wants there instead."""
        held = _held(value)
        if held is None:
            if isinstance(value, (dict, list, tuple)) and len(value) <= _MOST_ITEMS:
                self._items(site, place, value)
            elif self._seen.pop(place, None) is not None:
                _told(call("lost", site, place))
            return value
        instead = _told(call("bound", site, place, held))
        value = value if instead is None else instead
        self._seen[place] = _held(value)
        return value

    def _items(self, site, place, container):
        pairs = container.items() if isinstance(container, dict) else enumerate(container)
        for key, value in list(pairs):
            if type(value) is Tensor and isinstance(key, (str, int)):
                new = self._bound(site, f"{place}[{key!r}]", value)
                if new is not value and not isinstance(container, tuple):
                    container[key] = new

    def _item(self, site, place, container, key):
        if type(container) is Tensor or not isinstance(key, (str, int)):
            _wrote(site)
            return
        value = container[key]
        new = self._bound(site, f"{place}[{key!r}]", value)
        if new is not value:
            container[key] = new

    def _attribute(self, site, place, owner, name):
        if type(owner) is Tensor:
            _wrote(site)
            return
        value = getattr(owner, name)
        new = self._bound(site, f"{place}.{name}", value)
        if new is not value:
            setattr(owner, name, new)

    def look(self, namespace):
        """After a top-level statement: what came under a watched name without a hook."""
        for name in self._watched:
            value = namespace.get(name)
            if value is not None and self._seen.get(name) != _held(value) and _held(value) is not None:
                namespace[name] = self._bound(-1, name, value)


def compare(label, gradient, node):
    """The notebook's own comparison, so that its cell runs as it is. The lab's table says more than it printed."""
    held = _held(gradient)
    if held is not None and type(node) is Tensor:
        _told(call("compared", str(label), held, node._handle))


def _wrote(site):
    _told(call("wrote", site))


def _held(value):
    """A tensor's handle, or a number as text; None for all else."""
    if type(value) is Tensor:
        return value._handle
    return repr(float(value)) if isinstance(value, (bool, int, float)) else None


def _told(answer):
    """The tensor that the engine answers with; None where it has none."""
    if type(answer) is str:
        raise_error(answer)
    return wrap(answer) if answer else None
