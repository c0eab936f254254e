"""
Candidate rewritings of one formula. The same edit serves to name a mistake (apply it to a wrong formula: is it right now?)
and to find the line (is this line's term one of those that the chain rule gives?).

An edit has `replacement`: {index of the statement: (node that stands there, node or [statements] to stand there instead)}.
Names that it uses besides the scope's: `_grad_<node>`: what stands for the node's gradient in the run, `_value_<node>`: the
forward value as the code was given it, `_fit(x, shape)`: x summed or broadcast to shape.
"""

import itertools

from reading.mistakes import mistakes
from reading.terms import terms

_purposes = {"mistakes": mistakes, "terms": terms}


def edits_of(purpose, view, most):
    """The edits for a purpose, the likeliest first, at most so many."""
    return itertools.islice(_purposes[purpose](view), most)
