"""
Runs the person's code, and knows nothing of what for. What TypeScript calls, each with a JSON text that it answers with a JSON
text.
"""

from running import state
from running.run import load, run, run_formula

__all__ = ["load", "run", "run_formula"]


def prepare():
    """To be called once, when everything is loaded and before anything of the person's runs."""
    state.remember()
