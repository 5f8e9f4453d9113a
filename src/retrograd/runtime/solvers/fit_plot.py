"""Pictures of a fit. Matplotlib is imported when one is drawn."""

from typing import TYPE_CHECKING, Any

import numpy as np

from retrograd.runtime.solvers.history_plot import draw_history, new_figure
from retrograd.runtime.solvers.result import Array

if TYPE_CHECKING:
    from retrograd.runtime.solvers.fit_result import Curve, FitResult

#: Points of the drawn model between the smallest and the largest x.
POINTS = 400


def plot(result: "FitResult", level: float) -> Any:
    """Data, model and residuals over x where they are known, else the value over the steps.

    Args:
        result: the fit.
        level: of the confidence band around the model.

    Returns:
        the Matplotlib figure.

    Raises:
        ImportError: Matplotlib is not installed; says how to get it.
    """
    figure = new_figure()
    if result.curve is None:
        draw_history(figure, result.history, result.method)
    else:
        _draw_curve(figure, result, result.curve, level)
    return figure


def _draw_curve(figure: Any, result: "FitResult", curve: "Curve", level: float) -> None:
    above, below = figure.subplots(2, sharex=True, height_ratios=(3, 1))
    plain = np.ndim(curve.x) == 1 and np.size(curve.x) == curve.y.size
    x: Array = np.asarray(curve.x if plain else range(curve.y.size), dtype=np.float64)
    order = np.argsort(x, kind="stable")
    at = np.linspace(x.min(), x.max(), POINTS) if plain else curve.x
    where = at if plain else x
    above.errorbar(x, curve.y, curve.sigma, fmt=".", color="0.4", label="data")
    above.plot(where, result.predict(at), color="C3", label=f"{result.method} fit")
    if result.success and result.freedom > 0 and _known(result):
        low, high = result.band(at, level)
        label = f"{100 * level:g} % confidence"
        above.fill_between(where, low, high, color="C3", alpha=0.2, label=label)
    above.legend()
    above.set_ylabel("y")
    below.axhline(0.0, color="C3")
    below.errorbar(
        x[order], (curve.y - result.predict(curve.x))[order], curve.sigma, fmt=".", color="0.4"
    )
    below.set_xlabel("x" if plain else "data point")
    below.set_ylabel("y - fit")


def _known(result: "FitResult") -> bool:
    return result.cov is not None and bool(np.all(np.isfinite(result.cov)))
