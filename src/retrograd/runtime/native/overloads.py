"""The native forms of the functions that generated code takes from the runtime."""

from typing import Any

import numpy as np
from numba.core import types
from numba.extending import register_jitable

from retrograd.runtime import arrays
from retrograd.runtime.native.words import is_whole, native_form


def register() -> None:
    """Make sure that Numba knows the forms below, which it does once this page is imported."""


def is_number(x: Any) -> bool:
    """Whether a type is one of numbers."""
    return isinstance(x, types.Number | types.Boolean)


def is_array(x: Any) -> bool:
    """Whether a type is one of arrays."""
    return isinstance(x, types.Array)


# ---------------------------------------------------------------- shapes


@native_form(arrays.unbroadcast)
def _unbroadcast(g: Any, like: Any) -> Any:
    if is_number(g) and is_number(like):
        return lambda g, like: g
    if is_number(like):
        return lambda g, like: np.sum(g)
    if not is_array(like):
        return None
    return lambda g, like: arrays.sum_to(g, like.shape)


@native_form(arrays.sum_to)
def _sum_to(g: Any, shape: Any) -> Any:
    if not isinstance(shape, types.BaseTuple):
        return None
    rank = len(shape)
    if is_number(g):
        return (lambda g, shape: g) if rank == 0 else (lambda g, shape: np.full(shape, g))
    if not is_array(g):
        return None
    if rank == 0:
        return lambda g, shape: np.sum(g)

    if g.ndim > rank:
        return lambda g, shape: arrays.sum_to(np.sum(g, axis=0), shape)
    if g.ndim < rank:
        return lambda g, shape: arrays.sum_to(np.expand_dims(g, 0), shape)

    def summed(g: Any, shape: Any) -> Any:
        result = np.zeros(shape, g.dtype)
        if not _is_stretched(g.shape, shape):
            result[...] = g
            return result
        flat = result.ravel()
        for index in np.ndindex(g.shape):
            place = 0
            for k in range(rank):
                place = place * shape[k] + (index[k] if shape[k] != 1 else 0)
            flat[place] += g[index]
        return result

    def summed_or_itself(g: Any, shape: Any) -> Any:
        return g if g.shape == shape else summed_form(g, shape)

    summed_form = register_jitable(summed)
    return summed_or_itself if g.layout == "C" and g.mutable else summed


@register_jitable
def _is_stretched(came: Any, shape: Any) -> bool:
    """Whether `shape` was stretched to `came` along an axis."""
    stretched = False
    for k in range(len(shape)):
        stretched |= shape[k] == 1 and came[k] != 1
    return stretched


@native_form(arrays.spread)
def _spread(g: Any, shape: Any) -> Any:
    if isinstance(shape, types.BaseTuple) and len(shape) == 0:
        return (lambda g, shape: g) if is_number(g) else None
    if is_number(g):
        return lambda g, shape: np.full(shape, g)

    def filled(g: Any, shape: Any) -> Any:
        result = np.empty(shape, g.dtype)
        result[...] = g
        return result

    return filled if is_array(g) else None


@native_form(arrays.count)
def _count(x: Any, axis: Any) -> Any:
    if is_number(x):
        return lambda x, axis: 1
    if not is_array(x):
        return None
    if isinstance(axis, types.NoneType):
        return lambda x, axis: x.size
    return (lambda x, axis: x.shape[axis]) if isinstance(axis, types.Integer) else None


# ---------------------------------------------------------------- cotangents


@native_form(arrays.zeros_like)
def _zeros_like(x: Any) -> Any:
    if is_number(x):
        return lambda x: 0.0
    if isinstance(x, types.List | types.UniTuple):
        return lambda x: [arrays.zeros_like(part) for part in x]
    if isinstance(x, types.UnicodeType | types.NoneType):
        return lambda x: None
    if not is_array(x):
        return None
    if isinstance(x.dtype, types.Float | types.Complex):
        return lambda x: np.zeros(x.shape, x.dtype)
    return lambda x: np.zeros(x.shape)


@native_form(arrays.accumulate)
def _accumulate(a: Any, b: Any) -> Any:
    if all(is_number(x) or is_array(x) for x in (a, b)):
        return lambda a, b: a + b
    return None


@native_form(arrays.restructure)
def _restructure(bar: Any, like: Any) -> Any:
    # The caller gets it in the floats of its argument.
    if is_number(like) or is_array(like) or isinstance(like, types.List):
        return lambda bar, like: bar
    return None


@native_form(arrays.owned)
def _owned(bar: Any) -> Any:
    if is_number(bar):
        return lambda bar: bar
    return (lambda bar: bar.copy()) if is_array(bar) else None


@native_form(arrays.copied)
def _copied(x: Any) -> Any:
    if is_number(x):
        return lambda x: x
    return (lambda x: x.copy()) if is_array(x) else None


@native_form(arrays.duplicate)
def _duplicate(x: Any) -> Any:
    return _copied(x)


@native_form(arrays.as_float)
def _as_float(x: Any) -> Any:
    if is_whole(x):
        return lambda x: float(x)
    if is_array(x) and is_whole(x.dtype):
        return lambda x: x.astype(np.float64)
    return (lambda x: x) if is_number(x) or is_array(x) else None


@native_form(arrays.conjugate)
def _conjugate(x: Any) -> Any:
    return (lambda x: np.conj(x)) if is_number(x) or is_array(x) else None


@native_form(arrays.item)
def _item(a: Any) -> Any:
    return (lambda a: a) if is_number(a) else (lambda a: a.item())


@native_form(arrays.require_scalar)
def _require_scalar(value: Any) -> Any:
    if is_number(value):
        return lambda value: None
    if is_array(value) and value.ndim == 0:
        return lambda value: None

    def refuse(value: Any) -> None:
        raise ValueError(
            "a gradient needs a function with one number as its result, and an array came:"
            " return one number, or one array and take its derivative with retrograd.jacobian"
        )

    return refuse if is_array(value) else None


@native_form(arrays.tie_shares)
def _tie_shares(items: Any, extreme: Any) -> Any:
    if not is_number(extreme) or not (is_array(items) or isinstance(items, types.List)):
        return None

    def shares(items: Any, extreme: Any) -> Any:
        ties = np.asarray(items) == extreme
        return ties / np.sum(ties)

    return shares


# ---------------------------------------------------------------- items


@native_form(arrays.add_at)
def _add_at(buffer: Any, index: Any, g: Any) -> Any:
    if not is_array(buffer):
        return None

    def plain(buffer: Any, index: Any, g: Any) -> None:
        buffer[index] = buffer[index] + g

    def one_by_one(buffer: Any, index: Any, g: Any) -> None:
        for k in range(len(index)):
            buffer[index[k]] += g[k]

    def the_same(buffer: Any, index: Any, g: Any) -> None:
        for k in range(len(index)):
            buffer[index[k]] += g

    def pairs(buffer: Any, index: Any, g: Any) -> None:
        rows, columns = index
        for k in range(len(rows)):
            buffer[rows[k], columns[k]] += g[k]

    if _names_once(index):
        return plain
    if _is_list_of_places(index):
        if is_array(g) and g.ndim == buffer.ndim:
            return one_by_one
        return the_same if is_number(g) or (is_array(g) and g.ndim == buffer.ndim - 1) else None
    is_pair = isinstance(index, types.BaseTuple) and len(index) == 2 == buffer.ndim
    if is_pair and all(map(_is_list_of_places, index)) and is_array(g) and g.ndim == 1:
        return pairs
    return None


@native_form(arrays.diag_vjp)
def _diag_vjp(g: Any, shape: Any, k: Any = 0) -> Any:
    if not is_array(g) or not isinstance(shape, types.BaseTuple):
        return None

    def taken(g: Any, shape: Any, k: Any = 0) -> Any:
        result = np.zeros(shape, g.dtype)
        for j in range(len(result)):
            result[j] = g[j + max(-k, 0), j + max(k, 0)]
        return result

    def put(g: Any, shape: Any, k: Any = 0) -> Any:
        result = np.zeros(shape, g.dtype)
        for j in range(len(g)):
            result[j + max(-k, 0), j + max(k, 0)] = g[j]
        return result

    return taken if g.ndim == 2 else put


@native_form(arrays.scatter)
def _scatter(g: Any, like: Any, index: Any) -> Any:
    if not is_array(like):
        return None

    def scattered(g: Any, like: Any, index: Any) -> Any:
        buffer = arrays.zeros_like(like)
        arrays.add_at(buffer, index, g)
        return buffer

    return scattered


@native_form(arrays.written)
def _written(values: Any, like: Any, index: Any) -> Any:
    if not is_array(like):
        return None

    def filled(values: Any, like: Any, index: Any) -> Any:
        buffer = arrays.zeros_like(like)
        buffer[index] = values
        return buffer

    return filled


@native_form(arrays.last_written)
def _last_written(bar: Any, index: Any) -> Any:
    if not is_array(bar) or not _names_once(index):
        return None
    parts = _indices(index)
    if len(parts) == bar.ndim and all(map(is_whole, parts)):
        return lambda bar, index: bar[index]
    return lambda bar, index: bar[index].copy()


def _indices(index: Any) -> list[Any]:
    """The types of the parts of an index."""
    parts: list[Any] = list(getattr(index, "types", None) or [index])
    return parts


def _names_once(index: Any) -> bool:
    """Whether no element can be named more than once by an index of this type."""
    parts = _indices(index)
    once = (types.Integer, types.SliceType, types.EllipsisType, types.NoneType)
    return all(isinstance(part, once) for part in parts) or (
        is_array(index) and isinstance(index.dtype, types.Boolean)
    )


def _is_list_of_places(index: Any) -> bool:
    return is_array(index) and index.ndim == 1 and isinstance(index.dtype, types.Integer)
