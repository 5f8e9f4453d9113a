"""Expressions of Python's syntax tree as expressions of the IR.

A node that is not understood is refused, and a placeholder stands where it was, so that one look
finds every offence of a function.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Protocol

import libcst as cst

from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.diagnostics.span import Span
from retrograd.transforms.ir.nodes import (
    Attribute,
    Binary,
    BoolOp,
    Call,
    Callee,
    Compare,
    Const,
    Dict,
    Expr,
    IfExp,
    Index,
    Known,
    List,
    Name,
    Slice,
    Tuple,
    Unary,
)

#: Stands where an expression was refused; the function is never used.
PLACEHOLDER: Final = Const("0.0")

_CONSTANT_NAMES: Final = frozenset({"True", "False", "None"})

_BINARY: Final[Mapping[type[cst.CSTNode], str]] = {
    cst.Add: "+",
    cst.Subtract: "-",
    cst.Multiply: "*",
    cst.Divide: "/",
    cst.FloorDivide: "//",
    cst.Modulo: "%",
    cst.Power: "**",
    cst.MatrixMultiply: "@",
    cst.BitAnd: "&",
    cst.BitOr: "|",
    cst.BitXor: "^",
    cst.LeftShift: "<<",
    cst.RightShift: ">>",
}

_COMPARE: Final[Mapping[type[cst.CSTNode], str]] = {
    cst.LessThan: "<",
    cst.LessThanEqual: "<=",
    cst.GreaterThan: ">",
    cst.GreaterThanEqual: ">=",
    cst.Equal: "==",
    cst.NotEqual: "!=",
    cst.Is: "is",
    cst.IsNot: "is not",
    cst.In: "in",
    cst.NotIn: "not in",
}

#: Expressions with a refusal of their own: code and words under the caret.
_REFUSED: Final[Mapping[type[cst.CSTNode], tuple[str, str]]] = {
    cst.Lambda: ("RG209", "a function is made here"),
    cst.ListComp: ("RG210", "a list is built here"),
    cst.SetComp: ("RG210", "a set is built here"),
    cst.DictComp: ("RG210", "a dict is built here"),
    cst.GeneratorExp: ("RG210", "a generator is made here"),
    cst.Yield: ("RG203", "the function is left and entered again here"),
    cst.Await: ("RG203", "the function is left and entered again here"),
    cst.NamedExpr: ("RG202", "an assignment inside an expression"),
    cst.Imaginary: ("RG202", "complex numbers are not supported"),
    cst.FormattedString: ("RG202", "text is formatted here"),
    cst.Set: ("RG202", "a set has no order in which to go back"),
}


class Resolve(Protocol):
    """Gives a dotted name its meaning; `called` if it stands before the parentheses of a call."""

    def __call__(self, dotted: str, at: Span | None, called: bool) -> Expr | None: ...


def identifier(text: str) -> str:
    """A name as Python compares it: letters that differ only in form are the same letter."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def dotted_name(node: cst.BaseExpression) -> str | None:
    """``a.b.c`` as text, None for other expressions."""
    match node:
        case cst.Name(value=name):
            return None if name in _CONSTANT_NAMES else identifier(name)
        case cst.Attribute(value=value, attr=attr):
            before = dotted_name(value)
            return None if before is None else f"{before}.{identifier(attr.value)}"
        case _:
            return None


class Expressions:
    """Builds expressions; `span` says where a node stands."""

    def __init__(
        self,
        resolve: Resolve,
        span: Callable[[cst.CSTNode], Span | None],
        diagnostics: Diagnostics,
    ) -> None:
        self.resolve = resolve
        self.span = span
        self.diagnostics = diagnostics

    def build(self, node: cst.BaseExpression, called: bool = False) -> Expr:
        """The IR of `node`, a placeholder where it was refused."""
        at = self.span(node)
        dotted = dotted_name(node)
        if dotted is not None:
            resolved = self.resolve(dotted, at, called)
            if resolved is not None:
                return resolved
        match node:
            case cst.Name(value=name):
                return Const(name, at) if dotted is None else Name(dotted, at=at)
            case cst.Integer(value=text) | cst.Float(value=text):
                return Const(text, at)
            case cst.SimpleString() | cst.ConcatenatedString():
                return self._text(node, at)
            case cst.Ellipsis():
                return Const("...", at)
            case cst.Attribute(value=value, attr=attr):
                return Attribute(self.build(value), identifier(attr.value), at)
            case cst.UnaryOperation(operator=sign, expression=operand):
                return self._unary(sign, operand, at)
            case cst.BinaryOperation(left=left, operator=binary, right=right):
                op = _BINARY.get(type(binary))
                if op is None:
                    return self._refuse(node, "RG202", "this operator is not known")
                return Binary(op, self.build(left), self.build(right), at)
            case cst.BooleanOperation(left=left, operator=boolean, right=right):
                operands = self.build(left), self.build(right)
                return BoolOp("and" if isinstance(boolean, cst.And) else "or", *operands, at)
            case cst.Comparison(left=left, comparisons=comparisons):
                return self._compare(left, comparisons, at)
            case cst.IfExp(test=test, body=then, orelse=orelse):
                return IfExp(self.build(test), self.build(then), self.build(orelse), at)
            case cst.Call(func=func, args=args):
                return self._call(func, args, at)
            case cst.Subscript(value=value, slice=subscripts):
                return Index(self.build(value), self.subscripts(subscripts, at), at)
            case cst.Tuple(elements=elements):
                return Tuple(tuple(map(self._element, elements)), at)
            case cst.List(elements=elements):
                return List(tuple(map(self._element, elements)), at)
            case cst.Dict(elements=pairs):
                return Dict(tuple(self._pairs(pairs)), at)
            case _:
                default = ("RG202", "this expression is not known")
                return self._refuse(node, *_REFUSED.get(type(node), default))

    def _refuse(self, node: cst.CSTNode, code: str, label: str) -> Expr:
        self.diagnostics.refuse(code, self.span(node), label)
        return PLACEHOLDER

    def _text(self, node: cst.SimpleString | cst.ConcatenatedString, at: Span | None) -> Expr:
        value = node.evaluated_value
        if not isinstance(value, str):
            return self._refuse(node, "RG202", "only plain text is supported")
        if isinstance(node, cst.SimpleString) and "\n" not in node.value:
            return Const(node.value, at)
        return Const(repr(value), at)

    def _unary(self, sign: cst.BaseUnaryOp, operand: cst.BaseExpression, at: Span | None) -> Expr:
        match sign:
            case cst.Minus():
                return Unary("-", self.build(operand), at)
            case cst.Plus():
                return Unary("+", self.build(operand), at)
            case cst.BitInvert():
                return Unary("~", self.build(operand), at)
            case cst.Not():
                return Unary("not", self.build(operand), at)
            case _:
                return self._refuse(operand, "RG202", "the operator before this is not known")

    def _compare(
        self, first: cst.BaseExpression, rest: Sequence[cst.ComparisonTarget], at: Span | None
    ) -> Expr:
        ops = []
        for target in rest:
            op = _COMPARE.get(type(target.operator))
            if op is None:
                return self._refuse(target, "RG202", "this comparison is not known")
            ops.append(op)
        operands = tuple(self.build(target.comparator) for target in rest)
        return Compare(self.build(first), tuple(ops), operands, at)

    def _call(self, func: cst.BaseExpression, args: Sequence[cst.Arg], at: Span | None) -> Expr:
        called = self.build(func, called=True)
        if not isinstance(called, Known | Callee | Attribute | Name) and called is not PLACEHOLDER:
            self._refuse(func, "RG219", "only functions and methods can be called by name")
        positional: list[Expr] = []
        keywords: list[tuple[str, Expr]] = []
        for arg in args:
            value = self.build(arg.value)
            if arg.star:
                self._refuse(arg, "RG211", "what this holds is passed as separate arguments")
            elif arg.keyword is None:
                positional.append(value)
            else:
                keywords.append((identifier(arg.keyword.value), value))
        return Call(called, tuple(positional), tuple(keywords), at)

    def _element(self, element: cst.BaseElement) -> Expr:
        if isinstance(element, cst.StarredElement):
            self.build(element.value)
            return self._refuse(element, "RG211", "what this holds becomes separate items")
        return self.build(element.value)

    def _pairs(self, pairs: Sequence[cst.BaseDictElement]) -> Iterator[tuple[Expr, Expr]]:
        for pair in pairs:
            if isinstance(pair, cst.DictElement):
                yield self.build(pair.key), self.build(pair.value)
            else:
                self.build(pair.value)
                self._refuse(pair, "RG211", "what this holds becomes separate items")

    def subscripts(self, subscripts: Sequence[cst.SubscriptElement], at: Span | None) -> Expr:
        """What stands in the brackets of a subscript that stands at `at`."""
        built = tuple(self._subscript(subscript.slice) for subscript in subscripts)
        if len(built) == 1 and not isinstance(subscripts[0].comma, cst.Comma):
            return built[0]
        return Tuple(built, at)

    def _subscript(self, node: cst.BaseSlice) -> Expr:
        match node:
            case cst.Slice(lower=lower, upper=upper, step=step):
                return Slice(
                    None if lower is None else self.build(lower),
                    None if upper is None else self.build(upper),
                    None if step is None else self.build(step),
                    self.span(node),
                )
            case cst.Index(value=value, star=None):
                return self.build(value)
            case _:
                return self._refuse(node, "RG211", "what this holds becomes separate subscripts")
