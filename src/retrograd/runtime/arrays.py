"""The array functions that generated code calls where NumPy has no short word for what it means.

Each needs only NumPy, Python's own modules and other functions of this page, so that its text can be
copied into a module that stands alone. Cotangents have the shape of what they belong to and are never written to here,
except by `add_at`; unless a function says that its result is new, it may share memory with its
arguments. A number is a Python or NumPy scalar; a structure is a number, an array, or a dict, list,
tuple or record of structures.
"""

import collections
import dataclasses
import sys
import types
from typing import Any

import numpy as np

# ---------------------------------------------------------------- shapes


def unbroadcast(g: Any, like: Any) -> Any:
    """The cotangent of `like` when `g` is that of `like` broadcast to the shape of `g`.

    Sums over the axes that broadcasting put in or stretched.

    Args:
        g: a number or array.
        like: a number, array or list of numbers; only its shape counts. A `g` that is smaller than
            `like` is spread to it.

    Returns:
        `g` itself where the shapes agree; a number where `like` is one.
    """
    try:
        if (shape := like.shape) == g.shape and shape:
            return g
    except AttributeError:
        pass
    result = sum_to(g, np.shape(like))
    if isinstance(result, np.ndarray) and result.ndim == 0 and not isinstance(like, np.ndarray):
        return result[()]
    return result


def sum_to(g: Any, shape: tuple[int, ...]) -> Any:
    """`g` summed to `shape`, which broadcasts to the shape of `g`; spread if it is the other way."""
    came = np.shape(g)
    if came == shape:
        return g
    added = len(came) - len(shape)
    if added < 0 and came and shape[: -len(came)] == (1,) * -added:
        return np.reshape(sum_to(g, shape[-added:]), shape)
    if added < 0 or any(n == 1 and m != 1 for n, m in zip(came[added:], shape, strict=True)):
        return spread(g, shape)
    stretched = [
        added + k
        for k, (n, m) in enumerate(zip(came[added:], shape, strict=True))
        if m == 1 and n != 1
    ]
    return np.reshape(np.sum(g, axis=(*range(added), *stretched)), shape)


def spread(g: Any, shape: tuple[int, ...]) -> Any:
    """`g` broadcast to `shape`, as a new array; a number for the shape ()."""
    return np.full(shape, g)[()]


def lift(g: Any, axis: Any, keepdims: bool) -> Any:
    """The result `g` of a reduction, made to broadcast against what was reduced.

    Args:
        g: a number or array.
        axis: what the reduction was told: an integer, several, or None for all axes.
        keepdims: whether it kept those axes with extent 1.
    """
    return g if axis is None or keepdims else np.expand_dims(g, axis)


def count(x: Any, axis: Any) -> int:
    """How many elements of `x` a reduction over `axis` puts together."""
    shape = np.shape(x)
    if axis is None:
        axis = range(len(shape))
    number = 1
    for k in np.atleast_1d(axis):
        number *= shape[k]
    return number


def inverse_axes(axes: Any) -> tuple[int, ...]:
    """The permutation of axes that undoes ``numpy.transpose(x, axes)``."""
    wanted = [int(axis) % len(axes) for axis in axes]
    return tuple(wanted.index(k) for k in range(len(wanted)))


# ---------------------------------------------------------------- structures


def field_names(x: Any) -> tuple[str, ...] | None:
    """The names of the fields of a record; None for a value that is none.

    Records are namedtuples, instances of dataclasses, and objects of plain classes: of those that
    are written in Python, by no library, and keep their attributes in a dict.
    """
    cls = type(x)
    if isinstance(x, tuple):
        return getattr(cls, "_fields", None)
    if dataclasses.is_dataclass(cls):
        return tuple(field.name for field in dataclasses.fields(cls) if hasattr(x, field.name))
    if cls is types.SimpleNamespace:
        return tuple(vars(x))
    if not hasattr(x, "__dict__") or hasattr(x, "__qualname__"):  # that is a function or class
        return None
    homes = {base.__module__.partition(".")[0] for base in cls.__mro__[:-1]}
    by_library = homes & {"numpy", "scipy", "retrograd"} or homes & sys.stdlib_module_names
    return None if by_library else tuple(vars(x))


def rebuilt(record: Any, fields: dict[str, Any]) -> Any:
    """A record of the class of `record` with these `fields`; nothing of the user's is called."""
    cls = type(record)
    if isinstance(record, tuple):
        return tuple.__new__(cls, fields.values())
    if cls is types.SimpleNamespace:
        return types.SimpleNamespace(**fields)
    result = object.__new__(cls)
    for name, value in fields.items():
        object.__setattr__(result, name, value)
    return result


def replaced(record: Any, **fields: Any) -> Any:
    """A copy of a namedtuple with some `fields` exchanged."""
    return record._replace(**fields)


def zeros_like(x: Any) -> Any:
    """The zero cotangent of a structure: new float zeros of its shape, ready to be filled.

    Returns:
        0.0 for a number, zeros for an array (float64 for one of integers), a dict for a dict, a
        list for a list or tuple, a namespace for any other record, and None for anything that has
        no derivative.
    """
    if isinstance(x, np.ndarray):
        return np.zeros(x.shape, x.dtype if x.dtype.kind in "fc" else np.float64)
    if isinstance(x, (float, int, complex, np.number, np.bool)):
        return 0.0
    if isinstance(x, dict):
        return {key: zeros_like(item) for key, item in x.items()}
    if isinstance(x, (list, tuple)):
        return [zeros_like(item) for item in x]
    if (names := field_names(x)) is not None:
        return types.SimpleNamespace(**{name: zeros_like(getattr(x, name)) for name in names})
    return None


def accumulate(a: Any, b: Any) -> Any:
    """The sum of two cotangents of one structure, new; None counts as zero."""
    if a is None or b is None:
        return owned(a if b is None else b)
    if isinstance(a, dict):
        merged = {key: accumulate(item, b.get(key)) for key, item in a.items()}
        return merged | {key: owned(item) for key, item in b.items() if key not in a}
    if isinstance(a, (list, tuple)) or isinstance(b, (list, tuple)):
        return [accumulate(p, q) for p, q in zip(a, b, strict=True)]
    if (names := field_names(a)) is not None:
        added = {name: accumulate(getattr(a, name), getattr(b, name, None)) for name in names}
        rest = {name: owned(getattr(b, name)) for name in field_names(b) or () if name not in added}
        return types.SimpleNamespace(**added, **rest)
    return a + b


def owned(bar: Any) -> Any:
    """A copy of a cotangent that shares no memory with anything, ready to be added to.

    Tuples become lists and other records namespaces.
    """
    if isinstance(bar, np.ndarray):
        return bar.copy()
    if isinstance(bar, dict):
        return {key: owned(item) for key, item in bar.items()}
    if isinstance(bar, (list, tuple)):
        return [owned(item) for item in bar]
    if (names := field_names(bar)) is not None:
        return types.SimpleNamespace(**{name: owned(getattr(bar, name)) for name in names})
    return bar


def copied(x: Any) -> Any:
    """A structure like `x` whose arrays and containers are new; what else is in it stays itself.

    Raises:
        ValueError: it holds one array in two places.
    """
    require_apart(x)
    return duplicate(x)


def duplicate(x: Any) -> Any:
    """A structure like `x` whose arrays and containers are new, one for each place in it."""
    if isinstance(x, np.ndarray):
        return x.copy()
    if isinstance(x, dict):
        return {key: duplicate(item) for key, item in x.items()}
    if isinstance(x, list):
        return [duplicate(item) for item in x]
    if (names := field_names(x)) is not None:
        return rebuilt(x, {name: duplicate(getattr(x, name)) for name in names})
    if isinstance(x, tuple):
        return tuple([duplicate(item) for item in x])
    return x


def require_apart(*structures: Any) -> None:
    """Refuse arguments that share memory, one of which is going to be written in place.

    Raises:
        ValueError: two arrays in different ones, or in different places of one, share memory, or one
            container that can be changed stands in two places.
    """
    parts = [part for x in structures for part in _changeable_in(x)]
    for k, a in enumerate(parts):
        for b in parts[:k]:
            arrays = isinstance(a, np.ndarray) and isinstance(b, np.ndarray)
            if a is b or (arrays and np.may_share_memory(a, b)):
                raise ValueError(
                    "two of the arguments share memory, and one of them is written in place: "
                    "pass a copy, as in f(a, a.copy())"
                )


def _changeable_in(x: Any) -> list[Any]:
    """The arrays, and the containers that can be changed, in a structure."""
    if isinstance(x, np.ndarray):
        return [x]
    names = field_names(x)
    if isinstance(x, dict):
        items = list(x.values())
    elif names is not None:
        items = [getattr(x, name) for name in names]
    else:
        items = list(x) if isinstance(x, (list, tuple)) else []
    own = [x] if isinstance(x, (dict, list)) or (names and not isinstance(x, tuple)) else []
    return own + [part for item in items for part in _changeable_in(item)]


def last_written(bar: Any, index: Any) -> Any:
    """The cotangent of the values that were written to ``x[index]``, new.

    Where an index array names an element more than once, the last value written to it remained:
    the cotangents of the others are zero.

    Args:
        bar: the cotangent of `x`, an array, list or dict.
        index: anything that `x` can be indexed with.
    """
    if not isinstance(bar, np.ndarray):
        return owned(bar[index])
    taken = np.array(bar[index])
    numbers = np.arange(taken.size).reshape(taken.shape)
    last = np.zeros(bar.shape, dtype=int)
    last[index] = numbers
    return np.where(last[index] == numbers, taken, 0.0)[()]


def written(values: Any, like: Any, index: Any) -> Any:
    """Zeros like the array `like`, new, after `values` were written to ``[index]``."""
    buffer = zeros_like(like)
    if np.iscomplexobj(values) and isinstance(buffer, np.ndarray):
        buffer = buffer.astype(complex)
    buffer[index] = values
    return buffer


def restructure(bar: Any, like: Any) -> Any:
    """The cotangent `bar` with the structure of `like`.

    Lists become the tuples or namedtuples that stand in `like`, namespaces the records, the keys of
    a dict come in its order, and what `bar` lacks is zero, in a defaultdict also later. Arrays and NumPy numbers come in the floats
    of those in `like`; arrays may be shared with `bar`.
    """
    if bar is None:
        bar = zeros_like(like)
    if isinstance(like, dict):
        whole = {key: restructure(bar.get(key), item) for key, item in like.items()}
        make = getattr(like, "default_factory", None)
        return whole if make is None else collections.defaultdict(lambda: zeros_like(make()), whole)
    if (names := field_names(like)) is not None:
        if isinstance(like, tuple) and not isinstance(bar, types.SimpleNamespace):
            bar = types.SimpleNamespace(**dict(zip(names, bar, strict=True)))
        parts = {name: getattr(bar, name, None) for name in names}
        fields = {name: restructure(part, getattr(like, name)) for name, part in parts.items()}
        return rebuilt(like, fields)
    if isinstance(like, (list, tuple)):
        items = [restructure(part, item) for part, item in zip(bar, like, strict=True)]
        return items if isinstance(like, list) else tuple(items)
    if isinstance(like, (np.ndarray, np.inexact)):
        if like.dtype.kind not in "fc":
            return bar
        if isinstance(bar, np.ndarray):
            return bar.astype(like.dtype, copy=False)
        return like.dtype.type(bar) if like.dtype not in (np.float64, np.complex128) else bar
    return bar


def add_at(buffer: Any, index: Any, g: Any) -> None:
    """Add `g` to ``buffer[index]`` in place, once for each time that `index` names an element.

    Args:
        buffer: an array, a dict, a list (which a slice may index), or a namespace.
        index: what stands between the brackets, for a namespace the name of an attribute.
        g: the cotangent of ``buffer[index]``.
    """
    if isinstance(buffer, np.ndarray):
        np.add.at(buffer, index, g)
    elif isinstance(index, slice):
        for k, item in zip(range(*index.indices(len(buffer))), g, strict=True):
            buffer[k] = accumulate(buffer[k], item)
    elif isinstance(buffer, types.SimpleNamespace):
        setattr(buffer, index, accumulate(getattr(buffer, index), g))
    else:
        buffer[index] = accumulate(buffer[index], g)


def scatter(g: Any, like: Any, index: Any) -> Any:
    """The cotangent of `like` when `g` is that of ``like[index]``: zeros elsewhere, new."""
    buffer = zeros_like(like)
    if isinstance(
        buffer, (float, complex)
    ):  # one of NumPy's: an array without axes, all but in name
        return np.sum(g)
    add_at(buffer, index, g)
    return buffer


def as_float(x: Any) -> Any:
    """`x` with its whole numbers as floats: a number, an array, or a structure of them."""
    if isinstance(x, np.ndarray):
        return x if x.dtype.kind not in "biu" else x.astype(np.float64)
    if isinstance(x, (int, np.integer, np.bool)):
        return float(x)
    if isinstance(x, dict):
        return {key: as_float(item) for key, item in x.items()}
    if (names := field_names(x)) is not None:
        return rebuilt(x, {name: as_float(getattr(x, name)) for name in names})
    if isinstance(x, (list, tuple)):
        return type(x)([as_float(item) for item in x])
    return x


def as_complex(x: Any) -> Any:
    """`x` with its real numbers as complex ones of the same precision; it may be `x` itself."""
    x = np.asarray(x)
    return x.astype(np.result_type(x.dtype, np.complex64), copy=False)


def conjugate(x: Any) -> Any:
    """The conjugate of a structure of cotangents, new where it holds complex numbers."""
    if isinstance(x, (np.ndarray, np.number, complex)):
        return np.conj(x)
    if isinstance(x, dict):
        return {key: conjugate(item) for key, item in x.items()}
    if (names := field_names(x)) is not None:
        return rebuilt(x, {name: conjugate(getattr(x, name)) for name in names})
    if isinstance(x, (list, tuple)):
        return type(x)([conjugate(item) for item in x])
    return x


def item(a: Any) -> Any:
    """The one element of `a` as a Python number."""
    return np.asarray(a).item()


def tolist(a: Any) -> Any:
    """`a` as nested lists of Python numbers."""
    return np.asarray(a).tolist()


def require_scalar(value: Any) -> None:
    """Check that `value` is one number, as the result of a function with a gradient has to be.

    Raises:
        ValueError: `value` is an array with axes, or a structure.
    """
    if isinstance(value, (dict, list, tuple)):
        came = f"a {type(value).__name__} of {len(value)}"
    elif field_names(value) is not None:
        came = f"a {type(value).__name__}"
    elif np.shape(value) != ():
        came = f"an array of shape {np.shape(value)}"
    else:
        return
    raise ValueError(
        f"a gradient needs a function with one number as its result, and {came} came:"
        " return one number, or one array and take its derivative with retrograd.jacobian"
    )


# ---------------------------------------------------------------- lists of arrays


def fan_out(g: Any, items: Any) -> Any:
    """The cotangents of `items` when `g` is that of their sum: a list, or an array for an array."""
    if isinstance(items, np.ndarray):
        return spread(g, items.shape)
    return [unbroadcast(g, item) for item in items]


def tie_shares(items: Any, extreme: Any) -> Any:
    """How much each of `items` contributes to their `extreme`: equal shares among ties.

    Returns:
        float64, shape (n,), of sum 1.
    """
    ties = np.asarray(items) == extreme
    return ties / np.count_nonzero(ties)


def split_like(g: Any, arrays: Any, axis: int | None = 0) -> Any:
    """The cotangents of `arrays` when `g` is that of ``numpy.concatenate(arrays, axis)``.

    Returns:
        a list, or an array where `arrays` is one; the same holds for the other splits.
    """
    shapes = [np.shape(array) for array in arrays]
    if axis is None:
        return _pieces(g, arrays, [_product(shape) for shape in shapes], 0)
    return _pieces(g, arrays, [shape[axis] for shape in shapes], axis)


def vsplit_like(g: Any, arrays: Any) -> Any:
    """The cotangents of `arrays` when `g` is that of ``numpy.vstack(arrays)``."""
    shapes = [np.shape(array) for array in arrays]
    return _pieces(g, arrays, [shape[0] if len(shape) > 1 else 1 for shape in shapes], 0)


def hsplit_like(g: Any, arrays: Any) -> Any:
    """The cotangents of `arrays` when `g` is that of ``numpy.hstack(arrays)``."""
    shapes = [np.shape(array) for array in arrays]
    axis = 1 if len(shapes[0]) > 1 else 0
    return _pieces(g, arrays, [shape[axis] if shape else 1 for shape in shapes], axis)


def column_split_like(g: Any, arrays: Any) -> Any:
    """The cotangents of `arrays` when `g` is that of ``numpy.column_stack(arrays)``."""
    shapes = [np.shape(array) for array in arrays]
    return _pieces(g, arrays, [shape[1] if len(shape) > 1 else 1 for shape in shapes], 1)


def _pieces(g: Any, arrays: Any, lengths: list[int], axis: int) -> Any:
    """`g` cut along `axis` into pieces of these lengths, each in the shape of its array."""
    cuts = np.cumsum(lengths)[:-1]
    pieces = [
        np.reshape(piece, np.shape(array))[()]
        for piece, array in zip(np.split(g, cuts, axis), arrays, strict=True)
    ]
    return np.array(pieces) if isinstance(arrays, np.ndarray) else pieces


def _product(numbers: Any) -> int:
    """The product of whole numbers."""
    result = 1
    for number in numbers:
        result *= number
    return result


# ---------------------------------------------------------------- elements moved


def diag_vjp(g: Any, shape: tuple[int, ...], k: int = 0) -> Any:
    """The cotangent of `v`, of this `shape`, when `g` is that of ``numpy.diag(v, k)``."""
    if len(shape) == 1:
        return np.diagonal(g, k)
    result = np.zeros(shape, g.dtype)
    along = np.arange(len(g))
    result[along + max(-k, 0), along + max(k, 0)] = g
    return result


def tile_vjp(g: Any, shape: tuple[int, ...], reps: Any) -> Any:
    """The cotangent of an array of this `shape` when `g` is that of ``numpy.tile(array, reps)``."""
    times = tuple(np.atleast_1d(reps).tolist())
    rank = max(len(shape), len(times))
    times = (1,) * (rank - len(times)) + times
    padded = (1,) * (rank - len(shape)) + tuple(shape)
    blocks = [extent for pair in zip(times, padded, strict=True) for extent in pair]
    return np.reshape(np.sum(np.reshape(g, blocks), axis=tuple(range(0, 2 * rank, 2))), shape)


def repeat_vjp(g: Any, shape: tuple[int, ...], repeats: Any, axis: int | None = None) -> Any:
    """The cotangent of an array of this `shape` when `g` is that of ``numpy.repeat`` of it."""
    if axis is None:
        return np.reshape(repeat_vjp(g, (_product(shape),), repeats, 0), shape)
    length = shape[axis]
    source = np.repeat(np.arange(length), repeats)
    rows = np.moveaxis(g, axis, 0)
    result = np.zeros((length, *rows.shape[1:]), g.dtype)
    np.add.at(result, source, rows)
    return np.moveaxis(result, 0, axis)


# ---------------------------------------------------------------- products of matrices


def matmul_vjp_x(g: Any, shape: tuple[int, ...], y: Any) -> Any:
    """The cotangent of `x`, of this `shape`, when `g` is that of ``x @ y``; for all ranks."""
    if _is_sparse(y):
        return g @ y.T
    if np.ndim(y) == 1:
        return sum_to(np.expand_dims(g, -1) * y, shape)
    if len(shape) == 1:
        return sum_to((y @ np.expand_dims(g, -1))[..., 0], shape)
    return sum_to(g @ np.swapaxes(y, -1, -2), shape)


def matmul_vjp_y(g: Any, x: Any, shape: tuple[int, ...]) -> Any:
    """The cotangent of `y`, of this `shape`, when `g` is that of ``x @ y``; for all ranks."""
    if _is_sparse(x):
        return x.T @ g
    if np.ndim(x) == 1 and len(shape) == 1:
        return g * x
    if np.ndim(x) == 1:
        return sum_to(np.expand_dims(x, -1) * np.expand_dims(g, -2), shape)
    if len(shape) == 1:
        return sum_to(np.expand_dims(g, -1) * x, shape)
    return sum_to(np.swapaxes(x, -1, -2) @ g, shape)


def _is_sparse(x: Any) -> bool:
    """Whether `x` is a sparse matrix of SciPy's, with rows and columns."""
    return hasattr(x, "nnz") and x.ndim == 2


def dot_vjp_a(g: Any, shape: tuple[int, ...], b: Any) -> Any:
    """The cotangent of `a`, of this `shape`, when `g` is that of ``numpy.dot(a, b)``."""
    rank = np.ndim(b)
    if rank == 0 or not shape:
        return sum_to(g * b, shape)
    if rank == 1:
        return np.expand_dims(g, -1) * b
    return np.tensordot(g, np.moveaxis(b, -2, -1), rank - 1)


def dot_vjp_b(g: Any, a: Any, shape: tuple[int, ...]) -> Any:
    """The cotangent of `b`, of this `shape`, when `g` is that of ``numpy.dot(a, b)``."""
    rank = np.ndim(a)
    if rank == 0 or not shape:
        return sum_to(g * a, shape)
    rows = tuple(range(rank - 1))
    result = np.tensordot(a, g, (rows, rows))
    return result if len(shape) == 1 else np.moveaxis(result, 0, -2)


def inner_vjp_a(g: Any, shape: tuple[int, ...], b: Any) -> Any:
    """The cotangent of `a`, of this `shape`, when `g` is that of ``numpy.inner(a, b)``."""
    rank = np.ndim(b)
    if rank == 0 or not shape:
        return sum_to(g * b, shape)
    return np.tensordot(g, b, rank - 1)


def inner_vjp_b(g: Any, a: Any, shape: tuple[int, ...]) -> Any:
    """The cotangent of `b`, of this `shape`, when `g` is that of ``numpy.inner(a, b)``."""
    rank = np.ndim(a)
    if rank == 0 or not shape:
        return sum_to(g * a, shape)
    rows = tuple(range(rank - 1))
    return np.tensordot(g, a, (rows, rows))


# ---------------------------------------------------------------- single numbers


def power_slope(x: float, y: float) -> float:
    """The derivative of ``x**y`` for `x`: 0 for ``y == 0`` everywhere, inf for a root at 0."""
    if y == 0.0:
        return 0.0
    if x == 0.0 and y < 1.0:
        return y * np.inf
    return float(y * x ** (y - 1.0))


def keys_of(d: dict[Any, Any]) -> list[Any]:
    """The keys of a dict in their order, so that a loop over them can be run backwards."""
    return list(d.keys())


def sinc_slope(x: Any) -> Any:
    """The derivative of ``numpy.sinc``, to full precision near 0 too, where the terms cancel."""
    z = np.pi * np.asarray(x)
    near = np.abs(z) < 0.3
    far = np.where(near, 1.0, z)
    s = z * z
    series = -z * (1 / 3 - s * (1 / 30 - s * (1 / 840 - s * (1 / 45360 - s / 3991680))))
    return np.pi * np.where(near, series, (far * np.cos(far) - np.sin(far)) / (far * far))
