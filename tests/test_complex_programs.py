"""Programs with complex numbers in between and as arguments, in all that the language has."""

from dataclasses import dataclass

import numpy as np
import pytest

import retrograd as rg

C = 0.3 - 0.2j
KERNEL = np.array([1.0, 0.5j, -0.2])
RNG = np.random.default_rng(3)


def both(*shape):
    return RNG.normal(size=shape) + 1j * RNG.normal(size=shape)


def of_a_dict(p):
    return np.sum(np.abs(p["W"] @ p["b"] + C) ** 2) + p["s"].real * p["x"]


def of_a_pair(p):
    a, b = p
    return abs(a * b)


@dataclass
class Model:
    w: np.ndarray
    k: float


def of_a_record(m):
    return np.sum((m.w * KERNEL * m.k).imag)


def written_in_place(z):
    z[1:] *= 2j
    z[0] = z[1] * z[2]
    v = z[::2]
    v += z[1]
    return np.sum(np.abs(z))


def collected(x):
    zs = []
    for k in range(3):
        zs.append(np.exp(1j * x * k))
    return np.abs(sum(zs)) + np.sum(np.array(zs).real)


def masked(x):
    z = np.array([np.exp(1j * k * x[0]) for k in range(4)])
    z[x > 0.0] = z[x > 0.0] * 2.0 + 1j * x[x > 0.0]
    return np.abs(z.sum())


def fact(z, n):
    if n == 0:
        return 1.0
    return z * fact(z * 1j + 1, n - 1)


def recursive(z):
    return abs(fact(z, 3))


def partly_complex(x):
    s = 0.0
    for k in range(3):
        s = s + x[k] * 1j**k
    if s.real > 100.0:
        return s.real
    return (s * s).imag


def escaping(x, y):
    z = complex(x, y)
    w = z
    n = 0
    while abs(w) < 10.0 and n < 6:
        w = w * w + z
        n += 1
    return w.real - w.imag


def filtered(x):
    f = np.fft.fftshift(np.fft.fft(x))
    f[0] = 0.0
    f[1:3] *= np.array([1j, 2.0])
    y = np.fft.ifft(np.fft.ifftshift(f)).real
    return np.sum(y**3)


def h(u, c=1j):
    return u * c, np.conj(u)


def through_calls(z):
    a, b = h(z)
    d, e = h(b, 2.0)
    return np.sum((a * e).real) + np.sum(np.abs(d))


def joined(z):
    w = np.stack([z, z * 2j, z.real])
    q = np.concatenate([w[0], w[2]])
    return np.sum(np.abs(np.where(np.abs(q) > 0.5, q, 0.1 * q)))


def by_branch(z):
    return z.real if z.imag > 0 else (z * z).imag


def becoming_complex(x, z):
    r = x * 2
    r = r + (z * x).real
    t = x if x > 0 else z
    return abs(t) + r


def closed_over(z):
    def inner(w):
        return w * z

    return np.abs(inner(z) + inner(1j))


def of_a_matrix(z):
    A = np.array([[z, 1.0], [2.0, z.conjugate()]])
    return np.linalg.det(A).real + np.abs(np.linalg.inv(A)[0, 1])


def converted(x):
    z = x.astype(complex)
    z[0] = 1j * z[1]
    z[1] += x[2]
    return np.sum(np.angle(z * z))


def kept_in_a_dict(z):
    d = {"a": z, "b": z * 1j}
    d["c"] = d["a"] + d["b"]
    tot = 0.0
    for k in ("a", "b", "c"):
        tot = tot + abs(d[k]) ** 2
    return tot


def with_attributes(z):
    return np.sum(z.real**2) + np.sum(np.abs(z.T @ np.conj(z)))


def stored(z):
    a = np.zeros((2, 3), dtype=complex)
    a[0] = z
    a[1, :2] = z[1:] * z[0]
    b = a.copy()
    b[:, 1] = 1.0
    return np.sum((a * b).imag)


def of_real_parts(x):
    a = np.zeros(3)
    a += (1j * x).imag
    a[1] = abs(x[0] + 1j * x[1])
    return np.sum(a)


def turned(z, n):
    return z if n == 0 else turned(z, n - 1) * z


def of_an_imaginary_part(x):
    return x[0] * turned(x[0] * 1j + x[1], 2).imag


def with_parts_written(x):
    z = np.zeros(4, complex)
    for k in range(4):
        z.real[k] = x[k] * z.imag[k - 1]
        z.imag[k] += x[k]
        z.imag *= x[0]
    z[1:].real = z[0].imag * x[1:]
    w = np.outer(z, x)
    w.real[:, 1] -= x
    w.imag = 0.3
    return np.sum(np.abs(z) ** 3) + np.sum(np.abs(w) ** 3)


def put_in(z, v):
    z.real = v * z.imag


def with_parts_written_in_a_helper(z):
    put_in(z, 0.7)
    return np.sum(np.abs(z) ** 3)


def rotating(a):
    w, v = np.linalg.eig(a)
    weights = np.arange(1.0, v.size + 1.0).reshape(v.shape)
    of_vectors = np.sum(weights * v.real**3) + np.sum(v.imag**3 * weights.T)
    return np.sum(np.abs(w) ** 3) + np.max(w.imag) + of_vectors


def grown(a):
    w, v = np.linalg.eig(a)
    return np.real((v @ np.diag(np.exp(w)) @ np.linalg.inv(v))[0, 1])


def spectral_radius(a):
    return np.max(np.abs(np.linalg.eigvals(a)))


#: With three real eigenvalues, with a pair of complex ones beside a real one, and with two pairs.
REAL_ONES = np.array([[1.0, 0.4, 0.2], [0.3, 2.0, 0.1], [0.5, 0.2, 3.5]])
ONE_PAIR = np.array([[0.3, -0.5, 1.2], [0.7, 0.2, -1.1], [0.4, 0.6, -0.3]])
TWO_PAIRS = np.array([[0, 1.0, 0, 0.2], [-1.3, 0, 0.1, 0], [0.2, 0, 0.3, 2.1], [0, 0.4, -2, 0.3]])

CASES = [
    (with_parts_written, np.array([0.3, -0.5, 1.2, 0.8])),
    (with_parts_written_in_a_helper, both(4)),
    *(
        (f, a)
        for f in (rotating, grown, spectral_radius)
        for a in (REAL_ONES, TWO_PAIRS, ONE_PAIR + 0.3j * REAL_ONES)
    ),
    (of_a_dict, {"W": both(2, 3), "b": both(3), "s": 1 + 2j, "x": 0.5}),
    (of_a_pair, [1 + 1j, 0.3]),
    (of_a_pair, (0.3, 2 - 1j)),
    (of_a_record, Model(both(3), 0.7)),
    (written_in_place, both(5)),
    (collected, 0.7),
    (masked, np.array([0.3, -0.2, 0.5, 0.8])),
    (recursive, 0.4 + 0.3j),
    (recursive, 0.4),
    (partly_complex, np.array([0.3, 0.4, -0.7])),
    (escaping, 0.3, 0.5),
    (filtered, RNG.normal(size=8)),
    (filtered, RNG.normal(size=7)),
    (through_calls, both(3)),
    (joined, both(4)),
    (by_branch, 1 + 2j),
    (by_branch, 1 - 2j),
    (becoming_complex, 0.5, 2 + 1j),
    (becoming_complex, -0.5, 2 + 1j),
    (closed_over, 1 + 0.5j),
    (of_a_matrix, 1.3 + 0.5j),
    (converted, RNG.normal(size=3)),
    (kept_in_a_dict, 1 - 0.3j),
    (with_attributes, both(3)),
    (stored, both(3)),
    (of_real_parts, RNG.normal(size=3)),
    (of_an_imaginary_part, RNG.normal(size=2)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0].__name__)
def test_both_modes_and_second_order_agree_with_differences(case):
    function, *args = case
    rg.check_grads(function, tuple(args), order=1 if function in ONCE else 2)


#: Gradients that are refused when they are differentiated again, those of real numbers too.
ONCE = (of_a_record, masked, recursive, of_an_imaginary_part)


def mismatch(z, target):
    return np.sum(np.abs(np.fft.fft(z) - target) ** 2)


def test_a_step_against_the_gradient_descends():
    z, target = both(5), both(5)
    gradient = rg.grad(mismatch)(z, target)
    assert np.allclose(gradient, 2.0 * 5 * np.fft.ifft(np.fft.fft(z) - target))
    assert mismatch(z - 0.01 * gradient, target) < mismatch(z, target)
    assert rg.grad(mismatch)(z.astype(np.complex64), target).dtype == np.complex64


def wave(x):
    return np.exp(1j * x)


def test_jacobians_of_complex_values():
    x = np.array([0.3, 0.4])
    for mode in ("forward", "reverse", "auto"):
        assert np.allclose(rg.jacobian(wave, mode=mode)(x), np.diag(1j * np.exp(1j * x)))
    with pytest.raises(ValueError, match="complex"):
        rg.jacobian(wave)(1j * x)
    with pytest.raises(rg.UnsupportedError, match="RG308"):
        rg.grad(wave)(0.3)


def test_what_is_complex_does_not_fit_what_is_real():
    _, pullback = rg.vjp(np.abs, both(3))
    with pytest.raises(ValueError, match="complex"):
        pullback(1j * np.ones(3))
