"""
Candidate rewritings of one formula. The same edit serves to name a mistake (apply it to a wrong formula: is it right
now?) and to find out whether a batch can tell (apply it to a right one: does the check notice?).

Between this module and `run.py`:

- run.py keeps the last run and gives `run.formula(node)`: a `Formula` with `statements`, a dict {index of the top-level
  statement: ast.stmt} in order: those that write `d<node>`, and the helpers they read (statements that write names which
  are neither forward names nor gradients of nodes: `t = counts * dprobs`, `def softmax_backward…`), transitively; and
  `scopes`, what each of them could see: {index: {name: value}}; `given` and `autograd`, see there.
- An `Edit` has `replacement`: {index: [ast.stmt, …]}; an empty list drops the statement, several take its place.
  run_formula({"node", "edit"}) looks the id up by `edits.find(node, id)` (null: none), and executes the formula's
  statements in order, each in the environment it had, those of the formula itself carried on from one to the next.
  Names that the replacement uses besides the scope's: `_grad_<node>`: autograd's gradient, `_value_<node>`: the forward
  value as the code was given it, `_fit(x, shape)`: x summed or broadcast to shape.
"""

import json

from lab.breaks import breaks
from lab.formula import FormulaView
from lab.mistakes import mistakes
from lab.terms import terms

_purposes = {"mistakes": mistakes, "breaks": breaks, "terms": terms}
# (node, purpose) → edits by id, of the last run.
_listed = {}


def edits(request):
    """
    The edits of one node's formula, the likeliest first: {node, purpose, forward: {name: right side of the forward line}}
    → [{id, kind, line}]. With {node, describe: id}: the sentence of one of those listed before.
    """
    request = json.loads(request)
    node = request["node"]
    if "describe" in request:
        return json.dumps(find(node, request["describe"]).sentence())
    from lab.run import formula

    purpose = request["purpose"]
    view = FormulaView(node, formula(node), request["forward"])
    listed = {f"{purpose}:{number}": edit for number, edit in enumerate(_purposes[purpose](view))}
    _listed[node, purpose] = listed
    return json.dumps([{"id": name, "kind": edit.kind, "line": edit.line} for name, edit in listed.items()])


def find(node, identifier):
    """The edit that the last `edits` call for its purpose listed under this id."""
    return _listed[node, identifier.partition(":")[0]][identifier]
