"""Ways through a program: the parts of an expression, the statements of a block, renaming."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from operator import is_
from typing import Any, Final, TypeVar, assert_never

from retrograd.transforms.ir.memo import by_identity
from retrograd.transforms.ir.nodes import (
    Assert,
    Assign,
    Attribute,
    AugAssign,
    Binary,
    Block,
    BoolOp,
    Break,
    Call,
    Callee,
    Class,
    Comment,
    Compare,
    Comprehension,
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
    Lambda,
    List,
    Name,
    Named,
    Outer,
    Pass,
    Raise,
    Return,
    Slice,
    Starred,
    Stmt,
    Target,
    Text,
    Tuple,
    Unary,
    While,
    With,
)

E = TypeVar("E", bound=Expr)
N = TypeVar("N", bound=Expr | Stmt | Function)


#: The expressions without parts.
_LEAVES: Final = frozenset((Const, Name, Outer, Known, Callee, Class))


def children(expr: Expr) -> tuple[Expr, ...]:
    """The direct parts of `expr`, in the order in which Python evaluates them."""
    if type(expr) in _LEAVES:  # most of them, and quicker than a pattern
        return ()
    match expr:  # the frequent ones first
        case Call(func=func, args=args, kwargs=kwargs):
            return (func, *args, *(value for _, value in kwargs)) if kwargs else (func, *args)
        case Binary(left=left, right=right) | BoolOp(left=left, right=right):
            return (left, right)
        case Index(value=value, index=index):
            return (value, index)
        case Tuple(items=items) | List(items=items):
            return items
        case Attribute(value=value):
            return (value,)
        case Slice(start=start, stop=stop, step=step):
            return tuple(part for part in (start, stop, step) if part is not None)
        case Unary(operand=operand):
            return (operand,)
        case Compare(first=first, rest=rest):
            return (first, *rest)
        case IfExp(test=test, then=then, orelse=orelse):
            return (test, then, orelse)
        case Dict(items=pairs):
            return tuple(part for pair in pairs for part in pair)
        case Text(values=values):
            return values
        case Starred(value=value) | Named(value=value):
            return (value,)
        case Lambda(body=body):
            return (body,)
        case Comprehension(element=element, clauses=clauses):
            return (element, *(part for c in clauses for part in (c.iterable, *c.tests)))
        case Const() | Name() | Outer() | Known() | Callee() | Class():
            return ()
        case _:
            assert_never(expr)


def map_children(expr: Expr, f: Callable[[Expr], Expr]) -> Expr:
    """`expr` with `f` applied to each of its direct parts; `expr` itself if nothing changed."""
    old = children(expr)
    new = tuple(f(child) for child in old)
    if all(a is b for a, b in zip(old, new, strict=True)):
        return expr
    return with_children(expr, new)


def with_children(expr: Expr, new: tuple[Expr, ...]) -> Expr:
    """`expr` with other direct parts, in the order of `children`."""
    match expr:
        case Const() | Name() | Outer() | Known() | Callee() | Class():
            return expr
        case Unary():
            return replace(expr, operand=new[0])
        case Binary() | BoolOp():
            return replace(expr, left=new[0], right=new[1])
        case Compare():
            return replace(expr, first=new[0], rest=new[1:])
        case IfExp():
            return replace(expr, test=new[0], then=new[1], orelse=new[2])
        case Call(args=args, kwargs=kwargs):
            split = 1 + len(args)
            keys = (key for key, _ in kwargs)
            pairs = tuple(zip(keys, new[split:], strict=True))
            return replace(expr, func=new[0], args=new[1:split], kwargs=pairs)
        case Attribute():
            return replace(expr, value=new[0])
        case Index():
            return replace(expr, value=new[0], index=new[1])
        case Slice(start=start, stop=stop, step=step):
            parts = iter(new)
            start, stop, step = (
                None if part is None else next(parts) for part in (start, stop, step)
            )
            return replace(expr, start=start, stop=stop, step=step)
        case Tuple() | List():
            return replace(expr, items=new)
        case Dict():
            return replace(expr, items=tuple(zip(new[::2], new[1::2], strict=True)))
        case Text():
            return replace(expr, values=new)
        case Starred() | Named():
            return replace(expr, value=new[0])
        case Lambda():
            return replace(expr, body=new[0])
        case Comprehension(clauses=clauses):
            parts = iter(new[1:])
            filled = tuple(
                replace(c, iterable=next(parts), tests=tuple(next(parts) for _ in c.tests))
                for c in clauses
            )
            return replace(expr, element=new[0], clauses=filled)
        case _:
            assert_never(expr)


def altered(node: N, **fields: Any) -> N:
    """`node` with other `fields`; `node` itself if they are those that it has."""
    if all(_is_same(getattr(node, name), new) for name, new in fields.items()):
        return node
    return replace(node, **fields)


def _is_same(old: object, new: object) -> bool:
    """Whether two fields are one node, or the same nodes in order: equal ones are not enough."""
    if isinstance(old, tuple) and isinstance(new, tuple):
        return len(old) == len(new) and all(map(is_, old, new))
    return old is new


def rewrite(expr: Expr, f: Callable[[Expr], Expr]) -> Expr:
    """`expr` with `f` applied to every part, innermost first, and to itself."""
    return f(map_children(expr, lambda child: rewrite(child, f)))


@by_identity
def subexpressions(expr: Expr) -> tuple[Expr, ...]:
    """`expr` and everything inside it, outermost first."""
    found = []
    todo = [expr]
    while todo:
        part = todo.pop()
        found.append(part)
        if type(part) not in _LEAVES:
            todo.extend(reversed(children(part)))
    return tuple(found)


@by_identity
def names(expr: Expr) -> frozenset[str]:
    """The user's variables that `expr` reads; cotangents and other names of ours are not among them."""
    return frozenset(
        part.id for part in subexpressions(expr) if isinstance(part, Name) and not part.role
    )


#: Attributes that tell of an array what writing to its elements does not change.
_OUTER_ATTRIBUTES: Final = frozenset(("shape", "size", "ndim", "dtype", "itemsize", "nbytes"))
#: Functions that look at no element of their first argument.
_OUTER_FUNCTIONS: Final = frozenset(
    (
        *("len", "numpy.shape", "numpy.size", "numpy.ndim", "retrograd.runtime.zeros_like"),
        *("numpy.zeros_like", "numpy.ones_like", "numpy.empty_like", "numpy.full_like"),
    )
)


@by_identity
def content_names(expr: Expr) -> frozenset[str]:
    """The user's variables in `expr` that writing to their elements would make it another value."""
    match expr:
        case Name(id=id, role=role):
            return frozenset() if role else frozenset({id})
        case Attribute(value=Name(), name=name, is_field=False) if name in _OUTER_ATTRIBUTES:
            return frozenset()
        case Call(func=Known(path=path), args=(Name(), *rest)) if path in _OUTER_FUNCTIONS:
            return frozenset().union(*map(content_names, rest))
        case Call(func=Known(path="retrograd.runtime.unbroadcast"), args=(value, like)):
            return content_names(value) | content_names(_subscripts(like))
        case _:
            return frozenset().union(*map(content_names, children(expr)))


def _subscripts(place: Expr) -> Tuple:
    """The subscripts of ``a[i][j]``; of anything else, itself."""
    found: list[Expr] = []
    while isinstance(place, Index):
        found.append(place.index)
        place = place.value
    return Tuple(tuple(found) if isinstance(place, Name) else (*found, place))


def bound_names(target: Target) -> tuple[str, ...]:
    """The user's variables that an assignment to `target` rebinds; none for an element."""
    match target:
        case Name(id=id, role=role):
            return () if role else (id,)
        case Tuple(items=items):
            return tuple(
                id for item in items if isinstance(item, Target) for id in bound_names(item)
            )
        case Starred(value=value):
            return bound_names(value) if isinstance(value, Target) else ()
        case Index() | Attribute():
            return ()
        case _:
            assert_never(target)


def unpacked(targets: tuple[Expr, ...], values: tuple[Expr, ...]) -> list[tuple[Target, Expr]]:
    """The targets, each with what it is given of `values`: a starred one the list of the others.

    Empty where there are too few values or too many, which Python refuses.
    """
    star = next((k for k, item in enumerate(targets) if isinstance(item, Starred)), None)
    if star is not None and len(values) >= len(targets) - 1:
        behind = len(targets) - star - 1
        end = len(values) - behind
        values = (*values[:star], List(values[star:end]), *values[end:])
    if len(targets) != len(values):
        return []
    plain = (item.value if isinstance(item, Starred) else item for item in targets)
    pairs = zip(plain, values, strict=True)
    return [(target, value) for target, value in pairs if isinstance(target, Target)]


def part_of(targets: tuple[Expr, ...], k: int) -> Expr:
    """The subscript of what target number `k` is given of a value that is unpacked."""
    star = next((j for j, item in enumerate(targets) if isinstance(item, Starred)), len(targets))
    behind = len(targets) - k
    if k < star:
        return Const(str(k))
    if k > star:
        return Unary("-", Const(str(behind)))
    stop = Unary("-", Const(str(behind - 1))) if behind > 1 else None
    return Slice(Const(str(k)), stop, None)


def own_expressions(stmt: Stmt) -> tuple[Expr, ...]:
    """The expressions of `stmt` itself, not those of the statements inside it."""
    match stmt:
        case Assign(target=target, value=value):
            return (*_read_by_target(target), value)
        case AugAssign(target=target, value=value):
            return (target, value)
        case For(iterable=iterable):
            return (iterable,)
        case While(test=test) | If(test=test):
            return (test,)
        case With(context=context):
            return (context,)
        case Return(value=value) | Do(value=value) | Raise(value=value):
            return (value,)
        case Assert(test=test, message=message):
            return (test,) if message is None else (test, message)
        case Delete(targets=targets):
            return targets
        case Pass() | Comment() | Break() | Continue() | Import() | Define():
            return ()
        case _:
            assert_never(stmt)


def _read_by_target(target: Target) -> tuple[Expr, ...]:
    match target:
        case Name():
            return ()
        case Index() | Attribute():
            return (target,)
        case Tuple(items=items):
            return tuple(
                part for item in items if isinstance(item, Target) for part in _read_by_target(item)
            )
        case Starred(value=value):
            return _read_by_target(value) if isinstance(value, Target) else ()
        case _:
            assert_never(target)


def blocks(stmt: Stmt) -> tuple[Block, ...]:
    """The blocks directly inside `stmt`."""
    match stmt:
        case For(body=body, orelse=orelse) | While(body=body, orelse=orelse):
            return (body, orelse) if orelse else (body,)
        case With(body=body):
            return (body,)
        case If(then=then, orelse=orelse):
            return (then, orelse)
        case Assign() | AugAssign() | Return() | Do() | Pass() | Comment():
            return ()
        case Raise() | Assert() | Break() | Continue() | Import() | Delete() | Define():
            return ()
        case _:
            assert_never(stmt)


def map_blocks(stmt: Stmt, f: Callable[[Block], Block]) -> Stmt:
    """`stmt` with `f` applied to each block directly inside it; `stmt` itself if nothing changed."""
    match stmt:
        case For() | While():
            return altered(stmt, body=f(stmt.body), orelse=f(stmt.orelse) if stmt.orelse else ())
        case With():
            return altered(stmt, body=f(stmt.body))
        case If():
            return altered(stmt, then=f(stmt.then), orelse=f(stmt.orelse))
        case _:
            return stmt


def map_expressions(stmt: Stmt, f: Callable[[Expr], Expr]) -> Stmt:
    """`stmt` with `f` applied to each expression of its own, subscripts in its target among them.

    It is `stmt` itself if nothing changed.
    """
    match stmt:
        case Assign():
            return altered(stmt, target=_map_target(stmt.target, f), value=f(stmt.value))
        case AugAssign(target=target):
            place = target if isinstance(target, Name) else _map_target(target, f)
            assert isinstance(place, Name | Index | Attribute)
            return altered(stmt, target=place, value=f(stmt.value))
        case For():
            return altered(stmt, iterable=f(stmt.iterable))
        case While() | If():
            return altered(stmt, test=f(stmt.test))
        case With():
            return altered(stmt, context=f(stmt.context))
        case Return() | Do() | Raise():
            return altered(stmt, value=f(stmt.value))
        case Assert(message=message):
            message = None if message is None else f(message)
            return altered(stmt, test=f(stmt.test), message=message)
        case Delete():
            return altered(stmt, targets=tuple(map(f, stmt.targets)))
        case Pass() | Comment() | Break() | Continue() | Import() | Define():
            return stmt
        case _:
            assert_never(stmt)


def _map_target(target: Target, f: Callable[[Expr], Expr]) -> Target:
    match target:
        case Name():
            return target
        case Tuple(items=items):
            mapped = tuple(_map_target(i, f) if isinstance(i, Target) else i for i in items)
            return altered(target, items=mapped)
        case Starred(value=value) if isinstance(value, Target):
            return altered(target, value=_map_target(value, f))
        case Starred():
            return target
        case Index() | Attribute():
            place = f(target)
            assert isinstance(place, Index | Attribute)
            return place
        case _:
            assert_never(target)


def statements(block: Block) -> Iterator[Stmt]:
    """Every statement of `block`, outer before inner, in the order of the text."""
    for stmt in block:
        yield stmt
        for inner in blocks(stmt):
            yield from statements(inner)


def callees(function: Function) -> Iterator[Callee]:
    """The user functions that `function` names, also in functions inside it, as often as it does."""
    for inner in (function, *functions_inside(function.body)):
        for stmt in statements(inner.body):
            for expr in own_expressions(stmt):
                yield from (part for part in subexpressions(expr) if isinstance(part, Callee))


def functions_inside(block: Block) -> Iterator[Function]:
    """The functions that `block` defines, and those inside them."""
    for stmt in statements(block):
        if isinstance(stmt, Define):
            yield stmt.function
            yield from functions_inside(stmt.function.body)


#: Methods that change a list, dict or array in place.
_WRITING_METHODS: Final = frozenset(
    (
        *("append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse"),
        *("update", "setdefault", "popitem", "fill"),
    )
)


def root_of(place: Expr) -> Name | None:
    """The variable that ``a[i].b`` begins with; None where it begins with something else."""
    while isinstance(place, Index | Attribute):
        place = place.value
    return place if isinstance(place, Name) else None


def cotangent_place(place: Expr) -> Name | Index | Attribute:
    """``a_bar[i]`` for ``a[i]``."""
    match place:
        case Name(id=id):
            return Name(id, "bar")
        case Index(value=value) | Attribute(value=value):
            return replace(place, value=cotangent_place(value))
        case _:
            raise AssertionError(place)


def places_written(stmt: Stmt) -> tuple[Expr, ...]:
    """The parts of variables that `stmt` itself changes in place; a whole variable by a method."""
    match stmt:
        case Assign(target=target, value=value):
            return (*_places_in(target), *_written_by_method(value))
        case AugAssign(target=Index() | Attribute() as target, value=value):
            return (target, *_written_by_method(value))
        case Do(value=value):
            return _written_by_method(value)
        case Delete(targets=targets):
            return tuple(target for target in targets if isinstance(target, Index | Attribute))
        case _:
            return ()


def _places_in(target: Target) -> tuple[Expr, ...]:
    match target:
        case Index() | Attribute():
            return (target,)
        case Tuple(items=items):
            return tuple(
                place for item in items if isinstance(item, Target) for place in _places_in(item)
            )
        case _:
            return ()


def _written_by_method(expr: Expr) -> tuple[Expr, ...]:
    match expr:
        case Call(func=Attribute(value=value, name=name)) if name in _WRITING_METHODS:
            return (value,)
        case _:
            return ()


def stored(block: Block) -> frozenset[str]:
    """The user's variables whose contents `block` changes in place anywhere."""
    roots = (root_of(place) for stmt in statements(block) for place in places_written(stmt))
    return frozenset(root.id for root in roots if root is not None and not root.role)


def resized(block: Block) -> frozenset[str]:
    """The variables of which `block` may change the length in place."""
    found = set()
    for stmt in statements(block):
        for place in places_written(stmt):
            root = root_of(place)
            grown = isinstance(stmt, Do | Delete) or not isinstance(place, Index | Attribute)
            if root is not None and not root.role and grown:
                found.add(root.id)
    return frozenset(found)


def assigned(block: Block) -> frozenset[str]:
    """The variables that `block` rebinds anywhere."""
    found: set[str] = set()
    for stmt in statements(block):
        match stmt:
            case Assign(target=target) | For(target=target):
                found.update(bound_names(target))
            case AugAssign(target=Name() as target):
                found.update(bound_names(target))
            case _:
                pass
    return frozenset(found)


def locals_of(function: Function) -> frozenset[str]:
    """The variables of `function`: its parameters and all that it binds."""
    found = {param.id for param in function.params} | assigned(function.body)
    for stmt in statements(function.body):
        if isinstance(stmt, Define):
            found.add(stmt.function.name)
        for expr in own_expressions(stmt):
            found |= set(bound_inside(expr))
    return frozenset(found)


def bound_inside(expr: Expr) -> Iterator[str]:
    """The variables that evaluating `expr` binds, those of comprehensions included."""
    for part in subexpressions(expr):
        match part:
            case Named(target=Name(id=id)):
                yield id
            case Comprehension(clauses=clauses):
                for clause in clauses:
                    yield from bound_names(clause.target)
            case _:
                pass


def parameters_inside(expr: Expr) -> frozenset[str]:
    """The parameters of the lambdas in `expr`."""
    return frozenset(
        param.id
        for part in subexpressions(expr)
        if isinstance(part, Lambda)
        for param in part.params
    )


class Fresh:
    """Makes names that a function does not have yet: ``k``, ``k2``, ``k3``."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken

    def __call__(self, root: str) -> str:
        count = 1
        while (name := root if count == 1 else f"{root}{count}") in self.taken:
            count += 1
        self.taken.add(name)
        return name
