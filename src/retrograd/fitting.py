"""`least_squares` and `curve_fit`: generated Jacobians linked into fits.

Derivatives come from the compiler, loops from `retrograd.runtime.solvers`; what is here fits the two
to each other and checks what the caller gave. A refusal of the compiler passes through untouched.
"""

import inspect
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from retrograd.hessians import SecondDerivative
from retrograd.modes import jacobian
from retrograd.parameters import arguments_of
from retrograd.runtime.solvers.least_squares import solve_least_squares
from retrograd.runtime.solvers.losses import Loss
from retrograd.runtime.solvers.residuals import Bend
from retrograd.runtime.solvers.result import Array, OptimizeResult
from retrograd.runtime.solvers.stopping import Callback
from retrograd.transforms.diagnostics.report import UnsupportedError, brief_refusals

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
    jit: bool = False,
    callback: Callback | None = None,
    progress: bool = False,
    **options: Any,
) -> OptimizeResult:
    """Minimize half the sum of squares of ``residual(p, *args)`` over p.

    Args:
        residual: returns the residual, shape (m,).
        p0: the start, shape (n,); a number is taken as a vector of one.
        args: further arguments; float32 arrays among them are taken as float64.
        method: "lm" (Levenberg-Marquardt) or "gauss-newton" (with a line search).
        jac: the Jacobian as a function of the same arguments, returning shape (m, n); None for the
            one that retrograd derives from `residual`.
        bounds: for "lm": None, or (lower, upper), each a number or of shape (n,). A parameter that the
            data push against its bound is held there: it leaves the stopping test, and the covariance
            has nan for it, and for the others what holds as long as it stays there.
        loss: "linear", "soft_l1", "huber", "cauchy" or "arctan", as in SciPy, or a function from
            z = (r / f_scale)² to ρ(z), ρ'(z) and ρ''(z), shape (3, m); half of f_scale² Σ ρ(z) is
            minimized.
        f_scale: the residual from which on `loss` counts less than squares would.
        x_scale: for "lm": "jac" (by the columns of the Jacobian, as MINPACK), or the size that each
            parameter typically has, a positive number or shape (n,).
        callback: as in `minimize`.
        options: ``tol``, the largest cosine between the residual and a column of J at which the fit
            has converged (0 switches every stopping test off); ``maxiter`` steps; ``maxfev``
            evaluations of the residual, looked at after each step; for "lm" the first ``damping``.

    Returns:
        `fun` is the residual at `x`, `jac` its Jacobian, `cov` is s² (JᵀJ)⁻¹ with s² = |r|² / (m - n),
        for another loss than squares with the estimate of Huber (1973). A saddle that the fit comes
        to, or starts from, is left, and the message says so.

    Raises:
        UnsupportedError: `residual` cannot be differentiated.
        ValueError: the start, or residual or Jacobian there, is not finite; an option has no sense.
        TypeError: an option that the method does not have.
    """
    _refuse_native(jit, progress)
    derivative = jacobian(residual) if jac is None else _checked_jac(jac)
    arguments = arguments_of(args)
    return solve_least_squares(
        lambda p: residual(p, *arguments),
        lambda p: derivative(p, *arguments),
        _vector(p0, "p0"),
        bend=_bend(residual, arguments) if jac is None else None,
        method=method,
        bounds=bounds,
        loss=loss,
        f_scale=f_scale,
        x_scale=x_scale,
        callback=callback,
        **options,
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
    **options: Any,
) -> tuple[Array, Array]:
    """Fit ``model(xdata, a, b, ...)`` to `ydata`, as `scipy.optimize.curve_fit` does.

    Args:
        model: returns the predictions, shape (m,).
        xdata: passed on to `model`; lists, tuples and arrays as float64 arrays.
        ydata: the data, shape (m,).
        p0: the start, shape (n,); None for ones, as many as `model` has parameters after the first.
        sigma: standard deviations of the data, a number or shape (m,), or their covariance, shape
            (m, m).
        absolute_sigma: whether `sigma` is meant in the unit of the data; otherwise only its
            proportions count, and the residuals tell the rest.
        bounds, method, options: as in `least_squares`.
        jac: a function of the same arguments as `model`, returning shape (m, n), or None.

    Returns:
        The parameters, float64, shape (n,), and their covariance, shape (n, n). Where the data
        do not determine it the covariance is infinite, and a warning says so.

    Raises:
        RuntimeError: the fit met no stopping test.
        ValueError, TypeError, UnsupportedError: as in `least_squares`.
    """
    x = _data(xdata, "xdata") if isinstance(xdata, list | tuple | np.ndarray) else xdata
    y = _vector(_data(ydata, "ydata"), "ydata")
    start = np.ones(_parameter_count(model)) if p0 is None else _vector(p0, "p0")
    if start.size > y.size:
        raise TypeError(f"{start.size} parameters came for {y.size} data points; fewer were wanted")
    whiten = _whitening(sigma, y.size)
    derivative = model_jacobian(model, start.size) if jac is None else _checked_jac(jac)

    result = solve_least_squares(
        lambda p: whiten(_fitting(model(x, *p), y.shape, "model") - y),
        lambda p: whiten(_fitting(derivative(x, *p), (y.size, p.size), "jac")),
        start,
        bend=_model_bend(model, x, y.size, whiten) if jac is None else None,
        bounds=bounds,
        absolute=absolute_sigma,
        method=method,
        **options,
    )
    if not result.success:
        raise RuntimeError(f"Optimal parameters not found: {result.message}")
    cov = result.cov
    assert cov is not None
    if not np.all(np.isfinite(cov)):
        text = "Covariance of the parameters could not be estimated"
        warnings.warn(f"{text}: {result.message}", stacklevel=3)
    return result.x, cov


# ---------------------------------------------------------------- what the caller gave


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


def _parameter_count(model: Callable[..., Any]) -> int:
    """How many parameters `model` has after the first."""
    kinds = [parameter.kind for parameter in inspect.signature(model).parameters.values()]
    if inspect.Parameter.VAR_POSITIONAL in kinds or len(kinds) < 2:
        raise ValueError("the signature of the model does not tell its parameters; give p0")
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(kind in positional for kind in kinds) - 1


def _whitening(sigma: Any, m: int) -> Callable[[Array], Array]:
    """The map that turns residuals, or rows of a Jacobian, into uncorrelated ones of variance 1."""
    if sigma is None:
        return lambda rows: rows
    given = _data(sigma, "sigma")
    if given.shape == (m, m) and m > 1:
        try:
            root = np.linalg.cholesky(given)
        except np.linalg.LinAlgError:
            raise ValueError("sigma is not positive definite") from None
        return lambda rows: np.asarray(np.linalg.solve(root, rows))
    if given.size != 1 and given.shape != (m,):
        raise ValueError(f"sigma has shape {given.shape}; ({m},) or ({m}, {m}) was wanted")
    if np.any(given == 0):
        raise ValueError("sigma has an entry of zero; standard deviations were wanted")
    weights = 1.0 / np.broadcast_to(given.ravel(), (m,))
    return lambda rows: (rows.T * weights).T


def model_jacobian(model: Callable[..., Any], n: int) -> Jacobian:
    """The Jacobian of `model` with respect to its n parameters after the first."""
    derivative = jacobian(model, argnums=tuple(range(1, n + 1)))

    def columns(x: Any, *p: float) -> Array:
        parts = np.broadcast_arrays(*derivative(x, *p))
        return np.stack(parts, axis=-1)

    return columns


def _model_bend(
    model: Callable[..., Any], x: Any, m: int, whiten: Callable[[Array], Array]
) -> Bend:
    """Second derivatives of the whitened residual of `model`; none where the compiler refuses them."""

    def along(p: Array, u: Array, v: Array) -> Any:
        second = SecondDerivative(model, tuple(range(1, p.size + 1)))
        try:
            found = second((x, *p), tuple(map(float, u)), tuple(map(float, v)))
        except UnsupportedError:
            return None
        return whiten(np.broadcast_to(found, (m,)))

    return along


def _bend(residual: Callable[..., Any], arguments: tuple[Any, ...]) -> Bend:
    """Second derivatives of `residual`; none where the compiler refuses them."""
    second = SecondDerivative(residual, (0,))

    def along(p: Array, u: Array, v: Array) -> Any:
        try:
            return second((p, *arguments), (u,), (v,))
        except UnsupportedError:
            return None

    return along


def _fitting(values: Any, shape: tuple[int, ...], name: str) -> Array:
    """`values` broadcast to `shape`."""
    array = np.asarray(values, dtype=np.float64)
    try:
        return np.broadcast_to(array, shape)
    except ValueError:
        raise ValueError(f"{name} returned shape {array.shape}; {shape} was wanted") from None


# ---------------------------------------------------------------- what there is not


def _refuse_native(jit: bool, progress: bool) -> None:
    if jit:
        raise ValueError("jit=True came; the loops run in NumPy only, so leave it False")
    if progress:
        raise ValueError("progress=True came; there is no progress line, a callback can print one")


def _checked_jac(jac: Any) -> Jacobian:
    if not callable(jac):
        raise ValueError(f"jac={jac!r} came; a function, or None for the exact one, was wanted")
    checked: Jacobian = jac
    return checked
