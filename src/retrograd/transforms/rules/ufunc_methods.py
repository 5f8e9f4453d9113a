"""The methods of NumPy's elementwise functions, from the rules of the functions that they stand for.

np.add.reduce(x)           np.sum(x, axis=0)
np.multiply.accumulate(x)  np.cumprod(x, axis=0)
np.hypot.outer(a, b)       np.hypot(a[..., None], b)   with as many new axes as b has
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from retrograd.transforms.ir.kinds import UNKNOWN, Array, Kind
from retrograd.transforms.rules import arithmetic, elementwise, nan_reductions, reductions
from retrograd.transforms.rules.kinds import general, linear, read_header
from retrograd.transforms.rules.results import as_array, dtype_of, finished, reduced, same
from retrograd.transforms.rules.rule import Formula, Rule, Site, Variants, scalars, variants
from retrograd.transforms.rules.selection_results import along

# ---------------------------------------------------------------- reduce and accumulate


def _told(formula: Formula) -> Formula:
    """`formula` with `axis` told by position: its default is another one in NumPy's functions."""
    if isinstance(formula, Variants):
        cases = tuple((holds, text.replace("axis=axis", "axis")) for holds, text in formula.cases)
        return Variants(cases, formula.otherwise.replace("axis=axis", "axis"))
    return formula.replace("axis=axis", "axis")


def _as_method(path: str, header: str, place: int = 0) -> Rule:
    """The rule that the function `path` has in `place` as that of a method with this `header`."""
    tables = (*reductions.RULES, *nan_reductions.RULES)
    rule = [rule for rule in tables if path in (rule.path, *(name for name, _ in rule.also))][place]
    name, params = read_header(header)

    def told(formulas: Mapping[str, Formula]) -> Mapping[str, Formula]:
        return {operand: _told(formula) for operand, formula in formulas.items()}

    return replace(
        rule,
        path=name,
        params=params,
        also=(),
        formulas=told(rule.formulas),
        jvp=told(rule.jvp),
        let=told(rule.let),
    )


def _sums_along(site: Site) -> Kind:
    """Sums of parts of the operand along `axis`; truth values are counted."""
    kind = along("a")(site)
    return Array(None, kind.dims) if isinstance(kind, Array) and kind.dtype == "bool" else kind


_SUMS: Final = "(a, axis=0, dtype=None, *, keepdims=False, initial={}, where=True)"
_EXTREMES: Final = "(a, axis=0, *, keepdims=False{})"
_RUNNING: Final = "(a, axis=0, dtype=None)"
_FIRST_LAST: Final = ", initial, where=True"

_REDUCTIONS: Final = (
    _as_method("numpy.sum", f"numpy.add.reduce{_SUMS.format('0.0')}"),
    _as_method("numpy.prod", "numpy.multiply.reduce(a, axis=0, dtype=None, *, keepdims=False)"),
    _as_method("numpy.prod", f"numpy.multiply.reduce{_SUMS.format('1.0')}", 1),
    *(
        _as_method(f"numpy.{short}", f"numpy.{long}.reduce{_EXTREMES.format(more)}", place)
        for short, long in (("max", "maximum"), ("min", "minimum"))
        for place, more in enumerate(("", _FIRST_LAST))
    ),
    _as_method("numpy.nanmax", f"numpy.fmax.reduce{_EXTREMES.format('')}"),
    _as_method("numpy.nanmin", f"numpy.fmin.reduce{_EXTREMES.format('')}"),
    general(
        "numpy.logaddexp.reduce(a, axis=0, dtype=None, *, keepdims=False)",
        a="lift(g) * numpy.exp(a - lift(out))",
        jvp="numpy.sum(numpy.exp(a - lift(out)) * a_dot, axis, keepdims=keepdims)",
        only=reductions.FLOATS,
        result=reduced("float"),
    ),
    _as_method("numpy.cumsum", f"numpy.add.accumulate{_RUNNING}"),
    _as_method("numpy.cumprod", f"numpy.multiply.accumulate{_RUNNING}"),
    general(
        "numpy.maximum.accumulate(a, axis=0)",
        a="sum_at(g, numpy.maximum.accumulate(holders, axis), shape(a))",
        jvp="taken_from(a_dot, numpy.maximum.accumulate(holders, axis))",
        let={"holders": "numpy.where(a == out, numbered(shape(a)), 0)"},
        kink="the last of equal elements counts",
        result=same("a"),
        also="numpy.minimum.accumulate(a, axis=0)",
    ),
    linear(
        "numpy.add.reduceat(a, indices, axis=0)",
        a="reduceat_vjp(g, shape(a), indices, axis=axis)",
        result=_sums_along,
    ),
    linear(
        "retrograd.runtime.reduceat_vjp(x, shape, indices, axis=0)",
        x="numpy.add.reduceat(g, indices, axis=axis)",
        result=lambda site: UNKNOWN,
    ),
)

# ---------------------------------------------------------------- outer

_FUNCTIONS: Final = (
    *("add", "subtract", "multiply", "divide", "true_divide", "power", "float_power"),
    *("maximum", "minimum", "fmax", "fmin", "hypot", "arctan2", "logaddexp", "logaddexp2"),
    *("fmod", "copysign"),
)


def _all_pairs(site: Site) -> Kind:
    """The axes of the first operand, then those of the second."""
    a, b = as_array(site.kind("A")), as_array(site.kind("B"))
    if a is None or b is None or a.dims is None or b.dims is None:
        return UNKNOWN
    if "float" not in (a.dtype, b.dtype):
        return UNKNOWN if a.dims + b.dims == () else Array(None, a.dims + b.dims)
    return finished(dtype_of(a, b) if None not in (a.dtype, b.dtype) else "float", a.dims + b.dims)


def _text(formula: Formula) -> str:
    return formula.otherwise if isinstance(formula, Variants) else formula


def _outer(name: str) -> Rule:
    """The rule of the method `outer` of the elementwise function `name` of two numbers."""
    path = f"numpy.{name}"
    rule = next(
        rule
        for rule in (*arithmetic.RULES, *elementwise.RULES)
        if path in (rule.path, *(other for other, _ in rule.also))
    )
    left, right = (param.name for param in rule.params)
    slope_left, slope_right = (f"({_text(rule.formulas[operand])})" for operand in (left, right))
    wide = "numpy.shape(A) + (1,) * numpy.ndim(B)"
    return general(
        f"{path}.outer(A, B)",
        A=variants(
            (scalars("A"), f"numpy.sum(g * {slope_left})"),
            otherwise=f"numpy.reshape(sum_to(g * {slope_left}, {wide}), shape(A))",
        ),
        B=variants(
            (scalars("B"), f"numpy.sum(g * {slope_right})"),
            otherwise=f"sum_to(g * {slope_right}, shape(B))",
        ),
        jvp={
            "A": f"spread({slope_left} * numpy.reshape(A_dot, {wide}), shape(out))",
            "B": f"spread({slope_right} * B_dot, shape(out))",
        },
        let={**rule.let, left: f"numpy.reshape(A, {wide})", right: "B"},
        on="B > 0.0" if "power" in name else "",
        kink=rule.kink,
        result=_all_pairs,
    )


RULES: Final[tuple[Rule, ...]] = (*_REDUCTIONS, *map(_outer, _FUNCTIONS))
