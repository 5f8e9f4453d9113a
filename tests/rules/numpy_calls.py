"""More calls to try the rules on: functions of NumPy that select, sort, interpolate and multiply."""

import numpy as np

from tests.rules.calls import RANGES, Call, _calls, _reductions, numbers

_I = np.array([2, 0, 2])
_J = np.array([[1, 0], [-1, 1]])
_C = np.array([True, False, True])

_W = np.array([[True, False, True], [False, True, True]])


def _with_nan(*shape: int) -> np.ndarray:
    """Numbers, every third of which is nan."""
    values = np.asarray(numbers(shape, 0, RANGES[0]))
    return np.where(np.arange(values.size).reshape(shape) % 3 == 2, np.nan, values)


def _nan_reductions(path: str, *more: str) -> list[Call]:
    return [
        Call(f"{path}({', '.join(filter(None, ('a', axes)))})", {"a": _with_nan(*shape)})
        for axes, shapes in (
            ("", [(4,), (2, 4)]),
            ("axis=0", [(4,), (2, 4)]),
            ("axis=-1, keepdims=True", [(2, 4), (2, 1, 4)]),
            ("axis=1", [(2, 4)]),
            ("axis=(0, 2)", [(2, 1, 4)]),
            *((text, [(2, 4)]) for text in more),
        )
        for shape in shapes
    ]


#: Calls by the function that they are for.
WRITTEN: dict[str, list[Call]] = {
    # ---- reductions told more
    "numpy.sum": [
        *_calls("numpy.sum(a, where=m)", {"a": (2, 3), "m": _W}, {"a": (2, 3), "m": _C}, {"a": (), "m": True}),
        *_calls("numpy.sum(a, axis=1, where=m, initial=s)", {"a": (2, 3), "m": _W, "s": ()}),
        *_calls("numpy.sum(a, axis=0, keepdims=True, initial=s)", {"a": (2, 3), "s": ()}),
        *_calls("numpy.sum(a, 0, float)", {"a": (2, 3)}),
        *_calls("numpy.sum(a, dtype=numpy.float64, initial=2.0)", {"a": (2, 3)}),
    ],
    "numpy.mean": [
        *_calls("numpy.mean(a, where=m)", {"a": (2, 3), "m": _W}, {"a": (2, 3), "m": _C}),
        *_calls("numpy.mean(a, axis=1, where=m, keepdims=True)", {"a": (2, 3), "m": _W}),
        *_calls("numpy.mean(a, axis=-1, where=m)", {"a": (2, 3), "m": _W}),
    ],
    "numpy.prod": [
        *_calls("numpy.prod(a, where=m)", {"a": (2, 3), "m": _W}, {"a": (2, 3), "m": _C}),
        *_calls("numpy.prod(a, axis=1, where=m, initial=s)", {"a": (2, 3), "m": _W, "s": ()}),
        *_calls("numpy.prod(a, axis=0, keepdims=True, initial=s)", {"a": (2, 3), "s": ()}),
    ],
    "numpy.max": [
        *_calls("numpy.max(a, initial=s)", {"a": (2, 3), "s": ()}, {"a": (3,), "s": 7.5}),
        *_calls("numpy.max(a, axis=1, initial=s, where=m)", {"a": (2, 3), "s": -1.5, "m": _W}),
        *_calls("numpy.max(a, axis=1, initial=-9.0, where=m, keepdims=True)", {"a": (2, 3), "m": _C}),
    ],
    "numpy.min": _calls("numpy.min(a, axis=0, initial=s, where=m)", {"a": (2, 3), "s": 0.4, "m": _W}),
    "numpy.amax": _calls("numpy.amax(a, axis=0, initial=s)", {"a": (2, 3), "s": 0.9}),
    "numpy.amin": _calls("numpy.amin(a, axis=0, initial=s)", {"a": (2, 3), "s": 0.9}),
    "numpy.var": [
        *_calls("numpy.var(a, where=m)", {"a": (2, 3), "m": _W}),
        *_calls("numpy.var(a, axis=1, where=m, ddof=1)", {"a": (2, 3), "m": _W}),
        *_calls("numpy.var(a, axis=1, dtype=float)", {"a": (2, 3)}),
    ],
    "numpy.std": [
        *_calls("numpy.std(a, where=m)", {"a": (2, 3), "m": _W}),
        *_calls("numpy.std(a, axis=1, where=m, keepdims=True)", {"a": (2, 3), "m": _W}),
    ],
    "numpy.cumsum": _calls("numpy.cumsum(a, axis=1, dtype=float)", {"a": (2, 3)}),
    # ---- products
    "numpy.einsum": [
        *_calls("numpy.einsum('ij,jk->ik', a, b)", {"a": (2, 3), "b": (3, 2)}),
        *_calls("numpy.einsum('ij,jk', a, b)", {"a": (2, 3), "b": (3, 2)}),
        *_calls("numpy.einsum('ij, j -> i', a, b, optimize=True)", {"a": (2, 3), "b": (3,)}),
        *_calls("numpy.einsum('i,i', a, b)", {"a": (3,), "b": (3,)}),
        *_calls("numpy.einsum('i,i->', a, b)", {"a": (3,), "b": (3,)}),
        *_calls("numpy.einsum('ii', a)", {"a": (3, 3)}),
        *_calls("numpy.einsum('ii->i', a)", {"a": (3, 3)}),
        *_calls("numpy.einsum('ij->', a)", {"a": (2, 3)}),
        *_calls("numpy.einsum('ij->j', a)", {"a": (2, 3)}),
        *_calls("numpy.einsum('ijk->kij', a)", {"a": (2, 3, 4)}),
        *_calls("numpy.einsum('ji', a)", {"a": (2, 3)}),
        *_calls("numpy.einsum('iij,j->i', a, b)", {"a": (2, 2, 3), "b": (3,)}),
        *_calls("numpy.einsum('i,j->ij', a, b)", {"a": (2,), "b": (3,)}),
        *_calls("numpy.einsum('ij,jk,kl->il', a, b, c)", {"a": (2, 3), "b": (3, 2), "c": (2, 2)}),
        *_calls("numpy.einsum('...ij,...jk->...ik', a, b)", {"a": (4, 2, 3), "b": (3, 2)}, {"a": (2, 3), "b": (3, 2)}),
        *_calls("numpy.einsum('...i,...i', a, b)", {"a": (4, 3), "b": (3,)}),
        *_calls("numpy.einsum('i...,i...->...', a, b)", {"a": (3, 2), "b": (3, 2)}, {"a": (3, 4, 2), "b": (3, 1, 2)}),
        *_calls("numpy.einsum('...->...', a)", {"a": (3, 2)}, {"a": ()}),
        *_calls("numpy.einsum('ij,ij->i', a, b)", {"a": (2, 1), "b": (2, 3)}),
        *_calls("numpy.einsum(',i', a, b)", {"a": (), "b": (3,)}),
        *_calls("numpy.einsum('ijij->ij', a)", {"a": (2, 3, 2, 3)}),
        *_calls("numpy.einsum('ij,j', a, [x, y])", {"a": (2, 2), "x": (), "y": ()}),
    ],
    "numpy.tensordot": [
        *_calls("numpy.tensordot(a, b)", {"a": (4, 2, 3), "b": (2, 3, 2)}, {"a": (2, 3), "b": (2, 3)}),
        *_calls("numpy.tensordot(a, b, 1)", {"a": (2, 3), "b": (3, 2)}, {"a": (3,), "b": (3,)}, {"a": (2, 3), "b": (3,)}),
        *_calls("numpy.tensordot(a, b, axes=0)", {"a": (2,), "b": (3,)}, {"a": (), "b": (3,)}),
        *_calls("numpy.tensordot(a, b, axes=([0, 2], [1, 0]))", {"a": (2, 4, 3), "b": (3, 2, 5)}),
        *_calls("numpy.tensordot(a, b, ((-1,), (0,)))", {"a": (2, 3), "b": (3, 2)}),
        *_calls("numpy.tensordot(a, b, (1, 1))", {"a": (2, 3), "b": (4, 3)}),
    ],
    "numpy.vecdot": [
        *_calls("numpy.vecdot(a, b)", {"a": (3,), "b": (3,)}, {"a": (2, 3), "b": (3,)}, {"a": (2, 1, 3), "b": (4, 3)}),
        *_calls("numpy.vecdot(a, b, axis=-2)", {"a": (2, 3), "b": (4, 2, 3)}),
    ],
    "numpy.matvec": _calls(
        "numpy.matvec(a, b)", {"a": (2, 3), "b": (3,)}, {"a": (4, 2, 3), "b": (3,)}, {"a": (2, 3), "b": (4, 3)}
    ),
    "numpy.vecmat": _calls(
        "numpy.vecmat(a, b)", {"a": (2,), "b": (2, 3)}, {"a": (4, 2), "b": (2, 3)}, {"a": (2,), "b": (4, 2, 3)}
    ),
    "numpy.cross": [
        *_calls("numpy.cross(a, b)", {"a": (3,), "b": (3,)}, {"a": (2, 3), "b": (3,)}, {"a": (2, 1, 3), "b": (4, 3)}),
        *_calls("numpy.cross(a, b, axis=0)", {"a": (3, 2), "b": (3, 2)}, {"a": (3, 2), "b": (3, 4, 2)}),
        *_calls("numpy.cross(a, b, axisa=0, axisc=0)", {"a": (3, 2), "b": (2, 3)}, {"a": (3, 2), "b": (4, 2, 3)}),
        *_calls("numpy.cross(a, b, 0, 1, 1)", {"a": (3, 2), "b": (2, 3)}),
    ],
    "numpy.kron": _calls(
        "numpy.kron(a, b)",
        *[{"a": a, "b": b} for a, b in [((2,), (3,)), ((2, 2), (1, 3)), ((2, 2), (3,)), ((2,), (2, 3)), ((), (3,)), ((2, 1, 2), (2, 2))]],
    ),
    "numpy.convolve": [
        call
        for mode in ("", ", 'same'", ", mode='valid'")
        for call in _calls(f"numpy.convolve(a, v{mode})", *({"a": (n,), "v": (m,)} for n, m in [(5, 3), (2, 4), (4, 2), (3, 3), (1, 2)]))
    ] + _calls("numpy.convolve(a, [x, y])", {"a": (3,), "x": (), "y": ()}),
    "numpy.correlate": [
        call
        for mode in ("", ", 'same'", ", mode='full'")
        for call in _calls(f"numpy.correlate(a, v{mode})", *({"a": (n,), "v": (m,)} for n, m in [(5, 3), (2, 4), (4, 2), (3, 3), (1, 2)]))
    ],
    "retrograd.runtime.tensordot_vjp_a": [
        *_calls("retrograd.runtime.tensordot_vjp_a(x, (4, 2, 3), y, 2)", {"x": (4, 2), "y": (2, 3, 2)}),
        *_calls("retrograd.runtime.tensordot_vjp_b(x, y, (2, 3, 2), 2)", {"x": (4, 2), "y": (4, 2, 3)}),
        *_calls("retrograd.runtime.kron_vjp_a(x, (2, 2), y)", {"x": (2, 6), "y": (1, 3)}),
        *_calls("retrograd.runtime.kron_vjp_b(x, y, (1, 3))", {"x": (2, 6), "y": (2, 2)}),
        *_calls("retrograd.runtime.in_full(x, 4, 3, 'same')", {"x": (4,)}),
        *_calls("retrograd.runtime.part_of_full(x, 4, 3, 'valid')", {"x": (6,)}),
    ],
    # ---- nan left out
    "numpy.nansum": [*_nan_reductions("numpy.nansum"), *_calls("numpy.nansum(a)", {"a": ()})],
    "numpy.nanmean": [*_nan_reductions("numpy.nanmean"), *_calls("numpy.nanmean(a)", {"a": ()})],
    "numpy.nanprod": [*_nan_reductions("numpy.nanprod"), *_calls("numpy.nanprod(a)", {"a": ()})],
    "numpy.nanmax": [*_nan_reductions("numpy.nanmax"), *_calls("numpy.nanmax(a)", {"a": ()})],
    "numpy.nanmin": _nan_reductions("numpy.nanmin"),
    "numpy.nanvar": _nan_reductions("numpy.nanvar", "axis=1, ddof=1"),
    "numpy.nanstd": _nan_reductions("numpy.nanstd", "axis=1, ddof=1"),
    "numpy.nancumsum": [
        *_calls("numpy.nancumsum(a)", {"a": _with_nan(4)}, {"a": _with_nan(2, 4)}),
        *_calls("numpy.nancumsum(a, axis=1)", {"a": _with_nan(2, 4)}),
    ],
    "numpy.nancumprod": [
        *_calls("numpy.nancumprod(a)", {"a": _with_nan(4)}, {"a": _with_nan(2, 4)}),
        *_calls("numpy.nancumprod(a, axis=0)", {"a": _with_nan(2, 4)}),
    ],
    "numpy.nan_to_num": [
        *_calls("numpy.nan_to_num(a)", {"a": _with_nan(4)}, {"a": (2, 3)}, {"a": ()}),
        *_calls("numpy.nan_to_num(a, nan=2.0)", {"a": _with_nan(2, 4)}),
    ],
    "numpy.nanmedian": _nan_reductions("numpy.nanmedian"),
    "numpy.nanquantile": [
        *_calls("numpy.nanquantile(a, 0.3)", {"a": _with_nan(7)}, {"a": _with_nan(2, 7)}),
        *_calls("numpy.nanquantile(a, [0.3, 0.6], axis=1)", {"a": _with_nan(2, 7)}),
    ],
    "numpy.nanpercentile": _calls("numpy.nanpercentile(a, 30.0, axis=1)", {"a": _with_nan(2, 7)}),
    # ---- elements in order
    "numpy.sort": [
        *_calls("numpy.sort(a)", {"a": (4,)}, {"a": (2, 3)}, {"a": (2, 1, 3)}),
        *_calls("numpy.sort(a, axis=0)", {"a": (4,)}, {"a": (3, 2)}),
        *_calls("numpy.sort(a, axis=None)", {"a": (3, 2)}),
        *_calls("numpy.sort(a, k)", {"a": (3, 2), "k": 0}),
    ],
    "numpy.partition": [
        *_calls("numpy.partition(a, 1)", {"a": (5,)}, {"a": (2, 5)}),
        *_calls("numpy.partition(a, (1, 3), axis=0)", {"a": (5, 2)}),
        *_calls("numpy.partition(a, 2, axis=None)", {"a": (3, 2)}),
    ],
    "numpy.unique": _calls("numpy.unique(a)", {"a": (4,)}, {"a": (2, 3)}),
    "numpy.median": [c for c in _reductions("numpy.median") if "axis=()" not in c.text],
    "numpy.ptp": [c for c in _reductions("numpy.ptp") if "axis=()" not in c.text],
    "numpy.quantile": [
        *_calls("numpy.quantile(a, 0.3)", {"a": (5,)}, {"a": (2, 3)}, {"a": (1,)}),
        *_calls("numpy.quantile(a, 0.5, axis=0)", {"a": (5,)}, {"a": (4, 2)}),
        *_calls("numpy.quantile(a, 0.3, axis=-1, keepdims=True)", {"a": (2, 5)}),
        *_calls("numpy.quantile(a, [0.25, 0.6], axis=1)", {"a": (2, 5)}, {"a": (2, 5, 3)}),
        *_calls("numpy.quantile(a, [0.25, 0.6])", {"a": (2, 5)}),
        *_calls("numpy.quantile(a, [[0.25], [0.6]], axis=(0, 2), keepdims=True)", {"a": (2, 5, 3)}),
        *[
            call
            for method in ("lower", "higher", "midpoint", "nearest", "hazen", "weibull", "inverted_cdf")
            for call in _calls(f"numpy.quantile(a, 0.3, method='{method}')", {"a": (6,)})
        ],
    ],
    "numpy.percentile": [
        *_calls("numpy.percentile(a, 30)", {"a": (5,)}, {"a": (2, 3)}),
        *_calls("numpy.percentile(a, [25, 75], axis=0)", {"a": (5, 2)}),
    ],
    "retrograd.runtime.sorted_like": [
        *_calls("retrograd.runtime.sorted_like(x, i)", {"x": (3,), "i": _I}),
        *_calls("retrograd.runtime.unsorted_like(x, i, axis=0)", {"x": (3,), "i": _I}),
        *_calls("retrograd.runtime.quantile_vjp(x, m, 0, 1, False)", {"x": (2,), "m": _W}),
        *_calls("retrograd.runtime.quantile_jvp(x, m, 0, 1, False)", {"x": (2, 3), "m": _W}),
    ],
    # ---- elements taken
    "numpy.take": [
        *_calls("numpy.take(a, i)", {"a": (3,), "i": _I}, {"a": (2, 3), "i": _J}, {"a": (4,), "i": 2}),
        *_calls("numpy.take(a, i, axis=0)", {"a": (3, 2), "i": _I}, {"a": (3,), "i": 1}, {"a": (3, 2), "i": -1}),
        *_calls("numpy.take(a, i, axis=-1)", {"a": (2, 3), "i": _J}, {"a": (2, 2, 3), "i": _I}),
        *_calls("numpy.take(a, [0, 5], axis=1, mode='wrap')", {"a": (2, 3)}),
        *_calls("numpy.take(a, [-1, 5], mode='clip')", {"a": (2, 3)}),
        *_calls("numpy.take(a, i, axis=k)", {"a": (2, 3), "i": _I, "k": 1}),
    ],
    "numpy.take_along_axis": [
        *_calls("numpy.take_along_axis(a, i, axis=0)", {"a": (3,), "i": _I}, {"a": (3, 2), "i": _J}),
        *_calls("numpy.take_along_axis(a, i, -1)", {"a": (2, 3), "i": _J}),
        *_calls("numpy.take_along_axis(a, i, axis=None)", {"a": (2, 3), "i": _I}),
    ],
    "numpy.compress": [
        *_calls("numpy.compress(c, a)", {"c": _C, "a": (3,)}, {"c": _C, "a": (2, 3)}),
        *_calls("numpy.compress(c, a, axis=1)", {"c": _C, "a": (2, 3)}),
        *_calls("numpy.compress(a > 0.0, a)", {"a": (4,)}),
    ],
    "numpy.extract": [
        *_calls("numpy.extract(c, a)", {"c": _C, "a": (3,)}),
        *_calls("numpy.extract(a > 0.5, a)", {"a": (2, 3)}),
    ],
    "numpy.delete": [
        *_calls("numpy.delete(a, 1)", {"a": (3,)}, {"a": (2, 3)}),
        *_calls("numpy.delete(a, [0, -1], axis=1)", {"a": (2, 3)}),
        *_calls("numpy.delete(a, i, axis=0)", {"a": (3, 2), "i": np.array([1, 2])}),
    ],
    "numpy.diagonal": [
        *_calls("numpy.diagonal(a)", {"a": (3, 3)}, {"a": (2, 3)}, {"a": (2, 3, 4)}),
        *_calls("numpy.diagonal(a, 1, axis1=0, axis2=2)", {"a": (3, 2, 4)}),
        *_calls("numpy.diagonal(a, offset=-1)", {"a": (3, 3)}),
    ],
    "numpy.diagflat": [
        *_calls("numpy.diagflat(a)", {"a": (3,)}, {"a": (2, 2)}, {"a": ()}),
        *_calls("numpy.diagflat(a, k=-1)", {"a": (3,)}),
    ],
    "numpy.resize": [
        *_calls("numpy.resize(a, (2, 3))", {"a": (6,)}, {"a": (2, 2)}, {"a": (3, 4)}, {"a": ()}),
        *_calls("numpy.resize(a, 5)", {"a": (2,)}),
    ],
    "numpy.trim_zeros": [
        *_calls("numpy.trim_zeros(a)", {"a": (3,)}),
        *_calls("numpy.trim_zeros(a, 'b')", {"a": (3,)}),
    ],
    "numpy.rot90": [
        *_calls("numpy.rot90(m)", {"m": (2, 3)}, {"m": (2, 3, 2)}),
        *_calls("numpy.rot90(m, 3, axes=(1, 2))", {"m": (2, 3, 2)}),
        *_calls("numpy.rot90(m, k=2)", {"m": (2, 3)}),
    ],
    "numpy.rollaxis": [
        *_calls("numpy.rollaxis(a, 2)", {"a": (2, 3, 4)}),
        *_calls("numpy.rollaxis(a, 0, 2)", {"a": (2, 3, 4)}),
    ],
    # ---- arrays cut up
    "numpy.split": [
        *_calls("numpy.concatenate(numpy.split(a, 2))", {"a": (4,)}, {"a": (2, 3)}),
        *_calls("numpy.stack(numpy.split(a, 3, axis=1))", {"a": (2, 3)}),
        *_calls("numpy.concatenate(numpy.split(a, [1, 3], axis=-1), axis=1)", {"a": (2, 4)}),
    ],
    "numpy.array_split": _calls("numpy.hstack(numpy.array_split(a, 2))", {"a": (5,)}),
    "numpy.hsplit": [
        *_calls("numpy.hstack(numpy.hsplit(a, 2))", {"a": (4,)}, {"a": (2, 4)}),
        *_calls("numpy.concatenate(numpy.hsplit(a, [1]), axis=1)", {"a": (2, 3, 2)}),
    ],
    "numpy.vsplit": _calls("numpy.vstack(numpy.vsplit(a, 2))", {"a": (4, 3)}, {"a": (2, 3)}),
    "numpy.dsplit": _calls("numpy.dstack(numpy.dsplit(a, 2))", {"a": (2, 3, 4)}),
    "numpy.unstack": [
        *_calls("numpy.stack(numpy.unstack(a))", {"a": (2, 3)}, {"a": (3,)}),
        *_calls("numpy.stack(numpy.unstack(a, axis=1))", {"a": (2, 3)}),
    ],
    # ---- arrays put together
    "numpy.append": [
        *_calls("numpy.append(a, b)", {"a": (3,), "b": (2,)}, {"a": (3,), "b": ()}, {"a": (2, 3), "b": (2, 2)}),
        *_calls("numpy.append(a, b, axis=1)", {"a": (2, 3), "b": (2, 1)}),
        *_calls("numpy.append(a, 1.0)", {"a": (3,)}),
        *_calls("numpy.append(a, [x, y])", {"a": (3,), "x": (), "y": ()}),
    ],
    "numpy.insert": [
        *_calls("numpy.insert(a, 1, b)", {"a": (3,), "b": ()}, {"a": (2, 3), "b": ()}),
        *_calls("numpy.insert(a, [0, 2], b)", {"a": (3,), "b": (2,)}, {"a": (3,), "b": ()}),
        *_calls("numpy.insert(a, 1, b, axis=1)", {"a": (2, 3), "b": (2,)}, {"a": (2, 3), "b": ()}),
        *_calls("numpy.insert(a, [1], b, axis=1)", {"a": (2, 3), "b": (2, 1)}),
    ],
    "numpy.dstack": [
        *_calls("numpy.dstack([x, y])", {"x": (), "y": ()}, {"x": (3,), "y": (3,)}),
        *_calls("numpy.dstack((x, y))", {"x": (2, 3), "y": (2, 3)}, {"x": (2, 3, 1), "y": (2, 3, 2)}),
    ],
    "numpy.block": [
        *_calls("numpy.block([[a, b], [c, d]])", {"a": (2, 2), "b": (2, 1), "c": (1, 2), "d": (1, 1)}),
        *_calls("numpy.block([a, b])", {"a": (2,), "b": (3,)}, {"a": (), "b": ()}),
        *_calls("numpy.block([[a, 0.0], [0.0, b]])", {"a": (), "b": ()}),
        *_calls("numpy.block([[a, numpy.zeros((2, 1))], [b]])", {"a": (2, 2), "b": (3,)}),
    ],
    "numpy.meshgrid": [
        *_calls("numpy.stack(numpy.meshgrid(x, y))", {"x": (3,), "y": (2,)}),
        *_calls("numpy.stack(numpy.meshgrid(x, y, indexing='ij'))", {"x": (3,), "y": (2,)}),
        *_calls("numpy.stack(numpy.meshgrid(x, y, z))", {"x": (3,), "y": (2,), "z": (2,)}),
        *_calls("numpy.hstack(numpy.meshgrid(x, sparse=True, indexing='ij'))", {"x": (3,)}),
    ],
    "numpy.broadcast_arrays": _calls(
        "numpy.stack(numpy.broadcast_arrays(x, y))", {"x": (3,), "y": ()}, {"x": (2, 1), "y": (3,)}
    ),
    # ---- choices
    "numpy.select": [
        *_calls("numpy.select([a > 0.5, a > 0.0], [x, y], z)", {"a": (4,), "x": (4,), "y": (), "z": ()}),
        *_calls("numpy.select([a > 0.5, a > 0.0], [x, y * 2.0])", {"a": (2, 3), "x": (3,), "y": (2, 1)}),
        *_calls("numpy.select([a < 0.0, a > 1.0], [a, a**2], default=a)", {"a": (4,)}),
    ],
    "numpy.choose": [
        *_calls("numpy.choose(i, [x, y, 1.0])", {"i": _I, "x": (3,), "y": ()}),
        *_calls("numpy.choose(i, a)", {"i": _I, "a": (3, 3)}),
    ],
    "numpy.real": _calls("numpy.real(x)", {"x": (3,)}, {"x": ()}),
    # ---- helpers of generated code
    "retrograd.runtime.sum_at": [
        *_calls("retrograd.runtime.sum_at(x, i, (3,))", {"x": (3,), "i": _I}),
        *_calls("retrograd.runtime.sum_at(x, i, (2, 2))", {"x": (3,), "i": _I - 1}),
        *_calls("retrograd.runtime.taken_from(x, i)", {"x": (3,), "i": _I}, {"x": (2, 3), "i": _I - 1}),
    ],
    "retrograd.runtime.split_like": [
        *_calls("numpy.stack(retrograd.runtime.split_like(x, [y, z]))", {"x": (4,), "y": np.arange(2), "z": np.arange(2)}),
        *_calls("numpy.stack(retrograd.runtime.vsplit_like(x, [y, z]))", {"x": (2, 3), "y": np.arange(3), "z": np.arange(3)}),
        *_calls("numpy.stack(retrograd.runtime.hsplit_like(x, [y, z]))", {"x": (4,), "y": np.arange(2), "z": np.arange(2)}),
        *_calls("numpy.stack(retrograd.runtime.column_split_like(x, [y, z]))", {"x": (2, 2), "y": np.arange(2), "z": np.arange(2)}),
        *_calls("numpy.stack(retrograd.runtime.depth_split_like(x, [y, z]))", {"x": (1, 2, 2), "y": np.arange(2), "z": np.arange(2)}),
        *_calls("numpy.block(retrograd.runtime.block_vjp(x, [y, z]))", {"x": (4,), "y": np.arange(2), "z": np.arange(2)}),
    ],
    "retrograd.runtime.diag_vjp": [
        *_calls("retrograd.runtime.diag_vjp(x, (3,))", {"x": (3, 3)}),
        *_calls("retrograd.runtime.diag_vjp(x, (2, 3), k=1)", {"x": (2,)}),
        *_calls("retrograd.runtime.tile_vjp(x, (2,), (3, 2))", {"x": (3, 4)}),
        *_calls("retrograd.runtime.repeat_vjp(x, (2,), 2)", {"x": (4,)}),
        *_calls("retrograd.runtime.repeat_vjp(x, (2, 3), 2, axis=1)", {"x": (2, 6)}),
    ],
    "retrograd.runtime.matmul_vjp_x": [
        *_calls("retrograd.runtime.matmul_vjp_x(x, (4, 2, 3), y)", {"x": (4, 2, 2), "y": (3, 2)}),
        *_calls("retrograd.runtime.matmul_vjp_y(x, y, (3, 2))", {"x": (4, 2, 2), "y": (4, 2, 3)}),
        *_calls("retrograd.runtime.dot_vjp_a(x, (2, 3), y)", {"x": (2, 4, 2), "y": (4, 3, 2)}),
        *_calls("retrograd.runtime.dot_vjp_b(x, y, (4, 3, 2))", {"x": (2, 4, 2), "y": (2, 3)}),
        *_calls("retrograd.runtime.inner_vjp_a(x, (4, 2, 3), y)", {"x": (4, 2, 5), "y": (5, 3)}),
        *_calls("retrograd.runtime.inner_vjp_b(x, y, (5, 3))", {"x": (4, 2, 5), "y": (4, 2, 3)}),
    ],
    "retrograd.runtime.chosen_parts": [
        *_calls("numpy.stack(retrograd.runtime.chosen_parts(x, i, [y, y]))", {"x": (3,), "i": _I, "y": np.arange(3)}),
        *_calls("retrograd.runtime.put_together([x, y], i)", {"x": (3,), "y": (3,), "i": _I}),
    ],
}  # fmt: skip
