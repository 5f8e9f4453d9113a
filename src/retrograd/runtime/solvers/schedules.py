"""Learning rates that change from step to step.

Each is a function of the step counter, from 0, made by its parameters and printed by them:

    >>> from retrograd.runtime.solvers.schedules import cosine, warmup
    >>> rate = warmup(cosine(0.1, steps=900), steps=100)
    >>> rate
    warmup(schedule=cosine(initial=0.1, steps=900, final=0.0), steps=100, initial=0.0)
    >>> rate(0), rate(50), rate(100)
    (0.0, 0.05, 0.1)
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from math import cos, floor, isfinite, pi


class _Checked:
    """Refuses parameters that have no sense."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for entry in fields(self):  # type: ignore[arg-type]
            value = getattr(self, entry.name)
            if callable(value):
                continue
            came = f"{type(self).__name__} with {entry.name}={value!r} came"
            if not isinstance(value, int | float) or not isfinite(value) or value < 0:
                raise ValueError(f"{came}; a finite number from 0 was wanted")
            if entry.name in ("steps", "multiply") and value < 1:
                raise ValueError(f"{came}; at least 1 was wanted")


@dataclass(frozen=True, slots=True)
class constant(_Checked):
    """The same rate at every step."""

    rate: float

    def __call__(self, k: int) -> float:
        return self.rate


@dataclass(frozen=True, slots=True)
class step_decay(_Checked):
    """``initial``, times ``factor`` after every ``steps`` steps."""

    initial: float
    steps: float
    factor: float = 0.1

    def __call__(self, k: int) -> float:
        return self.initial * self.factor ** floor(k / self.steps)


@dataclass(frozen=True, slots=True)
class exponential(_Checked):
    """``initial``, falling evenly by ``factor`` over ``steps`` steps, and on; never below ``final``."""

    initial: float
    steps: float
    factor: float
    final: float = 0.0

    def __call__(self, k: int) -> float:
        rate: float = self.initial * self.factor ** (k / self.steps)
        return max(rate, self.final) if self.factor < 1 else rate


@dataclass(frozen=True, slots=True)
class cosine(_Checked):
    """From ``initial`` to ``final`` along half a cosine of ``steps`` steps, and constant from there.

    Source: Loshchilov and Hutter, *SGDR: stochastic gradient descent with warm restarts*, ICLR 2017.
    """

    initial: float
    steps: float
    final: float = 0.0

    def __call__(self, k: int) -> float:
        return _half_cosine(self.initial, self.final, min(k, self.steps) / self.steps)


@dataclass(frozen=True, slots=True)
class warm_restarts(_Checked):
    """`cosine` over and over, the first of ``steps`` steps and each next ``multiply`` times as long.

    Source: Loshchilov and Hutter, *SGDR: stochastic gradient descent with warm restarts*, ICLR 2017.
    """

    initial: float
    steps: float
    multiply: float = 1
    final: float = 0.0

    def __call__(self, k: int) -> float:
        begun, length = 0.0, self.steps
        if self.multiply == 1:
            begun = k // length * length
        while k - begun >= length:
            begun, length = begun + length, length * self.multiply
        return _half_cosine(self.initial, self.final, (k - begun) / length)


@dataclass(frozen=True, slots=True)
class cyclical(_Checked):
    """Evenly up from ``lowest`` to ``highest`` in ``steps`` steps, down again in as many, and so on.

    Source: Smith, *Cyclical learning rates for training neural networks*, WACV 2017 (triangular).
    """

    lowest: float
    highest: float
    steps: float

    def __call__(self, k: int) -> float:
        part = k / self.steps % 2
        return self.lowest + (self.highest - self.lowest) * (1 - abs(1 - part))


@dataclass(frozen=True, slots=True)
class warmup(_Checked):
    """Evenly up from ``initial`` to where ``schedule`` begins in ``steps`` steps, then ``schedule``.

    Args:
        schedule: a number or a schedule, whose own counter starts when the warm-up is over.
    """

    schedule: float | Callable[[int], float]
    steps: int
    initial: float = 0.0

    def __call__(self, k: int) -> float:
        begins = max(0, k - self.steps)
        rate = self.schedule(begins) if callable(self.schedule) else self.schedule
        return self.initial + (rate - self.initial) * (k / self.steps) if k < self.steps else rate


def _half_cosine(initial: float, final: float, part: float) -> float:
    return final + (initial - final) * 0.5 * (1 + cos(pi * part))
