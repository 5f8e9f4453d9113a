"""Complex numbers: their parts, and which of the other rules hold for them.

Inside generated code the cotangent of ``z = x + iy`` is ``dL/dx - i dL/dy``. Then a tangent and a
cotangent go together as those of real numbers do, the change of L being the real part of
``z_bar * z_dot``, and the chain rule of a holomorphic function is that of a real one: a formula
needs no conjugates, and most hold as they stand. A partial of a function with real values is that
number p for which the change of the value is the real part of ``p * z_dot``. Where cotangents enter
or leave a function they are conjugated, so that ``z - t * gradient`` descends.
"""

from collections.abc import Callable
from collections.abc import Mapping as Operands
from dataclasses import replace
from typing import Final

from retrograd.transforms.ir.kinds import (
    COMPLEX,
    MAYBE_COMPLEX,
    UNKNOWN,
    Array,
    Kind,
    Other,
    Scalar,
    Unknown,
    with_parts,
)
from retrograd.transforms.ir.nodes import Expr
from retrograd.transforms.rules.kinds import elementwise, linear
from retrograd.transforms.rules.results import ResultKind, as_array, dtype_named, finished, floating
from retrograd.transforms.rules.rule import (
    VARIES,
    Bound,
    Rule,
    Site,
    complex_operands,
    constant,
    given,
    is_array,
    scalars,
    variants,
)


def real_site(site: Site) -> bool:
    """Whether all operands are known to be real numbers."""
    numbers = [kind for kind in site.kinds.values() if not isinstance(kind, Other)]
    return all(isinstance(k, Scalar | Array) and k.dtype in ("float", "int") for k in numbers)


def _same_numbers(site: Site) -> Kind:
    """Of the kind of the first operand; a truth value as a number."""
    array = as_array(next(iter(site.kinds.values())))
    if array is None or array.dtype == "bool":
        return UNKNOWN
    return finished(array.dtype, array.dims)


def _in_complex_numbers(site: Site) -> Kind:
    """The first operand as complex numbers: what has no axes as a number."""
    array = as_array(next(iter(site.kinds.values())))
    return MAYBE_COMPLEX if array is None else finished("complex", array.dims)


def _always(kind: Kind) -> ResultKind:
    return lambda site: kind


RULES: Final[tuple[Rule, ...]] = (
    # ---- parts
    elementwise("numpy.real(val)", val="1.0", result=_same_numbers),
    elementwise(
        "numpy.imag(val)",
        val=variants((complex_operands, "-1j"), otherwise="0.0"),
        result=_same_numbers,
    ),
    elementwise(
        "numpy.angle(z, deg=False)",
        z=variants(
            (lambda site: not complex_operands(site), "0.0"),
            (given(deg=False), "numpy.where(z == 0.0, 0.0, -1j / numpy.where(z == 0.0, 1.0, z))"),
            (
                given(deg=True),
                "numpy.where(z == 0.0, 0.0, -180j / math.pi / numpy.where(z == 0.0, 1.0, z))",
            ),
            otherwise=(
                "numpy.where(z == 0.0, 0.0, numpy.where(deg, -180j / math.pi, -1j)"
                " / numpy.where(z == 0.0, 1.0, z))"
            ),
        ),
        kink="0 at 0",
        result=floating,
    ),
    linear(
        "numpy.conj(x)",
        x=variants((real_site, "g"), otherwise="numpy.conj(g)"),
        result=_same_numbers,
        also="numpy.conjugate(x)",
    ),
    # ---- numbers made of parts, or of other numbers
    linear(
        "complex(real=0.0, imag=0.0)",
        real=variants((scalars("real"), "g"), otherwise="spread(g, shape(real))"),
        imag=variants((scalars("imag"), "1j * g"), otherwise="spread(1j * g, shape(imag))"),
        result=_always(COMPLEX),
    ),
    linear(
        "numpy.complex128(x)",
        x=variants((scalars("x"), "g"), (is_array("x"), "g"), otherwise="unbroadcast(g, x)"),
        result=_in_complex_numbers,
        also=("numpy.complex64(x)", "numpy.cdouble(x)", "numpy.csingle(x)"),
    ),
    linear("numpy.real_if_close(a, tol=100)", a="g", result=_same_numbers),
    linear("retrograd.runtime.as_complex(x)", x="g", result=_in_complex_numbers),
    linear("retrograd.runtime.conjugate(x)", x="conjugate(g)", result=lambda site: site.kind("x")),
)

# ---------------------------------------------------------------- which rules hold

#: Functions with real values of complex operands.
REAL: Final = frozenset(
    {"abs", "numpy.abs", "numpy.absolute", "numpy.real", "numpy.imag", "numpy.angle"}
    | {"numpy.linalg.norm", "numpy.linalg.vector_norm", "scipy.linalg.norm"}
    | {"numpy.var", "numpy.std"}
    | {f"numpy.fft.{name}" for name in ("irfft", "irfft2", "irfftn", "hfft")}
    | {f"scipy.fft.{name}" for name in ("irfft", "irfft2", "irfftn", "hfft", "hfft2", "hfftn")}
)


def _numpy(names: str) -> frozenset[str]:
    return frozenset(f"numpy.{name}" for name in names.split())


#: The functions and operators whose formulas hold for complex operands too.
HOLD: Final = (
    REAL
    | {rule.path for rule in RULES}
    | {path for rule in RULES for path, _ in rule.also}
    # ---- arithmetic
    | frozenset(["+", "-", "*", "/", "**", "-u", "+u", "@", "pow"])
    | _numpy("add subtract multiply divide true_divide power pow negative positive")
    | _numpy("square reciprocal sqrt exp exp2 expm1 log log2 log10 log1p")
    | _numpy("sin cos tan arcsin asin arccos acos arctan atan")
    | _numpy("sinh cosh tanh arcsinh asinh arccosh acosh arctanh atanh sinc")
    # ---- sums and products
    | _numpy("sum mean cumsum dot matmul outer inner vdot vecdot tensordot einsum kron trace")
    | _numpy("prod cumprod cumulative_sum cumulative_prod nansum nanmean nanprod average trapezoid")
    | _numpy("add.reduce multiply.reduce add.accumulate multiply.accumulate add.reduceat")
    | _numpy("add.outer subtract.outer multiply.outer divide.outer true_divide.outer float_power")
    | _numpy("diff ediff1d gradient convolve cross linspace")
    | _numpy("polyval polyder polyint polyadd polysub polymul polydiv roots vander")
    | {"sum", "scipy.integrate.trapezoid"}
    # ---- linear algebra
    | _numpy("linalg.matmul linalg.outer linalg.trace linalg.cross linalg.multi_dot")
    | _numpy("linalg.inv linalg.solve linalg.det linalg.matrix_power linalg.tensorsolve")
    | _numpy("linalg.tensorinv linalg.eig linalg.eigvals")
    | {
        f"scipy.linalg.{name}"
        for name in ("inv", "det", "expm", "logm", "sqrtm", "solve_sylvester", "block_diag")
    }
    # ---- special functions
    | {
        f"scipy.special.{name}"
        for name in (
            *("erf", "erfc", "erfcx", "erfi", "dawsn", "ndtr", "log_ndtr", "expm1", "log1p"),
            *("xlogy", "xlog1py", "exp1", "expi", "gamma", "loggamma", "rgamma", "jv", "yv"),
            *("iv", "kv", "kve", "hyp0f1", "hyp1f1", "hyp2f1", "eval_legendre", "wofz", "lambertw"),
        )
    }
    # ---- transforms
    | {
        f"{library}.{name}"
        for library in ("numpy.fft", "scipy.fft")
        for name in ("fft", "ifft", "fft2", "ifft2", "fftn", "ifftn", "fftshift", "ifftshift")
    }
    | {f"scipy.fft.{name}" for name in ("dct", "idct", "dst", "idst")}
    | {"scipy.signal.lfilter"}
    # ---- elements in other places
    | _numpy("reshape ravel transpose permute_dims matrix_transpose linalg.matrix_transpose")
    | _numpy("swapaxes moveaxis rollaxis squeeze expand_dims broadcast_to")
    | _numpy("atleast_1d atleast_2d atleast_3d")
    | _numpy("flip flipud fliplr roll rot90 tril triu diag diagonal linalg.diagonal tile repeat")
    | _numpy("concatenate concat stack vstack row_stack hstack column_stack")
    | _numpy("where take copy array asarray asanyarray ascontiguousarray asfortranarray astype")
    | _numpy("full split array_split take_along_axis compress extract delete append insert block")
    | _numpy("dstack diagflat resize select choose pad")
    | frozenset({"list", "tuple", "dict", "copy.deepcopy"})
    # ---- without a derivative
    | {"==", "!=", "is", "is not", "not", "in", "not in", "len", "bool", "isinstance"}
    | _numpy("equal not_equal isfinite isinf isnan iscomplex isreal iscomplexobj isscalar")
    | _numpy("isclose allclose array_equal shape size ndim count_nonzero any all nonzero")
    | _numpy("zeros_like ones_like empty_like round around rint result_type")
    | {"retrograd.stop_gradient", "retrograd.api.stop_gradient"}
    # ---- helpers of generated code
    | frozenset(
        f"retrograd.runtime.{name}"
        for name in (
            *("unbroadcast", "sum_to", "spread", "lift", "accumulate", "owned", "duplicate"),
            *("copied", "restructure", "scatter", "split_like", "vsplit_like", "hsplit_like"),
            *("column_split_like", "diag_vjp", "tile_vjp", "repeat_vjp", "matmul_vjp_x"),
            *("matmul_vjp_y", "dot_vjp_a", "dot_vjp_b", "inner_vjp_a", "inner_vjp_b"),
            *("resized", "half_doubled", "as_float", "item", "sum_at", "taken_from"),
            *("zeros_like", "require_scalar", "require_apart", "count"),
        )
    )
)


def holds(bound: Bound) -> bool:
    """Whether the formulas of a call hold where operands are complex."""
    return bound.rule.path in HOLD and _told(bound) in (None, "complex")


def _told(bound: Bound) -> object:
    """The class of numbers that the argument `dtype` names, None where it names none."""
    told = constant(bound.operands["dtype"]) if "dtype" in bound.operands else None
    return None if told is None else dtype_named(told) or VARIES


def result_of_complex(
    bound: Bound, known: Operands[str, Kind], kind_of: Callable[[Expr], Kind]
) -> Kind:
    """The kind of the result of a call, some of whose operands, of kinds `known`, may be complex.

    It is that of real numbers in the same shapes, in complex numbers.
    """
    rule = bound.rule
    in_floats = {name: _in_floats(kind) for name, kind in known.items()}
    kind = rule.result(Site(bound, in_floats, kind_of=lambda expr: _in_floats(kind_of(expr))))
    if rule.path in REAL:
        return kind
    if rule.form == "inactive" and _told(bound) is not None:
        return rule.result(Site(bound, known, kind_of=kind_of))
    if not holds(bound):
        return _unsure(kind)
    if kind == UNKNOWN and rule.form == "elementwise" and any(map(_is_array, known.values())):
        return Array("complex", None)
    return _in_complex(kind)


def _is_array(kind: Kind) -> bool:
    """Whether a value of `kind` is an array, so that what is computed with it element by element is."""
    return isinstance(kind, Array) and kind.dims != ()


def _in_floats(kind: Kind) -> Kind:
    """`kind` with what may be complex as floats."""
    match kind:
        case Scalar(dtype="complex") | Array(dtype="complex"):
            return replace(kind, dtype="float")
        case Other() if kind == MAYBE_COMPLEX:
            return UNKNOWN
        case _:
            return with_parts(kind, _in_floats)


def _in_complex(kind: Kind) -> Kind:
    """`kind` with what may be a float as what may be complex."""
    match kind:
        case Scalar(dtype="float") | Array(dtype="float" | None):
            return replace(kind, dtype="complex")
        case Unknown():
            return MAYBE_COMPLEX
        case _:
            return with_parts(kind, _in_complex)


def _unsure(kind: Kind) -> Kind:
    """`kind`, whatever is not surely whole numbers or none at all being unknown."""
    match kind:
        case Scalar(dtype="float") | Array(dtype="float" | None) | Unknown():
            return MAYBE_COMPLEX
        case _:
            return with_parts(kind, _unsure)
