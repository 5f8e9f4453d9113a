"""What lowered code calls in place of what Numba has no word for, or another meaning.

Each function is Python that says what it does, and beside it stands the form that Numba compiles.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba.core import types
from numba.extending import overload

from retrograd.runtime import arrays

F = TypeVar("F", bound=Callable[..., Any])


def native_form(function: Callable[..., Any]) -> Callable[[F], F]:
    """Make what is decorated choose the native form of `function`, by the types of its arguments."""

    options: Any = {"error_model": "numpy", "boundscheck": True}

    def registered(choose: F) -> F:
        overload(function, strict=False, jit_options=options)(choose)
        return choose

    return registered


def is_whole(x: Any) -> bool:
    """Whether a type is one of whole numbers."""
    return isinstance(x, types.Integer | types.Boolean)


# ---------------------------------------------------------------- whole numbers


def power(a: Any, b: Any) -> Any:
    """``a ** b``; of whole numbers, native code has no fractions and no results beyond 64 bits."""
    return a**b


@native_form(power)
def _power(a: Any, b: Any) -> Any:
    if is_whole(a) and is_whole(b):

        def whole(a: Any, b: Any) -> Any:
            if b < 0:
                raise ValueError("native code has no negative powers of whole numbers")
            result = np.int64(1)
            for _ in range(b):
                if abs(result) > 9223372036854775807 // max(abs(a), 1):
                    raise OverflowError("a power does not fit into 64 bits in native code")
                result *= a
            return result

        return whole
    if isinstance(a, types.Array) and is_whole(a.dtype) and _may_be_whole(b):
        return None
    return lambda a, b: a**b


def _may_be_whole(x: Any) -> bool:
    return is_whole(x) or (isinstance(x, types.Array) and is_whole(x.dtype))


def quotient(a: Any, b: Any) -> Any:
    """``a // b``."""
    return a // b


@native_form(quotient)
def _quotient(a: Any, b: Any) -> Any:
    if is_whole(a) and is_whole(b):

        def whole(a: Any, b: Any) -> Any:
            if b == 0:
                raise ZeroDivisionError("integer division or modulo by zero")
            return a // b

        return whole
    return lambda a, b: a // b


def remainder(a: Any, b: Any) -> Any:
    """``a % b``."""
    return a % b


@native_form(remainder)
def _remainder(a: Any, b: Any) -> Any:
    if is_whole(a) and is_whole(b):

        def whole(a: Any, b: Any) -> Any:
            if b == 0:
                raise ZeroDivisionError("integer division or modulo by zero")
            return a % b

        return whole
    return lambda a, b: a % b


# ---------------------------------------------------------------- order and memory


def backwards(items: Any) -> Any:
    """`items`, a range, list, tuple or array, from the end."""
    return items[::-1]


@native_form(backwards)
def _backwards(items: Any) -> Any:
    if isinstance(items, types.RangeType):
        return lambda items: range(
            items.start + (len(items) - 1) * items.step, items.start - items.step, -items.step
        )
    if isinstance(items, types.List | types.Array | types.UniTuple):
        return lambda items: items[::-1]
    return None


def put_into(target: Any, value: Any) -> Any:
    """What ``target += ...`` leaves behind, when `value` is the sum: an array stays itself."""
    if isinstance(target, np.ndarray):
        target[...] = value
        return target
    return value


@native_form(put_into)
def _put_into(target: Any, value: Any) -> Any:
    if isinstance(target, types.Array):

        def in_place(target: Any, value: Any) -> Any:
            target[...] = value
            return target

        return in_place
    return lambda target, value: value


def no_numbers() -> list[float]:
    """An empty list, of floats."""
    return []


@native_form(no_numbers)
def _no_numbers() -> Any:
    def emptied() -> Any:
        numbers = [0.0]
        numbers.clear()
        return numbers

    return emptied


def add_at(buffer: Any, index: Any, g: Any) -> None:
    """``numpy.add.at(buffer, index, g)``."""
    np.add.at(buffer, index, g)


@native_form(add_at)
def _add_at(buffer: Any, index: Any, g: Any) -> Any:
    return lambda buffer, index, g: arrays.add_at(buffer, index, g)


# ---------------------------------------------------------------- arrays of lists


def stacked(rows: Any) -> Any:
    """``numpy.stack(rows)``."""
    return np.stack(rows)


@native_form(stacked)
def _stacked(rows: Any) -> Any:
    if isinstance(rows, types.List) and isinstance(rows.dtype, types.Array):

        def filled(rows: Any) -> Any:
            result = np.empty((len(rows), *rows[0].shape), rows[0].dtype)
            for k in range(len(rows)):
                result[k] = rows[k]
            return result

        return filled
    if isinstance(rows, types.List):
        return lambda rows: np.array(rows)
    return lambda rows: np.stack(rows)


def array_of(items: Any) -> Any:
    """``numpy.array(items)``."""
    return np.array(items)


@native_form(array_of)
def _array_of(items: Any) -> Any:
    if isinstance(items, types.List) and isinstance(items.dtype, types.Array):
        return lambda items: stacked(items)
    if isinstance(items, types.Array):
        return lambda items: items.copy()
    return lambda items: np.array(items)
