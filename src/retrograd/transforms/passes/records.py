"""Tell the fields of records from the attributes of arrays.

    p.T * gas.R          ->      the same text; `T` is data of the user's, and no transpose
    x, y = point         ->      x, y = point.x, point.y

Which is which shows in the kind of the value, so this runs on kinds, and before everything that
knows attributes by their names.
"""

from dataclasses import replace

from retrograd.transforms.analyses.kinds_and_ranks import (
    Env,
    Kinds,
    bind_kinds,
    element_kind,
    integer_value,
)
from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.ir.kinds import UNKNOWN, Kind, Record
from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    Block,
    Clause,
    Comprehension,
    Expr,
    Function,
    Index,
    Lambda,
    Name,
    Stmt,
    Tuple,
)
from retrograd.transforms.ir.walk import map_blocks, map_children, map_expressions


def records(function: Function, kinds: Kinds, report: Diagnostics) -> Function:
    """`function` with fields of records known as such."""
    return replace(function, body=_Fields(kinds, report).block(function.body))


class _Fields:
    def __init__(self, kinds: Kinds, report: Diagnostics) -> None:
        self.kinds = kinds
        self.report = report

    def block(self, block: Block) -> Block:
        return tuple(map(self.statement, block))

    def statement(self, stmt: Stmt) -> Stmt:
        env = self.kinds.before.get(stmt, {})
        stmt = map_expressions(stmt, lambda expr: self.expression(expr, env))
        match stmt:
            case Assign(target=Tuple(), value=value):
                stmt = replace(stmt, value=self.unpacked(value, self.kinds.of(value, env)))
            case _:
                pass
        return map_blocks(stmt, self.block)

    def expression(self, expr: Expr, env: Env) -> Expr:
        match expr:
            case Comprehension(clauses=clauses):
                for clause in clauses:
                    env = self.inside(clause, env)
            case Lambda(params=params):
                env = {**env, **{param.id: UNKNOWN for param in params}}
            case _:
                pass
        expr = map_children(expr, lambda part: self.expression(part, env))
        match expr:
            case Attribute(value=value, name=name, is_field=False):
                return self.attribute(expr, self.kinds.of(value, env), name)
            case Index(value=value, index=index):
                return self.item(expr, self.kinds.of(value, env), integer_value(index))
            case _:
                return expr

    def item(self, expr: Index, kind: Kind, k: int | None) -> Expr:
        """What `expr` picks from a value of `kind`: from a namedtuple, a field."""
        if not isinstance(kind, Record) or kind.form != "namedtuple" or k is None:
            return expr
        if not -len(kind.names) <= k < len(kind.names):
            self.report.refuse("RG305", expr.at, f"there are {len(kind.names)} fields")
            return expr
        return Attribute(expr.value, kind.names[k], expr.at, is_field=True)

    def inside(self, clause: Clause, env: Env) -> Env:
        """The kinds behind a clause of a comprehension, where those before it are `env`."""
        element = element_kind(clause.iterable, lambda part: self.kinds.of(part, env))
        return bind_kinds(clause.target, element, env)

    def unpacked(self, value: Expr, kind: Kind) -> Expr:
        """A namedtuple that has a name, as the tuple of its fields."""
        place = value
        while isinstance(place, Attribute) and place.is_field:
            place = place.value
        if not isinstance(kind, Record) or kind.form != "namedtuple" or not isinstance(place, Name):
            return value
        return Tuple(tuple(Attribute(value, name, is_field=True) for name in kind.names))

    def attribute(self, expr: Attribute, kind: Kind, name: str) -> Expr:
        if not isinstance(kind, Record):
            return expr
        if name not in kind.names:
            what = f"`{name}` is no field of `{kind.cls.rpartition(':')[2]}`"
            self.report.refuse("RG303", expr.at, what)
        return replace(expr, is_field=True)
