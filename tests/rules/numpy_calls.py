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


_POSITIVE = RANGES[1]


def _positive(text: str, **shapes: tuple[int, ...]) -> Call:
    """A call on numbers above zero."""
    values = {name: numbers(shape, k, _POSITIVE) for k, (name, shape) in enumerate(shapes.items())}
    return Call(text, values)


_XP = np.array([-1.0, 0.1, 0.7, 1.5])
_OUTERS = ("add", "subtract", "multiply", "divide", "true_divide", "power", "float_power", "maximum",
           "minimum", "fmax", "fmin", "hypot", "arctan2", "logaddexp", "logaddexp2", "fmod", "copysign")  # fmt: skip

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
        *_calls("numpy.einsum(a, [0], b, [0, 1])", {"a": (2,), "b": (2, 3)}),
        *_calls("numpy.einsum(a, [1, 2], b, [2, 0], [0, 1])", {"a": (2, 3), "b": (3, 2)}),
        *_calls("numpy.einsum(a, [0, ...], b, [0], [...])", {"a": (2, 3), "b": (2,)}),
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
    # ---- rows of numbers
    "numpy.interp": [
        *_calls("numpy.interp(x, xp, fp)", {"x": (5,), "xp": _XP, "fp": (4,)}, {"x": (), "xp": _XP, "fp": (4,)}, {"x": (2, 3), "xp": _XP, "fp": (4,)}),
        *_calls("numpy.interp(x, xp, fp, left=l)", {"x": np.array([-2.0, 0.5]), "xp": _XP, "fp": (4,), "l": ()}),
        *_calls("numpy.interp(x, xp, fp, right=r)", {"x": np.array([2.5, 0.5]), "xp": _XP, "fp": (4,), "r": ()}),
        *_calls("numpy.interp(x, xp, fp, l, r)", {"x": np.array([-2.0, 2.5, 0.5]), "xp": _XP, "fp": (4,), "l": (), "r": ()}),
        *_calls("numpy.interp(x, [0.0, 1.0], [y, z])", {"x": (3,), "y": (), "z": ()}),
    ],
    "numpy.gradient": [
        *_calls("numpy.gradient(f)", {"f": (2,)}, {"f": (3,)}, {"f": (7,)}),
        *_calls("numpy.gradient(f, 0.5, edge_order=2)", {"f": (3,)}, {"f": (7,)}),
        *_calls("numpy.gradient(f, h, edge_order=2)", {"f": (5,), "h": 2}),
        *_calls("numpy.gradient(f, numpy.arange(6) ** 2)", {"f": (6,)}),
        *_calls("numpy.gradient(f, axis=1)", {"f": (2, 4)}, {"f": (2, 4, 3)}),
        *_calls("numpy.stack(numpy.gradient(f))", {"f": (3, 4)}),
        *_calls("numpy.stack(numpy.gradient(f, 2.0, 0.5, axis=(1, 0)))", {"f": (3, 4)}),
    ],
    "numpy.diff": [
        *_calls("numpy.diff(a, 2)", {"a": (5,)}, {"a": (2, 5)}),
        *_calls("numpy.diff(a, n=3, axis=0)", {"a": (5, 2)}),
        *_calls("numpy.diff(a, prepend=b)", {"a": (3,), "b": ()}, {"a": (3,), "b": (1,)}, {"a": (2, 3), "b": (2, 2)}),
        *_calls("numpy.diff(a, axis=0, append=b)", {"a": (3, 2), "b": ()}, {"a": (3, 2), "b": (1, 2)}),
        *_calls("numpy.diff(a, 2, prepend=b, append=c)", {"a": (3,), "b": (), "c": (2,)}),
        *_calls("numpy.diff(a, prepend=0.0, append=0.0)", {"a": (3,)}, {"a": (2, 3)}),
    ],
    "numpy.ediff1d": _calls("numpy.ediff1d(a)", {"a": (4,)}, {"a": (2, 3)}),
    "numpy.trapezoid": [
        *_calls("numpy.trapezoid(y)", {"y": (4,)}, {"y": (2, 4)}),
        *_calls("numpy.trapezoid(y, dx=h)", {"y": (4,), "h": ()}, {"y": (2, 4), "h": ()}),
        *_calls("numpy.trapezoid(y, x)", {"y": (4,), "x": (4,)}, {"y": (2, 4), "x": (4,)}, {"y": (2, 4), "x": (2, 4)}),
        *_calls("numpy.trapezoid(y, x, axis=0)", {"y": (4, 2), "x": (4,)}, {"y": (4, 2), "x": (4, 2)}),
        *_calls("numpy.trapezoid(y, axis=0, dx=0.5)", {"y": (4, 2)}),
        *_calls("numpy.trapezoid(y, x, h)", {"y": (4,), "x": (4,), "h": ()}),
    ],
    "numpy.unwrap": [
        *_calls("numpy.unwrap(a)", {"a": (4,)}, {"a": np.array([0.1, 3.0, -3.0, 2.0])}, {"a": (2, 3)}),
        *_calls("numpy.unwrap(a, axis=0, period=1.0)", {"a": (3, 2)}),
    ],
    "numpy.pad": [
        *_calls("numpy.pad(a, 1)", {"a": (3,)}, {"a": (2, 3)}),
        *_calls("numpy.pad(a, (1, 2), constant_values=3.0)", {"a": (3,)}, {"a": (2, 3)}),
        *_calls("numpy.pad(a, ((0, 1), (2, 0)), 'edge')", {"a": (2, 3)}),
        *[
            call
            for mode in ("edge", "reflect", "symmetric", "wrap", "linear_ramp", "mean")
            for call in _calls(f"numpy.pad(a, ((1, 2), (4, 1)), mode='{mode}')", {"a": (2, 3)})
        ],
        *_calls("numpy.pad(a, 2, mode='reflect', reflect_type='odd')", {"a": (4,)}, {"a": (3, 4)}),
        *_calls("numpy.pad(a, 2, mode='mean', stat_length=2)", {"a": (4,)}, {"a": (3, 4)}),
        *_calls("numpy.pad(a, 2, mode='linear_ramp', end_values=5.0)", {"a": (3, 4)}),
    ],
    "retrograd.runtime.interp_slope": [
        *_calls("retrograd.runtime.interp_slope(0.5, [0.0, 0.3, 1.0], y)", {"y": (3,)}),
        *_calls("retrograd.runtime.interp_slope_vjp(y, [0.5, 0.1], [0.0, 0.3, 1.0])", {"y": (2,)}),
        *_calls("retrograd.runtime.interp_vjp(y, x, [-3.0, -0.6, 0.2, 2.0])", {"y": (4,), "x": (4,)}),
        *_calls("retrograd.runtime.interp_vjp(y, x, [-0.3, 0.2, 1.0], 1.0)", {"y": (4,), "x": (4,)}),
        *_calls("retrograd.runtime.interp_vjp(y, x, [-0.3, 0.2, 1.0], None, 1.0)", {"y": (4,), "x": (4,)}),
        *_calls("retrograd.runtime.interp_vjp(y, x, [-0.3, 0.2, 1.0], 1.0, 1.0)", {"y": (4,), "x": (4,)}),
        *_calls("retrograd.runtime.diff_vjp(x, m, 2, 1)", {"x": (2, 1), "m": (2, 3)}),
        *_calls("retrograd.runtime.diff_of_part(x, m, 2, 1)", {"x": (2, 3), "m": (2, 3)}),
        *_calls(
            "retrograd.runtime.diff_of_part(x, m, 1, 1, x, 0.5, 0)", {"x": (2, 1), "m": (2, 3)}
        ),
        *_calls("retrograd.runtime.gradient_vjp(y, (4,), (0.5,))", {"y": (4,)}),
        *_calls("retrograd.runtime.gradient_of(y, (0.5,), None, 2)", {"y": (4,)}),
        *_calls("retrograd.runtime.trapezoid_weights(n, x)", {"n": np.arange(4), "x": (4,)}),
        *_calls("retrograd.runtime.trapezoid_weights(n, None, x)", {"n": np.arange(4), "x": ()}),
        *_calls("retrograd.runtime.trapezoid_vjp_x(2.0, y, n)", {"n": np.arange(4), "y": (4,)}),
        *_calls("retrograd.runtime.trapezoid_vjp_x(h, n, n)", {"n": np.arange(4), "h": ()}),
        *_calls("retrograd.runtime.pad_vjp(y, (3,), 1, 'wrap')", {"y": (5,)}),
        *_calls("retrograd.runtime.pad_vjp(y, (3,), 1, 'mean', 2)", {"y": (5,)}),
        *_calls("retrograd.runtime.pad_vjp(y, (3,), 1, 'reflect', None, 'odd')", {"y": (5,)}),
    ],
    # ---- polynomials
    "numpy.polyval": [
        *_calls("numpy.polyval(p, x)", {"p": (3,), "x": ()}, {"p": (3,), "x": (2, 3)}, {"p": (1,), "x": (3,)}),
        *_calls("numpy.polyval([a, b], x)", {"a": (), "b": (), "x": (3,)}),
    ],
    "numpy.polyder": _calls("numpy.polyder(p)", {"p": (4,)}, {"p": (2,)}),
    "numpy.polyint": _calls("numpy.polyint(p)", {"p": (4,)}, {"p": (1,)}),
    "numpy.polyadd": _calls("numpy.polyadd(p, q)", {"p": (4,), "q": (2,)}, {"p": (2,), "q": (3,)}),
    "numpy.polysub": _calls("numpy.polysub(p, q)", {"p": (4,), "q": (2,)}, {"p": (2,), "q": (3,)}),
    "numpy.polymul": _calls("numpy.polymul(p, q)", {"p": (4,), "q": (2,)}, {"p": (2,), "q": (3,)}),
    "numpy.polydiv": [
        *_calls("numpy.polydiv(p, q)[0]", {"p": (5,), "q": (2,)}, {"p": (3,), "q": (3,)}),
        *_calls("numpy.polydiv(p, q)[1]", {"p": (5,), "q": (3,)}, {"p": (2,), "q": (3,)}),
    ],
    "numpy.histogram": [
        *_calls("numpy.histogram(a, 3)[1]", {"a": (5,)}, {"a": (2, 3)}),
        *_calls("numpy.histogram(a, bins, (-2.0, 1.0))[1]", {"a": (5,), "bins": 3}),
        *_calls("numpy.histogram(a, [-1.0, 0.0, 1.0], weights=mass)[0]", {"a": (5,), "mass": (5,)}),
        *_calls("numpy.histogram(places, 2, weights=mass)[0]", {"places": np.arange(5), "mass": (5,)}),
    ],
    "numpy.polyfit": [
        *_calls("numpy.polyfit(numpy.arange(5), y, 2)", {"y": (5,)}, {"y": (5, 2)}),
        *_calls("numpy.polyfit(x, y, 1)", {"x": np.arange(4), "y": (4,)}),
    ],
    "numpy.poly": _calls("numpy.poly(r)", {"r": (3,)}, {"r": (1,)}),
    "numpy.vander": [
        *_calls("numpy.vander(x)", {"x": (3,)}),
        *_calls("numpy.vander(x, 4, increasing=True)", {"x": (3,)}),
        *_calls("numpy.vander(x, N=2, increasing=up)", {"x": (3,), "up": True}),
    ],
    # ---- statistics
    "numpy.average": [
        *_calls("numpy.average(a)", {"a": (3,)}, {"a": (2, 3)}, {"a": ()}),
        *_calls("numpy.average(a, axis=1)", {"a": (2, 3)}),
        _positive("numpy.average(a, weights=v)", a=(3,), v=(3,)),
        _positive("numpy.average(a, weights=v)", a=(2, 3), v=(2, 3)),
        _positive("numpy.average(a, axis=1, weights=v)", a=(2, 3), v=(3,)),
        _positive("numpy.average(a, 0, v)", a=(2, 3), v=(2,)),
        _positive("numpy.average(a, axis=0, weights=v, keepdims=True)", a=(2, 3), v=(2, 3)),
        _positive("numpy.average(a, axis=(0, 2), weights=v)", a=(2, 2, 3), v=(2, 3)),
        _positive("numpy.average(a, weights=v, keepdims=True)", a=(2, 3), v=(2, 3)),
    ],
    "numpy.cov": [
        *_calls("numpy.cov(m)", {"m": (4,)}, {"m": (2, 4)}, {"m": (1, 4)}),
        *_calls("numpy.cov(m, rowvar=False)", {"m": (4, 2)}, {"m": (4,)}),
        *_calls("numpy.cov(m, bias=True)", {"m": (2, 4)}),
        *_calls("numpy.cov(m, ddof=0)", {"m": (2, 4)}),
        *_calls("numpy.cov(m, y)", {"m": (4,), "y": (4,)}, {"m": (2, 4), "y": (4,)}),
        *_calls("numpy.cov(m, y, rowvar=False)", {"m": (4, 2), "y": (4, 1)}),
    ],
    "numpy.corrcoef": [
        *_calls("numpy.corrcoef(m)", {"m": (2, 4)}, {"m": (3, 4)}),
        *_calls("numpy.corrcoef(m, rowvar=False)", {"m": (4, 2)}),
        *_calls("numpy.corrcoef(m, y)", {"m": (4,), "y": (4,)}, {"m": (2, 4), "y": (4,)}),
    ],
    "numpy.bincount": [
        *_calls("numpy.bincount(i, weights=a)", {"i": _I, "a": (3,)}),
        *_calls("numpy.bincount(i, a, minlength=5)", {"i": _I, "a": (3,)}),
    ],
    "retrograd.runtime.weights_along": [
        *_calls("retrograd.runtime.weights_along(v, (2, 3), 1)", {"v": (3,)}),
        *_calls("retrograd.runtime.weights_vjp(v, numpy.arange(3), 1)", {"v": (2, 3)}),
    ],
    # ---- running totals of the array standard, parts of numbers, spaced numbers
    "numpy.cumulative_sum": [
        *_calls("numpy.cumulative_sum(a)", {"a": (3,)}),
        *_calls("numpy.cumulative_sum(a, axis=1)", {"a": (2, 3)}),
    ],
    "numpy.cumulative_prod": [
        *_calls("numpy.cumulative_prod(a)", {"a": (3,)}),
        *_calls("numpy.cumulative_prod(a, axis=0)", {"a": (2, 3)}),
    ],
    "numpy.ldexp": _calls("numpy.ldexp(x, n)", {"x": (3,), "n": 2}, {"x": (), "n": -1}, {"x": (3,), "n": _I}),
    "numpy.modf": _calls("numpy.stack(numpy.modf(x))", {"x": (3,)}, {"x": (2, 3)}),
    "numpy.frexp": _calls("numpy.stack(numpy.frexp(x))", {"x": (3,)}, {"x": (2, 3)}),
    "numpy.divmod": _calls("numpy.stack(numpy.divmod(x, y))", {"x": (3,), "y": (3,)}, {"x": (2, 3), "y": (3,)}, {"x": (3,), "y": ()}),
    "numpy.logspace": [
        *_calls("numpy.logspace(a, b, 4)", {"a": (), "b": ()}, {"a": (2,), "b": ()}),
        *_calls("numpy.logspace(a, b, num=3, endpoint=False, base=2.0)", {"a": (), "b": ()}),
    ],
    "numpy.geomspace": [
        _positive("numpy.geomspace(a, b, 4)", a=(), b=()),
        _positive("numpy.geomspace(a, b, 4, endpoint=False)", a=(2,), b=()),
    ],
    # ---- methods of elementwise functions
    "numpy.add.reduce": [
        *_calls("numpy.add.reduce(a)", {"a": (3,)}, {"a": (2, 3)}, {"a": (2, 1, 3)}),
        *_calls("numpy.add.reduce(a, axis=1)", {"a": (2, 3)}),
        *_calls("numpy.add.reduce(a, axis=None)", {"a": (2, 3)}),
        *_calls("numpy.add.reduce(a, axis=(0, 1), keepdims=True)", {"a": (2, 3)}),
        *_calls("numpy.add.reduce(a, 1, initial=s, where=m)", {"a": (2, 3), "s": (), "m": _W}),
    ],
    "numpy.multiply.reduce": [
        *_calls("numpy.multiply.reduce(a)", {"a": (3,)}, {"a": (2, 3)}),
        *_calls("numpy.multiply.reduce(a, axis=-1)", {"a": (2, 3)}),
        *_calls("numpy.multiply.reduce(a, initial=s, where=m)", {"a": (2, 3), "s": (), "m": _W}),
    ],
    **{
        f"numpy.{name}.reduce": [
            *_calls(f"numpy.{name}.reduce(a)", {"a": (3,)}, {"a": (2, 3)}),
            *_calls(f"numpy.{name}.reduce(a, axis=1, keepdims=True)", {"a": (2, 3)}),
            *_calls(f"numpy.{name}.reduce(a, axis=None)", {"a": (2, 3)}),
            *_calls("numpy.maximum.reduce(a, initial=s)", {"a": (2, 3), "s": 0.5}),
        ]
        for name in ("maximum", "minimum", "fmax", "fmin", "logaddexp")
    },
    **{
        f"numpy.{name}.accumulate": [
            *_calls(f"numpy.{name}.accumulate(a)", {"a": (4,)}, {"a": (4, 2)}),
            *_calls(f"numpy.{name}.accumulate(a, axis=1)", {"a": (2, 4)}),
        ]
        for name in ("add", "multiply", "maximum", "minimum")
    },
    "numpy.add.reduceat": [
        *_calls("numpy.add.reduceat(a, [0, 2, 1])", {"a": (5,)}, {"a": (5, 2)}),
        *_calls("numpy.add.reduceat(a, i, axis=1)", {"a": (2, 4), "i": np.array([1, 3])}),
        *_calls("retrograd.runtime.reduceat_vjp(x, (5,), [0, 2, 1])", {"x": (3,)}),
    ],
    **{
        f"numpy.{name}.outer": [
            _positive(f"numpy.{name}.outer(a, b)", a=a, b=b)
            for a, b in (((3,), (2,)), ((2, 3), (2,)), ((), (2,)), ((2,), ()), ((2,), (3, 2)))
        ]
        for name in _OUTERS
    },
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
        *_calls("numpy.choose([0, 1, 0], [x, y])", {"x": (3,), "y": (3,)}),
        *_calls("numpy.choose(i, a)", {"i": _I, "a": (3, 3)}),
    ],
    "numpy.real": _calls("numpy.real(x)", {"x": (3,)}, {"x": ()}),
    # ---- helpers of generated code
    "retrograd.runtime.sum_at": [
        *_calls("retrograd.runtime.as_columns(x)", {"x": ()}, {"x": (3,)}, {"x": (2, 3)}),
        *_calls("retrograd.runtime.sum_at(x, i, (3,))", {"x": (3,), "i": _I}),
        *_calls("retrograd.runtime.sum_at(x, i, (2, 2))", {"x": (3,), "i": _I - 1}),
        *_calls("retrograd.runtime.taken_from(x, i)", {"x": (3,), "i": _I}, {"x": (2, 3), "i": _I - 1}),
    ],
    "retrograd.runtime.meshgrid_vjp": _calls("retrograd.runtime.meshgrid_vjp(x, 1, (2,))", {"x": (2, 3)}),
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
    "retrograd.runtime.gathered": _calls("retrograd.runtime.gathered([x, y])", {"x": (), "y": ()}, {"x": (2,), "y": (2,)}),
    "retrograd.runtime.rows_along": [
        *_calls("retrograd.runtime.rows_along(x, -2)", {"x": (2, 3, 4)}),
        *_calls("retrograd.runtime.rows_along(x, 0)", {"x": (3,)}),
        *_calls("retrograd.runtime.rows_along(x, 1, 2)", {"x": (2, 3, 4)}),
        *_calls("retrograd.runtime.rows_along(x, 1, 0)", {"x": (2, 3)}),
    ],
    "retrograd.runtime.along_rows": [
        *_calls("retrograd.runtime.along_rows(x, (2, 5, 3), -2)", {"x": (6, 4)}, {"x": (6,)}, {"x": (6, 2, 2)}),
        *_calls("retrograd.runtime.along_rows(x, (5,), 0)", {"x": (1, 4)}, {"x": (1,)}),
    ],
    "retrograd.runtime.kept_axis": _calls("retrograd.runtime.kept_axis(x, n, 0)", {"x": (3,), "n": np.arange(3)}, {"x": (), "n": np.arange(3)}),
    "retrograd.runtime.pieces": [
        *_calls("retrograd.runtime.pieces(numpy.ones(3), (i > 0, i < 2), [x, y])", {"x": (), "y": (2,), "i": np.array([0, 2, 1])}),
        *_calls("numpy.concatenate(retrograd.runtime.pieces_vjp(x, (i > 0, i < 2), [y, y]))", {"x": (3,), "i": np.array([0, 2, 1]), "y": np.arange(2)}),
    ],
    "retrograd.runtime.chosen_parts": [
        *_calls("numpy.stack(retrograd.runtime.chosen_parts(x, i, [y, y]))", {"x": (3,), "i": _I, "y": np.arange(3)}),
        *_calls("retrograd.runtime.put_together([x, y], i)", {"x": (3,), "y": (3,), "i": _I}),
    ],
}  # fmt: skip
