"""Nested parameters as one vector, and back.

A pytree is a number, an array, or a dict, list, tuple or record of pytrees; records are namedtuples,
instances of dataclasses and objects of plain classes. Floats, complex numbers and arrays of them are
its active leaves and become entries of the vector, a complex number its real part and its imaginary
part; integers, booleans, text and None inside a container are constants and stay where they are.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrograd.runtime.arrays import field_names, rebuilt

Array: TypeAlias = NDArray[np.float64]


def is_active(leaf: Any) -> bool:
    """Whether `leaf` is a float or complex number, or an array of them."""
    if isinstance(leaf, np.ndarray):
        return np.issubdtype(leaf.dtype, np.inexact)
    return isinstance(leaf, float | complex | np.inexact)


def is_complex(leaf: Any) -> bool:
    """Whether `leaf` is a complex number or an array of them."""
    if isinstance(leaf, np.ndarray | np.generic):
        return leaf.dtype.kind == "c"
    return isinstance(leaf, complex)


def entries(leaf: Any) -> int:
    """How many entries of the vector an active `leaf` becomes."""
    return np.size(leaf) * (2 if is_complex(leaf) else 1)


def leaves(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf of `tree` with its path as Python spells it: ``("x['W'][0]", 1.5)``."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(value, f"{path}[{key!r}]")
    elif (names := field_names(tree)) is not None:
        for name in names:
            yield from leaves(getattr(tree, name), f"{path}.{name}")
    elif isinstance(tree, list | tuple):
        for k, value in enumerate(tree):
            yield from leaves(value, f"{path}[{k}]")
    else:
        yield path, tree


def map_leaves(function: Callable[[Any], Any], tree: Any) -> Any:
    """A pytree of the same structure, with `function` of each leaf, in the order of `leaves`."""
    if isinstance(tree, dict):
        return {key: map_leaves(function, value) for key, value in tree.items()}
    if (names := field_names(tree)) is not None:
        return rebuilt(tree, {name: map_leaves(function, getattr(tree, name)) for name in names})
    if isinstance(tree, list):
        return [map_leaves(function, value) for value in tree]
    if isinstance(tree, tuple):
        return tuple(map_leaves(function, value) for value in tree)
    return function(tree)


def flatten(tree: Any, like: Any = None) -> Array:
    """The entries of the active leaves of `tree` one after the other, float64, shape (n,).

    Args:
        tree: the pytree to read.
        like: which leaves are active; `tree` itself when None. A gradient is read `like` the
            parameters, and may hold anything in the place of a constant.

    Raises:
        ValueError: `tree` does not have the structure of `like`, or a leaf another shape.
    """
    reference = list(leaves(tree if like is None else like))
    found = dict(leaves(tree))
    parts = [np.zeros(0)]
    for path, leaf in reference:
        if not is_active(leaf):
            continue
        if path not in found or np.shape(found[path]) != np.shape(leaf):
            came = f"shape {np.shape(found[path])}" if path in found else "nothing"
            raise ValueError(f"{came} came for leaf {path or 'x'} of shape {np.shape(leaf)}")
        if not is_complex(leaf) and is_complex(found[path]):
            raise ValueError(f"a complex number came for the real leaf {path or 'x'}")
        numbers = np.complex128 if is_complex(leaf) else np.float64
        parts.append(np.array(found[path], dtype=numbers).ravel().view(np.float64))
    return np.concatenate(parts)


def unflatten(vector: Array, like: Any) -> Any:
    """The pytree `like` with its active leaves taken from `vector`, shape (n,), as float64 or complex128.

    Arrays in it are copies; a leaf that was a Python or NumPy number is a Python number.
    """
    position = 0

    def next_leaf(leaf: Any) -> Any:
        nonlocal position
        if not is_active(leaf):
            return leaf
        start, position = position, position + entries(leaf)
        part = np.array(vector[start:position], dtype=np.float64)
        if is_complex(leaf):
            part = part.view(np.complex128)
        return part.reshape(leaf.shape) if isinstance(leaf, np.ndarray) else part[0].item()

    return map_leaves(next_leaf, like)
