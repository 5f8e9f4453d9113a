"""Calls of the distributions of scipy.stats, at points of their supports."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.rules.calls import RANGES, Call, numbers

#: Shapes, and points between which the density is not 0, by family.
_FAMILIES: dict[str, tuple[dict[str, float], tuple[float, float]]] = {
    "norm": ({}, (-1.0, 1.5)),
    "cauchy": ({}, (-1.0, 1.5)),
    "laplace": ({}, (-1.1, 1.5)),
    "logistic": ({}, (-1.0, 1.5)),
    "expon": ({}, (0.2, 1.5)),
    "uniform": ({}, (0.2, 0.9)),
    "gamma": ({"a": 1.7}, (0.2, 1.5)),
    "chi2": ({"df": 2.7}, (0.2, 1.5)),
    "beta": ({"a": 1.7, "b": 2.2}, (0.2, 0.9)),
    "t": ({"df": 2.7}, (-1.0, 1.5)),
    "lognorm": ({"s": 0.8}, (0.4, 1.9)),
    "pareto": ({"b": 1.7}, (1.2, 2.9)),
    "weibull_min": ({"c": 1.7}, (0.2, 1.5)),
    "vonmises": ({"kappa": 1.3}, (-1.0, 1.5)),
    "truncnorm": ({"a": -1.2, "b": 1.9}, (-1.0, 1.5)),
}
#: Shapes for which the cumulative distribution has no derivative here.
_POINT_ONLY = {"beta": ("a", "b"), "t": ("df",), "vonmises": ("kappa",), "truncnorm": ("a", "b")}


def _of_family(name: str, function: str) -> Iterator[Call]:
    shapes, (low, high) = _FAMILIES[name]
    path = f"scipy.stats.{name}.{function}"
    z: Any = np.linspace(low, high, 6).reshape(2, 3)
    point = "x"
    if function == "ppf":
        point, z = "q", np.linspace(0.2, 0.9, 6).reshape(2, 3)
    fixed = _POINT_ONLY.get(name, ()) if function not in ("logpdf", "pdf") else ()
    written = "".join(f", {shapes[k]}" if k in fixed else f", {k}" for k in shapes)
    free = {k: v for k, v in shapes.items() if k not in fixed}
    moved = z if function == "ppf" else 0.3 + 1.2 * z
    alone = {point: float(moved[0, 1]), **free}
    yield Call(f"{path}({point}{written})", {point: z, **free})
    yield Call(f"{path}({point}{written})", {point: float(z[0, 1]), **free})
    yield Call(f"{path}({point}{written}, loc, scale)", {**alone, "loc": 0.3, "scale": 1.2})
    yield Call(
        f"{path}({point}{written}, scale=scale)", {point: float(z[0, 1]), **free, "scale": 1.2}
    )
    yield Call(f"{path}({point}{written}, loc)", {**alone, "loc": 0.3})
    arrays = {k: v * np.ones(3) for k, v in free.items()}
    values = {point: moved, **arrays, "loc": 0.3 * np.ones((2, 1)), "scale": 1.2 * np.ones(3)}
    yield Call(f"{path}({point}{written}, scale=scale, loc=loc)", values)


def _counts(path: str, count: Any, **values: Any) -> list[Call]:
    calls = []
    for k in (count, np.array([count, count + 1])):
        for more in ("", ", loc=0", ", loc=1")[: 2 + bool(count)]:
            text = f"{path}(k, {', '.join(values)}{more})"
            calls.append(Call(text, {"k": k, **values}))
    rows = {n: v * np.ones((2, 1)) if isinstance(v, float) else v for n, v in values.items()}
    return [
        *calls,
        Call(f"{path}(k, {', '.join(values)})", {"k": np.array([count, count]), **rows}),
    ]


def _counting(function: str) -> dict[str, list[Call]]:
    found = {
        "bernoulli": _counts(f"scipy.stats.bernoulli.{function}", 0, p=0.3),
        "binom": _counts(f"scipy.stats.binom.{function}", 2, n=5, p=0.3),
        "poisson": _counts(f"scipy.stats.poisson.{function}", 2, mu=1.3),
        "geom": _counts(f"scipy.stats.geom.{function}", 2, p=0.3),
        "nbinom": _counts(f"scipy.stats.nbinom.{function}", 2, n=2.5, p=0.3),
        "betabinom": _counts(f"scipy.stats.betabinom.{function}", 2, n=5, a=1.3, b=2.1),
    }
    return {f"scipy.stats.{name}.{function}": calls for name, calls in found.items()}


_COV = np.array([[2.0, 0.3, -0.2], [0.3, 1.5, 0.4], [-0.2, 0.4, 1.2]])
_MEAN = np.array([0.2, -0.4, 0.9])
_POINTS = np.array([[0.4, 0.3, -0.7], [1.2, -0.3, 0.5]])
_SHARES = np.array([0.2, 0.3, 0.6])


def _normal(path: str) -> list[Call]:
    return [
        *[
            Call(f"{path}(x, mean, cov)", {"x": x, "mean": _MEAN, "cov": cov})
            for x in (_POINTS, _POINTS[0])
            for cov in (_COV, _COV[0] ** 2, 1.4)
        ],
        Call(f"{path}(x, cov=cov)", {"x": _POINTS, "cov": _COV}),
        Call(f"{path}(x, mean=mean)", {"x": _POINTS, "mean": _MEAN}),
    ]


WRITTEN: dict[str, list[Call]] = {
    "scipy.stats.gaussian_kde.__call__": [
        Call(
            f"scipy.stats.gaussian_kde(d{more})(p)",
            {"d": numbers((*rank, 6), 0, RANGES[0]), "p": numbers((*rank, 3), 1, RANGES[0])},
        )
        for rank in ((), (2,))
        for more in (
            *("", ", 'silverman'", ", bw_method=0.4"),
            ", weights=[0.1, 0.3, 0.2, 0.2, 0.1, 0.1]",
        )
    ],
    **{
        f"scipy.stats.{name}.{function}": list(_of_family(name, function))
        for name in _FAMILIES
        for function in ("logpdf", "pdf", "cdf", "sf", "logcdf", "logsf", "ppf")
    },
    **_counting("logpmf"),
    **_counting("pmf"),
    "scipy.stats.poisson.cdf": _counts("scipy.stats.poisson.cdf", 2, mu=1.3),
    "scipy.stats.binom.cdf": _counts("scipy.stats.binom.cdf", 2, n=5, p=0.3),
    "scipy.stats.multivariate_normal.logpdf": _normal("scipy.stats.multivariate_normal.logpdf"),
    "scipy.stats.multivariate_normal.pdf": _normal("scipy.stats.multivariate_normal.pdf"),
    "scipy.stats.multivariate_normal.entropy": [
        Call("scipy.stats.multivariate_normal.entropy(m, c)", {"m": _MEAN, "c": cov})
        for cov in (_COV, _COV[0] ** 2, 1.4)
    ],
    **{
        f"scipy.stats.dirichlet.{function}": [
            Call(
                f"scipy.stats.dirichlet.{function}(x / numpy.sum(x), alpha)",
                {"x": _SHARES, "alpha": _SHARES + 1.0},
            ),
            Call(
                f"scipy.stats.dirichlet.{function}(x / numpy.sum(x, axis=0), alpha)",
                {"x": np.stack([_SHARES, _SHARES[::-1]], 1), "alpha": _SHARES + 1.0},
            ),
        ]
        for function in ("logpdf", "pdf")
    },
    "scipy.stats.multinomial.logpmf": [
        Call("scipy.stats.multinomial.logpmf(x, 6, p / numpy.sum(p))", {"x": x, "p": _SHARES})
        for x in (np.array([1, 2, 3]), np.array([[1, 2, 3], [0, 2, 4]]))
    ],
}  # fmt: skip
