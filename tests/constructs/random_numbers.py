"""Random numbers: drawn once, in the forward sweep, and the same in the reverse sweep."""

import random

import numpy as np

AT = dict(
    x=0.7,
    y=1.3,
    v=np.array([0.4, -1.1, 0.9]),
    n=3,
    rng=np.random.default_rng(5),
    seed=11,
)


def draws(x, v):
    """Draws of a generator made here"""
    rng = np.random.default_rng(3)
    noise = rng.normal(size=3)
    return np.sum((v * x + noise) ** 2)


def draws_in_loop(x, n, seed):
    """Harder: in a loop, each read by the reverse sweep."""
    rng = np.random.default_rng(seed)
    s = x
    for _ in range(n):
        s = s * (1.0 + rng.uniform(0.0, 1.0)) + rng.standard_normal()
    return s**2


def draws_in_expression(x, v):
    """Harder: in the middle of an expression, twice."""
    rng = np.random.default_rng(3)
    return np.sum(np.sin(v * rng.random(3)) * x) * rng.exponential(2.0)


def draws_of_parameter(x, v, rng):
    """Draws of a generator that is a parameter"""
    return np.sum((v + x * rng.normal(size=3)) ** 2)


def draws_in_helper(x, y, rng):
    """Harder: in a helper, called twice."""
    return noisy(x, rng) * noisy(y, rng)


def noisy(a, generator):
    shift = generator.uniform()
    return a * a * shift + shift


def draws_in_condition(x, v, rng):
    """Harder: deciding a branch."""
    for item in v:
        if rng.random() < 0.5:
            x = x * item
        else:
            x = np.sin(x)
    return x


def dropout(x, v, rng):
    """A random mask"""
    keep = rng.random(3) < 0.7
    return np.sum(v * keep / 0.7) * x


def minibatch(x, v, rng):
    """Random indices: `integers`, `choice`, `permutation`"""
    batch = rng.integers(0, 3, size=2)
    order = rng.permutation(3)
    pick = rng.choice(3)
    return np.sum(v[batch] ** 2) * x + v[order][0] * v[pick]


def shuffled(x, v, rng):
    """Harder: `shuffle`, in place."""
    order = np.arange(3)
    rng.shuffle(order)
    return np.sum(v[order] * np.array([1.0, 2.0, 3.0])) * x


def reparametrised(x, y, rng):
    """Location and scale that are active

    refused: RG301
    """
    return rng.normal(x, y) ** 2


def global_state(x, seed):
    """The module's own generator, seeded here"""
    np.random.seed(seed)
    return x * np.random.rand() + np.sum(x * np.random.randn(2))


def standard_library(x, y):
    """`random.Random(seed)`"""
    dice = random.Random(4)
    return x * dice.random() + y * dice.gauss(0.0, 1.0)
