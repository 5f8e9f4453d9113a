"""A call of a solver as one of a function of what the solution depends on.

    x = optimize.brentq(f, 0.0, 1.0, args=(c,))     ->     x = f_root(0.0, 1.0, c)

Of that function the implicit function theorem tells the derivative; what it does is call the solver.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.frontend.solvers import REQUIRED, SOLVERS, Solve, Solver
from retrograd.transforms.ir.nodes import (
    Attribute,
    Call,
    Callee,
    Const,
    Expr,
    Function,
    Known,
    Name,
    Param,
    Return,
    Tuple,
)
from retrograd.transforms.ir.walk import Fresh
from retrograd.transforms.passes.arguments import Misfit, matched
from retrograd.transforms.passes.derivative_calls import DerivativeCalls
from retrograd.transforms.passes.function_values import Callees, Closure, FunctionValue, Partial
from retrograd.transforms.rules.rule import VARIES, constant


@dataclass(frozen=True)
class Solving:
    """A call of the function that stands for a solver; `given` are the `args` of the solver."""

    call: Call
    given: tuple[Expr, ...]


class SolverCalls:
    """Finds what a call of a solver depends on."""

    def __init__(
        self,
        callees: Callees,
        derivatives: DerivativeCalls,
        items: Callable[[Expr], tuple[Expr, ...] | None],
        report: Diagnostics,
    ) -> None:
        self.callees = callees
        self.derivatives = derivatives
        self.items = items
        self.report = report

    def solving(self, function: FunctionValue, call: Call) -> Solving | None:
        """What stands for `call` of a solver for `function`, None if it is refused."""
        assert isinstance(call.func, Known)
        solver = SOLVERS[call.func.path]
        params = [Param(name, default=Const("None")) for name in solver.params]
        found = matched(params, call.args[1:], call.kwargs)
        if isinstance(found, Misfit):
            self.report.refuse("RG305", call.at, found.label)
            return None
        passed = {*solver.params[: len(call.args) - 1], *(key for key, _ in call.kwargs)}
        if not self._understood(solver, {name: found[name] for name in passed}, call):
            return None
        args: tuple[Expr, ...] | None = ()
        if "args" in passed:
            args = self.items(found["args"])
        if args is None:
            self.report.refuse("RG311", call.at, "`args` must be a tuple that is written out")
            return None
        return self._of(solver, function, call, {n: found[n] for n in passed}, args)

    def _understood(self, solver: Solver, given: dict[str, Expr], call: Call) -> bool:
        for name, value in given.items():
            if name in ("args", *solver.starts) or name in solver.harmless:
                continue
            wanted = REQUIRED.get(name, ())
            told = constant(value)
            if told is VARIES or not any(told == one and type(told) is type(one) for one in wanted):
                at = value.at or call.at
                self.report.refuse("RG311", at, f"`{name}=` has a part in the solution")
                return False
        return True

    def _of(
        self,
        solver: Solver,
        function: FunctionValue,
        call: Call,
        passed: dict[str, Expr],
        args: tuple[Expr, ...],
    ) -> Solving | None:
        """The function of where the search begins, `args`, and what `function` reads around it."""
        whole = self._as_callee(function, call)
        if whole is None:
            return None
        callee, first, around = whole
        params = self.callees.params(callee)
        names = [param.id for param in params if param.id not in dict(around)]
        if first:  # of a partial function
            self.report.refuse("RG311", call.at, "the function is given arguments beforehand")
            return None
        if len(names) != 1 + len(args) or any(param.star for param in params):
            self.report.refuse("RG305", call.at, f"the function takes {len(names)} arguments")
            return None
        unknown, *given = (*names, *(name for name, _ in around))
        if [param.id for param in params] != [unknown, *given]:
            self.report.refuse("RG311", call.at, "the function takes arguments by name")
            return None
        fresh = Fresh({unknown, *given})
        starts = {fresh(name): passed[name] for name in solver.starts if name in passed}
        own = {
            name: fresh(name)
            for name in passed
            if name in solver.harmless and constant(passed[name]) is VARIES
        }
        options = {own[name]: passed[name] for name in own}
        named = [
            (name, Name(own[name]) if name in own else passed[name])
            for name in solver.params
            if name in passed and name not in ("args", *solver.starts)
        ]
        assert isinstance(call.func, Known)
        inner: Expr = Call(
            call.func,
            (callee, *map(Name, starts)),
            (*((("args", Tuple(tuple(map(Name, given)))),) if given else ()), *named),
        )
        if solver.in_result:
            inner = Attribute(inner, "x")
        ids = (*starts, *given, *options)
        ending = "root" if solver.condition == "root" else solver.condition
        name = f"{callee.spelling}_{ending}"
        body = (Return(inner),)
        primitive = Function(name, tuple(map(Param, ids)), body, _about(callee.spelling, solver))
        solve = Solve(
            "", callee.key, name, solver, unknown, tuple(starts), tuple(given), tuple(options)
        )
        stands = self.callees.solve(primitive, solve)
        values = (*starts.values(), *args, *(value for _, value in around), *options.values())
        return Solving(Call(replace(stands, at=call.at), values, (), call.at), args)

    def _as_callee(
        self, function: FunctionValue, call: Call
    ) -> tuple[Callee, tuple[Expr, ...], tuple[tuple[str, Expr], ...]] | None:
        """A function of the program, arguments it is given first, and those it gets by name."""
        match function:
            case Callee():
                return function, (), ()
            case Closure():
                lifted = self.derivatives.lifted(function, call.at)
                return None if lifted is None else self._as_callee(lifted, call)
            case Partial(function=Callee() as callee, args=args, kwargs=kwargs):
                return callee, args, kwargs
            case _:
                self.report.refuse("RG311", call.at, "the function is none of yours")
                return None


def _about(name: str, solver: Solver) -> str:
    match solver.condition:
        case "root":
            return f"Where `{name}` is zero."
        case "fixed_point":
            return f"What `{name}` maps to itself."
        case "minimum":
            return f"Where `{name}` is least."
        case "least_squares":
            return f"Where the sum of squares of `{name}` is least."
