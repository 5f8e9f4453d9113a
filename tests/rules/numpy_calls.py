"""More calls to try the rules on: functions of NumPy that select, sort, interpolate and multiply."""

import numpy as np

from tests.rules.calls import Call, _calls

_I = np.array([2, 0, 2])
_J = np.array([[1, 0], [-1, 1]])
_C = np.array([True, False, True])

#: Calls by the function that they are for.
WRITTEN: dict[str, list[Call]] = {
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
