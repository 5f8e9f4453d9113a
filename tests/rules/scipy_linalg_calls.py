"""Calls of scipy.linalg."""

from typing import Any

import numpy as np

from tests.rules.calls import RANGES, Call, _regular, numbers
from tests.rules.linalg_calls import DEFINITE, matrices

_SHAPES = ((3, 3), (4, 3), (2, 3))
_SYSTEMS = (((3, 3), (3,)), ((3, 3), (3, 2)))


def _at(text: str, **values: Any) -> Call:
    """`text` at these values; a shape stands for numbers in it."""
    return Call(
        text,
        {
            name: numbers(v, k, RANGES[0]) if isinstance(v, tuple) else v
            for k, (name, v) in enumerate(values.items())
        },
    )


def _systems(text: str) -> list[Call]:
    return [_at(text, a=_regular(*a), b=b) for a, b in _SYSTEMS]


_POSITIVE = numbers((3, 3), 0, RANGES[1]) + 3.0 * np.eye(3)

WRITTEN: dict[str, list[Call]] = {
    "scipy.linalg.null_space": [
        Call("scipy.linalg.null_space(a)", {"a": numbers((2, 3), 0, RANGES[0])})
    ],
    "scipy.linalg.solve": [
        *_systems("scipy.linalg.solve(a, b)"),
        _at("scipy.linalg.solve(a, b)", a=_regular(3, 3, 3), b=(3, 3, 2)),
        _at("scipy.linalg.solve(a, b)", a=_regular(2, 3, 3), b=(3,)),
        *_systems("scipy.linalg.solve(a, b, check_finite=False, assume_a='gen')"),
        *[
            _at(f"scipy.linalg.solve(a, b, {more}assume_a='pos')", a=DEFINITE, b=b, **values)
            for b in ((3,), (3, 2))
            for more, values in (("", {}), ("lower=True, ", {}), ("lower=k, ", {"k": False}))
        ],
    ],
    "scipy.linalg.solve_triangular": [
        call
        for more in (
            *("", ", lower=True", ", trans=1", ", trans='T', lower=True", ", unit_diagonal=True"),
            *(", trans=1, lower=True, unit_diagonal=True", ", 0, True, check_finite=False"),
        )
        for call in _systems(f"scipy.linalg.solve_triangular(a, b{more})")
    ],
    "scipy.linalg.solve_sylvester": [
        _at("scipy.linalg.solve_sylvester(a, b, q)", a=_regular(3, 3), b=_regular(2, 2), q=(3, 2))
    ],
    "scipy.linalg.solve_banded": [
        _at("scipy.linalg.solve_banded((1, 2), ab, b)", ab=numbers((4, 5), 0, RANGES[3]), b=b)
        for b in ((5,), (5, 2))
    ],
    "retrograd.runtime.band_transposed": [_at("retrograd.runtime.band_transposed((1, 2), a)", a=(4, 5))],
    "retrograd.runtime.band_product": [
        _at("retrograd.runtime.band_product((1, 2), a, x)", a=(4, 5), x=x) for x in ((5,), (5, 2))
    ],
    "retrograd.runtime.band_of_outer": [
        _at("retrograd.runtime.band_of_outer((1, 2), x, y)", x=x, y=x) for x in ((5,), (5, 2))
    ],
    "scipy.linalg.inv": matrices("scipy.linalg.inv(a)", (3, 3), (1, 1), (3, 3, 3)),
    "scipy.linalg.det": matrices("scipy.linalg.det(a, check_finite=False)", (3, 3), (2, 3, 3)),
    "scipy.linalg.pinv": matrices("scipy.linalg.pinv(a)", *_SHAPES),
    "scipy.linalg.lstsq": [
        *[_at("scipy.linalg.lstsq(a, b)[0]", a=a, b=b) for a, b in (((4, 3), (4,)), ((4, 3), (4, 2)))],
        _at("scipy.linalg.lstsq(a, b)[1]", a=(4, 3), b=(4, 2)),
        _at("scipy.linalg.lstsq(a, b)[1]", a=(4, 3), b=(4,)),
        _at("scipy.linalg.lstsq(a, b, cond=1e-10)[3]", a=(4, 3), b=(4,)),
    ],
    "scipy.linalg.cholesky": [
        _at("scipy.linalg.cholesky(a)", a=DEFINITE),
        _at("scipy.linalg.cholesky(a, lower=True)", a=DEFINITE),
        _at("scipy.linalg.cholesky(a, lower=k)", a=DEFINITE, k=True),
    ],
    "scipy.linalg.cho_factor": [
        _at(f"scipy.linalg.cho_solve(scipy.linalg.cho_factor(a{more}), b)", a=DEFINITE, b=b)
        for more in ("", ", lower=True")
        for b in ((3,), (3, 2))
    ]
    + [_at("scipy.linalg.cho_solve(scipy.linalg.cho_factor(a, k), b)", a=DEFINITE, k=True, b=(3,))],
    "scipy.linalg.cho_solve": [
        _at(f"scipy.linalg.cho_solve((c, {lower}), b)", c=_POSITIVE, b=b)
        for lower in ("False", "True")
        for b in ((3,), (3, 2))
    ],
    "scipy.linalg.lu": [
        *matrices("scipy.linalg.lu(a)[1]", (3, 3)),
        *matrices("scipy.linalg.lu(a)[2]", (3, 3)),
        _at("scipy.linalg.lu(a)[2]", a=(4, 4)),
    ],
    "scipy.linalg.lu_factor": [
        _at("scipy.linalg.lu_factor(a)[0]", a=(4, 4)),
        _at("scipy.linalg.lu_solve(scipy.linalg.lu_factor(a), b)", a=(4, 4), b=(4,)),
        _at("scipy.linalg.lu_solve(scipy.linalg.lu_factor(a), b)", a=(3, 3), b=(3, 2)),
    ],
    "scipy.linalg.lu_solve": [
        _at(f"scipy.linalg.lu_solve((c, p), b{more})", c=_POSITIVE, p=np.array([1, 2, 2]), b=b)
        for b in ((3,), (3, 2))
        for more in ("", ", trans=1")
    ],
    "scipy.linalg.solve_toeplitz": [
        _at("scipy.linalg.solve_toeplitz(c, b)", c=np.array([3.0, 0.4, -0.5]), b=b)
        for b in ((3,), (3, 2))
    ]
    + [
        _at(
            "scipy.linalg.solve_toeplitz((c, r), b)",
            c=np.array([3.0, 0.4, -0.5]), r=np.array([3.0, 0.7, 0.2]), b=b,
        )
        for b in ((3,), (3, 2))
    ],
    "scipy.linalg.qr": [
        *matrices("scipy.linalg.qr(a, mode='economic')[0]", *_SHAPES),
        *matrices("scipy.linalg.qr(a, mode='economic')[1]", *_SHAPES),
        *matrices("scipy.linalg.qr(a)[0]", (3, 3), (2, 3)),
        *matrices("scipy.linalg.qr(a)[1]", *_SHAPES),
    ],
    "scipy.linalg.eigh": [
        *matrices("scipy.linalg.eigh(a)[0]", (3, 3)),
        *matrices("scipy.linalg.eigh(a, lower=False)[1]", (3, 3)),
        *matrices("scipy.linalg.eigh(a, eigvals_only=True)", (3, 3)),
        *matrices("scipy.linalg.eigh(a, lower=False, eigvals_only=True)", (3, 3)),
    ],
    "scipy.linalg.eigvalsh": [
        *matrices("scipy.linalg.eigvalsh(a)", (3, 3)),
        *matrices("scipy.linalg.eigvalsh(a, lower=False)", (3, 3)),
    ],
    "scipy.linalg.svd": [
        *matrices("scipy.linalg.svd(a, full_matrices=False)[0]", *_SHAPES),
        *matrices("scipy.linalg.svd(a)[1]", *_SHAPES[:1]),
        *matrices("scipy.linalg.svd(a, False)[2]", *_SHAPES),
        *matrices("scipy.linalg.svd(a, compute_uv=False)", *_SHAPES),
    ],
    "scipy.linalg.svdvals": matrices("scipy.linalg.svdvals(a)", *_SHAPES),
    "scipy.linalg.expm": [
        _at("scipy.linalg.expm(A)", A=(3, 3)),
        _at("scipy.linalg.expm(A)", A=(2, 3, 3)),
    ],
    "scipy.linalg.logm": [_at("scipy.linalg.logm(A)", A=DEFINITE)],
    "scipy.linalg.sqrtm": [_at("scipy.linalg.sqrtm(A)", A=DEFINITE)],
    "scipy.linalg.norm": [
        _at("scipy.linalg.norm(x)", x=(3,)),
        _at("scipy.linalg.norm(x, 1)", x=(2, 3)),
        _at("scipy.linalg.norm(x, axis=1)", x=(2, 3)),
    ],
    "scipy.linalg.toeplitz": [
        _at("scipy.linalg.toeplitz(c)", c=(3,)),
        _at("scipy.linalg.toeplitz(c, r)", c=(3,), r=(4,)),
        _at("scipy.linalg.toeplitz([x, y, z])", x=(), y=(), z=()),
    ],
    "scipy.linalg.block_diag": [
        _at("scipy.linalg.block_diag(x, y, z)", x=(2, 3), y=(1, 2), z=(2,)),
        _at("scipy.linalg.block_diag(x, y)", x=(), y=(2, 2)),
    ],
}  # fmt: skip
