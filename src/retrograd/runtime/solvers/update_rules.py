"""First-order descent: what each method makes of a gradient, as functions without a memory of their own.

A rule takes the gradient, what it kept of earlier ones, and the number of earlier steps, and returns
the direction that the step, ``-rate * direction``, takes, and what to keep. The formulas are those
of optax, in the order in which its parts are usually chained: clip, decay the weights, the rule.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

import numpy as np

from retrograd.runtime.solvers.objective import Objective, Place, Stall, Step
from retrograd.runtime.solvers.result import Array

#: A learning rate, or a function from the step counter, from 0, to one.
Rate: TypeAlias = float | Callable[[int], float]

Kept: TypeAlias = dict[str, Array]


def plain(gradient: Array, kept: Kept, k: int) -> tuple[Array, Kept]:
    """The gradient itself."""
    return gradient, kept


def heavy_ball(
    gradient: Array, kept: Kept, k: int, *, momentum: float, nesterov: bool = False
) -> tuple[Array, Kept]:
    """v ← momentum v + g; along v (Polyak 1964), or with `nesterov` along g + momentum v.

    Source: Sutskever, Martens, Dahl and Hinton, *On the importance of initialization and momentum in
    deep learning*, ICML 2013, for Nesterov's rule in this form.
    """
    velocity = momentum * kept["velocity"] + gradient
    return (gradient + momentum * velocity if nesterov else velocity), {"velocity": velocity}


def nesterov(gradient: Array, kept: Kept, k: int, *, momentum: float) -> tuple[Array, Kept]:
    """`heavy_ball` that looks ahead."""
    return heavy_ball(gradient, kept, k, momentum=momentum, nesterov=True)


def rmsprop(
    gradient: Array, kept: Kept, k: int, *, decay: float, eps: float, eps_in_sqrt: bool
) -> tuple[Array, Kept]:
    """The gradient over the root of its mean square, with `eps` added inside or outside that root.

    Source: Tieleman and Hinton, *Neural networks for machine learning*, lecture 6.5, 2012.
    """
    square = decay * kept["square"] + (1 - decay) * gradient**2
    root = np.sqrt(square + eps) if eps_in_sqrt else np.sqrt(square) + eps
    return gradient / root, {"square": square}


def adam(
    gradient: Array, kept: Kept, k: int, *, beta1: float, beta2: float, eps: float
) -> tuple[Array, Kept]:
    """The mean gradient over the root of its mean square, both corrected for bias.

    Source: Kingma and Ba, *Adam: a method for stochastic optimization*, ICLR 2015, algorithm 1.
    """
    mean = beta1 * kept["mean"] + (1 - beta1) * gradient
    square = beta2 * kept["square"] + (1 - beta2) * gradient**2
    unbiased_mean = mean / (1 - beta1 ** (k + 1))
    unbiased_square = square / (1 - beta2 ** (k + 1))
    return unbiased_mean / (np.sqrt(unbiased_square) + eps), {"mean": mean, "square": square}


@dataclass(frozen=True, slots=True)
class Rule:
    """A first-order method.

    Args:
        direction: what the step goes along.
        keeps: what it keeps, zero at first.
        options: its own, with their defaults.
        learning_rate: its default.
        weight_decay: its default.
        decoupled: whether weight decay is added to the direction rather than to the gradient
            (Loshchilov and Hutter, *Decoupled weight decay regularization*, ICLR 2019).
        noisy: whether the steps are those of Langevin dynamics.
    """

    direction: Callable[..., tuple[Array, Kept]]
    keeps: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    learning_rate: float = 0.01
    weight_decay: float = 0.0
    decoupled: bool = False
    noisy: bool = False

    @property
    def defaults(self) -> dict[str, Any]:
        """Every option of the method with its default."""
        return {
            "learning_rate": self.learning_rate,
            **self.options,
            "weight_decay": self.weight_decay,
            "clip_norm": None,
            "clip_value": None,
        }


_ADAM: Final = Rule(
    adam,
    ("mean", "square"),
    {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
    learning_rate=0.001,
)

RULES: Final[dict[str, Rule]] = {
    "gd": Rule(plain),
    "sgd": Rule(heavy_ball, ("velocity",), {"momentum": 0.0, "nesterov": False}),
    "momentum": Rule(heavy_ball, ("velocity",), {"momentum": 0.9}),
    "nesterov": Rule(nesterov, ("velocity",), {"momentum": 0.9}),
    "rmsprop": Rule(rmsprop, ("square",), {"decay": 0.9, "eps": 1e-8, "eps_in_sqrt": True}),
    "adam": _ADAM,
    "adamw": replace(_ADAM, weight_decay=1e-4, decoupled=True),
    "sgld": Rule(plain, options={"temperature": 1.0}, noisy=True),
}


def first_order(
    rule: Rule,
    *,
    learning_rate: Rate,
    weight_decay: float,
    clip_norm: float | None,
    clip_value: float | None,
    temperature: float = 0.0,
    **options: Any,
) -> Step:
    """The method whose steps `rule` and these options make.

    With a `temperature` T each step adds √(2 rate T) times normal noise, so that x samples the density
    exp(-f / T) for a small rate.

    Source: Welling and Teh, *Bayesian learning via stochastic gradient Langevin dynamics*, ICML 2011.
    """

    def step(problem: Objective, place: Place) -> Place | Stall:
        k = place.memory["k"]
        if not problem.has_batch(k):
            return Stall()
        rate = float(learning_rate(k)) if callable(learning_rate) else float(learning_rate)
        gradient = clipped(place.gradient, clip_norm, clip_value)
        if weight_decay and not rule.decoupled:
            gradient = gradient + weight_decay * place.x
        kept = {name: place.memory.get(name, np.zeros_like(place.x)) for name in rule.keeps}
        direction, kept = rule.direction(gradient, kept, k, **options)
        if weight_decay and rule.decoupled:
            direction = direction + weight_decay * place.x
        move = -rate * direction
        if rule.noisy:
            move = move + np.sqrt(2 * rate * temperature) * _noise(place)
        there = problem.moved(place, move, rate, batch=k + 1)
        starved = not problem.has_batch(k + 1)
        return replace(there, memory={**place.memory, **kept, "k": k + 1, "starved": starved})

    return step


def clipped(gradient: Array, norm: float | None, value: float | None) -> Array:
    """`gradient` (n,) with each entry at most `value` in size, and then its length at most `norm`."""
    if value is not None:
        gradient = np.minimum(np.maximum(gradient, -value), value)
    if norm is not None and (length := float(np.linalg.norm(gradient))) > norm:
        gradient = gradient / length * norm
    return gradient


def _noise(place: Place) -> Array:
    """Normal noise that depends on the seed and the number of the step alone, so that runs resume."""
    source = np.random.default_rng((place.memory["seed"], place.memory["k"], 1))
    return source.standard_normal(place.x.size)
