"""
What is found out about the person's code by reading it, without ever running it: its statements, made executable with hooks
in them, the names that it reads and writes, and its rewritings.
"""

import ast
import base64
import hashlib
import json
import marshal

from reading.edits import edits_of
from running.errors import describe
from reading.formula import Formula, FormulaView
from reading.imports import notes_on
from reading.instrument import NoSites, observed
from reading.rewriting import substitute
from reading.source import prepare
from reading.statements import compile_statements, parse

# The statements that were read last, and the edits listed of them: (node, purpose) → edits by id.
_statements = []
_listed = {}


def analyse(request):
    """
    {code} → {digest: [numbers of 32 bits, of the code as it stands], error, notes, statements: [{line, endLine, source, code, reads: [names], writes: [names], sites: [first, end]}], sites:
    [{line, places}], numbers: [every number in it]}. The code of a statement is what running/run.py executes.
    """
    global _statements
    code = json.loads(request)["code"]
    digest = _digest_of(code)
    source, notes = prepare(code)
    _listed.clear()
    _statements = []
    try:
        statements, sites = parse(source)
    except Exception as error:
        return json.dumps(
            {"digest": digest, "error": describe(error, source), "notes": notes, "statements": [], "sites": [], "numbers": []}
        )
    _statements = statements
    notes += notes_on(statement.node for statement in statements)
    listed = [
        {
            "line": statement.line,
            "endLine": statement.end_line,
            "source": statement.source,
            "code": _text_of(statement.observed),
            "reads": sorted(statement.read),
            "writes": sorted(statement.written),
            "sites": statement.sites,
        }
        for statement in statements
    ]
    numbers = {number for statement in statements for number in _numbers_in(statement.node)}
    return json.dumps(
        {
            "digest": digest,
            "error": None,
            "notes": notes,
            "statements": listed,
            "sites": sites.listed,
            "numbers": sorted(numbers),
        }
    )


def edits(request):
    """
    The edits of one node's formula, the likeliest first: {node, place, purpose, forward: {name: right side of the forward
    line}, statements: [indices], scope: {name: number, or shape of a tensor}, incomplete: [[index, name]], overwritten:
    [[index, name]], given: [nodes whose gradients it reads], null where that is not known} → [{id, kind, line}].
    """
    request = json.loads(request)
    indices = request["statements"]
    formula = Formula(
        statements={index: _statements[index].node for index in indices},
        scope={name: tuple(value) if isinstance(value, list) else value for name, value in request["scope"].items()},
        incomplete={tuple(pair) for pair in request["incomplete"]},
        overwritten={tuple(pair) for pair in request["overwritten"]},
        given=request["given"],
    )
    view = FormulaView(request["node"], formula, request["forward"], request["place"])
    purpose = request["purpose"]
    listed = {f"{purpose}:{number}": edit for number, edit in enumerate(edits_of(purpose, view, request["most"]))}
    _listed[request["node"], purpose] = listed
    return json.dumps([{"id": name, "kind": edit.kind, "line": edit.line} for name, edit in listed.items()])


def edited(request):
    """{node, edit} → {index: code} of the statements that the edit changes, to be executed in their places; or {error}."""
    request = json.loads(request)
    edit = _find(request)
    try:
        codes = {index: _text_of(_edited(index, replaced)) for index, replaced in edit.replacement.items()}
    except Exception as error:
        return json.dumps({"error": describe(error, "")})
    return json.dumps({"codes": codes})


def describe_edit(request):
    """{node, edit} → the sentence of an edit listed before, as JSON."""
    return json.dumps(_find(json.loads(request)).sentence())


def _find(request):
    return _listed[request["node"], request["edit"].partition(":")[0]][request["edit"]]


def _edited(index, change):
    """The statement with its hooks, and a part exchanged; statements that come in tell what they write, at no site."""
    old, new = change
    if isinstance(old, ast.stmt):
        stands = [part if hasattr(part, "lineno") else ast.copy_location(part, old) for part in _listed_of(new)]
        new = [part for statement in stands for part in observed(statement, NoSites())]
    return substitute(ast.Module(_statements[index].observed, []), old, new).body


def _listed_of(new):
    return new if isinstance(new, list) else [new]


def _text_of(nodes):
    return base64.b64encode(marshal.dumps(compile_statements(nodes))).decode()


def _digest_of(code):
    """SHA-256 in eight parts. What follows from it cannot be written into the code that it is of."""
    digest = hashlib.sha256(code.encode("utf-8", "surrogatepass")).digest()
    return [int.from_bytes(digest[at : at + 4], "big") for at in range(0, len(digest), 4)]


def _numbers_in(node):
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and type(part.value) in (int, float):
            yield float(part.value)
