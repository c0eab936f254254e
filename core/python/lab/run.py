"""
Runs the person's code, statement by statement, and runs single formulas again.

A plain run executes it as it stands. A corrected run replaces each `d<node>`, after the last statement that writes it,
by autograd's gradient, so that every formula is judged on right inputs. It keeps what each statement could see, from
which `run_formula` executes one formula again, as it stands or rewritten.
"""

import contextlib
import json

import torch
import torch.nn.functional
from torch import Tensor

from lab import state
from lab.errors import describe
from lab.names import notebook_names
from lab.offer import Output, cmp, new_builtins
from lab.statements import compile_statements, parse


def run(request):
    """
    {code, dtype, scope: {name: handle}, numbers: {name: number}, notebook: see names.py, replace: {node: handle} | null,
    nodes: [names]} →
    {error, output, gradients: {node: {handle, shape, lines}}, names: [{name, shape}],
    statements: [{line, endLine, source, writes: [nodes]}]}. A gradient is left out where a statement that may write it
    was not reached. The handles are good until the next run.
    """
    global _last, _plain
    _last = None
    state.restore()
    request = json.loads(request)
    torch._set_float(request["dtype"])
    output = Output()
    try:
        statements = parse(request["code"])
    except Exception as error:
        return _answer(describe(error, request["code"]), output)
    with _output_to(output):
        done = _Run(request, statements)
        done.execute()
    _last = done
    if request["replace"] is None:
        _plain = done
    return _answer(done.error, output, done.gradients(), done.shapes(), done.written_by_statement())


def run_formula(request):
    """
    {node, edit} → {handle, shape} of d<node>, computed again on right inputs with the edit of that id in place (null:
    none), or {error}. The handle is good until the next call.
    """
    from lab.edits import find

    request = json.loads(request)
    node, edit = request["node"], request["edit"]
    replacement = {} if edit is None else find(node, edit).replacement
    with _output_to(Output()):
        try:
            gradient = _require_last().execute_formula(node, replacement)
        except BaseException as error:
            return json.dumps({"error": describe(error, _require_last().source)})
    return json.dumps({"handle": gradient._handle, "shape": list(gradient.shape)})


def formula(node):
    """The `Formula` of a node in the last corrected run; see edits.py."""
    return _require_last().formula(node)


class Formula:
    """
    What computes one gradient. `statements`: {index: ast.stmt}; `scopes`: for each, {name: value} before it; `given`:
    the forward values as the code was given them; `autograd`: {node: gradient}.
    """

    def __init__(self, statements, scopes, given, autograd):
        self.statements = statements
        self.scopes = scopes
        self.given = given
        self.autograd = autograd


_last = None


def _require_last():
    if _last is None:
        raise RuntimeError("There has been no run.")
    return _last


class _Run:
    def __init__(self, request, statements):
        self.source = request["code"]
        self.nodes = request["nodes"]
        self.statements = statements
        self.error = None
        self.replace = None
        # Names of tensors that some statement changes in place.
        self.changed_in_place = set()
        self.last_writers = {}
        if request["replace"] is not None:
            plain = _plain_of(request, statements)
            self.last_writers = plain.nodes_by_last_writer()
            self.changed_in_place |= plain.changed_in_place
            self.replace = {node: _copy_of(handle) for node, handle in request["replace"].items()}
        self.values = {name: _copy_of(handle) for name, handle in request["scope"].items()}
        self.scope = self.values | request["numbers"] | {"torch": torch, "F": torch.nn.functional, "cmp": cmp}
        # Not in the scope, so that a name as common as `i` or `p` is a helper's where the code writes it.
        notebook = notebook_names(request["notebook"], self.values)
        self.namespace = {**notebook, **self.scope, "__name__": "__main__", "__builtins__": new_builtins()}
        # By statement: the names it changed, seen by comparing before and after.
        self.changed = []
        # By statement of a corrected run: what it could see.
        self.before = []
        # By node: the gradient that the code gave, of those since replaced.
        self.replaced = {}
        # Of the formula that was run again last.
        self.again = None
        # Worked out once, for formulas are run again hundreds of times.
        self.offered = None
        self.formula_indices = {}

    def execute(self):
        for statement in self.statements:
            if self.replace is not None:
                self.before.append(_copy(self.namespace, self.changed_in_place))
            before = self._versions(statement)
            try:
                exec(statement.code, self.namespace)
            except BaseException as error:
                self.error = describe(error, self.source)
                return
            self._note_changes(before)
            for node in self.last_writers.get(statement.index, ()):
                self._correct(node)

    def _correct(self, node):
        """Keeps the manual gradient of a node and lets the code go on with autograd's."""
        name = f"d{node}"
        if name in self.namespace and node in self.replace:
            self.replaced[node] = self.namespace[name]
            self.namespace[name] = self.replace[node].clone()

    def _versions(self, statement):
        """What every name stands for, and how often it was written in place; of the scope's, where it may be now."""
        return {
            name: (value, _version(value) if name not in self.scope or name in statement.written else None)
            for name, value in self.namespace.items()
        }

    def _note_changes(self, before):
        """Notes which names the statement has bound anew or changed in place."""
        changed = set()
        for name, value in self.namespace.items():
            was, version = before.get(name, (_unbound, None))
            if was is not value:
                changed.add(name)
            elif version is not None and _version(value) != version:
                changed.add(name)
                self.changed_in_place.add(name)
        self.changed.append(changed)

    def nodes_by_last_writer(self):
        """{index of a statement: the nodes whose gradient it is the last to write}."""
        last = {}
        for statement in self.statements:
            written = self.writes(statement)
            last |= {node: statement.index for node in self.nodes if f"d{node}" in written}
        by_index = {}
        for node, index in last.items():
            by_index.setdefault(index, []).append(node)
        return by_index

    def writes(self, statement):
        """The names a statement writes: those it changed; where it was not reached, those it may."""
        if statement.index < len(self.changed):
            return self.changed[statement.index]
        return statement.written.keys()

    def written_by_statement(self):
        nodes = {f"d{node}": node for node in self.nodes}
        return [
            {
                "line": statement.line,
                "endLine": statement.end_line,
                "source": statement.source,
                "writes": [nodes[name] for name in nodes if name in self.writes(statement)],
            }
            for statement in self.statements
        ]

    def gradients(self):
        unreached = {name for statement in self.statements[len(self.changed) :] for name in statement.written}
        gradients = {}
        for node in self.nodes:
            name = f"d{node}"
            if name in unreached:
                continue
            gradient = _as_tensor(self.replaced.get(node, self.namespace.get(name)))
            if gradient is not None:
                lines = sorted({line for statement in self.statements for line in self._lines(statement, name)})
                # Held by the run, so that the handle stays good until the next one.
                self.replaced[node] = gradient
                gradients[node] = {"handle": gradient._handle, "shape": list(gradient.shape), "lines": lines}
        return gradients

    def _lines(self, statement, name):
        if name not in self.writes(statement):
            return []
        return statement.written.get(name, [statement.line])

    def shapes(self):
        return [
            {"name": name, "shape": list(value.shape)}
            for name, value in self.namespace.items()
            if type(value) is Tensor
        ]

    def formula(self, node):
        indices = self._formula_indices(node)
        scopes = {index: self.before[index] for index in indices}
        given = {name: self.before[0][name] for name in self.values} if self.before else {}
        return Formula({index: self.statements[index].node for index in indices}, scopes, given, self.replace)

    def execute_formula(self, node, replacement):
        """
        Executes a formula's statements in order, each in what it could see in the corrected run, but for d<node> and
        the helpers' names, which are carried from one to the next.
        """
        name = f"d{node}"
        indices = self._formula_indices(node)
        carried_names = {name} | set().union(*(self._helper_names(self.statements[index]) for index in indices))
        # One dict for all: what a helper function finds under its global names is what is there when it is called.
        namespace = {}
        carried = {}
        for index in indices:
            before = _copy(self.before[index], self.changed_in_place)
            namespace.clear()
            namespace.update({**before, **self._offered_to_edits(), **carried})
            rewritten = replacement.get(index)
            code = self.statements[index].code if rewritten is None else compile_statements(list(rewritten))
            exec(code, namespace)
            # Copies: a rewritten statement may give a tensor of the scope this name, and the next one change it in place.
            carried = {key: _own(namespace[key]) for key in carried_names if key in namespace}
        gradient = _as_tensor(carried.get(name))
        if gradient is None:
            raise NameError(f"name '{name}' is not defined")
        self.again = gradient
        return gradient

    def _offered_to_edits(self):
        """What the rewritten statements may use besides the scope, the same for all of a run."""
        if self.offered is None:
            self.offered = {f"_grad_{node}": gradient for node, gradient in self.replace.items()}
            self.offered |= {f"_value_{name}": self.before[0][name] for name in self.values}
            self.offered |= {"_fit": _fit, "__builtins__": new_builtins()}
        return self.offered

    def _formula_indices(self, node):
        """
        The statements that write d<node>, the one that failed included, and those that write the helpers they read,
        transitively.
        """
        if node not in self.formula_indices:
            self.formula_indices[node] = self._find_formula_indices(node)
        return self.formula_indices[node]

    def _find_formula_indices(self, node):
        reached = self.statements[: len(self.before)]
        name = f"d{node}"
        indices = {statement.index for statement in reached if name in self.writes(statement)}
        waiting = list(indices)
        while waiting:
            reader = self.statements[waiting.pop()]
            for statement in reached:
                if statement.index in indices or statement.index > reader.index:
                    continue
                if self._helper_names(statement) & reader.read:
                    indices.add(statement.index)
                    waiting.append(statement.index)
        return sorted(indices)

    def _helper_names(self, statement):
        """Names it writes that are neither the program's nor a gradient of a node."""
        gradients = {f"d{node}" for node in self.nodes}
        return {name for name in {*self.writes(statement), *statement.written} if name not in self.scope} - gradients


_unbound = object()
# The last plain run.
_plain = None


def _plain_of(request, statements):
    """A plain run of the same code, which shows what each statement writes: the last one where it was that."""
    global _plain
    if _plain is None or _plain.source != request["code"]:
        plain = _Run({**request, "replace": None}, statements)
        plain.execute()
        _plain = plain
    return _plain


def _copy_of(handle):
    """The code's own copy: what it does to it ends with the run."""
    return Tensor._wrap(handle).clone()


def _own(value):
    return value.clone() if type(value) is Tensor else value


def _version(value):
    return value._version if type(value) is Tensor else None


def _copy(namespace, cloned=()):
    copy = dict(namespace)
    for name in cloned:
        value = copy.get(name)
        if isinstance(value, Tensor):
            copy[name] = value.clone()
    return copy


def _as_tensor(value):
    """A gradient as a tensor of the run's float type; None where it is none."""
    if type(value) is Tensor:
        return value.float()
    if isinstance(value, (bool, int, float)):
        return torch.tensor(float(value))
    return None


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


def _answer(error, output, gradients=None, names=(), statements=()):
    return json.dumps(
        {
            "error": error,
            "output": output.text(),
            "gradients": gradients or {},
            "names": list(names),
            "statements": list(statements),
        }
    )
