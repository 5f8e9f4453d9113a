"""Refuse what has no rule: the default for a function that we do not know is refusal, never zero."""

from collections.abc import Mapping as MappingOf
from functools import partial

from retrograd.transforms.analyses.activity import is_varied
from retrograd.transforms.analyses.kinds_and_ranks import Env, Kinds
from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.diagnostics.span import Span
from retrograd.transforms.ir.algebra import KindOf
from retrograd.transforms.ir.kinds import (
    UNKNOWN,
    Array,
    Container,
    Kind,
    Mapping,
    Other,
    Record,
    Scalar,
    Sequence,
)
from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Call,
    Expr,
    Function,
    Index,
    Known,
    Origin,
    Return,
    Stmt,
    Tuple,
    Unary,
)
from retrograd.transforms.ir.walk import children, names, own_expressions, statements
from retrograd.transforms.rules.application import application
from retrograd.transforms.rules.table import BindProblem, Bound


def check_coverage(
    function: Function, varied: MappingOf[Stmt, frozenset[str]], kinds: Kinds, report: Diagnostics
) -> None:
    """Report every operation in `function` that no rule covers.

    A function without a rule may be called with numbers and text that do not depend on the inputs:
    then its result does not either, and it has nothing that it could change behind our back.
    """
    for stmt in statements(function.body):
        if stmt in varied:
            env = kinds.before[stmt]
            kind_of = partial(_kind_in, kinds, env)
            match stmt:
                case Assign(target=Tuple() as target, value=value) if _is_closed(kind_of(value)):
                    report.refuse("RG303", target.at, "a record that is no tuple is unpacked")
                case Assign(value=Index(value=items), origin=Origin(spelling="")) if isinstance(
                    kind_of(items), Mapping
                ):  # what a loop's header takes by position
                    report.refuse("RG214", _span(items), "a dict gives its keys")
                case _:
                    pass
            match stmt:
                case Assign(target=Index(value=array, at=at), value=value):
                    whole = kind_of(array)
                    cuts = isinstance(whole, Array) and whole.dtype in ("int", "bool")
                    if cuts and is_varied(value, varied[stmt]):
                        report.refuse("RG406", at or stmt.origin.span, "its digits are cut off")
                case _:
                    pass
            has_records = any(map(_holds_record, env.values()))
            for expr in own_expressions(stmt):
                if has_records:
                    _check_records(expr, kind_of, report)
                _check(expr, varied[stmt], kind_of, report)


def check_one_number(function: Function, kinds: Kinds) -> None:
    """A gradient is that of one number; whether an array is one shows when it runs.

    Raises:
        UnsupportedError: the result is a container.
    """
    report = Diagnostics()
    if isinstance(kinds.result, Container):
        for stmt in statements(function.body):
            if isinstance(stmt, Return):
                report.refuse("RG309", stmt.origin.span, "several values are returned")
    report.raise_if_any()


def _kind_in(kinds: Kinds, env: Env, expr: Expr) -> Kind:
    return kinds.of(expr, env)


def _check(expr: Expr, varied: frozenset[str], kind_of: KindOf, report: Diagnostics) -> None:
    applied = application(expr)
    match expr:
        case Call(func=Known(path="retrograd.runtime.require_apart")):
            return
        case Call(func=Known(path=path, at=at), args=args, kwargs=kwargs):
            if isinstance(applied, BindProblem):
                report.refuse("RG302", _span(applied.at) or at or expr.at, applied.label)
            elif applied is None:
                parts = (*args, *(value for _, value in kwargs))
                if path in ("set", "frozenset") and any(_depends(part, varied) for part in parts):
                    report.refuse("RG210", expr.at or at, "a set is made here")
                elif any(_depends(part, varied) for part in parts):
                    report.refuse("RG301", at or expr.at, f"no derivative rule for `{path}`")
                elif not _is_pure(path):
                    label = f"`{path}` may give another value when it is called again"
                    report.refuse("RG403", at or expr.at, label)
                elif not all(isinstance(kind_of(part), Scalar | Other) for part in parts):
                    report.refuse("RG403", at or expr.at, f"`{path}` has no rule")
        case Binary(left=left, right=right) if any(
            isinstance(kind_of(part), Container) for part in (left, right)
        ):
            report.refuse(
                "RG307",
                expr.at,
                f"`{expr.op}` on a list, tuple, dict or record",
                why="it joins or repeats containers instead of adding numbers",
                instead="use arrays, or write the items out",
            )
        case Unary(op="~") | Binary(op="&" | "|" | "^" | "<<" | ">>") if _depends(expr, varied):
            report.refuse("RG307", expr.at, f"`{expr.op}`")
        case Unary() | Binary():
            if isinstance(applied, BindProblem):
                report.refuse("RG307", expr.at, applied.label)
            elif applied is None:
                report.refuse("RG307", expr.at, f"`{expr.op}`")
        case _:
            pass
    for part in children(expr):
        _check(part, varied, kind_of, report)


def _check_records(expr: Expr, kind_of: KindOf, report: Diagnostics) -> None:
    """Report what would run code of a record's class, or might take a field for an attribute."""
    match expr:
        case Index(value=value) if _is_closed(kind_of(value)):
            report.refuse("RG303", expr.at, "a record that is no tuple has no items")
        case Unary(operand=operand) if isinstance(kind_of(operand), Container):
            report.refuse("RG307", expr.at, f"`{expr.op}` on a list, tuple, dict or record")
        case Call(func=Known(path=path, at=at)) if isinstance(application(expr), Bound):
            if any(_is_closed(kind_of(part)) for part in expr.args):
                report.refuse(
                    "RG301", at or expr.at, f"no derivative rule for `{path}` of a record"
                )
        case Attribute(value=value, name=name, is_field=False) if kind_of(value) == UNKNOWN:
            label = f"`{name}` may be a field of a record, or an attribute of an array"
            report.refuse("RG303", expr.at, label)
        case _:
            pass
    for part in children(expr):
        _check_records(part, kind_of, report)


def _is_closed(kind: Kind) -> bool:
    """Whether a value is a record that can only be read field by field."""
    return isinstance(kind, Record) and kind.form != "namedtuple"


def _holds_record(kind: Kind) -> bool:
    match kind:
        case Record():
            return True
        case Sequence(items=items, item=item):
            return any(map(_holds_record, (*(items or ()), item)))
        case Mapping(items=pairs):
            return any(_holds_record(part) for _, part in pairs or ())
        case _:
            return False


def _is_pure(path: str) -> bool:
    """Whether a function without a rule gives the same value at every call."""
    return path.startswith(("math.", "numpy.", "scipy.")) and not path.startswith("numpy.random")


def _depends(expr: Expr, varied: frozenset[str]) -> bool:
    """Whether `expr` reads anything varied along any path at all."""
    return bool(names(expr) & varied)


def _span(expr: Expr | None) -> Span | None:
    return None if expr is None else getattr(expr, "at", None)
