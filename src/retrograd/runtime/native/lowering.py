"""Generated code in the words that Numba has.

    for k in reversed(range(n)):     ->     for k in range(n - 1, -1, -1):
    a[1:] += a[:-1]                  ->     a[1:] += +a[:-1]
    x**n                             ->     power(x, n)
    np.stack(rows)                   ->     stacked(rows)

Only what means something else to Numba, or nothing, is touched.
"""

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import Final

#: The functions of `words` by the calls that they stand for, and of how many arguments.
_CALLS: Final = {
    "reversed": ("backwards", 1),
    "np.stack": ("stacked", 1),
    "np.array": ("array_of", 1),
    "np.add.at": ("add_at", 3),
    "np.full_like": ("filled_like", 2),
}

#: The functions of `words` for reductions along an axis; Numba has the axis for sums only.
_ALONG: Final = {
    "np.mean": "mean_along",
    "np.max": "max_along",
    "np.min": "min_along",
    "np.count_nonzero": "count_along",
}

_OPERATORS: Final[Mapping[type[ast.operator], str]] = {
    ast.Pow: "power",
    ast.FloorDiv: "quotient",
    ast.Mod: "remainder",
}

#: Calls whose result shares no memory with anything else; names of methods have a dot before them.
_NEW: Final = frozenset(
    (
        *("np.zeros", "np.zeros_like", "np.ones", "np.ones_like", "np.full", "np.full_like"),
        *("np.empty", "np.empty_like", "np.outer", "np.dot", "np.sum", "np.mean", "np.where"),
        *("np.exp", "np.log", "np.sin", "np.cos", "np.tan", "np.tanh", "np.sqrt", "np.abs"),
        *("np.sign", "np.copy", "np.square", "np.arange", "np.linspace", ".copy", ".sum"),
        *("zeros_like", "spread", "written", "scatter", "abs", "float", "int", "len", "min", "max"),
    )
)


#: The name of the page `words` in a native module; no user has it.
WORDS: Final = "retrograd_words"


def lower(tree: ast.FunctionDef, recursive: Collection[str], own: Collection[str]) -> None:
    """Put what Numba has in place of what it does not.

    Args:
        recursive: the functions of the module that call themselves.
        own: all functions of the module.
    """
    rewriting = _Lowering(_Aliases(tree, own), _passed_to(tree, recursive), own)
    rewriting.visit(tree)
    ast.fix_missing_locations(tree)


class _Lowering(ast.NodeTransformer):
    def __init__(self, aliases: "_Aliases", tapes: set[str], own: Collection[str]) -> None:
        self.aliases = aliases
        self.tapes = tapes
        self.own = own

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        name = ast.unparse(node.func)
        if name in self.own:
            return node
        if name == "reversed" and _is_plain_range(node.args[0]):
            return ast.copy_location(_counted_down(node.args[0]), node)
        word, count = _CALLS.get(name, ("", 0))
        if word and len(node.args) == count and not node.keywords:
            node.func = ast.copy_location(self._word(word), node.func)
        if name == "np.sum" or name in _ALONG:
            return self._reduction(node, name)
        if name.endswith(".astype"):  # to Numba always a copy
            node.keywords = [one for one in node.keywords if one.arg != "copy"]
        return node

    def _reduction(self, node: ast.Call, name: str) -> ast.expr:
        """``np.max(x, axis=1, keepdims=True)`` in words that Numba has."""
        match {one.arg: one.value for one in node.keywords}:
            case {"axis": axis, "keepdims": ast.Constant(value=True)} if len(node.keywords) == 2:
                keeps = True
            case {"axis": axis} if len(node.keywords) == 1:
                keeps = False
            case _:
                return node
        if len(node.args) != 1 or isinstance(axis, ast.Tuple):
            return node
        function = node.func if name == "np.sum" else self._word(_ALONG[name])
        found: ast.expr = ast.Call(function, [node.args[0], axis], [])
        if keeps:
            assert isinstance(node.func, ast.Attribute)
            expand = ast.Attribute(node.func.value, "expand_dims", ast.Load())
            found = ast.Call(expand, [found, axis], [])
        return ast.copy_location(found, node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        word = _OPERATORS.get(type(node.op))
        if word is None or _is_safe(node.left, node.right):
            return node
        if isinstance(node.op, ast.Pow) and (exponent := _negative(node.right)):
            power = ast.BinOp(node.left, ast.Pow(), ast.Constant(exponent))
            return ast.copy_location(ast.BinOp(ast.Constant(1.0), ast.Div(), power), node)
        call = ast.Call(self._word(word), [node.left, node.right], [])
        return ast.copy_location(call, node)

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        self.generic_visit(node)
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=[])):
                if name in self.tapes:  # Numba cannot look into a recursion for what the list holds
                    node.value = ast.Call(self._word("no_numbers"), [], [])
            case _:
                pass
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        self.generic_visit(node)
        target, value = node.target, node.value
        if type(node.op) in _OPERATORS and not _is_safe(target, value):
            read = ast.parse(ast.unparse(target), mode="eval").body
            combined: ast.expr = self.visit_BinOp(ast.BinOp(read, node.op, value))
            if isinstance(target, ast.Name):
                combined = ast.Call(self._word("put_into"), [read, combined], [])
            return ast.copy_location(ast.Assign([target], combined), node)
        if self.aliases.may_overlap(target, value):  # a sign makes a new array
            node.value = ast.copy_location(ast.UnaryOp(ast.UAdd(), value), value)
        return node

    def _word(self, name: str) -> ast.expr:
        return ast.Attribute(ast.Name(WORDS, ast.Load()), name, ast.Load())


def _passed_to(tree: ast.FunctionDef, functions: Collection[str]) -> set[str]:
    """The names that `tree` passes on to one of `functions`."""
    return {
        arg.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in functions
        for arg in node.args
        if isinstance(arg, ast.Name)
    }


# ---------------------------------------------------------------- loops


def _is_plain_range(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and ast.unparse(node.func) == "range"
        and len(node.args) in (1, 2)
        and not any(isinstance(arg, ast.Starred) for arg in node.args)
    )


def _counted_down(node: ast.expr) -> ast.expr:
    """``range(start, stop)`` from its end."""
    assert isinstance(node, ast.Call)
    start, stop = node.args if len(node.args) == 2 else (ast.Constant(0), node.args[0])
    args = [_before(stop), _before(start), ast.UnaryOp(ast.USub(), ast.Constant(1))]
    return ast.Call(ast.Name("range", ast.Load()), args, [])


def _before(number: ast.expr) -> ast.expr:
    if isinstance(number, ast.Constant) and isinstance(number.value, int):
        return ast.Constant(number.value - 1)
    return ast.BinOp(number, ast.Sub(), ast.Constant(1))


# ---------------------------------------------------------------- whole numbers


def _is_safe(left: ast.expr, right: ast.expr) -> bool:
    """Whether Numba computes what Python does: it has ``2 ** -1 == 0`` and ``1 // 0 == 0``."""
    constants = [side.value for side in (left, right) if isinstance(side, ast.Constant)]
    if any(isinstance(value, float | str) for value in constants):
        return True
    return isinstance(right, ast.Constant) and isinstance(right.value, int) and right.value > 0


def _negative(exponent: ast.expr) -> int:
    """The number n of the exponent ``-n``, 0 if it is another."""
    match exponent:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))):
            return number
        case _:
            return 0


# ---------------------------------------------------------------- memory


class _Aliases:
    """Which names of a function may share memory: each has the roots of what it was given."""

    def __init__(self, tree: ast.FunctionDef, own: Collection[str]) -> None:
        self.own = own
        self.roots: dict[str, set[str]] = {
            arg.arg: {"<parameters>"} for arg in ast.walk(tree.args) if isinstance(arg, ast.arg)
        }
        pairs = list(_bindings(tree))
        grown = True
        while grown:
            before = sum(map(len, self.roots.values()))
            for name, value in pairs:
                self.roots.setdefault(name, set()).update(self._of(value, name))
            grown = sum(map(len, self.roots.values())) > before

    def may_overlap(self, target: ast.expr, value: ast.expr) -> bool:
        """Whether ``target += value`` may write to what it has yet to read."""
        if isinstance(target, ast.Subscript) and not _takes_part(target.slice):
            return False
        if ast.dump(value).replace("Load()", "Store()") == ast.dump(target):
            return False
        return not self._of(target, "<new>").isdisjoint(self._of(value, "<other>"))

    def _of(self, value: ast.expr, name: str) -> set[str]:
        """What `value` may share memory with; a new value is known by the `name` it gets."""
        match value:
            case ast.Name(id=other):
                return self.roots.get(other, {other})
            case ast.Attribute(value=inner) | ast.Starred(value=inner):
                return self._of(inner, name)
            case ast.Subscript(value=inner):
                return self._of(inner, name)
            case ast.IfExp(body=body, orelse=orelse):
                return self._of(body, name) | self._of(orelse, name)
            case ast.Tuple(elts=items) | ast.List(elts=items):
                return {root for item in items for root in self._of(item, name)} or {name}
            case ast.Call(func=function, args=args):
                text = ast.unparse(function)
                method = f".{function.attr}" if isinstance(function, ast.Attribute) else text
                if text not in self.own and (text in _NEW or method in _NEW):
                    return {name}
                parts = [*args, function.value] if isinstance(function, ast.Attribute) else args
                return {name} | {root for part in parts for root in self._of(part, name)} - {"np"}
            case _:
                return {name}


def _bindings(tree: ast.FunctionDef) -> Iterator[tuple[str, ast.expr]]:
    """Every name that is given a value, with the value, or what the value is taken from."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    yield from _named(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield from _named(target, value)
            case ast.NamedExpr(target=target, value=value):
                yield from _named(target, value)
            case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                yield from _named(target, value)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method), args=args):
                if method in ("append", "insert", "extend"):
                    yield from ((name, arg) for arg in args)
            case _:
                pass


def _named(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    match target:
        case ast.Name(id=name):
            yield name, value
        case ast.Tuple(elts=items) | ast.List(elts=items):
            for item in items:
                yield from _named(item, value)
        case ast.Starred(value=inner):
            yield from _named(inner, value)
        case ast.Subscript(value=inner) | ast.Attribute(value=inner):
            yield from _named(inner, value)
        case _:
            pass


def _takes_part(index: ast.expr) -> bool:
    """Whether an index may name more than one element, and give a view of them."""
    many = ast.Slice | ast.Starred | ast.Call
    return any(
        isinstance(part, many) or (isinstance(part, ast.Constant) and part.value is ...)
        for part in ast.walk(index)
    )
