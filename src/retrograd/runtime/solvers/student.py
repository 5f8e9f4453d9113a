"""Quantiles of Student's t distribution, for intervals from few data."""

from statistics import NormalDist

import numpy as np

#: With more degrees of freedom than that we take the normal distribution, to about seven digits.
NORMAL = 1e7
NODES, WEIGHTS = np.polynomial.legendre.leggauss(60)


def two_sided(level: float, freedom: float) -> float:
    """The t with probability `level` between -t and t, for `freedom` degrees of freedom.

    With t = √ν tan θ the probability is the integral of cos^(ν-1) over -θ ... θ, as part of that over
    -π/2 ... π/2.

    Raises:
        ValueError: `level` is not between 0 and 1, or there are no degrees of freedom.
    """
    if not 0 < level < 1:
        raise ValueError(f"level={level!r} came; a probability between 0 and 1 was wanted")
    if freedom <= 0:
        raise ValueError("as many parameters as residuals: there are no degrees of freedom")
    if freedom > NORMAL:
        return NormalDist().inv_cdf(0.5 + 0.5 * level)
    widest = min(np.pi / 2, 40 / np.sqrt(freedom))  # nothing that counts lies beyond
    whole = _mass(widest, freedom)
    low, high = 0.0, widest
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _mass(middle, freedom) < level * whole else (low, middle)
    return float(np.sqrt(freedom) * np.tan(0.5 * (low + high)))


def _mass(theta: float, freedom: float) -> float:
    """The integral of cos^(freedom - 1) from 0 to `theta`."""
    edges = np.linspace(0.0, theta, 9)
    half = 0.5 * np.diff(edges)[:, np.newaxis]
    at = edges[:-1, np.newaxis] + half * (NODES + 1)
    return float(np.sum(half * WEIGHTS * np.cos(at) ** (freedom - 1)))
