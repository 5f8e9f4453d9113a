"""Losses: how much a residual counts, from squares to those that hardly see an outlier.

With z = (r / f_scale)², half of f_scale² Σ ρ(z) is minimized. Each loss gives ρ, ρ' and ρ'' at z; the
slope ρ' is the weight that the square of a residual has at the iterate.

Source: Triggs et al., *Bundle adjustment: a modern synthesis*, Lecture Notes in Computer Science 1883
(2000), section 4.3; names, scales and the form of an own loss are those of SciPy's `least_squares`.
"""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

import numpy as np

from retrograd.runtime.solvers.result import Array

Loss: TypeAlias = Callable[[Array], Any]


def _soft_l1(z: Array) -> tuple[Array, ...]:
    root = np.sqrt(1 + z)
    return 2 * z / (root + 1), 1 / root, -0.5 / root**3


def _huber(z: Array) -> tuple[Array, ...]:
    root = np.sqrt(np.maximum(z, 1.0))
    return np.where(z <= 1, z, 2 * root - 1), 1 / root, np.where(z <= 1, 0.0, -0.5 / root**3)


def _cauchy(z: Array) -> tuple[Array, ...]:
    slope = 1 / (1 + z)
    return np.log1p(z), slope, -(slope**2)


def _arctan(z: Array) -> tuple[Array, ...]:
    slope = 1 / (1 + z**2)
    return np.arctan(z), slope, -2 * z * slope**2


LOSSES: Final[dict[str, Loss | None]] = {
    "linear": None,
    "soft_l1": _soft_l1,
    "huber": _huber,
    "cauchy": _cauchy,
    "arctan": _arctan,
}


class Weighing:
    """A loss of residuals of a certain size.

    Args:
        loss: a name of `LOSSES`, or a function from z, shape (m,), to ρ, ρ', ρ'', shape (3, m).
        f_scale: the residual at which the loss turns from squares to something slower.

    Raises:
        ValueError: there is no such loss, or `f_scale` is no positive number or has no effect.
    """

    def __init__(self, loss: str | Loss = "linear", f_scale: float = 1.0) -> None:
        if isinstance(loss, str) and loss not in LOSSES:
            listed = ", ".join(map(repr, LOSSES))
            raise ValueError(f"loss={loss!r} came; available are {listed}, or a function")
        if not (isinstance(f_scale, int | float | np.number) and 0 < f_scale < np.inf):
            raise ValueError(f"f_scale={f_scale!r} came; a positive number was wanted")
        self._loss = LOSSES[loss] if isinstance(loss, str) else loss
        self.name = loss if isinstance(loss, str) else getattr(loss, "__name__", "own")
        self._scale = float(f_scale)
        if self.linear and f_scale != 1.0:
            raise ValueError(f"f_scale={f_scale!r} has no effect for loss='linear'")

    @property
    def linear(self) -> bool:
        """Whether squares are summed as they are."""
        return self._loss is None

    def at(self, residual: Array) -> tuple[Array, Array, Array]:
        """Of each residual its part of the value, its weight ρ', and its curvature ρ' + 2 z ρ''.

        Args:
            residual: r, shape (m,).

        Raises:
            ValueError: a function of the user's gives another shape.
        """
        if self._loss is None:
            ones = np.ones_like(residual)
            return 0.5 * residual**2, ones, ones
        z = (residual / self._scale) ** 2
        with np.errstate(over="ignore"):
            rho = np.asarray(self._loss(z), dtype=np.float64)
        if rho.shape != (3, *z.shape):
            raise ValueError(f"the loss returned shape {rho.shape}; {(3, *z.shape)} was wanted")
        return 0.5 * self._scale**2 * rho[0], rho[1], rho[1] + 2 * z * rho[2]

    def roots(self, residual: Array) -> Array:
        """√ρ' of each residual, what it and its derivatives are multiplied by, shape (m,)."""
        return np.sqrt(self.at(residual)[1])

    def reduction(self, residual: Array, new: Array) -> float:
        """By how much the value falls from `residual` to `new`, both of shape (m,).

        For squares as ½ (r - r₊)·(r + r₊), for the squares of nearly equal vectors would cancel.
        """
        if self._loss is None:
            return 0.5 * float((residual - new) @ (residual + new))
        return float(np.sum(self.at(residual)[0] - self.at(new)[0]))

    def variance(self, residual: Array, n: int) -> float:
        """What (JᵀJ)⁻¹ is to be multiplied by for the covariance of n parameters.

        For squares s² = |r|² / (m - n); for another loss the estimate from its slopes ψ = ρ' r and
        their derivatives, which is the same for squares. Infinite without degrees of freedom.

        Source: Huber, *Robust regression: asymptotics, conjectures and Monte Carlo*, Annals of
        Statistics 1 (1973), the first of his three estimates.
        """
        m = residual.size
        if m <= n:
            return np.inf
        _, weights, curvatures = self.at(residual)
        mean = float(np.mean(curvatures))
        if mean <= 0:
            return np.inf
        correction = 1 + n / m * float(np.var(curvatures)) / mean**2
        return correction**2 * float(np.sum((weights * residual) ** 2)) / (m - n) / mean**2
