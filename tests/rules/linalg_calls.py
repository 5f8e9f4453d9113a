"""Calls of numpy.linalg: matrices far from singular, with values of their own far apart."""

from typing import Any

import numpy as np

from tests.rules.calls import RANGES, Call, _calls, _regular, numbers


def matrices(text: str, *shapes: tuple[int, ...]) -> list[Call]:
    """`text` at matrices `a` of these shapes whose singular values differ."""
    return [Call(text, {"a": _matrix(*shape)}) for shape in shapes]


def _matrix(*shape: int) -> Any:
    grown = np.eye(shape[-2], shape[-1]) * np.arange(1.0, shape[-1] + 1.0)
    return numbers(shape, 0, RANGES[0]) + 2.0 * grown


_SYMMETRIC = "a + numpy.matrix_transpose(a)"
_POSITIVE = "a @ numpy.matrix_transpose(a) + 2.0 * numpy.eye(3)"
DEFINITE = 0.2 * numbers((3, 3), 0, RANGES[0]) + 3.0 * np.eye(3)
_SQUARE = ((3, 3), (1, 1), (2, 3, 3))
_ANY = ((3, 3), (4, 3), (2, 3), (2, 4, 3))
_ORDERS = ("None", "1", "-1", "2", "-2", "numpy.inf", "-numpy.inf", "'fro'", "'nuc'")


def _systems(text: str) -> list[Call]:
    shapes = [((4, 3), (4,)), ((4, 3), (4, 2)), ((3, 3), (3,)), ((2, 3), (2,)), ((2, 3), (2, 2))]
    return [Call(text, {"a": _matrix(*a), "b": numbers(b, 1, RANGES[0])}) for a, b in shapes]


WRITTEN: dict[str, list[Call]] = {
    # ---- norms
    "numpy.linalg.norm": [
        *_calls("numpy.linalg.norm(x)", {"x": (3,)}, {"x": (2, 3)}, {"x": (1,)}, {"x": (2, 1, 3)}),
        *_calls("numpy.linalg.norm(x, 2)", {"x": (3,)}, {"x": (3, 2)}),
        *_calls("numpy.linalg.norm(x, axis=1)", {"x": (2, 3)}, {"x": (2, 1, 3)}),
        *_calls("numpy.linalg.norm(x, ord=2, axis=0, keepdims=True)", {"x": (2, 3)}),
        *_calls("numpy.linalg.norm(x, axis=(0, 2))", {"x": (2, 1, 3)}),
        *_calls("numpy.linalg.norm(x, 'fro')", {"x": (2, 3)}),
        *_calls("numpy.linalg.norm(x, keepdims=True)", {"x": (2, 3)}),
        *_calls("numpy.linalg.norm([x, y])", {"x": (), "y": ()}),
        *_calls("numpy.linalg.norm([x, y], 1)", {"x": (), "y": ()}),
        *_calls("numpy.linalg.norm(x, p)", {"x": (3,), "p": 3}, {"x": (2, 3), "p": 1}),
        *[
            call
            for p in (*_ORDERS[:-2], "3", "1.5", "0.5", "-2.5", "0")
            for call in _calls(f"numpy.linalg.norm(x, {p}, axis=-1)", {"x": (2, 3)})
        ],
        *[
            call
            for p in _ORDERS
            for call in (
                *_calls(f"numpy.linalg.norm(x, {p})", {"x": (3, 2)}),
                *_calls(f"numpy.linalg.norm(x, {p}, axis=(0, 2))", {"x": (3, 2, 2)}),
                *_calls(f"numpy.linalg.norm(x, {p}, (-1, 0), True)", {"x": (3, 2, 2)}),
            )
        ],
    ],
    "numpy.linalg.vector_norm": [
        *_calls("numpy.linalg.vector_norm(x)", {"x": (3,)}, {"x": (2, 3)}),
        *_calls("numpy.linalg.vector_norm(x, axis=(0, 1), ord=3)", {"x": (2, 3, 2)}),
        *_calls("numpy.linalg.vector_norm(x, axis=0, ord=1, keepdims=True)", {"x": (2, 3)}),
        *_calls("numpy.linalg.vector_norm(x, ord=numpy.inf)", {"x": (2, 3)}),
        *_calls("numpy.linalg.vector_norm(x, ord=0)", {"x": (2, 3)}),
    ],
    "numpy.linalg.matrix_norm": [
        call
        for p in _ORDERS[1:]
        for call in (
            *_calls(f"numpy.linalg.matrix_norm(x, ord={p})", {"x": (3, 2)}, {"x": (2, 3, 2)}),
            *_calls(f"numpy.linalg.matrix_norm(x, ord={p}, keepdims=True)", {"x": (2, 3, 2)}),
            *_calls(
                f"numpy.linalg.matrix_norm(x, ord={p}, keepdims=k)", {"x": (2, 3, 2), "k": False}
            ),
        )
    ],
    "numpy.linalg.cond": [
        *[Call(f"numpy.linalg.cond(x, {p})", {"x": _regular(3, 3)}) for p in _ORDERS],
        *[Call("numpy.linalg.cond(x)", {"x": _regular(2, 3, 3)})],
        *[Call("numpy.linalg.cond(x, 'fro')", {"x": _regular(2, 3, 3)})],
        *[Call("numpy.linalg.cond(x)", {"x": _matrix(4, 3)})],
    ],
    # ---- decompositions
    "numpy.linalg.slogdet": [
        *matrices("numpy.linalg.slogdet(a)[1]", *_SQUARE),
        *matrices("numpy.linalg.slogdet(a)[0]", (3, 3)),
    ],
    "numpy.linalg.cholesky": [
        *matrices(f"numpy.linalg.cholesky({_POSITIVE})", (3, 3), (2, 3, 3)),
        *matrices(f"numpy.linalg.cholesky({_POSITIVE}, upper=True)", (3, 3), (2, 3, 3)),
        *[Call("numpy.linalg.cholesky(a)", {"a": DEFINITE})],
        *[Call("numpy.linalg.cholesky(a, upper=flag)", {"a": DEFINITE, "flag": True})],
    ],
    "numpy.linalg.qr": [
        *matrices("numpy.linalg.qr(a)[0]", *_ANY),
        *matrices("numpy.linalg.qr(a, mode='reduced')[1]", *_ANY),
    ],
    "numpy.linalg.eigh": [
        *matrices("numpy.linalg.eigh(a)[0]", *_SQUARE),
        *matrices("numpy.linalg.eigh(a)[1]", (3, 3), (2, 3, 3)),
        *matrices("numpy.linalg.eigh(a, 'U')[0]", (3, 3)),
        *matrices("numpy.linalg.eigh(a, UPLO='U')[1]", (3, 3)),
        *matrices(f"numpy.linalg.eigh({_SYMMETRIC})[1]", (3, 3)),
    ],
    "numpy.linalg.eigvalsh": [
        *matrices("numpy.linalg.eigvalsh(a)", *_SQUARE),
        *matrices("numpy.linalg.eigvalsh(a, UPLO='U')", (3, 3)),
    ],
    "numpy.linalg.svd": [
        *matrices("numpy.linalg.svd(a, full_matrices=False)[0]", *_ANY),
        *matrices("numpy.linalg.svd(a)[1]", (3, 3), (2, 3), (2, 3, 3)),
        *matrices("numpy.linalg.svd(a, False)[2]", *_ANY),
        *matrices("numpy.linalg.svd(a, full_matrices=False)[1]", *_ANY),
        *matrices("numpy.linalg.svd(a, compute_uv=False)", *_ANY),
    ],
    "numpy.linalg.svdvals": matrices("numpy.linalg.svdvals(a)", *_ANY),
    "numpy.linalg.pinv": [
        *matrices("numpy.linalg.pinv(a)", *_ANY),
        *matrices("numpy.linalg.pinv(a, rtol=1e-10)", (3, 2)),
    ],
    "numpy.linalg.lstsq": [
        *_systems("numpy.linalg.lstsq(a, b)[0]"),
        *_systems("numpy.linalg.lstsq(a, b, rcond=None)[1]")[:2],
        *_systems("numpy.linalg.lstsq(a, b, rcond=1e-10)[3]")[:2],
    ],
    # ---- products and inverses
    "numpy.linalg.matrix_power": [
        Call(f"numpy.linalg.matrix_power(a, {n})", {"a": _regular(*shape)})
        for n in (0, 1, 3, -2)
        for shape in ((3, 3), (2, 3, 3))
    ],
    "numpy.linalg.multi_dot": [
        *_calls("numpy.linalg.multi_dot([a, b])", {"a": (2, 3), "b": (3, 2)}),
        *_calls("numpy.linalg.multi_dot([a, b, c])", {"a": (2, 3), "b": (3, 4), "c": (4, 2)}),
        *_calls("numpy.linalg.multi_dot((a, b, c))", {"a": (3,), "b": (3, 4), "c": (4, 2)}),
        *_calls("numpy.linalg.multi_dot([a, b, c])", {"a": (3,), "b": (3, 4), "c": (4,)}),
        *_calls("numpy.linalg.multi_dot([a, b, c])", {"a": (1, 3), "b": (3, 4), "c": (4,)}),
    ],
    "numpy.linalg.tensorsolve": [
        Call(
            "numpy.linalg.tensorsolve(a, b)",
            {"a": _regular(6, 6).reshape(2, 3, 6), "b": numbers((2, 3), 1, RANGES[0])},
        ),
        Call(
            "numpy.linalg.tensorsolve(a, b)",
            {"a": _regular(6, 6).reshape(6, 3, 2), "b": numbers((6,), 1, RANGES[0])},
        ),
    ],
    "numpy.linalg.tensorinv": [
        Call("numpy.linalg.tensorinv(a)", {"a": _regular(6, 6).reshape(2, 3, 3, 2)}),
        Call("numpy.linalg.tensorinv(a, ind=1)", {"a": _regular(6, 6).reshape(6, 3, 2)}),
    ],
    # ---- by the names of NumPy itself
    "numpy.linalg.matmul": _calls("numpy.linalg.matmul(x, y)", {"x": (2, 3), "y": (3, 2)}),
    "numpy.linalg.outer": _calls("numpy.linalg.outer(a, b)", {"a": (2,), "b": (3,)}),
    "numpy.linalg.trace": [
        *_calls("numpy.linalg.trace(x)", {"x": (3, 3)}, {"x": (2, 3, 4)}),
        *_calls("numpy.linalg.trace(x, offset=-1)", {"x": (2, 3, 4)}),
    ],
    "numpy.linalg.diagonal": [
        *_calls("numpy.linalg.diagonal(x)", {"x": (3, 3)}, {"x": (2, 3, 4)}),
        *_calls("numpy.linalg.diagonal(x, offset=1)", {"x": (3, 3)}, {"x": (2, 3, 4)}),
        *_calls("numpy.linalg.diagonal(x, offset=-1)", {"x": (2, 3, 4)}),
    ],
    "numpy.linalg.matrix_transpose": [
        *_calls("numpy.linalg.matrix_transpose(x)", {"x": (2, 3)}, {"x": (4, 2, 3)}),
    ],
    "numpy.linalg.cross": [
        *_calls("numpy.linalg.cross(x1, x2)", {"x1": (3,), "x2": (3,)}, {"x1": (2, 3), "x2": (3,)}),
        *_calls("numpy.linalg.cross(x1, x2, axis=0)", {"x1": (3, 2), "x2": (3, 2)}),
    ],
    "numpy.linalg.vecdot": [
        *_calls("numpy.linalg.vecdot(x1, x2)", {"x1": (3,), "x2": (3,)}, {"x1": (2, 3), "x2": (3,)}),
        *_calls("numpy.linalg.vecdot(x1, x2, axis=-2)", {"x1": (3, 2), "x2": (2, 3, 1)}),
    ],
}  # fmt: skip
