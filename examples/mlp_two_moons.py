"""Train a small network to tell two interleaving half moons apart.

python examples/mlp_two_moons.py
"""

import numpy as np

import retrograd as rg

HIDDEN = 16
WANTED_ACCURACY = 0.98


def two_moons(count, noise, rng):
    """Points of two half circles, shape (2 * count, 2), and which of the two each is from."""
    angle = np.pi * rng.random(count)
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    lower = np.column_stack([1.0 - np.cos(angle), 0.5 - np.sin(angle)])
    X = np.concatenate([upper, lower])
    return X + noise * rng.standard_normal(X.shape), np.repeat([0.0, 1.0], count)


def scores(params, X):
    """Log odds of the lower moon."""
    h = np.tanh(X @ params["W1"] + params["b1"])
    return h @ params["w2"] + params["b2"]


def loss(params, X, y):
    """Mean negative log likelihood."""
    z = scores(params, X)
    return np.mean(np.logaddexp(0.0, z) - y * z)


def main() -> None:
    rng = np.random.default_rng(7)
    X, y = two_moons(200, 0.1, rng)
    unseen_X, unseen_y = two_moons(500, 0.1, rng)
    start = {
        "W1": rng.standard_normal((2, HIDDEN)),
        "b1": np.zeros(HIDDEN),
        "w2": rng.standard_normal(HIDDEN) / np.sqrt(HIDDEN),
        "b2": 0.0,
    }
    result = rg.minimize(loss, start, (X, y), method="adam", learning_rate=0.05, maxiter=400, tol=0)
    losses = result.history["value"]
    print(f"loss {losses[0]:.4f} at the start, {losses[-1]:.4f} after {result.nit} steps of adam")

    accuracy = np.mean((scores(result.x, unseen_X) > 0) == unseen_y)
    if accuracy < WANTED_ACCURACY:
        raise SystemExit(f"check failed: {accuracy:.1%} of unseen points are right")
    print(f"check passed: {accuracy:.1%} of {len(unseen_y)} unseen points are right")


if __name__ == "__main__":
    main()
