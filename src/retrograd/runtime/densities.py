"""The slopes of logarithmic densities of several variables, in the language that is read."""

from typing import Any

import numpy as np

from retrograd.runtime.matrices import from_triangle, into_triangle


def full_covariance(cov: Any, d: int) -> Any:
    """The matrix that `cov` says: one number for all variances, one for each, or all of it."""
    if np.ndim(cov) == 0:
        return cov * np.eye(d)
    if np.ndim(cov) == 1:
        return np.diag(cov)
    return from_triangle(cov)


def normal_slope(x: Any, mean: Any, cov: Any) -> Any:
    """The derivative of ``multivariate_normal.logpdf(x, mean, cov)`` for the points `x`.

    Raises:
        ValueError: the points have one coordinate each.
    """
    x = np.asarray(x)
    d = x.shape[-1] if x.ndim > 0 else 1
    if d == 1 or (np.ndim(cov) == 0 and mean is None):
        raise ValueError("points of one coordinate: use scipy.stats.norm")
    rest = x if mean is None else x - mean
    return -rest @ np.linalg.inv(full_covariance(cov, d))


def normal_vjp_cov(g: Any, slope: Any, cov: Any) -> Any:
    """The cotangent of `cov` when `g` is that of ``multivariate_normal.logpdf``."""
    d = slope.shape[-1]
    rows = np.reshape(slope, (-1, d))
    weights = np.reshape(g, (-1, 1))
    bar = rows.T @ (weights * rows) - np.sum(g) * np.linalg.inv(full_covariance(cov, d))
    if np.ndim(cov) == 0:
        return 0.5 * np.trace(bar)
    return 0.5 * np.diag(bar) if np.ndim(cov) == 1 else into_triangle(0.5 * bar)


def normal_jvp_cov(cov_dot: Any, slope: Any, cov: Any) -> Any:
    """The tangent of ``multivariate_normal.logpdf`` when `cov` moves by `cov_dot`."""
    d = slope.shape[-1]
    moved = full_covariance(cov_dot, d)
    volume = np.trace(np.linalg.solve(full_covariance(cov, d), moved))
    return 0.5 * (np.sum(slope * (slope @ moved), axis=-1) - volume)


def entropy_slope(mean: Any, cov: Any) -> Any:
    """The derivative of ``multivariate_normal.entropy(mean, cov)`` for `cov`."""
    if np.ndim(cov) == 0:
        return 0.5 * (1 if mean is None else np.size(mean)) / cov
    return (
        0.5 / cov if np.ndim(cov) == 1 else into_triangle(0.5 * np.linalg.inv(from_triangle(cov)))
    )


def column(alpha: Any, x: Any) -> Any:
    """`alpha` beside the points `x`, which are columns if there are several."""
    return np.reshape(alpha, (-1, 1)) if np.ndim(x) == 2 else np.asarray(alpha)


def dirichlet_slope(x: Any, digamma: Any, digamma_of_sum: Any) -> Any:
    """The derivative of ``dirichlet.logpdf(x, alpha)`` for alpha, of which `digamma` is taken."""
    return np.log(x) - column(digamma, x) + digamma_of_sum


def multinomial_slope(x: Any, p: Any) -> Any:
    """The derivative of ``multinomial.logpmf(x, n, p)`` for `p`, of which the last does not count."""
    x, p = np.asarray(x), np.asarray(p)
    others = p[..., :-1]
    rest = x[..., -1:] / (1.0 - np.sum(others, axis=-1, keepdims=True))
    slope = x[..., :-1] / others - rest
    return np.concatenate([slope, np.zeros(rest.shape) * slope[..., :1]], axis=-1)
