"""SciPy's solvers: what they solve, and what each of their parameters has to do with the solution.

A solution depends on what the function reads beside the unknown. Where the search begins, how long
it takes and how it proceeds have no part in it, as long as it ends at the same solution. An integral
and the solution of a differential equation do depend on where they begin and end.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from retrograd.transforms.ir.nodes import Call

#: What holds at a solution x: f(x) = 0, f(x) = x, f'(x) = 0, or the same for half the sum of f(x)**2;
#: or what it is: the integral of f, or what moves by x' = f(t, x).
Condition: TypeAlias = Literal[
    "root", "fixed_point", "minimum", "least_squares", "integral", "motion"
]


@dataclass(frozen=True, slots=True)
class Solver:
    """A solver: its parameters behind the function, in order.

    `starts` say where the search, the integral or the motion begins and ends; `harmless` are other
    parameters without influence on the solution. `shape` tells whether the unknown is a number or an
    array of one axis; "start": what the search begins with. The solution is the `field` of what the
    solver returns, if that has fields. `first` is what the function is given first. `slopes` are
    parameters for derivatives of it, which are functions of the same arguments.
    """

    condition: Condition
    params: tuple[str, ...]
    starts: tuple[str, ...]
    harmless: frozenset[str]
    shape: Literal["number", "array", "start"]
    field: str = ""
    first: tuple[Literal["x", "t"], ...] = ("x",)
    slopes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Solve:
    """A call of a solver, as a function of where it begins and of what the function reads.

    `of` is the key of the function, `first` the parameters that the solver gives it and `given` the
    others; the function `key` takes `starts`, `given` and `options`, in this order, and makes `call`.
    """

    key: str
    of: str
    name: str
    solver: Solver
    first: tuple[str, ...]
    starts: tuple[str, ...]
    given: tuple[str, ...]
    options: tuple[str, ...]
    call: Call

    @property
    def unknown(self) -> str:
        """The parameter of the function that is solved for, or integrated over."""
        return self.first[self.solver.first.index("x")]

    @property
    def params(self) -> tuple[str, ...]:
        """Those of the function."""
        return (*self.first, *self.given)


def motion_starts(solve: Solve) -> tuple[str, ...]:
    """Of the parameters of a function that solves a differential equation, y0 and the times, if given."""
    return solve.starts[2:] if solve.solver.field else solve.starts


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
        slopes=frozenset({"fprime"}),
    ),
    "scipy.optimize.newton": Solver(
        "root",
        (
            *("x0", "fprime", "args", "tol", "maxiter", "fprime2", "x1", "rtol", "full_output"),
            "disp",
        ),
        ("x0", "x1"),
        frozenset({"tol", "maxiter", "rtol", "disp"}),
        "start",
        slopes=frozenset({"fprime", "fprime2"}),
    ),
    "scipy.optimize.root_scalar": Solver(
        "root",
        (
            *("args", "method", "bracket", "fprime", "fprime2", "x0", "x1", "xtol", "rtol"),
            *("maxiter", "options"),
        ),
        ("bracket", "x0", "x1"),
        frozenset({"method", "xtol", "rtol", "maxiter", "options"}),
        "number",
        field="root",
        slopes=frozenset({"fprime", "fprime2"}),
    ),
    "scipy.optimize.root": Solver(
        "root",
        ("x0", "args", "method", "jac", "tol", "callback", "options"),
        ("x0",),
        frozenset({"method", "tol", "options"}),
        "array",
        field="x",
        slopes=frozenset({"jac"}),
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
        field="x",
        slopes=frozenset({"jac", "hess"}),
    ),
    "scipy.optimize.minimize_scalar": Solver(
        "minimum",
        ("bracket", "bounds", "args", "method", "tol", "options"),
        ("bracket",),
        frozenset({"method", "tol", "options"}),
        "number",
        field="x",
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
        field="x",
        slopes=frozenset({"jac"}),
    ),
    "scipy.integrate.quad": Solver(
        "integral",
        (
            *("a", "b", "args", "full_output", "epsabs", "epsrel", "limit", "points", "weight"),
            *("wvar", "wopts", "maxp1", "limlst", "complex_func"),
        ),
        ("a", "b"),
        frozenset({"epsabs", "epsrel", "limit", "points", "maxp1", "limlst"}),
        "number",
    ),
    "scipy.integrate.solve_ivp": Solver(
        "motion",
        (
            *("t_span", "y0", "method", "t_eval", "dense_output", "events", "vectorized", "args"),
            *("first_step", "max_step", "rtol", "atol", "jac", "jac_sparsity", "lband", "uband"),
            "min_step",
        ),
        ("t_span", "y0", "t_eval"),
        frozenset({"method", "first_step", "max_step", "rtol", "atol", "min_step"}),
        "array",
        field="y",
        first=("t", "x"),
        slopes=frozenset({"jac"}),
    ),
    "scipy.integrate.odeint": Solver(
        "motion",
        (
            *("y0", "t", "args", "Dfun", "col_deriv", "full_output", "ml", "mu", "rtol", "atol"),
            *("tcrit", "h0", "hmax", "hmin", "ixpr", "mxstep", "mxhnil", "mxordn", "mxords"),
            *("printmessg", "tfirst"),
        ),
        ("y0", "t"),
        frozenset({"rtol", "atol", "tcrit", "h0", "hmax", "hmin", "ixpr", "mxstep", "mxhnil"})
        | {"mxordn", "mxords", "printmessg"},
        "array",
        first=("x", "t"),
        slopes=frozenset({"Dfun"}),
    ),
}

#: `odeint` where the function is given the time first.
TIME_FIRST: Final = replace(
    SOLVERS["scipy.integrate.odeint"],
    first=("t", "x"),
    harmless=SOLVERS["scipy.integrate.odeint"].harmless | {"tfirst"},
)

#: Begins the names of functions that solve something for a function that they are given.
SOLVING: Final = ("scipy.optimize.", "scipy.integrate.")

#: Parameters that must have these values, if they are given.
REQUIRED: Final[Mapping[str, tuple[object, ...]]] = {
    "full_output": (False, 0),
    "col_deriv": (False, 0),
    "fprime": (None, False),
    "fprime2": (None, False),
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
    "weight": (None,),
    "wvar": (None,),
    "wopts": (None,),
    "complex_func": (False,),
    "t_eval": (None,),
    "dense_output": (False,),
    "events": (None,),
    "vectorized": (False,),
    "lband": (None,),
    "uband": (None,),
    "Dfun": (None,),
    "ml": (None,),
    "mu": (None,),
    "tfirst": (False, 0),
}
