"""Jacobians from pushforwards: one call for each number in the argument."""

from collections.abc import Callable
from typing import Any

import numpy as np

from retrograd.runtime.arrays import field_names


def columns(push: Callable[..., Any], args: tuple[Any, ...], place: int) -> Any:
    """The Jacobian of a function with respect to its argument number `place`.

    Args:
        push: the function in forward mode: arguments and one tangent to value and tangent.
        args: the arguments.
        place: the one to differentiate by, a number or an array of shape s.

    Returns:
        an array of the shape of the value followed by s, float64 or as the value.

    Raises:
        TypeError: the argument is a container, or the value is.
    """
    point = args[place]
    if isinstance(point, dict | list | tuple) or field_names(point) is not None:
        raise TypeError(
            f"a Jacobian needs a number or an array, argument {place} is a {type(point).__name__}"
        )
    shape = np.shape(point)
    if not shape:
        return _pushed(push, args, 1.0 if isinstance(point, float) else np.ones_like(point))
    tangent = np.zeros_like(point)
    found: list[Any] = []
    for index in np.ndindex(shape):
        tangent[index] = 1.0
        found.append(_pushed(push, args, tangent.copy()))
        tangent[index] = 0.0
    if not found:
        value = np.shape(push(*args, tangent)[0])
        return np.zeros((*value, *shape), dtype=point.dtype)
    stacked = np.stack(found, axis=-1)
    return stacked.reshape(*stacked.shape[:-1], *shape)


def _pushed(push: Callable[..., Any], args: tuple[Any, ...], tangent: Any) -> Any:
    value, derivative = push(*args, tangent)
    if isinstance(value, dict | list | tuple) or field_names(value) is not None:
        raise TypeError(
            f"a Jacobian needs a number or an array as the value, not a {type(value).__name__}"
        )
    return np.asarray(derivative) if np.shape(derivative) else derivative
