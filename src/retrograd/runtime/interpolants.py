"""What the derivatives of interpolants need beside SciPy, in the language that is read."""

from typing import Any

import numpy as np


def through_basis(g: Any, basis: Any, at: Any) -> Any:
    """The cotangent of the values when `g` is that of their interpolant at the points `at`.

    Args:
        g: of the shape of `at`, followed by that of one value.
        basis: the interpolants of unit vectors at `at`, along the last axis.
        at: the points.
    """
    return np.tensordot(np.moveaxis(basis, -1, 0), g, np.ndim(at))


def sum_behind(x: Any, at: Any) -> Any:
    """`x` summed over the axes behind those of the points `at`."""
    return np.sum(np.reshape(x, np.shape(at) + (-1,)), axis=-1)  # noqa: RUF005 - this form is read


def spread_behind(at_dot: Any, x: Any) -> Any:
    """`at_dot` with as many axes as `x`, of which it has the first."""
    return np.reshape(at_dot, np.shape(at_dot) + (1,) * (np.ndim(x) - np.ndim(at_dot)))


def vector(y: Any) -> Any:
    """`y`, which is to have one axis.

    Raises:
        ValueError: it has others.
    """
    if np.ndim(y) != 1:
        raise ValueError(
            f"scipy.interpolate.interp1d is differentiated for vectors, and an array of shape "
            f"{np.shape(y)} came"
        )
    return y
