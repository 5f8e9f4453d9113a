"""How many times its function does a gradient cost, beside autograd's and one written by hand?

    python benchmarks/gradients.py [--rounds 40]

Every figure is a ratio of CPU times measured in turn: in each round every contestant runs once for
about a millisecond, and the medians over all rounds are compared. Before anything is timed the
gradients have to agree. `pip install autograd` adds the second column, `pip install numba` the third:
how many times faster than in NumPy mode the native gradient (`jit=True`) is.
"""

import argparse
import ast
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import programs
from contestants import rebuilt
from programs import Program
from timing import flat, in_turn

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
    gradient = autograd.grad(rebuilt(program.function, anp), places)
    return lambda *args: gradient(*args)


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
