"""Array expressions of a native module become calls of loops, which stand above its functions.

    h_bar = (1.0 - h**2) * g         ->      loops_1 = loops.elementwise("h, g", "(1.0 - h**2) * g")

                                             h_bar = loops_1(h, g)
    x[1:] += 2.0 * x[:-1]                    loops_2(x[1:], x[:-1])
    t = np.sum(x * y)                        t = loops_3(x, y)

Matrix products and what else is no matter of single elements stay calls.
"""

import ast
import builtins
from collections.abc import Sequence
from typing import Final

from retrograd.runtime.native.elements import operands
from retrograd.runtime.native.ranks import Ranks

#: The name of the page `loops` in a native module; no user has it.
LOOPS: Final = "retrograd_loops"

#: The loops for what NumPy does to all elements.
_REDUCTIONS: Final = {"np.sum": "summed", "np.mean": "averaged"}

_IN_PLACE: Final = (ast.Add, ast.Sub, ast.Mult, ast.Div)


class Loops:
    """The loops of a module, by name."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def fuse(self, tree: ast.FunctionDef, ranks: Ranks) -> None:
        """Put calls of loops in the place of the array expressions of a function."""
        _Fusing(self, ranks, tree.name).visit(tree)
        ast.fix_missing_locations(tree)

    def definitions(self) -> list[str]:
        """The loops as lines of the module."""
        return [f"{name} = {text}" for text, name in self._names.items()]

    def called(self, form: str, params: Sequence[str], text: str, axis: int | None) -> ast.expr:
        """The name of the loops of a `form` over the elements of an expression, along an axis."""
        along = "" if axis is None else f", {axis}"
        made = f"{LOOPS}.{form}({', '.join(params)!r}, {text!r}{along})"
        name = self._names.setdefault(made, f"retrograd_loops_{len(self._names) + 1}")
        return ast.Name(name, ast.Load())


class _Fusing(ast.NodeTransformer):
    def __init__(self, loops: Loops, ranks: Ranks, function: str) -> None:
        self.loops = loops
        self.ranks = ranks
        self.function = function

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        target = node.targets[0]
        is_part = len(node.targets) == 1 and isinstance(target, ast.Subscript)
        if not is_part or not self._axes(_read(target)) or not self._is_fused(node.value):
            self.generic_visit(node)
            return node
        operation = _Operation(self)
        operation.param(_read(target))
        call = self._call("written", operation, operation.over(node.value))
        return ast.copy_location(ast.Expr(call), node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        target = _read(node.target)
        is_number = isinstance(self.ranks.of(self.function, node.value), int)
        if not isinstance(node.op, _IN_PLACE) or not self._axes(target) or not is_number:
            self.generic_visit(node)
            return node
        operation = _Operation(self)
        first = operation.param(target)
        tree = ast.BinOp(first, node.op, operation.over(node.value))
        call = self._call("updated", operation, tree)
        if isinstance(node.target, ast.Name):
            return ast.copy_location(ast.Assign([node.target], call), node)
        return ast.copy_location(ast.Expr(call), node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        reduced = _reduced(node)
        if reduced is not None and self._axes(reduced[1]):
            operation = _Operation(self)
            form, operand, axis = reduced
            return self._call(form, operation, operation.over(operand), axis)
        return self._expression(node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        return self._expression(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        return self._expression(node)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        return self._expression(node)

    def _expression(self, node: ast.expr) -> ast.expr:
        if not self._is_fused(node):
            self.generic_visit(node)
            return node
        operation = _Operation(self)
        return ast.copy_location(self._call("elementwise", operation, operation.over(node)), node)

    def _is_fused(self, node: ast.expr) -> bool:
        return operands(node) is not None and self._axes(node) > 0

    def is_number(self, node: ast.expr) -> bool:
        """Whether an expression is known to be no array."""
        return self.ranks.of(self.function, node) == 0

    def _axes(self, node: ast.expr) -> int:
        """How many axes the value of an expression is known to have; 0 if that is not known."""
        rank = self.ranks.of(self.function, node)
        return rank if isinstance(rank, int) else 0

    def _call(
        self, form: str, operation: "_Operation", tree: ast.expr, axis: int | None = None
    ) -> ast.expr:
        text = ast.unparse(ast.fix_missing_locations(tree))
        function = self.loops.called(form, list(operation.args), text, axis)
        return ast.Call(function, list(operation.args.values()), [])


class _Operation:
    """An expression of elements, with parameters in the place of its operands."""

    def __init__(self, fusing: _Fusing) -> None:
        self.fusing = fusing
        self.args: dict[str, ast.expr] = {}

    def over(self, node: ast.expr) -> ast.expr:
        """The expression `node` over parameters."""
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            return node
        if operands(node) is None or self.fusing.is_number(node):
            return self.param(node)
        match node:
            case ast.BinOp(left=left, op=ast.Pow() as op, right=right):
                return ast.BinOp(self.over(left), op, right)
            case ast.BinOp(left=left, op=op, right=right):
                return ast.BinOp(self.over(left), op, self.over(right))
            case ast.Compare(left=left, ops=ops, comparators=[right]):
                return ast.Compare(self.over(left), ops, [self.over(right)])
            case ast.UnaryOp(op=op, operand=operand):
                return ast.UnaryOp(op, self.over(operand))
            case ast.Call(func=function, args=args):
                return ast.Call(function, [self.over(arg) for arg in args], [])
            case _:
                raise AssertionError(f"{ast.unparse(node)} is no elementwise expression")

    def param(self, node: ast.expr) -> ast.Name:
        """The parameter for an operand: names go by themselves."""
        name = node.id if isinstance(node, ast.Name) else f"a{len(self.args)}"
        while name in self.args and not isinstance(node, ast.Name):
            name += "_"
        if name not in self.args:
            self.args[name] = self.fusing.visit(node)
        return ast.Name(name, ast.Load())


def _read(target: ast.expr) -> ast.expr:
    """What is written to, as an expression that reads it; Numba reads no ``x[...]``."""
    match target:
        case ast.Subscript(value=whole, slice=ast.Constant(value=builtins.Ellipsis)):
            return _read(whole)
        case _:
            return ast.parse(ast.unparse(target), mode="eval").body


def _reduced(call: ast.Call) -> tuple[str, ast.expr, int | None] | None:
    """The loops, the operand and the axis of a sum, or a mean of all elements."""
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np")), args=[operand], keywords=[]):
            form = _REDUCTIONS.get(ast.unparse(call.func))
            return None if form is None else (form, operand, None)
        case ast.Call(func=ast.Attribute(), args=[operand, axis], keywords=[]):
            place = _whole_number(axis)
            is_sum = ast.unparse(call.func) == "np.sum" and place is not None
            return ("summed_along", operand, place) if is_sum else None
        case ast.Call(func=ast.Attribute(value=operand, attr="sum"), args=[], keywords=[]):
            return "summed", operand, None
        case ast.Call(func=ast.Attribute(value=operand, attr="mean"), args=[], keywords=[]):
            return "averaged", operand, None
        case _:
            return None


def _whole_number(node: ast.expr) -> int | None:
    """The number that an expression writes down, if it is a whole one."""
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return None
    return value if type(value) is int else None
