"""Spell subscripts that put arrays together as the calls that they stand for.

    np.r_[a, 0.0, b]      ->      np.concatenate([np.atleast_1d(a), np.atleast_1d(0.0), np.atleast_1d(b)])
    np.c_[a, b]           ->      np.concatenate([as_columns(a), as_columns(b)], axis=-1)
    np.r_[0:n, a]         ->      np.concatenate([np.arange(0, n), np.atleast_1d(a)])

With a text among the subscripts, which says how else to put them together, it becomes a call
without a rule.
"""

from retrograd.transforms.ir.algebra import helper
from retrograd.transforms.ir.nodes import Call, Const, Expr, Index, Known, List, Slice, Tuple, Unary


def spell_join(expr: Expr) -> Expr:
    """`expr`, or the call that it is, if it is ``np.r_[...]`` or ``np.c_[...]``."""
    match expr:
        case Index(value=Known(path="numpy.r_" | "numpy.c_" as path) as joiner, index=index):
            parts = index.items if isinstance(index, Tuple) else (index,)
            spelled = [_arranged(part) if isinstance(part, Slice) else part for part in parts]
            if any(isinstance(part, Const) and isinstance(part.value, str) for part in parts):
                name = Known(f"{path}.__getitem__", f"{joiner.spelling}.__getitem__", expr.at)
                return Call(name, (Tuple(tuple(spelled)),), (), expr.at)
            along = () if path == "numpy.r_" else (("axis", Unary("-", Const("1"))),)
            rows = [_lifted(part, path) for part in spelled]
            func = Known("numpy.concatenate", "np.concatenate", joiner.at)
            return Call(func, (List(tuple(rows)),), along, expr.at)
        case _:
            return expr


def _arranged(part: Slice) -> Expr:
    """The numbers that a slice stands for here."""
    start = part.start if part.start is not None else Const("0")
    ends = [start] if part.stop is None else [start, part.stop]
    steps = [] if part.step is None else [part.step]
    return Call(Known("numpy.arange", "np.arange"), (*ends, *steps))


def _lifted(part: Expr, path: str) -> Expr:
    """`part` with the axes that it has to have."""
    if path == "numpy.c_":
        return helper("as_columns", part)
    if isinstance(part, Call) and part.func == Known("numpy.arange", "np.arange"):
        return part
    return Call(Known("numpy.atleast_1d", "np.atleast_1d"), (part,))
