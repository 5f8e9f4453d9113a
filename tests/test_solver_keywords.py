"""Every keyword of every solver that is differentiated has a part in the solution, none, or is refused."""

import importlib
import inspect
from typing import Any

import numpy as np
import pytest

import retrograd as rg
from retrograd.transforms.frontend.solvers import REQUIRED, SOLVERS

#: What `solve_ivp` passes on to its methods, as its documentation lists it.
PASSED_ON = (
    *("first_step", "max_step", "rtol", "atol", "jac", "jac_sparsity", "lband", "uband"),
    "min_step",
)

NAMES = {path: path.removeprefix("scipy.") for path in SOLVERS}


def parameters(path: str) -> list[str]:
    """The parameters of the solver in the SciPy that is installed, but for the function."""
    module, _, name = path.rpartition(".")
    signature = inspect.signature(getattr(importlib.import_module(module), name))
    _first, *names = [p.name for p in signature.parameters.values() if p.kind != p.VAR_KEYWORD]
    return [*names, *(PASSED_ON if len(signature.parameters) > len(names) + 1 else ())]


@pytest.mark.parametrize("path", SOLVERS)
def test_parameters_stand_in_the_order_of_the_installed_solver(path: str) -> None:
    assert list(SOLVERS[path].params) == parameters(path)


@pytest.mark.parametrize("path", SOLVERS)
def test_each_keyword_is_spoken_of_once(path: str) -> None:
    solver = SOLVERS[path]
    assert {*solver.starts, *solver.harmless, *solver.slopes} <= {*solver.params}
    assert not {*solver.starts} & solver.harmless
    assert not solver.slopes & (solver.harmless | {*solver.starts})


def calls() -> list[Any]:
    """A call of each solver with each keyword that must have a certain value, and another value."""
    found = []
    for path, solver in SOLVERS.items():
        known = {"args", *solver.starts, *solver.harmless}
        for keyword in solver.params:
            if keyword not in known:
                found.append(pytest.param(path, keyword, id=f"{NAMES[path]}-{keyword}"))
    return found


#: How each kind of solver is called, for a function and `more` keywords.
FORMS = {
    "brackets": "optimize.{name}(lambda x: x - c, 0.0, 2.0, {more})",
    "newton": "optimize.newton(lambda x: x - c, 1.0, {more})",
    "root_scalar": "optimize.root_scalar(lambda x: x - c, x0=1.0, x1=0.0, {more}).root",
    "minimize_scalar": "optimize.minimize_scalar(lambda x: (x - c) ** 2, {more}).x",
    "fsolve": "optimize.fsolve(lambda x: x - c, np.ones(1), {more})[0]",
    "fixed_point": "optimize.fixed_point(lambda x: c * np.cos(x), 1.0, {more})",
    "root": "optimize.root(lambda x: x - c, np.ones(1), {more}).x[0]",
    "minimize": "optimize.minimize(lambda x: np.sum((x - c) ** 2), np.ones(1), {more}).x[0]",
    "least_squares": "optimize.least_squares(lambda x: x - c, np.ones(1), {more}).x[0]",
    "quad": "integrate.quad(lambda x: x * c, 0.0, 1.0, {more})[0]",
    "solve_ivp": "integrate.solve_ivp(lambda t, y: -c * y, (0.0, 1.0), [1.0], {more}).y[0, -1]",
    "odeint": "integrate.odeint(lambda y, t: -c * y, [1.0], [0.0, 1.0], {more})[-1, 0]",
}


def source(path: str, more: str) -> str:
    name = path.rpartition(".")[2]
    form = FORMS.get(name, FORMS["brackets"]).format(name=name, more=more)
    return f"import numpy as np\nfrom scipy import integrate, optimize\n\n\ndef f(c):\n    return {form}\n"


@pytest.mark.parametrize(("path", "keyword"), calls())
def test_other_values_are_refused_by_name(path: str, keyword: str) -> None:
    assert keyword in REQUIRED or keyword in SOLVERS[path].slopes
    with pytest.raises(rg.UnsupportedError) as refusal:
        rg.gradient_source(source(path, f"{keyword}=7.5"), "f", types="c: float")
    assert "RG311" in str(refusal.value)
    assert f"`{keyword}=`" in str(refusal.value)


@pytest.mark.parametrize("path", SOLVERS)
def test_unknown_keywords_are_refused(path: str) -> None:
    with pytest.raises(rg.UnsupportedError) as refusal:
        rg.gradient_source(source(path, "something=1"), "f", types="c: float")
    assert "RG305" in str(refusal.value)


@pytest.mark.parametrize("path", SOLVERS)
def test_values_that_change_nothing_are_taken(path: str) -> None:
    """Those that are required are the defaults, so that a call with all of them is one without any."""
    namespace: dict[str, Any] = {}
    exec(rg.gradient_source(source(path, ""), "f", types="c: float"), namespace)
    plain = namespace["f_grad"](0.5)
    module, _, name = path.rpartition(".")
    signature = inspect.signature(getattr(importlib.import_module(module), name))
    passed = [
        f"{param.name}={param.default!r}"
        for param in signature.parameters.values()
        if param.name not in ("args", *SOLVERS[path].starts)
        and isinstance(param.default, int | float | str | None)
    ]
    exec(rg.gradient_source(source(path, ", ".join(passed)), "f", types="c: float"), namespace)
    np.testing.assert_allclose(namespace["f_grad"](0.5), plain, rtol=1e-12)
