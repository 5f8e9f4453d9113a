"""SciPy's solvers: what they solve, and what each of their parameters has to do with the solution.

A solution depends on what the function reads beside the unknown. Where the search begins, how long
it takes and how it proceeds have no part in it, as long as it ends at the same solution.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

#: What holds at a solution x: f(x) = 0, f(x) = x, f'(x) = 0, or the same for half the sum of f(x)**2.
Condition: TypeAlias = Literal["root", "fixed_point", "minimum", "least_squares"]


@dataclass(frozen=True, slots=True)
class Solver:
    """A solver: its parameters behind the function, in order.

    `starts` say where the search begins, `harmless` are other parameters without influence on the
    solution. `shape` tells whether the unknown is a number or an array of one axis; "start": what
    the search begins with. With `in_result` it is the field x of what the solver returns.
    """

    condition: Condition
    params: tuple[str, ...]
    starts: tuple[str, ...]
    harmless: frozenset[str]
    shape: Literal["number", "array", "start"]
    in_result: bool = False


@dataclass(frozen=True, slots=True)
class Solve:
    """A call of a solver, as a function of where it begins and of what the function reads.

    `of` is the key of the function, `unknown` its first parameter and `given` the others; the
    function `key` takes `starts`, `given` and `options`, in this order.
    """

    key: str
    of: str
    name: str
    solver: Solver
    unknown: str
    starts: tuple[str, ...]
    given: tuple[str, ...]
    options: tuple[str, ...]


def _bracketing(*more: str) -> Solver:
    tolerances = ("xtol", "rtol", "maxiter")
    params = ("a", "b", "args", *more, *tolerances, "full_output", "disp")
    harmless = frozenset({*more, *tolerances, "disp"})
    return Solver("root", params, ("a", "b"), harmless, "number")


SOLVERS: Final[Mapping[str, Solver]] = {
    **{
        f"scipy.optimize.{name}": _bracketing() for name in ("bisect", "brenth", "brentq", "ridder")
    },
    "scipy.optimize.toms748": _bracketing("k"),
    "scipy.optimize.fsolve": Solver(
        "root",
        (
            *("x0", "args", "fprime", "full_output", "col_deriv", "xtol", "maxfev", "band"),
            *("epsfcn", "factor", "diag"),
        ),
        ("x0",),
        frozenset({"xtol", "maxfev", "band", "epsfcn", "factor", "diag"}),
        "array",
    ),
    "scipy.optimize.root": Solver(
        "root",
        ("x0", "args", "method", "jac", "tol", "callback", "options"),
        ("x0",),
        frozenset({"method", "tol", "options"}),
        "array",
        in_result=True,
    ),
    "scipy.optimize.fixed_point": Solver(
        "fixed_point",
        ("x0", "args", "xtol", "maxiter", "method"),
        ("x0",),
        frozenset({"xtol", "maxiter", "method"}),
        "start",
    ),
    "scipy.optimize.minimize": Solver(
        "minimum",
        (
            *("x0", "args", "method", "jac", "hess", "hessp", "bounds", "constraints", "tol"),
            *("callback", "options"),
        ),
        ("x0",),
        frozenset({"method", "tol", "options"}),
        "array",
        in_result=True,
    ),
    "scipy.optimize.least_squares": Solver(
        "least_squares",
        (
            *("x0", "jac", "bounds", "method", "ftol", "xtol", "gtol", "x_scale", "loss"),
            *("f_scale", "diff_step", "tr_solver", "tr_options", "jac_sparsity", "max_nfev"),
            *("verbose", "args", "kwargs", "callback", "workers"),
        ),
        ("x0",),
        frozenset({"method", "ftol", "xtol", "gtol", "x_scale", "diff_step", "tr_solver"})
        | {"tr_options", "max_nfev", "verbose"},
        "array",
        in_result=True,
    ),
}

#: Begins the names of functions that solve something for a function that they are given.
SOLVING: Final = ("scipy.optimize.", "scipy.integrate.")

#: Parameters that must have these values, if they are given.
REQUIRED: Final[Mapping[str, tuple[object, ...]]] = {
    "full_output": (False, 0),
    "col_deriv": (False, 0),
    "fprime": (None,),
    "hess": (None,),
    "hessp": (None,),
    "bounds": (None,),
    "callback": (None,),
    "kwargs": (None,),
    "workers": (None,),
    "constraints": ((),),
    "loss": ("linear",),
    "f_scale": (1.0,),
    "jac": (None, False, "2-point", "3-point"),
    "jac_sparsity": (None,),
}
