"""Put forward and reverse sweep together: in one function (joint mode) or in two (split mode).

    def f_grad(x):                 def f_fwd(x, saved):           def f_bwd(x, saved, out_bar):
        forward sweep                  forward sweep                  ... = saved.pop()
        reverse sweep                  saved.append(...)              reverse sweep
        return x_bar                   return the value               return x_bar

A function that returns early, before anything has to be reversed, is differentiated branch by
branch; otherwise both sweeps run through the same branches, one after the other.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from retrograd.transforms.analyses.liveness import live_on_entry, liveness
from retrograd.transforms.analyses.partials import tape_of
from retrograd.transforms.analyses.to_be_recorded import Inside
from retrograd.transforms.ir.kinds import UNKNOWN, Array, Kind, Scalar, Sequence
from retrograd.transforms.ir.kinds import Mapping as MappingKind
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
    Known,
    List,
    Name,
    Param,
    Return,
    Stmt,
    Tuple,
)
from retrograd.transforms.ir.walk import assigned, statements
from retrograd.transforms.passes.drop_unread import drop_unread
from retrograd.transforms.passes.interface import compiler_pass
from retrograd.transforms.passes.sweeps import State, Sweeps, zeros_like


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the derivative is of and how it is called: `wrt` in the order of the result."""

    name: str
    wrt: tuple[str, ...]
    params: dict[str, Kind]
    with_value: bool = False


@compiler_pass
def joint(function: Function, sweeps: Sweeps, wanted: Wanted) -> Function:
    """The gradient of `function` in one function."""
    body = _Joint(function, sweeps, wanted).complete(function.body, None)
    of = (
        f"Value and gradient of `{function.name}`"
        if wanted.with_value
        else f"Gradient of `{function.name}`"
    )
    docstring = f"{of} with respect to {_listed(wanted.wrt)}."
    params = tuple(replace(param, annotation=None) for param in function.params)
    return Function(wanted.name, params, tuple(body), docstring)


@dataclass(frozen=True)
class _Joint:
    function: Function
    sweeps: Sweeps
    wanted: Wanted

    def complete(self, block: Block, inside: Inside | None) -> list[Stmt]:
        """Forward sweep, reverse sweep and return of a block that ends the function."""
        last = block[-1]
        if isinstance(last, If) and self.returns_early(block):
            sweep = self.sweeps.forward(block[:-1], inside, self.leave)
            origin = last.origin
            choice = replace(last, then=tuple(self.complete(last.then, Inside(last, 0))), orelse=())
            return [
                *sweep,
                replace(choice, origin=origin),
                *self.complete(last.orelse, Inside(last, 1)),
            ]
        forward = self.sweeps.forward(block, inside, self.leave)
        state: State = {}
        reverse = self.sweeps.reverse(block, inside, state, None)
        gradient = gradients(self.wanted, self.function, self.sweeps, state, reverse)
        value = self.sweeps.value
        result: Expr = Tuple((value, gradient)) if self.wanted.with_value else gradient
        return [
            *new_tapes(block, inside, self.sweeps),
            *forward,
            Comment(""),
            *empty_dicts(self.wanted, self.sweeps),
            *reverse,
            Return(result),
        ]

    def returns_early(self, block: Block) -> bool:
        """Whether `block` ends in returning branches and nothing before them needs to be reversed."""
        parts, recorded = self.sweeps.parts, self.sweeps.recorded
        return (
            any(isinstance(stmt, Return) for stmt in statements(block[-1:]))
            and not any(stmt in parts for stmt in statements(block[:-1]))
            and not assigned(block[:-1]).intersection(self.wanted.wrt)
            and not recorded.before[block[-1]]
        )

    def leave(self, stmt: Return) -> list[Stmt]:
        """What stands for a ``return`` in the forward sweep."""
        value = self.sweeps.value
        lines: list[Stmt] = [Assign(value, stmt.value, replace(stmt.origin, spelling=None))]
        if not isinstance(self.sweeps.kinds.result, Scalar):
            check = Call(Known("retrograd.runtime.require_scalar", "require_scalar"), (value,))
            lines.append(Do(check))
        return lines


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
    function: Function, sweeps: Sweeps, wanted: Wanted, seed: Name, fresh: Callable[[str], str]
) -> Halves:
    """`function` as a forward half that keeps what its backward half takes back.

    Without anything to keep there is no forward half: the function itself will do. A single tape is
    the caller's own, and values are popped; else the values and tapes go to it in one tuple.
    """
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
    target: Name | Tuple = kept[0] if len(kept) == 1 else Tuple(kept)
    unpack = Assign(target, Call(Attribute(tape, "pop")))
    body = (unpack, *backward.body)
    return Halves(forward, replace(backward, params=_params(needs, tape, seed), body=body), needs)


def _backward(
    function: Function, sweeps: Sweeps, wanted: Wanted, seed: Name
) -> tuple[Function, tuple[Name, ...], tuple[str, ...]]:
    """The backward half, the values it wants to be kept, and the parameters it wants again."""
    state: State = {}
    reverse = sweeps.reverse(function.body, None, state, None)
    result = gradients(wanted, function, sweeps, state, reverse)
    body = (*empty_dicts(wanted, sweeps), *reverse, Return(result))
    of = f"Gradient of `{function.name}` with respect to {_listed(wanted.wrt)}"
    backward = Function(f"{wanted.name}_bwd", (), body, f"{of}, times {seed.id}.")
    backward = replace(backward, params=_all_read(backward))
    backward = drop_unread(backward, liveness(backward))
    entry = {Name(param.id, param.role) for param in _all_read(backward)}
    intact = {param.id for param in function.params} - assigned(function.body)
    needs = tuple(p.id for p in function.params if Name(p.id) in entry and p.id in intact)
    kept = entry - {seed, *map(Name, needs)}
    return backward, tuple(sorted(kept, key=lambda name: (name.id, name.role))), needs


def _all_read(function: Function) -> tuple[Param, ...]:
    """Parameters for all that `function` reads before it gives it a value."""
    return tuple(Param(id, role=role) for id, role in sorted(live_on_entry(function)))  # type: ignore[arg-type]


def _forward(
    function: Function, sweeps: Sweeps, wanted: Wanted, tape: Name, packed: tuple[Name, ...] | None
) -> Function:
    def leave(stmt: Return) -> list[Stmt]:
        if packed is None:
            return [stmt]
        kept: Expr = packed[0] if len(packed) == 1 else Tuple(packed)
        return [Do(Call(Attribute(tape, "append"), (kept,))), stmt]

    lines = sweeps.forward(function.body, None, leave)
    first = [line for line in new_tapes(function.body, None, sweeps) if _target(line) != tape]
    bound = {_target(line) for line in first} | {Name(param.id) for param in function.params}
    unsure = [name for name in packed or () if name not in bound and _in_branch_only(name, lines)]
    none = [Assign(name, Const("None")) for name in unsure]
    call = f"{function.name}({', '.join(param.id for param in function.params)})"
    docstring = f"{call}; appends to {_tape_word(tape)} what {wanted.name}_bwd takes back."
    params = (
        *(replace(p, annotation=None, default=None, keyword_only=False) for p in function.params),
    )
    forward = Function(
        f"{wanted.name}_fwd", (*params, _param(tape)), (*first, *none, *lines), docstring
    )
    return drop_unread(forward, liveness(forward))


def _in_branch_only(name: Name, lines: list[Stmt]) -> bool:
    """Whether `name` gets its value in a branch or loop alone, so that it may be unbound at the end."""
    return not any(isinstance(line, Assign) and _binds(line, name) for line in lines)


def _binds(line: Assign, name: Name) -> bool:
    return line.target == name or (isinstance(line.target, Tuple) and name in line.target.items)


def _target(line: Stmt) -> Expr | None:
    return line.target if isinstance(line, Assign) else None


def _tape_word(tape: Name) -> str:
    return tape.id if tape.role == "made" else f"{tape.id}_{tape.role}"


def _param(name: Name) -> Param:
    return Param(name.id, role=name.role)


def _params(needs: tuple[str, ...], tape: Name | None, seed: Name) -> tuple[Param, ...]:
    middle = () if tape is None else (_param(tape),)
    return (*(Param(name) for name in needs), *middle, _param(seed))


def new_tapes(block: Block, inside: Inside | None, sweeps: Sweeps) -> list[Stmt]:
    """Empty lists for the tapes that `block` records on."""
    recorded = sweeps.recorded
    saves = list(recorded.top[inside]) if inside is not None else []
    tapes: list[Name] = []
    for stmt in statements(block):
        saves += recorded.before[stmt] + recorded.after[stmt]
        for branch in (0, 1):
            if (place := Inside(stmt, branch)) in recorded.top:
                saves += recorded.top[place]
        plan = sweeps.parts[stmt].call if stmt in sweeps.parts else None
        if plan is not None and plan.keeps:
            tapes.append(tape_of(plan))
    tapes += [save.tape for save in saves if save.repeated]
    return [Assign(tape, List(())) for tape in dict.fromkeys(tapes)]


def empty_dicts(wanted: Wanted, sweeps: Sweeps) -> list[Stmt]:
    """The dicts that cotangents of dict parameters are put into, entry by entry.

    They begin with the keys of the argument, in its order, whatever order the sweep fills them in.
    """
    return [
        Assign(Name(name, "bar"), Call(Attribute(Known("dict", "dict"), "fromkeys"), (Name(name),)))
        for name in wanted.params
        if name in sweeps.split_dicts
    ]


def gradients(
    wanted: Wanted, function: Function, sweeps: Sweeps, state: State, reverse: list[Stmt]
) -> Expr:
    """What the reverse sweep returns; entries of dicts that nothing reached are added to `reverse`."""
    results = []
    for name in wanted.wrt:
        kind = wanted.params.get(name, UNKNOWN)
        if name in sweeps.split_dicts and isinstance(kind, MappingKind):
            env = {name: kind}
            for key, _ in kind.items or ():
                if (name, key) not in state:
                    reverse += sweeps.zeros((name, key), env, state)
                elif not state[name, key]:
                    entry = sweeps.place_expr((name, key), bar=True)
                    reverse.append(Assign(entry, _owned(entry)))
        results.append(_gradient(name, kind, sweeps, state))
    return results[0] if len(results) == 1 else Tuple(tuple(results))


def _gradient(name: str, kind: Kind, sweeps: Sweeps, state: State) -> Expr:
    bar = Name(name, "bar")
    if name in sweeps.split_dicts:
        return bar
    if (name,) not in state:
        zero = zeros_like(Name(name), kind)
        return (
            _restructured(zero, name, kind)
            if isinstance(kind, Sequence | MappingKind) or kind == UNKNOWN
            else zero
        )
    if isinstance(kind, Sequence | MappingKind) or (kind == UNKNOWN and name in sweeps.buffers):
        return _restructured(bar, name, kind)
    if isinstance(kind, Scalar) or state[(name,)]:
        return bar
    return Call(Attribute(bar, "copy")) if isinstance(kind, Array) else _owned(bar)


def _owned(bar: Expr) -> Expr:
    """A cotangent that shares no memory with an argument or another result."""
    return Call(Known("retrograd.runtime.owned", "owned"), (bar,))


def _restructured(value: Expr, name: str, kind: Kind) -> Expr:
    """`value` with tuples where the argument has them."""
    return Call(Known("retrograd.runtime.restructure", "restructure"), (value, Name(name)))


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"({', '.join(names)})"
