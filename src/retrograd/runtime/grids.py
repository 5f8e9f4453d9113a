"""Derivatives of values between the points of a grid, by the values and by where they are taken.

Like `arrays`, each function can be copied into a module that stands alone.
"""

import itertools
import math
from typing import Any, Literal

import numpy as np

from retrograd.runtime.arrays import unbroadcast

# ---------------------------------------------------------------- grids with points


def grid_coordinates(xi: Any, rank: int) -> Any:
    """The points `xi`, as ``RegularGridInterpolator`` takes them, in rows."""
    if isinstance(xi, tuple):
        xi = np.stack(np.broadcast_arrays(*xi), axis=-1)
    return np.reshape(np.asarray(xi, float), (-1, rank))


def grid_corners(
    points: Any,
    rows: Any,
    method: str,
    fill_value: Any,
    side: Literal["left", "right"],
    along: int | None,
) -> list[Any]:
    """Which values count at the points `rows`, and how much, or how much more `along` an axis.

    Args:
        points: the coordinates of the grid, a vector for each axis.
        rows: float64, shape (n, axes).
        method: "linear" or "nearest".
        fill_value: None where values outside continue those inside; else nothing counts there.
        side: which interval a point of the grid belongs to, as in ``numpy.searchsorted``.
        along: the axis that is differentiated along, None for the values themselves.

    Returns:
        pairs of numbers of values and of their weights.
    """
    inside = np.full(len(rows), True)
    axes = []
    for k, grid in enumerate(points):
        grid, x = np.asarray(grid, float), rows[:, k]
        falls = grid[0] > grid[-1]
        grid = grid[::-1] if falls else grid
        if fill_value is not None:
            inside &= (x >= grid[0]) & (x <= grid[-1])
        first = np.clip(np.searchsorted(grid, x, side) - 1, 0, len(grid) - 2)
        width = grid[first + 1] - grid[first]
        share = (x - grid[first]) / width
        places = np.stack([first, first + 1])
        weights = np.stack([1.0 - share, share])
        if method == "nearest":
            weights = np.stack([share <= 0.5, share > 0.5]) * 1.0
        if along == k:
            weights = np.stack([-1.0 / width, 1.0 / width]) * (method != "nearest")
        axes.append((len(grid) - 1 - places if falls else places, weights))
    extents = tuple(len(grid) for grid in points)
    corners = []
    for corner in itertools.product((0, 1), repeat=len(axes)):
        chosen = [
            (places[k], weights[k]) for (places, weights), k in zip(axes, corner, strict=True)
        ]
        place = np.ravel_multi_index(tuple(place for place, _ in chosen), extents)
        weight = np.prod([weight for _, weight in chosen], axis=0)
        corners.append((place, np.where(inside, weight, 0.0)))
    return corners


def grid_vjp_values(
    g: Any, points: Any, shape: Any, xi: Any, method: str = "linear", fill_value: Any = 0.0
) -> Any:
    """The cotangent of the values, of `shape`, when `g` is that of what is found at `xi`."""
    rows = grid_coordinates(xi, len(points))
    g = np.reshape(g, (len(rows), -1))
    bar = np.zeros((math.prod(shape[: len(points)]), g.shape[1]))
    for places, weights in grid_corners(points, rows, method, fill_value, "right", None):
        np.add.at(bar, places, weights[:, None] * g)
    return bar.reshape(shape)


def grid_jvp_values(
    values_dot: Any, points: Any, out: Any, xi: Any, method: str = "linear", fill_value: Any = 0.0
) -> Any:
    """The tangent of what is found at `xi`, of the shape of `out`, when the values move."""
    rows = grid_coordinates(xi, len(points))
    extents = math.prod(np.shape(values_dot)[: len(points)])
    values = np.reshape(values_dot, (extents, -1))
    corners = grid_corners(points, rows, method, fill_value, "right", None)
    found = sum(weights[:, None] * values[places] for places, weights in corners)
    return np.reshape(found, np.shape(out))


def grid_slopes(
    values: Any, points: Any, xi: Any, method: str = "linear", fill_value: Any = 0.0
) -> Any:
    """How fast what is found at `xi` changes along each axis: shape (axes, n, size of a value).

    At a point of the grid it is the mean of the slopes on both sides.
    """
    rows = grid_coordinates(xi, len(points))
    flat = np.reshape(values, (math.prod(len(grid) for grid in points), -1))
    slopes = np.zeros((len(points), len(rows), flat.shape[1]))
    sides: tuple[Literal["left", "right"], ...] = ("left", "right")
    for k, side in itertools.product(range(len(points)), sides):
        for places, weights in grid_corners(points, rows, method, fill_value, side, k):
            slopes[k] += 0.5 * weights[:, None] * flat[places]
    return slopes


def grid_vjp_points(
    g: Any, values: Any, points: Any, xi: Any, method: str = "linear", fill_value: Any = 0.0
) -> Any:
    """The cotangent of the points `xi` when `g` is that of what is found there."""
    slopes = grid_slopes(values, points, xi, method, fill_value)
    bars = np.sum(slopes * np.reshape(g, slopes.shape[1:]), axis=-1)
    if isinstance(xi, tuple):
        shape = np.broadcast_shapes(*map(np.shape, xi))
        return [unbroadcast(np.reshape(bar, shape), x) for bar, x in zip(bars, xi, strict=True)]
    return np.reshape(bars.T, np.shape(xi))


def grid_jvp_points(
    xi_dot: Any,
    values: Any,
    points: Any,
    out: Any,
    xi: Any,
    method: str = "linear",
    fill_value: Any = 0.0,
) -> Any:
    """The tangent of what is found at the points `xi`, of the shape of `out`, when they move."""
    slopes = grid_slopes(values, points, xi, method, fill_value)
    if isinstance(xi, tuple):
        shapes = np.broadcast_shapes(*map(np.shape, xi))
        xi_dot = tuple(np.broadcast_to(dot, shapes) for dot in xi_dot)
    dots = grid_coordinates(xi_dot, len(points)).T
    return np.reshape(np.sum(slopes * dots[:, :, None], axis=0), np.shape(out))


# ---------------------------------------------------------------- images


def bump(u: Any, order: int) -> Any:
    """The B-spline of this order around 0 at `u`; the mean of both sides where it jumps.

    Source: Unser, *Splines: a perfect fit for signal and image processing*, 1999, equation 10.
    """
    if order == 0:
        return np.where(np.abs(u) < 0.5, 1.0, np.where(np.abs(u) == 0.5, 0.5, 0.0))
    total = np.zeros(np.shape(u))
    for k in range(order + 2):
        reach = np.maximum(u + 0.5 * (order + 1) - k, 0.0)
        total = total + (-1.0) ** k * math.comb(order + 1, k) * reach**order
    return total / math.factorial(order)


def spline_weights(x: Any, extent: int, order: int, mode: str, slope: bool) -> list[Any]:
    """Which of the coefficients along an axis count at `x`, and how much, or their slopes."""
    inside: Any = True
    if mode == "constant":
        inside = (x >= 0.0) & (x <= extent - 1)
    first = np.floor(x).astype(int) - order // 2 - 1
    found = []
    for k in range(order + 4):
        u = x - (first + k)
        if slope:
            weight = bump(u + 0.5, order - 1) - bump(u - 0.5, order - 1) if order else 0.0 * u
        elif order == 0:
            weight = (np.floor(x + 0.5) == first + k) * 1.0
        else:
            weight = bump(u, order)
        found.append((spline_index(first + k, extent, mode), np.where(inside, weight, 0.0)))
    return found


def spline_index(k: Any, extent: int, mode: str) -> Any:
    """Which element along an axis continues it at the place `k`."""
    if mode == "grid-wrap":
        return k % extent
    k = k % max(2 * extent - 2, 1)
    return np.where(k < extent, k, 2 * extent - 2 - k)


def spline_filters(shape: Any, order: int, mode: str, prefilter: bool) -> list[Any]:
    """The matrix that gives the coefficients of a spline, for each axis; none for lines."""
    if order < 2 or not prefilter:
        return []
    filters = []
    for extent in shape:
        values = np.zeros((extent, extent))
        rows = np.arange(extent)
        for k in range(-(order // 2), order // 2 + 1):
            np.add.at(values, (rows, spline_index(rows + k, extent, mode)), bump(float(k), order))
        filters.append(np.linalg.inv(values))
    return filters


def image_vjp(
    g: Any,
    shape: Any,
    coordinates: Any,
    order: int = 3,
    mode: str = "constant",
    prefilter: bool = True,
) -> Any:
    """The cotangent of an image of `shape` when `g` is that of its values at `coordinates`."""
    axes = [
        spline_weights(x, n, order, mode, False)
        for x, n in zip(np.asarray(coordinates, float), shape, strict=True)
    ]
    bar = np.zeros(shape)
    for corner in itertools.product(*axes):
        weight = np.prod([one[1] for one in corner], axis=0)
        np.add.at(bar, tuple(one[0] for one in corner), weight * g)
    for axis, matrix in enumerate(spline_filters(shape, order, mode, prefilter)):
        bar = np.moveaxis(np.tensordot(matrix.T, bar, (1, axis)), 0, axis)
    return bar


def image_slopes(
    image: Any, coordinates: Any, order: int = 3, mode: str = "constant", prefilter: bool = True
) -> Any:
    """How fast the values of `image` at `coordinates` change along each of its axes."""
    image = np.asarray(image, float)
    shape = image.shape
    for axis, matrix in enumerate(spline_filters(shape, order, mode, prefilter)):
        image = np.moveaxis(np.tensordot(matrix, image, (1, axis)), 0, axis)
    slopes = []
    for along in range(len(shape)):
        axes = [
            spline_weights(x, n, order, mode, k == along)
            for k, (x, n) in enumerate(zip(np.asarray(coordinates, float), shape, strict=True))
        ]
        slopes.append(
            sum(
                np.prod([one[1] for one in corner], axis=0) * image[tuple(one[0] for one in corner)]
                for corner in itertools.product(*axes)
            )
        )
    return np.stack(slopes)
