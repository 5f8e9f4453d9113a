"""retrograd reads a NumPy function and writes its gradient as readable Python source.

Importing this package loads no compiler: a name is fetched from its module when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from retrograd.api import Derivative as Derivative
    from retrograd.api import checkpoint as checkpoint
    from retrograd.api import grad as grad
    from retrograd.api import gradient_source as gradient_source
    from retrograd.api import stop_gradient as stop_gradient
    from retrograd.api import value_and_grad as value_and_grad
    from retrograd.batch_fits import curve_fit_batch as curve_fit_batch
    from retrograd.fitting import curve_fit as curve_fit
    from retrograd.fitting import fit as fit
    from retrograd.fitting import least_squares as least_squares
    from retrograd.gradient_checks import check_grads as check_grads
    from retrograd.hessians import hessian as hessian
    from retrograd.hessians import hvp as hvp
    from retrograd.minimizing import minimize as minimize
    from retrograd.modes import jacobian as jacobian
    from retrograd.modes import jvp as jvp
    from retrograd.modes import linearize as linearize
    from retrograd.modes import vjp as vjp
    from retrograd.own_rules import rule as rule
    from retrograd.runtime.solvers import schedules as schedules
    from retrograd.runtime.solvers.many_fits import BatchFit as BatchFit
    from retrograd.runtime.solvers.result import OptimizeResult as OptimizeResult
    from retrograd.transforms.diagnostics.report import RetrogradError as RetrogradError
    from retrograd.transforms.diagnostics.report import SourceUnavailable as SourceUnavailable
    from retrograd.transforms.diagnostics.report import UnsupportedError as UnsupportedError

__version__ = "0.1.0"

_HOME: Final = {
    "BatchFit": "retrograd.runtime.solvers.many_fits",
    "Derivative": "retrograd.api",
    "OptimizeResult": "retrograd.runtime.solvers.result",
    "RetrogradError": "retrograd.transforms.diagnostics.report",
    "SourceUnavailable": "retrograd.transforms.diagnostics.report",
    "UnsupportedError": "retrograd.transforms.diagnostics.report",
    "check_grads": "retrograd.gradient_checks",
    "checkpoint": "retrograd.api",
    "curve_fit": "retrograd.fitting",
    "curve_fit_batch": "retrograd.batch_fits",
    "fit": "retrograd.fitting",
    "grad": "retrograd.api",
    "gradient_source": "retrograd.api",
    "hessian": "retrograd.hessians",
    "hvp": "retrograd.hessians",
    "jacobian": "retrograd.modes",
    "jvp": "retrograd.modes",
    "least_squares": "retrograd.fitting",
    "linearize": "retrograd.modes",
    "minimize": "retrograd.minimizing",
    "rule": "retrograd.own_rules",
    "schedules": "retrograd.runtime.solvers",
    "stop_gradient": "retrograd.api",
    "value_and_grad": "retrograd.api",
    "vjp": "retrograd.modes",
}

__all__ = ["__version__", *_HOME]

if not TYPE_CHECKING:  # a type checker that saw this function would take every name to exist

    def __getattr__(name: str) -> object:
        if name not in _HOME:
            raise AttributeError(f"module 'retrograd' has no attribute {name!r}")
        value = getattr(import_module(_HOME[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
