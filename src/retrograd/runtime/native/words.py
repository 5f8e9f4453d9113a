"""What lowered code calls in place of what Numba has no word for, or another meaning.

Each function is Python that says what it does, and beside it stands the form that Numba compiles.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba.core import types
from numba.extending import overload, register_jitable

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


def filled_like(x: Any, value: Any) -> Any:
    """``numpy.full_like(x, value)``."""
    return np.full_like(x, value)


@native_form(filled_like)
def _filled_like(x: Any, value: Any) -> Any:
    if not isinstance(value, types.Array):
        return lambda x, value: np.full_like(x, value)

    def filled(x: Any, value: Any) -> Any:
        result = np.empty_like(x)
        result[...] = value
        return result

    return filled


# ---------------------------------------------------------------- reductions along an axis


def count_along(x: Any, axis: int) -> Any:
    """``numpy.count_nonzero(x, axis)``."""
    return np.count_nonzero(x, axis)


@native_form(count_along)
def _count_along(x: Any, axis: Any) -> Any:
    if isinstance(x, types.Array) and isinstance(axis, types.Integer):
        return lambda x, axis: np.sum(x != 0, axis)
    return None


def mean_along(x: Any, axis: int) -> Any:
    """``numpy.mean(x, axis)``."""
    return np.mean(x, axis)


@native_form(mean_along)
def _mean_along(x: Any, axis: Any) -> Any:
    if isinstance(x, types.Array) and isinstance(axis, types.Integer):
        return lambda x, axis: np.sum(x, axis) / x.shape[axis]
    return None


def max_along(x: Any, axis: int) -> Any:
    """``numpy.max(x, axis)``."""
    return np.max(x, axis)


@native_form(max_along)
def _max_along(x: Any, axis: Any) -> Any:
    return _folded(np.maximum, x, axis)


def min_along(x: Any, axis: int) -> Any:
    """``numpy.min(x, axis)``."""
    return np.min(x, axis)


@native_form(min_along)
def _min_along(x: Any, axis: Any) -> Any:
    return _folded(np.minimum, x, axis)


def _folded(choose: Any, x: Any, axis: Any) -> Any:
    """What takes the rows of a matrix along an axis together by `choose`; None for other operands."""
    is_matrix = isinstance(x, types.Array) and x.ndim == 2
    if not is_matrix or not isinstance(axis, types.Integer):
        return None

    def folded(x: Any, axis: Any) -> Any:
        rows = _rows_along(x, axis)
        result = rows[0].copy()
        for k in range(1, len(rows)):
            result = choose(result, rows[k])
        return result

    return folded


@register_jitable
def _rows_along(x: Any, axis: Any) -> Any:
    """The matrix `x` with the axis that is reduced as its first."""
    if axis < -2 or axis > 1:
        raise ValueError("axis is out of bounds for array of dimension 2")
    if x.shape[axis] == 0:
        raise ValueError("zero-size array to reduction operation which has no identity")
    return x.copy() if axis in (0, -2) else x.T.copy()
