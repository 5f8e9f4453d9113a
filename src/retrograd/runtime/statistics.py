"""Derivatives of covariances, correlations and histograms.

These functions are written in the language that the compiler reads, and call nothing without a
rule; so a derivative of generated code goes through them as through functions of the user's.
"""

from typing import Any

import numpy as np

# ---------------------------------------------------------------- covariances


def observed_rows(m: Any, rowvar: Any = True) -> Any:
    """`m` with one row for each variable, as ``numpy.cov`` takes it."""
    if np.ndim(m) == 1:
        return np.reshape(m, (1, -1))
    return m if rowvar else np.transpose(m)


def all_rows(m: Any, y: Any = None, rowvar: Any = True) -> Any:
    """The rows of both arguments of ``numpy.cov``, one after the other."""
    if y is None:
        return observed_rows(m, rowvar)
    return np.concatenate((observed_rows(m, rowvar), observed_rows(y, rowvar)))


def centred_rows(rows: Any) -> Any:
    """`rows` less the mean of each."""
    return rows - np.mean(rows, axis=1, keepdims=True)


def freedom_of(count: Any, bias: Any = False, ddof: Any = None) -> Any:
    """What ``numpy.cov`` divides by for so many observations."""
    if ddof is not None:
        return count - ddof
    return count if bias else count - 1


def rows_of(bar: Any, m: Any, y: Any, rowvar: Any, second: Any) -> Any:
    """The cotangent of `m`, or of `y` for `second`, in that of all rows."""
    count = observed_rows(m, rowvar).shape[0]
    if second:
        return np.reshape(observed_rows(bar[count:], rowvar), np.shape(y))
    return np.reshape(observed_rows(bar[:count], rowvar), np.shape(m))


def cov_vjp(g: Any, m: Any, y: Any, rowvar: Any, bias: Any, ddof: Any, second: Any = False) -> Any:
    """The cotangent of `m`, or of `y` for `second`, when `g` is that of ``numpy.cov(m, y, ...)``."""
    centred = centred_rows(all_rows(m, y, rowvar))
    count = centred.shape[0]
    square = np.reshape(g, (count, count))
    bar = (square + square.T) @ centred / freedom_of(centred.shape[1], bias, ddof)
    return rows_of(bar, m, y, rowvar, second)


def rows_dot(m: Any, y: Any, dot: Any, rowvar: Any, second: Any) -> Any:
    """The tangent of all rows when `m`, or `y` for `second`, has the tangent `dot`."""
    if y is None:
        return observed_rows(dot, rowvar)
    if second:
        still = np.zeros(observed_rows(m, rowvar).shape)
        return np.concatenate((still, observed_rows(dot, rowvar)))
    still = np.zeros(observed_rows(y, rowvar).shape)
    return np.concatenate((observed_rows(dot, rowvar), still))


def cov_jvp(
    m: Any, y: Any, dot: Any, shape: Any, rowvar: Any, bias: Any, ddof: Any, second: Any = False
) -> Any:
    """The tangent of ``numpy.cov(m, y, ...)``, of `shape`, when `m`, or `y`, moves by `dot`."""
    centred = centred_rows(all_rows(m, y, rowvar))
    half = rows_dot(m, y, dot, rowvar, second) @ centred.T
    return np.reshape((half + half.T) / freedom_of(centred.shape[1], bias, ddof), shape)


def unit_rows(m: Any, y: Any, rowvar: Any) -> Any:
    """The rows of both arguments of ``numpy.corrcoef``, centred and of length 1."""
    centred = centred_rows(all_rows(m, y, rowvar))
    return centred / np.sqrt(np.sum(centred**2, axis=1, keepdims=True))


def lengths_of_rows(m: Any, y: Any, rowvar: Any) -> Any:
    """The lengths of these rows before they were divided by them, as a column."""
    centred = centred_rows(all_rows(m, y, rowvar))
    return np.sqrt(np.sum(centred**2, axis=1, keepdims=True))


def corrcoef_vjp(g: Any, x: Any, y: Any, rowvar: Any, second: Any = False) -> Any:
    """The cotangent of `x`, or of `y` for `second`, when `g` is that of ``numpy.corrcoef``."""
    unit = unit_rows(x, y, rowvar)
    count = unit.shape[0]
    square = np.reshape(g, (count, count))
    bar = (square + square.T) @ unit
    bar = (bar - unit * np.sum(bar * unit, axis=1, keepdims=True)) / lengths_of_rows(x, y, rowvar)
    return rows_of(bar, x, y, rowvar, second)


def corrcoef_jvp(x: Any, y: Any, dot: Any, shape: Any, rowvar: Any, second: Any = False) -> Any:
    """The tangent of ``numpy.corrcoef(x, y, rowvar)``, of `shape`, when `x`, or `y`, moves by `dot`."""
    unit = unit_rows(x, y, rowvar)
    moved = centred_rows(rows_dot(x, y, dot, rowvar, second)) / lengths_of_rows(x, y, rowvar)
    moved = moved - unit * np.sum(moved * unit, axis=1, keepdims=True)
    half = moved @ unit.T
    return np.reshape(half + half.T, shape)


# ---------------------------------------------------------------- histograms


def ends_follow(bins: Any, range: Any) -> Any:
    """Whether the edges of ``numpy.histogram`` lie between the least and the greatest value."""
    return range is None and np.ndim(bins) == 0


def edges_vjp(g: Any, a: Any, bins: Any, range: Any) -> Any:
    """The cotangent of the values `a` when `g` is that of the edges of ``numpy.histogram``."""
    if np.ndim(g) == 0 or not ends_follow(bins, range):
        return np.zeros(np.shape(a))
    along = np.linspace(0.0, 1.0, np.size(g))
    least, greatest = a == np.min(a), a == np.max(a)
    first = np.sum(g * (1.0 - along)) / np.count_nonzero(least)
    last = np.sum(g * along) / np.count_nonzero(greatest)
    return np.where(least, first, 0.0) + np.where(greatest, last, 0.0)


def edges_jvp(a_dot: Any, a: Any, edges: Any, bins: Any, range: Any) -> Any:
    """The tangent of the `edges` of ``numpy.histogram`` when its values `a` move by `a_dot`."""
    if not ends_follow(bins, range):
        return np.zeros(np.size(edges))
    along = np.linspace(0.0, 1.0, np.size(edges))
    least, greatest = a == np.min(a), a == np.max(a)
    first = np.sum(np.where(least, a_dot, 0.0)) / np.count_nonzero(least)
    last = np.sum(np.where(greatest, a_dot, 0.0)) / np.count_nonzero(greatest)
    return first * (1.0 - along) + last * along
