"""Least-squares and descent problems with known answers.

The classic ones are from Moré, Garbow and Hillstrom, *Testing unconstrained optimization software*,
ACM Trans. Math. Softw. 7 (1981). Their Jacobians are taken by complex steps, which are exact to
rounding.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


def complex_step(residual: Callable) -> Callable:
    """The Jacobian of `residual`, shape (m, n), by the derivative's imaginary part."""

    def jacobian(p):
        columns = []
        for j in range(p.size):
            shifted = p.astype(complex)
            shifted[j] += 1e-30j
            columns.append(np.imag(residual(shifted)) / 1e-30)
        return np.stack(columns, axis=-1)

    return jacobian


def half_squares(residual: Callable) -> Callable:
    """Half the sum of squares of `residual` with its gradient."""
    jacobian = complex_step(residual)

    def value_and_gradient(x):
        r = residual(x)
        return 0.5 * float(r @ r), jacobian(x).T @ r

    return value_and_gradient


@dataclass(frozen=True)
class Problem:
    """A residual, its usual start, and the smallest sum of squares."""

    name: str
    residual: Callable
    start: tuple[float, ...]
    sum_of_squares: float


def rosenbrock(x):
    return np.stack([10 * (x[1] - x[0] ** 2), 1 - x[0]])


def beale(x):
    return np.stack(
        [
            1.5 - x[0] * (1 - x[1]),
            2.25 - x[0] * (1 - x[1] ** 2),
            2.625 - x[0] * (1 - x[1] ** 3),
        ]
    )


def powell_singular(x):
    return np.stack(
        [
            x[0] + 10 * x[1],
            np.sqrt(5) * (x[2] - x[3]),
            (x[1] - 2 * x[2]) ** 2,
            np.sqrt(10) * (x[0] - x[3]) ** 2,
        ]
    )


def wood(x):
    return np.stack(
        [
            10 * (x[1] - x[0] ** 2),
            1 - x[0],
            np.sqrt(90) * (x[3] - x[2] ** 2),
            1 - x[2],
            np.sqrt(10) * (x[1] + x[3] - 2),
            (x[1] - x[3]) / np.sqrt(10),
        ]
    )


def brown_badly_scaled(x):
    return np.stack([x[0] - 1e6, x[1] - 2e-6, x[0] * x[1] - 2])


def brown_dennis(x):
    t = np.arange(1, 21) / 5
    return (x[0] + t * x[1] - np.exp(t)) ** 2 + (x[2] + x[3] * np.sin(t) - np.cos(t)) ** 2


BARD = np.array(
    [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39]
)


def bard(x):
    u = np.arange(1.0, 16.0)
    v = 16 - u
    return BARD - (x[0] + u / (v * x[1] + np.minimum(u, v) * x[2]))


CLASSICS = (
    Problem("rosenbrock", rosenbrock, (-1.2, 1.0), 0.0),
    Problem("beale", beale, (1.0, 1.0), 0.0),
    Problem("powell_singular", powell_singular, (3.0, -1.0, 0.0, 1.0), 0.0),
    Problem("wood", wood, (-3.0, -1.0, -3.0, -1.0), 0.0),
    Problem("brown_badly_scaled", brown_badly_scaled, (1.0, 1.0), 0.0),
    Problem("bard", bard, (1.0, 1.0, 1.0), 8.21487e-3),
    Problem("brown_dennis", brown_dennis, (25.0, 5.0, -5.0, -1.0), 85822.2),
)
