"""What callers give to an optimizer: parameters and arguments, as the loops take them."""

from typing import Any

import numpy as np

from retrograd.runtime.pytrees import is_active, leaves


def parameters(x0: Any) -> Any:
    """`x0` with floats where integers came for parameters rather than for constants."""
    flat = isinstance(x0, list) or type(x0) is tuple
    if flat and all(_is_number(value) for value in x0):
        start: Any = np.array(x0, dtype=np.float64)
    elif isinstance(x0, np.ndarray) and np.issubdtype(x0.dtype, np.integer):
        start = x0.astype(np.float64)
    else:
        start = float(x0) if _is_number(x0) else x0
    if not any(is_active(leaf) for _, leaf in leaves(start)):
        raise ValueError(f"x0={x0!r} came; floats or arrays of floats were wanted")
    return start


def whole_numbers(start: Any) -> list[str]:
    """The integers among the parameters, as Python spells them."""
    return [path for path, leaf in leaves(start, "x") if _is_number(leaf) and not is_active(leaf)]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def arguments_of(args: Any) -> tuple[Any, ...]:
    """`args` as a tuple, with arrays of half and single precision widened to float64."""
    given = args if isinstance(args, tuple) else (args,)
    return tuple(widened(value) for value in given)


def widened(value: Any) -> Any:
    """`value`, if it is an array of half or single precision, as float64."""
    narrow = isinstance(value, np.ndarray) and value.dtype in (np.float16, np.float32)
    return value.astype(np.float64) if narrow else value
