"""A user's residual or model with its generated derivatives, as functions of one vector.

A solver wants the residual r(p), its Jacobian and its second derivatives along two vectors, for the
full vector p of `Parameters`; users write functions of named arguments, of dicts and of records.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from retrograd.fit_parameters import Parameters
from retrograd.hessians import SecondDerivative
from retrograd.modes import jacobian, products
from retrograd.progress import progress_of
from retrograd.runtime.pytrees import flatten, is_active, leaves
from retrograd.runtime.solvers.box import Box
from retrograd.runtime.solvers.fit_result import Curve, FitResult
from retrograd.runtime.solvers.gauss_newton_cg import METHOD, Products, solve_gauss_newton_cg
from retrograd.runtime.solvers.least_squares import DEFAULTS, solve_least_squares
from retrograd.runtime.solvers.options import check_method
from retrograd.runtime.solvers.residuals import Bend
from retrograd.runtime.solvers.result import Array
from retrograd.runtime.solvers.stopping import Callback, State
from retrograd.transforms.diagnostics.report import UnsupportedError

Whiten: TypeAlias = Callable[[Array], Array]


@dataclass(frozen=True, slots=True)
class Linked:
    """Functions of the full vector p, shape (n,).

    Args:
        residual: to r, shape (m,).
        jacobian: to J, shape (m, n).
        bend: from p, u and v to the second derivative of r along u and v; None for none.
        products: to r, v -> J v and w -> Jᵀw; None where only J is to be had.
        curve: the data and the model, where there are any.
    """

    residual: Callable[[Array], Any]
    jacobian: Callable[[Array], Any]
    bend: Bend | None
    products: Products | None = None
    curve: Curve | None = None


# ---------------------------------------------------------------- linking


def link_residual(
    residual: Callable[..., Any],
    jac: Callable[..., Any] | None,
    args: tuple[Any, ...],
    parameters: Parameters,
) -> Linked:
    """``residual(p, *args)`` with `jac` of the same arguments, or what is derived from `residual`."""
    derivative = jacobian(residual) if jac is None else jac
    second = SecondDerivative(residual, (0,))

    def columns(p: Array) -> Any:
        tree = parameters.structured(p)
        found = derivative(tree, *args)
        return found if isinstance(found, np.ndarray) else parameters.columns(found)

    def bend(p: Array, u: Array, v: Array) -> Any:
        tree = parameters.structured
        try:
            return second((tree(p), *args), (tree(u),), (tree(v),))
        except UnsupportedError:
            return None

    def both(p: Array) -> Any:
        tree = parameters.structured(p)
        value, push, pull = products(residual, 0, (tree, *args))
        return (
            value,
            lambda v: push(parameters.structured(v)),
            lambda w: flatten(pull(w), parameters.start),
        )

    return Linked(
        lambda p: residual(parameters.structured(p), *args),
        columns,
        bend if jac is None else None,
        both if jac is None else None,
    )


class Model:
    """``model(x, ...)`` as a function of x and the full vector p.

    Args:
        function: the user's.
        jac: its Jacobian as a function of the same arguments, shape (m, n), or None.
        parameters: a vector of as many entries as `function` has arguments behind the first, a dict
            by their names, or any structure for the one argument behind the first.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        jac: Callable[..., Any] | None,
        parameters: Parameters,
    ) -> None:
        self._function = function
        self._parameters = parameters
        start = parameters.start
        self._defaults: tuple[Any, ...]
        if isinstance(start, np.ndarray):
            self._places, self._defaults = tuple(range(1, start.size + 1)), (None,) * start.size
            self._split: Callable[[Any], tuple[Any, ...]] = tuple
        elif isinstance(start, dict) and (found := _arguments_by_name(function, start)):
            self._places, self._defaults = found
            self._split = lambda tree: tuple(tree.values())
        else:
            self._places, self._defaults = (1,), (None,)
            self._split = lambda tree: (tree,)
        self._jac = jac
        self._jacobian = jacobian(function, argnums=self._places) if jac is None else None
        self._second = SecondDerivative(function, self._places)

    def values(self, x: Any, p: Array, shape: tuple[int, ...] | None = None) -> Array:
        """The predictions at x; broadcast to `shape` where that is given."""
        found = np.asarray(self._function(*self._arguments(x, p)), dtype=np.float64)
        return found if shape is None else fitting(found, shape, "model")

    def columns(self, x: Any, p: Array, m: int) -> Array:
        """The Jacobian of the predictions by p, shape (m, n)."""
        arguments = self._arguments(x, p)
        if self._jac is not None:
            return fitting(self._jac(*arguments), (m, p.size), "jac")
        assert self._jacobian is not None
        parts = self._jacobian(*arguments)
        return np.concatenate(
            [
                _by_entries(part, arguments[place], m)
                for place, part in zip(self._places, parts, strict=True)
            ],
            axis=1,
        )

    def bend(self, x: Any, p: Array, u: Array, v: Array, m: int) -> Array | None:
        """The second derivative of the predictions along u and v, shape (m,); None where refused."""
        if self._jac is not None:
            return None
        along = [self._split(self._parameters.structured(one)) for one in (u, v)]
        try:
            found = self._second(self._arguments(x, p), *along)
        except UnsupportedError:
            return None
        return np.broadcast_to(found, (m,))

    def _arguments(self, x: Any, p: Array) -> tuple[Any, ...]:
        given = dict(zip(self._places, self._split(self._parameters.structured(p)), strict=True))
        rest = (given.get(k, default) for k, default in enumerate(self._defaults, start=1))
        return x, *rest


def link_model(model: Model, x: Any, y: Array, sigma: Array | None, whiten: Whiten) -> Linked:
    """The whitened residual of `model` at x against the data y, shape (m,)."""
    m = y.size

    def bend(p: Array, u: Array, v: Array) -> Any:
        found = model.bend(x, p, u, v, m)
        return None if found is None else whiten(found)

    def values(at: Any, p: Array) -> tuple[Array, Array]:
        found = np.atleast_1d(model.values(at, p))
        if found.size == 1 and np.ndim(at) == 1:
            found = np.broadcast_to(found, np.shape(at))
        return found, model.columns(at, p, found.size)

    return Linked(
        lambda p: whiten(model.values(x, p, y.shape) - y),
        lambda p: whiten(model.columns(x, p, m)),
        bend,
        curve=Curve(x, y, sigma, values),
    )


def _arguments_by_name(
    function: Callable[..., Any], start: dict[str, Any]
) -> tuple[tuple[int, ...], tuple[Any, ...]] | None:
    """The places of the arguments that `start` names, and what the others have by default.

    None where `start` is the one argument behind the first itself.

    Raises:
        ValueError: names and arguments do not fit each other.
    """
    known = list(inspect.signature(function).parameters.values())[1:]
    names = [one.name for one in known]
    if len(known) == 1 and known[0].name not in start:
        return None
    strange = [name for name in start if name not in names]
    missing = [one.name for one in known if one.name not in start and one.default is one.empty]
    if strange or missing:
        came = f"p0 names {', '.join(start)}"
        raise ValueError(f"{came}; the parameters of the model are {', '.join(names)}")
    return tuple(1 + names.index(name) for name in start), tuple(one.default for one in known)


def _by_entries(part: Any, argument: Any, m: int) -> Array:
    """The columns, shape (m, k), of the Jacobian by an argument of k entries."""
    found = dict(leaves(part))
    return np.concatenate(
        [
            fitting(found[path], (m, *np.shape(leaf)), "the derivative of the model").reshape(m, -1)
            for path, leaf in leaves(argument)
            if is_active(leaf)
        ],
        axis=1,
    )


def fitting(values: Any, shape: tuple[int, ...], name: str) -> Array:
    """`values` broadcast to `shape`."""
    array = np.asarray(values, dtype=np.float64)
    try:
        return np.broadcast_to(array, shape)
    except ValueError:
        raise ValueError(f"{name} returned shape {array.shape}; {shape} was wanted") from None


# ---------------------------------------------------------------- solving


def solve(
    linked: Linked,
    parameters: Parameters,
    *,
    method: str,
    bounds: Any = None,
    callback: Callback | None = None,
    progress: bool = False,
    **options: Any,
) -> FitResult:
    """Fit those of `parameters` that are free; the result has all of them, in their structure.

    The covariance of fixed parameters is zero, that of tied ones follows from the others'. The
    Jacobian of the result has columns for those that were fitted.
    """

    def told(state: State) -> bool | None:
        assert callback is not None
        return callback(replace(state, x=parameters.structured(parameters.full(state.x))))

    check_method(method, (*DEFAULTS, METHOD))
    if "jacobian" in options:
        came = (
            f"jacobian={options['jacobian']!r} came, and fits with sparse Jacobians are not part of"
        )
        raise ValueError(f"{came} this version; method={METHOD!r} forms none")
    limits = parameters.bounds(bounds)
    solver = _solve_by_products if method == METHOD else _solve
    with progress_of(method, None if callback is None else told, progress) as followed:
        found = solver(linked, parameters, limits, method=method, callback=followed, **options)
    p = parameters.full(found.x)
    gradient = np.zeros(p.size)
    gradient[parameters.free] = found.grad

    def refit(place: int, value: float, start: Array) -> tuple[float, Array] | None:
        return _held(linked, parameters, limits, place, value, start)

    states = np.where(parameters.fixed, "fixed", np.where(parameters.tied, "tied", ""))
    states = states.astype(object)
    states[parameters.free[[state == "at bound" for state in found.states]]] = "at bound"
    return replace(
        found,
        x=parameters.structured(p),
        grad=parameters.structured(gradient),
        cov=None if found.cov is None else _carried(found.cov, parameters.spread(found.x)),
        names=parameters.names,
        full=p,
        states=tuple(states),
        curve=linked.curve,
        refit=refit,
    )


def _solve(linked: Linked, parameters: Parameters, limits: Any, **options: Any) -> FitResult:
    """The fit of the free entries alone."""
    start = parameters.full_start[parameters.free]
    if parameters.all_free:
        residual, derivative, bend = linked.residual, linked.jacobian, linked.bend
    else:

        def residual(v: Array) -> Any:
            return linked.residual(parameters.full(v))

        def derivative(v: Array) -> Any:
            return np.asarray(linked.jacobian(parameters.full(v))) @ parameters.spread(v)

        def along(v: Array, one: Array, other: Array) -> Any:
            assert linked.bend is not None
            spread = parameters.spread(v)
            return linked.bend(parameters.full(v), spread @ one, spread @ other)

        # a parameter that is a function of others bends by itself, which is left out here
        bend = along if linked.bend is not None and parameters.affine else None
    names = tuple(parameters.names[k] for k in parameters.free)
    return solve_least_squares(
        residual, derivative, start, bend=bend, bounds=limits, names=names, **options
    )


def _solve_by_products(
    linked: Linked, parameters: Parameters, limits: Any, *, method: str, **options: Any
) -> FitResult:
    """The fit of all entries by products with the Jacobian.

    Raises:
        ValueError: there are only Jacobians, or an option that needs them is asked for.
    """
    if linked.products is None:
        raise ValueError(f"{method!r} is for least_squares without jac")
    box = Box.read(limits, parameters.free.size)
    asked = {
        "bounds": box.binds,
        "fixed or tied": not parameters.all_free,
        "x_scale": not isinstance(options.pop("x_scale", "jac"), str),
    }
    for name, given in asked.items():
        if given:
            raise ValueError(f"{name} came for method {method!r}, which takes none; 'lm' does")
    start = parameters.full_start
    return solve_gauss_newton_cg(
        linked.residual, linked.products, start, names=parameters.names, **options
    )


def _held(
    linked: Linked, parameters: Parameters, limits: Any, place: int, value: float, start: Array
) -> tuple[float, Array] | None:
    """Cost and full vector of the fit with one free parameter held; None where there is none."""
    v = int(np.flatnonzero(parameters.free == place)[0])
    box = Box.read(limits, parameters.free.size)
    if not box.lower[v] <= value <= box.upper[v]:
        return None
    held = parameters.holding(place, value, start)
    others = np.arange(parameters.free.size) != v
    try:
        if not held.free.size:
            p = held.full(np.zeros(0))
            residual = np.asarray(linked.residual(p))
            cost = 0.5 * float(residual @ residual)
            return (cost, p) if np.isfinite(cost) else None
        found = _solve(linked, held, (box.lower[others], box.upper[others]))
    except ValueError:  # the residual has no finite value there
        return None
    return found.cost, held.full(found.x)


def _carried(cov: Array, spread: Array) -> Array:
    """The covariance of p from that of the free entries, of which p has the derivative `spread`."""
    unknown = ~np.isfinite(np.diag(cov))
    known = np.where(unknown[:, np.newaxis] | unknown, 0.0, cov)
    found = spread @ known @ spread.T
    for k in np.flatnonzero(unknown):
        touched = spread[:, k] != 0
        found[touched, :] = cov[k, k]
        found[:, touched] = cov[k, k]
    return np.asarray(found)
