"""Pullbacks: a function in two halves, the second of which may be called again and again.

The forward half leaves on a tape what the backward half takes from it. The backward half empties
its tape and goes back over the arrays in it, so every pullback works on a copy of its own.
"""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from retrograd.runtime.arrays import field_names, rebuilt
from retrograd.runtime.pytrees import is_active, is_complex, leaves, map_leaves


class Halves:
    """A function in two halves, as the compiler writes them.

    The forward half takes `count` arguments, and a list to keep things in if it keeps any; the
    backward half takes some of them by name, that list, and the cotangent of the value.
    """

    def __init__(
        self, forward: Callable[..., Any], backward: Callable[..., Any], count: int
    ) -> None:
        self.forward = forward
        self.backward = backward
        names = list(inspect.signature(forward).parameters)
        self._keeps = len(names) > count
        needed = list(inspect.signature(backward).parameters)[: -2 if self._keeps else -1]
        self._needs = tuple(names.index(name) for name in needed)

    def __call__(self, *args: Any) -> tuple[Any, "Pullback"]:
        """The value at `args`, and its pullback, which later changes of `args` do not reach."""
        args = snapshot(args)
        tape: list[Any] = []
        value = self.forward(*args, tape) if self._keeps else self.forward(*args)
        needed = tuple(args[place] for place in self._needs)
        return snapshot(value), Pullback(
            self.backward, needed, tape if self._keeps else None, value
        )


class Pullback:
    """Takes a cotangent of a value to those of the arguments, as often as it is called."""

    def __init__(
        self,
        backward: Callable[..., Any],
        needed: tuple[Any, ...],
        tape: list[Any] | None,
        value: Any,
    ) -> None:
        self._backward = backward
        self._needed = needed
        self._tape = tape
        self._value = value

    def __call__(self, cotangent: Any) -> Any:
        """The cotangent of the argument, or a tuple of those of several.

        Args:
            cotangent: of the structure and shapes of the value.

        Raises:
            ValueError: it has another structure or shape.
        """
        check_alike(cotangent, self._value, "cotangent", "value")
        kept = () if self._tape is None else (snapshot(self._tape),)
        seed = in_numbers_of(snapshot(cotangent), self._value)
        return self._backward(*snapshot(self._needed), *kept, seed)


def snapshot(value: Any, seen: dict[int, Any] | None = None) -> Any:
    """A copy of the arrays and containers in `value`; what stands in it twice does so in the copy."""
    seen = {} if seen is None else seen
    if id(value) in seen:
        return seen[id(value)]
    if isinstance(value, np.ndarray):
        made: Any = value.copy()
    elif isinstance(value, list):
        seen[id(value)] = made = []
        made += [snapshot(item, seen) for item in value]
    elif isinstance(value, dict):
        made = {key: snapshot(item, seen) for key, item in value.items()}
    elif (names := field_names(value)) is not None:
        made = rebuilt(value, {name: snapshot(getattr(value, name), seen) for name in names})
    elif isinstance(value, tuple):
        made = tuple([snapshot(item, seen) for item in value])
    else:
        return value
    seen[id(value)] = made
    return made


def check_alike(given: Any, like: Any, what: str, of: str) -> None:
    """Refuse a cotangent or tangent that is not of the structure and shapes of `like`.

    Raises:
        ValueError: it is not, or it is complex where `like` is real.
    """
    if type(given) is type(like) is np.ndarray and (given.shape, given.dtype) == (
        like.shape,
        like.dtype,
    ):
        return
    found = dict(leaves(given))
    for path, leaf in leaves(like):
        if not is_active(leaf):
            continue
        if path not in found:
            raise ValueError(f"the {what} has nothing in the place {path or 'of the ' + of}")
        if np.shape(found[path]) != np.shape(leaf):
            where = f" at {path}" if path else ""
            raise ValueError(
                f"a {what} of shape {np.shape(found[path])} came{where} where the {of} has shape "
                f"{np.shape(leaf)}"
            )
        if is_complex(found[path]) and not is_complex(leaf):
            where = f" at {path}" if path else ""
            raise ValueError(f"a complex {what} came{where} where the {of} is real")
    extra = found.keys() - dict(leaves(like)).keys()
    if extra:
        raise ValueError(f"the {what} has more than the {of}: {', '.join(sorted(extra))}")


def in_numbers_of(given: Any, like: Any) -> Any:
    """`given`, a structure like `like`, in the floats or complex numbers of that.

    What is computed is written into such arrays, which whole numbers or fewer digits would spoil.
    """
    if type(given) is type(like) is np.ndarray and given.dtype == like.dtype:
        return given
    found = dict(leaves(given))
    fitted = (_in_numbers_of(found.get(path), leaf) for path, leaf in leaves(like))
    return map_leaves(lambda leaf: next(fitted), like)


def _in_numbers_of(number: Any, like: Any) -> Any:
    if not is_active(like):
        return number
    if isinstance(like, np.ndarray):
        return np.asarray(number, like.dtype)
    if isinstance(like, np.inexact):
        return like.dtype.type(number)
    return float(number) if isinstance(number, int) else number
