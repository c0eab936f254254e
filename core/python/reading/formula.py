"""One formula as the edits see it: its simple statements, the places in them, and the tensors in sight."""

import ast

from reading.chain_rule import Walk, paths
from reading.rewriting import (
    expression,
    names_in,
    numeric,
    simple_statements,
    statements,
    substitute_all,
    text,
    written_values,
)


class Edit:
    """
    One rewriting. `kind` is the mistake it corrects (or the break it makes), `line` where it stands, `old` what it
    exchanges in the statement with the index `index` for what `new()` gives; both are worked out only when asked for.
    """

    def __init__(self, kind, view, index, old, new, sentence):
        self.kind = kind
        self.line = old.lineno
        self.sentence = lambda: f"line {self.line} {sentence() if callable(sentence) else sentence}"
        self._view, self._index, self._old, self._new = view, index, old, new

    @property
    def replacement(self):
        """{index of the statement: (what stands in it, what is to stand there: a node, or a list of statements)}."""
        return {self._index: (self._old, self._new())}


class WideEdit:
    """A rewriting of more than one place; see `Edit`. `replacement` is a function that gives what `Edit.replacement` is."""

    def __init__(self, kind, line, sentence, replacement):
        self.kind = kind
        self.line = line
        self.sentence = lambda: f"line {self.line} {sentence}"
        self._replacement = replacement

    @property
    def replacement(self):
        return self._replacement()


class Part:
    """A simple statement of the formula: the index of the top-level one it is in, and what it computes."""

    def __init__(self, index, statement, target):
        self.index = index
        self.statement = statement
        self.values = list(written_values(statement))
        # Whether it writes the gradient itself and not a helper of it.
        self.is_direct = any(target in places for places, _ in self.values)
        # What it computes: where it writes several things at once, only the gradient.
        self.roots = [value for places, value in self.values if target in places or not self.is_direct]

    def writes_any(self, names):
        """Whether it writes to one of these names."""
        return any(not names.isdisjoint(places) for places, _ in self.values)


class Formula:
    """
    What computes one gradient. `statements`: {index: ast.stmt}; `scope`: {name: number, or shape of a tensor} as the last of
    them sees it; `incomplete`: {(index, name)} of gradients that are not what they should be where that statement begins;
    `overwritten`: the same of forward values. `given`: the nodes whose gradients it reads, where a run has shown that; None
    where only their names tell.
    """

    def __init__(self, statements, scope, incomplete, overwritten, given=None):
        self.statements = statements
        self.scope = scope
        self.incomplete = incomplete
        self.overwritten = overwritten
        self.given = given


class FormulaView:
    """What computes a node's gradient, in the shape that edits are made from. `target`: the place it is written to."""

    def __init__(self, node, formula, forward, target):
        self.node = node
        self.target = target
        self.statements = formula.statements
        # What the last statement could see.
        self.scope = formula.scope
        self._incomplete = formula.incomplete
        self._overwritten = formula.overwritten
        self._given = formula.given
        self._walk = None
        self._near = None
        # Every node of the program, and the right sides of those that a forward line makes.
        self.nodes = list(forward)
        self.forward = {name: source for name, source in forward.items() if source}
        # In a function or a loop there are other nodes' formulas too: none of them is a helper.
        others = {f"d{name}" for name in self.nodes}
        self.parts = [
            part
            for index, statement in formula.statements.items()
            for part in (Part(index, simple, self.target) for simple in simple_statements(statement))
            if part.roots and (part.is_direct or not part.writes_any(others))
        ]
        # Those that write the gradient first, the last of them foremost: helpers are seldom to blame.
        self.parts.sort(key=lambda part: (not part.is_direct, -part.index))

    @property
    def direct(self):
        """The statements that write the gradient itself, in order."""
        return [part for part in reversed(self.parts) if part.is_direct]

    def is_whole(self, target):
        """Whether what is assigned to is the whole gradient, not elements of it."""
        return text(target) == self.target

    def places(self):
        """(part, expression) for every place where numbers are computed."""
        for part in self.parts:
            for root in part.roots:
                for place in numeric(root):
                    yield part, place

    def edit(self, kind, part, old, new, sentence):
        """`new` is an expression's source, a tree, or a function that makes one."""
        if isinstance(new, str):
            return Edit(kind, self, part.index, old, lambda: expression(new), sentence)
        return Edit(kind, self, part.index, old, new if callable(new) else lambda: new, sentence)

    def edit_all(self, kind, changes, sentence, after=None):
        """
        `changes`: [(part, old, new)], exchanged at once; `new` is a tree. The first stands for the line. `after`: statements
        after the last that writes the gradient.
        """
        by_part = {}
        for part, old, new in changes:
            by_part.setdefault(part, {})[id(old)] = new
        line = changes[0][1].lineno if changes else self.direct[-1].statement.lineno
        return WideEdit(kind, line, sentence, lambda: self._exchanged(by_part, after))

    def edit_after(self, kind, source, sentence):
        """More statements after the last that writes the gradient."""
        return self.edit_all(kind, [], sentence, source)

    def _exchanged(self, by_part, after):
        if after is not None:
            by_part = {self.direct[-1]: {}, **by_part}
        if len({part.index for part in by_part}) < len(by_part):
            raise NotImplementedError("Of what one statement holds only one can be exchanged.")
        exchanged = {}
        for part, new in by_part.items():
            made = [substitute_all(part.statement, new)]
            if after is not None and part is self.direct[-1]:
                made += located(statements(after), part.statement)
            exchanged[part.index] = (part.statement, made)
        return exchanged

    def given(self):
        """The nodes whose gradients the formula reads."""
        if self._given is not None:
            return self._given
        read = {name for statement in self.statements.values() for name in names_in(statement)}
        return [name for name in self.nodes if f"d{name}" in read and self.shape_of(f"d{name}") is not None]

    def walk(self):
        """The way back to the node from the gradients that the formula reads."""
        if self._walk is None:
            self._walk = Walk(self.node, self.forward, self.given())
        return self._walk

    def paths(self, node=None):
        """[(consumer, what it passes back)] to this or another node, by the chain rule."""
        return paths(self.node if node is None else node, self.forward)

    def shape_of(self, name):
        """A tensor's shape; None for anything else."""
        value = self.scope.get(name)
        return value if isinstance(value, tuple) else None

    def near(self):
        """
        Names of the tensors that the forward lines of the node, and those on the way to it, involve, and of their gradients.
        """
        if self._near is None:
            self._near = self._find_near()
        return self._near

    def _find_near(self):
        near = [self.node]
        for consumer, source in self.forward.items():
            involved = names_in(expression(source))
            if self.node in involved or consumer == self.node:
                near += [consumer, *sorted(involved)]
        near += self.walk().between()
        near += [f"d{name}" for name in near]
        return [name for name in dict.fromkeys(near) if self.shape_of(name) is not None and name != self.target]

    def tensors(self):
        """Names of the tensors in sight, the near ones first."""
        others = [name for name in self.scope if self.shape_of(name) is not None]
        return [name for name in dict.fromkeys([*self.near(), *others]) if name != self.target]

    def is_incomplete(self, name, part):
        """Whether the name is a gradient that is not (any more) what it should be, where this part reads it."""
        return (part.index, name) in self._incomplete

    def is_overwritten(self, name, part):
        """Whether the name is a forward value that the code has changed."""
        return (part.index, name) in self._overwritten

    def reads_tensors(self, node):
        return any(self.shape_of(name) is not None for name in names_in(node))

    def carries_gradient(self, node):
        """Whether the expression reads a gradient, or a helper (which may hold one)."""
        return any(self.shape_of(name) is not None and name not in self.nodes for name in names_in(node))


def located(made, like):
    """The statements, said to stand where `like` does."""
    for statement in made:
        for node in ast.walk(statement):
            if "lineno" in node._attributes:
                ast.copy_location(node, like)
    return made


def fits_together(one, other):
    """Whether two shapes broadcast together."""
    return all(a == b or a == 1 or b == 1 for a, b in zip(reversed(one), reversed(other)))


def quoted(node):
    return f"`{text(node)}`"


def is_name(node):
    return isinstance(node, ast.Name)
