"""
Makes the source of a notebook into Python: magics (`%matplotlib inline`), shell lines (`!ls`) and help (`?torch`,
`torch?`) are left out, each for as many lines as it has, so that every line keeps its number. What `%time` times stays.
`from __future__`, which IPython takes anywhere and Python at the beginning only, is left out without a word: all that it
offers has long been so.

As in IPython, only the beginning of a statement counts: a `%` or `!` within brackets, after a backslash or in a text
that goes over several lines is what it is in Python.
"""

import re

_MAGIC = re.compile(r"(?:[A-Za-z_][\w.]*\s*=\s*)?(?P<sign>%%?|!!?)(?P<text>.*)")
_HELP = re.compile(r"\?{1,2}\s*[%\w.*\[\]'\"]+|%{0,2}[A-Za-z_*][\w.*]*(?:\[\w+\])?\?{1,2}")
# Cell magics below which the cell is Python all the same.
_PYTHON_CELLS = "time timeit capture prun memray snakeviz".split()
# Where the next cell begins, as Chainrule, Jupytext, VS Code and nbconvert mark it.
_CELL_MARK = re.compile(r"#\s*(?:%%|cell \d+\b|In\s?\[)")
# A text begins: its letters, then its quotes.
_QUOTE = re.compile(r"\"\"\"|'''|\"|'")
_LONGEST_NOTE = 60
_COMMAND_TARGET = re.compile(r"\s*([A-Za-z_][\w.]*)\s*=\s*[%!]")
_TIMED = re.compile(r"(?P<before>\s*(?:[A-Za-z_][\w.]*\s*=\s*)?)%time\s+(?P<statement>[^\s-].*)")


def prepare(source):
    """
    (source without what is not Python, notes). The notes are sentences for the person, one for each thing left out:
    "Line 1: the magic %matplotlib inline is left out."
    """
    lines = source.split("\n")
    notes = []
    reader = _Reader()
    index = 0
    while index < len(lines):
        if reader.at_statement:
            timed = _TIMED.fullmatch(lines[index])
            if timed is not None:
                lines[index] = timed["before"] + timed["statement"]
                notes.append(f"Line {index + 1}: %time is left out; what it times stays.")
            end = _left_out(lines, index, notes)
            if end > index:
                _blank(lines, index, end)
                index = end
                continue
        reader.read(lines[index])
        index += 1
    return "\n".join(lines), notes


def _left_out(lines, index, notes):
    """The end of what is to be left out at a line that begins a statement; the line itself where there is nothing."""
    stripped = lines[index].strip()
    if stripped.startswith("%%") and stripped[2:3].isalpha():
        return _cell_magic(lines, index, stripped, notes)
    kind = _kind_of(stripped)
    if kind is None:
        return index
    if kind == "future":
        return _end_of_import(lines, index)
    end = index + 1
    # A backslash goes on with the command.
    while lines[end - 1].rstrip().endswith("\\") and end < len(lines):
        end += 1
    notes.append(f"Line {index + 1}: the {kind} {_shortened(stripped)} is left out.")
    return end


def _end_of_import(lines, index):
    reader = _Reader()
    while index < len(lines):
        reader.read(lines[index])
        index += 1
        if reader.at_statement:
            break
    return index


def _cell_magic(lines, index, stripped, notes):
    name = re.match(r"%%(\w+)", stripped).group(1)
    if name in _PYTHON_CELLS:
        notes.append(f"Line {index + 1}: the magic {_shortened(stripped)} is left out.")
        return index + 1
    end = index + 1
    while end < len(lines) and not _CELL_MARK.match(lines[end]):
        end += 1
    where = f"Line {end}" if end == index + 1 else f"Lines {index + 1} to {end}"
    notes.append(f"{where}: the cell under {_shortened(stripped)} is left out; it is not Python.")
    return end


def _kind_of(stripped):
    """What a statement's first line is, where it is not Python."""
    if re.match(r"from\s+__future__\s+import\b", stripped):
        return "future"
    if _HELP.fullmatch(stripped):
        return "help"
    match = _MAGIC.fullmatch(stripped)
    if match is None or match["text"].strip() == "":
        return None
    if match["sign"] in ("!", "!!"):
        return None if match["text"].startswith("=") else "shell command"
    return "magic" if match["text"][0].isalpha() else None


def _blank(lines, begin, end):
    """Puts what does nothing in place of the lines."""
    first = lines[begin]
    indentation = first[: len(first) - len(first.lstrip())]
    target = _COMMAND_TARGET.match(first)
    if target is not None:
        # The name is there, as a list of no lines of output.
        lines[begin] = f"{indentation}{target.group(1)} = []"
    else:
        # A block whose only line is a magic stays a block. At the outermost, a comment is less than `pass`.
        lines[begin] = f"{indentation}pass" if indentation else "#"
    for index in range(begin + 1, end):
        lines[index] = ""


def _shortened(text):
    first = text.rstrip("\\ ")
    return first if len(first) <= _LONGEST_NOTE else first[: _LONGEST_NOTE - 1] + "…"


class _Reader:
    """Follows the source line by line, only as far as to know whether a line begins a statement."""

    def __init__(self):
        self._depth = 0
        # The quotes of a text that goes on in the next line.
        self._open = None
        self._is_continued = False

    @property
    def at_statement(self):
        return self._depth == 0 and self._open is None and not self._is_continued

    def read(self, line):
        position = 0
        self._is_continued = False
        while position < len(line):
            if self._open is not None:
                position = self._read_text(line, position)
                continue
            character = line[position]
            quotes = _QUOTE.match(line, position)
            if character == "#":
                return
            if quotes is not None:
                self._open = quotes.group()
                position = quotes.end()
                continue
            if character in "([{":
                self._depth += 1
            elif character in ")]}":
                self._depth = max(0, self._depth - 1)
            elif character == "\\" and line[position + 1 :].strip() == "":
                self._is_continued = True
            position += 1
        # A text in single quotes ends with its line, unless a backslash goes on with it.
        if self._open is not None and len(self._open) == 1 and not line.endswith("\\"):
            self._open = None

    def _read_text(self, line, position):
        """The position after the end of the open text, or the end of the line."""
        while position < len(line):
            if line[position] == "\\":
                position += 2
            elif line.startswith(self._open, position):
                position += len(self._open)
                self._open = None
                return position
            else:
                position += 1
        return position
