"""The picture of a loop: its value over its steps. Matplotlib is imported when one is drawn."""

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from retrograd.runtime.solvers.result import Array


def new_figure() -> Any:
    """An empty Matplotlib figure, one that notebooks and windows show if pyplot runs here.

    Raises:
        ImportError: Matplotlib is not installed; says how to get it.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        text = 'plots need Matplotlib: pip install "retrograd[plot]"'
        raise ImportError(text) from error
    pyplot = sys.modules.get("matplotlib.pyplot")
    return pyplot.figure(layout="constrained") if pyplot else Figure(layout="constrained")


def draw_history(figure: Any, history: Mapping[str, Array], method: str) -> None:
    """The value over the steps, by its logarithm where that exists at each of them."""
    values = history["value"]
    axes = figure.subplots()
    axes.plot(values, ".-")
    axes.set_yscale("log" if np.all(values > 0) else "linear")
    axes.set_xlabel("step")
    axes.set_ylabel("value")
    axes.set_title(method)
