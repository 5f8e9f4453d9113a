"""What every variable may hold at every statement: scalar or array, of which rank and extents.

The facts flow forward from the kinds of the parameters. Where two paths meet, what they disagree on
is forgotten. They say what a name holds if it is bound; whether it is, Python finds out as ever.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from typing import Final, NamedTuple, TypeAlias, assert_never

from retrograd.transforms.analyses.tests_of_kinds import answer
from retrograd.transforms.ir.kinds import (
    ANY,
    BOOL,
    COMPLEX,
    EXCEPTION,
    FLOAT,
    INT,
    MANY,
    MAYBE_COMPLEX,
    NEVER,
    NONE,
    OF_SPARSE,
    ONE,
    SPARSE,
    TEXT,
    UNKNOWN,
    Array,
    Dim,
    DType,
    Kind,
    Never,
    Other,
    Record,
    Scalar,
    Sequence,
    holds_complex,
    is_complex,
    is_foreign,
    with_parts,
)
from retrograd.transforms.ir.kinds import Mapping as MappingKind
from retrograd.transforms.ir.memo import by_identity
from retrograd.transforms.ir.methods import Method, method_of
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
from retrograd.transforms.ir.walk import children, subexpressions
from retrograd.transforms.rules.application import application, is_inactive, is_replacement
from retrograd.transforms.rules.opaque import is_opaque, opaque_kind
from retrograd.transforms.rules.results import as_array, broadcast_dims, finished
from retrograd.transforms.rules.table import Bound, constant_kind, method_path, result_kind

Env: TypeAlias = Mapping[str, Kind]
#: The kind of a user function's result for the kinds of its arguments, or of a method's.
CalleeKind: TypeAlias = Callable[[Call, tuple[Kind, ...]], Kind]


@dataclass(frozen=True)
class Kinds:
    """The kind of every variable before and after every statement, and of the function's result."""

    before: Mapping[Stmt, Env]
    after: Mapping[Stmt, Env]
    result: Kind
    outers: Env
    callee: CalleeKind

    def of(self, expr: Expr, env: Env) -> Kind:
        """The kind of `expr` where the variables are as `env` says."""
        return kind_of(expr, env, self.outers, self.callee)

    def anywhere(self, expr: Expr) -> Kind:
        """The kind of `expr` wherever it stands in the function."""
        return self.of(expr, self.joined)

    @cached_property
    def complex_ids(self) -> frozenset[str]:
        """The variables that are somewhere, or hold there, what may be complex."""
        envs = (*self.before.values(), *self.after.values())
        return frozenset(id for env in envs for id, kind in env.items() if holds_complex(kind))

    @cached_property
    def joined(self) -> Env:
        """What holds at every statement."""
        everywhere: Env = {}
        for env in (*self.before.values(), *self.after.values()):
            everywhere = join_envs(everywhere, env)
        return everywhere


def kinds_and_ranks(function: Function, params: Env, outers: Env, callee: CalleeKind) -> Kinds:
    """The kinds in `function`, called with arguments of the kinds `params`."""
    inference = _Inference(outers, callee)
    inference.block(function.body, {p.id: params.get(p.id, UNKNOWN) for p in function.params})
    result = inference.result
    if result is None:
        result = NEVER if inference.stuck else NONE
    return Kinds(inference.before, inference.after, result, outers, callee)


class _Inference:
    def __init__(self, outers: Env, callee: CalleeKind) -> None:
        self.outers = outers
        self.callee = callee
        self.before: dict[Stmt, Env] = {}
        self.after: dict[Stmt, Env] = {}
        self.result: Kind | None = None
        #: Whether some way through the function ends in a call that gives nothing.
        self.stuck = False

    def of(self, expr: Expr, env: Env) -> Kind:
        return kind_of(expr, env, self.outers, self.callee)

    def block(self, block: Block, env: Env) -> Env | None:
        """The kinds after `block`, or None where it always returns."""
        for stmt in block:
            self.before[stmt] = env
            following = self.statement(stmt, env)
            if following is None:
                return None
            self.after[stmt] = env = following
        return env

    def statement(self, stmt: Stmt, env: Env) -> Env | None:
        match stmt:
            case Assign(target=target, value=value):
                kind = self.of(value, env)
                if kind == NEVER:
                    self.stuck = True
                    return None
                method = method_of(stmt)
                return self.bound(
                    target, kind, env if method is None else self.changed(method, env)
                )
            case AugAssign(target=Name() as target, op=op, value=value):
                kind = self.of(Binary(op, target, value), env)
                if isinstance(self.of(target, env), Array) and isinstance(kind, Scalar):
                    kind = Array(kind.dtype, ())  # it is changed in place
                return bind_kinds(target, kind, env)
            case Do():
                method = method_of(stmt)
                return env if method is None else self.changed(method, env)
            case AugAssign() | Pass() | Comment() | Assert():
                return env
            case Break() | Continue() | Import() | Delete() | Define():
                return env
            case With(body=body):
                return self.block(body, env)
            case Raise():
                return None
            case For(target=target, iterable=iterable, body=body):
                element = element_kind(iterable, lambda part: self.of(part, env))
                return self.loop(body, env, lambda head: bind_kinds(target, element, head))
            case While(body=body):
                return self.loop(body, env, lambda head: head)
            case If(test=test, then=then, orelse=orelse):
                taken = answer(test, lambda part: self.of(part, env))
                if taken is not None:
                    return self.block(then if taken else orelse, env)
                first, second = self.block(then, env), self.block(orelse, env)
                if first is None or second is None:
                    return first if second is None else second
                return join_envs(first, second)
            case Return(value=value):
                kind = self.of(value, env)
                self.result = kind if self.result is None else join(self.result, kind)
                return None
            case _:
                assert_never(stmt)

    def changed(self, method: Method, env: Env) -> Env:
        """`env` after a container was changed by one of its methods."""
        whole = changed_kind(self.of(method.place, env), method, lambda part: self.of(part, env))
        return self.bound(method.place, whole, env) if isinstance(method.place, Target) else env

    def bound(self, target: Target, kind: Kind, env: Env) -> Env:
        """`env` after ``target = value`` with a value of `kind`; a part changes its whole."""
        match target:
            case Index(value=value, index=index):
                whole = stored_kind(self.of(value, env), index, kind)
                return self.bound(value, whole, env) if isinstance(value, Target) else env
            case Attribute(value=value, name=name):
                whole = _with_field(self.of(value, env), name, kind)
                return self.bound(value, whole, env) if isinstance(value, Target) else env
            case _:
                return bind_kinds(target, kind, env)

    def loop(self, body: Block, env: Env, enter: Callable[[Env], Env]) -> Env:
        """The kinds after any number of iterations of `body`."""
        head = env
        while True:
            end = self.block(body, enter(head))
            joined = head if end is None else join_envs(head, end)
            if joined == head:
                return head
            head = {name: _as_far_as(_DEEPEST, kind) for name, kind in joined.items()}


#: Containers in each other whose kinds a loop follows: one may be put into another in each iteration.
_DEEPEST: Final = 8


def _as_far_as(depth: int, kind: Kind) -> Kind:
    """`kind`, what lies deeper than `depth` containers not being known."""
    if not isinstance(kind, Sequence | MappingKind | Record):
        return kind
    if depth == 0:
        return MAYBE_COMPLEX if holds_complex(kind) else UNKNOWN
    return with_parts(kind, lambda part: _as_far_as(depth - 1, part))


def join(a: Kind, b: Kind) -> Kind:
    """What is still known of a value that is of kind `a` or of kind `b`."""
    match a, b:
        case _ if a == b or b == NEVER:
            return a
        case _ if a == NEVER:
            return b
        case Scalar(dtype=s), Scalar(dtype=t):
            return Scalar(_wider(s, t))
        case Array(dtype=s, dims=d), Array(dtype=t, dims=e):
            if "complex" in (s, t):
                dtype: DType | None = "complex"
            else:
                dtype = None if s is None or t is None else _wider(s, t)
            if d is None or e is None or len(d) != len(e):
                return Array(dtype, None)
            return Array(dtype, tuple(_either(p, q) for p, q in zip(d, e, strict=True)))
        case Sequence(form=f, items=p, item=s), Sequence(form=g, items=q, item=t) if f == g:
            if p == () or q == ():
                return Sequence(f, None, t if p == () else s)
            if NONE in (s, t):  # stands where nothing has been put yet
                return Sequence(f, None, t if s == NONE else s)
            if p is not None and q is not None and len(p) == len(q):
                items = tuple(join(x, y) for x, y in zip(p, q, strict=True))
                return Sequence(f, items, join(s, t))
            return Sequence(f, None, join(s, t))
        case MappingKind(items=p), MappingKind(items=q):
            if p and q and [key for key, _ in p] == [key for key, _ in q]:
                pairs = zip(p, q, strict=True)
                return MappingKind(tuple((key, join(x, y)) for (key, x), (_, y) in pairs))
            if p == () or q == ():
                return MappingKind(None, entry_kind(b if p == () else a))
            return MappingKind(None, join(entry_kind(a), entry_kind(b)))
        case Record(cls=c, fields=p), Record(cls=d, fields=q) if c == d and a.names == b.names:
            fields = tuple((name, join(x, y)) for (name, x), (_, y) in zip(p, q, strict=True))
            return replace(a, fields=fields)
        case _:
            return MAYBE_COMPLEX if holds_complex(a) or holds_complex(b) else UNKNOWN


def _wider(s: DType, t: DType) -> DType:
    order: tuple[DType, ...] = ("bool", "int", "float", "complex")
    return max(s, t, key=order.index)


def _either(p: Dim, q: Dim) -> Dim:
    return p if p == q else ANY


def join_envs(a: Env, b: Env) -> Env:
    """What holds where two paths meet."""
    return {**b, **{name: join(kind, b.get(name, kind)) for name, kind in a.items()}}


def bind_kinds(target: Target, kind: Kind, env: Env) -> Env:
    """`env` after `target` was given a value of `kind`."""
    match target:
        case Name(id=id):
            return {**env, id: kind}
        case Tuple(items=items):
            star = next((k for k, item in enumerate(items) if isinstance(item, Starred)), None)
            for k, item in enumerate(items):
                assert isinstance(item, Target)
                if k == star:
                    env = bind_kinds(item, _rest_kind(kind, k, len(items) - k - 1), env)
                else:
                    behind = star is not None and k > star
                    place = k - len(items) if behind else k
                    env = bind_kinds(item, item_kind(kind, place), env)
            return env
        case Index() | Attribute():
            return env
        case Starred(value=value):
            assert isinstance(value, Target)
            return bind_kinds(value, kind, env)
        case _:
            assert_never(target)


def _rest_kind(kind: Kind, start: int, behind: int) -> Kind:
    """The kind of the list that a starred target is given, `behind` items standing behind it."""
    match kind:
        case Sequence(items=items) if items is not None and len(items) >= start + behind:
            rest = items[start : len(items) - behind]
            return Sequence("list", rest, join_all(rest))
        case Sequence() | Array():
            return Sequence("list", None, item_kind(kind, 0))
        case _:
            return Sequence("list", None, UNKNOWN)


def stored_kind(whole: Kind, index: Expr, part: Kind) -> Kind:
    """The kind of a value of kind `whole` after an element at `index` was given one of kind `part`."""
    match whole, index:
        case Sequence(items=items, item=item), _:
            if isinstance(index, Slice):
                within = part.item if isinstance(part, Sequence) else UNKNOWN
                whole_list = index == Slice(None, None, None) and isinstance(part, Sequence)
                return part if whole_list else Sequence(whole.form, None, join(item, within))
            k = integer_value(index)
            if items is not None and k is not None and -len(items) <= k < len(items):
                places = list(items)
                places[k] = part
                return replace(whole, items=tuple(places), item=join_all(tuple(places)))
            known = None if items is None else tuple(join(place, part) for place in items)
            empty = items == () or item == NONE
            return replace(whole, items=known, item=part if empty else join(item, part))
        case MappingKind(items=items), Const(value=str() as key) if items is not None:
            return MappingKind(tuple({**dict(items), key: part}.items()))
        case MappingKind(items=items), _:
            return MappingKind(None, part if items == () else join(entry_kind(whole), part))
        case _:
            return whole


def entry_kind(kind: Kind) -> Kind:
    """What is known of every entry of a dict of `kind`."""
    match kind:
        case MappingKind(items=items, value=value):
            return value if items is None else join_all(tuple(item for _, item in items))
        case _:
            return UNKNOWN


def changed_kind(whole: Kind, method: Method, of: Callable[[Expr], Kind]) -> Kind:
    """The kind of a container of kind `whole` after `method`."""
    part = UNKNOWN if method.value is None else of(method.value)
    k = -1 if method.at is None else integer_value(method.at)
    match whole, method.name:
        case (Sequence(form="list") | MappingKind()), "clear":
            return Sequence("list", (), UNKNOWN) if isinstance(whole, Sequence) else MappingKind(())
        case Sequence(form="list", items=items, item=item), "append" | "insert":
            item = part if items == () else join(item, part)
            known = method.name == "append" and items is not None
            return Sequence("list", (*(items or ()), part) if known else None, item)
        case Sequence(form="list", items=items, item=item), "pop":
            if items is None or k is None or not -len(items) <= k < len(items):
                return Sequence("list", None, item)
            kept = [kind for place, kind in enumerate(items) if place != k % len(items)]
            return Sequence("list", tuple(kept), join_all(tuple(kept)))
        case MappingKind(items=items), "pop" if items is not None:
            key = method.at.value if isinstance(method.at, Const) else None
            if not isinstance(key, str):
                return MappingKind(None, entry_kind(whole))
            return MappingKind(tuple(pair for pair in items if pair[0] != key))
        case _:
            return whole


def _taken_kind(kind: Kind, args: tuple[Expr, ...], of: Callable[[Expr], Kind]) -> Kind:
    """The kind of what ``pop`` takes out of a container of `kind`."""
    match kind:
        case Sequence(items=()):
            return FLOAT  # never to be had, so that any kind will do
        case Sequence():
            return index_kind(kind, args[0] if args else Unary("-", Const("1")), of)
        case MappingKind() if args:
            return index_kind(kind, args[0], of)
        case _:
            return UNKNOWN


def _with_field(record: Kind, name: str, field: Kind) -> Kind:
    """The kind of a `record` after its field `name` was given a value of kind `field`."""
    if not isinstance(record, Record):
        return record
    fields = tuple((key, field if key == name else kind) for key, kind in record.fields)
    return replace(record, fields=fields)


def part_unknown(whole: Kind) -> Kind:
    """What is known of a part of a value of kind `whole`, nothing else being known of the part."""
    return MAYBE_COMPLEX if holds_complex(whole) else UNKNOWN


def item_kind(kind: Kind, k: int) -> Kind:
    """The kind of the `k`-th item when a value of `kind` is unpacked or indexed."""
    match kind:
        case Sequence(items=items, item=item):
            return items[k] if items is not None and -len(items) <= k < len(items) else item
        case Array(dtype=dtype, dims=dims) if dims:
            return _array(dtype, dims[1:])
        case Record(form="namedtuple", fields=fields):
            return fields[k][1] if -len(fields) <= k < len(fields) else UNKNOWN
        case _:
            return part_unknown(kind)


def _array(dtype: DType | None, dims: tuple[Dim, ...]) -> Kind:
    """What indexing gives: an array, or a number where no axis is left."""
    if dims:
        return Array(dtype, dims)
    return UNKNOWN if dtype is None else Scalar(dtype)


def element_kind(iterable: Expr, of: Callable[[Expr], Kind]) -> Kind:
    """The kind of what a loop over `iterable` gives."""
    match iterable:
        case Call(func=Known(path="range")):
            return INT
        case Call(func=Known(path="reversed" | "sorted" | "list" | "tuple"), args=(inner,)):
            return element_kind(inner, of)
        case Call(func=Known(path="enumerate"), args=(inner, *_)):
            return _pair(INT, element_kind(inner, of))
        case Call(func=Known(path="zip"), args=args):
            kinds = tuple(element_kind(inner, of) for inner in args)
            return Sequence("tuple", kinds, join_all(kinds))
        case Call(func=Attribute(value=value, name="values" | "items" as name), args=()):
            match of(value):
                case MappingKind(items=items) if items is not None:
                    item = join_all(tuple(kind for _, kind in items))
                    return item if name == "values" else _pair(Other("text"), item)
                case _:
                    return UNKNOWN
        case _:
            return _item_of_any(of(iterable))


def _pair(first: Kind, second: Kind) -> Kind:
    return Sequence("tuple", (first, second), join(first, second))


def _item_of_any(kind: Kind) -> Kind:
    """What is known of an item of a value of `kind` when it is not known which."""
    match kind:
        case Array(dims=dims) if dims:
            return item_kind(kind, 0)
        case Sequence(item=item):
            return item
        case Record(form="namedtuple", fields=fields):
            return join_all(tuple(field for _, field in fields))
        case _:
            return part_unknown(kind)


def kind_of(expr: Expr, env: Env, outers: Env, callee: CalleeKind) -> Kind:
    """The kind of `expr` where variables and constants are of the kinds given."""
    #: What rests on a user function, of which more may be known another time; each keeps its id.
    resting: dict[int, tuple[Expr, Kind]] = {}
    #: Whether what was asked for last rests on one.
    rests = False

    def asked(call: Call, kinds: tuple[Kind, ...]) -> Kind:
        nonlocal rests
        rests = True
        return callee(call, kinds)

    def of(part: Expr) -> Kind:
        nonlocal rests
        if type(part) is Name and not part.role:
            return env.get(part.id, UNKNOWN)
        if id(part) in resting:
            rests = True
            return resting[id(part)][1]
        variables, constants, found = _found(part)
        kinds = (*map(env.get, variables), *map(outers.get, constants))
        ids = tuple(map(id, kinds))
        if ids in found:
            return found[ids][1]
        above, rests = rests, False
        kind = _kind(part, of, env, outers, asked)
        if rests:
            resting[id(part)] = part, kind
        else:
            found[ids] = kinds, kind
        rests |= above
        return kind

    return of(expr)


class _Found(NamedTuple):
    """What the kind of an expression rests on: variables and constants; and what was found of it.

    The kinds found are kept by the identity of the kinds that they rest on, which live as long.
    """

    variables: tuple[str, ...]
    constants: tuple[str, ...]
    kinds: dict[tuple[int, ...], tuple[tuple[Kind | None, ...], Kind]]


@by_identity
def _found(expr: Expr) -> _Found:
    variables: list[str] = []
    constants: list[str] = []
    for part in subexpressions(expr):
        match part:
            case Name(id=id, role=""):
                variables.append(id)
            case Name(id=id, role="made"):
                variables.append(made_key(id))
            case Name(id=id):
                variables += (result_key(id), id)
            case Outer(id=id):
                constants.append(id)
            case _:
                pass
    return _Found(tuple(dict.fromkeys(variables)), tuple(dict.fromkeys(constants)), {})


def _kind(
    expr: Expr, of: Callable[[Expr], Kind], env: Env, outers: Env, callee: CalleeKind
) -> Kind:
    """The kind of `expr`, of whose parts `of` tells."""
    match expr:
        case Const():
            return _literal_kind(expr.value)
        case Name(id=id, role=""):
            return env.get(id, UNKNOWN)
        case Name(id=id, role="made"):
            return env.get(made_key(id), UNKNOWN)
        case Name(id=id, role=role):
            kind = env.get(result_key(id), env.get(id, UNKNOWN))
            return kind if role == "out" else cotangent_kind(kind)
        case Outer(id=id):
            return outers.get(id, UNKNOWN)
        case Known(path=path):
            return constant_kind(path) or Other("function")
        case Callee() | Class():
            return Other("function")
        case Compare(first=first, rest=rest):
            return _comparison_kind([of(part) for part in (first, *rest)], expr.ops)
        case BoolOp(left=left, right=right):
            return join(of(left), of(right))
        case IfExp(then=then, orelse=orelse):
            return join(of(then), of(orelse))
        case Attribute(value=value, name=name):
            return _attribute_kind(of(value), name)
        case Index(value=value, index=index):
            return index_kind(of(value), index, of)
        case Slice():
            return Other("slice")
        case Tuple(items=items) | List(items=items):
            kinds = tuple(of(item) for item in items)
            return Sequence("tuple" if isinstance(expr, Tuple) else "list", kinds, join_all(kinds))
        case Dict(items=pairs):
            if all(isinstance(key, Const) and isinstance(key.value, str) for key, _ in pairs):
                keyed = ((str(key.value), of(v)) for key, v in pairs if isinstance(key, Const))
                return MappingKind(tuple(keyed))
            return MappingKind(None, join_all(tuple(of(value) for _, value in pairs)))
        case Call(args=(value,), kwargs=kwargs) if is_replacement(expr):
            match of(value):
                case Record(fields=old) as record:
                    new = {name: of(part) for name, part in kwargs}
                    fields = tuple((name, new.get(name, kind)) for name, kind in old)
                    return replace(record, fields=fields)
                case _:
                    return UNKNOWN
        case Call(func=Class(key=key, form=form, fields=fields) as cls):
            if form == "exception":
                return EXCEPTION
            given = {name: of(part) for name, part in cls.given(expr).items()}
            return Record(key, form, tuple((n, given.get(n) or k or UNKNOWN) for n, k in fields))
        case Call(func=Attribute(name="index" | "count")) if is_inactive(expr):
            return INT
        case Call(func=Attribute(value=value, name="pop"), args=args):
            return _taken_kind(of(value), args, of)
        case Call(func=Attribute(value=value, name=name, is_field=False)):
            whole = of(value)
            if isinstance(whole, Record | Never):
                return callee(expr, (whole,))
            if whole == MAYBE_COMPLEX:
                return MAYBE_COMPLEX
            function = method_path(name)
            if function is None or not isinstance(whole, Scalar | Array):
                kind = opaque_kind(expr, of) if is_opaque(expr) else UNKNOWN
                return part_unknown(whole) if kind == UNKNOWN else kind
            return of(replace(expr, func=Known(function, function), args=(value, *expr.args)))
        case Call(func=Callee(), args=args):
            return callee(expr, tuple(of(arg) for arg in args))
        case Call(func=Known(path="retrograd.runtime.unbroadcast"), args=(g, like)):
            kind = cotangent_kind(of(like))
            if is_complex(kind) and not is_complex(of(g)):
                return _in_floats(kind)
            return kind
        case Call() if is_opaque(expr):
            kind = opaque_kind(expr, of)
            if kind == UNKNOWN and any(map(holds_complex, map(of, children(expr)))):
                return MAYBE_COMPLEX
            return kind
        case Binary(op="%" | "+" | "*", left=left, right=right) if TEXT in (of(left), of(right)):
            return TEXT
        case Unary() | Binary() | Call():
            applied = application(expr)
            return result_kind(applied, of) if isinstance(applied, Bound) else UNKNOWN
        case Text():
            return TEXT
        case Starred() | Named() | Lambda() | Comprehension():
            return UNKNOWN
        case _:
            assert_never(expr)


def made_key(id: str) -> str:
    """The key in an `Env` of a value of our own making, apart from the user's names."""
    return f"~{id}"


def result_key(id: str) -> str:
    """The key in an `Env` of what a statement is about to give the variable `id`."""
    return f"{id}~"


def cotangent_kind(kind: Kind) -> Kind:
    """The kind of the cotangent of a value of `kind`: the same, in floats or complex numbers."""
    match kind:
        case Scalar(dtype="complex") | Array(dtype="complex"):
            return kind
        case Scalar():
            return FLOAT
        case Array(dims=dims):
            return Array("float", dims)
        case _:
            return kind


def _in_floats(kind: Kind) -> Kind:
    return replace(kind, dtype="float") if isinstance(kind, Scalar | Array) else kind


def _literal_kind(value: object) -> Kind:
    match value:
        case bool():
            return BOOL
        case int():
            return INT
        case float():
            return FLOAT
        case str():
            return TEXT
        case None:
            return NONE
        case complex():
            return COMPLEX
        case _:
            return Other(type(value).__name__)


def join_all(kinds: tuple[Kind, ...]) -> Kind:
    """What is still known of a value that is of any of `kinds`."""
    joined = kinds[0] if kinds else UNKNOWN
    for kind in kinds[1:]:
        joined = join(joined, kind)
    return joined


def _comparison_kind(kinds: list[Kind], ops: tuple[str, ...]) -> Kind:
    if all(isinstance(kind, Scalar | Other) for kind in kinds):
        return BOOL
    if all(op in ("in", "not in", "is", "is not") for op in ops):
        return BOOL
    if not all(isinstance(kind, Scalar | Array) for kind in kinds):
        return UNKNOWN
    dims = (kind.dims if isinstance(kind, Array) else () for kind in kinds)
    return finished("bool", reduce(broadcast_dims, dims))


def _attribute_kind(kind: Kind, name: str) -> Kind:
    match kind, name:
        case Record(fields=fields), _:
            return dict(fields).get(name, UNKNOWN)
        case Array(dtype=dtype, dims=dims), "T":
            return Array(dtype, None if dims is None else dims[::-1])
        case Array(rank=rank), "shape" if rank is not None:
            return Sequence("tuple", (INT,) * rank, INT)
        case _, "shape":
            return Sequence("tuple", None, INT)
        case _, "size" | "ndim" | "itemsize" | "nbytes":
            return INT
        case Array(dtype=str() as dtype) | Scalar(dtype=dtype), "dtype":
            return Other("dtype", dtype)
        case Other(), "T" | "mT" if is_foreign(kind):
            return kind
        case Scalar(dtype="complex") | Array(dtype="complex"), "real" | "imag":
            return replace(kind, dtype="float")
        case Scalar(), "T" | "real" | "imag":
            return kind
        case Array(), "real" | "imag" if kind.dtype is not None:
            return kind
        case Scalar() | Array(), _:
            return part_unknown(kind)
        case _:
            return UNKNOWN


def index_kind(kind: Kind, index: Expr, of: Callable[[Expr], Kind]) -> Kind:
    """The kind of a value of `kind` subscripted by `index`."""
    match kind, index:
        case Other(), _ if kind == SPARSE:
            whole = index.items if isinstance(index, Tuple) else (index,)
            return kind if all(isinstance(part, Slice) for part in whole) else OF_SPARSE
        case Other(), _ if kind == TEXT or is_foreign(kind):
            return kind
        case MappingKind(items=items), Const(value=str() as key) if items is not None:
            return dict(items).get(key, UNKNOWN)
        case MappingKind(), _:
            return entry_kind(kind)
        case Sequence(form=form, item=item), Slice():
            return Sequence(form, None, item)
        case Record(form="namedtuple"), Slice():
            return Sequence("tuple", None, _item_of_any(kind))
        case Record(form="namedtuple"), _:
            k = integer_value(index)
            return _item_of_any(kind) if k is None else item_kind(kind, k)
        case Sequence(items=items, item=item), _:
            k = integer_value(index)
            return item_kind(kind, k) if k is not None and items is not None else item
        case Array(dtype=dtype, dims=dims), _ if dims is not None:
            subscripts = index.items if isinstance(index, Tuple) else (index,)
            part = _subscripted(dtype, dims, subscripts, of)
            return part_unknown(kind) if part == UNKNOWN else part
        case Array(dtype=dtype), _:
            return Array(dtype, None) if _keeps_axes(index, of) else part_unknown(kind)
        case _:
            return part_unknown(kind)


def integer_value(expr: Expr) -> int | None:
    """The value of an integer literal with or without a minus, else None."""
    match expr:
        case Const() if isinstance(expr.value, int) and not isinstance(expr.value, bool):
            return expr.value
        case Unary(op="-", operand=Const() as operand) if isinstance(operand.value, int):
            return -operand.value
        case _:
            return None


def _keeps_axes(index: Expr, of: Callable[[Expr], Kind]) -> bool:
    subscripts = index.items if isinstance(index, Tuple) else (index,)
    return any(isinstance(s, Slice) or isinstance(of(s), Array) for s in subscripts)


def is_new_axis(subscript: Expr) -> bool:
    """Whether `subscript` is ``None`` or ``np.newaxis``."""
    match subscript:
        case Const(text="None") | Known(path="numpy.newaxis"):
            return True
        case _:
            return False


def _as_subscript(kind: Kind) -> Kind:
    """What NumPy makes of a subscript of `kind`: of a list an array, of a tuple several subscripts."""
    is_list = isinstance(kind, Sequence) and kind.form == "list"
    return as_array(kind) or kind if is_list else kind


def _subscripted(
    dtype: DType | None,
    dims: tuple[Dim, ...],
    subscripts: tuple[Expr, ...],
    of: Callable[[Expr], Kind],
) -> Kind:
    """The kind of an array of `dims` under `subscripts`.

    Of several integer arrays only those that stand alone are followed, as in ``p[rows, columns]``.
    """
    used = sum(not is_new_axis(s) and not _is_ellipsis(s) for s in subscripts)
    kinds = [_as_subscript(of(subscript)) for subscript in subscripts]
    advanced = sum(isinstance(kind, Array | Sequence) for kind in kinds)
    if 1 < advanced == len(kinds) <= len(dims):
        picked: tuple[Dim, ...] | None = ()
        for kind in kinds:
            if not isinstance(kind, Array) or kind.dtype != "int":
                return UNKNOWN
            picked = broadcast_dims(picked, kind.dims)
        return UNKNOWN if picked is None else _array(dtype, (*picked, *dims[advanced:]))
    result: list[Dim] = []
    axis = 0
    for subscript, kind in zip(subscripts, kinds, strict=True):
        if is_new_axis(subscript):
            result.append(ONE)
        elif _is_ellipsis(subscript):
            skipped = len(dims) - used
            result.extend(dims[axis : axis + skipped])
            axis += skipped
        elif axis >= len(dims):
            return UNKNOWN
        elif isinstance(subscript, Slice):
            result.append(_sliced(dims[axis], subscript))
            axis += 1
        elif isinstance(kind, Scalar) and kind.dtype != "bool":
            axis += 1
        elif isinstance(kind, Array) and kind.dims is not None and advanced == 1:
            if kind.dtype == "bool":
                result.append(ANY)
                axis += len(kind.dims)
            elif kind.dtype == "int":
                result.extend(kind.dims)
                axis += 1
            else:
                return UNKNOWN
        else:
            return UNKNOWN
    if any(map(_is_ellipsis, subscripts)):
        return Array(dtype, (*result, *dims[axis:]))  # a view, even of a single element
    return _array(dtype, (*result, *dims[axis:]))


def _sliced(dim: Dim, part: Slice) -> Dim:
    """The extent of a slice: ``n-2`` for ``1:-1`` and ``2:`` of an axis of extent ``n``.

    That stands for 0 where the axis is shorter, in both.
    """
    start = 0 if part.start is None else integer_value(part.start)
    stop = 0 if part.stop is None else integer_value(part.stop)
    ends = part.stop is None or (stop is not None and stop < 0)
    if part.step is not None or start is None or stop is None or start < 0 or not ends:
        return ANY
    cut = start - stop
    if cut == 0:
        return dim
    return ANY if dim in (ANY, MANY, ONE) else f"{dim}-{cut}"


def _is_ellipsis(subscript: Expr) -> bool:
    return isinstance(subscript, Const) and subscript.text == "..."
