"""Candidate rewritings of a formula."""


def edits(request):
    """The edits of one node's statements, as a JSON list."""
    return "[]"
