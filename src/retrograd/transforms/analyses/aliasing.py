"""Which variables may share memory, and whether an array may be written in place.

    b = a                b shares with a: writing to b is refused while a is still read
    b = a * 2.0          b is an array of its own
    c = [a, b]           c shares with both

A write to a variable that nobody else reads afterwards cannot be told from giving the variable a new
value: that is what the rest of the compiler takes it for. Where somebody else does read, it is
refused. Views that are surely views of one variable are resolved before (`resolve_views`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, assert_never

from retrograd.transforms.analyses.kinds_and_ranks import Env, Kinds
from retrograd.transforms.analyses.liveness import Liveness
from retrograd.transforms.analyses.own_containers import own_containers
from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.ir.kinds import UNKNOWN, Array, Kind, Other, Scalar, Sequence
from retrograd.transforms.ir.kinds import Mapping as MappingKind
from retrograd.transforms.ir.nodes import (
    Assert,
    Assign,
    Attribute,
    AugAssign,
    Binary,
    Block,
    Break,
    Call,
    Callee,
    Comment,
    Const,
    Continue,
    Define,
    Delete,
    Dict,
    Do,
    Expr,
    For,
    Function,
    If,
    IfExp,
    Import,
    Index,
    Known,
    List,
    Name,
    Outer,
    Pass,
    Raise,
    Return,
    Slice,
    Starred,
    Stmt,
    Target,
    Tuple,
    Unary,
    While,
    With,
)
from retrograd.transforms.ir.walk import (
    bound_names,
    children,
    places_written,
    root_of,
    statements,
    subexpressions,
    unpacked,
)
from retrograd.transforms.rules.application import hands_on, is_inactive, makes_new

#: One or two variables: two that may share memory, one that may hold the same array twice.
Pair: TypeAlias = frozenset[str]
Pairs: TypeAlias = frozenset[Pair]
Names: TypeAlias = frozenset[str]


@dataclass(frozen=True)
class Sharing:
    """The pairs of variables that may share memory, before every statement.

    `moves` are the variables of which one was given the memory of the other, at any time;
    `returns_twice` are the `return`s of a value with one object in two places.
    """

    before: Mapping[Stmt, Pairs]
    moves: Pairs
    returns_twice: frozenset[Stmt] = frozenset()

    def others(self, name: str, stmt: Stmt) -> frozenset[str]:
        """The variables that may share memory with `name` when `stmt` begins."""
        return frozenset().union(*(p - {name} for p in self.before.get(stmt, ()) if name in p))

    def has_twice(self, name: str, stmt: Stmt) -> bool:
        """Whether two elements of the container `name` may be the same object."""
        return frozenset({name}) in self.before.get(stmt, ())

    def families(self) -> Mapping[str, frozenset[str]]:
        """For each variable all that may have had its memory at any time, directly or not."""
        family: dict[str, frozenset[str]] = {}
        for pair in self.moves.union(*self.before.values()):
            joined = pair.union(*(family.get(name, frozenset()) for name in pair))
            family.update(dict.fromkeys(joined, joined))
        return family


#: Which parameters' memory the result of a user function may share, for arguments of these kinds.
HandsBack: TypeAlias = Callable[[Call, tuple[Kind, ...]], Iterable[int]]


def sharing(function: Function, kinds: Kinds, hands_back: HandsBack) -> Sharing:
    """Which variables of `function` may share memory; its arguments are taken to be apart."""
    flow = _Flow(function, kinds, hands_back)
    env = kinds.before[function.body[0]] if function.body else {}
    given = (param.id for param in function.params if _has_memory(env, param.id))
    flow.block(function.body, frozenset(frozenset({id, _given(id)}) for id in given))
    return Sharing(flow.before, frozenset(flow.moves), frozenset(flow.returns_twice))


def _outside(id: str) -> str:
    """What stands for the memory of a value from outside the function."""
    return f"<outside {id}>"


def _is_outside(name: str) -> bool:
    return name.startswith("<outside ")


def _given(id: str) -> str:
    """What stands for the memory of the argument `id`, whatever the parameter holds later."""
    return f"<{id}>"


#: Stands among the places of parameters for what lies outside the function.
OUTSIDE: Final = -1
#: Stands there if one object, or one piece of memory, may be in two places of the result.
TWICE: Final = -2


def handed_back(function: Function, kinds: Kinds, shares: Sharing) -> tuple[int, ...]:
    """The places of the parameters whose arguments' memory the result of `function` may share.

    `OUTSIDE` is among them if that may be memory from outside the function, `TWICE` if two parts of the
    result may share any.
    """
    reached: set[str] = set()
    twice = False
    for stmt in statements(function.body):
        if not isinstance(stmt, Return) or stmt not in kinds.before:
            continue
        if not isinstance(kinds.of(stmt.value, kinds.before[stmt]), Scalar | Other):
            for name in shared_by(stmt.value):
                reached |= shares.others(name, stmt) | {name}
            twice = twice or stmt in shares.returns_twice
    params = enumerate(function.params)
    places = [k for k, param in params if _given(param.id) in reached]
    places += [OUTSIDE] if any(map(_is_outside, reached)) else []
    return (*places, TWICE) if twice else tuple(places)


def written_arguments(
    function: Function, kinds: Kinds, shares: Sharing, *, rebinding: bool = False
) -> tuple[str, ...]:
    """The parameters into whose arguments' memory `function` may write.

    With `rebinding`, also where it does so by ``x += e``, which the derivative writes as ``x = x + e``.
    """
    reached: set[str] = set()
    own = own_containers(function)
    for stmt in statements(function.body):
        if stmt in kinds.before:
            for place in _written(stmt, kinds) if rebinding else places_written(stmt):
                root = root_of(place)
                if root is None or root.role:
                    continue
                if root.id not in own[stmt] or not _is_slot(place, root, stmt, kinds):
                    reached |= shares.others(root.id, stmt)
    return tuple(param.id for param in function.params if _given(param.id) in reached)


#: Of the arguments of a call of a user function, those whose memory its result may share.
HandedBack: TypeAlias = Callable[[Call], Iterable[Expr]]


def shared_by(
    expr: Expr,
    handed_back: HandedBack | None = None,
    is_number: Callable[[Expr], bool] = lambda expr: False,
) -> Iterator[str]:
    """The variables whose memory the value of `expr` may share; what `is_number` has none."""
    match expr:
        case Index() | Attribute() | Outer() if is_number(expr):
            return
        case Call(func=Callee()) if handed_back is not None:
            for arg in handed_back(expr):
                yield from shared_by(arg, handed_back, is_number)
        case Name(id=id, role=role):
            if not role:
                yield id
        case Outer(id=id):
            yield _outside(id)
        case _ if (is_inactive(expr) and not hands_on(expr)) or (
            makes_new(expr) and not _repeats(expr)
        ):
            return
        case Attribute(value=value) | Index(value=value):
            yield from shared_by(value, handed_back, is_number)
        case Call(func=Known(path=path), args=(value, _)) if path in _AFTER_A_MODEL:
            yield from shared_by(value, handed_back, is_number)
        case Call(func=Attribute(value=value), args=args, kwargs=kwargs):  # a view of its object
            for part in (value, *args, *(part for _, part in kwargs)):
                yield from shared_by(part, handed_back, is_number)
        case IfExp(then=then, orelse=orelse):
            yield from shared_by(then, handed_back, is_number)
            yield from shared_by(orelse, handed_back, is_number)
        case _:
            for part in children(expr):
                yield from shared_by(part, handed_back, is_number)


#: What gives its first operand the form of the second, and nothing that is in that.
_AFTER_A_MODEL = frozenset({"retrograd.runtime.restructure", "retrograd.runtime.unbroadcast"})


def _numeric(function: Function) -> Names:
    """The variables that arithmetic alone gives their values: numbers and arrays, no containers."""
    found: dict[str, bool] = {param.id: False for param in function.params}
    for stmt in statements(function.body):
        match stmt:
            case Assign(target=Name(id=id), value=value):
                found[id] = found.get(id, True) and makes_new(value) and not _repeats(value)
            case Assign(target=target) | For(target=target):
                found.update(dict.fromkeys(bound_names(target), False))
            case _:
                pass
    return frozenset(name for name, numeric in found.items() if numeric)


def _repeats(expr: Expr) -> bool:
    """Whether `expr` puts together or repeats displayed containers, whose items it shares."""
    match expr:
        case Binary(op="+" | "*", left=left, right=right):
            return any(isinstance(part, List | Tuple) or _repeats(part) for part in (left, right))
        case _:
            return False


class _Flow:
    def __init__(self, function: Function, kinds: Kinds, handed_back: HandsBack) -> None:
        self.kinds = kinds
        self.handed_back = handed_back
        self.numeric = _numeric(function)
        self.before: dict[Stmt, Pairs] = {}
        self.moves: set[Pair] = set()
        self.returns_twice: set[Stmt] = set()

    def block(self, block: Block, pairs: Pairs) -> Pairs:
        for stmt in block:
            self.before[stmt] = pairs = pairs | self.before.get(stmt, frozenset())
            pairs = self.after(stmt, pairs)
        return pairs

    def after(self, stmt: Stmt, pairs: Pairs) -> Pairs:
        match stmt:
            case Assign(target=target, value=value):
                return self.assigned(stmt, target, value, pairs)
            case Do(value=value):
                return self.method(stmt, value, pairs)
            case For(target=target, iterable=iterable, body=body):
                pairs = _without(pairs, bound_names(target))
                return self.loop(_joined(pairs, bound_names(target), shared_by(iterable)), body)
            case While(body=body):
                return self.loop(pairs, body)
            case With(body=body):
                return self.block(body, pairs)
            case If(then=then, orelse=orelse):
                return self.block(then, pairs) | self.block(orelse, pairs)
            case Return(value=value):
                if self.twice(stmt, value, self.sources(stmt, value), pairs):
                    self.returns_twice.add(stmt)
                return pairs
            case AugAssign() | Pass() | Comment() | Raise() | Assert():
                return pairs
            case Break() | Continue() | Import() | Delete() | Define():
                return pairs
            case _:
                assert_never(stmt)

    def assigned(self, stmt: Stmt, target: Target, value: Expr, pairs: Pairs) -> Pairs:
        match target, value:
            case Tuple(items=targets), Tuple(items=values) | List(
                items=values
            ) if parts := unpacked(targets, values):
                return self.given(stmt, parts, pairs)
            case Index() | Attribute(), _:
                return self.into_container(stmt, target, value, pairs)
            case _:
                return self.given(stmt, [(target, value)], pairs)

    def given(self, stmt: Stmt, parts: list[tuple[Target, Expr]], pairs: Pairs) -> Pairs:
        """`pairs` after `stmt` gave the variables of each target its value, all at once."""
        bound = frozenset(name for target, _ in parts for name in bound_names(target))
        found = set(_without(pairs, bound))
        before: list[tuple[tuple[str, ...], list[str]]] = []
        for target, value in parts:
            sources = self.sources(stmt, value)
            twice = self.twice(stmt, value, sources, pairs)
            new = self.holding(stmt, bound_names(target), frozenset(_starred_in(target)))
            self.moves |= {frozenset({n, s}) for n in new for s in sources}
            reached = {q for s in sources for q in (s, *_partners(s, pairs))} - bound
            found |= {frozenset({n, q}) for n in new for q in reached}
            if twice:
                found |= {frozenset({n}) for n in new}
            if twice or (sources and not self.keeps_apart(stmt, value)):
                found |= {frozenset({p, q}) for p in new for q in new if p != q}
            for names, others in before:
                if any(s == t or frozenset({s, t}) in pairs for s in sources for t in others):
                    found |= {frozenset({p, q}) for p in new for q in names if p != q}
            before.append((new, sources))
        return frozenset(found)

    def sources(self, stmt: Stmt, value: Expr) -> list[str]:
        """The variables whose arrays or containers the value of `value` may share."""
        env = self.kinds.before.get(stmt, {})
        kind = self.kinds.of(value, env)
        if not _holds_memory(kind):
            return []
        if isinstance(value, Tuple | List):
            return [name for item in value.items for name in self.sources(stmt, item)]
        if _is_array_of_items(value, kind, lambda arg: self.kinds.of(arg, env)):
            return []
        if _is_new_container(value, kind) and not any(map(_holds_memory, _items_of(kind))):
            return []
        if isinstance(value, Binary) and isinstance(kind, Sequence | MappingKind):
            return [*self.sources(stmt, value.left), *self.sources(stmt, value.right)]

        def handed_back(call: Call) -> Iterable[Expr]:
            assert isinstance(call.func, Callee)
            outside = Outer(call.func.spelling)
            places = (place for place in self.places_of(call, env) if place != TWICE)
            return (outside if place == OUTSIDE else call.args[place] for place in places)

        def is_number(part: Expr) -> bool:
            return isinstance(self.kinds.of(part, env), Scalar | Other)

        found = shared_by(value, handed_back, is_number)
        return [name for name in found if _has_memory(env, name)]

    def places_of(self, call: Call, env: Env) -> Iterable[int]:
        """What `HandsBack` says of a call where the variables are as `env` says."""
        return self.handed_back(call, tuple(self.kinds.of(arg, env) for arg in call.args))

    def keeps_apart(self, stmt: Stmt, value: Expr) -> bool:
        """Whether the items of `value` are those of a container, which is known to hold none twice."""
        if not isinstance(self.kinds.of(value, self.kinds.before.get(stmt, {})), Sequence):
            return False
        match value:
            case Name() | Index() | Attribute() | Call(func=Callee() | Attribute(name="pop")):
                return True
            case _:
                return False

    def holding(
        self, stmt: Stmt, bound: Iterable[str], lists: Names = frozenset()
    ) -> tuple[str, ...]:
        """Those of the variables `bound` by `stmt` that hold more than a number.

        `lists` are given new lists, which hold that if their items do.
        """
        after = self.kinds.after.get(stmt, {})
        return tuple(
            name
            for name in bound
            if _has_memory(after, name)
            and (name not in lists or any(map(_holds_memory, _items_of(after.get(name, UNKNOWN)))))
        )

    def twice(self, stmt: Stmt, value: Expr, sources: list[str], pairs: Pairs) -> bool:
        """Whether a container made by `value` may hold one object twice."""
        env = self.kinds.before.get(stmt, {})
        if any(
            isinstance(part, Call)
            and isinstance(part.func, Callee)
            and TWICE in self.places_of(part, env)
            for part in subexpressions(value)
        ):
            return True
        if any(frozenset({name}) in pairs for name in sources) or len(set(sources)) < len(sources):
            return True
        repeated = isinstance(value, Binary) and value.op == "*" and _repeats(value)
        return (repeated and _holds_containers(value)) or any(
            frozenset({p, q}) in pairs for p in sources for q in sources if p != q
        )

    def method(self, stmt: Stmt, value: Expr, pairs: Pairs) -> Pairs:
        """What ``x.append(e)`` and its like make `x` share with."""
        match value:
            case Call(func=Attribute(value=place), args=args) if places_written(stmt):
                for arg in args:
                    pairs = self.into_container(stmt, place, arg, pairs)
        return pairs

    def into_container(self, stmt: Stmt, place: Expr, value: Expr, pairs: Pairs) -> Pairs:
        """``c[k] = value``: an array copies what it is given, a container keeps it."""
        root = root_of(place)
        env = self.kinds.before.get(stmt, {})
        if root is None or root.role:
            return pairs
        if isinstance(place, Index) and (
            isinstance(self.kinds.of(place.value, env), Array) or root.id in self.numeric
        ):
            return pairs
        sources = self.sources(stmt, value)
        known = any(s == root.id or frozenset({s, root.id}) in pairs for s in sources)
        if known or self.twice(stmt, value, sources, pairs):
            pairs |= {frozenset({root.id})}
        return _joined(pairs, (root.id,), [s for s in sources if s != root.id])

    def loop(self, pairs: Pairs, body: Block) -> Pairs:
        while True:
            joined = pairs | self.block(body, pairs)
            if joined == pairs:
                return pairs
            pairs = joined


def _starred_in(target: Expr) -> Iterator[str]:
    """The variables that `target` gives lists of what the other targets leave."""
    match target:
        case Starred(value=Name(id=id)):
            yield id
        case Tuple(items=items):
            for item in items:
                yield from _starred_in(item)
        case _:
            return


def _is_new_container(value: Expr, kind: Kind) -> bool:
    """Whether `value` makes a container of its own out of items that others may hold too."""
    if not isinstance(kind, Sequence | MappingKind):
        return False
    match value:
        case List() | Tuple() | Dict() | Binary() | Index(index=Slice()):
            return True
        case Call(func=Known(path="list" | "tuple" | "dict")):
            return True
        case _:
            return False


def _is_array_of_items(value: Expr, kind: Kind, of: Callable[[Expr], Kind]) -> bool:
    """Whether `value` is an array that a function of NumPy made of a list, whose items it copies."""
    match value:
        case Call(func=Known(path=path), args=(items, *_)) if path.startswith("numpy."):
            return isinstance(kind, Array) and isinstance(of(items), Sequence)
        case _:
            return False


def _items_of(kind: Kind) -> tuple[Kind, ...]:
    """The kinds of what a container of `kind` holds."""
    match kind:
        case Sequence(items=items, item=item):
            return (item,) if items is None else items
        case MappingKind(items=items) if items is not None:
            return tuple(item for _, item in items)
        case _:
            return (UNKNOWN,)


def _holds_memory(kind: Kind) -> bool:
    """Whether what a container of `kind` holds may be more than numbers."""
    match kind:
        case Scalar() | Other():
            return False
        case Sequence(form="tuple", items=items, item=item):
            return _holds_memory(item) if items is None else any(map(_holds_memory, items))
        case _:
            return True


def _has_memory(env: Env, name: str) -> bool:
    kind: Kind | None = env.get(name)
    return not isinstance(kind, Scalar | Other)


def _holds_containers(expr: Expr) -> bool:
    """Whether a displayed container in `expr` has items that are more than literals."""
    return any(
        not isinstance(item, Const | Unary)
        for part in children(expr)
        if isinstance(part, List | Tuple)
        for item in part.items
    )


def _partners(name: str, pairs: Pairs) -> Names:
    return frozenset().union(*(pair - {name} for pair in pairs if name in pair))


def _without(pairs: Pairs, names: Iterable[str]) -> Pairs:
    gone = frozenset(names)
    return frozenset(pair for pair in pairs if not pair & gone)


def _joined(pairs: Pairs, new: Iterable[str], sources: Iterable[str]) -> Pairs:
    """`pairs` after the variables `new` came to share with `sources`, and with what these share with."""
    found = set(pairs)
    for source in sources:
        for name in new:
            found.add(frozenset({name, source}))
            found.update(frozenset({name, other}) for other in _partners(source, pairs))
    return frozenset(found)


# ---------------------------------------------------------------- what must not be written


def is_scalar(stmt: AugAssign, kinds: Kinds) -> bool:
    """Whether an augmented assignment surely is to a number, which it replaces."""
    return stmt in kinds.after and isinstance(
        kinds.of(stmt.target, kinds.before[stmt]), Scalar | Other
    )


def check_writes(
    function: Function, kinds: Kinds, shares: Sharing, live: Liveness, report: Diagnostics
) -> None:
    """A write in place must not change what another variable is still read for."""
    own = own_containers(function)
    for stmt in statements(function.body):
        if stmt not in kinds.before:
            continue
        env = kinds.before[stmt]
        for place in _written(stmt, kinds):
            root = root_of(place)
            if root is None or root.role:
                continue
            if _is_in_a_copy(place, stmt, kinds):
                label = "this may write into a copy"
                report.refuse("RG401", stmt.origin.span, label)
                continue
            shallow = changes_slots(place, kinds, env) and not _may_augment(stmt, kinds, env)
            readers = sorted(
                name
                for name in shares.others(root.id, stmt)
                if (name, "") in live.after[stmt]
                and not (root.id in own[stmt] and _is_slot(place, root, stmt, kinds))
                and not _is_rebound(name, stmt)
                and not (shallow and isinstance(env.get(name), Array))
            )
            whole = kinds.of(place.value, env) if isinstance(place, Index) else None
            if isinstance(whole, Scalar) or (isinstance(whole, Array) and whole.dims == ()):
                what = (
                    "a number has no places"
                    if isinstance(whole, Scalar)
                    else "this array has no axes"
                )
                report.refuse("RG401", stmt.origin.span, what)
                continue
            deep = isinstance(place, Index | Attribute) and not isinstance(place.value, Name)
            outside = next(
                (n for n in shares.others(root.id, stmt) if n.startswith("<outside")), ""
            )
            if outside:
                label = f"`{root.id}` may be `{outside.removeprefix('<outside ')[:-1]}`"
                report.refuse("RG404", stmt.origin.span, label)
            elif readers:
                label = f"`{root.id}` may share memory with `{readers[0]}`"
                report.refuse("RG402", stmt.origin.span, label)
            elif deep and shares.has_twice(root.id, stmt):
                label = f"`{root.id}` may hold one object in two places"
                report.refuse("RG402", stmt.origin.span, label)


def _is_slot(place: Expr, root: Name, stmt: Stmt, kinds: Kinds) -> bool:
    """Whether a write to `place` changes which items the list or dict `root` holds, and no item."""
    env = kinds.before[stmt]
    if not changes_slots(place, kinds, env) or _may_augment(stmt, kinds, env):
        return False
    return place == root or (isinstance(place, Index) and place.value == root and _stores(stmt))


def _stores(stmt: Stmt) -> bool:
    return isinstance(stmt, Assign | AugAssign) and isinstance(stmt.target, Index)


def _is_in_a_copy(place: Expr, stmt: Stmt, kinds: Kinds) -> bool:
    """Whether a write to `place` may go into a copy: of items of a list, or of picked elements."""
    if isinstance(stmt, Assign | AugAssign | Delete) and isinstance(place, Index | Attribute):
        target = stmt.targets if isinstance(stmt, Delete) else (stmt.target,)
        place = place.value if any(place in subexpressions(part) for part in target) else place
    env = kinds.before[stmt]
    while isinstance(place, Index | Attribute):
        if isinstance(place, Index):
            parts = place.index.items if isinstance(place.index, Tuple) else (place.index,)
            sliced = any(isinstance(part, Slice) for part in parts)
            if sliced and not isinstance(kinds.of(place.value, env), Array):
                return True
            if any(isinstance(kinds.of(part, env), Array | Sequence) for part in parts):
                return True
        place = place.value
    return False


def changes_slots(place: Expr, kinds: Kinds, env: Env) -> bool:
    """Whether writing to `place` changes which items a list, dict or record holds, and no array."""
    if isinstance(place, Attribute):
        return isinstance(kinds.of(place, env), Scalar)
    whole = place.value if isinstance(place, Index) else place
    return isinstance(kinds.of(whole, env), Sequence | MappingKind)


def _may_augment(stmt: Stmt, kinds: Kinds, env: Env) -> bool:
    """Whether `stmt` may change what stands in a slot, instead of putting another object there."""
    match stmt:
        case Assign(target=Index() | Attribute() as place, value=Binary(left=left)):
            return left == place and not isinstance(kinds.of(place, env), Scalar | Other)
        case _:
            return False


def _written(stmt: Stmt, kinds: Kinds) -> tuple[Expr, ...]:
    match stmt:
        case AugAssign(target=Name() as target) if not is_scalar(stmt, kinds):
            return (target,)
        case _:
            return places_written(stmt)


def _is_rebound(name: str, stmt: Stmt) -> bool:
    return isinstance(stmt, Assign) and name in bound_names(stmt.target)
