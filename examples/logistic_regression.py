"""Logistic regression: O-ring damage on 23 space shuttle flights against the launch temperature.

Data: Report of the Presidential Commission on the Space Shuttle Challenger Accident (1986), as
analysed in Dalal, Fowlkes and Hoadley, *Risk analysis of the space shuttle: pre-Challenger
prediction of failure*, J. Amer. Statist. Assoc. 84 (1989).

    python examples/logistic_regression.py
"""

import numpy as np

import retrograd as rg

FAHRENHEIT = np.array(
    [53, 57, 58, 63, 66, 67, 67, 67, 68, 69, 70, 70, 70, 70, 72, 73, 75, 75, 76, 76, 78, 79, 81.0]
)
DAMAGED = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0.0])

#: Intercept and slope of the maximum likelihood fit as it is usually quoted.
QUOTED = (15.043, -0.232)


def loss(params, X, y):
    """Mean negative log likelihood."""
    z = X @ params["w"] + params["b"]
    # stable log(1 + exp(z))
    return np.mean(np.logaddexp(0.0, z) - y * z)


def main() -> None:
    centre, spread = np.mean(FAHRENHEIT), np.std(FAHRENHEIT)
    X = ((FAHRENHEIT - centre) / spread).reshape(-1, 1)
    result = rg.minimize(loss, {"w": np.zeros(1), "b": 0.0}, (X, DAMAGED))
    print(result)

    slope = result.x["w"][0] / spread
    intercept = result.x["b"] - slope * centre
    predicted = 1 / (1 + np.exp(-(intercept + slope * FAHRENHEIT)))
    print(f"\nlog odds of damage = {intercept:.4f} {slope:+.4f} * temperature")
    print(
        f"probability at 31 F, that of the last launch: {1 / (1 + np.exp(-intercept - slope * 31)):.4f}"
    )

    # At the maximum of the likelihood the residuals are at a right angle to every column of X.
    imbalance = max(abs(np.sum(predicted - DAMAGED)), np.max(np.abs(X.T @ (predicted - DAMAGED))))
    close = abs(intercept - QUOTED[0]) < 1e-3 and abs(slope - QUOTED[1]) < 1e-3
    if not (result.success and imbalance < 1e-6 and close):
        raise SystemExit(f"check failed: imbalance {imbalance:.2g}, quoted values {QUOTED}")
    print(f"check passed: imbalance {imbalance:.1e}, quoted values {QUOTED} reproduced")


if __name__ == "__main__":
    main()
