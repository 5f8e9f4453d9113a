"""Functions without a rule, which the compiler spells in terms of those that have one, or solves for.

What they give is differentiated as often and in the modes as what stands for them.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Spelled:
    """A function as it is called, what it is differentiated in, and a remark."""

    signature: str
    derivative: str
    remark: str = ""

    @property
    def path(self) -> str:
        """The public name of the function."""
        return self.signature.partition("(")[0].partition("[")[0]


_WRITTEN: Final = "an assignment to elements"
_SOLUTION: Final = "`args`, and what the function reads around it"
_IMPLICIT: Final = "by the implicit function theorem"


def _solver(name: str, params: str) -> Spelled:
    return Spelled(f"scipy.optimize.{name}({params})", _SOLUTION, _IMPLICIT)


SPELLED: Final[tuple[Spelled, ...]] = (
    # ---- subscripts that put arrays together
    Spelled("numpy.r_[...]", "its parts", "concatenates them"),
    Spelled("numpy.c_[...]", "its parts", "puts columns side by side"),
    # ---- writes
    Spelled("numpy.copyto(dst, src, *, where=True)", "dst, src", _WRITTEN),
    Spelled("numpy.fill_diagonal(a, val, wrap=False)", "a, val", _WRITTEN),
    Spelled('numpy.put(a, ind, v, mode="raise")', "a, v", _WRITTEN),
    Spelled("numpy.put_along_axis(arr, indices, values, axis)", "arr, values", _WRITTEN),
    Spelled("numpy.putmask(a, mask, values)", "a, values", _WRITTEN),
    Spelled("numpy.place(arr, mask, vals)", "arr, vals", _WRITTEN),
    Spelled("numpy.add.at(a, indices, b)", "a, b", _WRITTEN),
    Spelled("numpy.subtract.at(a, indices, b)", "a, b", _WRITTEN),
    # ---- functions of functions
    Spelled("numpy.vectorize(pyfunc, otypes=None)(*args)", "args", "a loop over the elements"),
    Spelled(
        "numpy.apply_along_axis(func1d, axis, arr, *args)", "arr, args", "a loop over the rows"
    ),
    Spelled("numpy.apply_over_axes(func, a, axes)", "a", "`axes` must be written out"),
    Spelled(
        "numpy.piecewise(x, condlist, funclist, *args)",
        "x, funclist, args",
        "both lists must be written out",
    ),
    # ---- solvers
    _solver("bisect", "f, a, b, args=()"),
    _solver("brenth", "f, a, b, args=()"),
    _solver("brentq", "f, a, b, args=()"),
    _solver("ridder", "f, a, b, args=()"),
    _solver("toms748", "f, a, b, args=()"),
    _solver("fixed_point", "func, x0, args=()"),
    _solver("fsolve", "func, x0, args=()"),
    _solver("least_squares", "fun, x0, args=()"),
    _solver("minimize", "fun, x0, args=()"),
    _solver("minimize_scalar", "fun, args=()"),
    _solver("newton", "func, x0, args=()"),
    _solver("root", "fun, x0, args=()"),
    _solver("root_scalar", "f, args=()"),
    # ---- integrals
    Spelled("scipy.integrate.quad(func, a, b, args=())", f"a, b, {_SOLUTION}", "by more integrals"),
    Spelled(
        "scipy.integrate.solve_ivp(fun, t_span, y0, args=())",
        f"y0, {_SOLUTION}",
        "by more differential equations",
    ),
    Spelled(
        "scipy.integrate.odeint(func, y0, t, args=())",
        f"y0, {_SOLUTION}",
        "by more differential equations",
    ),
)
