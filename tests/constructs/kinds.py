"""Kinds of data: integers and booleans, float32, 0-d and empty arrays, conversions, zeros by declaration."""

import math

import numpy as np

AT = dict(
    x=0.7,
    y=1.3,
    v=np.array([0.4, -1.1, 0.9]),
    M=np.array([[0.3, -0.6, 0.9], [1.2, 0.5, -0.4]]),
    n=3,
    flag=True,
    counts=np.array([3, 0, 2]),
    mask=np.array([True, False, True]),
)

# ---------------------------------------------------------------- inactive data


def python_int(x, n):
    """Python ints"""
    return x**n * n + x / n


def python_bool(x, y, flag):
    """Python bools"""
    return x * flag + (y if flag else x) * (not flag)


def integer_array(v, counts):
    """NumPy integer arrays"""
    return np.sum(v * counts) + np.sum(v**counts) + v[counts[2]]


def integer_array_arithmetic(x, counts):
    """Harder: arithmetic among themselves, then with a float."""
    shares = counts / np.sum(counts)
    return np.sum(shares * x ** (counts // 2)) * counts.dtype.itemsize


def boolean_array(x, v, mask):
    """NumPy boolean arrays"""
    return np.sum(v * mask) * x + np.sum(v[mask] ** 2) + np.sum(np.where(mask, v, x))


def boolean_array_made_here(x, v):
    """Harder: made here, and counted."""
    inside = (v > 0.0) & ~(v > 0.5) | (v < -1.0)
    return np.sum(v * inside) * np.sum(inside) * x


def none_and_text(x, unit, extra):
    """Text and None

    at: x=0.7, unit="km", extra=None
    """
    scale = 1000.0 if unit == "km" else 1.0
    return x * x * scale if extra is None else x


def integer_asked_for(k, x):
    """An integer that is asked for counts as a float

    at: k=3, x=0.7
    wrt: k, x
    """
    return k * k * x + x / k


def integer_asked_for_in_loop(k, x):
    """Harder: divided and stored.

    at: k=3, x=0.7
    wrt: k, x
    """
    a = np.zeros(2)
    a[0] = k / 2
    a[1] = k * x
    return a[0] * a[1]


def integer_array_asked_for(counts, x):
    """An integer array that is asked for counts as floats

    wrt: counts, x
    """
    return np.sum(counts**2 * x) + np.prod(counts + x)


def integer_array_asked_for_and_written(counts, x):
    """Harder: and is written.

    wrt: counts, x
    """
    counts[1] = x
    return np.sum(counts**2)


# ---------------------------------------------------------------- floats and arrays of every size


def float32_stays(w, x):
    """float32 stays float32

    at: w=np.array([0.4, -1.1], dtype=np.float32), x=np.float32(0.7)
    """
    return np.sum(w**2 * x)


def float32_in_loop(w, n):
    """Harder: with constants, in a loop.

    at: w=np.array([0.4, -1.1], dtype=np.float32), n=3
    """
    a = np.zeros_like(w)
    for _ in range(n):
        a += np.sin(w) * 0.5
    return np.sum(a * w)


def float32_and_float64(w, x):
    """Harder: beside float64, each gradient like its argument.

    at: w=np.array([0.4, -1.1], dtype=np.float32), x=0.7
    """
    return np.sum(w.astype(np.float64) * x)


def zero_d_array(a, x):
    """0-d arrays

    at: a=np.array(1.3), x=0.7
    """
    return a * x + np.sin(a)


def zero_d_array_read(a, x):
    """Harder: by `a[()]`, with a sum over no axes.

    at: a=np.array(1.3), x=0.7
    """
    return a[()] * x + np.sum(a) ** 2 + float(a)


def zero_d_array_augmented(a, x):
    """Harder: augmented, which mutates.

    at: a=np.array(1.3), x=0.7
    """
    b = a * np.ones(())
    b *= x
    return b * a


def empty_array(e, x):
    """Empty arrays

    at: e=np.zeros(0), x=0.7
    """
    return np.sum(e * x) + x**2 + e.size


def empty_array_of_two_axes(E, x):
    """Harder: with two axes, reduced along one.

    at: E=np.zeros((0, 3)), x=0.7
    """
    return np.sum(np.sum(E * x, axis=0) + x) + np.prod(E)


def size_one_broadcasting(column, row, one):
    """Size-1 broadcasting

    at: column=np.array([[0.4], [1.1]]), row=np.array([[0.3, 0.2, -0.5]]), one=np.array([0.8])
    """
    return np.sum((column * row + one) ** 2)


def size_one_broadcasting_in_place(M, one, x):
    """Harder: in place, and a matrix of one entry.

    at: M=np.array([[0.3, -0.6], [1.2, 0.5]]), one=np.array([[0.8]]), x=0.7
    """
    M += one * x
    M *= one[0]
    return np.sum(M**2) + one.item()


# ---------------------------------------------------------------- conversions that keep the derivative


def keeps_float(x, v):
    """`float(x)`"""
    return float(x) ** 2 + float(v[0]) * float(np.sum(v))


def keeps_item(x, v):
    """`x.item()`"""
    return np.sum(v * x).item() + v[1:2].item() ** 2 + v.item(0)


def keeps_asarray(x, v):
    """`np.asarray(x)`"""
    return np.sum(np.asarray(v) ** 2) * np.asarray(x) + np.sum(np.asarray([x, 2.0]))


def asarray_of_a_list(weights):
    """Harder: of a list that is a parameter.

    at: weights=[0.4, -1.1, 0.9]
    """
    return np.sum(np.asarray(weights) ** 2) + np.array(weights)[0] ** 3


def asarray_then_written(x, v):
    """Harder: then written, which the argument sees.

    refused: RG402
    """
    a = np.asarray(v)
    a[0] = x**2
    return np.sum(v**2) + np.sum(a)


def keeps_array(x, v):
    """`np.array(x)`"""
    a = np.array(v)
    a[0] = x
    return np.sum(a * v) + np.array(x) ** 2


def keeps_astype(v, x):
    """`x.astype(float)`"""
    return np.sum(v.astype(float) ** 2 * x) + np.sum(v.astype("float64"))


def keeps_float64(x, y):
    """`np.float64(x)`"""
    return np.float64(x) * y + np.float64(2.0) * np.float64(x * y)


def keeps_copy(v, x):
    """`x.copy()`"""
    return np.sum(v.copy() * x) + np.sum(np.copy(v) ** 2)


def keeps_transpose(M, x):
    """`x.T`"""
    return np.sum((M.T @ M) * x) + M.T[2, 0] ** 2


def keeps_shape(M, x):
    """`x.shape`"""
    rows, columns = M.shape
    return np.sum(M) / rows * x**columns + M.shape[1]


def keeps_size(M, x):
    """`x.size` and `x.ndim`"""
    return np.sum(M**2) / M.size * x**M.ndim + len(M)


def keeps_real(v, x):
    """`x.real`"""
    return np.sum(v.real**2) * x.real + np.sum(v.imag)


def keeps_flatten(M, x):
    """`x.flatten()`, `x.ravel()`, `x.reshape(...)`"""
    flat = M.flatten()
    flat[0] = x
    return np.sum(flat**2) + np.sum(M.ravel()[::2] * x) + np.sum(M.reshape(3, 2)[:, 0] ** 3)


def keeps_tolist(v, x):
    """`x.tolist()`"""
    items = v.tolist()
    return items[0] * items[1] * x


# ---------------------------------------------------------------- zero by declaration


def zero_int(x, y):
    """`int(x)` has derivative zero"""
    cells = int(9.0 * x)
    return cells * y + x * cells


def zero_round(x, v):
    """`round(x)` and `np.round(x)` have derivative zero"""
    return round(3.3 * x) * x + np.sum(np.round(v) * v)


def zero_comparison(x, v):
    """Comparisons have derivative zero"""
    return (x > 0.5) * x + np.sum((v > 0.0) * v) + float(x < 0.1)


def zero_floor(x, v):
    """`np.floor`, `np.ceil`, `math.floor`, `np.trunc` have derivative zero"""
    whole = np.floor(3.3 * v) + np.ceil(v) + np.trunc(2.2 * v)
    return np.sum(whole * v) + math.floor(5.0 * x) * x + math.ceil(x)


def zero_sign(x, v):
    """`np.sign` has derivative zero"""
    return np.sum(np.sign(v) * v**2) * x


def zero_argmax(x, v):
    """`np.argmax`, `np.argmin`, `np.argsort` have derivative zero"""
    order = np.argsort(v)
    return v[np.argmax(v)] * x + v[v.argmin()] ** 2 + np.sum(v[order] * np.arange(3.0))


def zero_search(x, v):
    """`np.searchsorted`, `np.nonzero`, `np.count_nonzero` have derivative zero"""
    grid = np.array([0.0, 0.5, 1.0])
    cell = np.searchsorted(grid, x)
    (where,) = np.nonzero(v > 0.0)
    return grid[cell] * x + np.sum(v[where] ** 2) * np.count_nonzero(v)


def zero_tests(x, v):
    """`np.isfinite`, `np.isnan`, `np.allclose` have derivative zero"""
    if np.isfinite(x) and not np.any(np.isnan(v)) and not np.allclose(v, 0.0):
        return np.sum(v**2) * x
    return 0.0


def zero_astype_int(x, v):
    """`x.astype(int)` has derivative zero"""
    cells = (9.0 * v).astype(int)
    return np.sum(cells * v) * x
