"""`least_squares`, `fit` and `curve_fit`: generated derivatives linked into fits.

Derivatives come from the compiler, loops from `retrograd.runtime.solvers`; what is here reads what
the caller gave. A refusal of the compiler passes through untouched.
"""

import inspect
import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from retrograd.fit_parameters import Parameters, Tie
from retrograd.linked_fits import Model, Whiten, link_model, link_residual, solve
from retrograd.modes import jacobian
from retrograd.parameters import arguments_of
from retrograd.runtime.solvers.box import Box
from retrograd.runtime.solvers.fit_result import FitResult
from retrograd.runtime.solvers.losses import Loss
from retrograd.runtime.solvers.result import Array
from retrograd.runtime.solvers.stopping import Callback
from retrograd.transforms.diagnostics.report import brief_refusals

Jacobian = Callable[..., Any]


@brief_refusals
def least_squares(
    residual: Callable[..., Any],
    p0: Any,
    args: tuple[Any, ...] = (),
    *,
    method: str = "lm",
    jac: Jacobian | None = None,
    bounds: Any = None,
    loss: str | Loss = "linear",
    f_scale: float = 1.0,
    x_scale: Any = "jac",
    fixed: Iterable[str] = (),
    tied: Mapping[str, Tie] | None = None,
    jit: bool = False,
    callback: Callback | None = None,
    progress: bool = False,
    **options: Any,
) -> FitResult:
    """Minimize half the sum of squares of ``residual(p, *args)`` over p.

    Args:
        residual: returns the residual, shape (m,).
        p0: the start: shape (n,), or a dict, a record or any nesting of them with numbers and arrays;
            a number is taken as a vector of one, whole numbers as floats.
        args: further arguments; float32 arrays among them are taken as float64.
        method: "lm" (Levenberg-Marquardt), "dogleg" (Powell), "gauss-newton" (with a line search), or
            for many parameters "gauss-newton-cg", which forms no Jacobian.
        jac: the Jacobian as a function of the same arguments, returning shape (m, n), a column for each
            number of `p0` in order; None for the one that retrograd derives from `residual`.
        bounds: for "lm": None, or (lower, upper), each a number or of shape (n,), or a dict of pairs by
            name, None in a pair being no bound. A parameter that the data push against its bound is
            held there: it leaves the stopping test, and the covariance has nan for it, and for the
            others what holds as long as it stays there.
        loss: "linear", "soft_l1", "huber", "cauchy" or "arctan", as in SciPy, or a function from
            z = (r / f_scale)² to ρ(z), ρ'(z) and ρ''(z), shape (3, m); half of f_scale² Σ ρ(z) is
            minimized.
        f_scale: the residual from which on `loss` counts less than squares would.
        x_scale: for "lm" and "dogleg": "jac" (by the columns of the Jacobian, as MINPACK), or the size
            that each parameter typically has, a positive number or shape (k,) for those fitted.
        fixed: names of parameters that keep their start: "a" for p0["a"] or p0.a, "w[0]" or "w" for
            an entry or all of an array, "x[0]" of a vector.
        tied: for the name of a parameter that of another, whose value it takes, or a function of
            others, which are the names of its arguments: ``{"c": lambda a, b: 1 - a - b}``.
        callback: as in `minimize`.
        progress: whether to show the step, its cost and cosine on a line of standard error, if that
            is a terminal.
        options: ``tol``, the largest cosine between the residual and a column of J at which the fit
            has converged (0 switches every stopping test off); ``maxiter`` steps; ``maxfev``
            evaluations of the residual, looked at after each step; for "lm" the first ``damping``.
            "gauss-newton-cg" has ``tol`` for the cosine between the residual and the range of J,
            ``maxiter``, and ``maxinner`` products with J for a step.

    Returns:
        `x` has the structure of `p0`; `fun` is the residual there, `jac` its Jacobian by the fitted
        parameters, `cov` is s² (JᵀJ)⁻¹ with s² = |r|² / (m - n), for another loss than squares with
        the estimate of Huber (1973). A saddle that the fit comes to, or starts from, is left, and the
        message says so. After "gauss-newton-cg" there is neither `jac` nor `cov`, and `njev` counts
        products.

    Raises:
        UnsupportedError: `residual` cannot be differentiated.
        ValueError: the start, or residual or Jacobian there, is not finite; an option has no sense.
        TypeError: an option that the method does not have.
    """
    _refuse_native(jit)
    parameters = Parameters(_checked(p0), fixed=fixed, tied=tied)
    derivative = None if jac is None else _checked_jac(jac)
    return solve(
        link_residual(residual, derivative, arguments_of(args), parameters),
        parameters,
        method=method,
        bounds=bounds,
        loss=loss,
        f_scale=f_scale,
        x_scale=x_scale,
        callback=callback,
        progress=progress,
        **options,
    )


@brief_refusals
def fit(
    model: Callable[..., Any],
    xdata: Any,
    ydata: Any,
    p0: Any = None,
    sigma: Any = None,
    absolute_sigma: bool = False,
    bounds: Any = None,
    *,
    fixed: Iterable[str] = (),
    tied: Mapping[str, Tie] | None = None,
    method: str = "lm",
    jac: Jacobian | None = None,
    **options: Any,
) -> FitResult:
    """Fit ``model(xdata, a, b, ...)`` to `ydata`, and give back all that is known then.

    Args:
        model: returns the predictions, shape (m,).
        xdata: passed on to `model`; lists, tuples and arrays as float64 arrays.
        ydata: the data, shape (m,).
        p0: the start: a dict by the names of the arguments of `model` (those left out keep their
            defaults), shape (n,) in their order, or for a model of one argument any structure of
            numbers and arrays; None for ones, or where bounds are given as in SciPy: half-way between
            two, 1 from a single one.
        sigma: standard deviations of the data, a number or shape (m,), or their covariance, shape
            (m, m).
        absolute_sigma: whether `sigma` is meant in the unit of the data; otherwise only its
            proportions count, and the residuals tell the rest.
        bounds, fixed, tied, method, options: as in `least_squares`; names are those of the arguments.
        jac: a function of the same arguments as `model`, returning shape (m, n), or None.

    Returns:
        `x` has the structure of `p0`; see `FitResult` for ``report()``, ``plot()``, ``stderr``,
        ``intervals()``, ``predict(x)`` and ``band(x)``. `fun` is the residual in units of `sigma`.

    Raises:
        ValueError, TypeError, UnsupportedError: as in `least_squares`. A fit that fails returns, with
            ``success`` False.
    """
    x = _data(xdata, "xdata") if isinstance(xdata, list | tuple | np.ndarray) else xdata
    y = _vector(_data(ydata, "ydata"), "ydata")
    start = _start(parameter_count(model), bounds) if p0 is None else _checked(p0)
    names = _names(model, start.size) if isinstance(start, np.ndarray) else None
    parameters = Parameters(start, names=names, fixed=fixed, tied=tied)
    if parameters.free.size > y.size:
        came = f"{parameters.free.size} parameters came for {y.size} data points"
        raise TypeError(f"{came}; fewer were wanted")
    whiten, deviations = _whitening(sigma, y.size)
    derivative = None if jac is None else _checked_jac(jac)
    linked = link_model(Model(model, derivative, parameters), x, y, deviations, whiten)
    return solve(
        linked, parameters, bounds=bounds, absolute=absolute_sigma, method=method, **options
    )


@brief_refusals
def curve_fit(
    model: Callable[..., Any],
    xdata: Any,
    ydata: Any,
    p0: Any = None,
    sigma: Any = None,
    absolute_sigma: bool = False,
    bounds: Any = None,
    *,
    method: str = "lm",
    jac: Jacobian | None = None,
    jit: bool = False,
    **options: Any,
) -> tuple[Any, Array]:
    """Fit ``model(xdata, a, b, ...)`` to `ydata`, as `scipy.optimize.curve_fit` does.

    Args:
        model, xdata, ydata, p0, sigma, absolute_sigma, bounds, method, jac, options: as in `fit`.
        jit: whether Numba compiles model, gradient and the loop of "lm" as one module, as in
            `curve_fit_batch`; where that loop does not succeed, the one in NumPy goes to work.

    Returns:
        The parameters, float64, shape (n,), or in the structure of `p0`, and their covariance, shape
        (n, n). Where the data do not determine it the covariance is infinite, where a bound holds a
        parameter it is nan, and a warning says so.

    Raises:
        RuntimeError: the fit met no stopping test.
        ValueError, TypeError, UnsupportedError: as in `fit`.
    """
    given = model, xdata, ydata, p0, sigma, absolute_sigma, bounds
    if jit:
        from retrograd.batch_fits import native_curve_fit

        found = native_curve_fit(*given, method=method, jac=jac, **options)
        if found is not None:
            return found
    result = fit(*given, method=method, jac=jac, **options)
    if not result.success:
        raise RuntimeError(f"Optimal parameters not found: {result.message}")
    assert result.cov is not None
    if not np.all(np.isfinite(result.cov)):
        text = "Covariance of the parameters could not be estimated"
        warnings.warn(f"{text}: {result.message}", stacklevel=3)
    return result.x, result.cov


# ---------------------------------------------------------------- what the caller gave


def _checked(p0: Any) -> Any:
    """`p0`, a number or flat list as a vector."""
    flat = isinstance(p0, list) or type(p0) is tuple
    if isinstance(p0, np.ndarray | str | int | float | np.generic):
        return _vector(p0, "p0")
    return _vector(p0, "p0") if flat and all(np.ndim(one) == 0 for one in p0) else p0


def _vector(values: Any, name: str) -> Array:
    """`values` as a float64 vector."""
    array = np.asarray(values)
    if not np.issubdtype(array.dtype, np.integer) and not np.issubdtype(array.dtype, np.floating):
        raise ValueError(f"{name} is of dtype {array.dtype}; a vector of real numbers was wanted")
    if array.ndim > 1 or array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}; a vector was wanted")
    return np.atleast_1d(array).astype(np.float64)


def _data(values: Any, name: str) -> Array:
    """`values` as a float64 array of finite numbers."""
    array = np.asarray(values, dtype=np.float64)
    if not np.all(np.isfinite(array)):
        where = tuple(int(k) for k in np.argwhere(~np.isfinite(array))[0])
        at = where[0] if len(where) == 1 else where
        raise ValueError(f"{name} is not finite: entry {at} is {array[where]}")
    return array


def _start(n: int, bounds: Any) -> Array:
    """Ones, moved between the bounds where there are any; bounds by name leave them alone."""
    if bounds is None or isinstance(bounds, Mapping):
        return np.ones(n)
    box = Box.read(bounds, n)
    low, high = np.isfinite(box.lower), np.isfinite(box.upper)
    with np.errstate(invalid="ignore"):
        middle = 0.5 * (box.lower + box.upper)
    single = np.where(low, box.lower + 1.0, np.where(high, box.upper - 1.0, 1.0))
    return np.where(low & high, middle, single)


def parameter_count(model: Callable[..., Any]) -> int:
    """How many parameters `model` has after the first."""
    kinds = [parameter.kind for parameter in inspect.signature(model).parameters.values()]
    if inspect.Parameter.VAR_POSITIONAL in kinds or len(kinds) < 2:
        raise ValueError("the signature of the model does not tell its parameters; give p0")
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(kind in positional for kind in kinds) - 1


def _names(model: Callable[..., Any], n: int) -> tuple[str, ...] | None:
    """What `model` calls its n parameters after the first; None where its signature does not tell."""
    try:
        found = list(inspect.signature(model).parameters.values())[1:]
    except ValueError:
        return None
    names = tuple(one.name for one in found if one.kind is one.POSITIONAL_OR_KEYWORD)
    return names[:n] if len(names) >= n else None


def _whitening(sigma: Any, m: int) -> tuple[Whiten, Array | None]:
    """What turns residuals, or rows of a Jacobian, into uncorrelated ones of variance 1; and σ, (m,)."""
    if sigma is None:
        return (lambda rows: rows), None
    given = _data(sigma, "sigma")
    if given.shape == (m, m) and m > 1:
        try:
            root = np.linalg.cholesky(given)
        except np.linalg.LinAlgError:
            raise ValueError("sigma is not positive definite") from None
        return (lambda rows: np.asarray(np.linalg.solve(root, rows))), np.sqrt(np.diag(given))
    if given.size != 1 and given.shape != (m,):
        raise ValueError(f"sigma has shape {given.shape}; ({m},) or ({m}, {m}) was wanted")
    if np.any(given == 0):
        raise ValueError("sigma has an entry of zero; standard deviations were wanted")
    weights = 1.0 / np.broadcast_to(given.ravel(), (m,))
    return (lambda rows: (rows.T * weights).T), 1.0 / weights


def model_jacobian(model: Callable[..., Any], n: int) -> Jacobian:
    """The Jacobian of `model` with respect to its n parameters after the first."""
    derivative = jacobian(model, argnums=tuple(range(1, n + 1)))

    def columns(x: Any, *p: float) -> Array:
        parts = np.broadcast_arrays(*derivative(x, *p))
        return np.stack(parts, axis=-1)

    return columns


# ---------------------------------------------------------------- what there is not


def _refuse_native(jit: bool) -> None:
    if jit:
        raise ValueError("jit=True came; the loops run in NumPy only, so leave it False")


def _checked_jac(jac: Any) -> Jacobian:
    if not callable(jac):
        raise ValueError(f"jac={jac!r} came; a function, or None for the exact one, was wanted")
    checked: Jacobian = jac
    return checked
