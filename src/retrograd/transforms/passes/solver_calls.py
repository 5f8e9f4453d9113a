"""A call of a solver as one of a function of what the solution depends on.

    x = optimize.brentq(f, 0.0, 1.0, args=(c,))     ->     x = f_root(0.0, 1.0, c)

Of that function the implicit function theorem tells the derivative; what it does is call the solver.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.frontend.solvers import REQUIRED, SOLVERS, TIME_FIRST, Solve, Solver
from retrograd.transforms.ir.nodes import (
    Attribute,
    Call,
    Callee,
    Const,
    Expr,
    Function,
    Index,
    Known,
    Name,
    Param,
    Return,
    Slice,
    Tuple,
    Unary,
)
from retrograd.transforms.ir.walk import Fresh
from retrograd.transforms.passes.arguments import Misfit, matched
from retrograd.transforms.passes.derivative_calls import DerivativeCalls
from retrograd.transforms.passes.function_values import Callees, Closure, FunctionValue, Partial
from retrograd.transforms.rules.rule import VARIES, constant


@dataclass(frozen=True)
class Solving:
    """A call of the function that stands for a solver; `given` are the `args` of the solver.

    What it gives is the `field` of what the solver returns, or "end", where a motion ends; `times`
    are those when the motion is looked at.
    """

    call: Call
    given: tuple[Expr, ...]
    field: str
    times: Expr | None


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
        if solver.condition == "motion" and _is_true(dict(call.kwargs).get("tfirst")):
            solver = TIME_FIRST
        params = [Param(name, default=Const("None")) for name in solver.params]
        found = matched(params, call.args[1:], call.kwargs)
        if isinstance(found, Misfit):
            self.report.refuse("RG305", call.at, found.label)
            return None
        passed = {*solver.params[: len(call.args) - 1], *(key for key, _ in call.kwargs)}
        for name in solver.starts if solver.condition in ("integral", "motion") else ():
            if name not in passed and name != "t_eval":
                self.report.refuse("RG305", call.at, f"`{name}` is missing")
                return None
        if not self._understood(solver, {name: found[name] for name in passed}, call):
            return None
        args: tuple[Expr, ...] | None = ()
        if "args" in passed:
            args = () if constant(found["args"]) is None else self.items(found["args"])
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
        own = len(solver.first)
        if len(names) != own + len(args) or any(param.star for param in params):
            self.report.refuse("RG305", call.at, f"the function takes {len(names)} arguments")
            return None
        given = (*names[own:], *(name for name, _ in around))
        if [param.id for param in params] != [*names[:own], *given]:
            self.report.refuse("RG311", call.at, "the function takes arguments by name")
            return None
        fresh = Fresh({*names, *given})
        begins = self._begins(solver, passed, fresh)
        if begins is None:
            self.report.refuse(
                "RG311", call.at, "`t_span` must be two numbers that are written out"
            )
            return None
        starts, places = begins
        varying = {
            name: fresh(name)
            for name in passed
            if name in solver.harmless and not _is_plain(passed[name])
        }
        options = {varying[name]: passed[name] for name in varying}
        positional: list[Expr] = []
        named: list[tuple[str, Expr]] = []
        for name in solver.params:
            if name in places and len(positional) == solver.params.index(name):
                positional.append(places[name])
            elif name in places:
                named.append((name, places[name]))
            elif name == "args" and given:
                named.append((name, Tuple(tuple(map(Name, given)))))
            elif name in passed and name not in ("args", *solver.starts):
                value = Name(varying[name]) if name in varying else passed[name]
                named.append((name, value))
        assert isinstance(call.func, Known)
        inner = Call(call.func, (callee, *positional), tuple(named), call.at)
        ids = (*starts, *given, *options)
        name = f"{callee.spelling}_{_ENDINGS.get(solver.condition, solver.condition)}"
        body = (Return(result_of(solver, inner)),)
        primitive = Function(name, tuple(map(Param, ids)), body, _about(callee.spelling, solver))
        solve = Solve(
            "",
            callee.key,
            name,
            solver,
            tuple(names[:own]),
            tuple(starts),
            given,
            tuple(options),
            inner,
        )
        stands = self.callees.solve(primitive, solve)
        values = (*starts.values(), *args, *(value for _, value in around), *options.values())
        return Solving(
            Call(replace(stands, at=call.at), values, (), call.at),
            args,
            "end" if is_end(solver, inner) else solver.field,
            next((starts[id] for id in starts if places.get("t_eval") == Name(id)), None),
        )

    def _begins(
        self, solver: Solver, passed: dict[str, Expr], fresh: Fresh
    ) -> tuple[dict[str, Expr], dict[str, Expr]] | None:
        """The parameters that say where it begins, with their values, and what they make up."""
        starts: dict[str, Expr] = {}
        places: dict[str, Expr] = {}
        for name in solver.starts:
            if name not in passed or constant(passed[name]) is None:
                continue
            value = passed[name]
            if name == "t_span":
                ends = self.items(value)
                if ends is None or len(ends) != 2:
                    return None
                both = fresh("t_start"), fresh("t_end")
                starts |= dict(zip(both, ends, strict=True))
                places[name] = Tuple(tuple(map(Name, both)))
                continue
            if solver.condition == "motion":
                made = "atleast_1d" if name == "y0" else "array"
                value = Call(Known(f"numpy.{made}", f"np.{made}"), (value,))
            starts[own := fresh(name)] = value
            places[name] = Name(own)
        return starts, places

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


def _is_plain(expr: Expr) -> bool:
    """Whether `expr` is a constant that stays where it is: not several numbers, for each of which we ask."""
    told = constant(expr)
    return told is not VARIES and not isinstance(told, tuple)


def _is_true(expr: Expr | None) -> bool:
    return expr is not None and constant(expr) is True


#: What the functions that stand for solvers are called by.
_ENDINGS: Final[Mapping[str, str]] = {"motion": "solution"}


def result_of(solver: Solver, call: Call) -> Expr:
    """What of the `call` of a solver is the solution: of a motion, where it ends if no times are given."""
    result: Expr = Attribute(call, solver.field) if solver.field else call
    if is_end(solver, call):
        result = Index(result, Tuple((Slice(None, None, None), Unary("-", Const("1")))))
    return result


def is_end(solver: Solver, call: Call) -> bool:
    """Whether only where a motion ends is known of it: when else it was looked at is not."""
    return solver.condition == "motion" and solver.field != "" and "t_eval" not in dict(call.kwargs)


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
        case "integral":
            return f"The integral of `{name}`, and an estimate of its error."
        case "motion":
            return f"What moves as `{name}` tells."
