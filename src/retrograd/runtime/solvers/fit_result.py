"""What a fit gives back: the parameters, how sure the data make them, and what follows from both."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from retrograd.runtime.solvers.fit_plot import plot
from retrograd.runtime.solvers.fit_report import html, report, short
from retrograd.runtime.solvers.profile import Refit, profile_interval
from retrograd.runtime.solvers.result import Array, OptimizeResult
from retrograd.runtime.solvers.student import two_sided


@dataclass(frozen=True, slots=True)
class Curve:
    """The data of a fit, and the model that was fitted to them.

    Args:
        x: what the model was given.
        y: the data, shape (m,).
        sigma: standard deviations of the data, shape (m,); None where they were not told.
        values: from x and the full parameters to the predictions and their Jacobian by these.
    """

    x: Any
    y: Array
    sigma: Array | None
    values: Callable[[Any, Array], tuple[Array, Array]]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FitResult(OptimizeResult):
    """The end of a least-squares fit.

    Args:
        names: of the parameters, in the order of the rows of `cov`.
        full: the parameters in that order, shape (n,).
        states: of each parameter "", "fixed", "tied" or "at bound".
        absolute: whether residuals are in units of their known standard deviation.
        linear: whether squares were summed, not another loss.
        curve: the data and the model, where the fit knows them.
        refit: from the place of a fitted parameter, a value of it, and a start of all fitted ones, to
            cost and parameters of the fit of the others.
    """

    names: tuple[str, ...] = ()
    full: Array | None = None
    states: tuple[str, ...] = ()
    absolute: bool = False
    linear: bool = True
    curve: Curve | None = None
    refit: Refit | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Functions stay behind, for most cannot be pickled."""
        kept = {one.name: getattr(self, one.name) for one in fields(self)}
        return _again, ({**kept, "curve": None, "refit": None},)

    def __str__(self) -> str:
        return report(self)

    def __repr__(self) -> str:
        return short(self)

    def _repr_html_(self) -> str:
        return html(self)

    @property
    def stderr(self) -> Array:
        """Standard errors, shape (n,), in the order of `names`: 0 for what is fixed, nan at a bound.

        Raises:
            ValueError: the method forms no Jacobian, so there is no covariance.
        """
        if self.cov is None:
            raise ValueError(f"{self.method!r} forms no Jacobian, so there is no covariance")
        return np.sqrt(np.diag(self.cov))

    @property
    def fitted(self) -> int:
        """How many parameters were fitted."""
        return sum(state in ("", "at bound") for state in self.states)

    @property
    def freedom(self) -> int:
        """Degrees of freedom: residuals without the parameters that were fitted and no bound holds."""
        return int(self.fun.size - self.states.count(""))

    @property
    def statistics(self) -> dict[str, float]:
        """``chi2``, ``reduced_chi2``, ``r2`` (where the data are known), ``aic`` and ``bic``.

        χ² is the sum of squared residuals, weighted where `sigma` was given; AIC and BIC are those of
        normal residuals of unknown variance, m ln(χ²/m) + 2k and m ln(χ²/m) + k ln m for k parameters.
        """
        m, k = self.fun.size, self.fitted
        chi2 = float(self.fun @ self.fun)
        found = {"chi2": chi2, "reduced_chi2": chi2 / self.freedom if self.freedom > 0 else np.nan}
        if self.curve is not None:
            found["r2"] = _r2(self.curve, chi2)
        level = m * float(np.log(chi2 / m)) if chi2 > 0 else -np.inf
        return {**found, "aic": level + 2 * k, "bic": level + k * float(np.log(m))}

    def intervals(
        self, level: float = 0.95, names: Iterable[str] | None = None
    ) -> dict[str, tuple[float, float]]:
        """Profile-likelihood confidence intervals of the fitted parameters.

        An end is where the sum of squares, minimal over all other parameters, has grown so much that
        the square root of the growth over s² is Student's t (the normal quantile where `sigma` is
        absolute); -inf or inf where it never does, or the bound where one comes first.

        Args:
            level: the probability, between 0 and 1.
            names: which parameters; None for all that are fitted.

        Raises:
            ValueError: the fit did not succeed, or is robust; a name is not that of a fitted parameter.

        Source: Bates and Watts, *Nonlinear regression analysis and its applications* (1988), section 6.1.
        """
        self._check_intervals("intervals")
        assert self.refit is not None
        assert self.full is not None
        fitted = [name for name, state in zip(self.names, self.states, strict=True) if not state]
        asked = fitted if names is None else list(names)
        for name in asked:
            if name not in fitted:
                raise ValueError(f"{name!r} came; fitted are {', '.join(fitted)}")
        spread = np.sqrt(2 * self.cost / self.freedom) if not self.absolute else 1.0
        ends = {}
        for name in asked:
            place = self.names.index(name)
            limit = self._quantile(level) * spread
            ends[name] = profile_interval(
                self.refit, self.full, place, float(self.stderr[place]), self.cost, limit
            )
        return ends

    def predict(self, x: Any) -> Array:
        """The model at `x` for the fitted parameters."""
        return self._model(x)[0]

    def band(self, x: Any, level: float = 0.95, *, data: bool = False) -> tuple[Array, Array]:
        """Lower and upper limit of the model at `x`, to first order in the parameters, pointwise.

        Args:
            x: as the model takes it.
            level: the probability.
            data: for a further observation (a prediction band) rather than for the mean (a confidence
                band); its scatter is s, or 1 where `sigma` is absolute.

        Raises:
            ValueError: the fit did not succeed, or the data do not determine what the model needs.
        """
        self._check_intervals("band")
        values, jacobian = self._model(x)
        assert self.cov is not None
        moved = np.any(jacobian != 0, axis=0)
        cov = self.cov[np.ix_(moved, moved)]
        if not np.all(np.isfinite(cov)):
            raise ValueError("the covariance is not finite, so there is no band around the model")
        part = jacobian[:, moved]
        variance = np.einsum("ij,jk,ik->i", part, cov, part)
        if data:
            variance = variance + (1.0 if self.absolute else 2 * self.cost / self.freedom)
        half = self._quantile(level) * np.sqrt(np.maximum(variance, 0.0))
        return values - half, values + half

    def plot(self, level: float = 0.95) -> Any:
        """A Matplotlib figure of data, model with confidence band, and residuals over x.

        Where the fit knows no data it shows the value over the steps.

        Raises:
            ImportError: Matplotlib is not installed.
        """
        return plot(self, level)

    def _model(self, x: Any) -> tuple[Array, Array]:
        if self.curve is None or self.full is None:
            raise ValueError(
                "this result does not know a model; fit(model, x, y) gives one that does"
            )
        return self.curve.values(x, self.full)

    def _quantile(self, level: float) -> float:
        return two_sided(level, np.inf if self.absolute else self.freedom)

    def _check_intervals(self, what: str) -> None:
        if not self.success:
            raise ValueError(f"the fit did not succeed, so there is no {what}: {self.message}")
        if self.cov is None:
            raise ValueError(f"{self.method!r} forms no Jacobian, so there is no covariance")
        if what == "intervals" and not self.linear:
            raise ValueError("profile intervals are for squares; this fit had another loss")
        if what == "intervals" and self.refit is None:
            raise ValueError("a result that was pickled has lost its model; fit again")
        if not self.absolute and self.freedom <= 0:
            raise ValueError(f"no {what}: there are as many parameters as residuals")


def _again(values: dict[str, Any]) -> FitResult:
    return FitResult(**values)


def _r2(curve: Curve, chi2: float) -> float:
    """1 - χ² / Σ (y - ȳ)², both weighted alike."""
    weights = np.ones_like(curve.y) if curve.sigma is None else curve.sigma**-2.0
    mean = float(np.sum(weights * curve.y) / np.sum(weights))
    total = float(np.sum(weights * (curve.y - mean) ** 2))
    return 1 - chi2 / total if total > 0 else np.nan
