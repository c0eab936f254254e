"""What is said of the modules that the code imports."""

import ast

from running.stand_ins import DRAWING, PROGRESS


def notes_on(nodes):
    """What the person is to be told of the imports in these statements, a sentence each: "matplotlib draws nothing here."."""
    notes = {}
    for node in (part for statement in nodes for part in ast.walk(statement)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module]
        for top in (name.partition(".")[0] for name in names):
            if top in DRAWING:
                notes[top] = f"{top} draws nothing here."
            elif top in PROGRESS:
                notes[top] = f"{top} shows no progress here."
    return list(notes.values())
