"""
Runs the person's code, statement by statement, and single formulas again. It knows nothing of what a run is for: hooks in
the code tell the engine's side what was computed, and put other tensors in the place of some.
"""

import base64
import contextlib
import json
import marshal

import torch
import torch.nn.functional
from torch import Tensor
from torch._call import call

from running import state
from running.errors import describe
from running.hooks import Hooks
from running.names import notebook_names
from running.offer import Output, new_builtins

_program = None
_last = None


def load(request):
    """{source, statements: [code as reading/analysis.py gives it]}: the code of the runs to come."""
    global _program, _last
    state.restore()
    request = json.loads(request)
    _last = None
    _program = {"source": request["source"], "statements": [_code_of(text) for text in request["statements"]]}
    return "null"


def run(request):
    """
    {dtype, scope: {name: handle}, numbers: {name: number}, notebook: see names.py, offered: {name: handle}, watched: [names],
    end, isTolerant, cloned: [names] | null} →
    {error, failed: [indices], output, names: {name: handle}, before: [{name: handle}]}.

    Runs the statements before `end`, up to the first that fails or, where it `isTolerant`, whatever fails. With `cloned`, it
    keeps what each statement could see, for `run_formula`; tensors of these names are changed in place, and copied for it.
    The handles are good until the next run.
    """
    global _last
    _last = None
    state.restore()
    request = json.loads(request)
    torch._set_float(request["dtype"])
    output = Output()
    with _output_to(output):
        done = _Run(request)
        done.execute()
    _last = done
    return json.dumps(
        {
            "error": done.error,
            "failed": done.failed,
            "output": output.text(),
            "names": _handles_in(done.namespace),
            "before": [_handles_in(namespace) for namespace in done.before],
        }
    )


def run_formula(request):
    """
    {statements: [indices], codes: {index: code}, carried: [names]} → {error}. Executes these statements again, in order,
    each in what it could see in the last run, but for the carried names, which go from one to the next. `codes` has those
    that are rewritten.
    """
    request = json.loads(request)
    with _output_to(Output()):
        try:
            _require_last().execute_again(request)
        except BaseException as error:
            return json.dumps({"error": describe(error, _program["source"])})
    return json.dumps({"error": None})


def _require_last():
    if _last is None:
        raise RuntimeError("There has been no run.")
    return _last


class _Run:
    def __init__(self, request):
        self.request = request
        self.error = None
        self.failed = []
        self.values = {name: Tensor._wrap(handle) for name, handle in request["scope"].items()}
        cloned = request["cloned"] or ()
        # As they were given: the code may change its own in place.
        self.given = {name: value.clone() if name in cloned else value for name, value in self.values.items()}
        self.hooks = Hooks(request["watched"], self.values)
        self.namespace = {
            **notebook_names(request["notebook"], self.values),
            **self.values,
            **request["numbers"],
            "torch": torch,
            "F": torch.nn.functional,
            "__name__": "__main__",
            "__builtins__": new_builtins(),
            **self.hooks.names(),
        }
        # What each statement could see.
        self.before = []

    def execute(self):
        cloned = self.request["cloned"]
        for index, code in enumerate(_program["statements"][: self.request["end"]]):
            if cloned is not None:
                self.before.append(_copy(self.namespace, cloned))
            call("at_statement", index)
            try:
                exec(code, self.namespace)
                self.hooks.look(self.namespace)
            except BaseException as error:
                self.failed.append(index)
                if not self.request["isTolerant"]:
                    self.error = describe(error, _program["source"])
                    return

    def execute_again(self, request):
        # One dict for all: what a helper function finds under its global names is what is there when it is called.
        namespace = {}
        carried = {}
        for index in request["statements"]:
            before = _copy(self.before[index], self.request["cloned"])
            namespace.clear()
            namespace.update({**before, **self._offered_to_edits(), **carried})
            rewritten = request["codes"].get(str(index))
            call("at_statement", index)
            exec(_program["statements"][index] if rewritten is None else _code_of(rewritten), namespace)
            # Copies: a rewritten statement may give a tensor of the scope this name, and the next one change it in place.
            carried = {key: _own(namespace[key]) for key in request["carried"] if key in namespace}
            for key, value in carried.items():
                if type(value) is Tensor:
                    call("moved", key, value._handle)

    def _offered_to_edits(self):
        """Names that rewritten statements may use besides the scope's: see edits.py."""
        values = {f"_value_{name}": value for name, value in self.given.items()}
        gradients = {name: Tensor._wrap(handle) for name, handle in self.request["offered"].items()}
        return {**values, **gradients, "_fit": _fit, "__builtins__": new_builtins()}


def _code_of(text):
    return marshal.loads(base64.b64decode(text))


def _handles_in(namespace):
    return {name: value._handle for name, value in namespace.items() if type(value) is Tensor}


def _own(value):
    return value.clone() if type(value) is Tensor else value


def _copy(namespace, cloned):
    """A copy of the names, of what containers hold, and of the tensors that are changed in place."""
    copy = {}
    for name, value in namespace.items():
        if type(value) is Tensor:
            copy[name] = value.clone() if name in cloned else value
        elif type(value) is dict and name != "__builtins__":
            copy[name] = {key: _own(item) for key, item in value.items()} if name in cloned else dict(value)
        elif type(value) is list:
            copy[name] = [_own(item) for item in value] if name in cloned else list(value)
        else:
            copy[name] = value
    return copy


def _fit(value, shape):
    """`value` summed over the axes in which `shape` has none or one, and spread over those it lacks."""
    shape = tuple(shape)
    while value.ndim > len(shape):
        value = value.sum(0)
    for axis in range(1, value.ndim + 1):
        if shape[-axis] == 1 and value.shape[-axis] != 1:
            value = value.sum(-axis, keepdim=True)
    return value.expand(shape).clone()


@contextlib.contextmanager
def _output_to(output):
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        yield
