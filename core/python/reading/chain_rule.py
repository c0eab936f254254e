"""The chain rule applied to one line of the forward pass: what each consumer of a node passes back to it, as Python."""

import ast

from reading.rewriting import expression, names_in, text


def paths(node, forward):
    """
    [(consumer, expression of what it passes back)] for every forward line that reads the node. `forward` is
    {name: the line's right side}. A line that uses anything unknown here gives no path.
    """
    found = []
    for consumer, source in forward.items():
        line = expression(source)
        if node not in names_in(line):
            continue
        terms = _terms(line, f"_grad_{consumer}", node, consumer if isinstance(line, ast.Call) else None)
        if terms:
            found.append((consumer, expression(f"_fit({' + '.join(terms)}, {node}.shape)")))
    return found


def _terms(line, gradient, node, output):
    """One product for each place where the line reads the node, given the gradient of the line's result as a product."""
    if isinstance(line, ast.Name):
        return [gradient] if line.id == node else []
    if node not in names_in(line):
        return []
    if isinstance(line, ast.UnaryOp) and isinstance(line.op, ast.USub):
        return _terms(line.operand, f"-1 * {gradient}", node, None)
    if isinstance(line, ast.BinOp):
        return _binary_terms(line, gradient, node)
    if isinstance(line, ast.Attribute) and line.attr == "values":
        return _maximum_terms(line.value, gradient, node)
    if isinstance(line, ast.Subscript) and isinstance(line.value, ast.Name):
        index = text(line.slice)
        if "," in index:
            return []
        rows = f"{gradient}.view(-1, {node}.shape[-1])"
        return [f"torch.zeros_like({node}).index_add_(0, {index}.view(-1), {rows})"]
    if isinstance(line, ast.Call):
        return _call_terms(line, gradient, node, output)
    return []


def _binary_terms(line, gradient, node):
    left, right = f"({text(line.left)})", f"({text(line.right)})"
    if isinstance(line.op, ast.Add):
        return _terms(line.left, gradient, node, None) + _terms(line.right, gradient, node, None)
    if isinstance(line.op, ast.Sub):
        return _terms(line.left, gradient, node, None) + _terms(line.right, f"-1 * {gradient}", node, None)
    if isinstance(line.op, ast.Mult):
        return _terms(line.left, f"{right} * {gradient}", node, None) + _terms(
            line.right, f"{left} * {gradient}", node, None
        )
    if isinstance(line.op, ast.Pow):
        exponent = ast.literal_eval(line.right)
        power = left if exponent == 2 else f"{left}**{exponent - 1}"
        return _terms(line.left, f"{exponent} * {power} * {gradient}", node, None)
    if isinstance(line.op, ast.MatMult):
        return _terms(line.left, f"({gradient} @ {right}.T)", node, None) + _terms(
            line.right, f"({left}.T @ {gradient})", node, None
        )
    return []


def _call_terms(line, gradient, node, output):
    function = line.func
    if not isinstance(function, ast.Attribute):
        return []
    of_module = isinstance(function.value, ast.Name) and function.value.id in {"torch", "F"}
    inner = line.args[0] if of_module else function.value
    source = f"({text(inner)})"
    result = output if output is not None else f"({text(line)})"
    upstream = {
        "sum": f"torch.ones_like({source}) * {gradient}",
        "exp": f"{result} * {gradient}",
        "log": f"1 / {source} * {gradient}",
        "tanh": f"(1 - {result}**2) * {gradient}",
        "view": f"{gradient}.view({source}.shape)",
    }.get(function.attr)
    return [] if upstream is None else _terms(inner, upstream, node, None)


def _maximum_terms(call, gradient, node):
    """`x.max(1, keepdim=True).values`: the gradient of a row's maximum goes to the element that was the maximum."""
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "max"):
        return []
    source = text(call.func.value)
    return _terms(
        call.func.value,
        f"F.one_hot({source}.max(1).indices, num_classes={source}.shape[1]) * {gradient}",
        node,
        None,
    )


# So many routes are told apart; where there are more, none is.
_ROUTES = 64


class Walk:
    """
    The way back through the forward lines to the gradient of one node, from the gradients that are given: those of the
    nodes in `given`, and of those that no line reads. `routes` are the ways to go, each a tuple of nodes that begins with
    a given one and ends with the node; empty where a line between is of a kind unknown here, or there are too many.
    """

    def __init__(self, node, forward, given):
        self.node = node
        self._given = set(given) - {node}
        self._paths = {}
        self._forward = forward
        self.routes = self._routes(node)
        if len(self.routes) > _ROUTES or any(len(set(route)) < 2 for route in self.routes):
            self.routes = []

    @property
    def starts(self):
        """The nodes whose gradients it starts from."""
        return list(dict.fromkeys(route[0] for route in self.routes))

    def through(self, *names):
        """The routes through any of these nodes, as a set of numbers."""
        return frozenset(
            number for number, route in enumerate(self.routes) if any(name in route[:-1] for name in names)
        )

    def between(self):
        """The nodes on the routes but the last one, those nearest to it first."""
        longest_first = sorted(self.routes, key=len)
        return list(dict.fromkeys(name for route in longest_first for name in reversed(route[:-1])))

    def function(self, name, without=(), route=None):
        """
        The source of a function that takes `_grad_<start>` for each start and gives the node's gradient: by every route,
        by those that lead through none of the nodes `without`, or by one route alone.
        """
        edges = {
            (reader, read)
            for taken in (self.routes if route is None else [route])
            if route is not None or not set(taken[:-1]) & set(without)
            for reader, read in zip(taken, taken[1:])
        }
        lines = [f"def {name}({', '.join(f'_grad_{start}' for start in self.starts)}):"]
        for read in self._in_order():
            terms = [text(path) for reader, path in self._paths[read] if (reader, read) in edges]
            lines.append(f"    _grad_{read} = {' + '.join(terms) or f'torch.zeros_like({read})'}")
        lines.append(f"    return _grad_{self.node}")
        return "\n".join(lines)

    def call(self, name, argument="_grad_{}"):
        return f"{name}({', '.join(argument.format(start) for start in self.starts)})"

    def _routes(self, node):
        if node in self._given:
            return [(node,)]
        if node not in self._paths:
            self._paths[node] = paths(node, self._forward)
        if not self._paths[node]:
            return [(node,)]
        found = []
        for reader, _ in self._paths[node]:
            found += [(*route, node) for route in self._routes(reader)]
            if len(found) > _ROUTES:
                break
        return found

    def _in_order(self):
        """The nodes whose gradients are computed on the way, each after all that read it."""
        computed = {name for route in self.routes for name in route[1:]}
        return [name for name in reversed(self._forward) if name in computed]
