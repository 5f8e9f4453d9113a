"""Calls of SciPy's functions that take whole numbers, axes or options."""

import numpy as np

from tests.rules.calls import Call, _calls

_N = np.array([0, 1, 3])

WRITTEN: dict[str, list[Call]] = {
    # Their values are complex numbers: they are tried in complex_calls.
    **{f"scipy.special.{name}": [] for name in ("wofz", "lambertw", "sph_harm_y")},
    **{
        f"scipy.special.{name}": [
            *_calls(f"scipy.special.{name}(n, x)", {"n": 2, "x": np.array([0.4, 1.3])}),
            *_calls(f"scipy.special.{name}(n, x)", {"n": 0, "x": 0.7}),
            *_calls(f"scipy.special.{name}(n, x)", {"n": _N, "x": np.array([[0.4], [1.3]])}),
            *_calls(f"scipy.special.{name}(1, x)", {"x": np.array([[0.4], [1.3]])}),
        ]
        for name in ("jv", "jn", "yn", "yv", "iv", "ive", "kv", "kve", "kn", "eval_legendre")
    },
    "scipy.special.expn": _calls("scipy.special.expn(n, x)", {"n": 2, "x": np.array([0.4, 1.3])}),
    "scipy.special.polygamma": [
        *_calls("scipy.special.polygamma(n, x)", {"n": 1, "x": np.array([0.4, 1.3])}),
        *_calls("scipy.special.polygamma(2, x)", {"x": 0.7}),
    ],
    "scipy.special.multigammaln": [
        *_calls("scipy.special.multigammaln(a, 3)", {"a": np.array([1.4, 2.3])}, {"a": 1.7}),
        *_calls("scipy.special.multigammaln(a, n)", {"a": np.array([[1.4], [2.3]]), "n": 2}),
    ],
    "scipy.special.betainc": [
        *_calls("scipy.special.betainc(2, 3, x)", {"x": np.array([0.2, 0.7])}, {"x": 0.4}),
        *_calls("scipy.special.betainc(n, 1, x)", {"n": _N + 1, "x": np.array([[0.2], [0.7]])}),
    ],
    "scipy.special.bdtr": [
        *_calls("scipy.special.bdtr(2, 5, p)", {"p": np.array([0.2, 0.7])}, {"p": 0.4}),
        *_calls("scipy.special.bdtr(n, 3, p)", {"n": _N, "p": 0.4}),
    ],
    "scipy.special.stdtr": [
        *_calls("scipy.special.stdtr(3, t)", {"t": np.array([-0.2, 0.7])}, {"t": 0.4}),
    ],
    "scipy.special.zeta": _calls("scipy.special.zeta(2, q)", {"q": np.array([0.4, 1.3])}, {"q": 1.7}),
    "scipy.special.hyp0f1": [
        *_calls("scipy.special.hyp0f1(2, z)", {"z": np.array([-0.2, 0.7])}, {"z": 0.4}),
    ],
    "scipy.special.hyp1f1": [
        *_calls("scipy.special.hyp1f1(1, 2, x)", {"x": np.array([-0.2, 0.7])}, {"x": 0.4}),
    ],
    "scipy.special.hyp2f1": [
        *_calls("scipy.special.hyp2f1(1, 2, 3, z)", {"z": np.array([-0.2, 0.7])}, {"z": 0.4}),
    ],
    "scipy.special.eval_jacobi": [
        *_calls("scipy.special.eval_jacobi(n, 1, 2, x)", {"n": _N, "x": np.array([[-0.2], [0.7]])}),
        *_calls("scipy.special.eval_jacobi(2, 1, 2, x)", {"x": 0.4}),
    ],
    "scipy.special.binom": [
        *_calls("scipy.special.binom(x + 3.0, y)", {"x": (3,), "y": (2, 3)}, {"x": (), "y": ()}),
    ],
    "scipy.special.huber": [
        *_calls("scipy.special.huber(abs(d), r)", {"d": (3,), "r": (2, 3)}, {"d": (), "r": ()}),
    ],
    "scipy.special.pseudo_huber": [
        *_calls("scipy.special.pseudo_huber(abs(d), r)", {"d": (3,), "r": (2, 3)}, {"d": (), "r": ()}),
    ],
    "scipy.special.xlogy": [
        *_calls("scipy.special.xlogy(x, abs(y))", {"x": (3,), "y": (2, 3)}, {"x": (), "y": ()}),
    ],
    "scipy.special.erfcinv": [
        *_calls("scipy.special.erfcinv(y)", {"y": np.array([[0.2, 0.9], [1.2, 1.8]])}, {"y": 0.4}),
    ],
    "scipy.special.comb": _calls("scipy.special.comb(N, 2)", {"N": np.array([3.2, 4.7])}, {"N": 3.4}),
    "scipy.special.sici": [
        *_calls("scipy.special.sici(x)[0]", {"x": ()}, {"x": (2, 3)}),
        *_calls("scipy.special.sici(x)[1]", {"x": 0.7}, {"x": np.array([0.3, 1.2])}),
    ],
    "scipy.special.logsumexp": [
        *_calls("scipy.special.logsumexp(a)", {"a": ()}, {"a": (3,)}, {"a": (2, 3)}),
        *_calls("scipy.special.logsumexp(a, axis=1)", {"a": (2, 3)}, {"a": (2, 1, 3)}),
        *_calls("scipy.special.logsumexp(a, axis=(0, -1), keepdims=True)", {"a": (2, 1, 3)}),
        *_calls("scipy.special.logsumexp(a, 0)", {"a": (2, 3)}),
        *_calls("scipy.special.logsumexp(a, axis=which)", {"a": (2, 3), "which": 1}),
        *_calls("scipy.special.logsumexp([x, y])", {"x": (), "y": ()}),
        *[
            call
            for b in (np.array([0.5, 1.5, 2.5]), np.array([[0.5], [1.5]]), 0.5)
            for call in (
                *_calls("scipy.special.logsumexp(a, b=b)", {"a": (2, 3), "b": b}),
                *_calls("scipy.special.logsumexp(a, axis=-1, b=b)", {"a": (2, 3), "b": b}),
                *_calls("scipy.special.logsumexp(a, 0, b, True)", {"a": (2, 3), "b": b}),
            )
        ],
    ],
    **{
        f"scipy.special.{name}": [
            *_calls(f"scipy.special.{name}(x)", {"x": (3,)}, {"x": (2, 3)}),
            *_calls(f"scipy.special.{name}(x, axis=0)", {"x": (2, 3)}),
            *_calls(f"scipy.special.{name}(x, -1)", {"x": (2, 3)}),
            *_calls(f"scipy.special.{name}(x, axis=(0, 1))", {"x": (2, 3)}),
        ]
        for name in ("softmax", "log_softmax")
    },
}  # fmt: skip
