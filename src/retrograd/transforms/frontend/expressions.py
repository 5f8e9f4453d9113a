"""Expressions of Python's syntax tree as expressions of the IR.

A node that is not understood is refused, and a placeholder stands where it was, so that one look
finds every offence of a function.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Final, Literal, Protocol, TypeAlias

import libcst as cst

from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.diagnostics.span import Span
from retrograd.transforms.ir.nodes import (
    Attribute,
    Binary,
    BoolOp,
    Call,
    Callee,
    Class,
    Clause,
    Compare,
    Comprehension,
    Const,
    Dict,
    Expr,
    IfExp,
    Index,
    Known,
    Lambda,
    List,
    Name,
    Named,
    Outer,
    Param,
    Slice,
    Starred,
    Target,
    Text,
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
    cst.Yield: ("RG203", "the function is left and entered again here"),
    cst.Await: ("RG221", "the function is left and entered again here"),
}


_String: TypeAlias = cst.SimpleString | cst.ConcatenatedString | cst.FormattedString


class Resolve(Protocol):
    """Gives a dotted name its meaning; `called` if it stands before the parentheses of a call."""

    def __call__(self, dotted: str, at: Span | None, called: bool) -> Expr | None: ...


def identifier(text: str) -> str:
    """A name as Python compares it: letters that differ only in form are the same letter."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _formatted(node: _String) -> Iterator[str | cst.BaseExpression]:
    """The text of a string and the expressions between it, in the order of the text."""
    match node:
        case cst.ConcatenatedString(left=left, right=right):
            yield from _formatted(left)
            yield " "
            yield from _formatted(right)
        case cst.SimpleString(value=text):
            yield text
        case cst.FormattedString(start=start, parts=parts, end=end):
            yield start
            for part in parts:
                yield from _formatted_part(part)
            yield end


def _formatted_part(part: cst.BaseFormattedStringContent) -> Iterator[str | cst.BaseExpression]:
    match part:
        case cst.FormattedStringText(value=text):
            yield text
        case cst.FormattedStringExpression(
            expression=value, conversion=conversion, format_spec=spec, equal=equal
        ):
            if equal is not None:
                yield cst.Module([]).code_for_node(value) + "="
            yield "{"
            yield value
            if conversion is not None:
                yield f"!{conversion}"
            elif equal is not None and spec is None:
                yield "!r"
            if spec is not None:
                yield ":"
                for inner in spec:
                    yield from _formatted_part(inner)
            yield "}"


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


#: The forms of comprehension by their nodes.
_FORMS: Final[Mapping[type[cst.CSTNode], Literal["list", "set", "generator"]]] = {
    cst.ListComp: "list",
    cst.SetComp: "set",
    cst.GeneratorExp: "generator",
}


def parameters(
    node: cst.Parameters,
    span: Callable[[cst.CSTNode], Span | None],
    default: Callable[[cst.BaseExpression], Expr],
) -> Iterator[Param]:
    """The parameters `node` in the order of the text; `default` builds their defaults."""

    def param(one: cst.Param, star: Literal["", "*", "**"] = "") -> Param:
        return Param(
            identifier(one.name.value),
            None if one.annotation is None else _annotation(one.annotation),
            None if one.default is None else default(one.default),
            at=span(one.name),
            star=star,
        )

    for one in node.posonly_params:
        yield replace(param(one), positional_only=True)
    yield from map(param, node.params)
    if isinstance(node.star_arg, cst.Param):
        yield param(node.star_arg, "*")
    for one in node.kwonly_params:
        yield replace(param(one), keyword_only=True)
    if node.star_kwarg is not None:
        yield param(node.star_kwarg, "**")


def _annotation(node: cst.Annotation) -> str:
    return cst.Module([]).code_for_node(node.annotation).strip()


class Expressions:
    """Builds expressions; `span` says where a node stands.

    `is_taken` tells whether a name means something in the function. `scope` says what the variables
    of the comprehensions around are called.
    """

    def __init__(
        self,
        resolve: Resolve,
        span: Callable[[cst.CSTNode], Span | None],
        diagnostics: Diagnostics,
        is_taken: Callable[[str], bool] = lambda name: False,
    ) -> None:
        self.resolve = resolve
        self.span = span
        self.diagnostics = diagnostics
        self.is_taken = is_taken
        self.scope: Mapping[str, str] = {}

    def build(self, node: cst.BaseExpression, called: bool = False) -> Expr:
        """The IR of `node`, a placeholder where it was refused."""
        at = self.span(node)
        dotted = dotted_name(node)
        if dotted is not None and dotted in self.scope:
            return Name(self.scope[dotted], at=at)
        if dotted is not None and dotted.partition(".")[0] not in self.scope:
            resolved = self.resolve(dotted, at, called)
            if resolved is not None:
                return resolved
        match node:
            case cst.Name(value=name):
                return Const(name, at) if dotted is None else Name(dotted, at=at)
            case cst.Integer(value=text) | cst.Float(value=text) | cst.Imaginary(value=text):
                return Const(text, at)
            case cst.SimpleString() | cst.ConcatenatedString() | cst.FormattedString():
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
            case cst.Lambda(params=params, body=body):
                return self._lambda(params, body, at)
            case cst.Subscript(value=value, slice=subscripts):
                return Index(self.build(value), self.subscripts(subscripts, at), at)
            case cst.Tuple(elements=elements):
                return Tuple(tuple(map(self._element, elements)), at)
            case cst.List(elements=elements):
                return List(tuple(map(self._element, elements)), at)
            case cst.Set(elements=elements):
                items = List(tuple(map(self._element, elements)), at)
                return Call(Known("set", "set"), (items,), (), at)
            case cst.Dict(elements=pairs):
                return self._dict(pairs, at)
            case cst.NamedExpr(target=cst.Name(value=name) as target, value=value):
                return Named(Name(identifier(name), at=self.span(target)), self.build(value), at)
            case cst.ListComp() | cst.SetComp() | cst.GeneratorExp() | cst.DictComp():
                return self._comprehension(node, at)
            case cst.Yield(value=cst.BaseExpression() as inner) | cst.Await(expression=inner):
                self.build(inner)
                return self._refuse(node, *_REFUSED[type(node)])
            case _:
                default = ("RG202", "this expression is not known")
                return self._refuse(node, *_REFUSED.get(type(node), default))

    def _refuse(self, node: cst.CSTNode, code: str, label: str) -> Expr:
        self.diagnostics.refuse(code, self.span(node), label)
        return PLACEHOLDER

    def _text(self, node: _String, at: Span | None) -> Expr:
        if isinstance(node, cst.SimpleString) and "\n" not in node.value:
            if isinstance(node.evaluated_value, str):
                return Const(node.value, at)
        elif not isinstance(node, cst.FormattedString):
            value = node.evaluated_value
            if isinstance(value, str):
                return Const(repr(value), at)
        if isinstance(node, cst.SimpleString):
            return self._refuse(node, "RG202", "only plain text is supported")
        pieces, values = [""], list[Expr]()
        for part in _formatted(node):
            if isinstance(part, str):
                pieces[-1] += part
            else:
                values.append(self.build(part))
                pieces.append("")
        return Text(tuple(pieces), tuple(values), at)

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
        callable = Known | Callee | Class | Outer | Attribute | Name | Lambda | Call | Index
        if not isinstance(called, callable) and called is not PLACEHOLDER:
            self._refuse(func, "RG219", "which function this is shows only when the program runs")
        positional: list[Expr] = []
        keywords: list[tuple[str, Expr]] = []
        for arg in args:
            value = self.build(arg.value)
            if arg.star == "*":
                positional.append(Starred(value, self.span(arg)))
            elif arg.star == "**":
                if any(key == "**" for key, _ in keywords):
                    self._refuse(arg, "RG211", "a second dict is passed as separate arguments")
                keywords.append(("**", value))
            elif arg.keyword is None:
                positional.append(value)
            else:
                keywords.append((identifier(arg.keyword.value), value))
        return Call(called, tuple(positional), tuple(keywords), at)

    def _lambda(self, params: cst.Parameters, body: cst.BaseExpression, at: Span | None) -> Lambda:
        around = self.scope
        built = tuple(parameters(params, self.span, self.build))
        self.scope = {**around, **{param.id: param.id for param in built}}
        function = Lambda(built, self.build(body), at)
        self.scope = around
        return function

    def _element(self, element: cst.BaseElement) -> Expr:
        value = self.build(element.value)
        starred = isinstance(element, cst.StarredElement)
        return Starred(value, self.span(element)) if starred else value

    def _dict(self, pairs: Sequence[cst.BaseDictElement], at: Span | None) -> Expr:
        """``{**d, "k": v}`` as ``d | {"k": v}``."""
        parts: list[Expr] = []
        items: list[tuple[Expr, Expr]] = []
        for pair in pairs:
            if isinstance(pair, cst.DictElement):
                items.append((self.build(pair.key), self.build(pair.value)))
            else:
                parts += [Dict(tuple(items), at)] if items else []
                parts.append(self.build(pair.value))
                items = []
        if items or len(parts) < 2:
            parts.append(Dict(tuple(items), at))
        return reduce(lambda left, right: Binary("|", left, right, at), parts)

    # ---- comprehensions

    def _comprehension(self, node: cst.BaseComp, at: Span | None) -> Comprehension:
        """A comprehension, whose variables get names that nothing around it has."""
        around = self.scope
        clauses = tuple(self._clauses(node.for_in))
        if isinstance(node, cst.DictComp):
            pair = Tuple((self.build(node.key), self.build(node.value)), at)
            built = Comprehension("dict", pair, clauses, at)
        else:
            assert isinstance(node, cst.ListComp | cst.SetComp | cst.GeneratorExp)
            built = Comprehension(_FORMS[type(node)], self.build(node.elt), clauses, at)
        self.scope = around
        return built

    def _clauses(self, node: cst.CompFor) -> Iterator[Clause]:
        """The clauses of a comprehension; what they bind is in scope from then on."""
        if node.asynchronous is not None:
            self._refuse(node, "RG221", "this loop is a coroutine's")
        iterable = self.build(node.iter)
        target = self._variable(node.target)
        yield Clause(target, iterable, tuple(self.build(one.test) for one in node.ifs))
        if node.inner_for_in is not None:
            yield from self._clauses(node.inner_for_in)

    def _variable(self, node: cst.BaseExpression) -> Target:
        """What a clause binds, which becomes visible."""
        at = self.span(node)
        match node:
            case cst.Name(value=name):
                own = identifier(name)
                self.scope = {**self.scope, own: self.fresh(own)}
                return Name(self.scope[own], at=at)
            case cst.Tuple(elements=elements) | cst.List(elements=elements):
                return Tuple(tuple(self._item(element) for element in elements), at)
            case _:
                self._refuse(node, "RG201", "a comprehension can only bind names")
                return Name("_", at=at)

    def fresh(self, root: str) -> str:
        """A name like `root` that means nothing yet, here or around."""
        name, count = root, 1
        while self.is_taken(name) or name in self.scope.values():
            count += 1
            name = f"{root}{count}"
        return name

    def _item(self, element: cst.BaseElement) -> Target:
        target = self._variable(element.value)
        starred = isinstance(element, cst.StarredElement)
        return Starred(target, self.span(element)) if starred else target

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
