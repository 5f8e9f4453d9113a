"""Know the fields of namespaces that are made empty, or with some of them, and filled by and by.

    p = SimpleNamespace(a=x)                p = SimpleNamespace(a=x, b=None)
    p.b = 2.0 * x                  ->       p.b = 2.0 * x

Generated code collects the cotangents of a record so.
"""

from collections.abc import Iterator
from dataclasses import replace

from retrograd.transforms.ir.kinds import NAMESPACE
from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    AugAssign,
    Call,
    Class,
    Const,
    Expr,
    Function,
    Known,
    Stmt,
    Tuple,
)
from retrograd.transforms.ir.walk import (
    map_blocks,
    map_expressions,
    own_expressions,
    rewrite,
    statements,
)
from retrograd.transforms.passes.interface import surface_pass


@surface_pass
def namespaces(function: Function) -> Function:
    """`function` with the classes of the namespaces that it makes, where what is filled later is None."""
    fields: dict[Expr, dict[str, None]] = {}
    for stmt in statements(function.body):
        for place in _places(stmt):
            fields.setdefault(place.value, {})[place.name] = None

    def statement(stmt: Stmt) -> Stmt:
        filled = fields.get(stmt.target, {}) if isinstance(stmt, Assign) else {}

        def known(part: Expr) -> Expr:
            match part:
                case Call(func=Known(path="types.SimpleNamespace") as func, args=(), kwargs=given):
                    names = dict(given)
                    if "**" in names:
                        return part
                    if isinstance(stmt, Assign) and part == stmt.value:
                        names |= {name: Const("None") for name in filled if name not in names}
                    each = tuple((name, None) for name in names)
                    cls = Class(NAMESPACE, func.spelling, "object", each, (), func.at)
                    return Call(cls, (), tuple(names.items()), part.at)
                case _:
                    return part

        new = map_blocks(
            map_expressions(stmt, lambda expr: rewrite(expr, known)),
            lambda block: tuple(map(statement, block)),
        )
        same = all(rewrite(expr, known) is expr for expr in own_expressions(stmt)) or not filled
        return new if same else replace(new, origin=new.origin.rewritten())

    return replace(function, body=tuple(map(statement, function.body)))


def _places(stmt: Stmt) -> Iterator[Attribute]:
    """The fields that `stmt` gives a value."""
    if isinstance(stmt, Assign | AugAssign):
        targets = stmt.target.items if isinstance(stmt.target, Tuple) else (stmt.target,)
        yield from (target for target in targets if isinstance(target, Attribute))
