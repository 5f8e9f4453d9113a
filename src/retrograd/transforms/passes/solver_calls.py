"""A call of a solver as one of a function of what the solution depends on.

    x = optimize.brentq(f, 0.0, 1.0, args=(c,))     ->     x = f_root(0.0, 1.0, c)

Of that function the implicit function theorem tells the derivative; what it does is call the solver.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.frontend.derivatives import asked_for
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
    Lambda,
    Name,
    Outer,
    Param,
    Return,
    Slice,
    Stmt,
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
    are those when the motion is looked at. The statements `before` make functions that it is given.
    """

    call: Call
    given: tuple[Expr, ...]
    field: str
    times: Expr | None
    before: tuple[Stmt, ...]


@dataclass(frozen=True)
class _Given:
    """A function that a solver is given: its own parameters, and values of variables around it."""

    callee: Callee
    names: tuple[str, ...]
    around: tuple[tuple[str, Expr], ...]


class SolverCalls:
    """Finds what a call of a solver depends on.

    `items` gives the items of a tuple that is written out, `function` the function that an
    expression is, with the statements that make it.
    """

    def __init__(
        self,
        callees: Callees,
        derivatives: DerivativeCalls,
        items: Callable[[Expr], tuple[Expr, ...] | None],
        function: Callable[[Expr, str], tuple[FunctionValue, list[Stmt]] | None],
        report: Diagnostics,
    ) -> None:
        self.callees = callees
        self.derivatives = derivatives
        self.items = items
        self.function = function
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
        named = {*solver.params[: len(call.args) - 1], *(key for key, _ in call.kwargs)}
        passed = {name: found[name] for name in solver.params if name in named}
        for name in solver.starts if solver.condition in ("integral", "motion") else ():
            if name not in passed and name != "t_eval":
                self.report.refuse("RG305", call.at, f"`{name}` is missing")
                return None
        args: tuple[Expr, ...] | None = ()
        if constant(passed.pop("args", Const("None"))) is not None:
            args = self.items(found["args"])
        if args is None:
            self.report.refuse("RG311", call.at, "`args` must be a tuple that is written out")
            return None
        count = len(solver.first) + len(args)
        whole = self._given(function, count, call)
        slopes = self._slopes(solver, passed, count, call)
        if whole is None or slopes is None:
            return None
        rest = {name: value for name, value in passed.items() if name not in slopes[0]}
        if not self._understood(solver, rest, call):
            return None
        solving = self._of(solver, whole, slopes[0], call, rest, args)
        return None if solving is None else replace(solving, before=slopes[1])

    def _understood(self, solver: Solver, given: dict[str, Expr], call: Call) -> bool:
        for name, value in given.items():
            if name in solver.starts or name in solver.harmless:
                continue
            wanted = REQUIRED.get(name, ())
            told = constant(value)
            if told is VARIES or not any(told == one and type(told) is type(one) for one in wanted):
                at = value.at or call.at
                self.report.refuse("RG311", at, f"`{name}=` has a part in the solution")
                return False
        return True

    def _slopes(
        self, solver: Solver, passed: dict[str, Expr], count: int, call: Call
    ) -> tuple[dict[str, _Given], tuple[Stmt, ...]] | None:
        """The derivatives that the solver is given, and the statements that make them."""
        slopes: dict[str, _Given] = {}
        before: list[Stmt] = []
        for name in (name for name in passed if name in solver.slopes):
            found = self.function(passed[name], name)
            if found is None:
                continue
            slope = self._given(found[0], count, call)
            if slope is None:
                return None
            if asked_for(slope.callee.key) is not None:
                at = passed[name].at or call.at
                self.report.refuse("RG311", at, f"`{name}=` is a derivative that is made here")
                return None
            slopes[name] = slope
            before += found[1]
        return slopes, tuple(before)

    def _of(
        self,
        solver: Solver,
        whole: _Given,
        slopes: dict[str, _Given],
        call: Call,
        passed: dict[str, Expr],
        args: tuple[Expr, ...],
    ) -> Solving | None:
        """The function of where the search begins, `args`, and what the functions read around them."""
        own = len(solver.first)
        first, given = whole.names[:own], (*whole.names[own:], *(name for name, _ in whole.around))
        fresh = Fresh({*first, *given})
        begins = self._begins(solver, passed, fresh)
        if begins is None:
            label = "`t_span` must be a pair that is written out, or a variable"
            self.report.refuse("RG311", call.at, label)
            return None
        starts, places = begins
        options: dict[str, Expr] = {}
        told: dict[str, Expr] = {}
        for name, value in passed.items():
            if name in solver.harmless and not _is_plain(value):
                own_name = fresh(name)
                options[own_name], told[name] = value, Name(own_name)
            elif name not in solver.starts:
                told[name] = value
        function: Expr = whole.callee
        if any(one.around for one in slopes.values()) or (slopes and whole.around):
            # each reads what the others do not: none gets its arguments from the solver
            function = _with_all(whole, first, given)
            for name, slope in slopes.items():
                around = {id: fresh(id) for id, _ in slope.around}
                options |= {around[id]: value for id, value in slope.around}
                told[name] = _with_all(slope, first, (*whole.names[own:], *around.values()))
        else:
            told |= {name: slope.callee for name, slope in slopes.items()}
            told |= {"args": Tuple(tuple(map(Name, given)))} if given else {}
        inner = _call_of(solver, call, function, places, told)
        ids = (*starts, *given, *options)
        callee = whole.callee
        name = f"{callee.spelling}_{_ENDINGS.get(solver.condition, solver.condition)}"
        body = (Return(result_of(solver, inner)),)
        primitive = Function(name, tuple(map(Param, ids)), body, _about(callee.spelling, solver))
        solve = Solve(
            "", callee.key, name, solver, first, tuple(starts), given, tuple(options), inner
        )
        stands = self.callees.solve(primitive, solve)
        around_it = (value for _, value in whole.around)
        values = (*starts.values(), *args, *around_it, *options.values())
        return Solving(
            Call(replace(stands, at=call.at), values, (), call.at),
            args,
            "end" if is_end(solver, inner) else solver.field,
            next((starts[id] for id in starts if places.get("t_eval") == Name(id)), None),
            (),
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
                if ends is None and isinstance(value, Name | Outer):
                    ends = (Index(value, Const("0")), Index(value, Const("1")))
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

    def _given(self, function: FunctionValue, count: int, call: Call) -> _Given | None:
        """`function`, which takes `count` arguments, as one of the program; None if it is refused."""
        whole = self._as_callee(function, call)
        if whole is None:
            return None
        callee, first, around = whole
        params = self.callees.params(callee)
        names = tuple(param.id for param in params if param.id not in dict(around))
        if first:  # of a partial function
            self.report.refuse("RG311", call.at, "the function is given arguments beforehand")
            return None
        if len(names) != count or any(param.star for param in params):
            self.report.refuse("RG305", call.at, f"the function takes {len(names)} arguments")
            return None
        if [param.id for param in params] != [*names, *(name for name, _ in around)]:
            self.report.refuse("RG311", call.at, "the function takes arguments by name")
            return None
        return _Given(callee, names, around)

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
            case Known(path=path):
                body = (Return(Call(function, (Name("x"),))),)
                text = Function(path.rpartition(".")[2], (Param("x"),), body)
                return self.callees.lift(text), (), ()
            case _:
                self.report.refuse("RG311", call.at, "the function is none of yours")
                return None


def _call_of(
    solver: Solver, call: Call, function: Expr, places: dict[str, Expr], told: dict[str, Expr]
) -> Call:
    """The `call` of a solver for `function`: what is in `places` by position as far as that goes."""
    positional: list[Expr] = []
    named: list[tuple[str, Expr]] = []
    for place, name in enumerate(solver.params):
        if name in places and len(positional) == place:
            positional.append(places[name])
        elif name in places or name in told:
            named.append((name, places[name] if name in places else told[name]))
    return replace(call, args=(function, *positional), kwargs=tuple(named))


def _with_all(function: _Given, first: tuple[str, ...], given: tuple[str, ...]) -> Lambda:
    """`function` of `first` alone, where all else has a name that it is `given`."""
    args = tuple(map(Name, (*first, *given)))
    plain = len(function.names)
    by_name = zip((id for id, _ in function.around), args[plain:], strict=True)
    body = Call(function.callee, args[:plain], tuple(by_name))
    return Lambda(tuple(map(Param, first)), body)


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
