"""Programs as users write them, with arguments of realistic size, for the benchmarks.

Each says what it differentiates by, of which types its parameters are, and how many statements a
gradient written by hand has (the function's own, docstrings not counted).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Program:
    """A function, the parameters to differentiate by, their types, arguments, and the mark to meet.

    With `mode` "jvp" the derivative goes forward, for a result that is no single number. With
    `in_place` the function writes into its arguments, and is given copies.
    """

    function: Callable[..., Any]
    wrt: tuple[str, ...]
    types: str
    args: tuple[Any, ...]
    by_hand: int
    mode: str = "grad"
    in_place: bool = False


def energy(r, q):
    """Screened pair potential."""
    s = r / 1.7  # reduced distance
    core = s**-12 - s**-6
    return 4.0 * core + q * q * math.exp(-s) / r


def loss(w, b, X, y, decay):
    z = X @ w + b
    # stable log(1 + exp(z))
    nll = np.mean(np.logaddexp(0.0, z) - y * z)
    return nll + 0.5 * decay * np.dot(w, w)


def mlp_loss(params, X, y):
    """Mean squared error of a two-layer network."""
    # hidden layer
    h = np.tanh(X @ params["W1"] + params["b1"])
    # output layer
    pred = h @ params["W2"] + params["b2"]
    return np.mean((pred - y) ** 2)


def horner(c, x):
    """Polynomial with coefficients c, highest degree first."""
    p = 0.0
    for i in range(len(c)):
        p = p * x + c[i]
    return p


def path_energy(y, v, k, h, tol):
    """Integral of y**2 along a damped oscillation, until its energy falls below tol."""
    total = 0.0
    while 0.5 * v * v + 0.5 * k * y * y > tol:
        # midpoint rule
        ym = y + 0.5 * h * v
        vm = v - 0.5 * h * (k * y + 0.3 * v * abs(v))
        total = total + h * ym * ym
        y = y + h * vm
        v = v - h * (k * ym + 0.3 * vm * abs(vm))
    return total


def cube_root(c, z):
    """Newton steps for z**3 = c."""
    for _ in range(5):
        z = z - (z * z * z - c) / (3.0 * z * z)
    return z


def total_radius(volumes, scale):
    total = 0.0
    z = 1.0
    for i in range(len(volumes)):
        z = cube_root(scale * volumes[i], z)  # warm start
        total = total + z * z
    return total


def rnn_loss(Wx, Wh, b, xs, ys):
    h = np.zeros(len(b))
    hs = []
    for t in range(len(xs)):
        # new hidden state
        h = np.tanh(Wx @ xs[t] + Wh @ h + b)
        hs.append(h)
    out = np.stack(hs)
    return np.mean((out - ys) ** 2)


def seidel_2d(steps, A):
    """Gauss-Seidel sweeps in place; returns the squared norm of the result."""
    n = len(A)
    for _ in range(steps):
        for i in range(1, n - 1):
            A[i, 1:-1] += A[i - 1, :-2] + A[i - 1, 1:-1] + A[i, 2:] + A[i + 1, 1:-1]
            for j in range(1, n - 1):
                A[i, j] += A[i, j - 1]
                A[i, j] /= 6.0
    return np.sum(A * A)


def diffuse(steps, u, k):
    """Nonlinear in-place relaxation of u."""
    for _ in range(steps):
        for i in range(1, len(u) - 1):
            gap = u[i - 1] - u[i]
            u[i] = u[i] + k * np.sin(gap) * u[i + 1]
    return np.sum(u * u)


def score(xs, a, cap):
    total = 0.0
    for i in range(len(xs)):
        x = xs[i]
        if x < 0.0:
            continue  # ignore negatives
        if x > 10.0:
            break  # the rest is corrupt
        if x > a:
            total = total + x * x
        elif total > cap:
            return total * a  # saturated
        else:
            total = total + a * math.sin(x)
    return total + a


def reproject(r, t, f, k1, k2, X, u, v):
    """Residual of one observation (rotation vector r, translation t, point X)."""
    # Rodrigues rotation
    theta = math.sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2])
    c = math.cos(theta)
    s = math.sin(theta)
    w0 = r[0] / theta
    w1 = r[1] / theta
    w2 = r[2] / theta
    dot = (w0 * X[0] + w1 * X[1] + w2 * X[2]) * (1.0 - c)
    px = X[0] * c + (w1 * X[2] - w2 * X[1]) * s + w0 * dot + t[0]
    py = X[1] * c + (w2 * X[0] - w0 * X[2]) * s + w1 * dot + t[1]
    pz = X[2] * c + (w0 * X[1] - w1 * X[0]) * s + w2 * dot + t[2]
    # perspective division and radial distortion
    x = -px / pz
    y = -py / pz
    n = x * x + y * y
    g = f * (1.0 + n * (k1 + k2 * n))
    return g * x - u, g * y - v


def tower(x, n):
    """Repeated squaring with a twist."""
    if n == 0:
        return 1.0
    if n % 2 == 1:
        return x * tower(x, n - 1)
    half = tower(x, n // 2)
    return half * half + 0.01 * math.sin(half)


def simulate(x, k, n):
    """n explicit Euler steps."""
    for _ in range(n):
        x = x + k * np.sin(x)
    return np.sum(x * x)


def programs() -> dict[str, Program]:
    """The programs by name, with the same arguments at every call."""
    rng = np.random.default_rng(7)
    X, y = rng.normal(size=(1000, 20)), (rng.random(1000) > 0.5).astype(float)
    params = {
        "W1": rng.normal(size=(20, 64)) / 5.0,
        "b1": np.zeros(64),
        "W2": rng.normal(size=(64, 3)) / 8.0,
        "b2": np.zeros(3),
    }
    logistic = "w: float[d], b: float, X: float[n, d], y: float[n], decay: float"
    network = (
        "params: {W1: float[d, h], b1: float[h], W2: float[h, o], b2: float[o]}, "
        "X: float[n, d], y: float[n, o]"
    )
    return {
        "energy": Program(energy, ("r", "q"), "r: float, q: float", (2.1, 0.7), 8),
        "logistic loss": Program(
            loss, ("w", "b"), logistic, (rng.normal(size=20), 0.1, X, y, 1e-3), 6
        ),
        "two-layer network": Program(
            mlp_loss, ("params",), network, (params, X, rng.normal(size=(1000, 3))), 11
        ),
        "horner": Program(
            horner, ("c", "x"), "c: float[n], x: float", (rng.normal(size=200), 0.97), 14
        ),
        "while integrator": Program(
            path_energy,
            ("y", "v", "k"),
            "y: float, v: float, k: float, h: float, tol: float",
            (1.0, 0.3, 1.2, 0.05, 0.05),
            26,
        ),
        "helper in a loop": Program(
            total_radius,
            ("volumes", "scale"),
            "volumes: float[n], scale: float",
            (rng.random(100) + 0.5, 1.3),
            28,
        ),
        "recurrent network": Program(
            rnn_loss,
            ("Wx", "Wh", "b"),
            "Wx: float[h, d], Wh: float[h, h], b: float[h], xs: float[n, d], ys: float[n, h]",
            (
                rng.normal(size=(32, 8)) / 3.0,
                rng.normal(size=(32, 32)) / 6.0,
                np.zeros(32),
                rng.normal(size=(50, 8)),
                rng.normal(size=(50, 32)),
            ),
            23,
        ),
        "in-place stencil": Program(
            seidel_2d,
            ("A",),
            "steps: int, A: float[n, n]",
            (3, rng.random((30, 30))),
            20,
            in_place=True,
        ),
        "nonlinear stencil": Program(
            diffuse,
            ("u", "k"),
            "steps: int, u: float[n], k: float",
            (5, rng.random(60), 0.3),
            19,
            in_place=True,
        ),
        "exits": Program(
            score,
            ("xs", "a"),
            "xs: float[n], a: float, cap: float",
            (rng.normal(size=300), 0.4, 1e9),
            33,
        ),
        "projection, forward": Program(
            reproject,
            ("r", "t", "f", "k1", "k2", "X"),
            "r: float[3], t: float[3], f: float, k1: float, k2: float, X: float[3], "
            "u: float, v: float",
            (
                np.array([0.1, -0.2, 0.3]),
                np.array([0.2, 0.1, -3.0]),
                500.0,
                -0.1,
                0.01,
                np.array([0.5, -0.3, 0.8]),
                3.0,
                4.0,
            ),
            39,
            mode="jvp",
        ),
        "recursion": Program(tower, ("x",), "x: float, n: int", (1.01, 1000), 22),
        "long loop": Program(
            simulate, ("x", "k"), "x: float[m], k: float, n: int", (rng.random(1000), 0.01, 100), 20
        ),
    }
