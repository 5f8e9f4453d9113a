"""How far do 100 steps of our first-order methods and schedules come apart from those of optax?

    python benchmarks/optax_steps.py                   prints the largest difference for each
    python benchmarks/optax_steps.py --record FILE     writes optax's own steps, for the tests

Needs optax (`pip install optax`); all in float64, from the same gradients.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from retrograd.runtime.solvers import schedules
from retrograd.runtime.solvers.descent import minimize_vector

try:
    import jax
    import optax
except ImportError:
    print("optax is not installed; there is nothing to compare")
    sys.exit()

jax.config.update("jax_enable_x64", True)

STEPS = 100
START = np.array([-1.2, 1.0, 0.3, -0.7])
RATE = 0.01
#: At 0.01 rmsprop swings about the bottom of the valley, where every rounding grows tenfold in a few steps.
RATES = {"rmsprop": 0.001}

#: Our method, its options, and optax's transformation for a learning rate.
RULES: dict[str, tuple[str, dict[str, Any], Callable[[Any], Any]]] = {
    "gd": ("gd", {}, optax.sgd),
    "sgd": ("sgd", {"momentum": 0.8, "nesterov": True}, lambda r: optax.sgd(r, 0.8, nesterov=True)),
    "momentum": ("momentum", {}, lambda r: optax.sgd(r, 0.9)),
    "nesterov": ("nesterov", {}, lambda r: optax.sgd(r, 0.9, nesterov=True)),
    "rmsprop": ("rmsprop", {}, lambda r: optax.rmsprop(r, 0.9, 1e-8)),
    "rmsprop, eps outside": (
        "rmsprop",
        {"eps": 1e-3, "eps_in_sqrt": False},
        lambda r: optax.rmsprop(r, 0.9, 1e-3, eps_in_sqrt=False),
    ),
    "adam": ("adam", {}, optax.adam),
    "adamw": ("adamw", {"weight_decay": 0.1}, lambda r: optax.adamw(r, weight_decay=0.1)),
    "clip_norm": (
        "momentum",
        {"clip_norm": 0.5},
        lambda r: optax.chain(optax.clip_by_global_norm(0.5), optax.sgd(r, 0.9)),
    ),
    "clip_value": (
        "adam",
        {"clip_value": 0.2},
        lambda r: optax.chain(optax.clip(0.2), optax.adam(r)),
    ),
    "weight_decay": (
        "adam",
        {"weight_decay": 0.1, "clip_norm": 1.0},
        lambda r: optax.chain(
            optax.clip_by_global_norm(1.0), optax.add_decayed_weights(0.1), optax.adam(r)
        ),
    ),
}


def triangle(low: float, high: float, steps: int) -> Any:
    """optax has no cyclical schedule of its own, but the pieces of one."""
    up, down = optax.linear_schedule(low, high, steps), optax.linear_schedule(high, low, steps)
    count = STEPS // steps + 1
    ends = [steps * (k + 1) for k in range(count - 1)]
    return optax.join_schedules([(up, down)[k % 2] for k in range(count)], ends)


def restarts(rate: float, steps: int, multiply: int, final: float) -> Any:
    """Cosines one after the other."""
    lengths = [steps * multiply**k for k in range(6)]
    cosines = [optax.cosine_decay_schedule(rate, n, final / rate) for n in lengths]
    return optax.join_schedules(cosines, list(np.cumsum(lengths)[:-1]))


def in_double(schedule: Any) -> Any:
    """`schedule` of a 64-bit counter: from its own, of 32 bits, optax computes rates in float32."""
    return lambda count: schedule(jax.numpy.asarray(count, jax.numpy.int64))


SCHEDULES: dict[str, tuple[Any, Any]] = {
    "constant": (schedules.constant(RATE), optax.constant_schedule(RATE)),
    "step_decay": (
        schedules.step_decay(RATE, 15, 0.5),
        optax.exponential_decay(RATE, 15, 0.5, staircase=True),
    ),
    "exponential": (
        schedules.exponential(RATE, 20, 0.5, final=RATE / 8),
        optax.exponential_decay(RATE, 20, 0.5, end_value=RATE / 8),
    ),
    "cosine": (
        schedules.cosine(RATE, 80, final=RATE / 10),
        optax.cosine_decay_schedule(RATE, 80, 0.1),
    ),
    "warm_restarts": (
        schedules.warm_restarts(RATE, 10, 2, final=RATE / 10),
        restarts(RATE, 10, 2, RATE / 10),
    ),
    "cyclical": (schedules.cyclical(RATE / 10, RATE, 20), triangle(RATE / 10, RATE, 20)),
    "warmup": (
        schedules.warmup(schedules.cosine(RATE, 90), 10),
        optax.join_schedules(
            [optax.linear_schedule(0.0, RATE, 10), optax.cosine_decay_schedule(RATE, 90)], [10]
        ),
    ),
}


def value_and_gradient(x: np.ndarray) -> tuple[float, np.ndarray]:
    """A curved valley in four dimensions."""
    bend, slope = x[1:] - x[:-1] ** 2, 1 - x
    gradient = -2 * slope
    gradient[1:] += 10 * bend
    gradient[:-1] -= 20 * bend * x[:-1]
    return float(5 * bend @ bend + slope @ slope), gradient


def ours(method: str, options: dict[str, Any], rate: Any) -> np.ndarray:
    """The points of our steps, shape (STEPS, 4)."""
    seen: list[np.ndarray] = []
    minimize_vector(
        value_and_gradient,
        START,
        method=method,
        learning_rate=rate,
        maxiter=STEPS,
        tol=0,
        callback=lambda state: seen.append(state.x),
        **options,
    )
    return np.array(seen)


def theirs(transformation: Any) -> np.ndarray:
    """The points of optax's steps, shape (STEPS, 4)."""
    x, seen = jax.numpy.array(START), []
    state = transformation.init(x)
    for _ in range(STEPS):
        gradient = jax.numpy.array(value_and_gradient(np.array(x))[1])
        update, state = transformation.update(gradient, state, x)
        x = optax.apply_updates(x, update)
        seen.append(np.array(x))
    return np.array(seen)


def main() -> None:
    recorded: dict[str, Any] = {"optax": optax.__version__, "start": START.tolist(), "rules": {}}
    recorded["schedules"] = {}
    print(f"optax {optax.__version__}, largest difference over {STEPS} steps")
    for name, (method, options, make) in RULES.items():
        rate = RATES.get(name, RATE)
        reference = theirs(make(rate))
        difference = np.max(np.abs(ours(method, options, rate) - reference))
        print(f"{name:>22}  {difference:.1e}  in x")
        shown = {"method": method, "options": options, "rate": rate}
        recorded["rules"][name] = {**shown, "x": reference[[0, 1, 9, 99]].tolist()}
    for name, (schedule, reference_schedule) in SCHEDULES.items():
        rates = np.array([float(reference_schedule(k)) for k in range(STEPS)])
        in_rates = np.max(np.abs([schedule(k) for k in range(STEPS)] - rates))
        reference = theirs(optax.adam(in_double(reference_schedule)))
        in_x = np.max(np.abs(ours("adam", {}, schedule) - reference))
        print(f"{name:>22}  {in_x:.1e}  in x of adam, {in_rates:.1e} in the rate")
        recorded["schedules"][repr(schedule)] = rates[::9].tolist()
    if "--record" in sys.argv:
        text = json.dumps(recorded, indent=1)
        Path(sys.argv[sys.argv.index("--record") + 1]).write_text(text + "\n")


if __name__ == "__main__":
    main()
