"""Confidence intervals from the profile of a sum of squares: how fast it grows as one parameter moves.

Source: Bates and Watts, *Nonlinear regression analysis and its applications* (1988), section 6.1.
"""

from collections.abc import Callable

import numpy as np

from retrograd.runtime.solvers.result import Array

#: How close to the limit an end of an interval is, as a part of it.
CLOSE = 1e-6
MOST_STEPS = 60
#: An end further away than so many standard errors is infinite.
FARTHEST = 1e4

#: From a place, a value and a start to the cost and the parameters of the fit of the others; None
#: where there is none.
Refit = Callable[[int, float, Array], tuple[float, Array] | None]


def profile_interval(
    refit: Refit, full: Array, place: int, error: float, cost: float, limit: float
) -> tuple[float, float]:
    """Where the root of twice the growth of the cost reaches `limit`, below and above.

    Args:
        refit: from a place, a value and a start to the fit of the other parameters.
        full: the parameters at the minimum, shape (n,).
        place: the parameter to move.
        error: its standard error, the first guess of the distance.
        cost: half the sum of squares at the minimum.
        limit: in units of the residual.
    """
    if not (np.isfinite(error) and error > 0):
        return -np.inf, np.inf
    return (
        _end(refit, full, place, -error, cost, limit),
        _end(refit, full, place, error, cost, limit),
    )


def _end(refit: Refit, full: Array, place: int, error: float, cost: float, limit: float) -> float:
    """By false position on the growth's root, which is linear for a linear model."""
    start = full
    near, growth_near = 0.0, 0.0
    far, growth_far = np.inf, np.inf
    at = 1.0
    for _ in range(MOST_STEPS):
        found = refit(place, float(full[place] + at * error), start)
        growth = np.inf if found is None else float(np.sqrt(max(2 * (found[0] - cost), 0.0)))
        if abs(growth - limit) <= CLOSE * limit:
            return float(full[place] + at * error)
        if found is not None and growth < limit:
            near, growth_near, start = at, growth, found[1]
        else:
            far, growth_far = at, growth
        if np.isinf(far):
            slope = growth_near / near if near else 0.0
            at = min(4 * near, limit / slope * 1.2) if slope > 0 else 4 * near
            if at > FARTHEST:
                return float(np.sign(error) * np.inf)
        elif np.isfinite(growth_far):
            part = (limit - growth_near) / (growth_far - growth_near)
            at = near + min(max(part, 0.1), 0.9) * (far - near)
        else:
            at = 0.5 * (near + far)
        if np.isfinite(far) and far - near <= CLOSE * far:
            break
    return float(full[place] + at * error)
