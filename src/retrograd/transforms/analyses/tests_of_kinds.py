"""What tests of what a value is come out as, where its kind says it."""

from collections.abc import Callable, Mapping
from typing import Final

from retrograd.transforms.ir.kinds import NONE, TEXT, Array, Kind, Record, Scalar, Sequence
from retrograd.transforms.ir.kinds import Mapping as MappingKind
from retrograd.transforms.ir.nodes import BoolOp, Call, Compare, Const, Expr, Known, Tuple, Unary

#: The classes that we can tell from a kind, each with the name that `_class` has for it.
_CLASSES: Final[Mapping[str, str]] = {
    "list": "list",
    "tuple": "tuple",
    "dict": "dict",
    "str": "str",
    "numpy.ndarray": "array",
}


def answer(test: Expr, of: Callable[[Expr], Kind]) -> bool | None:
    """Whether `test` holds for values of the kinds that `of` gives; None where they do not tell."""
    match test:
        case Compare(first=first, ops=("is" | "is not" as op,), rest=(Const(text="None"),)):
            cls = _class(of(first))
            return None if cls is None else (cls == "None") is (op == "is")
        case Call(func=Known(path="isinstance"), args=(value, classes), kwargs=()):
            listed = classes.items if isinstance(classes, Tuple) else (classes,)
            found = [_is(of(value), cls) for cls in listed]
            return True if True in found else None if None in found else False
        case Unary(op="not", operand=operand):
            inner = answer(operand, of)
            return None if inner is None else not inner
        case BoolOp(op=op, left=left, right=right):
            one, other = answer(left, of), answer(right, of)
            settles = op == "or"
            if one is settles or (one is not None and other is settles):
                return settles
            return None if None in (one, other) else other
        case _:
            return None


def _is(kind: Kind, cls: Expr) -> bool | None:
    known = _class(kind)
    wanted = _CLASSES.get(cls.path) if isinstance(cls, Known) else None
    return None if known is None or wanted is None else known == wanted


def _class(kind: Kind) -> str | None:
    """What every value of `kind` is an instance of, among the classes above; None if not known."""
    match kind:
        case Scalar():
            return "number"
        case Array():
            return "array"
        case Sequence(form=form):
            return form
        case MappingKind():
            return "dict"
        case Record(form=form):
            return "tuple" if form == "namedtuple" else "record"
        case _ if kind in (NONE, TEXT):
            return "None" if kind == NONE else "str"
        case _:
            return None
