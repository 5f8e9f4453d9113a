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
    """A function, the parameters to differentiate by, their types, arguments, and the mark to meet."""

    function: Callable[..., Any]
    wrt: tuple[str, ...]
    types: str
    args: tuple[Any, ...]
    by_hand: int


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
    }
