"""First-order methods and schedules take the steps of optax, recorded by benchmarks/optax_steps.py."""

import json
from pathlib import Path

import numpy as np
import pytest

from retrograd.runtime.solvers import schedules
from retrograd.runtime.solvers.descent import minimize_vector
from retrograd.runtime.solvers.schedules import (
    constant,
    cosine,
    cyclical,
    exponential,
    step_decay,
    warm_restarts,
    warmup,
)
from retrograd.runtime.solvers.update_rules import clipped

RECORDED = json.loads((Path(__file__).parent / "optax_steps.json").read_text(encoding="utf-8"))


def valley(x):
    bend, slope = x[1:] - x[:-1] ** 2, 1 - x
    gradient = -2 * slope
    gradient[1:] += 10 * bend
    gradient[:-1] -= 20 * bend * x[:-1]
    return float(5 * bend @ bend + slope @ slope), gradient


@pytest.mark.parametrize("name", RECORDED["rules"])
def test_steps_are_those_of_optax(name):
    rule, seen = RECORDED["rules"][name], []
    minimize_vector(
        valley,
        np.array(RECORDED["start"]),
        method=rule["method"],
        learning_rate=rule["rate"],
        maxiter=100,
        tol=0,
        callback=lambda state: seen.append(state.x),
        **rule["options"],
    )
    np.testing.assert_allclose(np.array(seen)[[0, 1, 9, 99]], rule["x"], rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", RECORDED["schedules"])
def test_rates_are_those_of_optax(name):
    schedule = eval(name, vars(schedules))
    assert repr(schedule) == name
    rates = [schedule(k) for k in range(0, 100, 9)]
    np.testing.assert_allclose(rates, RECORDED["schedules"][name], rtol=0, atol=1e-15)


def test_schedules_at_their_corners():
    assert [step_decay(1.0, 2)(k) for k in range(5)] == pytest.approx([1, 1, 0.1, 0.1, 0.01])
    assert cosine(1.0, 4, final=0.5)(9) == 0.5
    assert [cyclical(1.0, 3.0, 2)(k) for k in range(5)] == [1, 2, 3, 2, 1]
    assert [warmup(constant(4.0), 4)(k) for k in range(6)] == [0, 1, 2, 3, 4, 4]
    assert warmup(0.5, 2, initial=0.1)(1) == pytest.approx(0.3)
    assert exponential(1.0, 1, 2.0)(3) == 8
    restarted = warm_restarts(1.0, 2, multiply=2)
    assert [restarted(k) for k in (0, 2, 6, 14)] == [1, 1, 1, 1]
    assert restarted(4) == pytest.approx(0.5)
    assert warm_restarts(1.0, 4)(10**9) == 1


def test_schedules_refuse_what_has_no_sense():
    with pytest.raises(ValueError, match="cosine with steps=0 came; at least 1"):
        cosine(0.1, 0)
    with pytest.raises(ValueError, match="constant with rate=-1"):
        constant(-1)
    with pytest.raises(ValueError, match="warmup with schedule='fast'"):
        warmup("fast", 10)


def test_clipping():
    gradient = np.array([3.0, -4.0])
    np.testing.assert_array_equal(clipped(gradient, None, None), gradient)
    np.testing.assert_array_equal(clipped(gradient, None, 3.5), [3.0, -3.5])
    np.testing.assert_allclose(clipped(gradient, 1.0, None), [0.6, -0.8], rtol=1e-15)
    np.testing.assert_array_equal(clipped(gradient, 5.0, None), gradient)
    np.testing.assert_array_equal(clipped(0 * gradient, 0.0, None), 0 * gradient)


def test_weight_decay_is_part_of_what_converges():
    def parabola(x):
        return 0.5 * float((x - 1) @ (x - 1)), x - 1

    options = {"learning_rate": 0.4, "weight_decay": 1.0}
    decayed = minimize_vector(parabola, np.zeros(3), method="gd", **options)
    assert decayed.success
    assert "weight decay included" in decayed.message
    np.testing.assert_allclose(decayed.x, 0.5, atol=1e-8)


def test_langevin_steps_sample_the_density():
    # For f = x²/2 a step is x <- (1 - r) x + √(2 r T) ξ, whose variance goes to T / (1 - r/2).
    def bowl(x):
        return 0.5 * float(x @ x), x

    samples = []
    options = {"method": "sgld", "learning_rate": 0.5, "temperature": 2.0, "maxiter": 400}
    result = minimize_vector(
        bowl, np.zeros(500), seed=1, callback=lambda now: samples.append(now.x), **options
    )
    assert not result.success
    variance = np.mean(np.array(samples[50:]) ** 2)
    assert variance == pytest.approx(2.0 / 0.75, rel=0.02)  # 175,000 draws: about 0.5 %
    again = minimize_vector(bowl, np.zeros(500), seed=1, **options)
    np.testing.assert_array_equal(again.x, result.x)
    other = minimize_vector(bowl, np.zeros(500), seed=2, **options)
    assert np.all(other.x != result.x)
