"""Refuse what has no rule: the default for a function that we do not know is refusal, never zero."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from retrograd.transforms.analyses.activity import is_traced, traced
from retrograd.transforms.analyses.kinds_and_ranks import Env, Kinds, integer_value, join
from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.diagnostics.span import Span
from retrograd.transforms.ir.algebra import KindOf
from retrograd.transforms.ir.kinds import (
    MAYBE_COMPLEX,
    NONE,
    SPARSE,
    TEXT,
    Array,
    Container,
    Kind,
    Mapping,
    Other,
    Record,
    Scalar,
    Sequence,
    Unknown,
    holds_complex,
    is_complex,
    is_foreign,
    with_parts,
)
from retrograd.transforms.ir.nodes import (
    Assert,
    Assign,
    Attribute,
    AugAssign,
    Binary,
    Call,
    Callee,
    Class,
    Dict,
    Do,
    Expr,
    Function,
    Index,
    Known,
    Lambda,
    Name,
    Origin,
    Raise,
    Return,
    Slice,
    Stmt,
    Target,
    Tuple,
    Unary,
    With,
)
from retrograd.transforms.ir.walk import (
    children,
    own_expressions,
    root_of,
    statements,
    subexpressions,
)
from retrograd.transforms.rules.application import application, is_replacement
from retrograd.transforms.rules.complex_numbers import holds
from retrograd.transforms.rules.opaque import LOGGING, is_draw, is_opaque, only_shows, writes
from retrograd.transforms.rules.sparse import with_sparse
from retrograd.transforms.rules.table import BindProblem, Bound

#: Checks a user function that is called with arguments of these kinds, those flagged traced.
CheckCallee: TypeAlias = Callable[[Call, tuple[Kind, ...], tuple[bool, ...]], None]


def check_coverage(
    function: Function,
    wrt: frozenset[str],
    kinds: Kinds,
    check_callee: CheckCallee,
    report: Diagnostics,
) -> None:
    """Report every operation in `function` that no rule covers.

    A function without a rule may be called with what does not depend on the inputs `wrt`: then its
    result does not either.
    """
    before = traced(function, wrt, kinds)
    reals = _real_arrays(kinds)
    for stmt in statements(function.body):
        if stmt in before:
            env = kinds.before[stmt]
            check = _Check(before[stmt], partial(_kind_in, kinds, env), report)
            match stmt:
                case Assign(target=Tuple() as target, value=value) if _is_closed(
                    check.kind_of(value)
                ):
                    report.refuse("RG303", target.at, "a record that is no tuple is unpacked")
                case Assign(target=Attribute(is_field=True) as target, value=value) if not _fits(
                    check.kind_of(target), check.kind_of(value)
                ):
                    label = f"`{target.name}` is given a container or record of another form"
                    report.refuse("RG401", target.at, label)
                case Assign(
                    value=Index(value=items, index=Name() as index), origin=Origin(spelling="")
                ) if isinstance(check.kind_of(items), Mapping) and isinstance(
                    check.kind_of(index), Scalar
                ):  # what a loop's header takes by position
                    report.refuse("RG214", _span(items), "a dict gives its keys")
                case _:
                    pass
            match stmt:
                case Assign(target=Index(value=array, index=key, at=at), value=value):
                    whole = check.kind_of(array)
                    cuts = isinstance(whole, Array) and whole.dtype in ("int", "bool")
                    if cuts and check.is_traced(value):
                        report.refuse("RG406", at or stmt.origin.span, "its digits are cut off")
                    if check.kind_of(value) == MAYBE_COMPLEX and check.is_traced(value):
                        check.refuse_foreign(MAYBE_COMPLEX, at or stmt.origin.span)
                    if is_complex(check.kind_of(value)) and check.is_traced(value):
                        root = root_of(array)
                        if (root is not None and root.id in reals) or (
                            isinstance(whole, Array) and not is_complex(whole)
                        ):
                            refuse_in_real(at or stmt.origin.span, report)
                    written = stmt.origin.span is not None  # not by us, for `a.sort()`
                    if written and not _keeps_length(stmt.target, whole, check.kind_of(value)):
                        report.refuse(
                            "RG407", at or stmt.origin.span, "other items go where a slice was"
                        )
                    if isinstance(whole, Mapping | Unknown):
                        check.key(key)
                    if is_foreign(whole) and check.is_traced(value):
                        check.refuse_foreign(whole, at or stmt.origin.span)
                case _:
                    pass
            has_records = any(map(_holds_record, (*env.values(), *kinds.outers.values())))
            for expr in _computing(stmt):
                if has_records or any(map(_is_of_record, subexpressions(expr))):
                    _check_records(expr, check.kind_of, report)
                check.expression(expr, isinstance(stmt, Do))
            for expr in own_expressions(stmt):
                for call in subexpressions(expr):
                    if isinstance(call, Call) and isinstance(call.func, Callee):
                        flags = tuple(is_traced(arg, before[stmt]) for arg in call.args)
                        if any(flags):
                            check_callee(call, tuple(map(check.kind_of, call.args)), flags)


def check_real_in_place(function: Function, kinds: Kinds, report: Diagnostics) -> None:
    """Report augmented assignments of complex numbers to real arrays, which NumPy refuses."""
    for stmt in statements(function.body):
        if isinstance(stmt, AugAssign) and stmt in kinds.before:
            env = kinds.before[stmt]
            whole = kinds.of(stmt.target, env)
            real = isinstance(whole, Array) and whole.dtype in ("float", "int", "bool")
            if real and is_complex(kinds.of(stmt.value, env)):
                refuse_in_real(stmt.origin.span, report)


def refuse_in_real(at: Span | None, report: Diagnostics) -> None:
    """Refuse a write of complex numbers to an array of real ones."""
    report.refuse(
        "RG406",
        at,
        "complex numbers go into a real array",
        title="a real array cannot hold complex numbers",
        why="NumPy cuts the imaginary parts off, or raises an error",
        instead="make it an array of complex numbers: `np.zeros(n, dtype=complex)`",
    )


def _real_arrays(kinds: Kinds) -> frozenset[str]:
    """The variables that are somewhere arrays that no complex number goes into."""
    return frozenset(
        id
        for env in kinds.after.values()
        for id, kind in env.items()
        if isinstance(kind, Array) and kind.dtype != "complex"
    )


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
    if is_complex(kinds.result) or kinds.result == MAYBE_COMPLEX:
        report.refuse(
            "RG308",
            function.origin.span,
            "its result may be complex",
            why="a gradient is that of a real number",
            instead="return a real number: `z.real`, `z.imag`, `np.abs(z)`; or use `vjp` or `jvp`",
        )
    report.raise_if_any()


def _keeps_length(target: Target, whole: Kind, value: Kind) -> bool:
    """Whether a write to `target`, a part of a value of kind `whole`, surely leaves it as long as it is."""
    if not isinstance(target, Index) or not isinstance(target.index, Slice):
        return True
    if isinstance(whole, Array) or not isinstance(value, Sequence):
        return not isinstance(whole, Sequence)
    if not isinstance(whole, Sequence) or whole.items is None or value.items is None:
        return False
    bounds = (target.index.start, target.index.stop, target.index.step)
    numbers = [None if bound is None else integer_value(bound) for bound in bounds]
    if any(n is None and bound is not None for n, bound in zip(numbers, bounds, strict=True)):
        return False
    return len(whole.items[slice(*numbers)]) == len(value.items)


def _bounds(index: Expr) -> Iterator[Expr]:
    """The parts of the subscripts of an object of a library's, such as ``np.mgrid[a:b, c]``."""
    for part in index.items if isinstance(index, Tuple) else (index,):
        ends = (part.start, part.stop, part.step) if isinstance(part, Slice) else (part,)
        yield from (end for end in ends if end is not None)


def _computing(stmt: Stmt) -> tuple[Expr, ...]:
    """The expressions of `stmt` after which the function goes on."""
    match stmt:
        case Raise() | With():
            return ()
        case Assert(test=test):
            return (test,)
        case _:
            return own_expressions(stmt)


def _kind_in(kinds: Kinds, env: Env, expr: Expr) -> Kind:
    return kinds.of(expr, env)


@dataclass(frozen=True)
class _Check:
    """Checks the expressions of a statement, before which the names in `traced` are traced."""

    traced: frozenset[str]
    kind_of: KindOf
    report: Diagnostics

    def expression(self, expr: Expr, shown: bool = False) -> None:
        """Check `expr`; `shown` if its value is not read."""
        applied = application(expr)
        self.foreign(expr)
        match expr:
            case Index(value=Known(path=path), index=index):
                if any(map(self.is_traced, _bounds(index))):
                    label = f"no derivative rule for what goes into `{path}[...]`"
                    self.report.refuse("RG301", expr.at, label)
            case Index(value=value, index=index) if isinstance(
                self.kind_of(value), Mapping | Unknown | Other
            ):
                self.key(index)
            case Call(func=Call()) if applied is not None:
                if isinstance(applied, BindProblem):
                    self.report.refuse("RG302", _span(applied.at) or expr.at, applied.label)
                else:
                    for operand in applied.operands.values():
                        self.expression(operand)
                return
            case Call() if is_opaque(expr):
                self.opaque(expr, shown)
            case Call(func=Known(path="retrograd.runtime.sortable"), args=(items,)):
                kind = self.kind_of(items)
                if isinstance(kind, Array) and kind.dims is not None:
                    at = getattr(items, "at", None)
                    self.report.refuse("RG403", at, "the method `sort`, along the last axis")
            case Call() if is_replacement(expr):
                pass
            case Call(func=Known(path=path, at=at)) if path.startswith("retrograd.runtime."):
                if applied is None and any(map(self.is_traced, children(expr))):
                    label = f"no derivative rule for `{path.rpartition('.')[2]}`, which generated code calls"
                    self.report.refuse("RG301", at or expr.at, label)
            case Call(func=Known(path=path, at=at)):
                if isinstance(applied, BindProblem):
                    self.report.refuse("RG302", _span(applied.at) or at or expr.at, applied.label)
                elif applied is None and any(map(self.is_traced, children(expr))):
                    self.report.refuse("RG301", at or expr.at, f"no derivative rule for `{path}`")
                elif isinstance(applied, Bound) and applied.rule.form != "inactive":
                    self.from_text(expr, applied)
            case Attribute(value=value, name="imag") if self.is_traced(value):
                kind = self.kind_of(value)
                if not isinstance(kind, Scalar | Array) or kind.dtype is None:
                    self.report.refuse("RG303", expr.at, "the value may be complex")
            case Call(func=Class(form="exception", spelling=spelling)):
                if any(map(self.is_traced, children(expr))):
                    label = f"`{spelling}` is given what depends on the inputs, outside a `raise`"
                    self.report.refuse("RG301", expr.at, label)
            case Dict(items=pairs):
                for key, _ in pairs:
                    self.key(key)
            case Binary(op="+" | "*" | "|") if isinstance(self.kind_of(expr), Sequence | Mapping):
                pass
            case Binary(left=left, right=right) if any(
                isinstance(self.kind_of(part), Container) for part in (left, right)
            ):
                self.report.refuse(
                    "RG307",
                    expr.at,
                    f"`{expr.op}` on a list, tuple, dict or record",
                    why="it joins or repeats containers instead of adding numbers",
                    instead="make an array before the loop, and write the items into it: `out[i] = y`",
                )
            case Unary(op="~") | Binary(op="&" | "|" | "^" | "<<" | ">>") if any(
                map(self.is_traced, children(expr))
            ):
                self.report.refuse("RG307", expr.at, f"`{expr.op}`")
            case Unary() | Binary():
                if isinstance(applied, BindProblem):
                    self.report.refuse("RG307", expr.at, applied.label)
                elif applied is None:
                    self.report.refuse("RG307", expr.at, f"`{expr.op}`")
            case _:
                pass
        for part in children(expr):
            self.expression(part)

    def foreign(self, expr: Expr) -> None:
        """Check that no operand of `expr` has arithmetic of its own."""
        parts = children(expr)
        if any(map(self.is_traced, parts)):  # kinds take longer to find
            found = [*map(self.kind_of, parts)]
            applied = application(expr)
            if isinstance(applied, Bound) and with_sparse(
                applied.rule.path,
                {name: self.kind_of(part) for name, part in applied.operands.items()},
            ):
                return
            to_user = isinstance(expr, Call) and isinstance(expr.func, Callee)
            for part, kind in zip(parts, found, strict=True):
                if kind == SPARSE and to_user:
                    continue  # what is done with it there is looked at there
                if is_foreign(kind) and not (kind == MAYBE_COMPLEX and _is_made_of(part)):
                    self.refuse_foreign(kind, getattr(expr, "at", None))
            if any(map(holds_complex, found)) and not any(map(is_foreign, found)):
                self.of_complex(expr)

    def of_complex(self, expr: Expr) -> None:
        """Check that what is done with complex numbers has a derivative for them."""
        applied = application(expr)
        if not isinstance(applied, Bound):
            return
        if applied.rule.form == "inactive" and not holds_complex(self.kind_of(expr)):
            return
        if holds(applied):
            if self.kind_of(expr) == MAYBE_COMPLEX:
                self.refuse_foreign(MAYBE_COMPLEX, getattr(expr, "at", None))
            return
        path = applied.rule.path
        what = f"`{path}`" if isinstance(expr, Call) else f"the operator `{path.rstrip('u')}`"
        at = getattr(expr.func, "at", None) if isinstance(expr, Call) else None
        self.report.refuse(
            "RG225", at or getattr(expr, "at", None), f"an operand of {what} may be complex"
        )

    def refuse_foreign(self, kind: Other, at: Span | None) -> None:
        if kind == MAYBE_COMPLEX:
            self.report.refuse(
                "RG225",
                at,
                "whether this is one complex number, or an array of them, is not known",
                title="complex numbers of unknown form have no derivative",
                why="a number and an array are added to in different ways",
                instead="say what the arguments are, as in `x: float` or `x: np.ndarray`",
            )
            return
        self.report.refuse(
            "RG307",
            at,
            f"one operand is a `{kind.name}`",
            title="there is no derivative rule for arithmetic with a value of this class",
            why="its operators do not mean what those of arrays of real numbers do",
            instead="make such an array of it before: `z.real` and `z.imag`, `np.asarray(m)`, `s.toarray()`",
        )

    def key(self, key: Expr) -> None:
        """Check the key of an entry of a dict, which is not followed any further."""
        if self.is_traced(key):
            self.report.refuse(
                "RG210",
                getattr(key, "at", None),
                "this key depends on the inputs",
                title="a key of a dict that depends on the inputs has no derivative",
                why="which keys are one depends on whether they are equal",
                instead="keep the number among the values: `d[k] = (x, y)`",
            )

    def opaque(self, call: Call, shown: bool) -> None:
        """Check a call that no rule speaks of."""
        at = getattr(call.func, "at", None) or call.at
        if only_shows(call, self.kind_of) or (shown and _looks_like_logging(call)):
            return
        if writes(call):
            self.report.refuse("RG403", at, f"`{_spelled(call)}` writes into what it is given")
            return
        receiver = call.func.value if isinstance(call.func, Attribute) else None
        if receiver is not None and self.is_traced(receiver):
            self.report.refuse("RG303", at, f"the method `{_spelled(call)}`")
        elif any(map(self.is_traced, children(call))):
            if isinstance(call.func, Known) and call.func.path in ("set", "frozenset"):
                self.report.refuse("RG210", at, "a set is made here")
            elif is_draw(call, self.kind_of):
                instead = (
                    "draw from the standard distribution: `mu + sigma * rng.standard_normal()`"
                )
                label = "a parameter of the distribution depends on the inputs"
                self.report.refuse("RG301", at, label, instead=instead)
            else:
                self.report.refuse("RG301", at, f"no derivative rule for `{_spelled(call)}`")
        elif any(isinstance(part, Callee | Lambda) for part in children(call)[1:]):
            self.report.refuse("RG301", at, f"`{_spelled(call)}` is given a function to call")

    def from_text(self, expr: Expr, applied: Bound) -> None:
        """A number that was written out as text must not be read in again."""
        for operand in applied.operands.values():
            if self.kind_of(operand) == TEXT and self.is_traced(operand):
                self.report.refuse(
                    "RG301",
                    getattr(expr, "at", None),
                    "the number in this text depends on the inputs",
                    title="a number is read from text that was made of numbers",
                    why="what a number becomes as text is rounded, and has no derivative",
                    instead="keep the number beside the text",
                )

    def is_traced(self, expr: Expr) -> bool:
        return is_traced(expr, self.traced)


def _is_made_of(part: Expr) -> bool:
    """Whether `part` is computed of operands, which say why its kind is not known."""
    return isinstance(part, Index) or isinstance(application(part), Bound)


def _looks_like_logging(call: Call) -> bool:
    """Whether `call` is a method by which loggers are told something."""
    return isinstance(call.func, Attribute) and call.func.name in LOGGING


def _spelled(call: Call) -> str:
    match call.func:
        case Known(spelling=spelling):
            return spelling
        case Attribute(name=name):
            return name
        case _:
            return "this"


def _check_records(expr: Expr, kind_of: KindOf, report: Diagnostics) -> None:
    """Report what would run code of a record's class, or might take a field for an attribute."""
    match expr:
        case Index(value=value) if _is_closed(kind_of(value)):
            report.refuse("RG303", expr.at, "a record that is no tuple has no items")
        case Unary(operand=operand) if isinstance(kind_of(operand), Container):
            report.refuse("RG307", expr.at, f"`{expr.op}` on a list, tuple, dict or record")
        case Call(func=Known(path=path, at=at)) if isinstance(application(expr), Bound):
            ours = path.startswith("retrograd.runtime.")
            if not ours and any(_is_closed(kind_of(part)) for part in expr.args):
                report.refuse(
                    "RG301", at or expr.at, f"no derivative rule for `{path}` of a record"
                )
        case Attribute(value=value, name=name, is_field=True):
            kind = kind_of(value)
            if not isinstance(kind, Record) or name not in kind.names:
                report.refuse("RG303", expr.at, f"`{name}` is read of what may be no record")
        case Attribute(value=value, name=name, is_field=False) if isinstance(
            kind_of(value), Unknown | Record
        ):
            label = f"`{name}` may be a field of a record, or an attribute of an array"
            report.refuse("RG303", expr.at, label)
        case _:
            pass
    for part in children(expr):
        _check_records(part, kind_of, report)


def _fits(old: Kind, new: Kind) -> bool:
    """Whether the cotangent of a field that held `old` can be that of `new`."""
    old, new = _without_class(old), _without_class(new)
    parts = (isinstance(old, Container), isinstance(new, Container))
    return old == NONE or not any(parts) or (all(parts) and isinstance(join(old, new), Container))


def _without_class(kind: Kind) -> Kind:
    """`kind` where records are of no class, which their cotangents have not either."""
    if isinstance(kind, Record) and kind.form != "namedtuple":
        kind = replace(kind, cls="", form="object")
    return with_parts(kind, _without_class)


def _is_of_record(expr: Expr) -> bool:
    """Whether `expr` is a field of a record, or a class that may make one."""
    return isinstance(expr, Class) or (isinstance(expr, Attribute) and expr.is_field)


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


def _span(expr: Expr | None) -> Span | None:
    return None if expr is None else getattr(expr, "at", None)
