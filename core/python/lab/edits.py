"""
Candidate rewritings of one formula. The same edit serves to name a mistake (apply it to a wrong formula: is it right
now?) and to find out whether a batch can tell (apply it to a right one: does the check notice?).

Between this module and `run.py`:

- run.py keeps the last run and gives `run.formula(node)`: a `Formula` with `statements`, a dict {index of the top-level
  statement: ast.stmt} in order: those that write `d<node>`, and the helpers they read (statements that write names which
  are neither forward names nor gradients of nodes: `t = counts * dprobs`, `def softmax_backward…`), transitively; and
  `scope`, a dict of what the last of them could see: {name: value} (tensors have .shape, numbers are numbers).
- An `Edit` has `replacement`: {index: [ast.stmt, …]}; an empty list drops the statement, several take its place.
  run_formula({"node", "edit"}) looks the id up by `edits.find(node, id)` (null: none), and executes the formula's
  statements in order, each in the environment it had, those of the formula itself carried on from one to the next.
  Names that the replacement uses besides the scope's: `_grad_<node>`: autograd's gradient, `_fit(x, shape)`: x summed or
  broadcast to shape.
"""

import json


def edits(request):
    """The edits of one node's formula for {"node", "purpose": "mistakes" | "breaks" | "lines"}, as a JSON list."""
    return json.dumps([])


def find(node, identifier):
    """The edit that the last `edits` call listed under this id."""
    raise KeyError(identifier)
