"""Which rule an expression applies: operators, calls and attributes seen alike."""

from typing import Final

from retrograd.transforms.ir.memo import by_identity
from retrograd.transforms.ir.nodes import (
    Attribute,
    Binary,
    Call,
    Compare,
    Const,
    Expr,
    Known,
    Unary,
)
from retrograd.transforms.rules import einsum
from retrograd.transforms.rules.table import BindProblem, Bound, bind, rule_for

#: Attributes of arrays that hold no derivative.
INACTIVE_ATTRIBUTES = frozenset({"shape", "size", "ndim", "dtype", "itemsize", "nbytes", "imag"})


#: What makes objects that are called, and what they are called with.
MAKERS: Final = {
    "scipy.interpolate.interp1d": ("at",),
    "scipy.interpolate.RegularGridInterpolator": ("xi",),
    "scipy.stats.gaussian_kde": ("points",),
    **{
        f"scipy.interpolate.{name}": ("at", "nu", "extrapolate")
        for name in (
            *("CubicSpline", "PchipInterpolator", "Akima1DInterpolator"),
            "make_interp_spline",
        )
    },
}


@by_identity
def application(expr: Expr) -> Bound | BindProblem | None:
    """`expr` as a rule and its operands; None when there is no rule for it."""
    match expr:
        case Unary(op="not"):
            return _applied("not", (expr.operand,), ())
        case Unary(op=op, operand=operand):
            return _applied(f"{op}u", (operand,), ())
        case Binary(op=op, left=left, right=right):
            return _applied(op, (left, right), ())
        case Call(func=Call(func=Known(path=path)) as made) if path in MAKERS:
            names = dict(zip(MAKERS[path], expr.args, strict=False))
            kwargs = (*made.kwargs, *names.items(), *expr.kwargs)
            return _applied(f"{path}.__call__", made.args, kwargs)
        case Call(func=Known(path="numpy.einsum"), args=args, kwargs=kwargs):
            return _applied("numpy.einsum", einsum.with_text(args), kwargs)
        case Call(func=Known(path=path), args=args, kwargs=kwargs):
            return _applied(path, args, kwargs)
        case _:
            return None


def _applied(
    path: str, args: tuple[Expr, ...], kwargs: tuple[tuple[str, Expr], ...]
) -> Bound | BindProblem | None:
    rule = rule_for(path)
    return None if rule is None else bind(rule, args, kwargs)


def is_inactive(expr: Expr) -> bool:
    """Whether the value of `expr` has no derivative by declaration, whatever its operands are."""
    match expr:
        case Compare():
            return True
        case Attribute(name=name, is_field=False):
            return name in INACTIVE_ATTRIBUTES
        case Call(func=Attribute(name="index" | "count")):
            return True
        case Binary(op="|"):
            return False  # it may join dicts
        case Unary() | Binary() | Call():
            applied = application(expr)
            return isinstance(applied, Bound) and applied.rule.form == "inactive"
        case _:
            return False


def hands_on(expr: Expr) -> bool:
    """Whether the value of a call without a derivative may be what the call was given."""
    return isinstance(expr, Call) and isinstance(expr.func, Known) and expr.func.path in _HANDS_ON


_HANDS_ON = frozenset(
    {"retrograd.stop_gradient", "retrograd.api.stop_gradient"}
    | {f"numpy.{name}" for name in ("asarray", "asanyarray", "ascontiguousarray", "astype")}
    | {"numpy.asfortranarray"}
)


def is_replacement(expr: Expr) -> bool:
    """Whether `expr` copies a record with some fields exchanged, which its keywords give."""
    match expr:
        case Call(func=Known(path="dataclasses.replace" | "retrograd.runtime.replaced"), args=(_,)):
            return True
        case _:
            return False


def makes_new(expr: Expr) -> bool:
    """Whether evaluating `expr` makes a new value that nothing else refers to."""
    match expr:
        case Binary() | Unary() | Const() | Compare():
            return True
        case Call(func=Known(path="retrograd.runtime.unbroadcast"), args=(first, *_)):
            return makes_new(first)
        case Call(func=Attribute(name="tolist")):
            return True
        case Call(func=Call(func=Known(path=path))) if path in MAKERS:
            return True
        case Call(func=Known(path="numpy.einsum"), args=(_, _)):
            return False  # of one array it may be a view
        case Call(func=Known(path=path), kwargs=kwargs) if path in _MAKES_NEW:
            return all(value == Const("True") for key, value in kwargs if key == "copy")
        case Call(func=Known(path=path), kwargs=kwargs):
            applied = application(expr)
            if not isinstance(applied, Bound) or applied.rule.form == "inactive":
                return False
            if path in _MAY_SHARE or any(key in ("copy", "out") for key, _ in kwargs):
                return False
            return path.startswith(("numpy.", "scipy.")) or applied.rule.form == "elementwise"
        case _:
            return False


#: Functions of NumPy whose result may be the operand itself or a view of it.
_MAY_SHARE = frozenset(
    f"numpy.{name}"
    for name in (
        *("reshape", "ravel", "transpose", "permute_dims", "matrix_transpose", "swapaxes"),
        *("moveaxis", "rollaxis", "squeeze", "expand_dims", "broadcast_to", "broadcast_arrays"),
        *("atleast_1d", "atleast_2d", "atleast_3d", "asarray", "asanyarray", "asarray_chkfinite"),
        # of a real array, as methods, they give that array
        *("conj", "conjugate"),
        *("ascontiguousarray", "asfortranarray", "require", "real", "imag", "real_if_close"),
        *("diagonal", "diag", "linalg.diagonal", "linalg.matrix_transpose", "trim_zeros"),
        "linalg.matrix_power",
        *("flip", "fliplr", "flipud", "rot90", "split", "array_split", "hsplit", "vsplit"),
        *("dsplit", "unstack", "ediff1d", "lib.stride_tricks.sliding_window_view"),
        *("float64", "double", "float32", "single"),
    )
)
_MAKES_NEW = frozenset(
    {"copy.deepcopy"}
    | {
        f"retrograd.runtime.{name}"
        for name in (
            "item",
            "tolist",
            "zeros_like",
            "accumulate",
            "owned",
            "scatter",
            "copied",
            "duplicate",
            "last_written",
            *("into_triangle", "cholesky_vjp", "eigh_vjp", "eig_vjp", "qr_vjp", "svd_vjp"),
            *("pinv_vjp", "lstsq_vjp_a", "lstsq_vjp_b", "matrix_power_jvp", "tensorinv_vjp"),
            *("trace_vjp", "diagonal_vjp"),
        )
    }
    | {
        f"numpy.{name}"
        for name in (
            *(
                "zeros",
                "ones",
                "full",
                "zeros_like",
                "ones_like",
                "full_like",
                "linspace",
                "arange",
            ),
            *("array", "copy", "sum", "mean", "prod", "var", "std", "dot", "matmul", "outer"),
            *("where", "concatenate", "stack", "eye"),
        )
    }
)
