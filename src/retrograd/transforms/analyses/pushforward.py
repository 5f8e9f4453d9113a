"""The tangent of an expression, given the tangents of the variables that it reads.

    a * np.sin(x)      ->      a_dot * np.sin(x) + a * np.cos(x) * x_dot

This is the calculus of forward mode, one expression at a time; `partials` is its counterpart. The
tangent of a variable has the shape of its value. Between elementwise operations a tangent may be
smaller, as long as it broadcasts: it is spread where an array of the right shape has to come out.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from retrograd.transforms.analyses.activity import Names, can_vary, is_varied
from retrograd.transforms.analyses.kinds_and_ranks import Env, Kinds
from retrograd.transforms.analyses.partials import power_partial, refuse_choice, same_shape
from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.ir.algebra import (
    ZERO,
    as_number,
    as_term,
    helper,
    in_complex,
    is_zero,
    number,
    real_part,
    scaled,
    total,
    written,
    zeros_like,
)
from retrograd.transforms.ir.kinds import (
    Array,
    Container,
    Kind,
    Mapping,
    Other,
    Scalar,
    Sequence,
    Unknown,
    is_complex,
)
from retrograd.transforms.ir.nodes import (
    Attribute,
    Binary,
    BoolOp,
    Call,
    Callee,
    Class,
    Compare,
    Const,
    Dict,
    Expr,
    IfExp,
    Index,
    Known,
    List,
    Name,
    Tuple,
    Unary,
)
from retrograd.transforms.ir.walk import subexpressions
from retrograd.transforms.rules.application import application, is_inactive, is_replacement
from retrograd.transforms.rules.formula import jvp, partial
from retrograd.transforms.rules.table import Bound

#: The forward mode of a user function, for a call with arguments of these kinds and these active.
Pusher: TypeAlias = Callable[[Call, tuple[Kind, ...], tuple[bool, ...]], Callee]


def _of_default(kind: Kind) -> Expr:
    """The tangent of what a field holds by default, which is a literal or an empty list."""
    match kind:
        case Sequence():
            return List(())
        case Other():
            return Const("None")
        case _:
            return ZERO


def zeros(value: Expr, kind: Kind) -> Expr:
    """The tangent of a `value` of `kind` that stands still."""
    match kind:
        case Scalar() | Array():
            return zeros_like(value, kind)
        case Other():
            return Const("None")
        case _:
            return helper("restructure", helper("zeros_like", value), value)


@dataclass
class Pushforward:
    """Carries tangents up expressions where the names in `varied` have tangents.

    `env` holds the kinds of the variables there.
    """

    varied: Names
    kinds: Kinds
    env: Env
    push: Pusher
    report: Diagnostics
    found: dict[Expr, Expr] = field(default_factory=dict)

    def varies(self, expr: Expr) -> bool:
        """Whether the value of `expr` has a tangent that may be other than zero."""
        return is_varied(expr, self.varied) and can_vary(expr, self.env, self.kinds)

    def kind(self, expr: Expr) -> Kind:
        """The kind of an expression over variables and tangents."""
        return self.kinds.of(expr, self.env)

    def factor(self, expr: Expr) -> Kind:
        """The kind of a factor, for the algebra: what a tangent is made of, or computed, is floats."""
        kind = self.kind(expr)
        computed = isinstance(expr, Binary | Call) and not is_inactive(expr)
        match kind:
            case Unknown() if computed or _has_dot(expr):
                return Array("float", None)
            case Array(dtype=None, dims=dims) if computed or _has_dot(expr):
                return Array("float", dims)
            case _:
                return kind

    def exact(self, expr: Expr, out: Expr | None = None) -> Expr:
        """The tangent of `expr`, of its very shape; `out` may be read for its value."""
        if not self.varies(expr):
            return self.still(expr, out)
        dot = self.loose(expr, out)
        if is_zero(dot):
            return self.still(expr, out)
        if self.fills(dot, expr, out):
            return dot
        shape = expr if out is None else out
        if isinstance(self.kind(expr), Array):
            extents: Expr = Attribute(shape, "shape")
        else:
            extents = Call(Known("numpy.shape", "np.shape"), (shape,))
        return helper("spread", dot, extents)

    def still(self, expr: Expr, out: Expr | None) -> Expr:
        """Zeros for `expr`, item by item where its items stand there."""
        match expr:
            case Tuple(items=items) | List(items=items):
                return replace(expr, items=tuple(self.exact(item) for item in items))
            case Dict(items=pairs):
                return replace(expr, items=tuple((k, self.exact(item)) for k, item in pairs))
            case Call(func=Class() as cls):
                given = {name: self.exact(item) for name, item in cls.given(expr).items()}
                rest = {
                    name: _of_default(kind)
                    for name, kind in cls.fields
                    if name not in given and kind is not None
                }
                return replace(expr, args=(), kwargs=tuple((given | rest).items()))
            case _:
                return zeros(expr if out is None else out, self.kind(expr))

    def loose(self, expr: Expr, out: Expr | None = None) -> Expr:
        """The tangent of `expr` up to broadcasting; the literal zero where it has none."""
        if not self.varies(expr):
            return ZERO
        if expr not in self.found:
            self.found[expr] = self.pushed(expr, out)
        return self.found[expr]

    def pushed(self, expr: Expr, out: Expr | None) -> Expr:
        match expr:
            case Name(id=id):
                return Name(id, "dot")
            case Index(value=value) | Attribute(value=value, is_field=True):
                return replace(expr, value=self.exact(value))
            case Attribute(value=value, name="T"):
                return replace(expr, value=self.exact(value))
            case Attribute(value=value, name="real"):
                return self.exact(value)
            case IfExp(then=then, orelse=orelse):
                return replace(expr, then=self.exact(then), orelse=self.exact(orelse))
            case Tuple() | List() | Dict() | Call(func=Class()):
                return self.still(expr, None)
            case Call(func=Callee()):
                return Index(self.call(expr), Const("1"))
            case BoolOp():
                refuse_choice(expr, self.report)
                return ZERO
            case Binary(op="|", left=left, right=right) if isinstance(self.kind(expr), Mapping):
                return replace(expr, left=self.exact(left), right=self.exact(right))
            case Binary(left=left, right=right) if isinstance(self.kind(expr), Sequence):
                left, right = (self.exact(p) if self.is_list(p) else p for p in (left, right))
                return Binary(expr.op, left, right)
            case Binary(op="+" | "-") | Unary(op="+" | "-"):
                return self.added(self.summands(expr))
            case Call(args=(value,), kwargs=kwargs) if is_replacement(expr):
                dots = tuple((name, self.exact(part)) for name, part in kwargs)
                return replace(expr, args=(self.exact(value),), kwargs=dots)
            case _:
                applied = application(expr)
                if isinstance(applied, Bound):
                    return self.apply(expr, applied, out)
                self.report.refuse("RG307", getattr(expr, "at", None))
                return ZERO

    def call(self, call: Call) -> Call:
        """A call of a user function in forward mode: it gives value and tangent."""
        flags = tuple(self.varies(arg) for arg in call.args)
        callee = self.push(call, tuple(self.kind(arg) for arg in call.args), flags)
        dots = (
            in_complex(self.exact(arg), self.kind(arg), self.kind)
            for arg, flag in zip(call.args, flags, strict=True)
            if flag
        )
        return replace(call, func=callee, args=(*call.args, *dots))

    # ---- primitives

    def apply(self, expr: Expr, applied: Bound, out: Expr | None) -> Expr:
        """The tangent of the primitive that `applied` is, by its rule."""
        rule = applied.rule
        if rule.form == "inactive":
            return ZERO
        active = {name: part for name, part in applied.operands.items() if self.varies(part)}
        for name in [name for name in active if not rule.differentiates(name)]:
            at = getattr(active.pop(name), "at", None) or getattr(expr, "at", None)
            self.report.refuse("RG302", at, f"no derivative with respect to `{name}`")
        if not active:
            return ZERO
        if not all(map(rule.pushes, active)):
            self.report.refuse(
                "RG302",
                getattr(expr, "at", None),
                "the function's own rule gives cotangents only",
                title="the derivative rule of this function does not cover forward mode",
                why="a tangent takes a formula of its own",
                instead="give the rule one: `@f_rule.jvp`, or use reverse mode",
            )
            return ZERO
        kinds = {name: self.kind(part) for name, part in applied.operands.items()}
        result = expr if out is None else out
        match expr:
            case _ if rule.form != "elementwise":
                dots = {name: self.exact(part) for name, part in active.items()}
                return jvp(applied, dots, result, kinds, self.kind(expr))
            case Call(func=Known(path="numpy.where"), args=(test, then, orelse)):
                return replace(expr, args=(test, self.loose(then), self.loose(orelse)))
            case Binary(op="*", left=left, right=right) if left == right:
                return self.times(Binary("*", number(2.0), left), self.loose(left))
            case Binary(op="*", left=left, right=right):
                first = self.times(self.loose(left), right)
                return self.added([first, self.times(left, self.loose(right))])
        parts = []
        for name, operand in active.items():
            slope = self.slope(applied, name, result, kinds, self.kind(expr))
            parts.append(self.times(slope, self.loose(operand)))
        dot = self.added(parts)
        from_complex = any(is_complex(kinds[name]) for name in active)
        return real_part(dot) if from_complex and not is_complex(self.kind(expr)) else dot

    def times(self, a: Expr, b: Expr) -> Expr:
        """The product of a partial and a tangent; zero if one of them is."""
        return ZERO if is_zero(a) or is_zero(b) else scaled(a, b, self.factor)

    def slope(
        self, applied: Bound, name: str, out: Expr, kinds: dict[str, Kind], out_kind: Kind
    ) -> Expr:
        """The partial of a primitive, written out for the constant exponents of ``**``."""
        if applied.rule.path == "**" and name == "x":
            exponent = as_number(applied.operands["y"])
            root = exponent is not None and 0.0 < exponent < 1.0
            if exponent is not None and not (root and isinstance(kinds["x"], Scalar)):
                return power_partial(applied.operands["x"], applied.operands["y"], exponent)
        return partial(applied, name, out, kinds, out_kind)

    def summands(self, expr: Expr) -> list[Expr]:
        """Tangents whose sum is that of the sum `expr`, nested sums taken apart."""
        match expr:
            case Binary(op="+", left=left, right=right):
                return [*self.summands(left), *self.summands(right)]
            case Binary(op="-", left=left, right=right):
                return [*self.summands(left), *self.negated(self.summands(right))]
            case Unary(op="-", operand=operand):
                return self.negated(self.summands(operand))
            case Unary(op="+", operand=operand):
                return self.summands(operand)
            case _:
                return self.apart(self.loose(expr))

    def apart(self, dot: Expr) -> list[Expr]:
        """The summands that the tangent `dot` is written as."""
        match dot:
            case Binary(op="+", left=left, right=right):
                return [*self.apart(left), *self.apart(right)]
            case Binary(op="-", left=left, right=right):
                return [*self.apart(left), *self.negated(self.apart(right))]
            case _:
                return [dot]

    def negated(self, parts: list[Expr]) -> list[Expr]:
        return [self.times(number(-1.0), part) for part in parts]

    def added(self, parts: list[Expr]) -> Expr:
        """The sum of `parts`, a number that they share taken out."""
        terms = [as_term(part, self.kind) for part in parts if not is_zero(part)]
        shared = {term.number for term in terms}
        if len(terms) < 2 or len(shared) > 1 or shared <= {1.0}:
            return total(parts, self.factor)
        rest = [written(replace(term, number=1.0), self.factor) for term in terms]
        return scaled(number(shared.pop()), total(rest, self.factor), self.factor)

    # ---- shapes

    def is_list(self, expr: Expr) -> bool:
        return isinstance(self.kind(expr), Sequence)

    def fills(self, dot: Expr, expr: Expr, out: Expr | None) -> bool:
        """Whether the tangent `dot` surely has the shape of `expr`, to which it broadcasts."""
        kind = self.kinds.of(expr, self.env)
        if _is_single(kind) or isinstance(kind, Container) or not _is_elementwise(expr):
            return True
        inside = self.leaves(dot)
        if out is not None and out in inside:
            return True
        return all(self.covered(leaf, inside) for leaf in self.leaves(expr)) or same_shape(
            self.kinds.of(dot, self.env), kind
        )

    def covered(self, leaf: Expr, inside: frozenset[Expr]) -> bool:
        if leaf in inside:
            return True
        own = self.leaves(self.loose(leaf))
        return bool(own) and own <= inside

    def leaves(self, expr: Expr) -> frozenset[Expr]:
        """What gives the elementwise expression `expr` its shape."""
        if isinstance(expr, Const) or _is_single(self.kinds.of(expr, self.env)):
            return frozenset()
        if isinstance(expr, Compare):
            return frozenset().union(*map(self.leaves, (expr.first, *expr.rest)))
        applied = application(expr)
        if isinstance(applied, Bound) and applied.rule.form == "elementwise":
            return frozenset().union(*map(self.leaves, applied.operands.values()))
        return frozenset({expr})


def _is_single(kind: Kind) -> bool:
    """Whether a value of `kind` surely has no axes."""
    return isinstance(kind, Scalar) or (isinstance(kind, Array) and kind.dims == ())


def _is_elementwise(expr: Expr) -> bool:
    applied = application(expr)
    return isinstance(applied, Bound) and applied.rule.form == "elementwise"


def _has_dot(expr: Expr) -> bool:
    return any(isinstance(part, Name) and part.role == "dot" for part in subexpressions(expr))
