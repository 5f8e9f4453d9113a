"""What the cotangent of every active statement contributes to the cotangents of what it reads.

    y = a * np.sin(x)      ->      a: y_bar * np.sin(x)      x: a * np.cos(x) * y_bar

This is the calculus of the reverse sweep, one statement at a time: no order, no saved values, no
accumulation yet. A name with the role "out" is the value that the statement gave its target;
every other name of the user's is meant as it was before the statement.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import TypeAlias

from retrograd.transforms.analyses.activity import (
    Activity,
    can_vary,
    is_varied,
)
from retrograd.transforms.analyses.kinds_and_ranks import (
    Env,
    Kinds,
    cotangent_kind,
    integer_value,
    is_new_axis,
    made_key,
    result_key,
)
from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.ir.algebra import (
    ONE,
    ZERO,
    as_number,
    builtin,
    conjugated,
    helper,
    in_complex,
    integer,
    is_mask,
    is_zero,
    made,
    multiplied_out,
    number,
    own_copy,
    real_part,
    scaled,
    total,
    zeros_like,
)
from retrograd.transforms.ir.kinds import (
    ANY,
    FLOAT,
    MANY,
    UNKNOWN,
    Array,
    Container,
    DType,
    Kind,
    Other,
    Record,
    Scalar,
    Sequence,
    holds_complex,
    is_complex,
)
from retrograd.transforms.ir.kinds import (
    Mapping as MappingKind,
)
from retrograd.transforms.ir.methods import Method, method_of
from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    BoolOp,
    Call,
    Callee,
    Class,
    Const,
    Dict,
    Do,
    Expr,
    Function,
    IfExp,
    Index,
    Known,
    List,
    Name,
    Return,
    Slice,
    Starred,
    Stmt,
    Target,
    Tuple,
    Unary,
)
from retrograd.transforms.ir.walk import (
    bound_names,
    cotangent_place,
    names,
    part_of,
    resized,
    rewrite,
    root_of,
    statements,
    subexpressions,
    unpacked,
)
from retrograd.transforms.rules.application import application, is_replacement, makes_new
from retrograd.transforms.rules.formula import partial, vjp
from retrograd.transforms.rules.table import Bound, gives_several


@dataclass(frozen=True, slots=True)
class Temporary:
    """``target = value``: what several contributions of one statement share."""

    target: Name | Tuple
    value: Expr


@dataclass(frozen=True, slots=True)
class Contribution:
    """`value` is to be added to the cotangent of `place`, a variable or a part of one."""

    place: Name | Index | Attribute
    value: Expr


@dataclass(frozen=True, slots=True)
class CalleePlan:
    """How a user function was split: what its two halves are called, take and give.

    `tape` is what the caller keeps for it; `keeps` tells whether the halves take it.
    """

    forward: Callee
    backward: Callee
    params: tuple[str, ...]
    needs: tuple[int, ...]
    gives: tuple[int, ...]
    keeps: bool
    tape: Name


@dataclass(frozen=True, slots=True)
class Stored:
    """What becomes of the cotangent of a `place` that is written: `own` of it stays there.

    With `first` it is given that before the contributions are made, which then read a copy of it.
    """

    place: Index | Attribute
    own: Expr
    first: bool


@dataclass(frozen=True, slots=True)
class Partials:
    """The adjoint of one statement: temporaries first, then contributions; `call` if it calls a user function."""

    temporaries: tuple[Temporary, ...]
    contributions: tuple[Contribution, ...]
    call: CalleePlan | None = None
    stored: Stored | None = None
    #: What else it evaluates: of a value popped, what it needs to put its cotangent back.
    reads: tuple[Expr, ...] = ()

    def expressions(self) -> tuple[Expr, ...]:
        """Everything that the adjoint of the statement evaluates, places included."""
        return (
            *(t.value for t in self.temporaries),
            *(c.value for c in self.contributions),
            *(c.place for c in self.contributions if not isinstance(c.place, Name)),
            *self._stored(),
            *self.reads,
        )

    def contents(self) -> tuple[Expr, ...]:
        """What the adjoint evaluates; of the places it adds to only the subscripts."""
        return (
            *(t.value for t in self.temporaries),
            *(c.value for c in self.contributions),
            *(cotangent_place(c.place) for c in self.contributions),
            *self._stored(),
            *self.reads,
        )

    def _stored(self) -> tuple[Expr, ...]:
        if self.stored is None:
            return ()
        return (cotangent_place(self.stored.place), self.stored.own)


#: Splits a user function for a call with arguments of these kinds, of which those flagged are active.
Splitter: TypeAlias = Callable[[Call, tuple[Kind, ...], tuple[bool, ...]], CalleePlan]
#: Gives names that nothing else in the function has.
Fresh: TypeAlias = Callable[[str], str]


def partials(
    function: Function,
    active: Activity,
    kinds: Kinds,
    split: Splitter,
    fresh: Fresh,
    seed: Expr,
    report: Diagnostics,
    entries: Collection[str] = (),
) -> Mapping[Stmt, Partials]:
    """The partials of every active statement of `function`, whose result has the cotangent `seed`.

    The parts of the variables `entries` have cotangents of their own.
    """
    found: dict[Stmt, Partials] = {}
    lengths = resized(function.body)
    complex_ids = kinds.complex_ids
    for stmt in statements(function.body):
        match stmt:
            case Assign(target=target, value=value) if stmt in active.varied:
                if active.is_active(stmt):
                    flow = _Flow(
                        stmt, active, kinds, split, fresh, report, target, entries, lengths
                    )
                    flow.widen(complex_ids.intersection(_changed(target)))
                    method = method_of(stmt)
                    if method is not None:
                        found[stmt] = flow.taken_out(method)
                    elif isinstance(target, Index | Attribute):
                        found[stmt] = flow.store(target, value)
                    else:
                        flow.assign(target, value)
                        found[stmt] = flow.partials()
            case Do() if stmt in active.varied and active.is_active(stmt):
                method = method_of(stmt)
                assert method is not None
                flow = _Flow(stmt, active, kinds, split, fresh, report, None, entries, lengths)
                flow.widen(complex_ids & {method.root.id})
                found[stmt] = flow.put_in(method)
            case Return(value=value) if stmt in active.varied:
                flow = _Flow(stmt, active, kinds, split, fresh, report, None, entries, lengths)
                if holds_complex(kinds.result):
                    flow.complex = True
                    flow.into(value, seed, flow.kind(value))
                elif isinstance(value, Name) and value.id in active.varied[stmt]:
                    flow.found.append(Contribution(value, seed))
                else:
                    flow.number = value if seed == ONE else None
                    flow.into(value, seed, flow.kind(value))
                found[stmt] = flow.partials()
            case _:
                pass
    return found


class _Flow:
    """Carries a cotangent down one expression, from its value to the variables it reads."""

    def __init__(
        self,
        stmt: Stmt,
        active: Activity,
        kinds: Kinds,
        split: Splitter,
        fresh: Fresh,
        report: Diagnostics,
        target: Target | None,
        entries: Collection[str],
        lengths: frozenset[str],
    ) -> None:
        #: The variables whose length changes.
        self.resized = lengths
        self.varied = active.varied[stmt]
        self.useful = active.useful[stmt]
        self.kinds = kinds
        self.after: Env = kinds.after.get(stmt, {})
        self.env: dict[str, Kind] = dict(kinds.before[stmt])
        self.env.update({result_key(id): kind for id, kind in self.after.items()})
        self.split = split
        self.fresh = fresh
        self.report = report
        self.target = target
        self.entries = entries
        self.temporaries: list[Temporary] = []
        self.found: list[Contribution] = []
        self.call: CalleePlan | None = None
        #: What was made for a callee's argument or an operand, with the shape of that.
        self.results: dict[Expr, Expr] = {}
        self.stored: Stored | None = None
        #: The value of the statement, which its cotangent has the shape of.
        self.whole: Expr | None = None
        #: The place that the statement writes, whose shape the value gets.
        self.place: Expr | None = None
        #: An expression that the generated code makes sure is a number.
        self.number: Expr | None = None
        #: Whether cotangents may be complex here.
        self.complex = False

    def widen(self, complex_ids: frozenset[str]) -> None:
        """Take into account that the cotangents of the targets `complex_ids` may be complex.

        That of a variable is, where it is given a real number and a complex one elsewhere.
        """
        self.complex = bool(complex_ids)
        for id in complex_ids:
            match self.after.get(id):
                case Scalar(dtype="float") | Array(dtype="float" | None) as kind:
                    self.env[result_key(id)] = replace(kind, dtype="complex")
                case _:
                    pass

    def partials(self) -> Partials:
        """What was found, the contributions to one place added up."""
        places: dict[Name | Index | Attribute, list[Expr]] = {}
        for contribution in self.found:
            places.setdefault(contribution.place, []).append(contribution.value)
        merged = tuple(
            Contribution(place, value)
            for place, values in places.items()
            if not is_zero(value := self.added_up(place, values))
        )
        return Partials(tuple(self.temporaries), merged, self.call, self.stored)

    def added_up(self, place: Expr, values: list[Expr]) -> Expr:
        """The sum of `values`, by a helper where `place` may hold a container."""
        if len(values) == 1:
            return values[0]
        kind = self.kind(place)
        numbers = all(map(makes_new, values)) and not isinstance(kind, Container)
        if isinstance(kind, Scalar | Array) or numbers:
            return total(values, self.kind)
        return reduce(lambda a, b: helper("accumulate", a, b), values)

    def kind(self, expr: Expr) -> Kind:
        """The kind of an expression over variables, cotangents and temporaries."""
        return FLOAT if expr is self.number else self.kinds.of(expr, self.env)

    def assign(self, target: Target, value: Expr) -> None:
        """The adjoint of ``target = value``."""
        match target, value:
            case Tuple(items=targets), Tuple(items=values) | List(items=values):
                for item, part in unpacked(targets, values):
                    self.assign(item, part)
            case Name(id=id), _:
                if id in self.useful and is_varied(value, self.varied):
                    g = Name(id, "bar")
                    self.whole = value
                    self.into(value, g, self.after.get(id, UNKNOWN), out=Name(id, "out"))
            case Tuple(items=items), Call(func=Known()) if gives_several(application(value)):
                bars, outs = self.several(tuple(item for item in items if isinstance(item, Name)))
                self.into(value, bars, self.kinds.of(value, self.env), outs)
            case Tuple(), _:
                self.into(value, _cotangent_of(target), self.kinds.of(value, self.env))
            case Index() | Attribute(), _:
                pass

    def several(self, targets: tuple[Name, ...]) -> tuple[Tuple, Tuple | None]:
        """The cotangents of `targets`, and what they were given, None where one was given two."""
        ids = [target.id for target in targets]
        g = tuple(Name(id, "bar") if id in self.useful else ZERO for id in ids)
        out = tuple(Name(id, "out") for id in ids)
        return Tuple(g), Tuple(out) if len({*ids}) == len(ids) else None

    def store(self, place: Index | Attribute, value: Expr) -> Partials:
        """The adjoint of ``place = value``: its cotangent is taken away and goes into `value`.

        Unless something else may be at the same place, it need not be copied for that; and where
        the old value is a part of the new, so much of the cotangent stays.
        """
        root = root_of(place)
        assert root is not None
        in_array = isinstance(self.kind(place.value), Array)
        kind = cotangent_kind(self.kind(place if in_array else value))
        whole = self.kind(root)
        if not isinstance(kind, Scalar) and isinstance(whole, Array):
            dtype: DType = "complex" if is_complex(whole) else "float"
            kind = kind if isinstance(kind, Array) else Array(dtype, None)
        g = made(self.fresh(f"{root.id}_bar"))
        self.env[made_key(g.id)] = kind
        self.place = place
        self.into(value, g, kind)
        found = self.partials()
        plain = self.is_plain_place(place)
        own: Expr = ZERO
        others = found.contributions
        if plain:
            own = next((c.value for c in others if c.place == place), self.emptied(place))
            others = tuple(c for c in others if c.place != place)
        into_root = any(root_of(c.place) == root for c in others)
        new = isinstance(kind, Scalar) or all(makes_new(c.value) for c in others)
        kept = own == g
        alone = kept and isinstance(kind, Scalar)
        ours = [c for c in others if root_of(c.place) == root]
        here = cotangent_place(place)
        direct = (not into_root and (new or kept)) or (alone and len(ours) == 1)
        if plain and direct and not found.temporaries:
            others = (*(c for c in others if c not in ours), *ours)
            put = replacing(g, here)
            others = tuple(replace(c, value=put(c.value)) for c in others)
            stays = None if kept else Stored(place, put(own), first=False)
            return Partials((), others, found.call, stays)
        if plain:
            stands = isinstance(kind, Scalar) or (kept and new and not into_root)
            taken: Expr = here if stands else _copied(here, kind)
            first = Temporary(g, taken)
            temporaries = (first, *found.temporaries)
            stays = None if kept else Stored(place, own, first=True)
            return Partials(temporaries, others, found.call, stays)
        assert isinstance(here, Index)
        taken = helper("last_written", here.value, index_value(here.index))
        known = isinstance(place, Index) and isinstance(self.kind(place.value), Array)
        nothing = ZERO if known else helper("zeros_like", g)
        temporaries = (Temporary(g, taken), *found.temporaries)
        return Partials(temporaries, others, found.call, Stored(place, nothing, first=True))

    def emptied(self, place: Index | Attribute) -> Expr:
        """The cotangent of `place` before it got another value, as far as that goes: zeros.

        What stood in the slot of a list, a dict or a record may have had another shape, and parts.
        """
        kind = cotangent_kind(self.kind(place))
        match self.kind(place.value):
            case Sequence() | Record():
                there = True
            case MappingKind(items=items):
                key = place.index if isinstance(place, Index) else None
                there = isinstance(key, Const) and key.value in dict(items or ())
            case _:
                there = False
        return zeros_like(place, kind) if there and not isinstance(kind, Scalar) else ZERO

    def put_in(self, method: Method) -> Partials:
        """The adjoint of ``xs.append(e)``: what ``xs_bar.pop()`` gives goes into `e`."""
        assert method.value is not None
        g = made(self.fresh("item_bar"))
        kind = cotangent_kind(self.kind(method.value))
        self.env[made_key(g.id)] = kind
        self.into(method.value, g, kind)
        found = self.partials()
        bar = cotangent_place(method.place)
        if method.at is None:
            taken: Expr = Call(Attribute(bar, "pop"))
        elif method.at == Const("0"):
            taken = Call(Attribute(bar, "pop"), (method.at,))
        else:
            taken = helper("pop_inserted", bar, method.at)
        ours = any(root_of(c.place) == method.root for c in found.contributions)
        if len(found.contributions) == 1 and not found.temporaries and not ours:
            (contribution,) = found.contributions
            if _evaluates_once(contribution.value, g):
                put = replacing(g, taken)
                return replace(
                    found,
                    contributions=(replace(contribution, value=put(contribution.value)),),
                )
        return replace(found, temporaries=(Temporary(g, taken), *found.temporaries))

    def taken_out(self, method: Method) -> Partials:
        """The adjoint of ``x = xs.pop()``: `x_bar` goes back to its place in ``xs_bar``."""
        assert method.result is not None
        reads: list[Expr] = [cotangent_place(method.place), method.root]
        if method.at is not None:
            reads.append(method.at)
        if not isinstance(self.after.get(method.result.id), Scalar):
            reads.append(replace(method.result, role="out"))
        return Partials((), (), reads=tuple(reads))

    def is_plain_place(self, place: Index | Attribute) -> bool:
        """Whether no element is at `place` twice, and a slot or a view of an array is there."""
        match place:
            case Attribute():
                return True
            case Index(value=value, index=index):
                kind = self.kind(value)
                if not isinstance(kind, Array):
                    return isinstance(kind, Container) and not isinstance(index, Slice)
                if kind.dims is None:
                    return False
                parts = index.items if isinstance(index, Tuple) else (index,)
                return all(map(self.is_basic, parts))
        return False

    def into(self, expr: Expr, g: Expr, shape: Kind, out: Expr | None = None) -> None:
        """Carry the cotangent `g`, of the shape of a value of kind `shape`, into `expr`."""
        if is_zero(g) or not is_varied(expr, self.varied):
            return
        if self.complex:
            g = self.fitted(g, expr)
        match expr:
            case Name() | Index() | Attribute() if self.is_place(expr):
                self.arrive(expr, g, shape)
            case Index() | Attribute(is_field=True):
                self.scatter(expr, g, shape)
            case IfExp(test=test, then=then, orelse=orelse):
                g = self.shared(g, expr, 2)
                self.into(then, IfExp(test, g, ZERO), shape)
                self.into(orelse, IfExp(test, ZERO, g), shape)
            case Tuple(items=items) | List(items=items):
                g = g if isinstance(g, Tuple | List) else self.shared(g, expr, len(items))
                for k, item in enumerate(items):
                    g_item = g.items[k] if isinstance(g, Tuple | List) else Index(g, Const(str(k)))
                    self.into(item, g_item, self.kind(item))
            case Binary() if isinstance(self.kind(expr), Sequence | MappingKind):
                self.into_joined(expr, g)
            case Dict(items=pairs):
                g = self.shared(g, expr, len(pairs))
                for key, item in pairs:
                    self.into(item, Index(g, key), self.kind(item))
            case Call(func=Class() as cls):
                g = self.shared(g, expr, len(cls.fields))
                for name, item in cls.given(expr).items():
                    self.into(item, self.part(g, name, self.kind(expr)), self.kind(item))
            case Call(args=(value,), kwargs=kwargs) if is_replacement(expr):
                self.replacement(expr, value, dict(kwargs), g)
            case Attribute(value=value, name="T") if isinstance(self.kind(value), Scalar):
                self.into(value, g, shape)
            case Attribute(value=value, name="T"):
                self.into(value, _transposed(self.exact(g, shape, expr)), self.kind(value))
            case Attribute(value=value, name="real"):
                self.into(value, g, shape)
            case Call(func=Callee()):
                self.user_call(expr, g)  # which is all of a value, so `g` has its shape
            case BoolOp():
                refuse_choice(expr, self.report)
            case _:
                applied = application(expr)
                if isinstance(applied, Bound):
                    self.apply(expr, applied, g, shape, out)
                else:
                    self.report.refuse("RG307", expr.at)

    def fitted(self, g: Expr, expr: Expr) -> Expr:
        """The cotangent `g` of `expr`, of which only the real part counts where `expr` is real."""
        kind, given = self.kind(expr), self.kind(g)
        if (
            holds_complex(kind)
            or isinstance(kind, Container | Other)
            or isinstance(g, Tuple | List)
        ):
            return g
        sure = isinstance(given, Scalar | Array) and given.dtype not in ("complex", None)
        if sure and not any(map(_is_helper, subexpressions(g))):
            return g
        real = real_part(g)
        if g in self.results:
            self.results[real] = self.results[g]
        return real

    def into_joined(self, expr: Binary, g: Expr) -> None:
        """Carry the cotangent `g` of a list, tuple or dict into the parts that it was joined of."""
        left, right = expr.left, expr.right
        g = self.shared(g, expr, 2)
        match expr.op, self.kind(left), self.kind(right):
            case "+", Sequence() as first, Sequence() as second:
                self.into_stretch(left, g, 0, first)
                length = None if second.items is None else len(second.items)
                if isinstance(right, List | Tuple) and length is not None:
                    self.into_stretch(right, g, -length, second)
                elif first.items is not None:
                    self.into_stretch(right, g, len(first.items), second)
                else:
                    rest = Slice(builtin("len", left), None, None)
                    self.into(right, Index(g, rest), second)
            case "*", Sequence() as kind, _:
                self.into(left, helper("fold", g, left), kind)
            case "*", _, Sequence() as kind:
                self.into(right, helper("fold", g, right), kind)
            case "|", MappingKind(items=p) as kind, MappingKind(items=q) as other if (
                p is not None and q is not None
            ):
                for key, item in p:
                    if key not in dict(q):
                        self.into_entry(left, Const(repr(key)), g, item)
                for key, item in q:
                    self.into_entry(right, Const(repr(key)), g, item)
            case "|", kind, other:
                self.into(left, helper("entries_kept", g, left, right), kind)
                if isinstance(right, Dict):
                    self.into(right, g, other)
                else:
                    self.into(right, helper("entries_of", g, right), other)
            case _:
                self.report.refuse("RG307", expr.at)

    def into_entry(self, part: Expr, key: Const, g: Expr, kind: Kind) -> None:
        """Carry the entry `key` of `g`, of a value of `kind`, into that of the dict `part`."""
        match part:
            case Dict(items=pairs):
                for written, item in pairs:
                    if isinstance(written, Const) and written.value == key.value:
                        self.into(item, Index(g, key), self.kind(item))
            case Binary(op="|", left=left, right=right):
                other = self.kind(right)
                known = isinstance(other, MappingKind) and key.value in dict(other.items or ())
                self.into_entry(right if known else left, key, g, kind)
            case _:
                self.into(Index(part, key), Index(g, key), kind)

    def into_stretch(self, part: Expr, g: Expr, start: int, kind: Sequence) -> None:
        """Carry the stretch of `g` that begins at `start`, and is as long as `part`, into `part`."""
        if isinstance(part, List | Tuple):
            for k, item in enumerate(part.items):
                self.into(item, Index(g, integer(start + k)), self.kind(item))
            return
        length = None if kind.items is None else len(kind.items)
        count = builtin("len", part) if length is None else integer(length)
        first = integer(start) if start else None
        stop = count if not start else None if length is None else integer(start + length)
        self.into(part, Index(g, Slice(first, stop, None)), kind)

    # ---- primitives

    def apply(self, expr: Expr, applied: Bound, g: Expr, shape: Kind, out: Expr | None) -> None:
        """Carry `g` through the primitive that `applied` is, by its rule."""
        rule = applied.rule
        if rule.form == "inactive":
            return
        active = [
            name
            for name, operand in applied.operands.items()
            if is_varied(operand, self.varied) and can_vary(operand, self.env, self.kinds)
        ]
        for name in active:
            if not rule.differentiates(name):
                at = getattr(applied.operands[name], "at", None) or getattr(expr, "at", None)
                self.report.refuse("RG302", at, f"no derivative with respect to `{name}`")
        active = [name for name in active if rule.differentiates(name)]
        out = expr if out is None else out
        kinds = {name: self.kind(part) for name, part in applied.operands.items()}
        self.complex = self.complex or any(map(holds_complex, (*kinds.values(), self.kind(expr))))
        if isinstance(expr, Binary) and expr.op == "*" and expr.left == expr.right:
            twice = Binary("*", number(2.0), expr.left)
            self.narrow(expr.left, self.times(g, twice, expr), shape)
            return
        if rule.form == "elementwise":
            g = self.shared(g, expr, len(active))
            for name in active:
                operand = applied.operands[name]
                slope = self.shaped(self.partial(applied, name, out, kinds, self.kind(expr)))
                value = self.early(self.times(g, slope, expr), expr)
                self.narrow(operand, value, shape)
            return
        g = self.shared(self.exact(g, shape, expr), expr, len(active))
        place, self.place = self.place, None  # inside, nothing need have its shape
        for name in active:
            operand = applied.operands[name]
            value = self.shaped(vjp(applied, name, g, out, kinds, self.kind(expr)))
            value = self.early(multiplied_out(value, self.kind), expr)
            self.results[value] = operand
            self.into(operand, value, kinds[name])
        self.place = place

    def early(self, value: Expr, expr: Expr) -> Expr:
        """`value` under a name if it reads both what the statement makes and what it overwrites."""
        reads_out = any(isinstance(p, Name) and p.role == "out" for p in subexpressions(value))
        overwritten = isinstance(self.target, Name) and self.target.id in names(expr)
        if not (reads_out and overwritten):
            return value
        return self.shared(value, expr, 2, always=True)

    def times(self, g: Expr, slope: Expr, expr: Expr) -> Expr:
        """``g * slope``; a `g` that is one number spread over an array need not be spread twice."""
        match g:
            case Call(func=Known(path="retrograd.runtime.spread"), args=(value, shape)):
                kind = self.kind(slope)
                if as_number(slope) is not None or isinstance(kind, Scalar):
                    return replace(g, args=(scaled(value, slope, self.kind), shape))
                if same_shape(kind, self.kind(expr)) and isinstance(self.kind(expr), Array):
                    return scaled(value, slope, self.kind)
        return scaled(g, slope, self.kind)

    def shaped(self, expr: Expr) -> Expr:
        """`expr` with the shape of a compound value taken from a variable that has the same one."""

        def simpler(part: Expr) -> Expr:
            match part:
                case Attribute(value=value, name="shape" | "size", is_field=False):
                    return replace(part, value=self.stand_in(value))
                case Attribute(
                    value=Attribute(value=value, name="T", is_field=False),
                    name="T",
                    is_field=False,
                ):
                    return value
                case _:
                    return part

        return rewrite(expr, simpler)

    def stand_in(self, expr: Expr) -> Expr:
        """A variable that surely has the shape of `expr`, if it reads one, else `expr`."""
        kind = self.kind(expr)
        if isinstance(kind, Array):
            for part in _broadcast_operands(expr):
                if isinstance(self.kind(part), Array) and same_shape(self.kind(part), kind):
                    return part
        return expr

    def partial(
        self, applied: Bound, name: str, out: Expr, kinds: Mapping[str, Kind], out_kind: Kind
    ) -> Expr:
        """The partial of a primitive, written out for the constant exponents of ``**``."""
        if applied.rule.path == "**" and name == "x":
            exponent = as_number(applied.operands["y"])
            root = exponent is not None and 0.0 < exponent < 1.0
            if exponent is not None and not (root and isinstance(kinds["x"], Scalar)):
                return power_partial(applied.operands["x"], applied.operands["y"], exponent)
        return partial(applied, name, out, kinds, out_kind)

    def narrow(self, operand: Expr, value: Expr, shape: Kind) -> None:
        """Carry an elementwise cotangent into an operand that broadcasting may have spread."""
        kind = self.kind(operand)
        if is_zero(value):
            return
        if same_shape(kind, shape) or operand == self.place:
            self.into(operand, value, kind)
        elif (summed := self.summed(value, shape, kind)) is not None:
            self.into(operand, summed, kind)
        else:
            self.into(operand, value, shape)

    def exact(self, g: Expr, shape: Kind, expr: Expr) -> Expr:
        """`g` with the shape of the value of `expr`, which broadcasting may have spread."""
        if isinstance(g, IfExp) and is_mask(g):
            then, orelse = self.exact(g.then, shape, expr), self.exact(g.orelse, shape, expr)
            return replace(g, then=then, orelse=orelse)
        kind = self.kind(expr)
        if is_zero(g):
            return zeros_like(self.stand_in(expr), kind)
        if expr is self.whole and isinstance(g, Name) and g.role == "bar":
            return g
        if same_shape(kind, shape) or isinstance(kind, Container):
            return g
        if g in self.results and self.results[g] == expr:
            return g
        summed = self.summed(g, shape, kind)
        if summed is not None:
            return summed
        like = self.stand_in(expr)
        match g:
            case Call(func=Known(path="retrograd.runtime.unbroadcast"), args=(_, other)) if (
                other == like
            ):
                return g
            case _:
                return helper("unbroadcast", g, like)

    def summed(self, g: Expr, shape: Kind, kind: Kind) -> Expr | None:
        """`g` summed from a known `shape` to a known `kind`; None when that takes a look at run time."""
        match g, kind:
            case Call(func=Known(path="retrograd.runtime.spread"), args=(value, extents)), Scalar():
                spread = isinstance(shape, Array) and isinstance(self.kind(value), Scalar)
                if isinstance(extents, Attribute) and spread:
                    return scaled(value, Attribute(extents.value, "size"), self.kind)
            case IfExp(then=then, orelse=orelse), _ if is_mask(g):
                first = then if is_zero(then) else self.summed(then, shape, kind)
                second = orelse if is_zero(orelse) else self.summed(orelse, shape, kind)
                if first is None or second is None:
                    return None
                return replace(g, then=first, orelse=second)
        return _summed(g, shape, kind)

    def shared(self, g: Expr, expr: Expr, uses: int, *, always: bool = False) -> Expr:
        """`g`, under a name of its own if it is used more than once and not cheap."""
        match g:
            case Call(func=Known(path="retrograd.runtime.spread"), args=(value, extents)):
                return replace(g, args=(self.shared(value, expr, uses), extents))
            case Call(func=Known(path="numpy.where"), args=(test, then, orelse)) if is_mask(g):
                if not always and uses > 1:
                    sides = (self.shared(then, expr, uses), self.shared(orelse, expr, uses))
                    return replace(g, args=(test, *sides))
            case IfExp(then=then, orelse=orelse) if is_mask(g) and not always:
                return g
        if not always and (uses < 2 or not self.is_costly(g)):
            return g
        name = made(self.fresh(f"{_label(expr)}_bar"))
        self.env[made_key(name.id)] = self.kind(g)
        self.temporaries.append(Temporary(name, g))
        return name

    def is_costly(self, g: Expr) -> bool:
        operations = [
            part for part in subexpressions(g) if not isinstance(part, Const | Name | Known)
        ]
        scalar = isinstance(self.kind(g), Scalar)
        calls = any(isinstance(part, Call) for part in operations)
        return bool(operations) and (not scalar or calls or len(operations) > 4)

    def is_place(self, expr: Expr) -> bool:
        """Whether a buffer like the variable in `expr` has a part like `expr` that can be added to."""
        match expr:
            case Name():
                return True
            case Index(value=Attribute(value=whole, name="T", is_field=False)):
                return isinstance(self.kind(whole), Array) and self.is_view(whole)
            case Index(value=Index() as whole) | Attribute(value=Index() as whole, is_field=True):
                return self.is_view(whole)
            case Index(value=inner) | Attribute(value=inner, is_field=True):
                return isinstance(inner, Name | Attribute) and self.is_place(inner)
            case _:
                return False

    def is_view(self, expr: Expr) -> bool:
        """Whether `expr` is such a part, and one in which what is written arrives."""
        if isinstance(expr, Index):
            parts = expr.index.items if isinstance(expr.index, Tuple) else (expr.index,)
            sliced = any(isinstance(part, Slice) for part in parts)
            if sliced and not isinstance(self.kind(expr.value), Array):
                return False  # a slice of a list is a copy
            if not all(map(self.is_basic, parts)):
                return False
        return self.is_place(expr)

    def is_basic(self, subscript: Expr) -> bool:
        """Whether a subscript picks by position, so that indexing gives a view and no copy."""
        if isinstance(subscript, Slice | Const) or is_new_axis(subscript):
            return True
        return isinstance(self.kind(subscript), Scalar)

    # ---- ends of the way

    def arrive(self, place: Expr, g: Expr, shape: Kind) -> None:
        """`g` has reached a variable or a part of one."""
        assert isinstance(place, Name | Index | Attribute)
        if isinstance(g, Tuple):
            for k, item in enumerate(g.items):
                part = self.item(place, part_of(g.items, k))
                item = item.value if isinstance(item, Starred) else item
                if isinstance(item, Name) and item.role == "bar" and item.id not in self.useful:
                    continue
                if is_zero(item):
                    continue
                if isinstance(self.kind(part), Other):
                    continue
                self.arrive(part, item, self.kind(part))
            return
        if isinstance(self.kind(place), Other):
            return
        value = self.filled(self.exact(g, shape, place), place)
        if self.complex:
            value = in_complex(value, self.kind(place), self.kind)
        root = root_of(place)
        if root is not None and root.id in self.resized:
            value = self.as_list(value, place)
        self.found.append(Contribution(place, value))

    def as_list(self, g: Expr, place: Expr) -> Expr:
        """The cotangent `g` of a list that changes its length, as a list of its own."""
        kind = self.kind(place)
        if not isinstance(kind, Sequence) or isinstance(g, List):
            return g
        if isinstance(kind.item, Scalar | Array):
            return builtin("list", g)
        if isinstance(self.kind(g), Array) and _is_numbers(kind):
            return Call(Attribute(g, "tolist"))
        return helper("restructure", g, place)

    def item(self, place: Expr, index: Expr) -> Index | Attribute:
        """The item at `index` of a list, a tuple or a namedtuple, or a slice of one."""
        kind, k = self.kind(place), integer_value(index)
        if isinstance(kind, Record) and kind.form == "namedtuple" and k is not None:
            return Attribute(place, kind.names[k], is_field=True)
        return Index(place, index)

    def part(self, g: Expr, name: str, record: Kind) -> Expr:
        """The field `name` of the cotangent `g` of a `record`."""
        if isinstance(g, Tuple) and isinstance(record, Record):
            return g.items[record.names.index(name)]
        key = key_of_field(name, record)
        if isinstance(key.value, str) or (isinstance(g, Name) and g.id in self.entries):
            return Attribute(g, name, is_field=True)
        return Index(g, key)

    def replacement(self, expr: Expr, value: Expr, given: dict[str, Expr], g: Expr) -> None:
        """The adjoint of a copy of the record `value` with the fields in `given` exchanged."""
        kind = self.kind(expr)
        assert isinstance(kind, Record)
        g = self.shared(g, expr, len(kind.names))
        for name in kind.names:
            part = given.get(name, Attribute(value, name, is_field=True))
            if can_vary(part, self.env, self.kinds):
                self.into(part, self.part(g, name, kind), self.kind(part))

    def filled(self, g: Expr, place: Name | Index | Attribute) -> Expr:
        """`g`, where it is one number spread over an array, in NumPy's own words."""
        match g, self.kind(place):
            case Call(func=Known(path="retrograd.runtime.spread"), args=(value, _)), Array(
                dtype="float"
            ):
                return Call(Known("numpy.full_like", "np.full_like"), (place, value))
            case _:
                return g

    def scatter(self, expr: Index | Attribute, g: Expr, shape: Kind) -> None:
        """`g` has reached a part of something that is not a variable: put it back among zeros."""
        several = self.one_of_several(expr)
        if several is not None:
            place, count = several
            g = self.exact(g, shape, expr)
            items = tuple(g if k == place else ZERO for k in range(count))
            self.into(expr.value, Tuple(items), self.kind(expr.value))
            return
        if isinstance(expr, Index):
            index = index_value(expr.index)
        else:
            index = key_of_field(expr.name, self.kind(expr.value))
        value = helper("scatter", self.exact(g, shape, expr), expr.value, index)
        self.into(expr.value, value, self.kind(expr.value))

    def one_of_several(self, expr: Index | Attribute) -> tuple[int, int] | None:
        """Which result `expr` picks of how many that a primitive has; None if it is no such thing."""
        match expr, self.kind(expr.value):
            case Index(value=Call(func=Known()), index=index), Sequence(
                form="tuple", items=tuple() as items
            ):
                place = integer_value(index)
                if place is not None and -len(items) <= place < len(items):
                    return place % len(items), len(items)
        return None

    def user_call(self, call: Call, g: Expr) -> None:
        """The adjoint of a call of a user function: its backward half, then its arguments."""
        arg_kinds = tuple(self.kind(arg) for arg in call.args)
        flags = tuple(
            is_varied(arg, self.varied) and can_vary(arg, self.env, self.kinds) for arg in call.args
        )
        if not any(flags):
            return
        plan = self.call = self.split(call, arg_kinds, flags)
        results = []
        for k in plan.gives:
            name = made(self.fresh(f"{plan.params[k]}_bar"))
            self.env[made_key(name.id)] = cotangent_kind(arg_kinds[k])
            results.append(name)
            self.results[name] = call.args[k]
        tape = (plan.tape,) if plan.keeps else ()
        g = conjugated(g, self.kind(call))
        back = Call(plan.backward, (*(call.args[k] for k in plan.needs), *tape, g))
        target: Name | Tuple = results[0] if len(results) == 1 else Tuple(tuple(results))
        self.temporaries.append(Temporary(target, back))
        for k, name in zip(plan.gives, results, strict=True):
            bar = conjugated(name, arg_kinds[k])
            self.results[bar] = call.args[k]
            self.into(call.args[k], bar, arg_kinds[k])


def _is_helper(expr: Expr) -> bool:
    """Whether `expr` is a function whose result has the kind of an operand, in whatever numbers."""
    return isinstance(expr, Known) and expr.path == "retrograd.runtime.unbroadcast"


def _changed(target: Target) -> Iterator[str]:
    """The variables that ``target = value`` gives another value, or another part."""
    match target:
        case Index() | Attribute():
            root = root_of(target)
            if root is not None:
                yield root.id
        case _:
            yield from bound_names(target)


def key_of_field(name: str, record: Kind) -> Const:
    """What a cotangent has the field `name` under: its place in a list, or its name."""
    position = record.position(name) if isinstance(record, Record) else None
    return Const(repr(name) if position is None else str(position))


def _is_numbers(kind: Kind) -> bool:
    """Whether a value of `kind` is made of lists of numbers through and through."""
    match kind:
        case Sequence(items=None, item=item):
            return isinstance(item, Scalar) or _is_numbers(item)
        case Sequence(items=items) if items:
            return all(isinstance(item, Scalar) or _is_numbers(item) for item in items)
        case _:
            return False


def _evaluates_once(expr: Expr, part: Expr) -> bool:
    """Whether evaluating `expr` surely evaluates `part`, and once."""
    parts = list(subexpressions(expr))
    return parts.count(part) == 1 and not any(isinstance(p, IfExp | BoolOp) for p in parts)


def _copied(bar: Expr, kind: Kind) -> Expr:
    """A cotangent that will be zeroed where it came from."""
    return own_copy(bar, kind) if isinstance(kind, Array) else bar


def replacing(old: Expr, new: Expr) -> Callable[[Expr], Expr]:
    """Puts `new` where `old` stands in an expression."""
    return lambda expr: rewrite(expr, lambda part: new if part == old else part)


def _transposed(g: Expr) -> Expr:
    match g:
        case Call(func=Known(path="numpy.outer"), args=(a, b)):
            return replace(g, args=(b, a))
        case Attribute(value=value, name="T", is_field=False):
            return value
        case _:
            return Attribute(g, "T")


def _broadcast_operands(expr: Expr) -> Iterator[Name]:
    """The variables that `expr` spreads against each other, element by element."""
    match expr:
        case Name(role="" | "out"):
            yield expr
        case Unary() | Binary() | Call():
            applied = application(expr)
            if isinstance(applied, Bound) and applied.rule.form == "elementwise":
                for operand in applied.operands.values():
                    yield from _broadcast_operands(operand)
        case _:
            return


def refuse_choice(expr: BoolOp, report: Diagnostics) -> None:
    """Refuse ``a or b`` where the value is used, and not only whether it counts as true."""
    report.refuse(
        "RG307",
        expr.at,
        f"`{expr.op}` between numbers",
        why="its value is one of the two, and a 0 of either is taken for False",
        instead="say what decides: `a if a > 0.0 else b`",
    )


def index_value(index: Expr) -> Expr:
    """A subscript as an expression that may stand outside brackets: ``1:`` is ``slice(1, None)``."""
    match index:
        case Slice(start=start, stop=stop, step=step):
            bounds = [part if part is not None else Const("None") for part in (start, stop)]
            return Call(Known("slice", "slice"), (*bounds, *(() if step is None else (step,))))
        case Tuple(items=items):
            return Tuple(tuple(map(index_value, items)))
        case _:
            return index


def _cotangent_of(target: Target) -> Expr:
    match target:
        case Tuple(items=items):
            return Tuple(tuple(_cotangent_of(i) for i in items if isinstance(i, Target)))
        case Starred(value=value) if isinstance(value, Target):
            return Starred(_cotangent_of(value))
        case Name(id=id):
            return Name(id, "bar")
        case _:
            return target


def power_partial(base: Expr, written: Expr, exponent: float) -> Expr:
    """The partial of ``base ** exponent`` by its base: powers of 0 and 1 written out."""
    if exponent == 0.0:
        return ZERO
    if exponent == 1.0:
        return ONE
    if exponent == 2.0:
        return Binary("*", number(exponent), base)
    lowered = integer(int(exponent) - 1) if integer_value(written) else number(exponent - 1.0)
    return Binary("*", number(exponent), Binary("**", base, lowered))


def same_shape(kind: Kind, shape: Kind) -> bool:
    """Whether values of the two kinds surely have the same shape."""
    match kind, shape:
        case Scalar(), Scalar():
            return True
        case Array(dims=d), Array(dims=e) if d is not None and e is not None:
            return len(d) == len(e) and all(map(_same_extent, d, e))
        case _ if isinstance(kind, Container):
            return True
        case _:
            return False


def _same_extent(operand: str, result: str) -> bool:
    """Whether an operand's axis was surely not spread to the result's."""
    return operand == MANY or (operand == result != ANY)


def _summed(g: Expr, shape: Kind, kind: Kind) -> Expr | None:
    """`g` summed from a known `shape` to a known `kind`; None when that takes a look at run time."""
    match kind, shape:
        case Scalar(), Array(dims=dims) if dims is not None:
            return _sum_of(g)
        case Array(dims=d), Array(dims=e) if d is not None and e is not None and len(d) < len(e):
            leading = len(e) - len(d)
            if not all(map(_same_extent, d, e[leading:])):
                return None
            axes = tuple(Const(str(axis)) for axis in range(leading))
            axis = axes[0] if leading == 1 else Tuple(axes)
            return Call(Known("numpy.sum", "np.sum"), (g,), (("axis", axis),))
        case _:
            return None


def _sum_of(g: Expr) -> Expr:
    return Call(Known("numpy.sum", "np.sum"), (g,))


def _label(expr: Expr) -> str:
    """A word for the value of `expr`, to name its cotangent by."""
    match expr:
        case Binary(op=op):
            words = {"+": "sum", "-": "diff", "*": "prod", "/": "ratio", "@": "matmul"}
            return words.get(op, "power")
        case Call(func=Known(path=path)):
            return path.rsplit(".", 1)[-1]
        case IfExp():
            return "choice"
        case Tuple() | List():
            return "items"
        case _:
            return "value"
