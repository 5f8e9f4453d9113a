"""Code for numbers made code for arrays of them, element by element.

    b_bar = x if x > a else 0.0        ->        b_bar = numpy.where(x > a, x, 0.0)
    a_bar += b * x                     ->        a_bar = a_bar + b * x

Numbers are never changed in place, and an array that two names share must not be. A branch, which an
array cannot choose, raises ValueError when it runs.
"""

import ast
from typing import Final

_WORDS: Final = {ast.And: "logical_and", ast.Or: "logical_or"}


def over_arrays(text: str) -> str:
    """`text`, a module of functions of numbers, for arrays in the place of any of the numbers."""
    module = _Broadcasting().visit(ast.parse(text))
    return "import numpy\n" + ast.unparse(ast.fix_missing_locations(module)) + "\n"


class _Broadcasting(ast.NodeTransformer):
    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        self.generic_visit(node)
        return _call("where", node.test, node.body, node.orelse)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        self.generic_visit(node)
        found, *rest = node.values
        for value in rest:
            found = _call(_WORDS[type(node.op)], found, value)
        return found

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        return _call("logical_not", node.operand) if isinstance(node.op, ast.Not) else node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        self.generic_visit(node)
        if not isinstance(node.target, ast.Name):
            return node
        old = ast.Name(node.target.id, ast.Load())
        return ast.Assign([node.target], ast.BinOp(old, node.op, node.value))


def _call(name: str, *args: ast.expr) -> ast.expr:
    return ast.Call(ast.Attribute(ast.Name("numpy", ast.Load()), name, ast.Load()), [*args], [])
