"""Train a small network to tell two interleaving half moons apart, by every method of descent.

    python examples/mlp_two_moons.py [PICTURE]

With PICTURE, a file such as moons.png, draws loss against gradient evaluations (needs matplotlib).
"""

import sys

import numpy as np

import retrograd as rg

HIDDEN = 16
WANTED_ACCURACY = 0.98

#: Options for each method; steps of batches are cheaper, those of second order dearer.
METHODS = {
    "gd": {"learning_rate": 1.0, "maxiter": 400},
    "sgd": {"learning_rate": 0.2, "momentum": 0.9, "batch_size": 50, "epochs": 60, "seed": 1},
    "momentum": {"learning_rate": 0.2, "maxiter": 400},
    "nesterov": {"learning_rate": 0.2, "maxiter": 400},
    "rmsprop": {"learning_rate": rg.schedules.cosine(0.03, 400), "maxiter": 400},
    "adam": {"learning_rate": 0.05, "maxiter": 400},
    "adamw": {
        "learning_rate": rg.schedules.warmup(rg.schedules.cosine(0.1, 180), 20),
        "weight_decay": 1e-3,
        "batch_size": 100,
        "maxiter": 200,
        "seed": 1,
    },
    "cg": {"maxiter": 120},
    "bfgs": {"maxiter": 120},
    "lbfgs": {"maxiter": 120},
    "newton-cg": {"maxiter": 20},
    "saddle-free-newton": {"maxiter": 20},
}


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
    """Mean negative log likelihood, with a little weight decay so that there is a minimum."""
    z = scores(params, X)
    decay = np.sum(params["W1"] ** 2) + np.sum(params["w2"] ** 2)
    return np.mean(np.logaddexp(0.0, z) - y * z) + 1e-4 * decay


def draw(results, file):
    """Loss against evaluations of the gradient (Hessian products not counted), a line for each method."""
    import matplotlib.pyplot as plt

    _, axes = plt.subplots(figsize=(8, 5), layout="constrained")
    axes.set_prop_cycle(color=plt.get_cmap("tab20").colors)
    for method, result in results.items():
        values = result.history["value"]
        axes.semilogy(np.linspace(1, result.nfev, len(values)), values, label=method)
    axes.set(xlabel="evaluations of loss and gradient", ylabel="loss (of the batch)")
    axes.legend(ncols=2)
    plt.savefig(file)


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
    results, worst = {}, 1.0
    print(f"loss {loss(start, X, y):.4f} at the start")
    for method, options in METHODS.items():
        result = rg.minimize(loss, start, method=method, data=(X, y), **options)
        accuracy = np.mean((scores(result.x, unseen_X) > 0) == unseen_y)
        results[method], worst = result, min(worst, accuracy)
        counts = f"{result.nit:4d} steps, {result.nfev:4d} gradients"
        print(
            f"{method:>18}: {counts}, loss {result.fun:.4f}, {accuracy:.1%} of unseen points right"
        )
    if len(sys.argv) > 1:
        draw(results, sys.argv[1])
    if worst < WANTED_ACCURACY:
        raise SystemExit(f"check failed: {worst:.1%} of unseen points are right")
    print(
        f"check passed: every method gets {worst:.1%} or more of {len(unseen_y)} unseen points right"
    )


if __name__ == "__main__":
    main()
