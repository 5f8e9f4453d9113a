"""Fit a polynomial and a spline to points of a square wave: through the points is not between them.

The polynomial of degree n - 1 meets all n points, and swings between them: at equal spacing the map
from data to polynomial has a norm that grows like 2ⁿ / (e n ln n) (its Lebesgue constant), and a jump
excites it. The spline is in each place the work of the points nearby, so that it overshoots at the
jumps and is calm elsewhere; with fewer parameters than points it does not meet them all.

    python examples/square_wave.py
"""

import numpy as np

import retrograd as rg

POINTS = 20
KNOTS = 12


def wave(x):
    return np.where(np.sin(2.0 * np.pi * x) >= 0.0, 1.0, -1.0)


def powers(x):
    """Chebyshev's polynomials up to degree POINTS - 1 on [-1, 1], shape (m, POINTS)."""
    return np.cos(np.arange(POINTS) * np.arccos(np.clip(x, -1.0, 1.0))[:, None])


def bumps(x):
    """Cubic B-splines on KNOTS equal intervals of [-1, 1], shape (m, KNOTS + 3)."""
    u = np.abs(0.5 * (x[:, None] + 1.0) * KNOTS - (np.arange(KNOTS + 3) - 1.0))
    near = 2.0 / 3.0 - u**2 + 0.5 * u**3
    return np.where(u < 1.0, near, np.maximum(2.0 - u, 0.0) ** 3 / 6.0)


def residual(coefficients, basis, y):
    return basis @ coefficients - y


def fitted(basis, x, y):
    """Coefficients in `basis` that are nearest to the points, and the largest miss at these."""
    found = rg.least_squares(residual, np.zeros(basis(x).shape[1]), (basis(x), y))
    return found, float(np.max(np.abs(found.fun)))


def main() -> None:
    x = np.linspace(-1.0, 1.0, POINTS)
    between = np.linspace(-1.0, 1.0, 1001)
    largest = {}
    print(f"{'':12} {'parameters':>10} {'miss at points':>15} {'largest between':>16}")
    for name, basis in {"polynomial": powers, "spline": bumps}.items():
        found, miss = fitted(basis, x, wave(x))
        exact = np.linalg.lstsq(basis(x), wave(x))[0]
        if not (found.success and np.allclose(basis(x) @ found.x, basis(x) @ exact, atol=1e-6)):
            raise SystemExit(f"check failed: the {name} is not the one of linear algebra")
        largest[name] = float(np.max(np.abs(basis(between) @ found.x)))
        print(f"{name:12} {found.x.size:10d} {miss:15.1e} {largest[name]:16.1f}")
    if not (largest["polynomial"] > 20 and largest["spline"] < 2):
        raise SystemExit(f"check failed: between the points they reach {largest}")
    print("check passed: the polynomial meets every point and runs away, the spline stays")


if __name__ == "__main__":
    main()
