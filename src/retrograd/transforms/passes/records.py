"""Say what is done with records in the words of fields and functions.

    p.T * gas.R              ->    the same text; `T` is data of the user's, and no transpose
    x, y = point             ->    x, y = point.x, point.y
    model.predict(x)         ->    predict(model, x)
    model.LIMIT              ->    Model_LIMIT             (what the class holds, a value from outside)
    eigh(a).eigenvalues      ->    eigh(a)[0]
    p._replace(x=a)          ->    replaced(p, x=a)
    p._asdict()              ->    {"x": p.x, "y": p.y}

Which is which shows in the kind of the value, so this runs on kinds, and before everything that
knows attributes and methods by their names.
"""

from collections.abc import Callable
from dataclasses import replace

from retrograd.transforms.analyses.kinds_and_ranks import (
    Env,
    Kinds,
    bind_kinds,
    element_kind,
    integer_value,
)
from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.frontend.classes import ClassShape
from retrograd.transforms.ir.algebra import helper
from retrograd.transforms.ir.kinds import UNKNOWN, Kind, Record, Sequence
from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    Block,
    Call,
    Callee,
    Clause,
    Comprehension,
    Const,
    Dict,
    Expr,
    Function,
    Index,
    Known,
    Lambda,
    Name,
    Outer,
    Stmt,
    Tuple,
)
from retrograd.transforms.ir.walk import (
    map_blocks,
    map_children,
    map_expressions,
    own_expressions,
    places_written,
    statements,
    subexpressions,
)
from retrograd.transforms.rules.decomposition_results import PLACES

#: Gives a class by its key, and a function of the program by its key.
ShapeOf = Callable[[str], ClassShape | None]
CalleeOf = Callable[[str], Callee]

#: Gives what a class holds beside functions, by its key and a name; None if it is no data.
ConstantOf = Callable[[str, str], Outer | None]


def records(
    function: Function,
    kinds: Kinds,
    shape: ShapeOf,
    callee: CalleeOf,
    constant: ConstantOf,
    report: Diagnostics,
) -> Function:
    """`function` with everything that `kinds` know to be records treated so."""
    made = _Records(kinds, shape, callee, constant, report)
    return replace(function, body=made.block(function.body))


class _Records:
    def __init__(
        self,
        kinds: Kinds,
        shape: ShapeOf,
        callee: CalleeOf,
        constant: ConstantOf,
        report: Diagnostics,
    ) -> None:
        self.kinds = kinds
        self.shape = shape
        self.callee = callee
        self.constant = constant
        self.report = report

    def block(self, block: Block) -> Block:
        return tuple(map(self.statement, block))

    def statement(self, stmt: Stmt) -> Stmt:
        env = self.kinds.before.get(stmt, {})
        for place in places_written(stmt):
            if isinstance(place, Attribute) and self.adds_field(place, env):
                return stmt
        new = map_expressions(stmt, lambda expr: self.expression(expr, env))
        if _from_outside(new) != _from_outside(stmt):
            new = replace(new, origin=stmt.origin.rewritten())
        match new:
            case Assign(target=Tuple(), value=value):
                new = replace(new, value=self.unpacked(value, self.kinds.of(value, env)))
            case _:
                pass
        return map_blocks(new, self.block)

    def adds_field(self, place: Attribute, env: Env) -> bool:
        """Whether writing to `place` would give a record another field; then it is refused."""
        kind = self.kinds.of(self.expression(place.value, env), env)
        if not isinstance(kind, Record) or place.name in kind.names:
            return False
        label = f"`{place.name}` is no field of `{_short(kind)}` before"
        self.report.refuse("RG401", place.at, label)
        return True

    def expression(self, expr: Expr, env: Env) -> Expr:
        match expr:
            case Comprehension(clauses=clauses):
                for clause in clauses:
                    env = self.inside(clause, env)
            case Lambda(params=params):
                env = {**env, **{param.id: UNKNOWN for param in params}}
            case Call(func=Attribute(value=value, name=name) as func):
                value = self.expression(value, env)
                kind = self.kinds.of(value, env)
                if isinstance(kind, Record) and name not in kind.names:
                    call = map_children(
                        replace(expr, func=Const("None")), lambda part: self.expression(part, env)
                    )
                    assert isinstance(call, Call)
                    return self.method(replace(call, func=replace(func, value=value)), value, kind)
            case _:
                pass
        expr = map_children(expr, lambda part: self.expression(part, env))
        match expr:
            case Attribute(value=value, name=name, is_field=False):
                return self.attribute(expr, self.kinds.of(value, env), name)
            case Index(value=value, index=index):
                return self.item(expr, self.kinds.of(value, env), integer_value(index))
            case Call(func=Name() | Attribute() | Index() | Outer() as called):
                kind = self.kinds.of(called, env)
                return self.method(expr, called, kind) if isinstance(kind, Record) else expr
            case Call(func=Known(path="dataclasses.replace"), args=(value,)):
                kind = self.kinds.of(value, env)
                return self.replaced(expr, value, kind) if isinstance(kind, Record) else expr
            case _:
                return expr

    def inside(self, clause: Clause, env: Env) -> Env:
        """The kinds behind a clause of a comprehension, where those before it are `env`."""
        element = element_kind(clause.iterable, lambda part: self.kinds.of(part, env))
        return bind_kinds(clause.target, element, env)

    # ---- reading

    def attribute(self, expr: Attribute, kind: Kind, name: str) -> Expr:
        if isinstance(kind, Sequence) and kind.form == "tuple" and name in PLACES:
            return Index(expr.value, Const(str(PLACES[name])), expr.at)
        if not isinstance(kind, Record):
            return expr
        if name in kind.names:
            return replace(expr, is_field=True)
        shape = self.shape(kind.cls)
        method = shape.methods.get(name) if shape is not None else None
        if method is not None and method.form == "property":
            return Call(self.callee(method.key), (expr.value,), at=expr.at)
        known = _is_named(expr.value) or isinstance(expr.value, Outer)
        held = self.constant(kind.cls, name) if known else None
        if held is not None:
            return replace(held, at=expr.at)
        label = f"`{name}` is no field of `{_short(kind)}`"
        self.report.refuse("RG303", expr.at, label)
        return replace(expr, is_field=True)

    def item(self, expr: Index, kind: Kind, k: int | None) -> Expr:
        """What `expr` picks from a value of `kind`: from a namedtuple, a field."""
        if not isinstance(kind, Record) or kind.form != "namedtuple" or k is None:
            return expr
        if not -len(kind.names) <= k < len(kind.names):
            self.report.refuse("RG305", expr.at, f"there are {len(kind.names)} fields")
            return expr
        return Attribute(expr.value, kind.names[k], expr.at, is_field=True)

    def unpacked(self, value: Expr, kind: Kind) -> Expr:
        """A namedtuple that has a name, as the tuple of its fields."""
        if not isinstance(kind, Record) or kind.form != "namedtuple" or not _is_named(value):
            return value
        return Tuple(tuple(Attribute(value, name, is_field=True) for name in kind.names))

    # ---- calling

    def method(self, call: Call, value: Expr, kind: Record) -> Expr:
        """A call of a method of `value`, or of `value` itself."""
        name = call.func.name if isinstance(call.func, Attribute) else "__call__"
        if call.func == value:
            name = "__call__"
        shape = self.shape(kind.cls)
        method = shape.methods.get(name) if shape is not None else None
        match method.form if method is not None else name:
            case "method" if method is not None:
                return replace(call, func=self.callee(method.key), args=(value, *call.args))
            case "static" if method is not None:
                return replace(call, func=self.callee(method.key))
            case "_replace" if kind.form == "namedtuple" and not call.args:
                return self.replaced(call, value, kind)
            case "_asdict" if kind.form == "namedtuple" and _is_named(value):
                fields = ((name, Attribute(value, name, is_field=True)) for name in kind.names)
                return Dict(tuple((Const(repr(name)), part) for name, part in fields))
            case _:
                what = f"`{_short(kind)}` has no method `{name}` that can be read"
                self.report.refuse("RG303", call.at, what)
                return Const("0.0")

    def replaced(self, call: Call, value: Expr, kind: Record) -> Expr:
        """A copy of `value` with other fields."""
        shape = self.shape(kind.cls)
        if shape is None or shape.obstacle:
            obstacle = shape.obstacle if shape is not None else "the class is not known"
            self.report.refuse("RG219", call.at, obstacle)
        for name, _ in call.kwargs:
            if name not in kind.names:
                self.report.refuse("RG305", call.at, f"`{name}` is no field of `{_short(kind)}`")
        if kind.form == "namedtuple":
            return replace(helper("replaced", value), kwargs=call.kwargs, at=call.at)
        return replace(call, args=(value,))


def pending(function: Function) -> int:
    """How many attributes in `function` are not known to be fields, methods or anything else."""
    return sum(
        isinstance(part, Attribute) and not part.is_field
        for stmt in statements(function.body)
        for expr in own_expressions(stmt)
        for part in subexpressions(expr)
    )


def _short(kind: Record) -> str:
    return kind.cls.rpartition(":")[2].partition("#")[0]


def _is_named(value: Expr) -> bool:
    """Whether `value` is a variable or a field of one."""
    while isinstance(value, Attribute) and value.is_field:
        value = value.value
    return isinstance(value, Name)


def _from_outside(stmt: Stmt) -> int:
    """How many functions and values from outside `stmt` has in its own expressions."""
    return sum(
        isinstance(part, Callee | Outer)
        for expr in own_expressions(stmt)
        for part in subexpressions(expr)
    )
