"""Where a function that is integrated may jump, at a place that what varies moves.

    def lit(x, edge):
        return 1.0 if x > edge else 0.0

The integral of `lit` changes with `edge`, though the derivative of `lit` by it is zero wherever there
is one. So it is with a differential equation whose right side jumps where the motion decides. A jump
at a place that stands still does no harm, nor does a bend.
"""

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from retrograd.transforms.analyses.activity import activity, is_varied
from retrograd.transforms.analyses.kinds_and_ranks import Kinds
from retrograd.transforms.ir.kinds import Kind
from retrograd.transforms.ir.nodes import (
    Binary,
    Call,
    Callee,
    Compare,
    Expr,
    Function,
    Known,
    Unary,
)
from retrograd.transforms.ir.walk import own_expressions, statements, subexpressions
from retrograd.transforms.rules.application import application
from retrograd.transforms.rules.table import Bound

#: Finds a jump inside a user function that is called, where arguments are moved along or vary.
Inside: TypeAlias = Callable[
    [Call, tuple[Kind, ...], tuple[bool, ...], tuple[bool, ...]], Expr | None
]

#: Functions that tell the form of an array, or make one of that form, and tests for what is no number.
_OF_THE_FORM: Final = frozenset(
    {"len", "range", "isinstance", "type"}
    | {f"numpy.{name}" for name in ("shape", "size", "ndim", "isfinite", "isnan", "isinf")}
    | {f"numpy.{name}_like" for name in ("zeros", "ones", "empty", "full")}
)

#: Functions that jump, and have a derivative where they do not.
_JUMPING: Final = frozenset(
    {"math.fmod", "math.copysign", "math.atan2", "numpy.histogram"}
    | {f"numpy.{name}" for name in ("mod", "remainder", "fmod", "modf", "heaviside", "copysign")}
    | {f"numpy.{name}" for name in ("arctan2", "atan2", "angle")}
)

_OF_IDENTITY: Final = frozenset({"is", "is not", "in", "not in"})


def first_jump(
    function: Function,
    kinds: Kinds,
    moving: frozenset[str],
    varied: frozenset[str],
    inside: Inside,
) -> Expr | None:
    """What may jump in `function` where its parameters `moving` meet those that are `varied`."""
    along = activity(function, moving, kinds).varied
    across = activity(function, varied, kinds).varied
    for stmt in statements(function.body):
        if stmt not in kinds.before:
            continue
        for part in (part for expr in own_expressions(stmt) for part in subexpressions(expr)):
            steps = tuple(_stepped(part))
            if any(is_varied(step, along[stmt]) for step in steps) and any(
                is_varied(step, across[stmt]) for step in steps
            ):
                return part
            match part:
                case Call(func=Callee(), args=args):
                    found = inside(
                        part,
                        tuple(kinds.of(arg, kinds.before[stmt]) for arg in args),
                        tuple(is_varied(arg, along[stmt]) for arg in args),
                        tuple(is_varied(arg, across[stmt]) for arg in args),
                    )
                    if found is not None:
                        return found
                case _:
                    pass
    return None


def _stepped(part: Expr) -> Iterator[Expr]:
    """The operands that `part` is a step function of."""
    match part:
        case Compare(first=first, ops=ops, rest=rest) if not _OF_IDENTITY.issuperset(ops):
            yield from (first, *rest)
        case Binary(op="%", left=left, right=right):
            yield from (left, right)
        case Call(func=Known(path=path)) if path in _OF_THE_FORM or path.startswith("retrograd."):
            return
        case Call() | Binary() | Unary():
            applied = application(part)
            if isinstance(applied, Bound) and (
                applied.rule.form == "inactive" or applied.rule.path in _JUMPING
            ):
                yield from applied.operands.values()
        case _:
            pass
