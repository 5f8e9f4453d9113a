"""Which methods get away from a saddle, and which of those that stay take it for a minimum: none.

Three functions, from a start on the saddle itself and from one on the line that leads into it:
x² - y² + y⁴, whose saddle has a direction of negative curvature; the monkey saddle x³ - 3 x y² (with
a bowl around it), whose Hessian vanishes; and a deep linear network, where so many factors are zero
that gradient and Hessian vanish together.

    python examples/saddles.py
"""

import numpy as np

import retrograd as rg

METHODS = {
    "gd": {"learning_rate": 0.05},
    "adam": {"learning_rate": 0.02},
    "bfgs": {},
    "lbfgs": {},
    "newton": {},
    "newton-cg": {},
    "saddle-free-newton": {},
}


def strict(p):
    return p[0] ** 2 - p[1] ** 2 + p[1] ** 4


def monkey(p):
    r2 = p[0] ** 2 + p[1] ** 2
    return p[0] ** 3 - 3.0 * p[0] * p[1] ** 2 + r2**2


def deep_linear(layers, inputs, outputs):
    """Half the mean square error of a product of four matrices."""
    predicted = inputs @ layers["A"] @ layers["B"] @ layers["C"] @ layers["D"]
    return 0.5 * np.mean((predicted - outputs) ** 2)


def main() -> None:
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((20, 2))
    data = (inputs, inputs @ np.array([[1.0, 0.5], [-0.5, 1.0]]))
    zero = {name: np.zeros((2, 2)) for name in "ABCD"}
    small = {name: 0.3 * rng.standard_normal((2, 2)) for name in "ABCD"}
    problems = [
        ("x² - y² + y⁴, on the saddle", strict, np.zeros(2), (), -0.25),
        ("x² - y² + y⁴, from (1, 0)", strict, np.array([1.0, 0.0]), (), -0.25),
        ("monkey saddle, on it", monkey, np.zeros(2), (), -27 / 256),
        ("deep linear network, at 0", deep_linear, zero, data, 0.0),
        ("deep linear network, near 0", deep_linear, small, data, 0.0),
    ]
    wrong = []
    print(f"{'':20}" + "".join(f"{title:>30}" for title, *_ in problems))
    for method, options in METHODS.items():
        cells = []
        for title, loss, start, args, least in problems:
            result = rg.minimize(loss, start, args, method=method, maxiter=200, **options)
            arrived = result.fun < least + 1e-6
            cells.append(f"{'escapes' if arrived else 'stays'} ({result.status.name.lower()})")
            if result.success and not arrived:
                wrong.append(f"{method} on {title}")
        print(f"{method:20}" + "".join(f"{cell:>30}" for cell in cells))
        if method == "saddle-free-newton" and not all("escapes" in cell for cell in cells[:2]):
            wrong.append("saddle-free-newton stays on a strict saddle")
    if wrong:
        raise SystemExit(f"check failed: {'; '.join(wrong)}")
    print("check passed: no method takes a saddle for a minimum")


if __name__ == "__main__":
    main()
