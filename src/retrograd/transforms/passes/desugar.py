"""Say the same in fewer words, so that later passes have less to know.

    x.sum(axis=0)                  ->  np.sum(x, axis=0)
    norm(m, s).pdf(x)              ->  norm.pdf(x, m, s)
    for i, v in enumerate(xs):     ->  for i in range(len(xs)):  v = xs[i]
    y = 2.0 * g(x)                 ->  g_value = g(x);  y = 2.0 * g_value

Each statement keeps the user's text as long as it still means that.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, assert_never

from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.diagnostics.span import Span
from retrograd.transforms.ir.algebra import helper
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
    Comment,
    Compare,
    Const,
    Continue,
    Define,
    Delete,
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
    Param,
    Pass,
    Raise,
    Return,
    Slice,
    Starred,
    Stmt,
    Tuple,
    Unary,
    While,
    With,
)
from retrograd.transforms.ir.walk import (
    map_blocks,
    map_children,
    names,
    root_of,
    subexpressions,
)
from retrograd.transforms.ir.ways import ways_out
from retrograd.transforms.passes.arguments import Misfit, matched
from retrograd.transforms.passes.evaluate_once import label_of_call
from retrograd.transforms.passes.interface import compiler_pass
from retrograd.transforms.passes.loops import counted, counting
from retrograd.transforms.passes.spell_choices import spell_choice
from retrograd.transforms.passes.spell_joins import spell_join
from retrograd.transforms.rules.application import INACTIVE_ATTRIBUTES, application, is_inactive
from retrograd.transforms.rules.opaque import (
    REFLECTION,
    WRITING_METHODS,
    acts,
    is_opaque,
)
from retrograd.transforms.rules.table import gives_several, method_path, rule_for

#: Methods of lists and dicts that are statements of their own.
_CONTAINER_STATEMENTS = frozenset({"append", "insert", "clear"})
#: Methods of lists and dicts that give a value; what `copy` gives depends on the kind.
_CONTAINER_METHODS = frozenset({"pop", "index", "count", "copy"})
#: Gives the parameters of a user function.
ParamsOf = Callable[[Callee], tuple[Param, ...]]
#: Whether calling a user function does more than give a value.
Acts = Callable[[str], bool]


#: Contexts of which it is known that every exception passes through them.
_HARMLESS_CONTEXTS: Final = frozenset(
    {
        "contextlib.nullcontext",
        "contextlib.redirect_stderr",
        "contextlib.redirect_stdout",
        "numpy.errstate",
        "numpy.printoptions",
        "warnings.catch_warnings",
    }
)


@compiler_pass
def desugar(
    function: Function,
    fresh: Callable[[str], str],
    params: ParamsOf,
    callee_acts: Acts,
    report: Diagnostics,
) -> Function:
    """`function` in the core language: see the head of this file."""
    desugared = _Desugar(fresh, params, callee_acts, report)
    return replace(function, body=desugared.block(function.body))


class _Desugar:
    def __init__(
        self,
        fresh: Callable[[str], str],
        params: ParamsOf,
        callee_acts: Acts,
        report: Diagnostics,
    ) -> None:
        self.fresh = fresh
        self.params = params
        self.callee_acts = callee_acts
        self.report = report

    def block(self, block: Block) -> Block:
        return tuple(new for stmt in block for new in self.statement(stmt))

    def statement(self, stmt: Stmt) -> Iterator[Stmt]:
        match stmt:
            case Assign(target=Index() | Attribute() as target, value=value):
                yield from self.store(stmt, target, value)
            case Assign(target=target, value=value):
                value, before = self.split_calls(self.expression(value))
                if isinstance(target, Tuple) and not _unpacks_plainly(target, value):
                    items = Name(self.fresh("items"))
                    before.append(Assign(items, value))
                    value = items
                yield from before
                origin = stmt.origin.rewritten() if before else stmt.origin
                yield replace(stmt, target=target, value=value, origin=origin)
            case AugAssign(target=Index() | Attribute() as target, op=op, value=value):
                yield from self.augmented(stmt, target, op, value)
            case AugAssign(value=value):
                value, before = self.split_calls(self.expression(value), at_root=False)
                yield from before
                origin = stmt.origin.rewritten() if before else stmt.origin
                yield replace(stmt, value=value, origin=origin)
            case Return(value=value):
                value, before = self.split_calls(self.expression(value), at_root=False)
                yield from before
                origin = stmt.origin.rewritten() if before else stmt.origin
                yield replace(stmt, value=value, origin=origin)
            case If(test=test, then=then, orelse=orelse):
                yield replace(
                    stmt,
                    test=self.expression(test),
                    then=self.block(then),
                    orelse=self.block(orelse),
                )
            case While(test=test, body=body):
                counter = self.fresh("steps")
                yield Assign(Name(counter), Const("0"))
                body = (counting(counter), *self.block(body))
                yield replace(stmt, test=self.expression(test), body=body, counter=counter)
            case For(iterable=iterable, body=body):
                counter = self.fresh("entered") if "break" in ways_out(body) else ""
                inner = replace(stmt, iterable=self.expression(iterable), body=self.block(body))
                for line in counted(replace(inner, counter=counter), self.fresh, self.report):
                    if isinstance(line, Assign):  # what the header goes through, under a name
                        value, before = self.split_calls(line.value)
                        yield from before
                        line = replace(line, value=value)
                    yield line
            case Do(value=Call(func=Attribute(value=place, name=name), args=args, kwargs=())) if (
                name in _CONTAINER_STATEMENTS
            ):
                yield from self.method(stmt, place, name, args)
            case Do(value=value):
                yield replace(stmt, value=self.expression(value))
            case With(context=context, body=body):
                self.check_context(context)
                yield replace(stmt, body=self.block(body))
            case Assert(test=test):
                test, before = self.split_calls(self.expression(test))
                yield from before
                origin = stmt.origin.rewritten() if before else stmt.origin
                yield replace(stmt, test=test, origin=origin)
            case Delete(targets=targets):
                for removed in targets:
                    if not isinstance(removed, Name):
                        at = getattr(removed, "at", None)
                        self.report.refuse("RG215", at, "an element is removed here")
            case Import():
                pass  # its names have been resolved, and the generated module imports them
            case Pass() | Comment() | Break() | Continue() | Raise():
                yield stmt
            case Define():
                raise AssertionError("refused by the front end")
            case _:
                assert_never(stmt)

    def augmented(
        self, stmt: AugAssign, target: Index | Attribute, op: str, value: Expr
    ) -> Iterator[Stmt]:
        """``target op= value``: Python finds the place first, and once."""
        before: list[Stmt] = []
        place = self.place(target, before)
        if place is None:
            self.refuse_place(target, stmt)
            return
        value, lines = self.split_calls(self.expression(value), at_root=False)
        before += lines
        yield from before
        origin = stmt.origin.rewritten() if before else stmt.origin
        yield Assign(place, Binary(op, place, value), origin)

    def store(self, stmt: Assign, target: Index | Attribute, value: Expr) -> Iterator[Stmt]:
        """``target = value`` where `target` is a part of a variable, its subscripts made plain."""
        value, before = self.split_calls(self.expression(value), at_root=False)
        place = self.place(target, before)
        if place is None:
            self.refuse_place(target, stmt)
            return
        yield from before
        origin = stmt.origin.rewritten() if before else stmt.origin
        yield Assign(place, value, origin)

    def method(self, stmt: Do, place: Expr, name: str, args: tuple[Expr, ...]) -> Iterator[Stmt]:
        """``place.name(args)``, which changes a container."""
        before: list[Stmt] = []
        plain: list[Expr] = []
        for arg in args:
            arg, lines = self.split_calls(self.expression(arg), at_root=False)
            before += lines
            plain.append(arg)
        target = place if isinstance(place, Name) else None
        if isinstance(place, Index | Attribute):
            found = self.place(place, before)
            if found is None:
                self.refuse_place(place, stmt)
                return
            place = found
        elif target is None:
            self.refuse_place(place, stmt)
            return
        yield from before
        origin = stmt.origin.rewritten() if before else stmt.origin
        yield Do(Call(Attribute(place, name), tuple(plain)), origin)

    def place(self, target: Index | Attribute, before: list[Stmt]) -> Index | Attribute | None:
        """`target` with subscripts that can be evaluated again; None where no variable is written."""
        root = root_of(target)
        if root is None:
            return None
        match target:
            case Index(value=value, index=index):
                index = self.subscript(self.expression(index), root.id, before)
                target = replace(target, index=index)
            case Attribute(value=value, is_field=is_field):
                if not is_field:
                    return None
        if isinstance(value, Index | Attribute):
            inner = self.place(value, before)
            return None if inner is None else replace(target, value=inner)
        return target

    def subscript(self, index: Expr, written: str, before: list[Stmt]) -> Expr:
        """`index` with names for what cannot be evaluated again once `written` is another."""
        if _is_repeatable(index) and written not in names(index):
            return index
        slices = any(isinstance(part, Slice) for part in subexpressions(index))
        if slices and isinstance(index, Slice | Tuple):
            return map_children(index, lambda part: self.subscript(part, written, before))
        name = Name(self.fresh("index"))
        before.append(Assign(name, index))
        return name

    def refuse_place(self, place: Expr, stmt: Stmt) -> None:
        """Refuse a write to `place`, which is no part of a variable."""
        while isinstance(place, Index | Attribute):
            place = place.value
        if isinstance(place, Outer):
            label = f"`{place.id}` is not a variable of the function"
            self.report.refuse("RG404", _place(stmt), label)
        else:
            self.report.refuse("RG401", _place(stmt))

    def check_context(self, context: Expr) -> None:
        """Refuse a context that may swallow an exception, so that its body could end anywhere."""
        match context:
            case Call(func=Known(path=path)) if path in _HARMLESS_CONTEXTS:
                pass
            case _:
                self.report.refuse(
                    "RG205", getattr(context, "at", None), "a context is entered here"
                )

    # ---- expressions

    def expression(self, expr: Expr) -> Expr:
        """`expr` with methods as functions and calls of user functions in positional form."""
        if isinstance(expr, Call) and isinstance(expr.func, Attribute):
            inner = replace(expr.func, value=self.receiver(expr.func.value))
            args = tuple(map(self.expression, expr.args))
            kwargs = tuple((key, self.expression(value)) for key, value in expr.kwargs)
            expr = replace(expr, func=inner, args=args, kwargs=kwargs)
        else:
            expr = map_children(expr, self.expression)
        match expr:
            case Call(func=Attribute(name=name, is_field=False)) if name in _CONTAINER_METHODS:
                return expr
            case Call(
                func=Attribute(value=Call() as made, name="pdf" | "evaluate")
            ) if made.func == Known("scipy.stats.gaussian_kde", ""):
                return replace(expr, func=made)  # what calling it does
            case Call(func=Attribute(value=Call(func=Known(path=frozen)))) if frozen.startswith(
                "scipy.stats."
            ):
                return _thawed(expr)
            case Call(func=Attribute(value=value, name=name, is_field=is_field), args=args):
                if not is_field and name in _CONVERSIONS:
                    return _converted(expr, value, name)
                path = None if is_field else method_path(name)
                if path is None:
                    if name in WRITING_METHODS:
                        at = expr.func.at or expr.at
                        self.report.refuse("RG403", at, f"the method `{name}`")
                    return expr
                func = Known(path, "np" + path.removeprefix("numpy"), expr.func.at)
                return replace(expr, func=func, args=(value, *_method_args(path, args)))
            case Attribute(value=value, name="mT", is_field=False):
                return Call(Known("numpy.matrix_transpose", "np.matrix_transpose"), (value,))
            case Attribute(name=name, is_field=False):
                if name not in INACTIVE_ATTRIBUTES | {"T", "real", "imag"}:
                    self.report.refuse("RG303", expr.at, f"the attribute `{name}`")
                return expr
            case Index(value=Known()):
                return spell_join(expr)
            case Call(func=Known(path="numpy.select")):
                return spell_choice(expr)
            case Call(func=Callee()):
                return self.positional(expr)
            case Call(func=Known(path=path)) if path in REFLECTION:
                self.report.refuse("RG222", expr.at, f"`{path}`")
                return expr
            case _:
                return expr

    def receiver(self, expr: Expr) -> Expr:
        """What a method is called on; attributes on the way there are only looked up."""
        if isinstance(expr, Attribute):
            return replace(expr, value=self.receiver(expr.value))
        return self.expression(expr)

    def positional(self, call: Call) -> Call:
        """A call of a user function with one argument for each parameter, in order."""
        assert isinstance(call.func, Callee)
        given = matched(self.params(call.func), call.args, call.kwargs)
        if isinstance(given, Misfit):
            self.report.refuse("RG305", call.at, given.label)
            return call
        func = replace(call.func, acts=self.callee_acts(call.func.key))
        return replace(call, func=func, args=tuple(given.values()), kwargs=())

    def split_calls(self, expr: Expr, *, at_root: bool = True) -> tuple[Expr, list[Stmt]]:
        """`expr` with calls of user functions that may carry a derivative named in statements of their own.

        Where one of them acts, so is all else that acts: they keep their order.
        """
        before: list[Stmt] = []
        ordered = any(map(_acts_in_order, subexpressions(expr)))

        def called(part: Expr) -> bool:
            return isinstance(part, Callee) or (ordered and is_opaque(part))

        def named(part: Expr, root: bool, sure: bool) -> Expr:
            if not any(map(called, subexpressions(part))):
                return part
            match part:
                case Call() if ordered and is_opaque(part):
                    return part if root else self.named(part, before)
                case Compare() | Unary(op="not") | BoolOp() if acts(part):
                    return self.named(part, before)
                case Compare() | Unary(op="not"):
                    return part
                case BoolOp() if all(isinstance(side, Compare) for side in (part.left, part.right)):
                    return part
                case Slice() if not ordered:
                    return part
                case IfExp(test=test, then=then, orelse=orelse):
                    if not sure:
                        return part
                    return self.unfolded(IfExp(test, then, orelse, part.at), before)
                case BoolOp():
                    self.report.refuse("RG202", part.at, "a call inside `and`/`or`")
                    return part
                case Index(value=value) | Attribute(value=value, name="imag"):
                    return replace(part, value=named(value, False, sure))
                case Call(func=Callee()):
                    args = tuple(named(arg, False, sure) for arg in part.args)
                    call = replace(part, args=args)
                    if root:
                        return call
                    return self.named(call, before)
                case _ if is_inactive(part) and not acts(part):
                    return part
                case _:
                    return map_children(part, lambda child: named(child, False, sure))

        return named(expr, at_root, True), before

    def named(self, value: Expr, before: list[Stmt]) -> Name:
        """A name for `value`, which a statement in `before` gives it."""
        name = Name(self.fresh(label_of_call(value)))
        before.append(Assign(name, value))
        return name

    def unfolded(self, expr: IfExp, before: list[Stmt]) -> Expr:
        """A conditional expression with a call in a branch, as a conditional statement."""
        name = Name(self.fresh("chosen"))
        sides: list[Block] = []
        for side in (expr.then, expr.orelse):
            value, inner = self.split_calls(side)
            sides.append((*inner, Assign(name, value)))
        then, orelse = sides
        before.append(If(expr.test, then, orelse))
        return name


@compiler_pass
def rebind(function: Function, is_scalar: Callable[[AugAssign], bool]) -> Function:
    """``x += e`` as ``x = x + e``: what it means for a number, and for an array nobody else sees."""

    def block(stmts: Block) -> Block:
        return tuple(map(statement, stmts))

    def statement(stmt: Stmt) -> Stmt:
        match stmt:
            case AugAssign(target=Name() as target, op=op, value=value):
                origin = stmt.origin if is_scalar(stmt) else stmt.origin.rewritten()
                return Assign(target, Binary(op, target, value), origin)
            case _:
                return map_blocks(stmt, block)

    return replace(function, body=block(function.body))


def _thawed(call: Call) -> Expr:
    """``norm(m, s).pdf(x)`` as ``norm.pdf(x, m, s)``, if there is a rule for that."""
    assert isinstance(call.func, Attribute)
    frozen, name = call.func.value, call.func.name
    assert isinstance(frozen, Call)
    assert isinstance(frozen.func, Known)
    func = replace(
        frozen.func, path=f"{frozen.func.path}.{name}", spelling=f"{frozen.func.spelling}.{name}"
    )
    if rule_for(func.path) is None or len(call.args) > 1 or call.kwargs:
        return call
    return Call(func, call.args + frozen.args, frozen.kwargs, call.at)


def _unpacks_plainly(target: Tuple, value: Expr) -> bool:
    """Whether the items of `value` have places of their own to send cotangents to."""
    starred = any(isinstance(part, Starred) for part in subexpressions(target))
    match value:
        case Tuple() | List() | Name() | Outer():
            return True
        case Call(func=Callee()):
            return not starred
        case Call(func=Known()):
            flat = all(isinstance(item, Name) for item in target.items)
            return flat and gives_several(application(value))
        case Index(value=inner) | Attribute(value=inner, is_field=True):
            return _unpacks_plainly(target, inner)
        case _:
            return False


def _acts_in_order(part: Expr) -> bool:
    """Whether `part` is a call of a user function that does more than give a value, or its arguments do."""
    return (
        isinstance(part, Call)
        and isinstance(part.func, Callee)
        and (part.func.acts or any(is_opaque(p) for arg in part.args for p in subexpressions(arg)))
    )


def _is_repeatable(index: Expr) -> bool:
    """Whether evaluating a subscript again gives the same, while its variables keep their values."""
    return not any(isinstance(part, Callee | Call) for part in subexpressions(index))


#: Methods of arrays that are no single function of NumPy.
_CONVERSIONS: Final = frozenset({"flatten", "item", "tolist"})


def _converted(call: Call, array: Expr, name: str) -> Expr:
    """What such a method gives: a copy in one row, an element, lists."""
    match name, call.args, call.kwargs:
        case "flatten", args, kwargs:
            row = Call(Known("numpy.ravel", "np.ravel"), (array, *args), kwargs)
            return Call(Known("numpy.copy", "np.copy"), (row,), (), call.at)
        case "item", (), ():
            return replace(helper("item", array), at=call.at)
        case "item", (index,), ():
            return Index(Call(Known("numpy.ravel", "np.ravel"), (array,)), index, call.at)
        case "item", indices, ():
            return Index(array, Tuple(indices), call.at)
        case "tolist", (), ():
            return replace(helper("tolist", array), at=call.at)
        case _:
            return call


def _method_args(path: str, args: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """``x.reshape(2, 3)`` and ``x.transpose(1, 0)`` pass as arguments what functions take as a tuple."""
    if path in ("numpy.reshape", "numpy.transpose") and len(args) > 1:
        return (Tuple(args),)
    return args


def _place(stmt: Stmt) -> Span | None:
    return stmt.origin.span
