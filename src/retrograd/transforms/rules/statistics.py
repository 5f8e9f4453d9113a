"""Weighted means, covariances, correlations, counts by number."""

from typing import Final

from retrograd.transforms.ir.kinds import ANY, UNKNOWN, Array, Kind, Scalar
from retrograd.transforms.rules.decomposition_results import several
from retrograd.transforms.rules.kinds import general, inactive, linear, multilinear
from retrograd.transforms.rules.results import always, as_array, finished, reduced
from retrograd.transforms.rules.rule import Rule, Site, given, scalars, variants


def _matrix_or_number(site: Site) -> Kind:
    """``numpy.cov``: a matrix, or an array without axes for one variable."""
    m, y = as_array(site.kind(next(iter(site.bound.operands)))), site.constant("y")
    if m is None or m.rank is None:
        return UNKNOWN
    if m.rank == 1 and y is None:
        return Array("float", ())
    if y is None and any(dim != "*" for dim in m.dims or ()):
        return Array("float", None)  # of one row it is a number too
    return Array("float", (ANY, ANY))


def _correlations(site: Site) -> Kind:
    """``numpy.corrcoef``: a matrix, or a number for one variable."""
    kind = _matrix_or_number(site)
    one = isinstance(kind, Array) and kind.dims == ()
    return Scalar("float") if one else UNKNOWN if kind == Array("float", None) else kind


def _counted(site: Site) -> Kind:
    """``numpy.bincount``: whole numbers, or sums of weights."""
    return Array("int" if site.constant("weights") is None else "float", (ANY,))


def _histogram(site: Site) -> Kind:
    """``numpy.histogram``: whole numbers, or sums of weights, and the edges between them."""
    return several(_counted(site), Array("float", (ANY,)))


def _weighted(site: Site) -> Kind:
    kind = reduced("float")(site)
    return kind if not isinstance(kind, Array) else finished("float", kind.dims)


_COV: Final = {"y": (None,)}

RULES: Final[tuple[Rule, ...]] = (
    linear(
        "numpy.average(a, axis=None, weights=None, returned=False, *, keepdims=False)",
        a=variants((scalars("a"), "g"), otherwise="spread(lift(g) / count(a), shape(a))"),
        only={"weights": (None,), "returned": (False,)},
        result=_weighted,
    ),
    general(
        "numpy.average(a, axis=None, weights=None, returned=False, *, keepdims=False)",
        a=variants(
            (given(axis=None), "g * weights / numpy.sum(weights)"),
            otherwise="lift(g / total) * along",
        ),
        weights=variants(
            (given(axis=None), "g * (a - out) / numpy.sum(weights)"),
            otherwise="weights_vjp(lift(g / total) * (a - lift(out)), weights, axis)",
        ),
        jvp={
            "a": variants(
                (
                    given(axis=None, keepdims=False),
                    "numpy.sum(a_dot * weights) / numpy.sum(weights)",
                ),
                otherwise="numpy.sum(a_dot * along, axis=axis, keepdims=keepdims) / total",
            ),
            "weights": (
                "numpy.sum((a - lift(out)) * weights_along(weights_dot, shape(a), axis),"
                " axis=axis, keepdims=keepdims) / total"
            ),
        },
        let={
            "along": "weights_along(weights, shape(a), axis)",
            "total": (
                "numpy.sum(numpy.broadcast_to(along, shape(a)), axis=axis, keepdims=keepdims)"
            ),
        },
        only={"returned": (False,)},
        result=_weighted,
    ),
    # ---- covariances
    general(
        "numpy.cov(m, y=None, rowvar=True, bias=False, ddof=None)",
        m="cov_vjp(g, m, y, rowvar, bias, ddof)",
        y="cov_vjp(g, m, y, rowvar, bias, ddof, True)",
        jvp={
            "m": "cov_jvp(m, y, m_dot, shape(out), rowvar, bias, ddof)",
            "y": "cov_jvp(m, y, y_dot, shape(out), rowvar, bias, ddof, True)",
        },
        result=_matrix_or_number,
    ),
    general(
        "numpy.corrcoef(x, y=None, rowvar=True)",
        x="corrcoef_vjp(g, x, y, rowvar)",
        y="corrcoef_vjp(g, x, y, rowvar, True)",
        jvp={
            "x": "corrcoef_jvp(x, y, x_dot, shape(out), rowvar)",
            "y": "corrcoef_jvp(x, y, y_dot, shape(out), rowvar, True)",
        },
        kink="nan where a variable does not vary",
        result=_correlations,
    ),
    # ---- counts
    linear(
        "numpy.bincount(x, /, weights=None, minlength=0)",
        weights="numpy.take(g, x)",
        result=_counted,
    ),
    general(
        "numpy.histogram(a, bins=10, range=None, density=None, weights=None)",
        a="edges_vjp(g[1], a, bins, range)",
        weights="taken_from(g[0], bins_of(a, out[1]))",
        jvp={
            "a": "(zeros_like(out[0]), edges_jvp(a_dot, a, out[1], bins, range))",
            "weights": (
                "(numpy.histogram(a, bins=out[1], weights=weights_dot)[0], zeros_like(out[1]))"
            ),
        },
        only={"density": (None, False)},
        kink="counts jump where a value crosses an edge, and stand still elsewhere",
        result=_histogram,
    ),
    inactive("retrograd.runtime.bins_of(a, edges)", result=always(UNKNOWN)),
    inactive("numpy.digitize(x, bins, right=False)", result=always(Array("int", None))),
    # ---- helpers of generated code
    linear(
        "retrograd.runtime.weights_along(weights, shape, axis=None)",
        weights="weights_vjp(unbroadcast(g, g), weights, axis)",
        result=always(UNKNOWN),
    ),
    multilinear(
        "retrograd.runtime.weights_vjp(g_, like, axis=None)",
        g_="spread(weights_along(g, shape(g_), axis), shape(g_))",
        result=always(UNKNOWN),
    ),
)
