"""Levenberg-Marquardt in scalars and explicit loops, to be linked with a model into one module.

It takes the steps of `many_fits`, and is read as text: `link_fits` writes the functions below beside
the model's, which gives `N`, the number of parameters, and `linearize`.
"""

import math

import numpy as np
from numpy.typing import NDArray

from retrograd.runtime.solvers.levenberg_marquardt import (
    MAX_REJECTED,
    SMALLEST_DAMPING,
    SMALLEST_GAIN,
)
from retrograd.runtime.solvers.many_fits import SAFE_PIVOT
from retrograd.runtime.solvers.result import Array, Status
from retrograd.runtime.solvers.stopping import EPS, ROUNDINGS

#: The parameters of the model.
N = 1


def linearize(k: int, x: Array, y: Array, w: Array, p: Array, system: Array) -> None:
    """Fill `system` with [Jᵀ; rᵀ] (N + 1, m) of fit k at p: here of a model that is a constant."""
    for i in range(y.shape[1]):
        weight = w[min(k, w.shape[0] - 1), i]
        system[0, i] = weight
        system[1, i] = weight * (p[0] - y[k, i])


NOT_FINITE, STALLED = int(Status.NOT_FINITE), int(Status.STALLED)
MAXITER = int(Status.MAXITER)
STATIONARY, RESIDUAL_ZERO = int(Status.STATIONARY), int(Status.RESIDUAL_ZERO)
prange = range


def multiply(system: Array, products: Array) -> bool:
    """Put the products of the rows of `system` with each other into `products`; whether they are finite."""
    n = system.shape[0] - 1
    finite = True
    for j in range(n + 1):
        for i in range(j + 1):
            total = 0.0
            for k in range(system.shape[1]):
                total += system[i, k] * system[j, k]
            products[i, j] = total
            products[j, i] = total
        finite = finite and math.isfinite(products[j, j])
    return finite


def factorize(system: Array, products: Array, root: Array, factor: Array) -> None:
    """Put the first N rows of the triangular factor of [J r; diag(root) 0] into `factor`.

    By Cholesky where that is safe, elsewhere by modified Gram-Schmidt.
    """
    n = root.size
    safe = True
    for j in range(n):
        for i in range(j, n + 1):
            factor[j, i] = products[j, i]
        factor[j, j] += root[j] * root[j]
    for j in range(n):
        safe = safe and factor[j, j] > SAFE_PIVOT * (products[j, j] + root[j] * root[j])
        pivot = math.sqrt(max(factor[j, j], 0.0))
        for i in range(j, n + 1):
            factor[j, i] /= pivot
        for k in range(j + 1, n):
            for i in range(k, n + 1):
                factor[k, i] -= factor[j, k] * factor[j, i]
    if not safe:
        orthogonalize(system, root, factor)


def orthogonalize(system: Array, root: Array, factor: Array) -> None:
    """As `factorize`, by modified Gram-Schmidt: as accurate as QR by Householder (Björck, BIT 7 (1967))."""
    n = root.size
    m = system.shape[1]
    rows = np.zeros((n + 1, m + n))
    for j in range(n + 1):
        for k in range(m):
            rows[j, k] = system[j, k]
    for j in range(n):
        rows[j, m + j] = root[j]
    for j in range(n):
        for i in range(j, n + 1):
            total = 0.0
            for k in range(m + n):
                total += rows[j, k] * rows[i, k]
            if i == j:
                factor[j, j] = math.sqrt(total)
                for k in range(m + n):
                    rows[j, k] /= factor[j, j]
            else:
                factor[j, i] = total
                for k in range(m + n):
                    rows[i, k] -= total * rows[j, k]


def invert(system: Array, products: Array, root: Array, factor: Array, inverse: Array) -> None:
    """Put (JᵀJ)⁻¹ into `inverse`; infinite where J, its columns scaled to length 1, has not full rank."""
    n = root.size
    for j in range(n):
        root[j] = 0.0
    factorize(system, products, root, factor)
    columns = np.zeros((n, n))  # of the inverse of the factor
    square = 0.0
    for k in range(n):
        for j in range(k, -1, -1):
            total = 1.0 if j == k else 0.0
            for i in range(j + 1, k + 1):
                total -= factor[j, i] * columns[k, i]
            columns[k, j] = total / factor[j, j]
            square += columns[k, j] * columns[k, j] * products[j, j]
    full = math.sqrt(square) * EPS * max(n, system.shape[1]) < 1.0  # false for nan
    for i in range(n):
        for j in range(n):
            total = 0.0
            for k in range(n):
                total += columns[k, i] * columns[k, j]
            inverse[i, j] = total if full else np.inf


def fit(
    k: int,
    x: Array,
    y: Array,
    w: Array,
    tol: float,
    maxiter: int,
    damping: float,
    points: Array,
    systems: Array,
    products: Array,
    factor: Array,
    root: Array,
    scale: Array,
    step: Array,
) -> tuple[int, int, int]:
    """Minimize ½|r|² for fit k: the status, the steps taken, and which of the two `points` it ended at."""
    n = root.size
    here, there = 0, 1
    linearize(k, x, y, w, points[here], systems[here])
    if not multiply(systems[here], products[here]):
        return NOT_FINITE, 0, here
    for j in range(n):
        length = math.sqrt(products[here, j, j])
        scale[j] = length if length > 0.0 else 1.0
    damping = max(damping, SMALLEST_DAMPING)
    rejected = 0
    nit = 0
    while True:
        size = math.sqrt(products[here, n, n])
        moved = 0.0
        steepest = 0.0
        every = True
        for j in range(n):
            square = products[here, j, j]
            moved += points[here, j] * points[here, j] * square
            if square > 0.0:
                steepest = max(steepest, abs(products[here, j, n]) / math.sqrt(square))
            else:
                every = False
        noise = ROUNDINGS * EPS * math.sqrt(moved)
        if tol > 0.0 and size <= noise:
            return RESIDUAL_ZERO, nit, here
        if tol > 0.0 and every and steepest <= tol * size:
            return STATIONARY, nit, here
        if nit >= maxiter:
            return MAXITER, nit, here

        for j in range(n):
            root[j] = math.sqrt(damping) * scale[j]
        factorize(systems[here], products[here], root, factor)
        predicted = 0.0
        unmoved = True
        for j in range(n - 1, -1, -1):
            total = factor[j, n]
            predicted += 0.5 * total * total
            for i in range(j + 1, n):
                total += factor[j, i] * step[i]
            step[j] = -total / factor[j, j]
            predicted += 0.5 * (root[j] * step[j]) ** 2
            points[there, j] = points[here, j] + step[j]
            unmoved = unmoved and points[there, j] == points[here, j]
        if unmoved:
            return STALLED, nit, here
        linearize(k, x, y, w, points[there], systems[there])
        accepted = multiply(systems[there], products[there])
        actual = 0.0
        if accepted:
            actual = 0.5 * reduction(systems[here, n], systems[there, n])
            # Where any reduction that the linear model can promise drowns in the rounding of the sum of
            # squares, the gradients at both ends still tell the actual one, by the trapezoidal rule.
            if max(predicted, 0.5 * steepest * steepest) <= noise * size:
                accepted = actual > -noise * size
                actual = 0.0
                for j in range(n):
                    actual -= 0.5 * (products[here, j, n] + products[there, j, n]) * step[j]
            accepted = accepted and actual > SMALLEST_GAIN * predicted
        if accepted:
            gain = min(actual / predicted, 1.0)
            damping = max(damping * max(1.0 / 3.0, 1.0 - (2.0 * gain - 1.0) ** 3), SMALLEST_DAMPING)
            for j in range(n):
                scale[j] = max(scale[j], math.sqrt(products[there, j, j]))
            here, there = there, here
            nit += 1
            rejected = 0
        else:
            damping *= 2.0 ** (rejected + 1)
            rejected += 1
            if rejected >= MAX_REJECTED:
                return STALLED, nit, here


def reduction(r: Array, r_new: Array) -> float:
    """|r|² - |r_new|², without the cancellation of two squares."""
    total = 0.0
    for i in range(r.size):
        total += (r[i] - r_new[i]) * (r[i] + r_new[i])
    return total


def fits(
    x: Array,
    y: Array,
    w: Array,
    p0: Array,
    tol: float,
    maxiter: int,
    damping: float,
    blocks: int,
) -> tuple[Array, Array, Array, NDArray[np.int64], NDArray[np.int64]]:
    """Fit the model to each row of y by Levenberg-Marquardt.

    Args:
        x: coordinates of the data points, shape (c, N or 1, m).
        y: data, shape (N, m).
        w: 1 / sigma, shape (N or 1, m).
        p0: the starts, shape (N, n).
        tol: the largest cosine between the residual and a column of J at which a fit has converged.
        maxiter: steps.
        damping: the first one, 1e-3 if nothing is known.
        blocks: how many parts the fits are made in, each by one thread.

    Returns:
        Parameters (N, n), (JᵀJ)⁻¹ (N, n, n), costs ½|r|² (N,), status (N,), which is positive for
        success, and steps (N,).
    """
    count, m = y.shape
    p = np.empty((count, N))
    inverse = np.empty((count, N, N))
    cost = np.empty(count)
    status = np.empty(count, np.int64)
    nit = np.empty(count, np.int64)
    for block in prange(blocks):
        points = np.empty((2, N))
        systems = np.empty((2, N + 1, m))
        products = np.empty((2, N + 1, N + 1))
        factor = np.empty((N, N + 1))
        root, scale, step = np.empty(N), np.empty(N), np.empty(N)
        for k in range(block * count // blocks, (block + 1) * count // blocks):
            for j in range(N):
                points[0, j] = p0[k, j]
            status[k], nit[k], end = fit(
                k,
                x,
                y,
                w,
                tol,
                maxiter,
                damping,
                points,
                systems,
                products,
                factor,
                root,
                scale,
                step,
            )
            invert(systems[end], products[end], root, factor, inverse[k])
            cost[k] = 0.5 * products[end, N, N]
            for j in range(N):
                p[k, j] = points[end, j]
    return p, inverse, cost, status, nit


def run(
    x: Array,
    y: Array,
    p0: Array,
    sigma: Array | None = None,
    tol: float = 1e-10,
    maxiter: int = 200,
    damping: float = 1e-3,
    blocks: int = 1,
) -> tuple[Array, Array, Array, NDArray[np.bool_], NDArray[np.int64]]:
    """Fit the model to data y (N, m), or (m,) for one fit.

    Args:
        x: shape (m,); of several coordinates a tuple of such arrays or of arrays of shape (N, m).
        y: the data.
        p0: the starts, shape (N, n), or (n,) for all.
        sigma: standard deviations, shape (m,) or (N, m); only their proportions count.
        tol: the largest cosine between the residual and a column of J at which a fit has converged.
        maxiter: steps.
        damping: the first one.
        blocks: how many parts the fits are made in.

    Returns:
        Parameters (N, n), covariances (N, n, n), costs (N,), whether a stopping test was met (N,),
        and steps (N,).
    """
    y = np.atleast_2d(np.array(y, dtype=np.float64))
    count, m = y.shape
    parts = x if isinstance(x, tuple) else (x,)
    rows = np.broadcast_shapes((1, m), *(np.shape(part) for part in parts))
    points = np.array([np.broadcast_to(part, rows) for part in parts], dtype=np.float64)
    w = np.atleast_2d(np.ones(m) if sigma is None else 1.0 / np.array(sigma, dtype=np.float64))
    starts = np.array(np.broadcast_to(p0, (count, N)), dtype=np.float64)
    if points.shape[1:] not in ((1, m), (count, m)) or w.shape not in ((1, m), (count, m)):
        raise ValueError(f"x has shape {points.shape}, sigma {w.shape} and y {y.shape}")
    p, inverse, cost, status, nit = fits(
        points, y, w, starts, float(tol), int(maxiter), float(damping), int(blocks)
    )
    variance = 2.0 * cost / (m - N) if m > N else np.full(count, np.inf)
    cov = np.where(np.isinf(inverse), np.inf, inverse * variance[:, np.newaxis, np.newaxis])
    return p, cov, cost, status > 0, nit
