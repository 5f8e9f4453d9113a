"""How many times its function does a gradient cost, beside autograd's and one written by hand?

    python benchmarks/gradients.py [--rounds 40]

Every figure is a ratio of CPU times measured in turn: in each round every contestant runs once for
about a millisecond, and the medians over all rounds are compared. Before anything is timed the
gradients have to agree. `pip install autograd` adds the second column, `pip install numba` the third:
how many times faster than in NumPy mode the native gradient (`jit=True`) is.
"""

import argparse
import ast
import math
import statistics
import time
from collections.abc import Callable
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np
import programs
from programs import Program

from retrograd.api import Derivative

try:
    import numba
except ImportError:
    numba = None

try:
    import autograd
    import autograd.numpy as anp
except ImportError:
    autograd = None


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40, help="rounds to take medians over")
    rounds = parser.parse_args().rounds
    head = (
        "program",
        "gradient/primal",
        "autograd/primal",
        "NumPy/native",
        "statements",
        "by hand",
    )
    print("{:18} {:>16} {:>16} {:>13} {:>11} {:>8}".format(*head))
    for name, program in programs.programs().items():
        found = measured(program, rounds)
        other = "-" if found.autograd is None else f"{found.autograd:.1f}"
        native = "-" if found.native is None else f"{found.native:.1f}"
        print(
            f"{name:18} {found.gradient:16.2f} {other:>16} {native:>13} {found.statements:11} "
            f"{program.by_hand:8}"
        )


class Measured(NamedTuple):
    """Times of the gradient and of autograd's over that of the function, and of NumPy over native."""

    gradient: float
    autograd: float | None
    native: float | None
    statements: int


def measured(program: Program, rounds: int) -> Measured:
    """The ratios of time, and the statements of the gradient."""
    derivative = Derivative(program.function, program.wrt, program.mode, program.types)
    gradient = derivative.specialize(*program.args)
    primal = with_copies(program.function) if program.in_place else program.function
    contestants: list[Callable[..., Any]] = [primal, gradient]
    others: dict[str, int] = {}
    if numba is not None and program.mode == "grad":
        native = with_numba(program)
        np.testing.assert_allclose(
            flat(native(*program.args)), flat(gradient(*program.args)), rtol=1e-6
        )
        others["native"] = len(contestants)
        contestants.append(native)
    if program.mode == "jvp":
        dots = [np.ones_like(arg) for arg in program.args[: len(program.wrt)]]
        contestants[1] = lambda *args: gradient(*args, *dots)
    elif autograd is not None and not program.in_place:
        traced = with_autograd(program)
        expected = flat(gradient(*program.args))
        np.testing.assert_allclose(flat(traced(*program.args)), expected, rtol=1e-6)
        others["autograd"] = len(contestants)
        contestants.append(traced)
    times = in_turn(contestants, program.args, rounds)
    return Measured(
        times[1] / times[0],
        times[others["autograd"]] / times[0] if "autograd" in others else None,
        times[1] / times[others["native"]] if "native" in others else None,
        statements(derivative.source),
    )


def with_numba(program: Program) -> Callable[..., Any]:
    """The native gradient of the same function."""
    derivative = Derivative(program.function, program.wrt, "grad", program.types, jit=True)
    return derivative.specialize(*program.args)


def with_copies(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function`, which writes into its arguments, given copies of arrays."""

    def copying(*args: Any) -> Any:
        return function(*(a.copy() if isinstance(a, np.ndarray) else a for a in args))

    return copying


def with_autograd(program: Program) -> Callable[..., Any]:
    """The gradient that autograd makes of the same function, its NumPy exchanged for autograd's."""
    names = program.function.__code__.co_varnames
    places = [names.index(name) for name in program.wrt]
    gradient = autograd.grad(rebuilt(program.function), places)
    return lambda *args: gradient(*args)


class _Math:
    """The functions of `math` that the programs use, as autograd can follow them."""

    exp = staticmethod(lambda x: anp.exp(x))
    sqrt = staticmethod(lambda x: anp.sqrt(x))
    sin = staticmethod(lambda x: anp.sin(x))


def rebuilt(
    function: Callable[..., Any], done: dict[Callable[..., Any], Callable[..., Any]] | None = None
) -> Callable[..., Any]:
    """`function` with autograd's NumPy in place of NumPy and of `math`; `done` are those made before."""
    assert isinstance(function, FunctionType)
    done = {} if done is None else done
    scope = {**function.__globals__, "np": anp, "math": _Math}
    made = FunctionType(function.__code__, scope, function.__name__, function.__defaults__)
    done[function] = made
    for name in function.__code__.co_names:
        inner = scope.get(name)
        if isinstance(inner, FunctionType) and inner.__module__ == function.__module__:
            scope[name] = done.get(inner) or rebuilt(inner, done)
    return made


def in_turn(
    contestants: list[Callable[..., Any]], args: tuple[Any, ...], rounds: int
) -> list[float]:
    """Median CPU seconds of a call for each contestant, measured turn by turn."""
    repeats = [max(1, math.ceil(1e-3 / cost(run, args))) for run in contestants]
    found: list[list[float]] = [[] for _ in contestants]
    for _ in range(rounds):
        for run, times, count in zip(contestants, found, repeats, strict=True):
            start = time.process_time_ns()
            for _ in range(count):
                run(*args)
            times.append((time.process_time_ns() - start) / count * 1e-9)
    return [statistics.median(times) for times in found]


def cost(run: Callable[..., Any], args: tuple[Any, ...]) -> float:
    """A first guess at the seconds of one call."""
    run(*args)
    start = time.perf_counter()
    run(*args)
    return max(time.perf_counter() - start, 1e-7)


def flat(tree: Any) -> np.ndarray:
    """All numbers of a gradient in one vector; entries of dicts by sorted key."""
    if isinstance(tree, dict):
        return np.concatenate([flat(tree[key]) for key in sorted(tree)])
    if isinstance(tree, list | tuple):
        return np.concatenate([flat(item) for item in tree])
    return np.ravel(np.asarray(tree, dtype=float))


def statements(source: str) -> int:
    """How many statements the functions of a generated module have, docstrings not counted."""
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    return sum(
        isinstance(node, ast.stmt) and node is not function and not _is_docstring(node)
        for function in functions
        for node in ast.walk(function)
    )


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


if __name__ == "__main__":
    main()
