"""What a derivative rule is: its signature, its formulas, and what a formula may ask of a call.

A formula is Python text over the operands, `out` (the result) and `g` (the cotangent of `out`).
Where one text does not read well for every rank, a formula is `Variants`: the first text whose
condition holds for the call at hand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from retrograd.transforms.ir.kinds import SPARSE, UNKNOWN, Array, Kind, Scalar, holds_complex
from retrograd.transforms.ir.nodes import Const, Expr, Known, List, Tuple, Unary

Form: TypeAlias = Literal["elementwise", "linear", "multilinear", "general", "inactive"]


@dataclass(frozen=True, slots=True)
class RuleParam:
    """A parameter of a function with a rule; a `variadic` one stands for any number of operands."""

    name: str
    default: Expr | None = None
    keyword_only: bool = False
    variadic: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """The derivative of one function or operator.

    `formulas` gives by operand a partial (elementwise) or a whole VJP (the other forms); a partial
    ``"0.0"`` says that the derivative for this operand is zero. A parameter without a formula must
    not be active. `jvp` gives by operand the tangent it causes (general rules). `let` names parts
    that formulas share. `together` is the tangent that all operands cause, in place of `jvp`, and
    `calls` are functions of the user's that formulas call by name. `only` lists by parameter the values for which the formulas hold. `on` is
    where the formulas hold and the tests draw points; `note` says what a call must be like, and `kink` what
    the derivative is where the function bends, jumps or ends.
    """

    form: Form
    path: str
    params: tuple[RuleParam, ...]
    result: "Callable[[Site], Kind]"
    formulas: Mapping[str, "Formula"] = field(default_factory=dict)
    jvp: Mapping[str, "Formula"] = field(default_factory=dict)
    let: Mapping[str, "Formula"] = field(default_factory=dict)
    together: str | None = None
    calls: Mapping[str, Known] = field(default_factory=dict)
    only: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    on: str = ""
    note: str = ""
    kink: str = ""
    also: tuple[tuple[str, tuple[RuleParam, ...]], ...] = ()

    @property
    def variadic(self) -> str | None:
        """The name of the parameter that takes any number of operands, if there is one."""
        return next((param.name for param in self.params if param.variadic), None)

    def base(self, operand: str) -> str:
        """The parameter that `operand` belongs to: ``x`` for the ``x0``, ``x1`` ... of ``*x``."""
        stem = operand.rstrip("0123456789")
        return stem if stem == self.variadic else operand

    def differentiates(self, operand: str) -> bool:
        """Is there a derivative with respect to `operand`?"""
        return self.base(operand) in self.formulas

    def pushes(self, operand: str) -> bool:
        """Is there a derivative with respect to `operand` in forward mode?"""
        told = self.form != "general" or self.together is not None
        return told or self.base(operand) in self.jvp

    def texts(self) -> tuple[str, ...]:
        """Every formula text of the rule."""
        found: list[str] = []
        for formula in (*self.formulas.values(), *self.jvp.values(), *self.let.values()):
            if isinstance(formula, Variants):
                found.extend(text for _, text in formula.cases)
                found.append(formula.otherwise)
            else:
                found.append(formula)
        return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """A call fitted to the signature of its rule: every parameter by name, defaults filled in."""

    rule: Rule
    operands: Mapping[str, Expr]


class _Varies:
    """The value of an expression that is not a constant; equal to nothing."""

    def __repr__(self) -> str:
        return "VARIES"


VARIES: Final = _Varies()


def constant(expr: Expr) -> object:
    """The value of `expr` if the text fixes it, else `VARIES`; a library name stands for its path."""
    match expr:
        case Const():
            return expr.value
        case Known(path=path):
            return path
        case Unary(op="-", operand=operand):
            value = constant(operand)
            return -value if isinstance(value, int | float) else VARIES
        case Tuple(items=items) | List(items=items):
            values = tuple(constant(item) for item in items)
            return VARIES if any(value is VARIES for value in values) else values
        case _:
            return VARIES


def _nothing_known(expr: Expr) -> Kind:
    return UNKNOWN


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A bound call and what is known of it: what conditions and result kinds look at."""

    bound: Bound
    kinds: Mapping[str, Kind]
    out: Kind = UNKNOWN
    kind_of: Callable[[Expr], Kind] = _nothing_known

    def kind(self, name: str) -> Kind:
        """The kind of operand `name`."""
        return self.kinds.get(name, UNKNOWN)

    def rank(self, name: str) -> int | None:
        """The rank of operand `name`, 0 for a scalar, None if it is not known."""
        match self.kind(name):
            case Scalar():
                return 0
            case Array() as array:
                return array.rank
            case _:
                return None

    def constant(self, name: str) -> object:
        """The value that the text gives operand `name`, or `VARIES`."""
        return constant(self.bound.operands[name])


Condition: TypeAlias = Callable[[Site], bool]


@dataclass(frozen=True, slots=True)
class Variants:
    """A formula with several texts: the first whose condition holds, else `otherwise`."""

    cases: tuple[tuple[Condition, str], ...]
    otherwise: str

    def text(self, site: Site) -> str:
        """The text that fits `site`."""
        return next((text for holds, text in self.cases if holds(site)), self.otherwise)


Formula: TypeAlias = str | Variants


def variants(*cases: tuple[Condition, str], otherwise: str) -> Variants:
    """A formula whose text depends on what is known of the call."""
    return Variants(cases, otherwise)


def ranks(**wanted: int) -> Condition:
    """The named operands have these ranks."""
    return lambda site: all(site.rank(name) == rank for name, rank in wanted.items())


def is_single(kind: Kind) -> bool:
    """Whether a value of `kind` is a number, or an array without axes."""
    return isinstance(kind, Scalar) or (isinstance(kind, Array) and kind.dims == ())


def scalars(*names: str) -> Condition:
    """The named operands are numbers, or arrays without axes."""
    return lambda site: all(is_single(site.kind(name)) for name in names)


def complex_operands(site: Site) -> bool:
    """Some operand may be complex."""
    return any(map(holds_complex, site.kinds.values()))


def is_array(name: str) -> Condition:
    """The named operand is an array."""
    return lambda site: isinstance(site.kind(name), Array)


def is_sparse(name: str) -> Condition:
    """The named operand is a sparse matrix."""
    return lambda site: site.kind(name) == SPARSE


def given(**wanted: object) -> Condition:
    """The named parameters have these constant values."""

    def holds(site: Site) -> bool:
        return all(
            type(site.constant(name)) is type(value) and site.constant(name) == value
            for name, value in wanted.items()
        )

    return holds


def both(*conditions: Condition) -> Condition:
    """All of `conditions` hold."""
    return lambda site: all(condition(site) for condition in conditions)
