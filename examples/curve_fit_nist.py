"""Fit four NIST reference problems from both of their starts, and count the digits that are right.

NIST computed the certified values in 128-bit arithmetic. Misra1a is of the lower level of
difficulty, MGH17 of the average, Thurber and Eckerle4 of the higher one.

    python examples/curve_fit_nist.py
"""

import json
from pathlib import Path

import numpy as np

import retrograd as rg

FOLDER = Path(__file__).parent / "data" / "nist"
WANTED_DIGITS = 8.0


def misra1a(x, b1, b2):
    return b1 * (1 - np.exp(-b2 * x))


def thurber(x, b1, b2, b3, b4, b5, b6, b7):
    top = b1 + b2 * x + b3 * x**2 + b4 * x**3
    bottom = 1 + b5 * x + b6 * x**2 + b7 * x**3
    return top / bottom


def mgh17(x, b1, b2, b3, b4, b5):
    return b1 + b2 * np.exp(-x * b4) + b3 * np.exp(-x * b5)


def eckerle4(x, b1, b2, b3):
    return (b1 / b2) * np.exp(-0.5 * ((x - b3) / b2) ** 2)


MODELS = {"misra1a": misra1a, "thurber": thurber, "mgh17": mgh17, "eckerle4": eckerle4}


def digits(found, certified):
    """How many digits of the worst entry are right, at most the 11 that are certified."""
    error = np.abs(np.asarray(found) / certified - 1)
    return float(np.min(-np.log10(np.maximum(error, 1e-11))))


def fit(name, start):
    """Digits of the parameters and of their standard deviations."""
    problem = json.loads((FOLDER / f"{name}.json").read_text())
    popt, pcov = rg.curve_fit(MODELS[name], problem["x"], problem["y"], problem[start])
    errors = np.sqrt(np.diag(pcov))
    if name == "mgh17" and popt[3] > popt[4]:  # its two exponentials may come out swapped
        popt, errors = popt[[0, 2, 1, 4, 3]], errors[[0, 2, 1, 4, 3]]
    return digits(popt, problem["certified"]), digits(errors, problem["standard_deviations"])


def main() -> None:
    worst = 11.0
    print("problem    start   digits of parameters   of standard deviations")
    for name in MODELS:
        for start in ("start1", "start2"):
            of_parameters, of_errors = fit(name, start)
            print(f"{name:10} {start:7} {of_parameters:20.1f} {of_errors:24.1f}")
            worst = min(worst, of_parameters, of_errors)
    if worst < WANTED_DIGITS:
        raise SystemExit(f"check failed: {worst:.1f} digits, {WANTED_DIGITS} wanted")
    print(f"check passed: at least {worst:.1f} digits agree with the certified values")


if __name__ == "__main__":
    main()
