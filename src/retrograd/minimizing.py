"""`minimize`: a generated gradient linked into the loops that descend along it.

Derivatives come from the compiler, loops from `retrograd.runtime.solvers`; what is here fits the two
to each other and checks what the caller gave. A refusal of the compiler passes through untouched.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from retrograd.api import value_and_grad
from retrograd.parameters import arguments_of, parameters, whole_numbers
from retrograd.runtime.pytrees import flatten, unflatten
from retrograd.runtime.solvers.descent import minimize_vector
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
    jit: bool = False,
    callback: Callback | None = None,
    progress: bool = False,
    seed: int | None = None,
    **options: Any,
) -> OptimizeResult:
    """Minimize ``loss(x, *args)`` over x.

    The stopping test looks at the gradient alone: a run that starts or lands exactly on a saddle is
    stationary there.

    Args:
        loss: returns a float; plain Python and NumPy that retrograd can differentiate.
        x0: the start: a float, an array, a flat list of numbers (taken as an array), or any nesting
            of dict, list, tuple and namedtuple of floats and arrays of floats. Integers and booleans
            inside a container are constants: they stay as they are, and the message of the result
            names the integers. Everything else is taken as float64.
        args: further arguments of `loss`.
        method: "bfgs", "gd", "momentum" or "adam".
        callback: called after each step with ``nit``, ``x`` (with the structure of `x0`), ``value``
            and ``record``; stops the loop by returning True or raising StopIteration.
        options: ``tol``, the largest entry of the gradient at which the loop has converged (0
            switches every stopping test off, so that ``maxiter=k`` means exactly k steps);
            ``maxiter``; ``learning_rate``, a number or a function of the step counter, from 0;
            ``momentum``; ``beta1``, ``beta2``, ``eps``.

    Returns:
        `x` and `grad` have the structure of `x0`. It is the point that met the stopping test, or
        the k-th one for ``tol=0``; otherwise the best one on the path.

    Raises:
        UnsupportedError: `loss` cannot be differentiated.
        ValueError: the start, or value or gradient there, is not finite; an option has no sense.
        TypeError: an option that the method does not have.
    """
    if jit:
        raise ValueError("jit=True came; the loops run in NumPy only, so leave it False")
    if progress:
        raise ValueError("progress=True came; there is no progress line, a callback can print one")
    if seed is not None:
        raise ValueError(f"seed={seed!r} came, but method {method!r} draws no random numbers")
    for name in ("bounds", "constraints"):
        if options.pop(name, None) is not None:
            raise ValueError(f"{name} came; the methods there are take none")
    start = parameters(x0)
    derivative = value_and_grad(loss)
    arguments = arguments_of(args)

    def value_and_gradient(vector: Array) -> tuple[float, Array]:
        value, gradient = derivative(unflatten(vector, start), *arguments)
        return value, flatten(gradient, start)

    def structured(state: State) -> bool | None:
        assert callback is not None
        return callback(replace(state, x=unflatten(state.x, start)))

    result = minimize_vector(
        value_and_gradient,
        flatten(start),
        method=method,
        callback=None if callback is None else structured,
        **options,
    )
    gradient = unflatten(result.grad, start)
    message = result.message
    if whole := whole_numbers(start):
        message += f"; held fixed: {', '.join(whole)} (write 0.0 for 0 to fit it)"
    x = unflatten(result.x, start)
    return replace(result, x=x, grad=gradient, jac=gradient, message=message)
