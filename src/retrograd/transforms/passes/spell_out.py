"""Write as statements what expressions do beside giving a value: names bound, loops run, items taken.

    y = 2.0 * (z := x * x)              ->  z = x * x
                                            y = 2.0 * z
    ys = [v * v for v in xs if v > 0]   ->  ys = []
                                            for v in xs:
                                                if v > 0:
                                                    ys.append(v * v)
    a[i], a[j] = a[j], a[i]             ->  item, item2 = a[j], a[i]
                                            a[i] = item
                                            a[j] = item2

Python's order of evaluation is kept: what stands before such a part and reads what the part changes
gets a name, and a part that may not be evaluated at all goes into a branch.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.ir.algebra import builtin
from retrograd.transforms.ir.nodes import (
    MADE,
    Assert,
    Assign,
    Attribute,
    AugAssign,
    Block,
    BoolOp,
    Break,
    Call,
    Callee,
    Class,
    Clause,
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
    Origin,
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
    assigned,
    bound_names,
    children,
    map_blocks,
    names,
    own_expressions,
    statements,
    subexpressions,
    with_children,
)
from retrograd.transforms.passes.container_methods import in_few_methods
from retrograd.transforms.passes.interface import surface_pass
from retrograd.transforms.passes.iterators import runs_ahead, taken_apart
from retrograd.transforms.passes.restate import restated
from retrograd.transforms.rules.application import application


@surface_pass
def spell_out(function: Function, fresh: Callable[[str], str], report: Diagnostics) -> Function:
    """`function` with every expression pure and every loop a statement: see the head of this file."""
    return replace(function, body=SpellOut(fresh, report).block(function.body))


class SpellOut:
    def __init__(self, fresh: Callable[[str], str], report: Diagnostics) -> None:
        self.fresh = fresh
        self.report = report
        #: The user's text of the statement at hand.
        self.quote = ""

    def block(self, block: Block) -> Block:
        return tuple(line for stmt in block for line in self.statement(stmt))

    # ---- statements

    def statement(self, stmt: Stmt) -> Iterator[Stmt]:
        if stmt.origin.spelling or stmt.origin.quote:
            self.quote = stmt.origin.spelling or stmt.origin.quote
        match stmt:
            case Assign(target=Tuple() as target, value=value):
                yield from self.unpacked(stmt, target, value)
            case Assign(target=Name() as name, value=Call(func=Attribute(name="pop")) as value) if (
                len(value.args) < 2 and not value.kwargs and name.id not in names(value)
            ):
                value, before = self.in_order(value)
                yield from headed(stmt, [*before, moved(stmt, before, replace(stmt, value=value))])
            case Assign(target=target, value=value):
                into = (
                    target if isinstance(target, Name) and target.id not in names(value) else None
                )
                value, before = self.lifted(value, into)
                if value != target or isinstance(target, Attribute):  # which may be a property
                    target, lines = self.place(target)
                    if lines:
                        value = self.kept(value, replace(_effect(lines), acts=False), before)
                    before += lines
                    before.append(moved(stmt, before, replace(stmt, target=target, value=value)))
                yield from headed(stmt, before)
            case AugAssign(target=target, value=value):
                place, before = self.place(target)
                value, lines = self.lifted(value)
                assert isinstance(place, Name | Index | Attribute)
                step = moved(stmt, before, replace(stmt, target=place, value=value))
                assert isinstance(step, AugAssign)
                yield from headed(stmt, [*before, *self.augmented(step, lines, stmt)])
            case Do() | Delete() if (few := in_few_methods(stmt, self.fresh)) is not None:
                lines = [line for one in few for line in self.statement(one)]
                yield from headed(stmt, lines)
            case Return(value=value) | Do(value=value) | Raise(value=value):
                value, before = self.lifted(value)
                if not (isinstance(stmt, Do) and before and _is_idle(value)):
                    before.append(moved(stmt, before, replace(stmt, value=value)))
                yield from headed(stmt, before)
            case Assert(test=test):
                test, before = self.lifted(test)
                yield from headed(stmt, [*before, moved(stmt, before, replace(stmt, test=test))])
            case If(test=test):
                test, before = self.condition(test)
                choice = map_blocks(replace(stmt, test=test), self.block)
                yield from headed(stmt, [*before, moved(stmt, before, choice)])
            case For(iterable=iterable):
                apart = taken_apart(replace(stmt, iterable=self.restated(iterable)))
                if apart.iterable is not iterable and apart.origin != stmt.origin:
                    yield from self.statement(apart)
                    return
                if (ahead := runs_ahead(apart)) is not None:
                    at = getattr(ahead, "at", None) or stmt.origin.span
                    self.report.refuse("RG226", at, "the loop changes what this gives next")
                iterable, before = self.lifted(iterable)
                loop = map_blocks(replace(stmt, iterable=iterable), self.block)
                yield from headed(stmt, [*before, moved(stmt, before, loop)])
            case While(test=test):
                test, before = self.condition(test)
                loop = map_blocks(replace(stmt, test=test), self.block)
                if before:
                    assert isinstance(loop, While)
                    again = _copied(tuple(before))
                    loop = replace(loop, body=(*_before_continue(loop.body, again), *again))
                yield from headed(stmt, [*before, moved(stmt, before, loop)])
            case With(context=context):
                context, before = self.lifted(context)
                inner = map_blocks(replace(stmt, context=context), self.block)
                yield from headed(stmt, [*before, moved(stmt, before, inner)])
            case Define(function=function):
                body = SpellOut(self.fresh, self.report).block(function.body)
                yield replace(stmt, function=replace(function, body=body))
            case Pass() | Comment() | Break() | Continue() | Import() | Delete():
                yield stmt
            case _:
                assert_never(stmt)

    def unpacked(self, stmt: Assign, target: Tuple, value: Expr) -> Iterator[Stmt]:
        """``a, b = value``: elements among the targets are assigned afterwards, in Python's order."""
        columns = _columns(target, value, self.fresh)
        if columns is not None:
            first, *rest = columns
            for assign in (replace(first, origin=stmt.origin.rewritten()), *rest):
                yield from self.statement(assign)
            return
        value, before = self.lifted(value)
        stores: list[Stmt] = []
        bound = frozenset(bound_names(target))
        parts = [part for part in _leaves(target) if not isinstance(part, Name)]
        entangled = any(names(part) & bound for part in parts)

        def named(part: Target) -> Target:
            match part:
                case Tuple(items=items):
                    return replace(
                        part, items=tuple(named(i) for i in items if isinstance(i, Target))
                    )
                case Starred(value=inner) if isinstance(inner, Target):
                    return replace(part, value=named(inner))
                case Name() if not entangled:
                    return part
                case _:
                    name = Name(self.fresh("item"))
                    origin = replace(MADE, quote=self.quote)
                    stores.extend(self.statement(Assign(part, name, origin)))
                    return name

        plain = replace(stmt, target=named(target), value=value)
        if stores:
            plain = replace(plain, origin=stmt.origin.rewritten())
        yield from headed(stmt, [*before, moved(stmt, before, plain), *stores])

    def place(self, target: Target) -> tuple[Target, list[Stmt]]:
        """`target` with its subscripts lifted, which are evaluated after the value."""
        if isinstance(target, Name):
            return target, []
        place, lines = self.lifted(target)
        assert isinstance(place, Name | Index | Attribute)
        return place, lines

    def restated(self, iterable: Expr) -> Expr:
        """What a loop runs over in simpler words, and what its `zip` and `enumerate` are made of."""
        match iterable:
            case Call(func=Known(path="zip" | "enumerate"), args=args):
                new = tuple(map(self.restated, args))
                same = all(a is b for a, b in zip(args, new, strict=True))
                return iterable if same else replace(iterable, args=new)
            case Call(func=Known(path="map" | "filter")):
                return restated(iterable, self.fresh)
            case _:
                return iterable

    # ---- expressions

    def lifted(self, expr: Expr, into: Name | None = None) -> tuple[Expr, list[Stmt]]:
        """`expr` as a pure expression, and the statements that have to run before it.

        `into` is a variable that may be used to build the value up, as it is about to be given it.
        """
        expr = restated(expr, self.fresh)
        match expr:
            case Lambda() | Const() | Name() | Known() | Callee():
                return expr, []
            case Named(target=target, value=value):
                value, before = self.lifted(
                    value, target if target.id not in names(value) else None
                )
                if value != target:
                    before.append(Assign(target, value, replace(MADE, quote=self.quote)))
                return target, before
            case Comprehension():
                return self.collected(expr, into)
            case IfExp():
                return self.chosen(expr, into)
            case BoolOp():
                return self.short_circuit(expr, into)
            case Compare(rest=rest) if len(rest) > 1:
                return self.chain(expr)
            case Call(func=Known(path="sum"), args=(Comprehension() as items, *start)) if (
                len(start) < 2
            ):
                return self.summed(items, start[0] if start else Const("0"), into)
            case Call(func=Known(path="any" | "all" as path), args=(Comprehension() as items,)):
                return self.quantified(path == "any", items, into)
            case Call(func=Known(path="functools.reduce"), args=(f, items, *start)) if (
                len(start) < 2
            ):
                return self.reduced(f, items, start[0] if start else None, into)
            case Call(func=Known(path="max" | "min"), kwargs=kwargs) if kwargs:
                return self.extreme(expr)
            case Call(func=Known(path="sorted"), args=(items,)):
                return self.arranged(expr, items, into)
            case Call(func=Attribute(name="pop" | "setdefault" | "get"), args=args, kwargs=()) if (
                len(args) < 3
            ):
                return self.taken(expr, into)
            case _:
                return self.in_order(expr)

    def in_order(self, expr: Expr) -> tuple[Expr, list[Stmt]]:
        """The parts of `expr` lifted one after the other."""
        old = children(expr)
        new: list[Expr] = []
        before: list[Stmt] = []
        for part in old:
            value, lines = self.lifted(part)
            if lines:
                effect = _effect(lines)
                called = isinstance(expr, Call) and isinstance(new[0] if new else None, Attribute)
                new = [
                    (
                        self.kept_inside(earlier, effect, before)
                        if called and k == 0
                        else self.kept(earlier, effect, before)
                    )
                    for k, earlier in enumerate(new)
                ]
            before += lines
            new.append(value)
        if all(a is b for a, b in zip(old, new, strict=True)):
            return expr, before
        return with_children(expr, tuple(new)), before

    def kept(self, expr: Expr, effect: "_Effect", before: list[Stmt]) -> Expr:
        """`expr` under a name, if its value is another one after statements with that `effect`."""
        if not effect.reaches(expr):
            return expr
        match expr:
            case Slice() | Starred() | Tuple() | List() | Dict():
                return self.kept_inside(expr, effect, before)
            case _:
                name = Name(self.fresh("first"))
                before.append(Assign(name, expr))
                return name

    def kept_inside(self, expr: Expr, effect: "_Effect", before: list[Stmt]) -> Expr:
        """`expr`, the direct parts of which are `kept`."""
        parts = tuple(self.kept(part, effect, before) for part in children(expr))
        return with_children(expr, parts)

    def augmented(self, stmt: AugAssign, lines: list[Stmt], old: Stmt) -> list[Stmt]:
        """`stmt` behind `lines`, which are part of its value: Python has read the target by then."""
        effect, before = _effect(lines), list[Stmt]()
        place = self.kept_inside(stmt.target, effect, before)
        assert isinstance(place, Name | Index | Attribute)
        if isinstance(place, Name) and place.id not in assigned(tuple(lines)):
            first: Expr = place  # an array: what it holds is read by the operation itself
        else:
            first = self.kept(place, effect, before)
        before += lines
        step = moved(old, lines, replace(stmt, target=place))
        if first == place:
            return [*before, step]
        assert isinstance(first, Name)
        assert isinstance(step, AugAssign)
        origin = replace(MADE, quote=self.quote)
        return [*before, replace(step, target=first), Assign(place, first, origin)]

    # ---- parts that may not be evaluated

    def chosen(self, expr: IfExp, into: Name | None) -> tuple[Expr, list[Stmt]]:
        """A conditional expression; as a conditional statement if a branch has to be spelled out."""
        test, before = self.lifted(expr.test)
        (then, first), (orelse, second) = self.lifted(expr.then), self.lifted(expr.orelse)
        if not first and not second:
            return _same(expr, (test, then, orelse)), before
        name = into or Name(self.fresh("chosen"))
        origin = replace(MADE, quote=self.quote)
        first.append(Assign(name, then, origin))
        second.append(Assign(name, orelse, origin))
        before.append(If(test, tuple(first), tuple(second)))
        return name, before

    def short_circuit(self, expr: BoolOp, into: Name | None) -> tuple[Expr, list[Stmt]]:
        """``a and b``, where `b` may not be evaluated."""
        left, before = self.lifted(expr.left)
        right, lines = self.lifted(expr.right)
        if not lines:
            return _same(expr, (left, right)), before
        name = into or Name(self.fresh("taken"))
        before.append(Assign(name, left))
        test: Expr = name if expr.op == "and" else Unary("not", name)
        before.append(If(test, (*lines, Assign(name, right)), ()))
        return name, before

    def condition(self, expr: Expr) -> tuple[Expr, list[Stmt]]:
        """A test as `lifted` gives it, of whose value only the truth counts."""
        match expr:
            case BoolOp(op=op, left=left, right=right):
                left, before = self.condition(left)
                right, lines = self.condition(right)
                if not lines:
                    return _same(expr, (left, right)), before
                name = Name(self.fresh("taken"))
                before.append(Assign(name, Const(str(op == "or"))))
                test: Expr = left if op == "and" else Unary("not", left)
                before.append(If(test, (*lines, Assign(name, right)), ()))
                return name, before
            case Unary(op="not", operand=operand):
                operand, before = self.condition(operand)
                return _same(expr, (operand,)), before
            case _:
                return self.lifted(expr)

    def chain(self, expr: Compare) -> tuple[Expr, list[Stmt]]:
        """``a < b < c``, where `c` may not be evaluated."""
        if not any(self.lifted(part)[1] for part in expr.rest[1:]):
            return self.in_order(expr)
        middle = Name(self.fresh("middle"))
        first = Compare(expr.first, expr.ops[:1], (Named(middle, expr.rest[0]),), expr.at)
        rest = Compare(middle, expr.ops[1:], expr.rest[1:], expr.at)
        return self.lifted(BoolOp("and", first, rest, expr.at))

    # ---- loops

    def collected(self, expr: Comprehension, into: Name | None) -> tuple[Expr, list[Stmt]]:
        """A comprehension as a loop that fills a container."""
        if expr.form == "set":
            items, before = self.collected(replace(expr, form="list"), None)
            return replace(builtin("set", items), at=expr.at), before
        result = into or Name(self.fresh("items"))
        origin = replace(MADE, quote=self.quote)
        step: Stmt
        if expr.form == "dict":
            assert isinstance(expr.element, Tuple)
            key, value = expr.element.items
            step = Assign(Index(result, key), value, origin)
        else:
            step = Do(Call(Attribute(result, "append"), (expr.element,)), origin)
        start = Dict(()) if expr.form == "dict" else List(())
        return result, [Assign(result, start), *self.loops(expr.clauses, (step,))]

    def loops(self, clauses: tuple[Clause, ...], body: Block) -> Block:
        """`body` inside the loops and tests of `clauses`, spelled out."""
        return self.block(_nested(clauses, body))

    def summed(
        self, items: Comprehension, start: Expr, into: Name | None
    ) -> tuple[Expr, list[Stmt]]:
        """``sum(e for ...)`` as a running total."""
        start, before = self.lifted(start)
        total = into or Name(self.fresh("total"))
        origin = replace(MADE, quote=self.quote)
        step = AugAssign(total, "+", items.element, origin)
        return total, [*before, Assign(total, start), *self.loops(items.clauses, (step,))]

    def quantified(
        self, any_: bool, items: Comprehension, into: Name | None
    ) -> tuple[Expr, list[Stmt]]:
        """``any(e for ...)``: nothing more is evaluated once the answer is known."""
        answer = into or Name(self.fresh("found" if any_ else "hold"))
        open_: Expr = Unary("not", answer) if any_ else answer
        clauses = tuple(replace(clause, tests=(open_, *clause.tests)) for clause in items.clauses)
        test = items.element if any_ else Unary("not", items.element)
        step = If(test, (Assign(answer, Const(str(any_))),), ())
        return answer, [Assign(answer, Const(str(not any_))), *self.loops(clauses, (step,))]

    def reduced(
        self, f: Expr, items: Expr, start: Expr | None, into: Name | None
    ) -> tuple[Expr, list[Stmt]]:
        """``functools.reduce(f, items, start)`` as a loop."""
        item = Name(self.fresh("item"))
        if start is None:
            items, before = self.named(items, "items")
            start, items = Index(items, Const("0")), Index(items, Slice(Const("1"), None, None))
        else:
            items, before = self.lifted(items)
            start, lines = self.lifted(start)
            before += lines
        result = into or Name(self.fresh("result"))
        origin = replace(MADE, quote=self.quote)
        step = Assign(result, Call(f, (result, item)), origin)
        return result, [*before, Assign(result, start), *self.block((For(item, items, (step,)),))]

    def named(self, expr: Expr, root: str) -> tuple[Expr, list[Stmt]]:
        """`expr` as something that can be read twice."""
        expr, before = self.lifted(expr)
        if isinstance(expr, Name | Outer):
            return expr, before
        name = Name(self.fresh(root))
        return name, [*before, Assign(name, expr)]

    # ---- containers

    def taken(self, call: Call, into: Name | None) -> tuple[Expr, list[Stmt]]:
        """``d.pop(k)``, ``d.get(k, e)`` or ``d.setdefault(k, e)`` inside an expression."""
        new, before = self.in_order(call)
        assert isinstance(new, Call)
        func, args = new.func, new.args
        assert isinstance(func, Attribute)
        if func.name == "pop" and len(args) < 2:
            item = into or Name(self.fresh("item"))
            return item, [*before, Assign(item, new, replace(MADE, quote=self.quote))]
        if not args:
            return new, before
        key = args[0]
        if not isinstance(key, Const | Name | Outer):
            key = Name(self.fresh("key"))
            before.append(Assign(key, args[0]))
        default = args[1] if len(args) > 1 else Const("None")
        entry = Index(func.value, key)
        match func.name:
            case "get":
                return IfExp(Compare(key, ("in",), (func.value,)), entry, default), before
            case "setdefault":
                lacks = Compare(key, ("not in",), (func.value,))
                return entry, [*before, If(lacks, (Assign(entry, default),), ())]
            case _:
                item = into or Name(self.fresh("item"))
                there = Assign(item, replace(new, args=(key,)))
                test = Compare(key, ("in",), (func.value,))
                return item, [*before, If(test, (there,), (Assign(item, default),))]

    # ---- order

    def extreme(self, call: Call) -> tuple[Expr, list[Stmt]]:
        """``max(items, key=f, default=d)``."""
        options = dict(call.kwargs)
        if options.keys() - {"key", "default"} or (len(call.args) > 1 and "default" in options):
            return self.in_order(call)
        source = call.args[0] if len(call.args) == 1 else List(call.args)
        items, before = self.named(_listed(source), "items")
        best: Expr = replace(call, args=(items,), kwargs=())
        if "key" in options and options["key"] != Const("None"):
            keys, lines = self.keys(items, options["key"])
            place = "largest" if call.func == Known("max", "") else "smallest"
            best = Index(items, _helper(f"first_{place}", keys))
            before += lines
        if "default" not in options:
            return best, before
        default, lines = self.lifted(options["default"])
        # the keys of nothing are harmless, so only the choice itself depends on the items
        return IfExp(Compare(builtin("len", items), (">",), (Const("0"),)), best, default), [
            *before,
            *lines,
        ]

    def arranged(self, call: Call, source: Expr, into: Name | None) -> tuple[Expr, list[Stmt]]:
        """``sorted(items, key=f, reverse=r)``: the items in an order that has no derivative."""
        options = dict(call.kwargs)
        if options.keys() - {"key", "reverse"}:
            return self.in_order(call)
        items, before = self.named(_listed(source), "items")
        keys = items
        if "key" in options and options["key"] != Const("None"):
            keys, lines = self.keys(items, options["key"])
            before += lines
        reverse, lines = self.lifted(options.get("reverse", Const("False")))
        before += lines
        order = Name(self.fresh("order"))
        arguments = (keys,) if reverse == Const("False") else (keys, reverse)
        before.append(Assign(order, _helper("sorting_order", *arguments)))
        place = Name(self.fresh("place"))
        moved = Comprehension("list", Index(items, place), (Clause(place, order),))
        result, lines = self.lifted(moved, into)
        return result, [*before, *lines]

    def keys(self, items: Expr, f: Expr) -> tuple[Expr, list[Stmt]]:
        """What to compare the items by."""
        item = Name(self.fresh("item"))
        every = Comprehension("list", Call(f, (item,)), (Clause(item, items),))
        return self.lifted(every, Name(self.fresh("keys")))


def _helper(name: str, *args: Expr) -> Call:
    return Call(Known(f"retrograd.runtime.{name}", name), args)


def _listed(source: Expr) -> Expr:
    """`source` as something with items by position."""
    match source:
        case List() | Comprehension():
            return source
        case _:
            return builtin("list", source)


def _same(expr: Expr, parts: tuple[Expr, ...]) -> Expr:
    unchanged = all(a is b for a, b in zip(children(expr), parts, strict=True))
    return expr if unchanged else with_children(expr, parts)


def _nested(clauses: tuple[Clause, ...], body: Block) -> Block:
    """`body` inside the loops and tests of `clauses`."""
    for clause in reversed(clauses):
        for test in reversed(clause.tests):
            body = (If(test, body, ()),)
        body = (For(clause.target, clause.iterable, body),)
    return body


def _columns(target: Tuple, value: Expr, fresh: Callable[[str], str]) -> list[Assign] | None:
    """``xs, ys = zip(*rows)`` column by column."""
    match value:
        case Call(func=Known(path="zip"), args=(Starred(value=Name() as rows),), kwargs=()):
            pass
        case _:
            return None
    if not all(isinstance(item, Name) and item != rows for item in target.items):
        return None
    found = []
    for k, item in enumerate(target.items):
        row = Name(fresh("row"))
        column = Comprehension("generator", Index(row, Const(str(k))), (Clause(row, rows),))
        assert isinstance(item, Name)
        found.append(Assign(item, builtin("tuple", column)))
    return found


def _leaves(target: Expr) -> Iterator[Expr]:
    match target:
        case Tuple(items=items):
            for item in items:
                yield from _leaves(item)
        case Starred(value=value):
            yield from _leaves(value)
        case _:
            yield target


def moved(old: Stmt, before: list[Stmt], new: Stmt) -> Stmt:
    """`new`, which the user wrote as `old`, behind the statements `before` that were part of it."""
    if not before:
        return new
    return replace(new, origin=replace(old.origin.rewritten(), leading=()))


def headed(old: Stmt, lines: list[Stmt]) -> list[Stmt]:
    """`lines` under the comments that stood above `old`."""
    if not lines or len(lines) == 1 or not old.origin.leading:
        return lines
    first = lines[0]
    own = () if first.origin.leading == old.origin.leading else first.origin.leading
    origin: Origin = replace(first.origin, leading=(*old.origin.leading, *own))
    return [replace(first, origin=origin), *lines[1:]]


def _is_idle(value: Expr) -> bool:
    """Whether a statement that is only `value` does nothing."""
    return isinstance(value, Name | Const)


@dataclass(frozen=True)
class _Effect:
    """What statements do that stand between two parts of an expression.

    They bind or change the variables `changed`; they call what may do more than give a value, or
    write to what other names may share.
    """

    changed: frozenset[str]
    acts: bool
    writes: bool

    def reaches(self, expr: Expr) -> bool:
        """Whether `expr` may have another value afterwards."""
        if names(expr) & self.changed or (self.acts and _acts(expr)):
            return True
        return self.writes and not isinstance(
            expr, Name | Const | Known | Outer | Callee | Class | Lambda
        )


def _effect(lines: list[Stmt]) -> _Effect:
    changed, made = set(assigned(tuple(lines))), set[str]()
    written = set[str]()
    for stmt in statements(tuple(lines)):
        match stmt:
            case Assign(target=Index() | Attribute() as place) | AugAssign(
                target=Index() | Attribute() as place
            ):
                written |= names(place)
            case Do(value=Call(func=Attribute(value=place))) | Assign(
                value=Call(func=Attribute(value=place))
            ):
                written |= names(place)
            case Assign(target=Name(id=id), value=List() | Dict()):
                made.add(id)
            case _:
                pass
    acts = any(map(_acts, _expressions(lines)))
    return _Effect(frozenset(changed | written), acts, not written <= made)


def _expressions(lines: list[Stmt]) -> Iterator[Expr]:
    for stmt in statements(tuple(lines)):
        yield from own_expressions(stmt)


def _acts(expr: Expr) -> bool:
    """Whether `expr` calls what may do more than give a value."""
    return any(
        isinstance(part, Call)
        and not (isinstance(part.func, Attribute) and part.func.name == "append")
        and application(part) is None
        for part in subexpressions(expr)
    )


def _copied(block: Block) -> Block:
    """Statements like those of `block`, which run at another place and are other events."""
    return tuple(map_blocks(replace(stmt), _copied) for stmt in block)


def _before_continue(block: Block, lines: Block) -> Block:
    """`block` of a loop with `lines` where an iteration is cut short."""
    done: list[Stmt] = []
    for stmt in block:
        if isinstance(stmt, Continue):
            done += _copied(lines)
        inner = isinstance(stmt, If | With)
        done.append(map_blocks(stmt, lambda b: _before_continue(b, lines)) if inner else stmt)
    return tuple(done)
