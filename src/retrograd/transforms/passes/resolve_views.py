"""Say of every view what it is a view of, where memory is written in place.

    row = a[i]                              row = a[i]
    row[j] = 2.0 * row[j - 1]      ->       a[i][j] = 2.0 * a[i][j - 1]
    b = a                                   b = a
    b *= 2.0                                a[...] = a[...] * 2.0

The statements keep their text, so that the forward sweep says `row`; the rest of the compiler sees
one variable. A name is resolved while it surely stands for that part. Where the variable or a
subscript is given another value, the part is held on to before:

    row = a[i]                              row = a[i]
    i = 0                          ->       index = i
    row[j] = 2.0                            i = 0
                                            a[index][j] = 2.0
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from retrograd.transforms.analyses.aliasing import is_scalar, shared_by
from retrograd.transforms.analyses.kinds_and_ranks import Env, Kinds, is_new_axis
from retrograd.transforms.ir.kinds import (
    UNKNOWN,
    Array,
    Container,
    Kind,
    Record,
    Scalar,
    Sequence,
)
from retrograd.transforms.ir.kinds import Mapping as MappingKind
from retrograd.transforms.ir.nodes import (
    Assert,
    Assign,
    Attribute,
    AugAssign,
    Binary,
    Block,
    Const,
    Delete,
    Do,
    Expr,
    For,
    Function,
    If,
    Index,
    Name,
    Raise,
    Return,
    Slice,
    Stmt,
    Target,
    Tuple,
    While,
    With,
)
from retrograd.transforms.ir.walk import (
    assigned,
    blocks,
    bound_names,
    content_names,
    cotangent_place,
    map_blocks,
    names,
    own_expressions,
    places_written,
    rewrite,
    root_of,
    statements,
    stored,
)
from retrograd.transforms.passes.interface import compiler_pass

#: The views that are known, by name.
Views: TypeAlias = Mapping[str, Expr]


@compiler_pass
def resolve_views(function: Function, kinds: Kinds, fresh: Callable[[str], str]) -> Function:
    """`function` with the views of what it writes in place resolved."""
    written, families = _written_families(function, kinds)
    if not written:
        return function
    body, _ = _Resolver(kinds, written, families, fresh).block(function.body, {})
    return replace(function, body=body)


def _written_families(
    function: Function, kinds: Kinds
) -> tuple[frozenset[str], Mapping[str, frozenset[str]]]:
    """The variables that are written in place, with those that may share memory; all such families."""
    family: dict[str, frozenset[str]] = {}
    found = set(stored(function.body))
    for stmt in statements(function.body):
        match stmt:
            case AugAssign(target=Name(id=id)) if stmt in kinds.before:
                if not is_scalar(stmt, kinds):
                    found.add(id)
            case Assign(target=target, value=value):
                joined = frozenset((*bound_names(target), *shared_by(value)))
                joined = joined.union(*(family.get(name, frozenset()) for name in joined))
                family.update(dict.fromkeys(joined, joined))
            case _:
                pass
    return frozenset(found).union(*(family.get(name, frozenset()) for name in found)), family


class _Resolver:
    """Goes through the statements with the views that hold there.

    `slotted` are those that look into a slot of a container, which may be given another object.
    """

    def __init__(
        self,
        kinds: Kinds,
        written: frozenset[str],
        families: Mapping[str, frozenset[str]],
        fresh: Callable[[str], str],
    ) -> None:
        self.kinds = kinds
        self.written = written
        self.families = families
        self.slotted: set[str] = set()
        self.fresh = fresh
        #: The kinds of the subscripts that are held on to, under names of our own.
        self.held: dict[str, Kind] = {}

    def block(self, block: Block, views: Views) -> tuple[Block, Views]:
        done: list[Stmt] = []
        for stmt in block:
            lines, views = self.holding_on(stmt, views)
            done += lines
            new, views = self.statement(stmt, views)
            views = self.kept(views, (stmt,), new)
            done.append(new)
        return tuple(done), views

    def holding_on(self, stmt: Stmt, views: Views) -> tuple[list[Stmt], Views]:
        """What keeps `views` the parts they are where `stmt` gives their variables other values."""
        changed = self.rebound((stmt,)) if views else frozenset()
        views = dict(views)
        lines: list[Stmt] = []
        for id in changed:
            views.pop(id, None)
        env = self.kinds.before.get(stmt, {})
        for id in sorted(changed & content_of(views.values())):
            index = Name(self.fresh(id))
            self.held[index.id] = env.get(id, UNKNOWN)
            lines.append(Assign(index, Name(id)))
            views = {view: _with_subscript(path, id, index) for view, path in views.items()}
        for root in sorted(changed & {_root_id(path) for path in views.values()}):
            whole = next((id for id, path in views.items() if path == Name(root)), None)
            for id, path in list(views.items()):
                if _root_id(path) == root and whole in (None, id):
                    lines.append(Assign(Name(id), path))
                    del views[id]
                    self.slotted.discard(id)
            if whole is not None:
                views = {id: _with_root(path, root, Name(whole)) for id, path in views.items()}
        return lines, views

    def kept(self, views: Views, written: Block, resolved: Stmt | None = None) -> Views:
        """`views` without those that the writes of `written` make another part, or none.

        A write to what a subscript reads does, and one to a slot that the view looks into, unless
        it goes deeper, as `resolved` shows.
        """
        for stmt in statements(written):
            env = self.kinds.before.get(stmt)
            if env is None or not views:
                continue
            deeper = places_written(resolved) if stmt in written and resolved is not None else ()
            for place in places_written(stmt):
                root = root_of(place)
                if root is None or root.role:
                    continue
                family = self.families.get(root.id, frozenset()) | {root.id}
                into = place.value if isinstance(place, Index | Attribute) else place
                slot = not isinstance(self.kinds.of(into, env), Array)
                views = {
                    id: path
                    for id, path in views.items()
                    if not content_names(cotangent_place(path)) & family
                    and not (
                        slot
                        and id in self.slotted
                        and _root_id(path) in family
                        and not any(path in _around(other) for other in deeper)
                    )
                }
        return views

    def statement(self, stmt: Stmt, views: Views) -> tuple[Stmt, Views]:
        if stmt not in self.kinds.before:
            return stmt, views
        env = self.kinds.before[stmt]
        match stmt:
            case Assign(target=target, value=value):
                new = self.resolved(stmt, views)
                assert isinstance(new, Assign)
                views = _without(views, frozenset(bound_names(target)))
                bound = frozenset(bound_names(target))
                for name, path in _pairs(target, new.value):
                    if self.is_view(name, path, stmt, env) and not names(path) & bound:
                        views = {**views, name: path}
                        self.slotted.discard(name)
                        if self.has_slot(path, env):
                            self.slotted.add(name)
                return new, views
            case AugAssign(target=Name(id=id) as target, op=op, value=value):
                place = views.get(id)
                seen = any(id in names(path) for path in views.values())
                if (place is None and not seen) or is_scalar(stmt, self.kinds):
                    gone = frozenset({id}) if is_scalar(stmt, self.kinds) else frozenset()
                    return self.resolved(stmt, views), _without(views, gone)
                if not isinstance(self.kinds.of(target, env), Array):
                    return self.resolved(stmt, views), views
                whole = Index(place or target, Const("..."))
                if isinstance(place, Index) and isinstance(self.kinds.of(place.value, env), Array):
                    whole = place
                value = self.put(value, views)
                reads = frozenset({id}) | (names(stmt.value) & views.keys())
                origin = replace(stmt.origin, reads=stmt.origin.reads | reads)
                return Assign(whole, Binary(op, whole, value), origin), views
            case For(target=target, body=body):
                new = self.resolved(stmt, views)
                inside = _without(views, self.rebound(body) | frozenset(bound_names(target)))
                inside = self.kept(inside, body)
                return self.within(new, inside), inside
            case While(body=body):
                inside = self.kept(_without(views, self.rebound(body)), body)
                return self.within(self.resolved(stmt, inside), inside), inside
            case If(then=then, orelse=orelse):
                new = self.resolved(stmt, views)
                assert isinstance(new, If)
                first, after = self.block(then, views)
                second, other = self.block(orelse, views)
                views = {id: path for id, path in after.items() if other.get(id) == path}
                return replace(new, then=first, orelse=second), views
            case With(body=body):
                body, after = self.block(body, views)
                new = self.resolved(stmt, views)
                assert isinstance(new, With)
                return replace(new, body=body), after
            case _:
                return self.resolved(stmt, views), views

    def rebound(self, body: Block) -> frozenset[str]:
        """The variables to which `body` gives other values, not those whose array it changes."""
        found: set[str] = set()
        for stmt in statements(body):
            match stmt:
                case AugAssign(target=Name(id=id)):
                    env = self.kinds.before.get(stmt, {})
                    if not isinstance(env.get(id), Array):
                        found.add(id)
                case _ if not blocks(stmt) or isinstance(stmt, For):
                    own = map_blocks(stmt, lambda block: ())
                    found |= assigned((own,))
                case _:
                    pass
        return frozenset(found)

    def within(self, stmt: Stmt, views: Views) -> Stmt:
        return map_blocks(stmt, lambda block: self.block(block, views)[0])

    def resolved(self, stmt: Stmt, views: Views) -> Stmt:
        """`stmt` itself with the views in its own expressions resolved; its text stays."""

        def put(expr: Expr) -> Expr:
            return self.put(expr, views)

        match stmt:
            case Assign(target=target, value=value):
                new: Stmt = replace(stmt, target=self.target(target, views), value=put(value))
            case (
                AugAssign(value=value) | Return(value=value) | Do(value=value) | Raise(value=value)
            ):
                new = replace(stmt, value=put(value))
            case For(iterable=iterable):
                new = replace(stmt, iterable=put(iterable))
            case While(test=test) | If(test=test):
                new = replace(stmt, test=put(test))
            case Assert(test=test, message=message):
                new = replace(
                    stmt, test=put(test), message=None if message is None else put(message)
                )
            case Delete(targets=targets):
                new = replace(stmt, targets=tuple(map(put, targets)))
            case With(context=context):
                new = replace(stmt, context=put(context))
            case _:
                return stmt
        read = _own_names(stmt) & views.keys()
        if not read or new.origin.spelling is None:
            return new
        return replace(new, origin=replace(new.origin, reads=new.origin.reads | read))

    def put(self, expr: Expr, views: Views) -> Expr:
        if not views:
            return expr
        return rewrite(
            expr,
            lambda part: (
                views.get(part.id, part) if isinstance(part, Name) and not part.role else part
            ),
        )

    def target(self, target: Target, views: Views) -> Target:
        """The views in the places that `target` writes resolved; names that it binds stay."""
        match target:
            case Index() | Attribute():
                place = self.put(target, views)
                assert isinstance(place, Index | Attribute)
                return place
            case Tuple(items=items):
                return replace(
                    target,
                    items=tuple(
                        self.target(item, views) if isinstance(item, Target) else item
                        for item in items
                    ),
                )
            case _:
                return target

    def is_view(self, id: str, path: Expr, stmt: Stmt, env: Env) -> bool:
        """Whether `id` now stands for the part `path` of a variable that is written somewhere."""
        root = root_of(path)
        if root is None or root.role or not ({id, root.id} & self.written):
            return False
        if not isinstance(self.kinds.after[stmt].get(id), Array | Container):
            return False
        return self.is_path(path, env)

    def is_path(self, path: Expr, env: Env) -> bool:
        """Whether `path` surely is a part of its variable and no copy of it."""
        match path:
            case Name():
                return True
            case Index(value=value, index=index):
                kind = self.kinds.of(value, env)
                match kind:
                    case Array():
                        parts = index.items if isinstance(index, Tuple) else (index,)
                        sure = all(self.is_basic(part, env) for part in parts)
                    case Sequence() | MappingKind():
                        sure = not isinstance(index, Slice)
                    case _:
                        sure = False
                return sure and self.is_path(value, env)
            case Attribute(value=value, name=name, is_field=is_field):
                whole = self.kinds.of(value, env)
                sure = isinstance(whole, Record) if is_field else name == "T"
                return sure and (is_field or isinstance(whole, Array)) and self.is_path(value, env)
            case _:
                return False

    def has_slot(self, path: Expr, env: Env) -> bool:
        """Whether `path` looks into a slot of a container."""
        return any(
            not isinstance(self.kinds.of(part.value, env), Array)
            for part in _chain(path)
            if isinstance(part, Index | Attribute)
        )

    def is_basic(self, subscript: Expr, env: Env) -> bool:
        if isinstance(subscript, Slice | Const) or is_new_axis(subscript):
            return True
        return isinstance(self.kinds.of(subscript, {**env, **self.held}), Scalar)


def _pairs(target: Target, value: Expr) -> Iterator[tuple[str, Expr]]:
    """The names that an assignment binds, each with the expression for its value."""
    match target, value:
        case Name(id=id), _:
            yield id, value
        case Tuple(items=targets), Tuple(items=values) if len(targets) == len(values):
            for item, part in zip(targets, values, strict=True):
                if isinstance(item, Name | Tuple):
                    yield from _pairs(item, part)
        case _:
            pass


def _chain(place: Expr) -> Iterator[Expr]:
    """``a[i].b``, ``a[i]`` and ``a``."""
    yield place
    while isinstance(place, Index | Attribute):
        place = place.value
        yield place


def _around(place: Expr) -> tuple[Expr, ...]:
    """The parts that `place` is a part of."""
    return tuple(_chain(place))[1:]


def _root_id(path: Expr) -> str:
    root = root_of(path)
    assert root is not None
    return root.id


def content_of(paths: Iterable[Expr]) -> frozenset[str]:
    """The variables in the subscripts of `paths`."""
    return frozenset().union(*(content_names(cotangent_place(path)) for path in paths))


def _with_subscript(path: Expr, id: str, index: Name) -> Expr:
    """`path` with `index` for the variable `id` in its subscripts."""
    match path:
        case Index(value=value, index=subscript):
            new = rewrite(subscript, lambda part: index if part == Name(id) else part)
            return replace(path, value=_with_subscript(value, id, index), index=new)
        case Attribute(value=value):
            return replace(path, value=_with_subscript(value, id, index))
        case _:
            return path


def _with_root(path: Expr, root: str, new: Name) -> Expr:
    match path:
        case Name(id=id):
            return new if id == root else path
        case Index(value=value) | Attribute(value=value):
            return replace(path, value=_with_root(value, root, new))
        case _:
            return path


def _without(views: Views, changed: frozenset[str]) -> Views:
    """`views` without those that are, or depend on, variables given other values."""
    return {
        id: path for id, path in views.items() if id not in changed and not names(path) & changed
    }


def _own_names(stmt: Stmt) -> frozenset[str]:
    return frozenset(name for expr in own_expressions(stmt) for name in names(expr))
