"""Of how many axes the values of a native module are, as far as that is known before Numba types it.

What is known to be a number is left to Numba. No rank changes what is computed: loops are chosen by
Numba's types.
"""

import ast
import builtins
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np

from retrograd.runtime.native.elements import operands


@dataclass(frozen=True)
class ListOf:
    """A list whose items are all of one rank."""

    item: "Rank"


#: The number of axes, 0 of a number; the ranks of the parts of a tuple; None if that is not known.
Rank: TypeAlias = "int | tuple[Rank, ...] | ListOf | None"

#: Calls that give numbers, whatever they are given.
_NUMBERS: Final = frozenset(("len", "float", "int", "bool", "np.size", "np.float64", "count"))

#: Reductions: to a number, or with a second argument along an axis.
_REDUCED: Final = frozenset(
    ("np.sum", "np.mean", "np.max", "np.min", "np.prod", "np.any", "np.all")
)

#: Calls that give what has as many axes as their first argument.
_ALIKE: Final = frozenset(
    (
        *("zeros_like", "copied", "duplicate", "owned", "as_float", "conjugate", "np.transpose"),
        *("np.zeros_like", "np.ones_like", "np.empty_like", "np.copy", "np.cumsum"),
        *("filled_like", "backwards", "np.flip"),
    )
)

#: Calls that give as many axes as the one of their arguments that has most.
_WIDEST: Final = frozenset(("power", "quotient", "remainder", "min", "max", "accumulate"))

#: Calls whose first argument is the shape of what they give.
_SHAPED: Final = frozenset(("np.zeros", "np.ones", "np.empty", "np.full"))

#: The axes of products of values of these.
_PRODUCTS: Final[Mapping[tuple["Rank", "Rank"], int]] = {(1, 1): 0, (2, 1): 1, (1, 2): 1, (2, 2): 2}


def rank_of_value(value: Any) -> Rank:
    """The rank of an argument, its containers taken apart."""
    if isinstance(value, np.ndarray):
        return value.ndim
    if isinstance(value, bool | int | float | complex | np.generic):
        return 0
    if isinstance(value, tuple):
        return tuple(map(rank_of_value, value))
    if isinstance(value, list) and value:
        return ListOf(rank_of_value(value[0]))
    return None


#: How often what is known may grow before it is given up.
_ROUNDS: Final = 50


class _Unseen:
    """Stands for the rank of what has not been given a value yet."""


_UNSEEN: Final[Any] = _Unseen()


class Ranks:
    """The ranks of the names of all functions of a module."""

    def __init__(
        self,
        trees: Mapping[str, ast.FunctionDef],
        helpers: Mapping[str, str],
        head: Sequence[str],
        entry: str,
        args: Sequence[Rank],
    ) -> None:
        """Follow the calls from the function `entry` on, which is given `args`.

        Args:
            helpers: the functions of the runtime by the names that they have in the module.
            head: the imports and constants of the module.
        """
        self.trees = trees
        self.helpers = helpers
        self.of_names: dict[str, dict[str, Rank]] = {name: {} for name in trees}
        self.results: dict[str, Rank] = {}
        self.numbers, self.of_numbers = _of_head(head)
        self.call(entry, args)
        rounds = 0
        while self._grown():
            rounds += 1
            if rounds == _ROUNDS:  # lists within lists would go on for ever
                self.of_names = {name: {} for name in trees}
                return

    def _grown(self) -> bool:
        before = repr((self.of_names, self.results))
        for name, tree in self.trees.items():
            _Reading(self, name).visit(tree)
        return repr((self.of_names, self.results)) != before

    def of(self, function: str, value: ast.expr) -> Rank:
        """The rank of an expression in a function."""
        found = _Expressions(self, function).of(value)
        return None if found is _UNSEEN else found

    def call(self, function: str, args: Sequence[Rank]) -> None:
        """Take note of the arguments of a call; of what is not given by position nothing is known."""
        known = self.trees[function].args
        for param, rank in zip(known.args, args, strict=False):
            self.note(function, param.arg, rank)
        for param in (*known.args[len(args) :], *filter(None, (known.vararg, known.kwarg))):
            self.note(function, param.arg, None)

    def note(self, function: str, name: str, rank: Rank) -> None:
        """Take note of a value that a name is given."""
        names = self.of_names[function]
        names[name] = _joined(names.get(name, _UNSEEN), rank)


def _of_head(head: Sequence[str]) -> tuple[set[str], set[str]]:
    """The names of a module's constants that are numbers, and of its functions that give them."""
    numbers: set[str] = set()
    functions: set[str] = set()
    for node in ast.parse("\n".join(head)).body:
        match node:
            case ast.ImportFrom(module="math", names=names):
                functions.update(one.asname or one.name for one in names)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=int() | float())):
                numbers.add(name)
            case _:
                pass
    return numbers, functions


def _joined(one: Rank, other: Rank) -> Rank:
    if one is _UNSEEN or other is _UNSEEN:
        return other if one is _UNSEEN else one
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        return tuple(map(_joined, one, other))
    if isinstance(one, ListOf) and isinstance(other, ListOf):
        return ListOf(_joined(one.item, other.item))
    return one if one == other else None


def _item(rank: Rank) -> Rank:
    """What a value of this rank holds."""
    if rank is _UNSEEN:
        return _UNSEEN
    if isinstance(rank, tuple):
        return _all_joined(rank)
    if isinstance(rank, ListOf):
        return rank.item
    return rank - 1 if rank else None


def _all_joined(ranks: Sequence[Rank]) -> Rank:
    found: Rank = _UNSEEN
    for rank in ranks:
        found = _joined(found, rank)
    return found


def _widest(ranks: Sequence[Rank]) -> Rank:
    if _UNSEEN in ranks:
        found: Rank = _UNSEEN
        return found
    known = [rank for rank in ranks if isinstance(rank, int)]
    return max(known) if known and len(known) == len(ranks) else None


class _Reading(ast.NodeVisitor):
    """Takes note of what the names of a function are given."""

    def __init__(self, module: Ranks, function: str) -> None:
        self.module = module
        self.function = function
        self.of = _Expressions(module, function).of

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        for target in node.targets:
            if not (isinstance(node.value, ast.List) and not node.value.elts):
                self._bind(target, self.of(node.value))

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.generic_visit(node)
        if isinstance(node.target, ast.Name):
            read = ast.Name(node.target.id, ast.Load())
            self._bind(node.target, _widest([self.of(read), self.of(node.value)]))

    def visit_For(self, node: ast.For) -> None:
        self._bind(node.target, _item(self.of(node.iter)))
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        self._bind(node.target, _item(self.of(node.iter)))
        self.generic_visit(node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.generic_visit(node)
        self._bind(node.target, self.of(node.value))

    def visit_Return(self, node: ast.Return) -> None:
        self.generic_visit(node)
        if node.value is not None:
            known = self.module.results.get(self.function, _UNSEEN)
            self.module.results[self.function] = _joined(known, self.of(node.value))

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[item]):
                self.module.note(self.function, name, ListOf(self.of(item)))
            case ast.Call(func=ast.Name(id=name)) if name in self.module.trees:
                self.module.call(name, list(map(self.of, node.args)))
            case _:
                pass

    def _bind(self, target: ast.expr, rank: Rank) -> None:
        match target:
            case ast.Name(id=name):
                self.module.note(self.function, name, rank)
            case ast.Tuple(elts=items) if isinstance(rank, tuple) and len(rank) == len(items):
                for item, part in zip(items, rank, strict=True):
                    self._bind(item, part)
            case ast.Tuple(elts=items):
                for item in items:
                    self._bind(item, _item(rank))
            case ast.Starred(value=inner):
                self._bind(inner, None)
            case _:
                pass


class _Expressions:
    """The ranks of expressions of a function."""

    def __init__(self, module: Ranks, function: str) -> None:
        self.module = module
        self.names = module.of_names[function]
        self.local = {
            node.id
            for node in ast.walk(module.trees[function])
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
        }

    def of(self, value: ast.expr) -> Rank:
        """The rank of an expression; unseen if it reads what was given no value yet."""
        parts = operands(value)
        if parts is not None:
            return _widest([self.of(part) for part in parts])
        match value:
            case ast.Name(id=name) if name in self.names:
                return self.names[name]
            case ast.Name(id=name):
                return 0 if name in self.module.numbers else _UNSEEN if name in self.local else None
            case ast.Constant(value=int() | float() | complex()):
                return 0
            case ast.BinOp(left=left, op=ast.MatMult(), right=right):
                return self._product(left, right)
            case ast.BinOp(left=left, right=right):
                return _widest([self.of(left), self.of(right)])
            case ast.UnaryOp(operand=operand):
                return self.of(operand)
            case ast.BoolOp(values=values):
                return _all_joined([self.of(one) for one in values])
            case ast.Compare(left=left, comparators=others):
                return _widest([self.of(one) for one in (left, *others)])
            case ast.IfExp(body=body, orelse=orelse):
                return _all_joined([self.of(body), self.of(orelse)])
            case ast.NamedExpr(value=inner):
                return self.of(inner)
            case ast.Tuple(elts=items):
                return tuple(self.of(item) for item in items)
            case ast.List(elts=items) if items:
                return ListOf(_all_joined([self.of(item) for item in items]))
            case ast.ListComp(elt=item):
                return ListOf(self.of(item))
            case ast.Subscript(value=whole, slice=index):
                return self._part(self.of(whole), index)
            case ast.Attribute(value=whole, attr=name):
                return self._attribute(whole, name)
            case ast.Call():
                return self._called(value)
            case _:
                return None

    def _product(self, left: ast.expr, right: ast.expr) -> Rank:
        ranks = self.of(left), self.of(right)
        if _UNSEEN in ranks:
            found: Rank = _UNSEEN
            return found
        return _PRODUCTS.get(ranks)

    def _part(self, whole: Rank, index: ast.expr) -> Rank:
        if not isinstance(whole, int):
            if isinstance(index, ast.Slice):
                return whole
            if isinstance(whole, tuple) and isinstance(index, ast.Constant):
                place = index.value
                if not isinstance(place, int) or not -len(whole) <= place < len(whole):
                    return None
                return whole[place]
            return _item(whole)
        left = whole
        for part in index.elts if isinstance(index, ast.Tuple) else [index]:
            match part:
                case ast.Slice() | ast.Constant(value=builtins.Ellipsis):
                    pass
                case ast.Constant(value=None):
                    left += 1
                case _:
                    rank = self.of(part)
                    if rank != 0:
                        return _UNSEEN if rank is _UNSEEN else None
                    left -= 1
        return left if left >= 0 else None

    def _attribute(self, whole: ast.expr, name: str) -> Rank:
        match name:
            case "shape":
                return ListOf(0)
            case "size" | "ndim":
                return 0
            case "T" | "real" | "imag":
                return self.of(whole)
            case _:
                return None

    def _called(self, call: ast.Call) -> Rank:
        text = ast.unparse(call.func)
        if text in self.module.trees:
            return self.module.results.get(text, _UNSEEN)
        name = self.module.helpers.get(text, text).removeprefix("retrograd_words.")
        first = call.args[0] if call.args and not isinstance(call.args[0], ast.Starred) else None
        match call.func:
            case ast.Attribute(value=ast.expr() as whole, attr="copy"):
                return self.of(whole)
            case ast.Attribute(value=ast.expr() as whole, attr="pop"):
                return _item(self.of(whole))
            case ast.Attribute(attr="sum" | "item" | "mean") if not call.args and not call.keywords:
                return 0
            case _:
                pass
        if name in _NUMBERS or text in self.module.of_numbers:
            return 0
        if name == "no_numbers" or name in ("range", "np.ndindex"):
            return ListOf(0) if name != "np.ndindex" else None
        if first is None or call.keywords:
            return None
        if name == "list":
            return ListOf(_item(self.of(first)))
        if name == "enumerate":
            return ListOf((0, _item(self.of(first))))
        if name == "zip":
            return ListOf(tuple(_item(self.of(arg)) for arg in call.args))
        if name in _ALIKE:
            return self.of(first)
        if name in _WIDEST:
            return _widest([self.of(arg) for arg in call.args])
        if name in _REDUCED:
            return 0 if len(call.args) == 1 else _item(self.of(first))
        if name == "np.dot":
            return self._product(first, call.args[1])
        if name == "unbroadcast":
            return self.of(call.args[1])
        if name in _SHAPED:
            shape = self.of(first)
            if isinstance(first, ast.Attribute) and first.attr == "shape":
                return self.of(first.value)
            return len(shape) if isinstance(shape, tuple) else 1 if shape == 0 else None
        return {"np.outer": 2, "np.arange": 1, "np.linspace": 1}.get(name)
