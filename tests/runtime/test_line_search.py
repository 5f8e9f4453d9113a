"""The line searches keep the promises of their conditions, and their best point."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrograd.runtime.solvers.line_search import CURVATURE, DECREASE, StrongWolfe, Trial, backtrack

#: φ and φ' of lines from the literature: Moré and Thuente, *Line search algorithms with guaranteed
#: sufficient decrease*, ACM Trans. Math. Softw. 20 (1994), (5.1) and (5.2), and some of our own.
LINES = {
    "more_thuente_1": (
        lambda a: -a / (a**2 + 2),
        lambda a: (a**2 - 2) / (a**2 + 2) ** 2,
    ),
    "more_thuente_2": (
        lambda a: (a + 0.004) ** 5 - 2 * (a + 0.004) ** 4,
        lambda a: 5 * (a + 0.004) ** 4 - 8 * (a + 0.004) ** 3,
    ),
    "parabola": (lambda a: (a - 3) ** 2, lambda a: 2 * (a - 3)),
    "quartic": (lambda a: (a - 0.01) ** 4, lambda a: 4 * (a - 0.01) ** 3),
    "wavy": (
        lambda a: -2 * a + 0.3 * math.sin(5 * a) + a**2 / 2,
        lambda a: -2 + 1.5 * math.cos(5 * a) + a,
    ),
    "wall": (
        lambda a: -a - math.log(1 - a) / 4 if a < 1 else math.inf,
        lambda a: -1 + 0.25 / (1 - a) if a < 1 else math.nan,
    ),
}


def search(line, first, curvature=CURVATURE):
    value, slope = line
    seen = []

    def phi(alpha):
        seen.append(alpha)
        return Trial(alpha, value(alpha), slope(alpha), None)

    found = StrongWolfe(phi, Trial(0.0, value(0.0), slope(0.0), None), curvature=curvature).search(
        first
    )
    return found, seen


def assert_strong_wolfe(line, alpha, curvature):
    value, slope = line
    assert value(alpha) <= value(0.0) + DECREASE * alpha * slope(0.0)
    assert abs(slope(alpha)) <= curvature * abs(slope(0.0))


@pytest.mark.parametrize("curvature", [0.9, 0.1])
@pytest.mark.parametrize("first", [1e-3, 0.1, 1.0, 10.0, 1e3])
@pytest.mark.parametrize("name", LINES)
def test_strong_wolfe_holds_at_the_step(name, first, curvature):
    found, seen = search(LINES[name], first, curvature)
    assert found is not None
    assert found.wolfe
    assert_strong_wolfe(LINES[name], found.trial.alpha, curvature)
    assert len(seen) < 30


@settings(deadline=None)
@given(
    minimum=st.floats(1e-6, 1e6),
    power=st.sampled_from([2, 4]),
    first=st.floats(1e-6, 1e6),
)
def test_strong_wolfe_over_all_scales(minimum, power, first):
    line = (
        lambda a: ((a - minimum) / minimum) ** power,
        lambda a: power * ((a - minimum) / minimum) ** (power - 1) / minimum,
    )
    found, _ = search(line, first)
    assert found is not None
    assert_strong_wolfe(line, found.trial.alpha, CURVATURE)


def test_descent_without_end_keeps_the_farthest_point():
    found, seen = search((lambda a: -a, lambda a: -1.0), 1.0)
    assert found is not None
    assert not found.wolfe
    assert found.trial.alpha == max(seen)


def test_kink_keeps_the_best_point():
    values = {}

    def value(alpha):
        return values.setdefault(alpha, abs(alpha - math.pi))

    found, _ = search((value, lambda a: math.copysign(1.0, a - math.pi)), 1.0)
    assert found is not None
    assert not found.wolfe
    assert found.trial.value == min(values.values())


def test_line_that_only_climbs_gives_nothing():
    found, _ = search((lambda a: a, lambda a: -1.0 if a == 0 else 1.0), 1.0)
    assert found is None


def test_flat_to_rounding_is_decided_by_the_slope():
    # The value has one digit of freedom left, the slope is exact.
    value = lambda a: 1.0 + np.round((a - 1) ** 2 * 1e-17, 16)  # noqa: E731
    found, _ = search((value, lambda a: 2e-17 * (a - 1)), 1.0)
    assert found is not None
    assert found.trial.alpha == pytest.approx(1.0)


@pytest.mark.parametrize("minimum", [2.0, 1.0, 0.1, 1e-3, 1e-8])
def test_backtracking_decreases_enough(minimum):
    def value(alpha):
        return (alpha - minimum) ** 2

    slope = -2 * minimum
    alpha = backtrack(lambda a: value(0) - value(a), slope)
    assert 0 < alpha <= 1
    assert value(alpha) <= value(0) + DECREASE * alpha * slope


def test_backtracking_steps_around_missing_values():
    alpha = backtrack(lambda a: None if a > 0.01 else a, -1.0)
    assert 0 < alpha <= 0.01


def test_backtracking_gives_up_on_a_climb():
    assert backtrack(lambda a: -a, -1.0) == 0
