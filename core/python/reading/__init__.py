"""
What is found out about the person's code by reading it, in an interpreter in which it never runs. What TypeScript calls, each
with a JSON text that it answers with a JSON text.
"""

from reading.analysis import analyse, describe_edit, edited, edits

__all__ = ["analyse", "describe_edit", "edited", "edits"]


def prepare():
    """To be called once, when everything is loaded."""
