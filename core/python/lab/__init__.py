"""The lab: what TypeScript calls, each with a JSON text that it answers with a JSON text."""

from lab.edits import edits
from lab.run import run, run_formula

__all__ = ["edits", "run", "run_formula"]
