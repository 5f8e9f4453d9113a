"""Derivatives of integrals, filters and distances of sampled values, in the language that is read."""

from typing import Any

import numpy as np

# ---------------------------------------------------------------- along one axis


def along_axis(values: Any, rank: int, axis: int) -> Any:
    """A vector as an array of `rank` axes that lies along `axis`; other arrays as they are."""
    if np.ndim(values) != 1:
        return values
    return np.moveaxis(np.reshape(values, (1,) * (rank - 1) + (-1,)), -1, axis)


def transposed_along(matrix: Any, g: Any, axis: int) -> Any:
    """The cotangent of `x` when `g` is that of `matrix` applied to `x` along `axis`."""
    return np.moveaxis(np.moveaxis(g, axis, -1) @ matrix, -1, axis)


def both_ends(x: Any, first: float, second: float) -> Any:
    """``first * x`` and ``second * x`` one place further along the last axis, added up."""
    nothing = np.zeros(x.shape[:-1] + (1,))  # noqa: RUF005 - this form is read
    before = np.concatenate([x, nothing], axis=-1)
    return first * before + second * np.concatenate([nothing, x], axis=-1)


def neighbours_vjp(g: Any, factor: Any, like: Any, axis: int, first: float, second: float) -> Any:
    """The cotangent of `like` when `g` is that of ``factor * (first * like + second * next)``.

    Args:
        g: for each pair of neighbours along `axis`.
        factor: for each pair too, or a number.
        like: an array of the rank of `g`, or a vector that lies along `axis`.
    """
    spread = both_ends(np.moveaxis(g * factor, axis, -1), first, second)
    if np.ndim(like) == 1:
        return np.sum(np.reshape(spread, (-1, spread.shape[-1])), axis=0)
    return np.moveaxis(spread, -1, axis)


def steps(x: Any, dx: Any, rank: int, axis: int) -> Any:
    """The distances of neighbours at the places `x`, all of them `dx` where that is None."""
    if x is None:
        return dx
    if np.ndim(x) == 1:
        return along_axis(x[1:] - x[:-1], rank, axis)
    return np.diff(x, axis=axis)


def means(y: Any, axis: int) -> Any:
    """The means of neighbours along `axis`."""
    rows = np.moveaxis(y, axis, -1)
    return np.moveaxis(0.5 * (rows[..., 1:] + rows[..., :-1]), -1, axis)


def sums_back(g: Any, axis: int, initial: Any) -> Any:
    """The cotangent of the summands when `g` is that of their running sums behind `initial`."""
    rows = np.moveaxis(g, axis, -1)
    if initial is not None:
        rows = rows[..., 1:]
    return np.moveaxis(np.cumsum(rows[..., ::-1], axis=-1)[..., ::-1], -1, axis)


def cumulative_vjp_y(g: Any, y: Any, x: Any, dx: Any, axis: int, initial: Any = None) -> Any:
    """The cotangent of `y` when `g` is that of ``cumulative_trapezoid(y, x, dx, axis, initial)``."""
    pairs = sums_back(g, axis, initial)
    return neighbours_vjp(pairs, steps(x, dx, np.ndim(y), axis), y, axis, 0.5, 0.5)


def cumulative_vjp_x(g: Any, y: Any, x: Any, axis: int, initial: Any = None) -> Any:
    """The cotangent of `x` when `g` is that of ``cumulative_trapezoid(y, x, axis=axis)``."""
    return neighbours_vjp(sums_back(g, axis, initial), means(y, axis), x, axis, -1.0, 1.0)


def lagged_products(h: Any, x: Any, count: int, axis: int) -> Any:
    """For each lag below `count` the sum of ``h[n] * x[n - lag]`` over all n along `axis`."""
    h, x = np.moveaxis(h, axis, -1), np.moveaxis(x, axis, -1)
    n = x.shape[-1]
    return np.array([np.sum(h[..., min(k, n) :] * x[..., : max(n - k, 0)]) for k in range(count)])


def weighed(x: Any, axis: int, first: float, last: float) -> Any:
    """`x` with its first and last elements along `axis` multiplied by these factors."""
    n = np.shape(x)[axis]
    weights = (
        np.concatenate([[first], np.ones(n - 2), [last]]) if n > 1 else np.ones(1) * first * last
    )
    return x * along_axis(weights, np.ndim(x), axis)


def filter_transposed(matrix: Any, g: Any, axis: int) -> Any:
    """The cotangent of `x` when `g` is that of a filter applied to `x` along `axis`.

    Args:
        matrix: of the filter for a signal as long as `x`, or as long as four windows if that is
            less. Then it tells the coefficients, which stand in its middle row, and what the first
            and the last window of the result read at the two ends.
        g: of the shape of `x`.
        axis: along which it is filtered.
    """
    n, m = np.shape(g)[axis], np.shape(matrix)[0]
    if n == m:
        return transposed_along(matrix, g, axis)
    rows = np.moveaxis(g, axis, -1)
    w = m // 4
    x_bar = np.zeros(np.shape(rows))
    for k in range(2 * w + 1):
        x_bar[..., k : n - 2 * w + k] += matrix[m // 2, m // 2 - w + k] * rows[..., w : n - w]
    ends = rows[..., :w] @ matrix[:w] + rows[..., n - w :] @ matrix[m - w :]
    x_bar[..., : 2 * w] += ends[..., : 2 * w]
    x_bar[..., n - 2 * w :] += ends[..., 2 * w :]
    return np.moveaxis(x_bar, -1, axis)


# ---------------------------------------------------------------- distances


def distance_slope(a: Any, b: Any, distance: Any, metric: str = "euclidean", p: float = 2.0) -> Any:
    """The derivative of distances for the coordinates of `a`, beside which the points `b` stand.

    Args:
        a: coordinates, along the last axis.
        b: coordinates, which broadcast against `a`.
        distance: of each pair.
        metric: as `scipy.spatial.distance.cdist` names it.
        p: the order of a Minkowski distance.
    """
    if metric == "cosine":
        length = np.sqrt(np.sum(a * a, axis=-1, keepdims=True))
        other = np.sqrt(np.sum(b * b, axis=-1, keepdims=True))
        cosine = np.sum(a * b, axis=-1, keepdims=True) / (length * other)
        return (cosine * a / length - b / other) / length
    rest = a - b
    if metric == "sqeuclidean":
        return 2.0 * rest
    if metric == "cityblock":
        return np.sign(rest)
    size = np.abs(rest)
    distance = np.expand_dims(distance, -1)
    if metric == "chebyshev":
        ties = size == np.max(size, axis=-1, keepdims=True)
        return np.sign(rest) * (ties / np.sum(ties, axis=-1, keepdims=True))
    ratio = rest / np.where(distance == 0.0, 1.0, distance)
    if metric == "euclidean" or p == 2:
        return ratio
    return np.sign(rest) * np.where(rest == 0.0, 1.0, np.abs(ratio)) ** (p - 1.0)


def cdist_vjp(g: Any, a: Any, b: Any, out: Any, metric: str = "euclidean", p: float = 2.0) -> Any:
    """The cotangent of the points `a` when `g` is that of their distances `out` to the points `b`."""
    slope = distance_slope(np.expand_dims(a, 1), np.expand_dims(b, 0), out, metric, p)
    return np.sum(np.expand_dims(g, -1) * slope, axis=1)


def cdist_jvp(
    a_dot: Any, a: Any, b: Any, out: Any, metric: str = "euclidean", p: float = 2.0
) -> Any:
    """The tangent of the distances `out` when the points `a` move by `a_dot`."""
    slope = distance_slope(np.expand_dims(a, 1), np.expand_dims(b, 0), out, metric, p)
    return np.sum(np.expand_dims(a_dot, 1) * slope, axis=-1)


def pdist_vjp(
    g: Any, x: Any, out: Any, pairs: Any, metric: str = "euclidean", p: float = 2.0
) -> Any:
    """The cotangent of the points `x` when `g` is that of the distances `out` of their `pairs`."""
    rows, columns = pairs
    g = np.expand_dims(g, -1)
    result = np.zeros(x.shape)
    np.add.at(result, rows, g * distance_slope(x[rows], x[columns], out, metric, p))
    np.add.at(result, columns, g * distance_slope(x[columns], x[rows], out, metric, p))
    return result


def pdist_jvp(
    x_dot: Any, x: Any, out: Any, pairs: Any, metric: str = "euclidean", p: float = 2.0
) -> Any:
    """The tangent of the distances `out` of `pairs` of points `x` that move by `x_dot`."""
    rows, columns = pairs
    there = np.sum(distance_slope(x[rows], x[columns], out, metric, p) * x_dot[rows], axis=-1)
    back = np.sum(distance_slope(x[columns], x[rows], out, metric, p) * x_dot[columns], axis=-1)
    return there + back
