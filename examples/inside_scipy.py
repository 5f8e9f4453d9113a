"""Give SciPy exact derivatives: gradients, Hessians and Jacobians of retrograd as `jac=` and `hess=`.

Without them SciPy takes differences, which cost an evaluation for each parameter and half of the digits.

    python examples/inside_scipy.py
"""

import numpy as np
from scipy.optimize import least_squares, minimize

import retrograd as rg


def valley(x):
    """Rosenbrock's function of six variables, least at ones."""
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def residual(p, t, y):
    return p[0] * np.exp(-p[1] * t) + p[2] - y


START = np.array([1.3, 0.7, 0.8, 1.9, 1.2, 0.5])
TRUE = np.array([2.0, 0.7, 0.3])


def main() -> None:
    exact = {"jac": rg.grad(valley), "hess": rg.hessian(valley)}
    runs = {
        "BFGS, differences": minimize(valley, START, method="BFGS"),
        "BFGS, rg.grad": minimize(valley, START, method="BFGS", jac=exact["jac"]),
        "trust-exact, rg.hessian": minimize(valley, START, method="trust-exact", **exact),
    }
    t = np.linspace(0.0, 6.0, 40)
    y = TRUE[0] * np.exp(-TRUE[1] * t) + TRUE[2]
    start = np.ones(3)
    fits = {
        "fit, differences": least_squares(residual, start, args=(t, y)),
        "fit, rg.jacobian": least_squares(residual, start, rg.jacobian(residual), args=(t, y)),
    }
    print(f"{'':24} {'error':>8} {'evaluations':>12}")
    errors = {}
    for names, goal in ((runs, np.ones(6)), (fits, TRUE)):
        for name, found in names.items():
            errors[name] = float(np.max(np.abs(found.x - goal)))
            print(f"{name:24} {errors[name]:8.1e} {found.nfev:12d}")

    # what SciPy was given agrees with its own check by differences
    slope = (valley(START + 1e-6) - valley(START - 1e-6)) / 2e-6
    apart = abs(float(np.sum(exact["jac"](START))) / slope - 1.0)
    good = errors["trust-exact, rg.hessian"] < 1e-8 and errors["fit, rg.jacobian"] < 1e-8
    fewer = runs["BFGS, rg.grad"].nfev < runs["BFGS, differences"].nfev / 4
    if not (good and fewer and apart < 1e-6):
        raise SystemExit(f"check failed: errors {errors}, gradient {apart:.1e} apart")
    print("check passed: exact derivatives find both minima to 8 digits, with fewer evaluations")


if __name__ == "__main__":
    main()
