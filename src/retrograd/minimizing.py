"""`minimize`: a generated gradient linked into the loops that descend along it.

Derivatives come from the compiler, loops from `retrograd.runtime.solvers`; what is here fits the two
to each other and checks what the caller gave. A refusal of the compiler passes through untouched.
"""

import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from retrograd.api import value_and_grad
from retrograd.constraints import box_of, constraints_of
from retrograd.hessians import hvp
from retrograd.parameters import arguments_of, parameters, whole_numbers, widened
from retrograd.progress import progress_of
from retrograd.runtime.pytrees import flatten, map_leaves, unflatten
from retrograd.runtime.solvers.augmented_lagrangian import minimize_constrained
from retrograd.runtime.solvers.batches import Batches, CutBatches, GivenBatches
from retrograd.runtime.solvers.descent import METHODS, Checkpoint, minimize_vector
from retrograd.runtime.solvers.options import check_method
from retrograd.runtime.solvers.result import Array, OptimizeResult
from retrograd.runtime.solvers.stopping import Callback, State
from retrograd.transforms.diagnostics.report import brief_refusals


@brief_refusals
def minimize(
    loss: Callable[..., Any],
    x0: Any,
    args: tuple[Any, ...] = (),
    *,
    method: str = "bfgs",
    data: Any = None,
    batch_size: int | None = None,
    epochs: int | None = None,
    shuffle: bool = True,
    bounds: Any = None,
    constraints: Any = None,
    state: Checkpoint | None = None,
    jit: bool = False,
    callback: Callback | None = None,
    progress: bool = False,
    seed: int | None = None,
    **options: Any,
) -> OptimizeResult:
    """Minimize ``loss(x, *args)``, or with `data` ``loss(x, *batch, *args)``, over x.

    Where the gradient vanishes, a few Hessian products tell a minimum from a saddle, which is no
    success; the message says where that could not be looked at.

    Args:
        loss: returns a float; plain Python and NumPy that retrograd can differentiate.
        x0: the start: a float, an array, a flat list of numbers (taken as an array), or any nesting
            of dict, list, tuple and namedtuple of floats and arrays of floats. Integers and booleans
            inside a container are constants: they stay as they are, and the message of the result
            names the integers. Everything else is taken as float64.
        args: further arguments of `loss`.
        method: with a learning rate "gd", "sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw",
            and the sampler "sgld"; with a line search "cg", "bfgs", "lbfgs", and by second
            derivatives "newton", "newton-cg" and "saddle-free-newton".
        data: arguments of `loss` between `x` and `args`: a tuple of them, or one. With `batch_size`
            arrays (or pytrees of arrays) of the same length, which are cut along their first axis;
            arrays of integers stay as they are. Or any iterable of batches, each of them a tuple of
            arguments or one argument.
        batch_size: rows of a batch; the last one of an epoch has what is left. Only for methods
            with a learning rate.
        epochs: how often the run, with all that it resumes, goes through the data; without
            ``maxiter`` this alone ends it.
        shuffle: whether the rows come in another order in each epoch.
        bounds: None; an object with ``lb`` and ``ub``, as `scipy.optimize.Bounds`; for a vector a
            sequence of pairs ``(lower, upper)``, for everything else one such pair. Each side is
            None, a number, or nested like `x0`. Steps are projected onto them.
        constraints: one or a sequence of: a dict with ``"fun"`` and ``"type"``, which is ``"eq"`` for
            ``fun(x) = 0`` and ``"ineq"`` for ``fun(x) >= 0``; an object with ``fun`` (or for ``A @ x`` a
            matrix ``A``), ``lb`` and ``ub``, as SciPy's `NonlinearConstraint` and `LinearConstraint`.
            They are met at the end, by the augmented Lagrangian on top of the method.
        state: `state` of an earlier result, to go on from there: with the same method, data and
            options the run is the one that had not stopped, bit for bit. `x0` then gives the
            structure alone.
        jit: whether Numba compiles value and gradient to native code; the loop around them stays as it
            is.
        callback: called after each step with ``nit``, ``x`` (with the structure of `x0`), ``value``
            and ``record``; stops the loop by returning True or raising StopIteration.
        progress: whether to show the step, its value, gradient and rate on a line of standard error,
            if that is a terminal.
        seed: of the order of the data, and of the noise of "sgld".
        options: ``tol``, the largest entry of the gradient at which the loop has converged (0
            switches every stopping test off, so that ``maxiter=k`` means exactly k steps);
            ``maxiter``, the steps of this call; ``learning_rate``, a number or a function of the step
            counter, from 0, such as those of `rg.schedules`; ``weight_decay``, which is added to the
            gradient, or for "adamw" to the step; ``clip_value``, the largest entry of a gradient,
            and ``clip_norm``, its largest length; ``momentum``; ``nesterov`` for "sgd"; ``decay`` and
            ``eps_in_sqrt`` for "rmsprop"; ``beta1``, ``beta2``, ``eps``; ``temperature`` for "sgld";
            ``history_size`` for "lbfgs"; with constraints ``constraint_tol``, the most by which one may
            be violated.

    Returns:
        `x` and `grad` have the structure of `x0`. It is the point that met the stopping test, or
        the k-th one for ``tol=0``, or with batches the last one; otherwise the best one on the path.
        With batches `fun` and `grad` are of all the data (of the last batch, if they come from an
        iterable, which never meets a test), and `history` has the values of the batches.

    Raises:
        UnsupportedError: `loss` cannot be differentiated.
        ValueError: the start, or value or gradient there, is not finite; an option has no sense.
        TypeError: an option that the method does not have.
    """
    check_method(method, METHODS)
    if state is not None and not isinstance(state, Checkpoint):
        raise TypeError(f"state={state!r} came; the state of an earlier result was wanted")
    start = parameters(x0)
    cut = batch_size is not None
    seed = _seed(seed, state, draws=METHODS[method].draws or (cut and shuffle))
    steps = None if state is None else state.steps - state.starved
    constant, batches = _batches(data, batch_size, epochs, seed if shuffle else None, steps)
    divided = batches is not None and batches.whole is None
    if epochs is not None:
        options.setdefault("maxiter", sys.maxsize)
    if divided and options.get("tol"):
        came = f"tol={options['tol']!r} came"
        raise ValueError(f"{came}; of batches from an iterable there is no gradient to test")
    whole = () if batches is None or batches.whole is None else batches.whole
    linked = _Linked(loss, start, (*constant, *arguments_of(args)), whole, jit)

    def structured(now: State) -> bool | None:
        assert callback is not None
        return callback(replace(now, x=unflatten(now.x, start)))

    loop: Callable[..., OptimizeResult] = minimize_vector
    if constraints is not None:
        if batches is not None or state is not None or METHODS[method].draws:
            what = "batches" if batches is not None else "a state" if state is not None else method
            raise ValueError(f"constraints came with {what}; they need all of f, from a start")
        loop = partial(minimize_constrained, constraints=constraints_of(constraints, start))
    with progress_of(method, None if callback is None else structured, progress) as followed:
        result = loop(
            linked.value_and_gradient,
            flatten(start),
            method=method,
            callback=followed,
            hessian_product=None if divided else linked.hessian_product,
            box=box_of(bounds, start),
            batches=batches,
            seed=seed,
            state=state,
            **options,
        )
    gradient = unflatten(result.grad, start)
    message = result.message
    if fixed := whole_numbers(start):
        message += f"; held fixed: {', '.join(fixed)} (write 0.0 for 0 to fit it)"
    x = unflatten(result.x, start)
    return replace(result, x=x, grad=gradient, jac=gradient, message=message)


class _Linked:
    """`loss` and its derivatives as functions of a vector.

    Args:
        start: the structure that the vector has for `loss`.
        args: what `loss` is given behind the batch.
        whole: the batch that is all the data.
        jit: whether Numba compiles value and gradient.
    """

    def __init__(
        self,
        loss: Callable[..., Any],
        start: Any,
        args: tuple[Any, ...],
        whole: tuple[Any, ...],
        jit: bool,
    ) -> None:
        self._derivative = value_and_grad(loss, jit=jit)
        self._product = hvp(loss)
        self._start = start
        self._args = args
        self._whole = whole

    def value_and_gradient(self, vector: Array, *batch: Any) -> tuple[float, Array]:
        """The value for `batch`, and the gradient, shape (n,)."""
        value, gradient = self._derivative(unflatten(vector, self._start), *batch, *self._args)
        return value, flatten(gradient, self._start)

    def hessian_product(self, vector: Array, along: Array) -> Array:
        """The Hessian for all the data times `along`, shape (n,)."""
        point, tangent = unflatten(vector, self._start), unflatten(along, self._start)
        return flatten(self._product(point, *self._whole, *self._args, tangent), self._start)


def _batches(
    data: Any, size: int | None, epochs: int | None, order: int | None, steps: int | None
) -> tuple[tuple[Any, ...], Batches | None]:
    """The arguments that `data` is at every step, and those that differ from one to the next.

    Args:
        order: the seed of the order of the rows; None to keep them as they are.
        steps: how many steps the run that is resumed has taken; None for a new one.
    """
    if size is not None and (isinstance(size, bool) or not isinstance(size, int) or size < 1):
        raise ValueError(f"batch_size={size!r} came; a whole number from 1 was wanted")
    if epochs is not None and (
        isinstance(epochs, bool) or not isinstance(epochs, int) or epochs < 1
    ):
        raise ValueError(f"epochs={epochs!r} came; a whole number from 1 was wanted")
    if size is not None and data is None:
        raise ValueError(f"batch_size={size} came without data")
    if size is not None:
        parts = tuple(data) if isinstance(data, tuple | list) else (data,)
        return (), CutBatches(_wide(parts), size=size, seed=order, epochs=epochs)
    if data is None or isinstance(data, tuple | dict | np.ndarray):
        if epochs is not None:
            raise ValueError(f"epochs={epochs} came without batches; maxiter was wanted")
        return () if data is None else _wide(data if isinstance(data, tuple) else (data,)), None
    if not isinstance(data, Iterable):
        raise TypeError(f"data={data!r} came; arrays or an iterable of batches was wanted")
    begin = 0 if steps is None else steps + 1
    return (), GivenBatches(data, _as_arguments, begin=begin, epochs=epochs)


def _as_arguments(item: Any) -> tuple[Any, ...]:
    return _wide(tuple(item) if isinstance(item, tuple | list) else (item,))


def _wide(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(map_leaves(widened, part) for part in parts)


def _seed(seed: int | None, state: Checkpoint | None, *, draws: bool) -> int:
    """The seed of a run: that of the run it resumes, the one given, or any."""
    if not draws:
        if seed is not None:
            raise ValueError(f"seed={seed!r} came, but nothing here draws random numbers")
        return 0
    if state is not None:
        before = int(state.last.memory["seed"])
        if seed not in (None, before):
            raise ValueError(f"seed={seed!r} came; the state is of a run with seed={before}")
        return before
    return int(np.random.SeedSequence().generate_state(1)[0]) if seed is None else seed
