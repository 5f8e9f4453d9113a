"""Recover the rates of a predator-prey system from noisy counts.

The residual integrates the differential equation with a `while` loop in plain Python floats; its
exact Jacobian is that of the discretized system.

    python examples/ode_fit.py
"""

import numpy as np

import retrograd as rg

STEP = 0.05
START = (10.0, 5.0)
RATES = np.array([1.1, 0.4, 0.1, 0.4])  # growth, predation, reproduction, death
FIRST_GUESS = np.array([0.8, 0.3, 0.15, 0.5])


def advance(prey, predators, p, duration):
    """Both populations after `duration`, by the explicit midpoint rule."""
    t = 0.0
    while t < duration - 0.5 * STEP:
        prey_half = prey + 0.5 * STEP * prey * (p[0] - p[1] * predators)
        predators_half = predators + 0.5 * STEP * predators * (p[2] * prey - p[3])
        prey = prey + STEP * prey_half * (p[0] - p[1] * predators_half)
        predators = predators + STEP * predators_half * (p[2] * prey_half - p[3])
        t = t + STEP
    return prey, predators


def populations(p):
    """Prey and predators at the times 1, 2, 3, 4, 6 and 8."""
    prey1, predators1 = advance(START[0], START[1], p, 1.0)
    prey2, predators2 = advance(prey1, predators1, p, 1.0)
    prey3, predators3 = advance(prey2, predators2, p, 1.0)
    prey4, predators4 = advance(prey3, predators3, p, 1.0)
    prey6, predators6 = advance(prey4, predators4, p, 2.0)
    prey8, predators8 = advance(prey6, predators6, p, 2.0)
    prey = np.array([prey1, prey2, prey3, prey4, prey6, prey8])
    predators = np.array([predators1, predators2, predators3, predators4, predators6, predators8])
    return np.concatenate([prey, predators])


def residual(p, counts, sigma):
    return (populations(p) - counts) / sigma


def main() -> None:
    exact = populations(RATES)
    sigma = 0.02 * exact
    counts = exact + sigma * np.random.default_rng(3).standard_normal(exact.size)

    noiseless = rg.least_squares(residual, FIRST_GUESS, (exact, sigma))
    error = np.max(np.abs(noiseless.x / RATES - 1))
    print(f"without noise: rates to {error:.1e} in {noiseless.nit} steps\n")

    result = rg.least_squares(residual, FIRST_GUESS, (counts, sigma))
    result.report()
    off = np.max(np.abs(result.x - RATES) / np.sqrt(np.diag(result.cov)))
    if not (noiseless.success and result.success and error < 1e-8 and off < 3):
        raise SystemExit(f"check failed: error {error:.1e}, {off:.1f} standard errors off")
    print(f"\ncheck passed: all rates within {off:.1f} standard errors of the true ones")


if __name__ == "__main__":
    main()
