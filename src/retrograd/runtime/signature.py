"""What of an argument decides which variant of a derivative may be called with it."""

from typing import Any

import numpy as np


def signature(value: Any) -> Any:
    """The kind of `value` as a key: its type, rank, and which of its axes have extent 1.

    Values with the same key can be passed to the same generated function.
    """
    kind = type(value)
    if kind is float or kind is int or kind is bool:
        return kind
    if kind is np.ndarray:
        return value.dtype.char, tuple([extent == 1 for extent in value.shape])
    if kind is dict:
        return dict, tuple([(key, signature(item)) for key, item in value.items()])
    if isinstance(value, list | tuple):
        return kind, tuple([signature(item) for item in value])
    if isinstance(value, np.generic):
        return value.dtype.char
    return kind


def check_plain(value: Any) -> None:
    """Refuse arrays of special kinds, to which ``*`` or indexing may mean something else.

    Raises:
        TypeError: `value` is one, or holds one.
    """
    if isinstance(value, dict):
        for item in value.values():
            check_plain(item)
    elif isinstance(value, list | tuple):
        for item in value:
            check_plain(item)
    elif isinstance(value, np.ndarray) and type(value) is not np.ndarray:
        name = type(value).__name__
        raise TypeError(f"arguments must be plain arrays, got a {name}: pass np.asarray of it")


def with_floats(value: Any) -> Any:
    """`value` with an integer or boolean, alone or in an array, as the float it is asked to be.

    Raises:
        TypeError: it is complex, text, or no number at all.
    """
    kind = type(value)
    if kind is float or kind is np.float64:
        return value
    if isinstance(value, np.ndarray | np.generic):
        if value.dtype.kind == "f":
            return value
        if value.dtype.kind in "iub":
            return value.astype(np.float64)
        raise TypeError(f"cannot differentiate with respect to an array of {value.dtype}")
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, dict | list | tuple):
        return value
    raise TypeError(f"cannot differentiate with respect to a {kind.__name__}")
