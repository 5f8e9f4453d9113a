"""What of an argument decides which variant of a derivative may be called with it."""

import types
from typing import Any

import numpy as np

from retrograd.runtime.arrays import field_names
from retrograd.runtime.pytrees import is_active, leaves, map_leaves

_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, np.ufunc)


def signature(value: Any, above: tuple[int, ...] = ()) -> Any:
    """The kind of `value` as a key: its type, rank, and which of its axes have extent 1.

    Values with the same key can be passed to the same generated function. `above` has the records
    that `value` is a part of, by their ids: one that holds itself is not followed again.
    """
    kind = type(value)
    if kind is float or kind is int or kind is bool:
        return kind
    if kind is np.ndarray:
        return value.dtype.char, tuple([extent == 1 for extent in value.shape])
    if kind is dict:
        return dict, tuple([(key, signature(item, above)) for key, item in value.items()])
    if isinstance(value, list | tuple):
        return kind, tuple([signature(item, above) for item in value])
    if isinstance(value, np.generic):
        return value.dtype.char
    if kind in _FUNCTIONS:
        return value  # which function it is makes all the difference
    names = field_names(value)
    if names is None or id(value) in above:
        return kind
    above = (*above, id(value))
    return kind, tuple([(name, signature(getattr(value, name), above)) for name in names])


def check_plain(value: Any, above: tuple[int, ...] = ()) -> None:
    """Refuse arrays of special kinds, to which ``*`` or indexing may mean something else.

    `above` has the records that `value` is a part of, by their ids.

    Raises:
        TypeError: `value` is one, or holds one.
    """
    if isinstance(value, dict):
        for item in value.values():
            check_plain(item, above)
    elif isinstance(value, list | tuple):
        for item in value:
            check_plain(item, above)
    elif isinstance(value, np.ndarray) and type(value) is not np.ndarray:
        name = type(value).__name__
        raise TypeError(f"arguments must be plain arrays, got a {name}: pass np.asarray of it")
    elif id(value) not in above:
        for name in field_names(value) or ():
            check_plain(getattr(value, name), (*above, id(value)))


def with_floats(value: Any) -> Any:
    """`value` with an integer or boolean, alone or in an array, as the float it is asked to be.

    In a container integers are constants beside floats; where there is no float, they are meant.

    Raises:
        TypeError: it is text, or no number at all.
    """
    kind = type(value)
    if kind is float or kind is np.float64:
        return value
    if isinstance(value, np.ndarray | np.generic):
        if value.dtype.kind in "fc":
            return value
        if value.dtype.kind in "iub":
            return value.astype(np.float64)
        raise TypeError(f"cannot differentiate with respect to an array of {value.dtype}")
    if isinstance(value, complex):
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, dict | list | tuple) or field_names(value) is not None:
        if any(is_active(leaf) for _, leaf in leaves(value)):
            return value
        return map_leaves(lambda leaf: float(leaf) if type(leaf) is int else leaf, value)
    raise TypeError(f"cannot differentiate with respect to a {kind.__name__}")
