"""Put forward and reverse sweep together: in one function (joint mode) or in two (split mode).

    def f_grad(x):                 def f_fwd(x, saved):           def f_bwd(x, saved, out_bar):
        forward sweep                  forward sweep                  ... = saved.pop()
        reverse sweep                  saved.append(...)              reverse sweep
        return x_bar                   return the value               return x_bar

A function that returns early, before anything has to be reversed, is differentiated branch by
branch; otherwise both sweeps run through the same branches, one after the other.

All functions that call each other in a circle keep what they need on one stack: each call leaves
its values on top of what its own calls have left there, and the backward halves, which run in
reverse, find them there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from retrograd.transforms.analyses.aliasing import shared_by
from retrograd.transforms.analyses.liveness import live_on_entry, liveness
from retrograd.transforms.analyses.partials import CalleePlan
from retrograd.transforms.analyses.to_be_recorded import Inside, is_light
from retrograd.transforms.ir.algebra import ONE, conjugated, helper, real_part, zeros_like
from retrograd.transforms.ir.kinds import (
    UNKNOWN,
    Array,
    Container,
    Kind,
    Record,
    Scalar,
    holds_complex,
    is_complex,
)
from retrograd.transforms.ir.kinds import Mapping as MappingKind
from retrograd.transforms.ir.kinds import Sequence as SequenceKind
from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    Block,
    Call,
    Comment,
    Const,
    Do,
    Expr,
    Function,
    If,
    Index,
    Known,
    List,
    Name,
    Param,
    Return,
    Stmt,
    Tuple,
)
from retrograd.transforms.ir.show import plain_spelling
from retrograd.transforms.ir.walk import assigned, map_blocks, statements, stored, subexpressions
from retrograd.transforms.passes.drop_unread import drop_unread
from retrograd.transforms.passes.interface import compiler_pass
from retrograd.transforms.passes.sweeps import State, Sweeps, empty


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the derivative is of and how it is called: `wrt` in the order of the result.

    With a `seed` it takes that cotangent of the result, and gives a tuple.
    """

    name: str
    wrt: tuple[str, ...]
    params: dict[str, Kind]
    with_value: bool = False
    seed: Name | None = None


@compiler_pass
def joint(function: Function, sweeps: Sweeps, wanted: Wanted) -> Function:
    """The gradient of `function` in one function."""
    body = _Joint(function, sweeps, wanted).complete(function.body, None)
    body = [*_given(sweeps), *unset(sweeps), *body]
    return Function(
        wanted.name, _taken(function, wanted), tuple(body), _gradient_of(function, wanted)
    )


def _taken(function: Function, wanted: Wanted) -> tuple[Param, ...]:
    """The parameters of the derivative of `function` that is `wanted`."""
    params = tuple(replace(param, annotation=None) for param in function.params)
    if wanted.seed is None:
        return params
    return (*_plain_params(replace(function, params=params)), _param(wanted.seed))


@dataclass(frozen=True)
class _Joint:
    function: Function
    sweeps: Sweeps
    wanted: Wanted

    def complete(self, block: Block, inside: Inside | None) -> list[Stmt]:
        """Forward sweep, reverse sweep and return of a block that ends the function."""
        last = block[-1]
        if isinstance(last, If) and returns_early(block, self.sweeps, self.wanted):
            sweep = self.sweeps.forward(block[:-1], inside, self.leave)
            origin = last.origin
            choice = replace(last, then=tuple(self.complete(last.then, Inside(last, 0))), orelse=())
            return [
                *new_tapes(block[:-1], inside, self.sweeps),
                *sweep,
                replace(choice, origin=origin),
                *self.complete(last.orelse, Inside(last, 1)),
            ]
        state: State = {}
        reverse = self.sweeps.reverse(block, inside, state, None)
        gradient = gradients(self.wanted, self.function, self.sweeps, state, reverse)
        forward = self.sweeps.forward(
            block, inside, self.leave
        )  # the reverse sweep says what it keeps
        value = self.sweeps.value
        result: Expr = Tuple((value, gradient)) if self.wanted.with_value else gradient
        return [
            *new_tapes(block, inside, self.sweeps),
            *forward,
            Comment(""),
            *empty_buffers(self.sweeps),
            *reverse,
            Return(result),
        ]

    def leave(self, stmt: Return) -> list[Stmt]:
        """What stands for a ``return`` in the forward sweep."""
        value = self.sweeps.value
        given = Assign(value, stmt.value, replace(stmt.origin, spelling=None))
        if self.wanted.seed is not None:
            return [given]
        return [given, *_checked(value, self.sweeps.kinds.result)]


def _checked(value: Name, kind: Kind) -> list[Stmt]:
    """What makes sure that the result of a function is a number."""
    if isinstance(kind, Scalar):
        return []
    return [Do(Call(Known("retrograd.runtime.require_scalar", "require_scalar"), (value,)))]


def returns_early(block: Block, sweeps: Sweeps, wanted: Wanted) -> bool:
    """Whether `block` ends in returning branches and nothing before them needs to be reversed."""
    return (
        any(isinstance(stmt, Return) for stmt in statements(block[-1:]))
        and not any(stmt in sweeps.parts for stmt in statements(block[:-1]))
        and not assigned(block[:-1]).intersection(wanted.wrt)
        and not sweeps.recorded.before[block[-1]]
    )


@compiler_pass
def through_halves(function: Function, plan: CalleePlan, result: Kind, wanted: Wanted) -> Function:
    """The gradient of `function`, which calls itself, by its two halves."""
    tape = (plan.tape,) if plan.keeps else ()
    given = tuple(Name(param.id) for param in function.params)
    value = Name("value", "made")
    seed = ONE if wanted.seed is None else wanted.seed
    back: Expr = Call(plan.backward, (*(given[k] for k in plan.needs), *tape, seed))
    if wanted.seed is not None and len(wanted.wrt) == 1:
        back = Tuple((back,))
    run = Call(plan.forward, (*given, *tape))
    unread = wanted.seed is not None or (isinstance(result, Scalar) and not wanted.with_value)
    body = (
        *(Assign(one, List(())) for one in tape),
        Do(run) if unread else Assign(value, run),
        *(() if wanted.seed is not None else _checked(value, result)),
        Return(Tuple((value, back)) if wanted.with_value else back),
    )
    return Function(wanted.name, _taken(function, wanted), body, _gradient_of(function, wanted))


def without_tuple(function: Function) -> Function:
    """The gradient `function`, which gives a tuple, giving what is in it where that is one thing."""
    *body, last = function.body
    match last:
        case Return(value=Tuple(items=(item,))):
            return replace(function, body=(*body, replace(last, value=item)))
        case _:
            return function


def _gradient_of(function: Function, wanted: Wanted) -> str:
    if wanted.seed is not None:
        return _backward_of(function, wanted, wanted.seed)
    what = "Value and gradient" if wanted.with_value else "Gradient"
    text = f"{what} of `{function.name}` with respect to {_listed(wanted.wrt)}"
    some_complex = any(holds_complex(wanted.params.get(name, UNKNOWN)) for name in wanted.wrt)
    return f"{text}{_CONVENTION if some_complex else '.'}"


_CONVENTION = ": of z = x + iy by x, plus i times that by y."


@dataclass(frozen=True, slots=True)
class Halves:
    """A function in split mode; `needs` are the parameters that the backward half takes again."""

    forward: Function | None
    backward: Function
    needs: tuple[str, ...]

    @property
    def keeps(self) -> bool:
        """Whether the forward half leaves anything on the tape."""
        return self.forward is not None


def split(
    function: Function,
    sweeps: Sweeps,
    wanted: Wanted,
    seed: Name,
    fresh: Callable[[str], str],
    stack: Name | None = None,
) -> Halves:
    """`function` as a forward half that keeps what its backward half takes back.

    Without anything to keep there is no forward half: the function itself will do. A single tape is
    the caller's own, and values are popped; else the values and tapes go to it in one tuple. A
    function that calls itself keeps everything on `stack`, and takes all parameters again.
    """
    if stack is not None:
        return _OnStack(function, sweeps, wanted, seed, stack).halves()
    backward, kept, needs = _backward(function, sweeps, wanted, seed)
    if not kept:
        return Halves(None, replace(backward, params=_params(needs, None, seed)), needs)
    tapes = {save.tape for save in sweeps.recorded.tapes() if save.repeated}
    if len(kept) == 1 and kept[0] in tapes:
        popping = replace(sweeps, indexing=False)
        popped, kept_then, needs_then = _backward(function, popping, wanted, seed)
        if kept_then == kept:
            tape = kept[0]
            forward = _forward(function, popping, wanted, tape, None)
            params = _params(needs_then, tape, seed)
            return Halves(forward, replace(popped, params=params), needs_then)
    tape = Name(fresh("saved"), "made")
    forward = _forward(function, sweeps, wanted, tape, kept)
    taken = (_taken_back(kept, tape), *backward.body)
    body = _with_own(taken, function.body, sweeps)
    return Halves(forward, replace(backward, params=_params(needs, tape, seed), body=body), needs)


def _backward(
    function: Function, sweeps: Sweeps, wanted: Wanted, seed: Name
) -> tuple[Function, tuple[Name, ...], tuple[str, ...]]:
    """The backward half, the values it wants to be kept, and the parameters it wants again."""
    body = _reversed(function, function.body, None, sweeps, wanted)
    backward = Function(f"{wanted.name}_bwd", (), body, _backward_of(function, wanted, seed))
    entry = _entry(backward, sweeps)
    needs = tuple(id for id in intact(function) if Name(id) in entry)
    return backward, _in_order(entry - {seed, *map(Name, needs)}), needs


def _reversed(
    function: Function, block: Block, inside: Inside | None, sweeps: Sweeps, wanted: Wanted
) -> Block:
    """The reverse sweep of a `block` that ends the function, and the return of the gradient."""
    state: State = {}
    reverse = sweeps.reverse(block, inside, state, None)
    result = gradients(wanted, function, sweeps, state, reverse)
    sweep = Function("sweep", (), (*empty_buffers(sweeps), *reverse, Return(result)))
    sweep = replace(sweep, params=_all_read(sweep, sweeps))
    return drop_unread(sweep, liveness(sweep, sweeps.recorded.families)).body


def _backward_of(function: Function, wanted: Wanted, seed: Name) -> str:
    of = f"Gradient of `{function.name}` with respect to {_listed(wanted.wrt)}"
    return f"{of}, times {seed.id}."


def intact(function: Function) -> tuple[str, ...]:
    """The parameters that keep in all of `function` the value they came with."""
    changed = assigned(function.body)
    return tuple(param.id for param in function.params if param.id not in changed)


def _entry(function: Function, sweeps: Sweeps) -> frozenset[Name]:
    return frozenset(Name(param.id, param.role) for param in _all_read(function, sweeps))


def _in_order(found: frozenset[Name]) -> tuple[Name, ...]:
    return tuple(sorted(found, key=lambda name: (name.id, name.role)))


def _kept(kept: tuple[Name, ...], tape: Name) -> Stmt:
    value: Expr = kept[0] if len(kept) == 1 else Tuple(kept)
    return Do(Call(Attribute(tape, "append"), (value,)))


def _taken_back(kept: tuple[Name, ...], tape: Name) -> Stmt:
    target: Name | Tuple = kept[0] if len(kept) == 1 else Tuple(kept)
    return Assign(target, Call(Attribute(tape, "pop")))


def _with_own(backward: Block, forward: Block, sweeps: Sweeps) -> Block:
    """`backward` with copies of those kept values that `forward` hands out, if old content is put in.

    The caller has them still, and may have made a cotangent of one.
    """
    families = sweeps.recorded.families
    returned = {
        other
        for stmt in statements(forward)
        if isinstance(stmt, Return)
        for id in shared_by(stmt.value)
        for other in (id, *families.get(id, ()))
    }
    changed = frozenset(Name(id) for id in returned & stored(backward))

    def copied(name: Name, value: Expr) -> Assign:
        array = isinstance(sweeps.kinds.anywhere(name), Array)
        copy = Call(Known("numpy.copy", "np.copy"), (value,))
        return Assign(name, copy if array else helper("duplicate", value))

    def block(stmts: Block) -> Block:
        return tuple(new for stmt in stmts for new in statement(stmt))

    def statement(stmt: Stmt) -> Iterator[Stmt]:
        match stmt:
            case Assign(target=Name() as name, value=value) if name in changed and _is_kept(value):
                yield replace(copied(name, value), origin=stmt.origin)
            case Assign(target=Tuple(items=items), value=value) if _is_kept(value):
                yield stmt
                yield from (copied(name, name) for name in items if name in changed)
            case _:
                yield map_blocks(stmt, block)

    return block(backward) if changed else backward


def _is_kept(value: Expr) -> bool:
    """Whether `value` is taken from a tape."""
    match value:
        case Name(role="saved"):
            return True
        case Index(value=tape) | Call(func=Attribute(value=tape, name="pop")):
            return isinstance(tape, Name) and tape.role in ("saved", "made")
        case _:
            return False


@dataclass(frozen=True)
class _OnStack:
    """Writes the halves of a function that calls itself, branch by branch where it returns early."""

    function: Function
    sweeps: Sweeps
    wanted: Wanted
    seed: Name
    stack: Name

    def halves(self) -> Halves:
        needs = intact(self.function)
        known = frozenset({self.stack, self.seed, *map(Name, needs)})
        forward, backward = self.complete(self.function.body, None, [], known)
        first = Function(
            f"{self.wanted.name}_fwd",
            (*_plain_params(self.function), _param(self.stack)),
            (*_given(self.sweeps), *unset(self.sweeps), *forward),
            _forward_of(self.function, self.wanted, self.stack),
        )
        second = Function(
            f"{self.wanted.name}_bwd",
            _params(needs, self.stack, self.seed),
            tuple(backward),
            _backward_of(self.function, self.wanted, self.seed),
        )
        return Halves(
            drop_unread(first, liveness(first, self.sweeps.recorded.families)), second, needs
        )

    def complete(
        self, block: Block, inside: Inside | None, before: list[Stmt], known: frozenset[Name]
    ) -> tuple[list[Stmt], list[Stmt]]:
        """Both sweeps of a block that ends the function.

        `before` is what the forward half did so far, `known` what the backward half has at hand.
        """
        last = block[-1]
        if isinstance(last, If) and returns_early(block, self.sweeps, self.wanted):
            first, again = self.sweeps.forward(block[:-1], inside, _stay), self.again(block[:-1])
            if _entry(Function("choice", (), (*again, Do(last.test))), self.sweeps) <= known:
                so_far = [*before, *first]
                found = known.union(stmt.target for stmt in again if isinstance(stmt.target, Name))
                then, then_back = self.complete(last.then, Inside(last, 0), so_far, found)
                rest, rest_back = self.complete(last.orelse, Inside(last, 1), so_far, found)
                origin = last.origin.again()
                choice = replace(last, then=tuple(then), orelse=())
                back = If(last.test, tuple(then_back), (), origin)
                return [*first, choice, *rest], [*again, back, *rest_back]
        backward = _reversed(self.function, block, inside, self.sweeps, self.wanted)
        known -= frozenset(map(Name, assigned(block)))
        kept = _in_order(_entry(Function("sweep", (), backward), self.sweeps) - known)

        def leave(stmt: Return) -> list[Stmt]:
            return [_kept(kept, self.stack), stmt] if kept else [stmt]

        lines = self.sweeps.forward(block, inside, leave)
        tapes = new_tapes(block, inside, self.sweeps)
        done = [*_given(self.sweeps), *before]
        first = _all_bound(self.function, kept, tapes, done, lines, self.stack)
        taken = [_taken_back(kept, self.stack)] if kept else []
        return [*first, *lines], [*_with_own((*taken, *backward), block, self.sweeps)]

    def again(self, block: Block) -> list[Assign]:
        """Those of the statements before a choice that it takes little to run once more for its test."""
        return [
            replace(stmt, origin=stmt.origin.again())
            for stmt in block
            if isinstance(stmt, Assign) and all(map(is_light, subexpressions(stmt.value)))
        ]


def _stay(stmt: Return) -> list[Stmt]:
    raise AssertionError("no way through these statements returns")


def _all_read(function: Function, sweeps: Sweeps) -> tuple[Param, ...]:
    """Parameters for all that `function` reads before it gives it a value."""
    live = live_on_entry(function, sweeps.recorded.families)
    return tuple(Param(id, role=role) for id, role in sorted(live))  # type: ignore[arg-type]


def _forward(
    function: Function, sweeps: Sweeps, wanted: Wanted, tape: Name, packed: tuple[Name, ...] | None
) -> Function:
    def leave(stmt: Return) -> list[Stmt]:
        return [stmt] if packed is None else [_kept(packed, tape), stmt]

    lines = sweeps.forward(function.body, None, leave)
    tapes = new_tapes(function.body, None, sweeps)
    first = _all_bound(function, packed or (), tapes, _given(sweeps), lines, tape)
    forward = Function(
        f"{wanted.name}_fwd",
        (*_plain_params(function), _param(tape)),
        (*_given(sweeps), *unset(sweeps), *first, *lines),
        _forward_of(function, wanted, tape),
    )
    return drop_unread(forward, liveness(forward, sweeps.recorded.families))


def _plain_params(function: Function) -> tuple[Param, ...]:
    return tuple(
        replace(
            param, annotation=None, default=None, keyword_only=False, positional_only=False, star=""
        )
        for param in function.params
    )


def _forward_of(function: Function, wanted: Wanted, tape: Name) -> str:
    call = f"{function.name}({', '.join(param.id for param in function.params)})"
    return f"{call}; appends to {plain_spelling(tape)} what {wanted.name}_bwd takes back."


def _all_bound(
    function: Function,
    kept: tuple[Name, ...],
    tapes: list[Stmt],
    before: list[Stmt],
    lines: list[Stmt],
    own: Name,
) -> list[Stmt]:
    """What makes sure that `kept` have values behind `lines`: new tapes but for its `own`, and None."""
    first = [line for line in tapes if _target(line) != own]
    bound = {_target(line) for line in first} | {Name(param.id) for param in function.params}
    lines = [*before, *lines]
    unsure = [name for name in kept if name not in bound and _in_branch_only(name, lines)]
    return [*first, *(Assign(name, Const("None")) for name in unsure)]


def _in_branch_only(name: Name, lines: list[Stmt]) -> bool:
    """Whether `name` gets its value in a branch or loop alone, so that it may be unbound at the end."""
    return not any(isinstance(line, Assign) and _binds(line, name) for line in lines)


def _binds(line: Assign, name: Name) -> bool:
    return line.target == name or (isinstance(line.target, Tuple) and name in line.target.items)


def _target(line: Stmt) -> Expr | None:
    return line.target if isinstance(line, Assign) else None


def _param(name: Name) -> Param:
    return Param(name.id, role=name.role)


def _params(needs: tuple[str, ...], tape: Name | None, seed: Name) -> tuple[Param, ...]:
    middle = () if tape is None else (_param(tape),)
    return (*(Param(name) for name in needs), *middle, _param(seed))


def unset(sweeps: Sweeps) -> list[Stmt]:
    """Something to record for variables that may not have been given a value by then."""
    return [Assign(Name(id), Const("None")) for id in sorted(sweeps.recorded.unbound)]


def new_tapes(block: Block, inside: Inside | None, sweeps: Sweeps) -> list[Stmt]:
    """Empty lists for the tapes that `block` records on."""
    return [Assign(tape, List(())) for tape in sweeps.tapes(block, inside)]


def empty_buffers(sweeps: Sweeps) -> list[Stmt]:
    """What the cotangents of parts are put into, for each variable whose parts have their own."""
    return [Assign(Name(name, "bar"), empty(name, kind)) for name, kind in sweeps.split.items()]


def gradients(
    wanted: Wanted, function: Function, sweeps: Sweeps, state: State, reverse: list[Stmt]
) -> Expr:
    """What the reverse sweep returns; entries of dicts that nothing reached are added to `reverse`."""
    results = []
    for name in wanted.wrt:
        kind = wanted.params.get(name, UNKNOWN)
        kind = sweeps.split.get(name, kind)
        if name in sweeps.split:
            for key in _parts(kind):
                if (name, key) not in state:
                    if isinstance(kind, MappingKind):
                        reverse += sweeps.zeros((name, key), {name: kind}, state)
                elif not state[name, key]:
                    entry = sweeps.place_expr((name, key), bar=True)
                    reverse.append(Assign(entry, _owned(entry)))
        bar = _gradient(name, kind, sweeps, state, name in _replaced(function))
        if (name,) in state or name in sweeps.split:
            if name in sweeps.kinds.complex_ids and not isinstance(kind, Container):
                bar = _left(bar, kind)
            else:
                bar = conjugated(bar, kind)
        results.append(_as_precise(bar, name, wanted, name in assigned(function.body)))
    alone = len(results) == 1 and wanted.seed is None
    return results[0] if alone else Tuple(tuple(results))


def _left(bar: Expr, kind: Kind) -> Expr:
    """The gradient that leaves the function: cotangents are conjugates of it in here.

    That of a real argument has an imaginary part where the parameter is given other numbers.
    """
    match bar:
        case Call(func=Attribute(value=value, name="copy")) if is_complex(kind):
            return conjugated(value, kind)
        case Call(func=Attribute(value=value, name="copy")):
            return replace(bar, func=Attribute(real_part(value), "copy"))
        case _ if is_complex(kind):
            return conjugated(bar, kind)
        case _ if isinstance(kind, Scalar):
            return real_part(bar)
        case _:
            return Call(Attribute(real_part(bar), "copy"))


def _parts(kind: Kind) -> tuple[str, ...]:
    match kind:
        case MappingKind(items=items):
            return tuple(key for key, _ in items or ())
        case Record(names=names):
            return names
        case _:
            return ()


def _given(sweeps: Sweeps) -> list[Stmt]:
    """Names for the arguments that are replaced before they are used: their gradient is zero."""
    return [Assign(holder, Name(name)) for name, holder in sweeps.given.items()]


def _replaced(function: Function) -> frozenset[str]:
    """The variables that are given other values than a copy of what came as the argument."""
    return assigned(tuple(stmt for stmt in function.body if not _is_own_copy(stmt)))


def _is_own_copy(stmt: Stmt) -> bool:
    match stmt:
        case Assign(target=Name(id=id), value=Call(func=Known(path=path), args=(value,))):
            return value == Name(id) and path in ("retrograd.runtime.copied", "numpy.copy")
        case _:
            return False


def _gradient(name: str, kind: Kind, sweeps: Sweeps, state: State, rebound: bool) -> Expr:
    bar = Name(name, "bar")

    def given() -> Name:
        """What came as the argument, if the parameter may hold something else by now."""
        if not rebound or isinstance(kind, Scalar):
            return Name(name)
        return sweeps.given.setdefault(name, Name(sweeps.fresh(f"{name}_given"), "made"))

    if name in sweeps.split:
        return _restructured(bar, given()) if isinstance(kind, Record) else bar
    if (name,) not in state:
        like = given()
        zero = zeros_like(like, kind)
        return _restructured(zero, like) if isinstance(kind, Container) or kind == UNKNOWN else zero
    if isinstance(kind, Container) or (kind == UNKNOWN and name in sweeps.buffers):
        return _restructured(bar, given())
    if isinstance(kind, Scalar) or state[(name,)]:
        return bar
    axes = isinstance(kind, Array) and kind.dims != ()
    return Call(Attribute(bar, "copy")) if axes else _owned(bar)


def _as_precise(bar: Expr, name: str, wanted: Wanted, rebound: bool) -> Expr:
    """The gradient `bar` in floats like those of the argument, where not all are float64."""
    kind = wanted.params.get(name, UNKNOWN)
    if not any(map(_holds_precise, wanted.params.values())):
        return bar
    match kind:
        case Scalar(precision=precision) | Array(precision=precision, dims=()):
            return Call(_float(precision), (bar,)) if precision else bar
        case Array(precision=precision, dtype=dtype):
            precision = precision or ("complex128" if dtype == "complex" else "")
            match bar:
                case Call(func=Attribute(value=value, name="copy")):
                    return Call(Attribute(value, "astype"), (_float(precision),))
                case _:
                    once = (("copy", Const("False")),)
                    return Call(Attribute(bar, "astype"), (_float(precision),), once)
        case _ if rebound or isinstance(bar, Call):
            return bar
        case _:
            return _restructured(bar, Name(name))


def _float(precision: str) -> Known:
    path = precision or "float64"
    return Known(f"numpy.{path}", f"np.{path}")


def _holds_precise(kind: Kind) -> bool:
    """Whether an argument is, or holds, floats other than float64."""
    match kind:
        case Scalar(precision=precision) | Array(precision=precision):
            return bool(precision)
        case SequenceKind(items=items, item=item):
            return any(map(_holds_precise, items if items is not None else (item,)))
        case MappingKind(items=pairs) | Record(fields=pairs):
            return any(_holds_precise(part) for _, part in pairs or ())
        case _:
            return False


def _owned(bar: Expr) -> Expr:
    """A cotangent that shares no memory with an argument or another result."""
    return Call(Known("retrograd.runtime.owned", "owned"), (bar,))


def _restructured(value: Expr, like: Name) -> Expr:
    """`value` with tuples and records where the argument `like` has them."""
    return Call(Known("retrograd.runtime.restructure", "restructure"), (value, like))


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"({', '.join(names)})"
