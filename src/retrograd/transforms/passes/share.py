"""Compute once what two statements compute: name expensive expressions that come again.

    q_bar = 2.0 * q * math.exp(-s) / r               exp_s = math.exp(-s)
    s_bar = -q * q * math.exp(-s) / r       ->       q_bar = 2.0 * q * exp_s / r
                                                     s_bar = -q * q * exp_s / r

Expensive are calls, products of matrices, and what makes several arrays on its way to one.
Within one block, as long as nothing that the expression reads is given another value. What might
not be evaluated at all (a branch of a conditional expression) is left alone, and so is what only
the user's own statements repeat: their text stays theirs.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from retrograd.transforms.analyses.liveness import Key, Keys, acts, keys_written, reads
from retrograd.transforms.frontend.own_functions import OWN
from retrograd.transforms.ir.algebra import KindOf
from retrograd.transforms.ir.kinds import Array
from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    AugAssign,
    Binary,
    Block,
    BoolOp,
    Call,
    Compare,
    Dict,
    Do,
    Expr,
    For,
    Function,
    IfExp,
    Known,
    List,
    Name,
    Return,
    Starred,
    Stmt,
    Tuple,
)
from retrograd.transforms.ir.walk import (
    children,
    map_blocks,
    own_expressions,
    rewrite,
    statements,
    stored,
    subexpressions,
)
from retrograd.transforms.passes.interface import compiler_pass
from retrograd.transforms.rules.application import application
from retrograd.transforms.rules.table import Bound


@compiler_pass
def share(
    function: Function,
    families: Mapping[str, frozenset[str]],
    fresh: Callable[[str], str],
    kind_of: KindOf,
) -> Function:
    """`function` with repeated expensive expressions named; `families` share memory."""
    sharer = _Sharer(families, fresh, frozenset(), kind_of)
    sharer = replace(sharer, written=sharer.kin(frozenset((n, "") for n in stored(function.body))))
    return replace(function, body=sharer.block(function.body))


@dataclass(frozen=True)
class _Sharer:
    """Names expressions, block by block; arrays of variables that are `written` stay their own."""

    families: Mapping[str, frozenset[str]]
    fresh: Callable[[str], str]
    written: Keys
    kind_of: KindOf

    def kin(self, keys: Keys) -> Keys:
        """`keys`, and the variables that may share their memory."""
        others = ((n, "") for id, role in keys if not role for n in self.families.get(id, ()))
        return keys.union(others)

    def block(self, block: Block) -> Block:
        stmts = list(block)
        for expr in self.candidates(stmts):
            stmts = self.named(stmts, expr)
        return tuple(map_blocks(stmt, self.block) for stmt in stmts)

    def candidates(self, stmts: list[Stmt]) -> list[Expr]:
        """The expensive expressions that occur more than once, the largest first."""
        counts: dict[Expr, int] = {}
        for stmt in stmts:
            for root in self.evaluated(stmt):
                for part in _unconditional(root):
                    if _is_expensive(part) or self.is_array(part):
                        counts[part] = counts.get(part, 0) + 1
                for test in _counted(root):
                    counts[test] = self.occurrences(stmt, test)
            for divisor in self.divisors(stmt):
                if self.occurrences(stmt, divisor):
                    counts[divisor] = counts.get(divisor, 0) + 1
        repeated = [expr for expr, count in counts.items() if count > 1 and not acts(expr)]
        return sorted(repeated, key=lambda expr: -sum(1 for _ in subexpressions(expr)))

    def is_array(self, expr: Expr) -> bool:
        """Whether `expr` computes an array in several steps, each of which makes one."""
        match expr:
            case Binary(left=left, right=right) if any(
                isinstance(part, Binary) and isinstance(self.kind_of(part), Array)
                for part in (left, right)
            ):
                kind = self.kind_of(expr)
                return isinstance(kind, Array) and kind.dims != ()
            case _:
                return False

    def named(self, stmts: list[Stmt], expr: Expr) -> list[Stmt]:
        """`stmts` with `expr` named wherever it comes again before its operands change."""
        needed = self.kin(reads(expr))
        result: list[Stmt] = []
        run: list[Stmt] = []
        for stmt in stmts:
            run.append(stmt)
            if _written(stmt) & needed:
                result += self.named_run(run, expr)
                run = []
        return result + self.named_run(run, expr)

    def named_run(self, run: list[Stmt], expr: Expr) -> list[Stmt]:
        using = [stmt for stmt in run if self.occurrences(stmt, expr)]
        ours = any(stmt.origin.spelling is None for stmt in using)
        if not ours or sum(self.occurrences(stmt, expr) for stmt in using) < 2:
            return run
        first = using[0]
        if isinstance(first, Assign) and first.value == expr and _is_primal(first.target):
            return self.known_as(run, first, expr)
        divides = any(divisor == expr for stmt in using for divisor in self.divisors(stmt))
        name = Name(self.fresh("den" if divides else _label(expr)), "made")
        result: list[Stmt] = []
        for stmt in run:
            if stmt is using[0]:
                result.append(Assign(name, expr))
            result.append(_replaced(stmt, expr, name) if stmt in using else stmt)
        return result

    def known_as(self, run: list[Stmt], first: Assign, expr: Expr) -> list[Stmt]:
        """`run` with the variable that `first` gives the value of `expr` read instead, while it has it."""
        name = first.target
        assert isinstance(name, Name)
        same = self.kin(frozenset({(name.id, name.role)}))
        result: list[Stmt] = []
        known = False
        for stmt in run:
            uses = known and bool(self.occurrences(stmt, expr))
            result.append(_replaced(stmt, expr, name) if uses else stmt)
            known = stmt is first or (known and not same & _written(stmt))
        return result

    def occurrences(self, stmt: Stmt, expr: Expr) -> int:
        """How often `stmt` surely evaluates `expr` as a part of something."""
        return sum(part == expr for root in self.evaluated(stmt) for part in _unconditional(root))

    def divisors(self, stmt: Stmt) -> Iterator[Expr]:
        """The compound divisors in `stmt`, also those in a branch: its test may look at the same."""
        for root in self.evaluated(stmt, arms=True):
            for part in _unconditional(root):
                if isinstance(part, Binary) and part.op == "/" and isinstance(part.right, Binary):
                    yield part.right

    def evaluated(self, stmt: Stmt, *, arms: bool = False) -> tuple[Expr, ...]:
        """What `stmt` evaluates; not a value that is to be an array of its own, written or a cotangent.

        With `arms`, also what it evaluates perhaps.
        """
        match stmt:
            case Assign(target=target, value=value):
                own = not _is_number(value) and (
                    not _is_primal(target) or bool(keys_written(target) & self.written)
                )
                return tuple(_within(value, arms)) if own else (value,)
            case Do(value=Call(func=Attribute(), args=args)):
                return tuple(part for arg in args for part in _within(arg, arms))
            case AugAssign(value=value) | Return(value=value) | Do(value=value):
                return (value,)
            case _:
                return ()


def _replaced(stmt: Stmt, expr: Expr, name: Name) -> Stmt:
    def swap(part: Expr) -> Expr:
        return _swapped(part, expr, name)

    origin = stmt.origin.rewritten()
    match stmt:
        case Assign(value=value) | AugAssign(value=value) | Return(value=value) | Do(value=value):
            return replace(stmt, value=swap(value), origin=origin)
        case _:
            return stmt


def _swapped(part: Expr, expr: Expr, name: Name) -> Expr:
    return rewrite(part, lambda inner: name if inner == expr else inner)


def _within(value: Expr, arms: bool) -> Iterator[Expr]:
    """The parts of `value` that are no arrays to be kept: not the items of a display themselves.

    Without the `arms` of a choice, of which one is not evaluated.
    """
    match value:
        case Tuple() | List() | Dict() | Starred():
            for part in children(value):
                yield from _within(part, arms)
        case IfExp(test=test) if not arms:
            yield test
        case BoolOp(left=left) if not arms:
            yield left
        case _:
            yield from children(value)


def _is_primal(target: Expr) -> bool:
    return isinstance(target, Name) and not target.role


def _is_number(expr: Expr) -> bool:
    """Whether `expr` surely is a number, which two names may share."""
    return (
        isinstance(expr, Call)
        and isinstance(expr.func, Known)
        and expr.func.path.startswith("math.")
    )


def _unconditional(expr: Expr) -> Iterator[Expr]:
    """`expr` and the parts of it that are evaluated whenever it is."""
    yield expr
    match expr:
        case IfExp(test=test):
            yield from _unconditional(test)
        case BoolOp(left=left):
            yield from _unconditional(left)
        case _:
            for part in children(expr):
                yield from _unconditional(part)


def _counted(expr: Expr) -> Iterator[Expr]:
    """The comparisons of arrays in `expr` of which it is counted how often they hold."""
    for part in _unconditional(expr):
        match part:
            case Call(func=Known(path="numpy.count_nonzero"), args=(Compare() as test, *_)):
                yield test
            case _:
                pass


def _is_expensive(expr: Expr) -> bool:
    match expr:
        case Binary(op="@"):
            return True
        case Call(func=Known(path=path)) if path.startswith(OWN):
            return True
        case Call(func=Known(path=path)) if path.startswith(("math.", "numpy.")):
            applied = application(expr)
            return isinstance(applied, Bound) and applied.rule.form != "inactive"
        case _:
            return False


def _label(expr: Expr) -> str:
    match expr:
        case Call(func=Known(path=path, spelling=spelling)) if path.startswith(OWN):
            return spelling.rpartition(".")[2] + "_value"
        case Call(func=Known(path=path), args=args):
            words = [
                part.id for arg in args for part in subexpressions(arg) if isinstance(part, Name)
            ]
            return "_".join([path.rsplit(".", 1)[-1], *words[:1]])
        case Binary(op="@"):
            return "product"
        case Compare():
            return "hits"
        case _:
            return "factor"


def _written(stmt: Stmt) -> Keys:
    """The names that `stmt` changes, anywhere inside it."""
    found: set[Key] = set()
    for inner in statements((stmt,)):
        match inner:
            case Assign(target=target) | AugAssign(target=target) | For(target=target):
                found |= keys_written(target)
            case _:
                pass
        for expr in own_expressions(inner):
            if isinstance(inner, Do) or acts(expr):
                found |= reads(expr)
    return frozenset(found)
