"""``retrograd demo``: what it is, in one screen."""

import inspect
import math

import click
import numpy as np
from rich.console import Console
from rich.syntax import Syntax

import retrograd as rg
from retrograd.cli.demo_model import CERTIFIED, PRESSURE, START, VOLUME, adsorption, swing
from retrograd.runtime.checking import compare_gradients

#: Where the gradient of `swing` is shown and checked: an angle in radians, a length in metres.
POINT = {"angle": 0.8, "length": 1.5}


@click.command()
def command() -> None:
    """Show a gradient, check it, and fit a certified data set, in one screen."""
    console = Console(highlight=False, soft_wrap=True)
    python = Syntax("", "python", background_color="default")
    swing_grad = rg.grad(swing, argnames=tuple(POINT))
    gradient = swing_grad(**POINT)

    console.print("A function with a loop:\n", style="bold")
    console.print(python.highlight(inspect.getsource(swing)))
    console.print("Its gradient, written by retrograd:\n", style="bold")
    console.print(python.highlight(swing_grad.source))
    console.print("Checked against central differences:\n", style="bold")
    for line in difference_table(gradient):
        console.print(line)
    console.print(
        "\nA Levenberg-Marquardt fit of y = b1 (1 - exp(-b2 x)) to NIST's Misra1a:\n", style="bold"
    )
    for line in fit_table():
        console.print(line)


def difference_table(gradient: tuple[float, ...]) -> list[str]:
    """One line for each part of the gradient of `swing` at `POINT`: by retrograd, by differences."""
    comparisons = compare_gradients(
        swing, tuple(POINT.values()), gradient, argnums=(0, 1), names=tuple(POINT)
    )
    return [
        f"  {c.where:<7} {c.found:18.12f}   difference {c.expected:18.12f}   apart {c.apart:.1e}"
        for c in comparisons
    ]


def fit_table() -> list[str]:
    """One line for each parameter of Misra1a: fitted, certified, and the digits that agree."""
    popt, pcov = rg.curve_fit(adsorption, PRESSURE, VOLUME, p0=START, method="lm")
    lines = [
        f"  {'':<4} {'fitted':>18} {'± error':>14}   {'certified':>18} {'± error':>14}   digits"
    ]
    for (name, value, error), ours, variance in zip(CERTIFIED, popt, np.diag(pcov), strict=True):
        digits = min(11.0, -math.log10(max(abs(ours - value) / value, 1e-16)))
        lines.append(
            f"  {name:<4} {ours:18.10e} {math.sqrt(variance):14.6e}"
            f"   {value:18.10e} {error:14.6e}   {digits:6.1f}"
        )
    return lines
