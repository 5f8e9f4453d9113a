"""Derivatives of densities estimated with Gaussian kernels, in the language that is read.

The density at a point is a weighted sum over the data of normal densities, whose covariance is that
of the data times the square of a factor.
"""

from typing import Any

import numpy as np


def kde_shares(dataset: Any, weights: Any) -> Any:
    """How much each of the data counts; together 1."""
    count = np.size(dataset) if np.ndim(dataset) < 2 else np.shape(dataset)[1]
    if weights is None:
        return np.ones(count) / count
    return np.asarray(weights) / np.sum(weights)


def kde_columns(x: Any, rank: Any) -> Any:
    """Points of `rank` coordinates as columns."""
    if np.ndim(x) == 2:
        return x
    return np.reshape(x, (rank, -1))


def kde_rank(dataset: Any) -> Any:
    """How many coordinates each of the data has."""
    return 1 if np.ndim(dataset) < 2 else np.shape(dataset)[0]


def kde_factor(dataset: Any, bw_method: Any = None, weights: Any = None) -> Any:
    """The width of the kernels in units of that of the data, as ``gaussian_kde`` chooses it."""
    rank = kde_rank(dataset)
    count = 1.0 / np.sum(kde_shares(dataset, weights) ** 2)
    if bw_method is None or bw_method == "scott":
        return count ** (-1.0 / (rank + 4))
    if bw_method == "silverman":
        return (count * (rank + 2) / 4.0) ** (-1.0 / (rank + 4))
    return bw_method


def kde_scale(shares: Any, factor: Any) -> Any:
    """What the products of centred data are multiplied with for the covariance of the kernels."""
    return factor**2 / (1.0 - np.sum(shares**2))


def kde_inverse(data: Any, shares: Any, factor: Any) -> Any:
    """The inverse of the covariance of the kernels."""
    centred = data - np.reshape(data @ shares, (-1, 1))
    return np.linalg.inv(kde_scale(shares, factor) * ((centred * shares) @ centred.T))


def kde_pulls(points: Any, data: Any, inverse: Any) -> Any:
    """The distances of points and data in units of the covariance: shape (rank, points, data)."""
    apart = np.expand_dims(points, 2) - np.expand_dims(data, 1)
    return np.tensordot(inverse, apart, 1)


def kde_terms(points: Any, data: Any, inverse: Any, shares: Any) -> Any:
    """What each of the data adds to the density at each of the points."""
    apart = np.expand_dims(points, 2) - np.expand_dims(data, 1)
    exponents = -0.5 * np.sum(apart * kde_pulls(points, data, inverse), axis=0)
    rank = np.shape(data)[0]
    return shares * np.exp(exponents) * np.sqrt(np.linalg.det(inverse) / (2.0 * np.pi) ** rank)


def kde_vjp_points(g: Any, points: Any, dataset: Any, factor: Any, weights: Any = None) -> Any:
    """The cotangent of `points` when `g` is that of the density there."""
    rank = kde_rank(dataset)
    data, at = kde_columns(dataset, rank), kde_columns(points, rank)
    shares = kde_shares(dataset, weights)
    inverse = kde_inverse(data, shares, factor)
    terms = kde_terms(at, data, inverse, shares)
    bar = -np.sum(terms * kde_pulls(at, data, inverse), axis=2) * g
    return np.reshape(bar, np.shape(points))


def kde_jvp_points(
    points_dot: Any, points: Any, dataset: Any, factor: Any, weights: Any = None
) -> Any:
    """The tangent of the density at `points` that move."""
    rank = kde_rank(dataset)
    data, at = kde_columns(dataset, rank), kde_columns(points, rank)
    shares = kde_shares(dataset, weights)
    inverse = kde_inverse(data, shares, factor)
    terms = kde_terms(at, data, inverse, shares)
    slopes = -np.sum(terms * kde_pulls(at, data, inverse), axis=2)
    return np.sum(slopes * kde_columns(points_dot, rank), axis=0)


def kde_vjp_dataset(g: Any, points: Any, dataset: Any, factor: Any, weights: Any = None) -> Any:
    """The cotangent of the data when `g` is that of the density at `points`."""
    rank = kde_rank(dataset)
    data, at = kde_columns(dataset, rank), kde_columns(points, rank)
    shares = kde_shares(dataset, weights)
    inverse = kde_inverse(data, shares, factor)
    terms = kde_terms(at, data, inverse, shares) * np.reshape(g, (-1, 1))
    pulls = kde_pulls(at, data, inverse)
    direct = np.sum(terms * pulls, axis=1)
    spread = np.tensordot(terms * pulls, pulls, ([1, 2], [1, 2])) - np.sum(terms) * inverse
    centred = data - np.reshape(data @ shares, (-1, 1))
    around = kde_scale(shares, factor) * (spread @ centred) * shares
    return np.reshape(direct + around, np.shape(dataset))


def kde_jvp_dataset(
    dataset_dot: Any, points: Any, dataset: Any, factor: Any, weights: Any = None
) -> Any:
    """The tangent of the density at `points` when the data move."""
    rank = kde_rank(dataset)
    data, at = kde_columns(dataset, rank), kde_columns(points, rank)
    data_dot = kde_columns(dataset_dot, rank)
    shares = kde_shares(dataset, weights)
    inverse = kde_inverse(data, shares, factor)
    terms = kde_terms(at, data, inverse, shares)
    pulls = kde_pulls(at, data, inverse)
    centred = data - np.reshape(data @ shares, (-1, 1))
    half = kde_scale(shares, factor) * ((data_dot * shares) @ centred.T)
    moved = half + half.T
    direct = np.sum(pulls * np.expand_dims(data_dot, 1), axis=0)
    spread = np.sum(pulls * np.tensordot(moved, pulls, 1), axis=0) - np.sum(moved * inverse)
    return np.sum(terms * (direct + 0.5 * spread), axis=1)
