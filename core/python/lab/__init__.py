"""The lab: what TypeScript calls, each with a JSON text that it answers with a JSON text."""

from lab import state
from lab.edits import edits
from lab.run import run, run_formula

__all__ = ["edits", "run", "run_formula"]


def prepare():
    """To be called once, when everything is loaded and before anything of the person's runs."""
    state.remember()
