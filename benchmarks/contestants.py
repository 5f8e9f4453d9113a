"""The tools that are compared: what each makes of a function.

Each takes a workload and its arguments, converts these, and gives the gradient as a function without
parameters, or None where the tool is not installed.
"""

import importlib
import importlib.util
import inspect
import time
from collections.abc import Callable
from types import FunctionType, SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
from timing import flat
from workloads.workload import Workload

import retrograd as rg

Run = Callable[[], Any]

#: What `math` has and NumPy too, by its name there.
TWINS = {"asin": "arcsin"} | {name: name for name in ("exp", "log", "sqrt", "sin", "cos", "pi")}


class Entry(NamedTuple):
    """A contestant: None if it may not run, and why; the CPU seconds until its first result."""

    run: Run | None
    first: float
    why_not: str


def enter(name: str, workload: Workload, args: tuple[Any, ...], expected: Any) -> Entry | None:
    """The contestant `name`, its gradient compared with `expected`; None if it is not installed."""
    start = time.process_time()
    try:
        run = CONTESTANTS[name](workload, args)
        if run is None:
            return None
        found, wanted = flat(run()), flat(expected)
    except rg.UnsupportedError as error:
        return Entry(None, 0.0, f"refused, {error.diagnostics[0].label}")
    first = time.process_time() - start
    error = np.max(np.abs(found - wanted)) / np.max(np.abs(wanted))
    if not error < 1e-6:
        return Entry(None, first, f"off by {error:.1e}")
    return Entry(run, first, "")


def by_hand(workload: Workload, args: tuple[Any, ...]) -> Run:
    """The gradient written by hand with NumPy."""
    return lambda: workload.by_hand(*args)


def numba_by_hand(workload: Workload, args: tuple[Any, ...]) -> Run | None:
    """The gradient written by hand and compiled by Numba."""
    numba = installed("numba")
    if numba is None:
        return None
    compiled = numba.njit(workload.for_numba)
    return lambda: compiled(*args)


def retrograd(workload: Workload, args: tuple[Any, ...]) -> Run:
    """retrograd in NumPy mode: the generated function."""
    gradient = rg.grad(workload.function, argnames=workload.wrt).specialize(*args)
    return lambda: gradient(*args)


def retrograd_native(workload: Workload, args: tuple[Any, ...]) -> Run | None:
    """retrograd with `jit=True`."""
    if installed("numba") is None:
        return None
    gradient = rg.grad(workload.function, argnames=workload.wrt, jit=True).specialize(*args)
    return lambda: gradient(*args)


def with_autograd(workload: Workload, args: tuple[Any, ...]) -> Run | None:
    """autograd, its NumPy in place of NumPy where it needs nothing else."""
    autograd = installed("autograd")
    if autograd is None:
        return None
    anp = importlib.import_module("autograd.numpy")
    make = workload.in_autograd
    function = make(anp) if make else rebuilt(workload.function, anp)
    gradient = autograd.grad(function, places(workload))
    return lambda: gradient(*args)


def with_jax(workload: Workload, args: tuple[Any, ...]) -> Run | None:
    """JAX, compiled, in double precision; whole numbers are known when it compiles."""
    jax = installed("jax")
    if jax is None:
        return None
    jax.config.update("jax_enable_x64", True)
    make = workload.in_jax
    function = make(jax) if make else rebuilt(workload.function, jax.numpy)
    static = [k for k, arg in enumerate(args) if isinstance(arg, int)]
    gradient = jax.jit(jax.grad(function, places(workload)), static_argnums=static)
    given = [arg if k in static else jax.numpy.asarray(arg) for k, arg in enumerate(args)]
    # cheaper than `jax.block_until_ready`, which costs a tiny function several times its own
    return lambda: [part.block_until_ready() for part in gradient(*given)]


def with_torch(workload: Workload, args: tuple[Any, ...]) -> Run | None:
    """PyTorch in eager mode."""
    torch = installed("torch")
    if torch is None:
        return None
    torch.set_num_threads(1)
    function = workload.in_torch(torch)
    by = places(workload)
    given = [arg if isinstance(arg, int) else torch.from_numpy(np.array(arg)) for arg in args]
    inputs = [given[k].requires_grad_() for k in by]
    return lambda: torch.autograd.grad(function(*given), inputs)


#: By the names that the tables give them, in their order.
CONTESTANTS: dict[str, Callable[[Workload, tuple[Any, ...]], Run | None]] = {
    "by hand": by_hand,
    "retrograd": retrograd,
    "autograd": with_autograd,
    "PyTorch": with_torch,
    "JAX": with_jax,
    "Numba by hand": numba_by_hand,
    "retrograd native": retrograd_native,
}


def installed(name: str) -> Any:
    """The module, or None."""
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


def places(workload: Workload) -> tuple[int, ...]:
    """The positions of the parameters to differentiate by."""
    names = list(inspect.signature(workload.function).parameters)
    return tuple(names.index(name) for name in workload.wrt)


def rebuilt(
    function: Callable[..., Any],
    library: Any,
    done: dict[Callable[..., Any], Callable[..., Any]] | None = None,
) -> Callable[..., Any]:
    """`function` with `library` in place of NumPy and of `math`; `done` are those made before."""
    assert isinstance(function, FunctionType)
    done = {} if done is None else done
    twins = {name: getattr(library, twin) for name, twin in TWINS.items()}
    scope = {**function.__globals__, "np": library, "math": SimpleNamespace(**twins)}
    made = FunctionType(function.__code__, scope, function.__name__, function.__defaults__)
    done[function] = made
    for name in function.__code__.co_names:
        inner = scope.get(name)
        if isinstance(inner, FunctionType) and inner.__module__ == function.__module__:
            scope[name] = done.get(inner) or rebuilt(inner, library, done)
    return made
