"""Put the text of a function where it is called, if which function that is shows only here.

    def f(x, k):                            def f(x, k):
        def scaled(t):                          # from `twice`, `scaled`
            return k * t                        y = k * x
                                                z = k * y
        def twice(g, v):              ->        return z
            y = g(v)
            return g(y)

        return twice(scaled, x)

That is so for functions inside the function, lambdas, functions that are passed on or returned,
and functions that change what they are given. A free name means what it means where the function
is called, as in Python; local ones get other names where they collide. Calls of plain functions
stay, with one argument for each parameter that they name.

Which function a name stands for is followed through the statements in their order. Where that
depends on the way taken, a call of it is refused.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.diagnostics.span import Span
from retrograd.transforms.frontend.derivatives import asked_for
from retrograd.transforms.frontend.names import VECTORIZE
from retrograd.transforms.frontend.solvers import SOLVERS, SOLVING
from retrograd.transforms.ir.algebra import helper
from retrograd.transforms.ir.kinds import Kind, Other, Sequence
from retrograd.transforms.ir.kinds import Mapping as MappingKind
from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    AugAssign,
    Block,
    Break,
    Call,
    Callee,
    Const,
    Continue,
    Define,
    Dict,
    Do,
    Expr,
    For,
    Function,
    If,
    IfExp,
    Index,
    Known,
    Lambda,
    List,
    Name,
    Origin,
    Outer,
    Param,
    Return,
    Slice,
    Starred,
    Stmt,
    Tuple,
    While,
)
from retrograd.transforms.ir.walk import (
    assigned,
    callees,
    functions_inside,
    locals_of,
    map_blocks,
    own_expressions,
    places_written,
    rewrite,
    statements,
    subexpressions,
)
from retrograd.transforms.passes.applied_functions import APPLYING, AppliedFunctions
from retrograd.transforms.passes.arguments import Misfit, matched
from retrograd.transforms.passes.derivative_calls import (
    DerivativeCalls,
    at_a_point,
    makes_derivative,
)
from retrograd.transforms.passes.function_values import (
    Callees,
    Closure,
    Functions,
    FunctionValue,
    Partial,
    Scope,
    Shape,
    Solution,
    Unsure,
    Vectorized,
)
from retrograd.transforms.passes.interface import surface_pass
from retrograd.transforms.passes.iterators import iterators_in_place, kept_iterators
from retrograd.transforms.passes.renaming import renamed
from retrograd.transforms.passes.restate import restated
from retrograd.transforms.passes.solver_calls import SolverCalls, Solving
from retrograd.transforms.passes.spell_out import SpellOut, headed, moved
from retrograd.transforms.rules.application import MAKERS
from retrograd.transforms.rules.rule import constant
from retrograd.transforms.rules.table import constant_kind


@surface_pass
def inline(
    function: Function,
    fresh: Callable[[str], str],
    callees: Callees,
    kinds: Mapping[str, Kind],
    report: Diagnostics,
) -> Function:
    """`function` spelled out, and without calls of functions that are not plain user functions.

    Raises:
        UnsupportedError: which function is called is not known, or its arguments do not fit.
    """
    inliner = _Inliner(fresh, callees, report)
    inliner.learn(function, kinds)
    body = inliner.block(iterators_in_place(function).body)
    report.raise_if_any()
    return replace(function, body=body)


class _Frame:
    """A function that is being put in place: where its result goes, and which functions it returns."""

    def __init__(self, target: Name | None) -> None:
        self.target = target
        self.functions: list[FunctionValue | None] = []


class _Inliner(SpellOut):
    def __init__(self, fresh: Callable[[str], str], callees: Callees, report: Diagnostics) -> None:
        super().__init__(fresh, report)
        self.callees = callees
        self.scope: Scope = {}
        self.derivatives = DerivativeCalls(callees, self.scope_at_hand, self.items, report)
        self.solvers = SolverCalls(callees, self.derivatives, self.items, self.function, report)
        self.applied_functions = AppliedFunctions(fresh, self.items, self.passes_function, report)
        self.frames: list[_Frame] = []
        #: The functions that are being put in place, outermost first.
        self.open: list[object] = []
        #: Variables whose items change somewhere.
        self.mutated: frozenset[str] = frozenset()
        #: Whether the result of the call at hand is read.
        self.result_is_read = True
        #: Whether the text of the statement at hand names a function that is gone.
        self.resolved = False
        #: What is known of user functions, by key: whether they return functions.
        self.returning: dict[str, bool] = {}

    def learn(self, function: Function, kinds: Mapping[str, Kind]) -> None:
        """Take the number of items of parameters from their kinds."""
        self.mutated |= _mutated(function.body)
        for name, kind in kinds.items():
            match kind:
                case Sequence(items=items) if items is not None:
                    self.note(name, Shape(len(items)))
                case MappingKind(items=pairs) if pairs is not None:
                    self.note(name, Shape(tuple(key for key, _ in pairs)))
                case Other(what="function", name=path) if path:
                    self.scope[name] = self.function_given(path)
                case _:
                    pass

    def function_given(self, name: str) -> FunctionValue:
        """The function that an argument is, by the name that its kind has."""
        if ":" in name:
            return Callee(name, self.callees.function(Callee(name, "")).name)
        return Known(name, "np" + name.removeprefix("numpy") if name[:6] == "numpy." else name)

    def scope_at_hand(self) -> Scope:
        """What is known of variables here."""
        return self.scope

    def note(self, name: str, shape: Shape) -> None:
        if name not in self.mutated:
            self.scope[name] = shape

    # ---- statements

    def statement(self, stmt: Stmt) -> Iterator[Stmt]:
        for kept in kept_iterators(stmt):
            at = getattr(kept, "at", None) or stmt.origin.span
            self.report.refuse("RG226", at, "this is not gone through where it is made")
        around, self.resolved = self.resolved, False
        self.quote = stmt.origin.spelling or stmt.origin.quote or self.quote
        lines = list(self.lines(stmt))
        if self.resolved:
            lines = [_without_text(line, stmt.origin) for line in lines]
        self.resolved = around
        yield from lines

    def lines(self, stmt: Stmt) -> Iterator[Stmt]:
        """`stmt` without calls of functions that only have a name here."""
        match stmt:
            case Define(function=function):
                self.scope[function.name], lines = self.closure(function)
                yield from headed(stmt, lines)
            case Assign(target=Name(id=id), value=value):
                yield from self.assigned(stmt, id, value)
            case Assign(
                target=Tuple(items=(Name() as value, Name(id=id))),
                value=Call(func=Known(path=path)) as call,
            ) if at_a_point(path) in ("push", "vjp"):
                yield from headed(stmt, self.at_point(stmt, value, id, call))
            case Return(value=value) if self.frames:
                yield from self.returned(stmt, value)
            case Do(value=Call() as call) if self.is_put(call):
                self.result_is_read = False
                _, lines = self.lifted(call)
                self.result_is_read = True
                yield from headed(stmt, lines)
            case Do(value=Call(func=Callee() as callee) as call):
                if self.callees.calls_itself(callee):
                    unread = Name(self.fresh("unread"))
                    yield from self.statement(Assign(unread, call, stmt.origin.rewritten()))
                else:
                    yield from headed(stmt, self.put(callee, call, _Frame(None)))
            case If(test=test):
                test, before = self.condition(test)
                at_start = dict(self.scope)
                then = self.block(stmt.then)
                after_then, self.scope = self.scope, at_start
                orelse = self.block(stmt.orelse)
                self.scope = _joined(after_then, self.scope)
                choice = replace(stmt, test=test, then=then, orelse=orelse)
                yield from headed(stmt, [*before, moved(stmt, before, choice)])
            case For(iterable=iterable, body=body, orelse=()) if (
                functions := self.functions_of(iterable)
            ) is not None and not _is_left(body):
                yield from headed(stmt, self.unrolled(stmt, functions))
            case For() | While():
                self.forget(_bound_in((stmt,)))
                yield from list(super().statement(stmt))
                self.forget(_bound_in((stmt,)))
            case _:
                yield from list(super().statement(stmt))
                self.forget(_bound_in((stmt,)))

    def assigned(self, stmt: Assign, id: str, value: Expr) -> Iterator[Stmt]:
        """``name = value``, where the value may be a function."""
        found = self.function(value, id)
        if found is not None:
            function, lines = found
            yield from lines
            self.scope[id] = function
            return
        if id not in self.mutated and (displayed := self.displayed(value, id)) is not None:
            self.scope[id], lines = displayed
            yield from lines
            return
        match value:
            case Call(func=Known(path=path)) as call if path in SOLVERS and SOLVERS[path].field:
                held = self.solution(call, id)
                if held is not None:
                    self.scope[id], lines = held
                    yield from lines
                return
            case _:
                pass
        lines = list(super().statement(stmt))
        if id in self.scope:
            del self.scope[id]
        match value:
            case Tuple(items=items) if not any(isinstance(item, Starred) for item in items):
                self.note(id, Shape(len(items)))
            case Dict(items=pairs) if all(_is_text(key) for key, _ in pairs):
                self.note(id, Shape(tuple(_text(key) for key, _ in pairs)))
            case _:
                pass
        yield from lines

    def at_point(self, stmt: Assign, value: Name, id: str, call: Call) -> list[Stmt]:
        """``value, pull = rg.vjp(g, x)``: the value, and a function of what was given for `g`."""
        self.resolved = True
        call = self.spread(call)
        found = self.function(call.args[0], "function") if call.args else None
        if found is None:
            self.derivatives.refuse(call.at, "which function this is of is not known")
            return []
        function, lines = found
        given: list[Expr] = []
        for arg in call.args[1:]:
            held = Name(self.fresh(f"{id}_at"))
            kept = arg if isinstance(arg, Const) else helper("duplicate", arg)
            lines += self.statement(Assign(held, kept))
            given.append(held)
        assert isinstance(call.func, Known)
        way = at_a_point(call.func.path)
        assert way is not None
        derivative = self.derivatives.at_a_point(function, way, tuple(given), call)
        if derivative is None:
            return []
        # What a call writes into must not be what the derivative starts from.
        passed = (
            given if self.leaves_alone(function) else [helper("duplicate", one) for one in given]
        )
        at_held = replace(call, args=tuple(passed), kwargs=())
        result, more = self.applied(function, at_held, None)
        lines += [*more, Assign(value, result, stmt.origin.rewritten())]
        self.forget(frozenset({value.id}))
        self.scope[id] = Partial(derivative, tuple(given), ())
        return lines

    def leaves_alone(self, function: FunctionValue) -> bool:
        """Whether the text of `function`, put where it is called, surely writes into no argument."""
        match function:
            case Callee():
                return self.callees.leaves_alone(function)
            case Closure(function=text):
                inside = (text, *functions_inside(text.body))
                written = any(_may_write(stmt) for one in inside for stmt in statements(one.body))
                return not written and all(map(self.callees.leaves_alone, callees(text)))
            case Partial(function=inner):
                return self.leaves_alone(inner)
            case _:
                return True

    def displayed(self, value: Expr, name: str) -> tuple[Functions, list[Stmt]] | None:
        """A display of functions, to be called `name`; None for any other value."""
        match value:
            case List(items=items) | Tuple(items=items):
                pairs: list[tuple[str | int, Expr]] = list(enumerate(items))
            case Dict(items=entries) if all(_is_text(key) for key, _ in entries):
                pairs = [(_text(key), item) for key, item in entries]
            case _:
                return None
        if not pairs or not all(self.passes_function(item) for _, item in pairs):
            return None
        functions: list[tuple[str | int, FunctionValue]] = []
        lines: list[Stmt] = []
        for key, item in pairs:
            found = self.function(item, f"{name}_{key}" if f"{name}_{key}".isidentifier() else name)
            assert found is not None
            functions.append((key, found[0]))
            lines += found[1]
        return Functions(tuple(functions), isinstance(value, Dict)), lines

    def functions_of(self, iterable: Expr) -> list[tuple[str | int, FunctionValue]] | None:
        """The functions that a loop over `iterable` gives, or the pairs with their keys."""
        match iterable:
            case Name(id=id):
                held = self.scope.get(id)
                return list(held.items) if isinstance(held, Functions) and not held.keyed else None
            case Call(func=Attribute(value=Name(id=id), name="items" | "values"), args=()):
                held = self.scope.get(id)
                return list(held.items) if isinstance(held, Functions) and held.keyed else None
            case _:
                return None

    def unrolled(self, loop: For, functions: list[tuple[str | int, FunctionValue]]) -> list[Stmt]:
        """The body of a loop over functions, once for each."""
        lines: list[Stmt] = []
        self.resolved = True
        for key, function in functions:
            match loop.target, loop.iterable:
                case Name(id=id), Name() | Call(func=Attribute(name="values")):
                    self.scope[id] = function
                case Tuple(items=(Name() as name, Name(id=id))), Call(func=Attribute(name="items")):
                    lines += self.statement(Assign(name, Const(repr(key))))
                    self.scope[id] = function
                case _:
                    self.refuse(loop.origin.span, "a function is used as a value")
                    return lines
            lines += self.block(_copied(loop.body))
        return lines

    def returned(self, stmt: Return, value: Expr) -> Iterator[Stmt]:
        """The end of a function that is put in place."""
        frame = self.frames[-1]
        found = self.function(value, "function")
        if found is not None:
            function, lines = found
            frame.functions.append(function)
            yield from lines
            return
        frame.functions.append(None)
        if frame.target is None:
            frame.target = Name(self.fresh("result"))
        value, lines = self.lifted(value)
        origin = replace(stmt.origin.rewritten(), leading=() if lines else stmt.origin.leading)
        yield from headed(stmt, [*lines, Assign(frame.target, value, origin)])

    def forget(self, names: frozenset[str]) -> None:
        """Nothing is known of `names` any more."""
        for name in names & self.scope.keys():
            if isinstance(self.scope[name], Shape):
                del self.scope[name]
            else:
                self.scope[name] = Unsure()

    def closure(self, function: Function) -> tuple[Closure, list[Stmt]]:
        """A function as it is made: its defaults are computed now."""
        params: list[Param] = []
        lines: list[Stmt] = []
        for param in function.params:
            default = param.default
            if default is not None and not isinstance(default, Const | Outer):
                kept = Name(self.fresh(f"{function.name}_{param.id}"))
                lines += self.statement(Assign(kept, default))
                default = kept
            params.append(replace(param, default=default))
        return Closure(self.callees.ended(replace(function, params=tuple(params)))), lines

    # ---- expressions

    def lifted(self, expr: Expr, into: Name | None = None) -> tuple[Expr, list[Stmt]]:
        if into is not None and not self.is_out_of_sight(into, expr):
            into = None
        match expr:
            case Name(id=id) if id in self.scope:
                return self.named_function(expr, self.scope[id]), []
            case Callee() | Lambda():
                self.refuse(expr.at, "a function is used as a value")
                return expr, []
            case Attribute(value=value) if self.is_solution(value):
                return self.field_of(expr)
            case Index() if (last := last_column(expr)) and self.is_solution(last[0].value):
                return self.end_of(expr, *last)
            case Call(func=Known(path=path)) if path in SOLVERS and not SOLVERS[path].field:
                self.resolved = True
                found = self.solving(expr)
                return (expr, []) if found is None else self.lifted_solving(*found, into)
            case Call():
                again = restated(expr, self.fresh)
                if isinstance(again, Call):
                    return self.called(again, into)
                return super().lifted(again, into)
            case _:
                return super().lifted(expr, into)

    # ---- solvers

    def solving(self, call: Call) -> tuple[Solving, FunctionValue, list[Stmt]] | None:
        """What stands for a call of a solver, of which function, and what has to run before it."""
        call = self.spread(call)
        found = self.function(call.args[0], "function") if call.args else None
        if found is None:
            self.report.refuse("RG311", call.at, "which function is solved for is not known")
            return None
        solving = self.solvers.solving(found[0], call)
        return None if solving is None else (solving, found[0], [*found[1], *solving.before])

    def lifted_solving(
        self, solving: Solving, function: FunctionValue, lines: list[Stmt], into: Name | None
    ) -> tuple[Expr, list[Stmt]]:
        value, more = super().lifted(solving.call, into)
        return value, [*lines, *more]

    def solution(self, call: Call, name: str) -> tuple[Solution, list[Stmt]] | None:
        """What a solver returns for `call`, to be called `name`."""
        self.resolved = True
        found = self.solving(call)
        if found is None:
            return None
        solving, function, lines = found
        kept: dict[Expr, Expr] = {}
        given: list[Expr] = []
        for arg in solving.given if solving.field == "x" else ():
            lines += self.statement(Assign(held := Name(self.fresh(f"{name}_given")), arg))
            given.append(held)
            kept[arg] = held
        fields: list[tuple[str, Name]] = []
        if solving.times is not None:
            times = Name(self.fresh(f"{name}_t"))
            lines += self.statement(Assign(times, solving.times))
            fields.append(("t", times))
            kept[solving.times] = times
        args = tuple(kept.get(arg, arg) for arg in solving.call.args)
        x = Name(self.fresh(f"{name}_{solving.field}"))
        fields.append((solving.field, x))
        value, more = super().lifted(replace(solving.call, args=args), None)
        lines += [*more, Assign(x, value)]
        if solving.field == "x":
            fun = Name(self.fresh(f"{name}_fun"))
            value, more = self.applied(function, Call(Name(""), (x, *given)), None)
            lines += [*more, Assign(fun, value)]
            fields.append(("fun", fun))
        return Solution(tuple(fields)), lines

    def is_solution(self, expr: Expr) -> bool:
        """Whether `expr` is what a solver returned, that has fields."""
        match expr:
            case Name(id=id):
                return isinstance(self.scope.get(id), Solution)
            case Call(func=Known(path=path)):
                return path in SOLVERS and bool(SOLVERS[path].field)
            case _:
                return False

    def fields_of(self, solved: Expr) -> tuple[dict[str, Name] | None, list[Stmt]]:
        """The fields of `solved`, which a solver returned, behind the statements that find them."""
        self.resolved = True
        match solved:
            case Name(id=id) if isinstance(held := self.scope.get(id), Solution):
                return dict(held.fields), []
            case Call() if (found := self.solution(solved, "solution")) is not None:
                return dict(found[0].fields), found[1]
            case _:
                return None, []

    def field_of(self, expr: Attribute) -> tuple[Expr, list[Stmt]]:
        """A field of what a solver returned."""
        fields, lines = self.fields_of(expr.value)
        return (expr if fields is None else self.field(fields, expr)), lines

    def field(self, fields: Mapping[str, Name], expr: Attribute) -> Expr:
        """The field that `expr` reads, out of `fields`."""
        if expr.name not in fields:
            label = f"`{expr.name}` of what a solver returned"
            if "end" in fields and expr.name in ("y", "t"):
                label = f"without `t_eval`, `{expr.name}` has a derivative only as `y[..., -1]`"
            self.report.refuse("RG311", expr.at, label)
        return fields.get(expr.name, expr)

    def end_of(self, expr: Index, path: Attribute, which: Expr) -> tuple[Expr, list[Stmt]]:
        """The last column of a motion, or `which` of its entries."""
        fields, lines = self.fields_of(path.value)
        if fields is None:
            return expr, lines
        if path.name == "y" and "end" in fields:
            end = fields["end"]
            taken: Expr = end if which in _EVERYTHING else Index(end, which)
        else:
            held = self.field(fields, path)
            taken = rewrite(expr, lambda part: held if part == path else part)
        value, more = super().lifted(taken)
        return value, [*lines, *more]

    def in_order(self, expr: Expr) -> tuple[Expr, list[Stmt]]:
        match expr:
            case Call(func=Callee() | Known(), args=args, kwargs=kwargs):
                parts = Tuple((*args, *(value for _, value in kwargs)))
                new, before = super().in_order(parts)
                assert isinstance(new, Tuple)
                if new is parts:
                    return expr, before
                pairs = zip((key for key, _ in kwargs), new.items[len(args) :], strict=True)
                return replace(expr, args=new.items[: len(args)], kwargs=tuple(pairs)), before
            case _:
                return super().in_order(expr)

    def is_out_of_sight(self, into: Name, expr: Expr) -> bool:
        """Whether no function that `expr` may call can read the variable `into`."""
        return not any(
            isinstance(part, Lambda)
            or (
                isinstance(part, Name)
                and isinstance(self.scope.get(part.id), Closure | Partial | Vectorized)
            )
            for part in subexpressions(expr)
        ) or (isinstance(expr, Call) and isinstance(expr.func, Name))

    def named_function(
        self, expr: Name, held: FunctionValue | Unsure | Shape | Functions | Solution
    ) -> Expr:
        """A variable that is read for its value."""
        match held:
            case Known():
                self.resolved = True
                return replace(held, at=expr.at)
            case Shape():
                return expr
            case Functions():
                self.refuse(expr.at, f"`{expr.id}` holds functions")
            case Solution():
                self.report.refuse("RG311", expr.at, f"all of `{expr.id}`, which a solver returned")
            case Unsure():
                self.refuse(expr.at, f"which function `{expr.id}` is depends on the way here")
            case _:
                self.refuse(expr.at, f"`{expr.id}` is a function")
        return expr

    def refuse(self, at: Span | None, label: str) -> None:
        self.report.refuse("RG219", at, label)

    # ---- which function

    def function(self, expr: Expr, name: str) -> tuple[FunctionValue, list[Stmt]] | None:
        """The function that `expr` gives, to be called `name`; None if it gives none."""
        match expr:
            case Callee():
                return expr, []
            case Known() if _is_function(expr):
                return expr, []
            case Name(id=id) if isinstance(held := self.scope.get(id), FunctionValue):
                return held, []
            case Index(value=Name(id=id), index=index) if isinstance(
                held := self.scope.get(id), Functions
            ):
                chosen = held.at(index.value) if isinstance(index, Const) else None
                return None if chosen is None else (chosen, [])
            case Lambda(params=params, body=body, at=at):
                result = Return(body, Origin(at))
                return self.closure(Function(name, params, (result,), origin=Origin(at)))
            case Call(func=Known(path="functools.partial"), args=(inner, *args), kwargs=kwargs):
                return self.partial(inner, tuple(args), kwargs, name)
            case Call(func=Known(path=path)) if path == VECTORIZE:
                return self.vectorized(expr, name)
            case Call(func=Known(path=path), args=(inner, *_)) if makes_derivative(path):
                found = self.function(inner, name)
                if found is None:
                    self.derivatives.refuse(expr.at, "which function this is of is not known")
                    return _any_function(name), []
                derivative = self.derivatives.made(found[0], expr)
                return derivative or _any_function(name), found[1]
            case Call() if self.makes_function(expr):
                return self.made(expr, name)
            case _:
                return None

    def partial(
        self, inner: Expr, args: tuple[Expr, ...], kwargs: tuple[tuple[str, Expr], ...], name: str
    ) -> tuple[FunctionValue, list[Stmt]] | None:
        """``functools.partial(...)``, its arguments computed now."""
        found = self.function(inner, name)
        if found is None:
            return None
        function, lines = found
        kept: list[Expr] = []
        for arg in (*args, *(value for _, value in kwargs)):
            if isinstance(arg, Const):
                kept.append(arg)
                continue
            holder = Name(self.fresh(f"{name}_given"))
            lines += self.statement(Assign(holder, arg))
            kept.append(holder)
        pairs = zip((key for key, _ in kwargs), kept[len(args) :], strict=True)
        return Partial(function, tuple(kept[: len(args)]), tuple(pairs)), lines

    def vectorized(self, maker: Call, name: str) -> tuple[FunctionValue, list[Stmt]]:
        """``np.vectorize(function)``."""
        given = self.applied_functions.vectorized(self.spread(maker))
        if given is None:
            return _any_function(name), []
        found = self.function(given[0], name)
        if found is None:
            self.refuse(maker.at, "which function is vectorized is not known")
            return _any_function(name), []
        return Vectorized(found[0], given[1]), found[1]

    def makes_function(self, call: Call) -> bool:
        """Whether what `call` gives is a function, by the look of what is called."""
        match call.func:
            case Callee() as callee:
                return self.returns_function(self.callees.function(callee), call, callee.key)
            case Lambda(params=params, body=body):
                return self.returns_function(
                    Function("function", params, (Return(body),)), call, None
                )
            case Name(id=id):
                match self.scope.get(id):
                    case Closure(function=function):
                        return self.returns_function(function, call, None)
                    case Callee() as callee:
                        return self.makes_function(replace(call, func=callee))
                    case Partial():
                        return False
        return False

    def returns_function(self, function: Function, call: Call, key: str | None) -> bool:
        """Whether `function`, called as `call` says, returns a function; a user's goes by `key`."""
        given = matched(function.params, call.args, call.kwargs)
        passed = frozenset[str]()
        if not isinstance(given, Misfit):
            passed = frozenset(id for id, arg in given.items() if self.passes_function(arg))
        if key is None or passed:
            return self.returns_one_of(function, passed)
        if key not in self.returning:
            self.returning[key] = False  # as far as a function that calls itself is concerned
            self.returning[key] = self.returns_one_of(function, passed)
        return self.returning[key]

    def returns_one_of(self, function: Function, passed: frozenset[str]) -> bool:
        """Whether `function` returns a function that it makes, or one of those `passed`."""
        made = passed | {
            stmt.function.name for stmt in statements(function.body) if isinstance(stmt, Define)
        }
        assigns = [
            (stmt.target.id, stmt.value)
            for stmt in statements(function.body)
            if isinstance(stmt, Assign) and isinstance(stmt.target, Name)
        ]
        while found := {id for id, value in assigns if self.is_function(value, made)} - made:
            made |= found
        results = [stmt.value for stmt in statements(function.body) if isinstance(stmt, Return)]
        return any(self.is_function(value, made) for value in results)

    def is_function(self, expr: Expr, made: frozenset[str]) -> bool:
        """Whether `expr` is a function inside another one, where the variables `made` are."""
        match expr:
            case Lambda() | Callee() | Call(func=Known(path="functools.partial")):
                return True
            case Call(func=Known(path=path)) if path == VECTORIZE or makes_derivative(path):
                return True
            case Known():
                return _is_function(expr)
            case Name(id=id):
                return id in made
            case IfExp(then=then, orelse=orelse):
                return self.is_function(then, made) or self.is_function(orelse, made)
            case Call(func=Callee() as callee):
                return self.returns_function(self.callees.function(callee), expr, callee.key)
            case _:
                return False

    def made(self, call: Call, name: str) -> tuple[FunctionValue, list[Stmt]] | None:
        """The function that a call gives."""
        found = self.function(call.func, name)
        assert found is not None
        function, lines = found
        frame = _Frame(None)
        lines += self.put(function, call, frame)
        results = frame.functions
        if not results or results[0] is None or any(one != results[0] for one in results):
            self.refuse(call.at, "which function this gives depends on the way through it")
            return Closure(Function(name, (), ())), lines
        return results[0], lines

    # ---- calls

    def is_put(self, call: Call) -> bool:
        """Whether the text of the function that `call` names takes its place."""
        match call.func:
            case Name(id=id):
                match self.scope.get(id):
                    case Callee() as callee:
                        return self.needs_text(callee, call)
                    case held:
                        return isinstance(held, Closure | Partial | Vectorized)
            case Lambda() | Call():
                return True
            case Index(value=Name(id=id)):
                return isinstance(self.scope.get(id), Functions)
            case Callee() as callee:
                return self.needs_text(callee, call)
            case _:
                return False

    def called(self, call: Call, into: Name | None) -> tuple[Expr, list[Stmt]]:
        """A call as a pure expression, and the statements that have to run before it."""
        match call.func:
            case Name(id=id) if id not in self.scope:  # perhaps a record with `__call__`
                return super().lifted(self.spread(call, strict=False), into)
            case Name() as name if not isinstance(self.scope[name.id], FunctionValue):
                self.named_function(name, self.scope[name.id])
                return call, []
            case Index(value=Name(id=id)) if not isinstance(self.scope.get(id), Functions):
                return super().lifted(self.spread(call, strict=False), into)
            case Call(func=Known(path=path)) if path in MAKERS:  # an object of a library
                return super().lifted(self.spread(call, strict=False), into)
            case Name() | Lambda() | Call() | Index(value=Name()):
                self.resolved = True
                found = self.function(call.func, "function")
                if found is None:
                    self.refuse(call.at, "which function is called here is not known")
                    return call, []
                function, lines = found
                value, more = self.applied(function, call, into)
                return value, [*lines, *more]
            case Callee() as callee:
                return self.applied(callee, call, into)
            case Known(path=path) if (way := at_a_point(path)) is not None:
                return self.derived(call, way, into)
            case Known(path=path) if path == VECTORIZE or makes_derivative(path):
                self.refuse(call.at, "a function is used as a value")
                return call, []
            case Known(path=path) if path in APPLYING:
                return self.spelled(self.applied_functions.spelled(self.spread(call)), call, into)
            case Known(path=path, spelling=spelling) if path.startswith(SOLVING) and any(
                map(self.passes_function, call.args)
            ):
                self.report.refuse("RG311", call.at, f"`{spelling}` has none as a whole")
                return call, []
            case _:
                return super().lifted(self.spread(call, strict=False), into)

    def derived(self, call: Call, way: str, into: Name | None) -> tuple[Expr, list[Stmt]]:
        """``rg.jvp(g, args, tangents)``."""
        self.resolved = True
        found = self.function(call.args[0], "function") if call.args else None
        if found is None:
            self.derivatives.refuse(call.at, "which function this is of is not known")
        elif way != "jvp":
            self.derivatives.refuse(call.at, "its two results must get a name each")
        elif (given := self.derivatives.pushed(found[0], call)) is not None:
            half = given.args[: len(given.args) // 2]
            derivative = self.derivatives.at_a_point(found[0], "jvp", half, call)
            if derivative is not None:
                value, lines = self.applied(derivative, given, into)
                return value, [*found[1], *lines]
        return call, []

    def applied(
        self, function: FunctionValue, call: Call, into: Name | None
    ) -> tuple[Expr, list[Stmt]]:
        """`function` called with the arguments of `call`."""
        match function:
            case Partial(function=inner, args=args, kwargs=kwargs):
                given = {key for key, _ in call.kwargs}
                kept = tuple((key, value) for key, value in kwargs if key not in given)
                return self.applied(
                    inner,
                    replace(call, args=(*args, *call.args), kwargs=(*kept, *call.kwargs)),
                    into,
                )
            case Known():
                known = replace(call, func=replace(function, at=call.at))
                return self.lifted(known, into)
            case Vectorized(function=inner, dtype=dtype):
                held = Name(self.fresh("function"))
                self.scope[held.id] = inner
                each = self.applied_functions.each(held, dtype, self.spread(call))
                return self.spelled(each, call, into)
            case Callee(key=key) if asked_for(key) is not None:
                self.resolved = True
                call = self.derivatives.named_last(function, self.spread(call))
                if any(map(self.passes_function, (*call.args, *dict(call.kwargs).values()))):
                    self.derivatives.refuse(call.at, "a function is among the arguments")
                    return call, []
                plain = replace(call, func=replace(function, at=function.at or call.at))
                return super().lifted(plain, into)
            case Callee() if not self.needs_text(function, call):
                plain = replace(call, func=replace(function, at=function.at or call.at))
                return super().lifted(self.spread(plain), into)
            case _:
                return self.in_place(function, call, into)

    def spelled(
        self, found: tuple[Expr, list[Stmt]] | None, call: Call, into: Name | None
    ) -> tuple[Expr, list[Stmt]]:
        """`call` in the words that were `found` for it."""
        self.resolved = True
        if found is None:
            return call, []
        value, before = found
        lines = [line for stmt in before for line in self.statement(stmt)]
        value, more = self.lifted(value, into)
        return value, [*lines, *more]

    def needs_text(self, callee: Callee, call: Call) -> bool:
        """Whether a call of a user function cannot stay."""
        if self.callees.is_inlined(callee) or self.makes_function(replace(call, func=callee)):
            return True
        return any(self.passes_function(arg) for arg in (*call.args, *dict(call.kwargs).values()))

    def passes_function(self, arg: Expr) -> bool:
        match arg:
            case Callee() | Lambda():
                return True
            case Known():
                return _is_function(arg)
            case Name(id=id):
                return isinstance(self.scope.get(id), FunctionValue)
            case Call(func=Known(path="functools.partial")):
                return True
            case Call(func=Known(path=path)) if path == VECTORIZE or makes_derivative(path):
                return True
            case Index(value=Name(id=id)):
                return isinstance(self.scope.get(id), Functions)
            case Call():
                return self.makes_function(arg)
            case _:
                return False

    def in_place(
        self, function: FunctionValue, call: Call, into: Name | None
    ) -> tuple[Expr, list[Stmt]]:
        """The result of a call, behind the statements of the function."""
        read, self.result_is_read = self.result_is_read, True
        frame = _Frame(into)
        lines = self.put(function, call, frame)
        if any(result is not None for result in frame.functions):
            self.refuse(call.at, "a function is used as a value")
        if not frame.functions:
            if read and not self.report:
                self.report.refuse("RG217", call.at, "what is called here returns nothing")
            return Const("None"), lines
        assert frame.target is not None
        match lines:
            case [*before, Assign(target=target, value=value)] if (
                target == frame.target and len(frame.functions) == 1 and into is None
            ):
                return value, before
            case _:
                return frame.target, lines

    def put(self, function: FunctionValue, call: Call, frame: _Frame) -> list[Stmt]:
        """The statements of `function`, called as `call` says; `frame` collects its results."""
        assert isinstance(function, Closure | Callee)
        self.resolved = True
        key: object = function.key if isinstance(function, Callee) else function.function.body
        text = (
            self.callees.function(function) if isinstance(function, Callee) else function.function
        )
        if key in self.open:
            self.report.refuse("RG209", call.at, f"`{text.name}` calls itself")
            return []
        text = iterators_in_place(text)
        call = self.spread(call)
        given = matched(text.params, call.args, call.kwargs)
        if isinstance(given, Misfit):
            self.report.refuse("RG305", call.at, given.label)
            frame.functions.append(None)
            frame.target = frame.target or Name(self.fresh("result"))
            return []
        lines, names = self.bound(text, given)
        functions = frozenset(id for id, arg in given.items() if self.passes_function(arg))
        body = renamed(text.body, names, functions)
        self.mutated |= _mutated(body)
        self.open.append(key)
        self.frames.append(frame)
        lines += self.block(body)
        self.frames.pop()
        self.open.pop()
        return _introduced(lines, text.name) if len(text.body) > 1 else lines

    def bound(
        self, function: Function, given: Mapping[str, Expr]
    ) -> tuple[list[Stmt], dict[str, Expr]]:
        """The statements that give parameters their values, and how the variables are called here."""
        own = locals_of(function)
        stars = {param.id for param in function.params if param.star}
        rebound = assigned(function.body)
        escapes = any(True for _ in functions_inside(function.body)) or any(
            isinstance(part, Lambda) or part == Known("functools.partial", "")
            for stmt in statements(function.body)
            for expr in own_expressions(stmt)
            for part in subexpressions(expr)
        )
        plain = {id: arg for id, arg in given.items() if not self.passes_function(arg)}
        values, lines = self.in_order(Tuple(tuple(plain.values())))
        assert isinstance(values, Tuple)
        given = {**given, **dict(zip(plain, values.items, strict=True))}
        names: dict[str, Expr] = {}
        for id in sorted(own - given.keys()):
            names[id] = Name(self.local(id))
        for id, arg in given.items():
            steady = id not in rebound and not escapes
            if id in plain and steady and isinstance(arg, Name | Const | Outer):
                names[id] = arg
                continue
            names[id] = name = Name(self.local(id))
            if id in stars and isinstance(arg, Tuple | Dict):
                lines += self.gathered(name, arg, keep=steady)
            else:
                lines += self.statement(Assign(name, arg))
        return lines, {id: name for id, name in names.items() if name != Name(id)}

    def gathered(self, name: Name, display: Tuple | Dict, *, keep: bool) -> list[Stmt]:
        """The arguments that are left over, each under a name; with `keep`, names stay as they are."""
        lines: list[Stmt] = []
        values: list[Expr] = []
        items = display.items if isinstance(display, Tuple) else [v for _, v in display.items]
        for item in items:
            if not (keep and isinstance(item, Name | Const | Outer)):
                lines += self.statement(Assign(held := Name(self.fresh(f"{name.id}_item")), item))
                item = held
            values.append(item)
        if isinstance(display, Tuple):
            shape = Shape(len(values), tuple(values))
            whole: Expr = Tuple(tuple(values))
        else:
            keys = [key for key, _ in display.items]
            shape = Shape(tuple(map(_text, keys)), tuple(values))
            whole = Dict(tuple(zip(keys, values, strict=True)))
        lines.append(Assign(name, whole))
        self.scope[name.id] = shape
        return lines

    def local(self, id: str) -> str:
        return id if id == "_" else self.fresh(id)

    # ---- stars

    def spread(self, call: Call, *, strict: bool = True) -> Call:
        """`call` with the items that stars stand for as arguments of their own."""
        args: list[Expr] = []
        for arg in call.args:
            items = self.items(arg.value) if isinstance(arg, Starred) else (arg,)
            if items is None and strict:
                self.report.refuse("RG211", arg.at, "how many arguments this is is not known")
                items = ()
            args += (arg,) if items is None else items
        kwargs: list[tuple[str, Expr]] = []
        for key, value in call.kwargs:
            pairs = self.entries(value) if key == "**" else ((key, value),)
            if pairs is None and strict:
                self.report.refuse("RG211", call.at, "which keywords are passed is not known")
                pairs = ()
            kwargs += ((key, value),) if pairs is None else pairs
        if tuple(args) == call.args and tuple(kwargs) == call.kwargs:
            return call
        return replace(call, args=tuple(args), kwargs=tuple(kwargs))

    def items(self, value: Expr) -> tuple[Expr, ...] | None:
        """The items of `value`, if it is known how many there are."""
        match value:
            case Tuple(items=items) | List(items=items):
                return None if any(isinstance(item, Starred) for item in items) else items
            case Name(id=id):
                match self.scope.get(id):
                    case Shape(items=int(), values=tuple() as values):
                        return values
                    case Shape(items=int() as count):
                        return tuple(Index(value, Const(str(k))) for k in range(count))
                    case Shape(items=tuple() as keys):
                        return tuple(Const(f'"{key}"') for key in keys)
        return None

    def entries(self, value: Expr) -> tuple[tuple[str, Expr], ...] | None:
        """The entries of the dict `value`, if its keys are known."""
        match value:
            case Dict(items=pairs) if all(_is_text(key) for key, _ in pairs):
                return tuple((_text(key), item) for key, item in pairs)
            case Name(id=id):
                match self.scope.get(id):
                    case Shape(items=tuple() as keys, values=tuple() as values):
                        return tuple(zip(keys, values, strict=True))
                    case Shape(items=tuple() as keys):
                        return tuple((key, Index(value, Const(f'"{key}"'))) for key in keys)
        return None


#: Classes that are called to convert, and passed on to say what to convert to.
_TYPES: Final = frozenset(
    {"bool", "float", "int", "str", "list", "tuple", "dict", "set", "object", "slice"}
    | {f"numpy.{name}" for name in ("float64", "float32", "int64", "int32", "bool_", "intp")}
)


def _is_function(known: Known) -> bool:
    """Whether a library's name is a function, and neither a constant nor a type."""
    return constant_kind(known.path) is None and known.path not in _TYPES


def _any_function(name: str) -> Closure:
    """Stands for a function that was refused: it may be called with anything."""
    params = (Param("args", star="*"), Param("kwargs", star="**"))
    return Closure(Function(name, params, ()))


def _is_text(key: Expr) -> bool:
    return isinstance(key, Const) and isinstance(key.value, str)


def _text(key: Expr) -> str:
    assert isinstance(key, Const)
    return str(key.value)


def _without_text(line: Stmt, origin: Origin) -> Stmt:
    """`line` without the text that the user wrote for a statement, if it has that."""
    if line.origin.spelling and line.origin.span == origin.span:
        return replace(line, origin=line.origin.rewritten())
    return line


def _introduced(lines: list[Stmt], name: str) -> list[Stmt]:
    """`lines` under a comment that says which function they are from."""
    if not lines:
        return lines
    first = lines[0]
    leading = (f"# from `{name}`", *first.origin.leading)
    return [replace(first, origin=replace(first.origin, leading=leading)), *lines[1:]]


def _joined(first: Scope, second: Scope) -> Scope:
    """What is known where two ways meet."""
    joined: Scope = {}
    for name in {**first, **second}:
        one, other = first.get(name), second.get(name)
        if one == other and one is not None:
            joined[name] = one
        elif not isinstance(one, Shape | None) or not isinstance(other, Shape | None):
            joined[name] = Unsure()
    return joined


def _bound_in(block: Block) -> frozenset[str]:
    """The names that `block` gives values or functions."""
    defined = {stmt.function.name for stmt in statements(block) if isinstance(stmt, Define)}
    return assigned(block) | defined


def _mutated(block: Block) -> frozenset[str]:
    """The variables of which `block` may change an item."""
    found: set[str] = set()
    for stmt in statements(block):
        if isinstance(stmt, Assign | AugAssign):
            found |= {name for part in _stored(stmt.target) for name in _root(part)}
        for expr in own_expressions(stmt):
            for part in subexpressions(expr):
                match part:
                    case Call(func=Attribute(value=value, name=name)) if name not in _READING:
                        found |= set(_root(value))
                    case _:
                        pass
    for function in functions_inside(block):
        found |= _mutated(function.body)
    return frozenset(found)


#: Subscripts that leave the axis they stand for as it is.
_EVERYTHING: Final = (Slice(None, None, None), Const("..."))


def last_column(expr: Index) -> tuple[Attribute, Expr] | None:
    """The field that `expr` is the last column of, and the entries of that: ``found.y[k, -1]``."""
    match expr.value, expr.index:
        case Attribute() as path, Tuple(items=(which, last)) if constant(last) == -1:
            return path, which
        case Index(value=Attribute() as path, index=which), last if constant(
            last
        ) == -1 and isinstance(constant(which), int):
            return path, which
        case Attribute(value=Attribute() as path, name="T"), last if constant(last) == -1:
            return path, _EVERYTHING[0]
        case _:
            return None


#: Methods of containers that change none of their items.
_READING: Final = frozenset({"count", "get", "index", "items", "keys", "values"})


def _is_left(body: Block) -> bool:
    """Whether a loop with this body may be left, or an iteration of it cut short."""
    return any(isinstance(stmt, Break | Continue) for stmt in statements(body))


def _may_write(stmt: Stmt) -> bool:
    """Whether `stmt` may change a value in place."""
    if isinstance(stmt, AugAssign | Do) or places_written(stmt):
        return True
    parts = (part for expr in own_expressions(stmt) for part in subexpressions(expr))
    return any(isinstance(part, Call) and "out" in dict(part.kwargs) for part in parts)


def _copied(block: Block) -> Block:
    """Statements like those of `block`, which are other events."""
    return tuple(map_blocks(replace(stmt), _copied) for stmt in block)


def _stored(target: Expr) -> Iterator[Expr]:
    match target:
        case Index() | Attribute():
            yield target
        case Tuple(items=items):
            for item in items:
                yield from _stored(item)
        case Starred(value=value):
            yield from _stored(value)
        case _:
            pass


def _root(expr: Expr) -> Iterator[str]:
    while isinstance(expr, Index | Attribute):
        expr = expr.value
    if isinstance(expr, Name):
        yield expr.id
