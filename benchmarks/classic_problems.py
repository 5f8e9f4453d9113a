"""The problems of Moré, Garbow and Hillstrom: how many are solved, and is any claim of success false?

    python benchmarks/classic_problems.py [--method lm] [--rows]

Every problem starts from 1, 10 and 100 times its usual start (where that is zero, from 0, 10 and 100
in each place, as in MINPACK's own tests), with default settings, beside SciPy's `trf` and `lm`,
which get the same generated Jacobian. A run is

* solved where it ends with the sum of squares of a known minimum at a finite point, to five digits,
  or below 1e-10 where that is zero; success need not be claimed, for a parameter without effect is
  none to us and one to SciPy;
* a false claim where success is claimed elsewhere, and two further walks from there, with other
  methods and the tightest tolerances, find a smaller sum of squares or run away from there: a
  minimum that the literature does not list is not held against anybody.

Source: Moré, Garbow and Hillstrom, *Testing unconstrained optimization software*, ACM Trans. Math.
Softw. 7 (1981), pages 17-41; the problems of unconstrained least squares in its order.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.optimize

import retrograd as rg

FACTORS = (1.0, 10.0, 100.0)
#: A sum of squares is a zero below this.
ZERO = 1e-10
#: Parameters run away if a further walk makes the largest of them so many times larger.
AWAY = 1.5


@dataclass(frozen=True)
class Problem:
    """A residual, its usual start, and the sums of squares at its known finite minima."""

    residual: Callable[[np.ndarray], np.ndarray]
    start: Sequence[float]
    minima: tuple[float, ...]

    @property
    def name(self) -> str:
        return self.residual.__name__

    def started(self, factor: float) -> np.ndarray:
        """The start, `factor` times as far away."""
        start = np.array(self.start, dtype=float)
        return factor * start if np.any(start) else np.full_like(start, factor * (factor > 1))


# ---------------------------------------------------------------- residuals


def rosenbrock(x):
    return np.array([10 * (x[1] - x[0] ** 2), 1 - x[0]])


def freudenstein_roth(x):
    u, v = x[0], x[1]
    return np.array(
        [-13 + u + ((5 - v) * v - 2) * v, -29 + u + ((v + 1) * v - 14) * v],
    )


def powell_badly_scaled(x):
    return np.array([1e4 * x[0] * x[1] - 1, np.exp(-x[0]) + np.exp(-x[1]) - 1.0001])


def brown_badly_scaled(x):
    return np.array([x[0] - 1e6, x[1] - 2e-6, x[0] * x[1] - 2])


def beale(x):
    power = np.arange(1, 4)
    return np.array([1.5, 2.25, 2.625]) - x[0] * (1 - x[1] ** power)


def jennrich_sampson(x):
    i = np.arange(1.0, 11.0)
    return 2 + 2 * i - (np.exp(i * x[0]) + np.exp(i * x[1]))


def helical_valley(x):
    theta = np.arctan2(x[1], x[0]) / (2 * np.pi)
    return np.array([10 * (x[2] - 10 * theta), 10 * (np.sqrt(x[0] ** 2 + x[1] ** 2) - 1), x[2]])


BARD = np.array(
    [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39]
)


def bard(x):
    u = np.arange(1.0, 16.0)
    v = 16 - u
    return BARD - (x[0] + u / (v * x[1] + np.minimum(u, v) * x[2]))


GAUSSIAN = np.array(
    [
        *(0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989),
        *(0.3521, 0.2420, 0.1295, 0.0540, 0.0175, 0.0044, 0.0009),
    ]
)


def gaussian(x):
    t = (8 - np.arange(1.0, 16.0)) / 2
    return x[0] * np.exp(-x[1] * (t - x[2]) ** 2 / 2) - GAUSSIAN


MEYER = np.array(
    [
        *(34780.0, 28610.0, 23650.0, 19630.0, 16370.0, 13720.0, 11540.0, 9744.0),
        *(8261.0, 7030.0, 6005.0, 5147.0, 4427.0, 3820.0, 3307.0, 2872.0),
    ]
)


def meyer(x):
    t = 45 + 5 * np.arange(1.0, 17.0)
    return x[0] * np.exp(x[1] / (t + x[2])) - MEYER


def gulf(x):
    t = np.arange(1, 100) / 100
    y = 25 + (-50 * np.log(t)) ** (2 / 3)
    return np.exp(-(np.abs(y - x[1]) ** x[2]) / x[0]) - t


def box(x):
    t = np.arange(1, 11) / 10
    return np.exp(-t * x[0]) - np.exp(-t * x[1]) - x[2] * (np.exp(-t) - np.exp(-10 * t))


def powell_singular(x):
    return np.array(
        [
            x[0] + 10 * x[1],
            np.sqrt(5) * (x[2] - x[3]),
            (x[1] - 2 * x[2]) ** 2,
            np.sqrt(10) * (x[0] - x[3]) ** 2,
        ]
    )


def wood(x):
    return np.array(
        [
            10 * (x[1] - x[0] ** 2),
            1 - x[0],
            np.sqrt(90) * (x[3] - x[2] ** 2),
            1 - x[2],
            np.sqrt(10) * (x[1] + x[3] - 2),
            (x[1] - x[3]) / np.sqrt(10),
        ]
    )


KOWALIK = np.array(
    [0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246]
)
KOWALIK_AT = np.array([4.0, 2.0, 1.0, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625])


def kowalik_osborne(x):
    u = KOWALIK_AT
    return KOWALIK - x[0] * (u**2 + u * x[1]) / (u**2 + u * x[2] + x[3])


def brown_dennis(x):
    t = np.arange(1, 21) / 5
    return (x[0] + t * x[1] - np.exp(t)) ** 2 + (x[2] + x[3] * np.sin(t) - np.cos(t)) ** 2


OSBORNE1 = np.array(
    [
        *(0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.850, 0.818, 0.784, 0.751),
        *(0.718, 0.685, 0.658, 0.628, 0.603, 0.580, 0.558, 0.538, 0.522, 0.506, 0.490),
        *(0.478, 0.467, 0.457, 0.448, 0.438, 0.431, 0.424, 0.420, 0.414, 0.411, 0.406),
    ]
)


def osborne1(x):
    t = 10 * np.arange(33.0)
    return OSBORNE1 - (x[0] + x[1] * np.exp(-t * x[3]) + x[2] * np.exp(-t * x[4]))


def biggs(x):
    t = np.arange(1, 14) / 10
    y = np.exp(-t) - 5 * np.exp(-10 * t) + 3 * np.exp(-4 * t)
    return x[2] * np.exp(-t * x[0]) - x[3] * np.exp(-t * x[1]) + x[5] * np.exp(-t * x[4]) - y


OSBORNE2 = np.array(
    [
        *(
            1.366,
            1.191,
            1.112,
            1.013,
            0.991,
            0.885,
            0.831,
            0.847,
            0.786,
            0.725,
            0.746,
            0.679,
            0.608,
        ),
        *(
            0.655,
            0.616,
            0.606,
            0.602,
            0.626,
            0.651,
            0.724,
            0.649,
            0.649,
            0.694,
            0.644,
            0.624,
            0.661,
        ),
        *(
            0.612,
            0.558,
            0.533,
            0.495,
            0.500,
            0.423,
            0.395,
            0.375,
            0.372,
            0.391,
            0.396,
            0.405,
            0.428,
        ),
        *(
            0.429,
            0.523,
            0.562,
            0.607,
            0.653,
            0.672,
            0.708,
            0.633,
            0.668,
            0.645,
            0.632,
            0.591,
            0.559,
        ),
        *(
            0.597,
            0.625,
            0.739,
            0.710,
            0.729,
            0.720,
            0.636,
            0.581,
            0.428,
            0.292,
            0.162,
            0.098,
            0.054,
        ),
    ]
)


def osborne2(x):
    t = np.arange(65) / 10
    first = x[0] * np.exp(-t * x[4])
    second = x[1] * np.exp(-((t - x[8]) ** 2) * x[5])
    third = x[2] * np.exp(-((t - x[9]) ** 2) * x[6])
    fourth = x[3] * np.exp(-((t - x[10]) ** 2) * x[7])
    return OSBORNE2 - (first + second + third + fourth)


def watson(x):
    t = np.arange(1, 30) / 29
    j = np.arange(x.size)
    powers = t[:, np.newaxis] ** j
    slopes = j[1:] * powers[:, :-1]
    inner = slopes @ x[1:] - (powers @ x) ** 2 - 1
    return np.concatenate([inner, np.array([x[0], x[1] - x[0] ** 2 - 1])])


def extended_rosenbrock(x):
    odd, even = x[0::2], x[1::2]
    return np.concatenate([10 * (even - odd**2), 1 - odd])


def extended_powell_singular(x):
    a, b, c, d = x[0::4], x[1::4], x[2::4], x[3::4]
    return np.concatenate(
        [a + 10 * b, np.sqrt(5) * (c - d), (b - 2 * c) ** 2, np.sqrt(10) * (a - d) ** 2]
    )


def penalty1(x):
    return np.append(np.sqrt(1e-5) * (x - 1), np.sum(x**2) - 0.25)


def penalty2(x):
    i = np.arange(2, x.size + 1)
    y = np.exp(i / 10) + np.exp((i - 1) / 10)
    weight = np.sqrt(1e-5)
    return np.concatenate(
        [
            np.array([x[0] - 0.2]),
            weight * (np.exp(x[1:] / 10) + np.exp(x[:-1] / 10) - y),
            weight * (np.exp(x[1:] / 10) - np.exp(-0.1)),
            np.array([np.sum(np.arange(x.size, 0, -1) * x**2) - 1]),
        ]
    )


def variably_dimensioned(x):
    weighted = np.sum(np.arange(1, x.size + 1) * (x - 1))
    return np.concatenate([x - 1, np.array([weighted, weighted**2])])


def trigonometric(x):
    i = np.arange(1, x.size + 1)
    return x.size - np.sum(np.cos(x)) + i * (1 - np.cos(x)) - np.sin(x)


def brown_almost_linear(x):
    return np.append(x[:-1] + np.sum(x) - (x.size + 1), np.prod(x) - 1)


def discrete_boundary_value(x):
    h = 1 / (x.size + 1)
    t = h * np.arange(1, x.size + 1)
    padded = np.concatenate([np.zeros(1), x, np.zeros(1)])
    return 2 * x - padded[:-2] - padded[2:] + h**2 * (x + t + 1) ** 3 / 2


def discrete_integral_equation(x):
    h = 1 / (x.size + 1)
    t = h * np.arange(1, x.size + 1)
    cubes = (x + t + 1) ** 3
    before, after = np.cumsum(t * cubes), np.cumsum((1 - t) * cubes)
    return x + h * ((1 - t) * before + t * (after[-1] - after)) / 2


def broyden_tridiagonal(x):
    padded = np.concatenate([np.zeros(1), x, np.zeros(1)])
    return (3 - 2 * x) * x - padded[:-2] - 2 * padded[2:] + 1


BANDED = np.array([[float(j != i and -5 <= j - i <= 1) for j in range(10)] for i in range(10)])


def broyden_banded(x):
    return x * (2 + 5 * x**2) + 1 - BANDED @ (x * (1 + x))


def linear_full_rank(x):
    inner = x - 2 * np.sum(x) / 20 - 1
    return np.concatenate([inner, np.ones(15) * (-2 * np.sum(x) / 20 - 1)])


def linear_rank_one(x):
    return np.arange(1, 11) * np.sum(np.arange(1, x.size + 1) * x) - 1


def linear_rank_one_with_zeros(x):
    inner = np.arange(1, 9) * np.sum(np.arange(2, x.size) * x[1:-1]) - 1
    return np.concatenate([np.array([-1.0]), inner, np.array([-1.0])])


def chebyquad(x):
    y = 2 * x - 1
    before, here = np.ones(x.size), y
    found = [np.mean(y)]
    for k in range(2, x.size + 1):
        before, here = here, 2 * y * here - before
        integral = -1 / (k * k - 1) if k % 2 == 0 else 0.0
        found.append(np.mean(here) - integral)
    return np.array(found)


T = np.arange(1, 11) / 11
PROBLEMS = (
    Problem(rosenbrock, (-1.2, 1), (0,)),
    Problem(freudenstein_roth, (0.5, -2), (0, 48.98425)),
    Problem(powell_badly_scaled, (0, 1), (0,)),
    Problem(brown_badly_scaled, (1, 1), (0,)),
    Problem(beale, (1, 1), (0,)),
    Problem(jennrich_sampson, (0.3, 0.4), (124.36218,)),
    Problem(helical_valley, (-1, 0, 0), (0,)),
    Problem(bard, (1, 1, 1), (8.214877e-3,)),
    Problem(gaussian, (0.4, 1, 0), (1.1279328e-8,)),
    Problem(meyer, (0.02, 4000, 250), (87.945855,)),
    Problem(gulf, (5, 2.5, 0.15), (0,)),
    Problem(box, (0, 10, 20), (0,)),
    Problem(powell_singular, (3, -1, 0, 1), (0,)),
    Problem(wood, (-3, -1, -3, -1), (0,)),
    Problem(kowalik_osborne, (0.25, 0.39, 0.415, 0.39), (3.0750561e-4,)),
    Problem(brown_dennis, (25, 5, -5, -1), (85822.202,)),
    Problem(osborne1, (0.5, 1.5, -1, 0.01, 0.02), (5.4648947e-5,)),
    Problem(biggs, (1, 2, 1, 1, 1, 1), (0, 5.6556499e-3)),
    Problem(osborne2, (1.3, 0.65, 0.65, 0.7, 0.6, 3, 5, 7, 2, 4.5, 5.5), (4.0137736e-2,)),
    Problem(watson, (0,) * 6, (2.2876701e-3,)),
    Problem(watson, (0,) * 9, (1.3997601e-6,)),
    Problem(watson, (0,) * 12, (4.7223811e-10,)),
    Problem(extended_rosenbrock, (-1.2, 1) * 5, (0,)),
    Problem(extended_powell_singular, (3, -1, 0, 1) * 3, (0,)),
    Problem(penalty1, range(1, 11), (7.0876515e-5,)),
    Problem(penalty2, (0.5,) * 4, (9.3762907e-6,)),
    Problem(variably_dimensioned, 1 - np.arange(1, 11) / 10, (0,)),
    Problem(trigonometric, (0.1,) * 10, (0, 2.7950616e-5)),
    Problem(brown_almost_linear, (0.5,) * 10, (0, 1)),
    Problem(discrete_boundary_value, T * (T - 1), (0,)),
    Problem(discrete_integral_equation, T * (T - 1), (0,)),
    Problem(broyden_tridiagonal, (-1,) * 10, (0,)),
    Problem(broyden_banded, (-1,) * 10, (0,)),
    Problem(linear_full_rank, (1,) * 5, (15,)),
    Problem(linear_rank_one, (1,) * 5, (45 / 21,)),
    Problem(linear_rank_one_with_zeros, (1,) * 5, (124 / 34,)),
    Problem(chebyquad, np.arange(1, 9) / 9, (3.5168737e-3,)),
)


# ---------------------------------------------------------------- scoring


@dataclass(frozen=True)
class Outcome:
    """The end of one run."""

    x: np.ndarray
    claims: bool
    nfev: int
    njev: int


def solved(problem: Problem, x: np.ndarray) -> bool:
    """Whether the sum of squares at `x` is that of a known minimum."""
    found = sum_of_squares(problem, x)
    return any(abs(found - known) <= (1e-5 * known or ZERO) for known in problem.minima)


def sum_of_squares(problem: Problem, x: np.ndarray) -> float:
    with np.errstate(all="ignore"):
        return float(np.sum(problem.residual(x) ** 2))


def can_be_left(problem: Problem, x: np.ndarray) -> bool:
    """Whether walks with other methods lead from `x` to a smaller sum of squares."""
    here = sum_of_squares(problem, x)
    jacobian = rg.jacobian(problem.residual)
    for method in ("lm", "trf"):
        with np.errstate(all="ignore"):
            options = {"ftol": 3e-16, "xtol": 3e-16, "gtol": None if method == "trf" else 3e-16}
            found = scipy.optimize.least_squares(
                problem.residual, x, jacobian, method=method, max_nfev=10000, **options
            )
        away = np.max(np.abs(found.x)) > AWAY * np.max(np.abs(x))
        if 2 * found.cost < (1 - 1e-5) * here or away:
            return True
    return False


def by_retrograd(problem: Problem, start: np.ndarray, method: str) -> Outcome:
    try:
        found = rg.least_squares(problem.residual, start, method=method)
    except ValueError:  # the sum of squares overflows at the start
        return Outcome(start, False, 0, 0)
    return Outcome(found.x, found.success, found.nfev, found.njev)


def by_scipy(problem: Problem, start: np.ndarray, method: str) -> Outcome:
    jacobian = rg.jacobian(problem.residual)
    try:
        with np.errstate(all="ignore"):
            found = scipy.optimize.least_squares(problem.residual, start, jacobian, method=method)
    except (ValueError, np.linalg.LinAlgError):  # the residual is not finite somewhere
        return Outcome(start, False, 0, 0)
    return Outcome(found.x, bool(found.success), found.nfev, found.njev or found.nfev)


def judged(problem: Problem, outcome: Outcome) -> str:
    """ "solved", "failed", "false" claim, or "other" for a minimum that is not listed."""
    if solved(problem, outcome.x):
        return "solved"
    if not outcome.claims:
        return "failed"
    return "false" if can_be_left(problem, outcome.x) else "other"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--method", default="lm")
    parser.add_argument("--rows", action="store_true", help="a line for each run")
    options = parser.parse_args()
    contestants: dict[str, Callable[[Problem, np.ndarray], Outcome]] = {
        f"retrograd {options.method}": lambda p, x: by_retrograd(p, x, options.method),
        "scipy trf": lambda p, x: by_scipy(p, x, "trf"),
        "scipy lm": lambda p, x: by_scipy(p, x, "lm"),
    }
    rows: list[dict[str, Any]] = []
    for problem in PROBLEMS:
        for factor in FACTORS:
            for name, solve in contestants.items():
                outcome = solve(problem, problem.started(factor))
                row = {"who": name, "factor": factor, "verdict": judged(problem, outcome)}
                rows.append({**row, "nfev": outcome.nfev, "njev": outcome.njev})
                if options.rows:
                    label = f"{problem.name}({len(problem.start)}) x{factor:g}"
                    squares = sum_of_squares(problem, outcome.x)
                    print(
                        f"{label:34} {name:14} {row['verdict']:7} {outcome.nfev:6}"
                        f" {outcome.njev:6} {squares:12.5e}",
                        flush=True,
                    )
    runs = len(PROBLEMS) * len(FACTORS)
    print(f"{runs} runs of {len(PROBLEMS)} problems")
    print(
        f"{'':16} {'solved':>7} {'x1':>4} {'x10':>4} {'x100':>4} {'other minima':>13} {'failed':>7}"
        f" {'false claims':>13} {'median nfev':>12}"
    )
    for name in contestants:
        own = [row for row in rows if row["who"] == name]
        wins = [row for row in own if row["verdict"] == "solved"]
        per = [sum(row["factor"] == factor for row in wins) for factor in FACTORS]
        count = {
            key: sum(row["verdict"] == key for row in own) for key in ("other", "failed", "false")
        }
        print(
            f"{name:16} {len(wins):7} {per[0]:4} {per[1]:4} {per[2]:4} {count['other']:13}"
            f" {count['failed']:7} {count['false']:13} {np.median([row['nfev'] for row in wins]):12g}"
        )


if __name__ == "__main__":
    main()
