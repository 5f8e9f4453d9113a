"""Cotangents of products of arrays: tensordot, kron, einsum and convolutions.

Like `arrays`, each function can be copied into a module that stands alone.
"""

from typing import Any

import numpy as np

# ---------------------------------------------------------------- sums over named axes


def tensordot_vjp_a(g: Any, shape: tuple[int, ...], b: Any, axes: Any = 2) -> Any:
    """The cotangent of `a`, of this `shape`, when `g` is that of ``numpy.tensordot(a, b, axes)``."""
    summed_a, summed_b = _summed_axes(len(shape), axes)
    free_a = [k for k in range(len(shape)) if k not in _from_front(summed_a, len(shape))]
    of_b = _from_front(summed_b, np.ndim(b))
    free_b = [k for k in range(np.ndim(b)) if k not in of_b]
    result = np.tensordot(g, b, (list(range(len(free_a), np.ndim(g))), free_b))
    pairs = sorted(zip(of_b, _from_front(summed_a, len(shape)), strict=True))
    return np.transpose(result, np.argsort([*free_a, *(k for _, k in pairs)]))[()]


def tensordot_vjp_b(g: Any, a: Any, shape: tuple[int, ...], axes: Any = 2) -> Any:
    """The cotangent of `b`, of this `shape`, when `g` is that of ``numpy.tensordot(a, b, axes)``."""
    summed_a, summed_b = _summed_axes(np.ndim(a), axes)
    of_a = _from_front(summed_a, np.ndim(a))
    free_a = [k for k in range(np.ndim(a)) if k not in of_a]
    of_b = _from_front(summed_b, len(shape))
    free_b = [k for k in range(len(shape)) if k not in of_b]
    result = np.tensordot(a, g, (free_a, list(range(len(free_a)))))
    pairs = sorted(zip(of_a, of_b, strict=True))
    return np.transpose(result, np.argsort([*(k for _, k in pairs), *free_b]))[()]


def _summed_axes(rank_a: int, axes: Any) -> tuple[list[int], list[int]]:
    """The axes of both operands that ``numpy.tensordot`` sums over, pair by pair."""
    if np.ndim(axes) == 0 and not isinstance(axes, (list, tuple)):
        return list(range(rank_a - int(axes), rank_a)), list(range(int(axes)))
    of_a, of_b = axes
    return np.atleast_1d(of_a).tolist(), np.atleast_1d(of_b).tolist()


def _from_front(axes: list[int], rank: int) -> list[int]:
    """`axes` counted from the first."""
    return [int(k) % rank for k in axes]


def einsum_vjp(g: Any, subscripts: Any, place: int, *operands: Any) -> Any:
    """The cotangent of operand number `place` when `g` is that of ``numpy.einsum``.

    Args:
        g: a number or array.
        subscripts: what the axes of the operands are called, as text.
        place: which of the operands.
        operands: all of them.

    Raises:
        ValueError: the axes are named by lists and not by a text.
    """
    if not isinstance(subscripts, str):
        raise ValueError("the derivative of numpy.einsum needs subscripts as text: 'ij,jk->ik'")
    text, arrow, result = subscripts.replace(" ", "").partition("->")
    terms = text.split(",")
    free = [c for c in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" if c not in text]
    spare = [free.pop() for _ in range(max(np.ndim(x) for x in operands))]
    ranks = [np.ndim(x) - len(t.replace("...", "")) for x, t in zip(operands, terms, strict=True)]
    dots = ["".join(spare[len(spare) - rank :]) for rank in ranks]
    terms = [t.replace("...", d) if "..." in t else t for t, d in zip(terms, dots, strict=True)]
    widest = max(
        (d for d, t in zip(dots, text.split(","), strict=True) if "..." in t), key=len, default=""
    )
    if not arrow:
        named = text.replace("...", "").replace(",", "")
        result = "..." + "".join(sorted(c for c in set(named) if named.count(c) == 1))
    result = result.replace("...", widest)
    own, shape = terms[place], np.shape(operands[place])
    others = [(t, x) for k, (t, x) in enumerate(zip(terms, operands, strict=True)) if k != place]
    target = ""
    for name, length in zip(own, shape, strict=True):
        if name in target:
            twin = free.pop()
            others.append((name + twin, np.eye(length, dtype=g.dtype)))
            name = twin
        elif not any(name in term for term in (result, *(t for t, _ in others))):
            others.append((name, np.ones(length, dtype=g.dtype)))
        target += name
    joined = ",".join([result, *(term for term, _ in others)])
    wide = np.einsum(f"{joined}->{target}", g, *(x for _, x in others))
    stretched = tuple(k for k, (n, m) in enumerate(zip(wide.shape, shape, strict=True)) if n != m)
    return np.sum(wide, axis=stretched, keepdims=True)[()] if stretched else wide[()]


# ---------------------------------------------------------------- Kronecker products


def kron_vjp_a(g: Any, shape: tuple[int, ...], b: Any) -> Any:
    """The cotangent of `a`, of this `shape`, when `g` is that of ``numpy.kron(a, b)``."""
    blocks, _, of_b = _blocks(g, shape, np.shape(b))
    return np.reshape(np.tensordot(blocks, np.reshape(b, of_b), len(of_b)), shape)[()]


def kron_vjp_b(g: Any, a: Any, shape: tuple[int, ...]) -> Any:
    """The cotangent of `b`, of this `shape`, when `g` is that of ``numpy.kron(a, b)``."""
    blocks, of_a, _ = _blocks(g, np.shape(a), shape)
    return np.reshape(np.tensordot(np.reshape(a, of_a), blocks, len(of_a)), shape)[()]


def _blocks(g: Any, a: tuple[int, ...], b: tuple[int, ...]) -> tuple[Any, Any, Any]:
    """`g` with the axes of the first factor, then those of the second, and both shapes filled up."""
    rank = max(len(a), len(b))
    a, b = (1,) * (rank - len(a)) + a, (1,) * (rank - len(b)) + b
    apart = np.reshape(g, [extent for pair in zip(a, b, strict=True) for extent in pair])
    return np.transpose(apart, (*range(0, 2 * rank, 2), *range(1, 2 * rank, 2))), a, b


# ---------------------------------------------------------------- convolutions


def in_full(g: Any, n: int, m: int, mode: Any, turned: bool = False) -> Any:
    """The cotangent of a full convolution of rows of `n` and `m`, of which `mode` keeps a part.

    `turned`: the second row is turned around first, as in ``numpy.correlate``.
    """
    start = _start(n, m, mode, turned)
    after = n + m - 1 - start - len(g)
    return np.pad(g, (start, after))


def part_of_full(x: Any, n: int, m: int, mode: Any, turned: bool = False) -> Any:
    """The part that `mode` keeps of a full convolution `x` of rows of `n` and `m`."""
    start = _start(n, m, mode, turned)
    lengths = {"f": n + m - 1, "s": max(n, m), "v": max(n, m) - min(n, m) + 1}
    return x[start : start + lengths[_letter(mode)]]


def _start(n: int, m: int, mode: Any, turned: bool) -> int:
    """Where the part that `mode` keeps of a full convolution begins."""
    shorter = min(n, m)
    middle = shorter // 2 if turned and m > n else (shorter - 1) // 2
    return {"f": 0, "s": middle, "v": shorter - 1}[_letter(mode)]


def _letter(mode: Any) -> str:
    """The first letter of the name of a mode, which may be given as a number."""
    return "vsf"[mode] if isinstance(mode, int) else str(mode)[0].lower()
