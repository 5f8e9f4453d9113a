"""Many small fits at once: Levenberg-Marquardt with the fits along the first axis of every array.

A sweep tries one step for every fit that is under way. A fit that has ended makes room for the next,
so that it costs nothing. The path of each is that of `levenberg_marquardt` with MINPACK's scaling;
a damped system that is badly conditioned is solved by modified Gram-Schmidt on [J r; √λ D 0], which
is as accurate as QR by Householder (Björck, *Solving linear least squares problems by Gram-Schmidt
orthogonalization*, BIT 7 (1967)), and the others by their normal equations.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from retrograd.runtime.solvers.levenberg_marquardt import (
    MAX_REJECTED,
    SMALLEST_DAMPING,
    SMALLEST_GAIN,
)
from retrograd.runtime.solvers.result import Array, Status
from retrograd.runtime.solvers.stopping import EPS, ROUNDINGS

#: [Jᵀ; rᵀ] of shape (k, n + 1, m), for the fits of given numbers (k,) at parameters (k, n).
Linearize = Callable[[NDArray[np.intp], Array], Array]

#: So many numbers the residuals under way may have: a few arrays of them fit into a cache.
NUMBERS_AT_ONCE: Final = 2**16


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BatchFit:
    """The ends of many fits; unpacks into the first five.

    Args:
        popt: the parameters, float64, shape (N, n); the best ones found where a fit has failed.
        pcov: their covariances, shape (N, n, n); infinite where the data do not determine them.
        cost: half the sums of squared residuals, shape (N,).
        success: whether a stopping test was met, shape (N,).
        nit: steps taken, shape (N,).
        status: why each fit ended, the number of a `Status`, shape (N,).
    """

    popt: Array
    pcov: Array
    cost: Array
    success: NDArray[np.bool_]
    nit: NDArray[np.int64]
    status: NDArray[np.int64]

    def __iter__(self) -> Iterator[NDArray[Any]]:
        return iter((self.popt, self.pcov, self.cost, self.success, self.nit))

    def __repr__(self) -> str:
        count, n = self.popt.shape
        ends = {one.name: int(np.sum(self.status == one)) for one in Status}
        found = ", ".join(f"{number} {name}" for name, number in ends.items() if number)
        return f"<BatchFit of {count} fits of {n} parameters: {found}>"


@dataclass(slots=True)
class Ends:
    """Where fits ended: parameters (N, n), unscaled covariances (JᵀJ)⁻¹ (N, n, n), the rest (N,)."""

    p: Array
    cov: Array
    cost: Array
    status: NDArray[np.int64]
    nit: NDArray[np.int64]

    @classmethod
    def before(cls, p0: Array) -> "Ends":
        """Of fits that have not taken a step, shape (N, n)."""
        count, n = p0.shape
        cost, cov = np.full(count, np.nan), np.full((count, n, n), np.inf)
        return cls(p0.copy(), cov, cost, np.zeros(count, np.int64), np.zeros(count, np.int64))

    def put(self, number: NDArray[np.intp], others: "Ends") -> None:
        """Replace the ends of the fits of given numbers; their steps are added."""
        others.nit += self.nit[number]
        for one in fields(self):
            getattr(self, one.name)[number] = getattr(others, one.name)


@dataclass(slots=True)
class _Fits:
    """Fits under way, k of them along the first axis.

    Args:
        number: which ones, shape (k,).
        p: parameters, shape (k, n).
        system: [Jᵀ; rᵀ], shape (k, n + 1, m).
        products: of the rows of `system` with each other, shape (k, n + 1, n + 1).
        scale: the largest length that each column of J has had, shape (k, n).
        damping: relative to `scale`, shape (k,).
        rejected: trials in a row, shape (k,).
        nit: steps taken, shape (k,).
    """

    number: NDArray[np.intp]
    p: Array
    system: Array
    products: Array
    scale: Array
    damping: Array
    rejected: NDArray[np.int64]
    nit: NDArray[np.int64]

    def part(self, chosen: NDArray[Any]) -> "_Fits":
        return _Fits(*(getattr(self, one.name)[chosen] for one in fields(self)))

    def join(self, other: "_Fits") -> "_Fits":
        names = [one.name for one in fields(self)]
        return _Fits(*(np.concatenate([getattr(self, k), getattr(other, k)]) for k in names))

    def put(self, chosen: NDArray[np.bool_], other: "_Fits") -> None:
        for name in ("p", "system", "products"):
            if chosen.all():
                setattr(self, name, getattr(other, name))
            else:
                getattr(self, name)[chosen] = getattr(other, name)[chosen]

    @property
    def square(self) -> Array:
        """|r|², shape (k,)."""
        return self.products[:, -1, -1]

    @property
    def lengths(self) -> Array:
        """Of the columns of J, shape (k, n)."""
        return np.asarray(np.sqrt(np.einsum("kii->ki", self.products)[:, :-1]))

    @property
    def slopes(self) -> Array:
        """Jᵀr, shape (k, n)."""
        return self.products[:, -1, :-1]


def fit_many(
    linearize: Linearize, p0: Array, m: int, *, tol: float, maxiter: int, damping: float
) -> Ends:
    """Minimize ½|r|² for each of N fits.

    Args:
        linearize: residuals and Jacobians; not finite where a model is not.
        p0: the starts, shape (N, n).
        m: data points of each fit.
        tol: the largest cosine between the residual and a column of J at which a fit has converged;
            0 for `maxiter` steps without tests.
        maxiter: steps.
        damping: the first one.

    Returns:
        A status is positive only where the cosine, or the residual, is that small; STALLED where no
        step descends, whatever the reason.
    """
    ends = Ends.before(p0)
    room = max(1, NUMBERS_AT_ONCE // m)
    started = 0
    with np.errstate(all="ignore"):
        under_way = _begin(linearize, np.arange(0), p0, damping)
        while len(under_way.number) or started < len(p0):
            if len(under_way.number) <= room // 2 and started < len(p0):
                stop = min(len(p0), started + room - len(under_way.number))
                fresh = _begin(linearize, np.arange(started, stop), p0, damping)
                fresh = _without_ended(fresh, _judge(fresh, tol, maxiter), ends)
                under_way = under_way.join(fresh)
                started = stop
            hopeless = _sweep(linearize, under_way)
            status = _judge(under_way, tol, maxiter)
            status[hopeless & (status == _UNDER_WAY)] = Status.STALLED
            under_way = _without_ended(under_way, status, ends)
    return ends


#: The status of a fit that has not ended: none that there is.
_UNDER_WAY: Final = min(Status) - 1


def _begin(linearize: Linearize, number: NDArray[np.intp], p0: Array, damping: float) -> _Fits:
    p = p0[number]
    system = linearize(number, p)
    count = np.zeros(len(number), np.int64)
    first = np.full(len(number), max(damping, SMALLEST_DAMPING))
    fits = _Fits(number, p, system, _products(system), p, first, count, count.copy())
    fits.scale = _no_zeros(fits.lengths)
    return fits


def _products(system: Array) -> Array:
    return system @ system.transpose(0, 2, 1)


def _judge(fits: _Fits, tol: float, maxiter: int) -> NDArray[np.int64]:
    """The status of each fit: success, if it earns it."""
    square, lengths = fits.square, fits.lengths
    status = np.full(len(square), _UNDER_WAY, np.int64)
    status[fits.nit >= maxiter] = Status.MAXITER
    if tol > 0:
        size = np.sqrt(square)
        right_angled = (_steepest(fits.slopes, lengths) <= tol * size) & np.all(lengths > 0, axis=1)
        status[right_angled] = Status.STATIONARY
        status[size <= ROUNDINGS * _rounding(fits.p, lengths)] = Status.RESIDUAL_ZERO
    status[~(np.isfinite(square) & np.all(np.isfinite(lengths), axis=1))] = Status.NOT_FINITE
    return status


def _without_ended(fits: _Fits, status: NDArray[np.int64], ends: Ends) -> _Fits:
    """The fits that are under way; what the others have come to is in `ends`."""
    over = status != _UNDER_WAY
    if not over.any():
        return fits
    done = fits.part(over)
    ends.put(done.number, Ends(done.p, _inverses(done), 0.5 * done.square, status[over], done.nit))
    return fits.part(~over)


def _sweep(linearize: Linearize, fits: _Fits) -> NDArray[np.bool_]:
    """Try a step for each fit, and take it where it is worth it; True where none ever will be."""
    root = np.sqrt(fits.damping)[:, np.newaxis] * fits.scale
    step, predicted = _damped_step(fits.system, fits.products, root)
    p = fits.p + step
    system = linearize(fits.number, p)
    trial = replace(fits, p=p, system=system, products=_products(system))

    # Where any reduction that the linear model can promise drowns in the rounding of the sum of
    # squares, the gradients at both ends still tell the actual one, by the trapezoidal rule.
    lengths, trial_lengths = fits.lengths, trial.lengths
    noise = ROUNDINGS * _rounding(fits.p, lengths) * np.sqrt(fits.square)
    level = np.maximum(predicted, 0.5 * _steepest(fits.slopes, lengths) ** 2) <= noise
    r, trial_r = fits.system[:, -1], system[:, -1]
    actual = 0.5 * np.einsum("km,km->k", r - trial_r, r + trial_r)
    accepted = np.isfinite(trial.square) & np.all(np.isfinite(trial_lengths), axis=1)
    accepted &= actual > np.where(level, -noise, SMALLEST_GAIN * predicted)
    by_slopes = -0.5 * np.einsum("kn,kn->k", fits.slopes + trial.slopes, step)
    actual = np.where(level, by_slopes, actual)
    accepted &= actual > SMALLEST_GAIN * predicted

    gain = np.minimum(actual / predicted, 1.0)
    raised = fits.damping * 2.0 ** (fits.rejected + 1)
    eased = fits.damping * np.maximum(1 / 3, 1 - (2 * gain - 1) ** 3)
    fits.damping = np.where(accepted, np.maximum(eased, SMALLEST_DAMPING), raised)
    fits.rejected = np.where(accepted, 0, fits.rejected + 1)
    fits.nit = fits.nit + accepted
    widened = np.maximum(fits.scale, trial_lengths)
    fits.scale = np.where(accepted[:, np.newaxis], widened, fits.scale)
    unmoved = np.all(p == fits.p, axis=1)
    fits.put(accepted, trial)
    return np.asarray(unmoved | (fits.rejected >= MAX_REJECTED))


# ---------------------------------------------------------------- linear algebra

#: Pivots of JᵀJ, scaled to a diagonal of ones, above which the normal equations give a step that
#: has lost no more than half of its digits.
SAFE_PIVOT: Final = 1e-6


def _damped_step(system: Array, products: Array, root: Array) -> tuple[Array, Array]:
    """The steps that minimize |J s + r|² + |diag(root) s|², and the reductions that they promise.

    Args:
        system: [Jᵀ; rᵀ], shape (k, n + 1, m).
        products: of its rows, shape (k, n + 1, n + 1).
        root: √λ D, shape (k, n).

    Returns:
        Shapes (k, n) and (k,).
    """
    factor = _factor(system, products, root)
    right = factor[:, -1]
    step = -_solved(factor, right).T
    return step, 0.5 * (np.einsum("nk,nk->k", right, right) + _dots(root * step, root * step))


def _factor(system: Array, products: Array, root: Array) -> Array:
    """The first n rows of the triangular factors of [J r; diag(root) 0], shape (n, n + 1, k)."""
    factor, safe = _by_cholesky(products, root)
    if not safe.all():
        factor[..., ~safe] = _by_gram_schmidt(system[~safe], root[~safe])
    return factor


def _by_cholesky(products: Array, root: Array) -> tuple[Array, NDArray[np.bool_]]:
    """The factors from the normal equations, and which of them are safe."""
    k, n = root.shape
    factor = products.transpose(1, 2, 0)[:n].copy()
    for j in range(n):
        factor[j, j] += root[:, j] ** 2
    diagonal = np.array([factor[j, j] for j in range(n)])
    safe = np.ones(k, bool)
    for j in range(n):
        safe &= factor[j, j] > SAFE_PIVOT * diagonal[j]
        factor[j, j:] /= np.sqrt(factor[j, j])
        for i in range(j + 1, n):
            factor[i, i:] -= factor[j, i] * factor[j, i:]
    return factor, safe


def _by_gram_schmidt(system: Array, root: Array) -> Array:
    k, rows, m = system.shape
    vectors = np.zeros((rows, k, m + rows - 1))
    vectors[:, :, :m] = system.transpose(1, 0, 2)
    for j in range(rows - 1):
        vectors[j, :, m + j] = root[:, j]
    factor = np.zeros((rows - 1, rows, k))
    for j in range(rows - 1):
        factor[j, j] = np.sqrt(_dots(vectors[j], vectors[j]))
        vectors[j] /= factor[j, j][:, np.newaxis]
        for i in range(j + 1, rows):
            factor[j, i] = _dots(vectors[j], vectors[i])
            vectors[i] -= factor[j, i][:, np.newaxis] * vectors[j]
    return factor


def _solved(triangle: Array, right: Array) -> Array:
    """The solutions (n, k) of systems that are triangular, (n, n or more, k), for `right` (n, k)."""
    x = right.copy()
    for j in reversed(range(len(right))):
        for i in range(j + 1, len(right)):
            x[j] -= triangle[j, i] * x[i]
        x[j] /= triangle[j, j]
    return x


def _inverses(fits: _Fits) -> Array:
    """(JᵀJ)⁻¹ of each fit, shape (k, n, n); infinite where J has not full rank."""
    lengths = fits.lengths
    k, n = lengths.shape
    factor = _factor(fits.system, fits.products, np.zeros((k, n)))
    units = np.eye(n)[:, :, np.newaxis] + np.zeros(k)
    columns = np.array([_solved(factor, unit) for unit in units])  # of the inverse factor
    scaled = columns * lengths.T  # as if J had columns of length 1
    size = np.sqrt(np.einsum("aik,aik->k", scaled, scaled))
    full = size * EPS * max(n, fits.system.shape[2]) < 1.0  # false for nan
    found = np.einsum("aik,ajk->kij", columns, columns)
    return np.asarray(np.where(full[:, np.newaxis, np.newaxis], found, np.inf))


def _dots(a: Array, b: Array) -> Array:
    return np.asarray(np.einsum("kn,kn->k", a, b))


def _steepest(slopes: Array, lengths: Array) -> Array:
    """The largest slope per length of a column, |r| times the largest cosine, shape (k,)."""
    return np.asarray(np.max(np.abs(slopes) / _no_zeros(lengths), axis=1))


def _rounding(p: Array, lengths: Array) -> Array:
    """About how far rounding of the parameters moves the residuals, and no further, shape (k,)."""
    moved = p * lengths
    return np.asarray(EPS * np.sqrt(_dots(moved, moved)))


def _no_zeros(lengths: Array) -> Array:
    return np.where(lengths > 0, lengths, 1.0)
