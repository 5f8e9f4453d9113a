"""Functions that put elements in order: sort, partition, the median and other quantiles.

Where several elements have one value, they share equally.
"""

from typing import Final

from retrograd.transforms.ir.kinds import UNKNOWN, Array
from retrograd.transforms.rules.arithmetic import TIES
from retrograd.transforms.rules.kinds import general, inactive, linear
from retrograd.transforms.rules.results import always, places, reduced
from retrograd.transforms.rules.rule import Rule, scalars, variants
from retrograd.transforms.rules.selection_results import middle, quantiles, sorted_along, vector_of

#: The names of the methods by which NumPy finds a place between two neighbours in the sorted row.
_METHODS: Final = (
    *("linear", "lower", "higher", "midpoint", "nearest", "hazen", "weibull"),
    *("median_unbiased", "normal_unbiased", "interpolated_inverted_cdf"),
    *("inverted_cdf", "averaged_inverted_cdf", "closest_observation"),
)


def _quantile(path: str, fraction: str) -> Rule:
    """The rule of ``numpy.quantile`` and its kin, where `fraction` says how `q` counts."""
    return general(
        f"numpy.{path}(a, q, axis=None, *, method='linear', keepdims=False)",
        a=variants(
            (scalars("q"), "lift(g) * shares"),
            otherwise="quantile_vjp(g, shares, numpy.ndim(q), axis, keepdims)",
        ),
        jvp={
            "a": variants(
                (scalars("q"), "numpy.sum(shares * a_dot, axis=axis, keepdims=keepdims)"),
                otherwise="quantile_jvp(a_dot, shares, numpy.ndim(q), axis, keepdims)",
            )
        },
        let={"shares": f"quantile_shares(a, {fraction}, axis=axis, method=method)"},
        only={"method": _METHODS},
        kink=TIES,
        result=quantiles,
    )


RULES: Final[tuple[Rule, ...]] = (
    general(
        "numpy.sort(a, axis=-1, kind=None, *, stable=None)",
        a="unsorted_like(g, a, axis=axis)",
        jvp="sorted_like(a_dot, a, axis=axis)",
        kink=TIES,
        result=sorted_along,
    ),
    general(
        "numpy.partition(a, kth, axis=-1, kind='introselect')",
        a="unsorted_like(sorted_like(g, out, axis=axis), a, axis=axis)",
        jvp="unsorted_like(sorted_like(a_dot, a, axis=axis), out, axis=axis)",
        kink=TIES,
        result=sorted_along,
    ),
    general(
        "numpy.unique(ar, *, sorted=True)",
        ar="sum_at(g, numpy.unique(ar, return_index=True)[1], shape(ar))",
        jvp="numpy.ravel(ar_dot)[numpy.unique(ar, return_index=True)[1]]",
        only={"sorted": (True,)},
        kink="the first of equal elements counts",
        result=vector_of("ar"),
    ),
    general(
        "numpy.median(a, axis=None, *, keepdims=False)",
        a="lift(g) * quantile_shares(a, 0.5, axis=axis)",
        jvp="numpy.sum(quantile_shares(a, 0.5, axis=axis) * a_dot, axis=axis, keepdims=keepdims)",
        kink=TIES,
        result=middle,
        also="numpy.nanmedian(a, axis=None, *, keepdims=False)",
    ),
    _quantile("quantile", "q"),
    _quantile("nanquantile", "q"),
    _quantile("percentile", "q / 100.0"),
    _quantile("nanpercentile", "q / 100.0"),
    general(
        "numpy.ptp(a, axis=None, *, keepdims=False)",
        a="numpy.where(top, lift(g) / tops, 0.0) - numpy.where(bottom, lift(g) / bottoms, 0.0)",
        jvp=(
            "numpy.sum(numpy.where(top, a_dot / tops, 0.0) - numpy.where(bottom, a_dot / bottoms,"
            " 0.0), axis=axis, keepdims=keepdims)"
        ),
        let={
            "top": "(a == numpy.max(a, axis=axis, keepdims=True))",
            "bottom": "(a == numpy.min(a, axis=axis, keepdims=True))",
            "tops": "numpy.count_nonzero(top, axis=axis, keepdims=True)",
            "bottoms": "numpy.count_nonzero(bottom, axis=axis, keepdims=True)",
        },
        kink=TIES,
        result=reduced(),
    ),
    inactive("numpy.argpartition(a, kth, axis=-1, kind='introselect')", result=places),
    # ---- helpers of generated code
    linear(
        "retrograd.runtime.sorted_like(x, a, axis=-1)",
        x="unsorted_like(g, a, axis=axis)",
        a="0.0",
        result=always(Array(None, None)),
    ),
    linear(
        "retrograd.runtime.unsorted_like(x, a, axis=-1)",
        x="sorted_like(g, a, axis=axis)",
        a="0.0",
        result=always(UNKNOWN),
    ),
    linear(
        "retrograd.runtime.quantile_vjp(x, shares, lead, axis, keepdims)",
        x="quantile_jvp(g, shares, lead, axis, keepdims)",
        result=always(UNKNOWN),
    ),
    linear(
        "retrograd.runtime.quantile_jvp(x, shares, lead, axis, keepdims)",
        x="quantile_vjp(g, shares, lead, axis, keepdims)",
        result=always(UNKNOWN),
    ),
    inactive(
        'retrograd.runtime.quantile_shares(a, q, axis=None, method="linear")',
        result=always(UNKNOWN),
    ),
)
