"""
The lab: what TypeScript calls, each with a JSON text that it answers with a JSON text. `analyse`, `edits`, `edited` and
`describe_edit` read the person's code and never run it; `load`, `run` and `run_formula` run it and know nothing of what for.
"""

from lab import state
from lab.analysis import analyse, describe_edit, edited, edits
from lab.run import load, run, run_formula

__all__ = ["analyse", "describe_edit", "edited", "edits", "load", "run", "run_formula"]


def prepare():
    """To be called once, when everything is loaded and before anything of the person's runs."""
    state.remember()
