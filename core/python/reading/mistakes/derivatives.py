"""
The derivative of one line of the forward pass taken for another: of another activation, or of a power. As in branches.py
an edit takes away what the formula is thought to have, and adds what it should have.
"""

import ast

from reading.chain_rule import Walk
from reading.formula import is_name
from reading.rewriting import expression, number_of, text

# Derivatives of functions that are not the line's own, of its input x and its output y.
_OTHERS = (
    ("the sigmoid, `{y} * (1 - {y})`", "{y} * (1 - {y})"),
    ("the relu: 1 where it is positive, else 0", "({x} > 0)"),
    ("the relu: 1 where the output is positive, else 0", "({y} > 0)"),
    ("the tanh at its input, `1 - {x} ** 2`", "1 - {x}**2"),
    ("the tanh, `1 - {y} ** 2`", "1 - {y}**2"),
    ("the tanh at its output (the tanh of {y}, which is an output already)", "1 - torch.tanh({y})**2"),
    ("the tanh, of {x}", "1 - torch.tanh({x})**2"),
    ("the sigmoid at its output", "torch.sigmoid({y}) * (1 - torch.sigmoid({y}))"),
    ("the sigmoid, of {x}", "torch.sigmoid({x}) * (1 - torch.sigmoid({x}))"),
    ("the sigmoid at its input, `{x} * (1 - {x})`", "{x} * (1 - {x})"),
    ("exp, `{y}`", "{y}"),
    ("exp, of {x}", "torch.exp({x})"),
    ("the logarithm, `1 / {x}`", "1 / {x}"),
    ("the logarithm at its output, `1 / {y}`", "1 / {y}"),
    ("softplus, `sigmoid({x})`", "torch.sigmoid({x})"),
    ("silu, of {x}", "torch.sigmoid({x}) * (1 + {x} * (1 - torch.sigmoid({x})))"),
    ("gelu (its tanh form), of {x}", "_gelu({x})"),
    ("the leaky relu with slope 0.01", "(({x} > 0) + 0.01 * ({x} <= 0))"),
    ("the arctangent, `1 / (1 + {x} ** 2)`", "1 / (1 + {x}**2)"),
    ("the sine, `cos({x})`", "torch.cos({x})"),
    ("the square, `2 * {x}`", "2 * {x}"),
    ("the square root, `0.5 / {y}`", "0.5 / {y}"),
)
_GELU = """def _gelu(x):
    inner = torch.tanh(0.7978845608028654 * (x + 0.044715 * x**3))
    return 0.5 * (1 + inner) + 0.5 * x * (1 - inner**2) * 0.7978845608028654 * (1 + 3 * 0.044715 * x**2)
"""
_RIGHT = {"tanh": "1 - {y} ** 2", "exp": "{y}", "log": "1 / {x}"}


def other_activation(view):
    """The derivative of another function than that of the line."""
    for reader, function in _activations(view):
        names = {"x": view.node, "y": reader}
        right = _RIGHT[function].format(**names)
        for told, wrong in _OTHERS:
            wrong = wrong.format(**names)
            if _same(wrong, right):
                continue
            sentence = f"takes the derivative of {told.format(**names)}; {reader} is {function} of {view.node}: it should be `{right}`"
            yield _exchanged(view, reader, wrong, "other-activation", sentence, _GELU if "_gelu" in wrong else "")


def power_rule(view):
    """The derivative of x**p: the exponent not lowered, not brought down, of another sign; an epsilon forgotten."""
    for reader, base, power in _powers(view):
        lower = power - 1
        rule = f"the derivative of x ** {power:g} is {power:g} * x ** {lower:g}"
        slips = [
            (f"{power} * {base}**({power})", "exponent", f"does not lower the exponent: {rule}"),
            (f"{base}**({lower})", "missing-factor", f"does not bring the exponent {power:g} down as a factor: {rule}"),
            (f"{base}**({power})", "exponent", f"neither lowers the exponent nor brings it down as a factor: {rule}"),
            (f"{power} * {base}**({power + 1})", "exponent", f"raises the exponent by one, not lowers it: {rule}"),
            (f"{power} * {base}**({power - 2})", "exponent", f"lowers the exponent by two, not by one: {rule}"),
            (f"{power} * {base}**({-lower})", "exponent", f"has the exponent {-lower:g}, of the opposite sign: {rule}"),
            (f"-({power}) * {base}**({lower})", "sign", f"has the opposite sign: {rule}"),
            (f"-({power}) * {base}**({power})", "exponent", f"does not lower the exponent, and has the opposite sign: {rule}"),
            (f"{lower} * {base}**({lower})", "missing-factor", f"brings down {lower:g}, the exponent lowered already: {rule}"),
            (f"{power} * {base}**({2 * power})", "exponent", f"has the exponent {2 * power:g}: {rule}"),
            (f"{power} * {base}", "exponent", f"leaves out the exponent {lower:g}: {rule}"),
            (f"{base}", "exponent", f"leaves out the exponent {lower:g} and the factor {power:g}: {rule}"),
        ]
        tree = expression(base)
        if isinstance(tree, ast.BinOp) and is_name(tree.left) and number_of(tree.right) is not None:
            bare, added = tree.left.id, f"{number_of(tree.right):g}"
            forgotten = f"forgets the {added} that the forward pass adds to {bare}"
            slips += [
                (f"{power} * {bare}**({lower})", "epsilon", forgotten),
                (f"{power} * ({bare}**({lower}) + {added})", "epsilon", f"adds {added} to the power; the forward pass adds it to {bare}"),
                (f"{power} * ({bare}**0.5 + {added})**({2 * lower})", "epsilon", f"adds {added} to the root; the forward pass adds it to {bare}"),
            ]
        right = f"{power} * {base}**({lower})"
        for wrong, kind, sentence in slips:
            if not _same(wrong, right) and not (kind == "exponent" and power == 2):
                yield _exchanged(view, reader, wrong, kind, sentence)


def _exchanged(view, reader, wrong, kind, sentence, definitions=""):
    """What the line `reader` passes back: the wrong derivative taken away, the right one added."""
    right = next(text(path) for name, path in view.paths() if name == reader)
    upstream, before = _upstream(view, reader)
    right = right.replace(f"_grad_{reader}", "_upstream")
    source = f"""{definitions}{before}_upstream = {upstream}
{view.target} = {view.target} - _fit(({wrong}) * _upstream, {view.node}.shape) + {right}"""
    return view.edit_after(kind, source, sentence)


def _upstream(view, reader):
    """The gradient of the line's result: as it is given, or worked out on the way to it."""
    if reader in view.given():
        return f"_grad_{reader}", ""
    walk = Walk(reader, view.forward, view.given())
    if not walk.routes:
        return f"_grad_{reader}", ""
    return walk.call("_back"), f"{walk.function('_back')}\n"


def _activations(view):
    """(name, function) for each line that is a known function of the node itself."""
    if not view.direct:
        return
    for reader, _ in view.paths():
        line = expression(view.forward[reader])
        if not (isinstance(line, ast.Call) and isinstance(line.func, ast.Attribute)):
            continue
        of_module = text(line.func.value) in ("torch", "F")
        read = line.args[0] if of_module and line.args else line.func.value
        if line.func.attr in _RIGHT and is_name(read) and read.id == view.node:
            yield reader, line.func.attr


def _powers(view):
    """(name, base, exponent) for each line that is a power of something that the node is in."""
    if not view.direct:
        return
    for reader, _ in view.paths():
        line = expression(view.forward[reader])
        if isinstance(line, ast.BinOp) and isinstance(line.op, ast.Pow) and number_of(line.right) is not None:
            yield reader, f"({text(line.left)})", number_of(line.right)


def _same(one, other):
    return text(expression(one)) == text(expression(other))
