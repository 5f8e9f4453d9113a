"""Interpolants of SciPy as functions of the points."""

from typing import Any


def evaluated(interpolant: Any, at: Any, nu: int = 0, extrapolate: Any = None) -> Any:
    """The derivative of order `nu` of an interpolant at the points `at`."""
    return interpolant(at, nu, extrapolate)
