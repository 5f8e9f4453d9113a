"""How many digits of the certified NIST values does a fit reproduce, and in how many evaluations?

    python benchmarks/nist.py FOLDER [--method lm]

FOLDER holds problems of the NIST StRD nonlinear regression collection in their original form
(https://www.itl.nist.gov/div898/strd/nls/nls_main.shtml). Each is fitted from both of its starts
with default settings, beside SciPy's `lm` and `trf` with theirs, which get the same generated
Jacobian. Digits are the log relative error -log10(|q - c| / |c|), the smallest over
the parameters, at most 11, for the relabelling of interchangeable terms that agrees best.
"""

import argparse
import itertools
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.optimize

import retrograd as rg

MAX_DIGITS = 11.0


@dataclass(frozen=True)
class Problem:
    """One NIST file."""

    name: str
    starts: tuple[np.ndarray, np.ndarray]
    certified: np.ndarray
    deviations: np.ndarray
    x: np.ndarray
    y: np.ndarray


def read_problem(path: Path) -> Problem:
    """Parse a NIST StRD nonlinear regression file with one predictor."""
    text = path.read_text(encoding="ascii")
    number = r"(\S+)\s*"
    rows = re.findall(rf"^\s*b\d+\s*=\s*{number * 4}$", text, re.MULTILINE)
    start1, start2, certified, deviations = np.array(rows, dtype=float).T
    data = text[text.rindex("Data:") :].splitlines()[1:]
    y, x = np.array([line.split() for line in data if line.strip()], dtype=float).T
    return Problem(path.stem, (start1, start2), certified, deviations, x, y)


# ---------------------------------------------------------------- residuals


def misra1a(b, x, y):
    return b[0] * (1 - np.exp(-b[1] * x)) - y


def misra1b(b, x, y):
    return b[0] * (1 - (1 + b[1] * x / 2) ** (-2)) - y


def chwirut(b, x, y):
    return np.exp(-b[0] * x) / (b[1] + b[2] * x) - y


def lanczos(b, x, y):
    first = b[0] * np.exp(-b[1] * x)
    second = b[2] * np.exp(-b[3] * x)
    third = b[4] * np.exp(-b[5] * x)
    return first + second + third - y


def gauss(b, x, y):
    left = b[2] * np.exp(-((x - b[3]) ** 2) / b[4] ** 2)
    right = b[5] * np.exp(-((x - b[6]) ** 2) / b[7] ** 2)
    return b[0] * np.exp(-b[1] * x) + left + right - y


def danwood(b, x, y):
    return b[0] * x ** b[1] - y


def kirby2(b, x, y):
    top = b[0] + b[1] * x + b[2] * x**2
    bottom = 1 + b[3] * x + b[4] * x**2
    return top / bottom - y


def mgh17(b, x, y):
    return b[0] + b[1] * np.exp(-x * b[3]) + b[2] * np.exp(-x * b[4]) - y


def thurber(b, x, y):
    top = b[0] + b[1] * x + b[2] * x**2 + b[3] * x**3
    bottom = 1 + b[4] * x + b[5] * x**2 + b[6] * x**3
    return top / bottom - y


def eckerle4(b, x, y):
    return (b[0] / b[1]) * np.exp(-0.5 * ((x - b[2]) / b[1]) ** 2) - y


@dataclass(frozen=True)
class Model:
    """A residual function, and what about its parameters is a matter of convention.

    Args:
        residual: from b, x, y to the residual.
        groups: interchangeable terms, each the positions of its parameters.
        widths: parameters that enter by their square alone.
    """

    residual: Callable[..., np.ndarray]
    groups: tuple[tuple[int, ...], ...] = ()
    widths: tuple[int, ...] = ()


MODELS = {
    "Misra1a": Model(misra1a),
    "Misra1b": Model(misra1b),
    "Chwirut1": Model(chwirut),
    "Chwirut2": Model(chwirut),
    "Lanczos1": Model(lanczos, groups=((0, 1), (2, 3), (4, 5))),
    "Lanczos2": Model(lanczos, groups=((0, 1), (2, 3), (4, 5))),
    "Lanczos3": Model(lanczos, groups=((0, 1), (2, 3), (4, 5))),
    "Gauss1": Model(gauss, groups=((2, 3, 4), (5, 6, 7)), widths=(4, 7)),
    "Gauss2": Model(gauss, groups=((2, 3, 4), (5, 6, 7)), widths=(4, 7)),
    "Gauss3": Model(gauss, groups=((2, 3, 4), (5, 6, 7)), widths=(4, 7)),
    "DanWood": Model(danwood),
    "Kirby2": Model(kirby2),
    "MGH17": Model(mgh17, groups=((1, 3), (2, 4))),
    "Thurber": Model(thurber),
    "Eckerle4": Model(eckerle4),
}

# ---------------------------------------------------------------- scoring


def digits(found: np.ndarray, certified: np.ndarray) -> float:
    """The smallest log relative error over the entries, from 0 to 11."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        lre = -np.log10(np.abs(found - certified) / np.abs(certified))
    return float(np.min(np.clip(np.nan_to_num(lre, nan=0.0, neginf=0.0), 0.0, MAX_DIGITS)))


def relabellings(model: Model, n: int) -> list[list[int]]:
    """Every order of the n parameters that leaves the model as it is."""
    orders = []
    for permuted in itertools.permutations(model.groups):
        order = list(range(n))
        for place, term in zip(model.groups, permuted, strict=True):
            for to, source in zip(place, term, strict=True):
                order[to] = source
        orders.append(order)
    return orders


def best_digits(
    model: Model, problem: Problem, x: np.ndarray, errors: np.ndarray
) -> tuple[float, float]:
    """Digits of the parameters and of the standard deviations, in the order that fits best."""
    x = x.copy()
    for j in model.widths:
        x[j] = abs(x[j]) * np.sign(problem.certified[j])
    scores = [
        (digits(x[order], problem.certified), digits(errors[order], problem.deviations))
        for order in relabellings(model, x.size)
    ]
    return max(scores)


# ---------------------------------------------------------------- the runs


def run(problem: Problem, method: str) -> list[dict[str, Any]]:
    """Both fits of one problem."""
    model = MODELS[problem.name]
    rows = []
    for k, start in enumerate(problem.starts, start=1):
        began = time.perf_counter()
        result = rg.least_squares(model.residual, start, (problem.x, problem.y), method=method)
        seconds = time.perf_counter() - began
        lre, lre_errors = best_digits(model, problem, result.x, np.sqrt(np.diag(result.cov)))
        rows.append(
            {
                "problem": f"{problem.name}/{k}",
                "digits": lre,
                "errors": lre_errors,
                "claim": "yes" if result.success else "no",
                "nit": result.nit,
                "nfev": result.nfev,
                "njev": result.njev,
                "seconds": seconds,
                **{name: by_scipy(problem, start, name) for name in ("lm", "trf")},
            }
        )
    return rows


def by_scipy(problem: Problem, start: np.ndarray, method: str) -> tuple[float, int, int, bool]:
    """Digits of the parameters, evaluations of residual and of Jacobian, and the claim of success."""
    model = MODELS[problem.name]
    data = problem.x, problem.y
    with np.errstate(all="ignore"):
        found = scipy.optimize.least_squares(
            model.residual, start, rg.jacobian(model.residual), method=method, args=data
        )
    lre, _ = best_digits(model, problem, found.x, np.ones_like(found.x))
    return lre, found.nfev, found.njev or found.nfev, bool(found.success)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--method", default="lm")
    options = parser.parse_args()
    paths = [path for path in sorted(options.folder.glob("*.dat")) if path.stem in MODELS]
    if not paths:
        raise SystemExit(f"no NIST problem among {sorted(MODELS)} in {options.folder}")
    rows = [row for path in paths for row in run(read_problem(path), options.method)]
    print(
        f"{'problem':12} {'digits':>6} {'of std. dev.':>12} {'claims':>6}"
        f" {'nit':>5} {'nfev':>5} {'njev':>5} {'seconds':>8}"
        f"  {'SciPy lm: digits nfev njev':>27} {'trf: digits nfev njev':>23}"
    )
    for row in rows:
        print(
            f"{row['problem']:12} {row['digits']:6.1f} {row['errors']:12.1f} {row['claim']:>6}"
            f" {row['nit']:5} {row['nfev']:5} {row['njev']:5} {row['seconds']:8.4f}"
            f"  {row['lm'][0]:17.1f} {row['lm'][1]:4} {row['lm'][2]:4}"
            f" {row['trf'][0]:13.1f} {row['trf'][1]:4} {row['trf'][2]:4}"
        )
    false_claims = sum(row["claim"] == "yes" and row["digits"] < 4 for row in rows)
    for name in ("lm", "trf"):
        ends = [row[name] for row in rows]
        wrong = sum(end[3] and end[0] < 4 for end in ends)
        print(
            f"SciPy's {name}: smallest digits {min(end[0] for end in ends):.1f},"
            f" {sum(end[0] >= 9 for end in ends)} with 9 or more; claims of success elsewhere: {wrong}"
        )
    print(
        f"\n{len(rows)} runs: smallest digits {min(row['digits'] for row in rows):.1f},"
        f" {sum(row['digits'] >= 8 for row in rows)} with 8 or more,"
        f" {sum(row['digits'] >= 9 for row in rows)} with 9 or more;"
        f" of standard deviations {min(row['errors'] for row in rows):.1f};"
        f" claims of success elsewhere: {false_claims}"
    )


if __name__ == "__main__":
    main()
