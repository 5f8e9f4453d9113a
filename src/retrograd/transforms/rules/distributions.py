"""The distributions of scipy.stats, with respect to the point, location, scale and shapes.

A family of densities is given by the slope of its standard logarithmic density, from which the
derivatives of all its functions follow: with ``z = (x - loc) / scale``,

    logpdf(x) = standard(z) - log(scale)      cdf' = pdf      logcdf' = exp(logpdf - logcdf)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from retrograd.transforms.rules import distribution_results as results
from retrograd.transforms.rules.kinds import elementwise, general
from retrograd.transforms.rules.rule import Formula, Rule, given, variants

_PSI: Final = "scipy.special.digamma"
_ABOVE_0: Final = "numpy.maximum(z, 1e-300)"
_INCOMPLETE: Final = f"{_PSI}({{0}} + 1.0), scipy.special.gammaln({{0}} + 1.0)"

_TRUNCATED: Final = "scipy.stats.truncnorm.logpdf(x, a, b, loc=loc, scale=scale)"


@dataclass(frozen=True, slots=True)
class _Family:
    """Densities that differ by a shift and a stretch, and by shapes.

    `slope` is the derivative of the standard logarithmic density for `z`, `shapes` that for each
    shape and `areas` that of the cumulative distribution. A family is `bounded` if the density is 0
    somewhere; the derivatives are 0 there too.
    """

    name: str
    slope: str
    shapes: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    bounded: bool = True
    on: str = ""
    kink: str = ""


_FAMILIES: Final = (
    _Family("norm", "-z", bounded=False),
    _Family("cauchy", "-2.0 * z / (1.0 + z**2)", bounded=False),
    _Family("laplace", "-numpy.sign(z)", bounded=False, kink="0 at the peak"),
    _Family("logistic", "-numpy.tanh(0.5 * z)", bounded=False),
    _Family("expon", "-1.0"),
    _Family("uniform", "0.0"),
    _Family(
        "gamma",
        "(a - 1.0) / z - 1.0",
        {"a": f"numpy.log(z) - {_PSI}(a)"},
        {"a": f"gammainc_slope(a, z, {_INCOMPLETE.format('a')})"},
        on="a > 0.0",
    ),
    _Family(
        "chi2",
        "(0.5 * df - 1.0) / z - 0.5",
        {"df": f"0.5 * (numpy.log(0.5 * z) - {_PSI}(0.5 * df))"},
        {"df": f"0.5 * gammainc_slope(0.5 * df, 0.5 * z, {_INCOMPLETE.format('0.5 * df')})"},
        on="df > 0.0",
    ),
    _Family(
        "beta",
        "(a - 1.0) / z - (b - 1.0) / (1.0 - z)",
        {
            "a": f"numpy.log(z) - {_PSI}(a) + {_PSI}(a + b)",
            "b": f"numpy.log1p(-z) - {_PSI}(b) + {_PSI}(a + b)",
        },
        on="(a > 0.0) & (b > 0.0)",
    ),
    _Family(
        "t",
        "-(df + 1.0) * z / (df + z**2)",
        {
            "df": (
                f"0.5 * ({_PSI}(0.5 * df + 0.5) - {_PSI}(0.5 * df) - 1.0 / df"
                " - numpy.log1p(z**2 / df) + (df + 1.0) * z**2 / (df * (df + z**2)))"
            )
        },
        bounded=False,
        on="df > 0.0",
    ),
    _Family(
        "lognorm",
        "-(1.0 + numpy.log(z) / s**2) / z",
        {"s": "numpy.log(z)**2 / s**3 - 1.0 / s"},
        {"s": f"-numpy.log({_ABOVE_0}) / s**2 * scipy.stats.norm.pdf(numpy.log({_ABOVE_0}) / s)"},
        on="s > 0.0",
    ),
    _Family(
        "pareto",
        "-(b + 1.0) / z",
        {"b": "1.0 / b - numpy.log(z)"},
        {"b": "numpy.log(numpy.maximum(z, 1.0)) * numpy.maximum(z, 1.0) ** (-b)"},
        on="b > 0.0",
    ),
    _Family(
        "weibull_min",
        "(c - 1.0) / z - c * z ** (c - 1.0)",
        {"c": "1.0 / c + numpy.log(z) * (1.0 - z**c)"},
        {"c": f"numpy.exp(-({_ABOVE_0}**c)) * {_ABOVE_0}**c * numpy.log({_ABOVE_0})"},
        on="c > 0.0",
    ),
    _Family(
        "vonmises",
        "-kappa * numpy.sin(z)",
        {"kappa": "numpy.cos(z) - scipy.special.i1e(kappa) / scipy.special.i0e(kappa)"},
        bounded=False,
        on="kappa > 0.0",
    ),
    _Family(
        "truncnorm",
        "-z",
        {
            "a": f"scale * numpy.exp(0.5 * (z**2 - a**2) + {_TRUNCATED})",
            "b": f"-scale * numpy.exp(0.5 * (z**2 - b**2) + {_TRUNCATED})",
        },
        on="a < b",
    ),
)


def _rules_of(family: _Family) -> tuple[Rule, ...]:
    """The rules for the functions of a family."""
    shapes = "".join(f"{name}, " for name in family.shapes)
    same = f"{shapes}loc=loc, scale=scale"
    path = f"scipy.stats.{family.name}"
    log_slopes = {
        "x": f"({family.slope}) / scale",
        "loc": f"-({family.slope}) / scale",
        "scale": f"-(1.0 + z * ({family.slope})) / scale",
        **family.shapes,
    }
    if family.slope == "0.0":
        log_slopes |= {"x": "0.0", "loc": "0.0", "scale": "-1.0 / scale"}
    slopes = {name: f"out * ({text})" for name, text in log_slopes.items()}
    if family.bounded:
        log_slopes = {name: _inside(text, "-math.inf") for name, text in log_slopes.items()}
        slopes = {name: _inside(text, "0.0") for name, text in slopes.items()}
    density, areas_of = f"{path}.pdf(x, {same})", family.areas
    share = f"numpy.exp({path}.logpdf(x, {same}) - out)"
    below = _areas(share, _scaled("({}) * numpy.exp(-out)", areas_of))
    above = _areas(f"-{share}", _scaled("-({}) * numpy.exp(-out)", areas_of))
    if family.bounded:
        below = {name: _inside(text, "-math.inf") for name, text in below.items()}
        above = {name: _inside(text, "-math.inf") for name, text in above.items()}
    return (
        _rule(family, "logpdf", shapes, log_slopes),
        _rule(family, "pdf", shapes, slopes),
        _rule(family, "cdf", shapes, _areas(density, areas_of)),
        _rule(family, "sf", shapes, _areas(f"-{density}", _scaled("-({})", areas_of))),
        _rule(family, "logcdf", shapes, below),
        _rule(family, "logsf", shapes, above),
        replace(
            elementwise(
                f"{path}.ppf(q, {shapes}loc=0, scale=1)",
                let={"z": _standard("out")},
                on=_and("(q > 0.1) & (q < 0.9)", family.on),
            ),
            formulas={
                "q": f"1.0 / {path}.pdf(out, {same})",
                "loc": "1.0",
                "scale": "z",
                **_scaled(f"-({{}}) / {path}.pdf(out, {same})", areas_of),
            },
        ),
    )


def _rule(family: _Family, name: str, shapes: str, partials: Mapping[str, str]) -> Rule:
    header = f"scipy.stats.{family.name}.{name}(x, {shapes}loc=0, scale=1)"
    let = {"z": _standard("x")}
    rule = elementwise(header, let=let, on=family.on, kink=family.kink)
    return replace(rule, formulas=partials)


def _standard(point: str) -> Formula:
    """The point measured from the location, in units of the scale."""
    return variants(
        (given(loc=0, scale=1), point),
        (given(loc=0), f"{point} / scale"),
        (given(scale=1), f"{point} - loc"),
        otherwise=f"({point} - loc) / scale",
    )


def _areas(density: str, areas: Mapping[str, str]) -> dict[str, str]:
    """The partials of what has the slope `density`."""
    minus = density.removeprefix("-") if density.startswith("-") else f"-{density}"
    return {"x": density, "loc": minus, "scale": f"{minus} * z", **areas}


def _scaled(form: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {name: form.format(text) for name, text in texts.items()}


def _inside(text: str, bottom: str) -> str:
    """`text`, and 0 where the result is at its `bottom`, outside of the support."""
    return f"numpy.where(out > {bottom}, {text}, 0.0)"


def _and(first: str, second: str) -> str:
    return f"{first} & {second}" if second else first


# ---------------------------------------------------------------- whole numbers

_COUNT: Final = "(k - loc)"
_BINOM: Final = "scipy.stats.binom.pmf({}, n - 1, p, loc=loc)"
_BETA: Final = f"{_PSI}(a + b) - {_PSI}(n + a + b)"

#: The slopes of logarithmic probabilities for each parameter, by distribution and its parameters.
_COUNTS: Final[Mapping[str, Mapping[str, str]]] = {
    "bernoulli(k, p, loc=0)": {
        "p": f"numpy.where({_COUNT} == 1.0, 1.0, -1.0)"
        f" / numpy.where({_COUNT} == 1.0, p, 1.0 - p)"
    },
    "binom(k, n, p, loc=0)": {
        "p": f"{_COUNT} / numpy.where({_COUNT} == 0.0, 1.0, p)"
        f" - (n - {_COUNT}) / numpy.where({_COUNT} == n, 1.0, 1.0 - p)"
    },
    "poisson(k, mu, loc=0)": {"mu": f"{_COUNT} / mu - 1.0"},
    "geom(k, p, loc=0)": {"p": f"1.0 / p - ({_COUNT} - 1.0) / (1.0 - p)"},
    "nbinom(k, n, p, loc=0)": {
        "n": f"{_PSI}({_COUNT} + n) - {_PSI}(n) + numpy.log(p)",
        "p": f"n / p - {_COUNT} / (1.0 - p)",
    },
    "betabinom(k, n, a, b, loc=0)": {
        "a": f"{_PSI}({_COUNT} + a) - {_PSI}(a) + {_BETA}",
        "b": f"{_PSI}(n - {_COUNT} + b) - {_PSI}(b) + {_BETA}",
    },
}


#: The slopes of probabilities, where that of the logarithm does not give them at the ends of p.
_MASSES: Final[Mapping[str, Mapping[str, str]]] = {
    "bernoulli": {
        "p": f"numpy.where({_COUNT} == 1.0, 1.0, numpy.where({_COUNT} == 0.0, -1.0, 0.0))"
    },
    "binom": {"p": f"n * ({_BINOM.format('k - 1')} - {_BINOM.format('k')})"},
}


def _counting(header: str, slopes: Mapping[str, str]) -> tuple[Rule, ...]:
    """The rules for the probabilities of a distribution of whole numbers."""
    name, _, parameters = header.partition("(")
    note = "the count must not depend on the inputs"
    logarithms = {param: _inside(text, "-math.inf") for param, text in slopes.items()}
    masses = _MASSES.get(name) or {
        param: _inside(f"out * ({text})", "0.0") for param, text in slopes.items()
    }
    return (
        replace(
            elementwise(f"scipy.stats.{name}.logpmf({parameters}", note=note), formulas=logarithms
        ),
        replace(elementwise(f"scipy.stats.{name}.pmf({parameters}", note=note), formulas=masses),
    )


RULES: Final[tuple[Rule, ...]] = (
    *(rule for family in _FAMILIES for rule in _rules_of(family)),
    *(rule for header, slopes in _COUNTS.items() for rule in _counting(header, slopes)),
    elementwise(
        "scipy.stats.poisson.cdf(k, mu, loc=0)",
        mu="-scipy.stats.poisson.pmf(numpy.floor(k), mu, loc=loc)",
        note="the count must not depend on the inputs",
    ),
    elementwise(
        "scipy.stats.binom.cdf(k, n, p, loc=0)",
        p="-n * scipy.stats.binom.pmf(numpy.floor(k), n - 1, p, loc=loc)",
        note="the count must not depend on the inputs",
    ),
    # ---- several variables
    general(
        "scipy.stats.multivariate_normal.logpdf(x, mean=None, cov=1, allow_singular=False)",
        x="unbroadcast(numpy.expand_dims(g, -1) * slope, x)",
        mean="unbroadcast(-numpy.expand_dims(g, -1) * slope, mean)",
        cov="normal_vjp_cov(g, slope, cov)",
        jvp={
            "x": "numpy.sum(slope * x_dot, axis=-1)",
            "mean": "-numpy.sum(slope * mean_dot, axis=-1)",
            "cov": "normal_jvp_cov(cov_dot, slope, cov)",
        },
        let={"slope": "normal_slope(x, mean, cov)"},
        only={"allow_singular": (False,)},
        note="one triangle of `cov` is read, and the gradient is in that one",
        result=results.of_points,
    ),
    general(
        "scipy.stats.multivariate_normal.pdf(x, mean=None, cov=1, allow_singular=False)",
        x="unbroadcast(numpy.expand_dims(g * out, -1) * slope, x)",
        mean="unbroadcast(-numpy.expand_dims(g * out, -1) * slope, mean)",
        cov="normal_vjp_cov(g * out, slope, cov)",
        jvp={
            "x": "out * numpy.sum(slope * x_dot, axis=-1)",
            "mean": "-out * numpy.sum(slope * mean_dot, axis=-1)",
            "cov": "out * normal_jvp_cov(cov_dot, slope, cov)",
        },
        let={"slope": "normal_slope(x, mean, cov)"},
        only={"allow_singular": (False,)},
        note="one triangle of `cov` is read, and the gradient is in that one",
        result=results.of_points,
    ),
    general(
        "scipy.stats.multivariate_normal.entropy(mean=None, cov=1)",
        mean="0.0",
        cov="g * entropy_slope(mean, cov)",
        jvp={"mean": "0.0", "cov": "numpy.sum(entropy_slope(mean, cov) * cov_dot)"},
        note="one triangle of `cov` is read, and the gradient is in that one",
        result=results.number,
    ),
    general(
        "scipy.stats.dirichlet.logpdf(x, alpha)",
        x="g * ((column(alpha, x) - 1.0) / x)",
        alpha="numpy.ravel(unbroadcast(g * slope, column(alpha, x)))",
        jvp={
            "x": "numpy.sum((column(alpha, x) - 1.0) / x * x_dot, axis=0)",
            "alpha": "numpy.sum(slope * column(alpha_dot, x), axis=0)",
        },
        let={"slope": f"dirichlet_slope(x, {_PSI}(alpha), {_PSI}(numpy.sum(alpha)))"},
        result=results.of_columns,
    ),
    general(
        "scipy.stats.dirichlet.pdf(x, alpha)",
        x="g * out * ((column(alpha, x) - 1.0) / x)",
        alpha="numpy.ravel(unbroadcast(g * out * slope, column(alpha, x)))",
        jvp={
            "x": "out * numpy.sum((column(alpha, x) - 1.0) / x * x_dot, axis=0)",
            "alpha": "out * numpy.sum(slope * column(alpha_dot, x), axis=0)",
        },
        let={"slope": f"dirichlet_slope(x, {_PSI}(alpha), {_PSI}(numpy.sum(alpha)))"},
        result=results.of_columns,
    ),
    general(
        "scipy.stats.multinomial.logpmf(x, n, p)",
        p="unbroadcast(numpy.expand_dims(g, -1) * multinomial_slope(x, p), p)",
        jvp="numpy.sum(multinomial_slope(x, p) * p_dot, axis=-1)",
        note="the last probability is what the others leave; the counts must not depend on the inputs",
        result=results.of_counts,
    ),
)
