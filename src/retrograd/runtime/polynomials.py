"""Derivatives of functions of polynomials, in the language that is read."""

from typing import Any

import numpy as np


def poly_slopes(roots: Any) -> Any:
    """The derivatives of ``numpy.poly(roots)``: row i for root i."""
    slopes = np.zeros((len(roots), len(roots) + 1))
    for i in range(len(roots)):
        slopes[i, 1:] = -np.poly(np.delete(roots, i))
    return slopes


def polydiv_vjp(g_quotient: Any, g_rest: Any, v: Any, quotient: Any, length: Any) -> Any:
    """The cotangent of `u` when those of the results of ``numpy.polydiv(u, v)`` are given.

    With ``u = v * quotient + rest``, the quotient solves a triangular system with the leading
    coefficients of `u`, of which the transpose is the same division from the other end.

    Args:
        g_quotient, g_rest: vectors, or 0.0 for what nothing depends on.
        v: the divisor.
        quotient: the first result.
        length: that of `u`.
    """
    behind = np.size(v) - 1
    if length <= behind:
        return np.zeros(length) + g_rest
    bar = np.zeros(length)
    if np.ndim(g_rest) > 0:
        bar = np.concatenate([np.zeros(length - np.size(g_rest)), g_rest])
    lacking = g_quotient - np.correlate(bar, np.conj(v), "valid")
    padded = np.concatenate([lacking[::-1], np.zeros(behind)])
    solved = np.polydiv(padded, v)[0][::-1]
    return bar + np.concatenate([solved, np.zeros(behind)])


def polydiv_vjp_v(g_quotient: Any, g_rest: Any, v: Any, quotient: Any, length: Any) -> Any:
    """The cotangent of `v` when those of the results of ``numpy.polydiv(u, v)`` are given."""
    if length < np.size(v):
        return np.zeros(np.size(v))
    bar = polydiv_vjp(g_quotient, g_rest, v, quotient, length)
    return -np.correlate(bar, np.conj(quotient), "valid")


def polydiv_jvp(u_dot: Any, v: Any, rest: Any) -> Any:
    """The tangents of the results of ``numpy.polydiv(u, v)`` when `u` moves by `u_dot`."""
    quotient_dot = np.polydiv(u_dot, v)[0]
    if np.size(u_dot) < np.size(v):
        return quotient_dot, u_dot
    rest_dot = u_dot - np.convolve(quotient_dot, v)
    return quotient_dot, rest_dot[np.size(u_dot) - np.size(rest) :]
