"""The IR as Python text: expressions by precedence, statements, functions.

    Binary("-", a, Binary("-", b, c))      ->      a - (b - c)

Short expressions come out as black spells them, so that a statement quoted in a comment looks like
the same statement laid out as code.
"""

import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, TypeAlias, assert_never

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
    Param,
    Pass,
    Raise,
    Return,
    Slice,
    Starred,
    Stmt,
    Text,
    Tuple,
    Unary,
    While,
    With,
)
from retrograd.transforms.ir.walk import children
from retrograd.transforms.ir.ways import goes_on

#: How a name, or a library's function, is written in the function at hand.
Spell: TypeAlias = Callable[[Name | Known], str]


def plain_spelling(name: Name | Known) -> str:
    """``x``, ``x_bar``, ``np.sin``: the spelling that does not look out for collisions."""
    match name:
        case Known(spelling=spelling):
            return spelling
        case Name(id=id, role="" | "made"):
            return id
        case Name(id=id, role=role):
            return f"{id}_{role}" if id else role
        case _:
            assert_never(name)


def show(node: Expr | Stmt | Function) -> str:
    """`node` as Python text, from the IR alone: without the user's spelling and comments."""
    match node:
        case Function():
            return show_function(node)
        case _ if isinstance(node, Stmt):
            lines = _Lines()
            _show_statement(node, show_statement, lines)
            return lines.text()
        case _:
            assert not isinstance(node, Stmt)
            return show_expression(node)


# ---------------------------------------------------------------- expressions


class _Hold(IntEnum):
    """How tightly an expression holds together, from Python's grammar."""

    TUPLE = 0
    TERNARY = 1
    OR = 2
    AND = 3
    NOT = 4
    COMPARE = 5
    BIT_OR = 6
    BIT_XOR = 7
    BIT_AND = 8
    SHIFT = 9
    SUM = 10
    PRODUCT = 11
    UNARY = 12
    POWER = 13
    ATOM = 14


_BINARY: Final = {
    "|": _Hold.BIT_OR,
    "^": _Hold.BIT_XOR,
    "&": _Hold.BIT_AND,
    **dict.fromkeys(("<<", ">>"), _Hold.SHIFT),
    **dict.fromkeys(("+", "-"), _Hold.SUM),
    **dict.fromkeys(("*", "/", "//", "%", "@"), _Hold.PRODUCT),
}


def show_expression(expr: Expr, spell: Spell = plain_spelling) -> str:
    """`expr` as Python text without needless parentheses; a tuple keeps its own."""
    return _Expressions(spell).operand(expr, _Hold.TERNARY)


def _show_bare(expr: Expr, spell: Spell) -> str:
    """`expr` where a tuple needs no parentheses: ``return a, b``."""
    match expr:
        case Tuple(items=items) if len(items) > 1:
            return ", ".join(show_expression(item, spell) for item in items)
        case _:
            return show_expression(expr, spell)


@dataclass(frozen=True, slots=True)
class _Expressions:
    spell: Spell

    def operand(self, expr: Expr, least: _Hold) -> str:
        """`expr`, in parentheses if it holds together less tightly than its place demands."""
        text, hold = self.text(expr)
        return text if hold >= least else f"({text})"

    def text(self, expr: Expr) -> tuple[str, _Hold]:
        """The text of `expr` and how tightly that text holds together."""
        match expr:
            case Const(text=text):
                return text, _Hold.ATOM
            case Name() | Known():
                return self.spell(expr), _Hold.ATOM
            case Outer(id=id):
                return id, _Hold.ATOM
            case Callee(spelling=spelling) | Class(spelling=spelling):
                return spelling, _Hold.ATOM
            case Unary(op="not", operand=operand):
                return f"not {self.operand(operand, _Hold.NOT)}", _Hold.NOT
            case Unary(op=op, operand=operand):
                # Black writes -(x**2), which Python reads as -x**2.
                return f"{op}{self.operand(operand, _tighter_than_power(operand))}", _Hold.UNARY
            case Binary(op="**", left=left, right=right):
                simple = _is_simple(left) and _is_simple(right) and not isinstance(left, Unary)
                around = "" if simple else " "
                base = self.operand(left, _Hold.ATOM)
                return f"{base}{around}**{around}{self.operand(right, _Hold.UNARY)}", _Hold.POWER
            case Binary(op=op, left=left, right=right):
                hold = _BINARY[op]
                return (
                    f"{self.operand(left, hold)} {op} {self.operand(right, _Hold(hold + 1))}",
                    hold,
                )
            case Compare(first=first, ops=ops, rest=rest):
                above = _Hold.BIT_OR
                parts = [
                    f"{op} {self.operand(part, above)}" for op, part in zip(ops, rest, strict=True)
                ]
                return " ".join([self.operand(first, above), *parts]), _Hold.COMPARE
            case BoolOp(op=op, left=left, right=right):
                # Both group as they like: (a and b) and c is a and (b and c).
                hold = _Hold.AND if op == "and" else _Hold.OR
                return f"{self.operand(left, hold)} {op} {self.operand(right, hold)}", hold
            case IfExp(test=test, then=then, orelse=orelse):
                chosen = f"{self.operand(then, _Hold.OR)} if {self.operand(test, _Hold.OR)}"
                return f"{chosen} else {self.operand(orelse, _Hold.TERNARY)}", _Hold.TERNARY
            case Call(func=func, args=args, kwargs=kwargs):
                keywords = (
                    f"**{self.item(value)}" if name == "**" else f"{name}={self.item(value)}"
                    for name, value in kwargs
                )
                inside = ", ".join([*map(self.item, args), *keywords])
                return f"{self.operand(func, _Hold.ATOM)}({inside})", _Hold.ATOM
            case Attribute(value=value, name=name):
                text = self.operand(value, _Hold.ATOM)
                return f"({text}).{name}" if _is_number(value) else f"{text}.{name}", _Hold.ATOM
            case Index(value=value, index=index):
                return f"{self.operand(value, _Hold.ATOM)}[{self.subscripts(index)}]", _Hold.ATOM
            case Slice():
                return self.slice(expr), _Hold.ATOM
            case Tuple(items=(only,)):
                return f"({self.item(only)},)", _Hold.ATOM
            case Tuple(items=items):
                return f"({', '.join(map(self.item, items))})", _Hold.ATOM
            case List(items=items):
                return f"[{', '.join(map(self.item, items))}]", _Hold.ATOM
            case Dict(items=pairs):
                inside = ", ".join(f"{self.item(key)}: {self.item(value)}" for key, value in pairs)
                return f"{{{inside}}}", _Hold.ATOM
            case Text(pieces=pieces, values=values):
                filled = [
                    f"{self.item(value)}{piece}"
                    for value, piece in zip(values, pieces[1:], strict=True)
                ]
                return "".join([pieces[0], *filled]), _Hold.ATOM
            case Starred(value=value):
                return f"*{self.operand(value, _Hold.BIT_OR)}", _Hold.ATOM
            case Named(target=target, value=value):
                return f"({self.spell(target)} := {self.item(value)})", _Hold.ATOM
            case Lambda(params=params, body=body):
                shown = _show_parameters(params, self.spell)
                return f"lambda {shown}: {self.item(body)}", _Hold.TUPLE
            case Comprehension():
                return self.comprehension(expr), _Hold.ATOM
            case _:
                assert_never(expr)

    def comprehension(self, expr: Comprehension) -> str:
        """``[element for target in iterable if test]`` in its brackets."""
        match expr.form, expr.element:
            case "dict", Tuple(items=(key, value)):
                parts = [f"{self.item(key)}: {self.item(value)}"]
            case _, element:
                parts = [self.item(element)]
        for clause in expr.clauses:
            source = self.operand(clause.iterable, _Hold.OR)
            parts.append(f"for {_show_bare(clause.target, self.spell)} in {source}")
            parts += [f"if {self.operand(test, _Hold.OR)}" for test in clause.tests]
        brackets = {"list": "[]", "generator": "()"}.get(expr.form, "{}")
        return brackets[0] + " ".join(parts) + brackets[1]

    def item(self, expr: Expr) -> str:
        """`expr` between commas."""
        return self.operand(expr, _Hold.TERNARY)

    def subscripts(self, index: Expr) -> str:
        """What stands between the brackets of ``a[i, 1:-1]``."""
        match index:
            case Tuple(items=(only,)):
                return f"{self.item(only)},"
            case Tuple(items=items) if items:
                return ", ".join(map(self.item, items))
            case _:
                return self.item(index)

    def slice(self, expr: Slice) -> str:
        """``1:-1``, and ``i - 1 :`` with black's spaces around the colons of anything longer."""
        parts = (expr.start, expr.stop) if expr.step is None else (expr.start, expr.stop, expr.step)
        texts = ["" if part is None else self.item(part) for part in parts]
        if all(part is None or _is_short_bound(part) for part in parts):
            return ":".join(texts)
        return " : ".join(texts).strip().replace(":  :", "::")


def _tighter_than_power(operand: Expr) -> _Hold:
    """What the operand of a unary operator must be: a power gets black's parentheses."""
    return _Hold.ATOM if isinstance(operand, Binary) else _Hold.UNARY


def _is_number(expr: Expr) -> bool:
    return isinstance(expr, Const) and expr.text.lstrip(".")[:1].isdigit()


def _is_simple(expr: Expr) -> bool:
    """Black's simple operand of a power: a name, a number, ``a.b``, and each with a sign."""
    match expr:
        case Name() | Outer() | Known() | Callee() | Class():
            return True
        case Const(text=text):
            return _is_number(expr) or text.isidentifier()
        case Unary(op="-" | "+" | "~", operand=operand):
            return not isinstance(operand, Unary) and _is_simple(operand)
        case Attribute(value=value):
            return not _is_number(value) and not isinstance(value, Unary) and _is_simple(value)
        case _:
            return False


def _is_short_bound(expr: Expr) -> bool:
    """Whether black writes the colon beside `expr` without spaces."""
    match expr:
        case Name() | Const():
            return True
        case (
            Outer(id=spelling)
            | Known(spelling=spelling)
            | Callee(spelling=spelling)
            | Class(spelling=spelling)
        ):
            return "." not in spelling
        case Unary(op="-" | "+" | "~") | Tuple() | List() | Dict():
            return all(map(_is_short_bound, children(expr)))
        case _:
            return False


# ---------------------------------------------------------------- statements


@dataclass(frozen=True, slots=True)
class Written:
    """One statement as text: comment lines and blank lines above it, itself, a comment behind.

    `text` is the whole of a simple statement; of a compound one it is the header without the colon.
    """

    text: str
    leading: tuple[str, ...] = ()
    trailing: str = ""


def show_statement(stmt: Stmt, spell: Spell = plain_spelling) -> Written:
    """`stmt` without the blocks inside it, from the IR alone."""
    return Written(_statement_text(stmt, spell))


def _statement_text(stmt: Stmt, spell: Spell) -> str:
    match stmt:
        case Assign(target=target, value=value):
            return f"{_show_bare(target, spell)} = {_show_bare(value, spell)}"
        case AugAssign(target=target, op=op, value=value):
            return f"{show_expression(target, spell)} {op}= {show_expression(value, spell)}"
        case For(target=target, iterable=iterable):
            return f"for {_show_bare(target, spell)} in {show_expression(iterable, spell)}"
        case While(test=test):
            return f"while {show_expression(test, spell)}"
        case If(test=test):
            return f"if {show_expression(test, spell)}"
        case Return(value=value):
            return f"return {_show_bare(value, spell)}"
        case Do(value=value):
            return show_expression(value, spell)
        case With(context=context):
            return f"with {show_expression(context, spell)}"
        case Raise(value=value):
            return f"raise {show_expression(value, spell)}"
        case Assert(test=test, message=None):
            return f"assert {show_expression(test, spell)}"
        case Assert(test=test, message=message):
            assert message is not None
            return f"assert {show_expression(test, spell)}, {show_expression(message, spell)}"
        case Delete(targets=targets):
            return f"del {', '.join(show_expression(target, spell) for target in targets)}"
        case Import(text=text):
            return text
        case Define(function=function):
            return f"def {function.name}({_show_parameters(function.params, spell)})"
        case Break():
            return "break"
        case Continue():
            return "continue"
        case Pass():
            return "pass"
        case Comment(text=text):
            return "\n".join(f"# {line}".rstrip() for line in text.splitlines())
        case _:
            assert_never(stmt)


Write: TypeAlias = Callable[[Stmt], Written]


@dataclass(slots=True)
class _Lines:
    """Lines of text under construction; no blank line starts or ends a block or follows another."""

    lines: list[str] = field(default_factory=list)
    depth: int = 0
    _at_start: bool = True
    _gap: bool = False

    def gap(self) -> None:
        """Leave one blank line before the next line, unless it is the first of its block."""
        self._gap = not self._at_start

    def add(self, text: str) -> None:
        """Add `text`, whose further lines are left as they are: they may stand inside a string."""
        if self._gap:
            self.lines.append("")
        self.lines.append("    " * self.depth + text)
        self._at_start = self._gap = False

    def add_all(self, lines: Iterable[str]) -> None:
        """Add comment lines and blank lines ("")."""
        for line in lines:
            if line.strip():
                self.add(line.strip())
            else:
                self.gap()

    def open(self, header: str, trailing: str = "") -> None:
        """Begin a block under `header`."""
        self.add(_with_comment(f"{header}:", trailing))
        self.depth += 1
        self.begin_block()

    def begin_block(self) -> None:
        """From here on count as the start of the block."""
        self._at_start = True

    def close(self) -> None:
        """End the block begun last."""
        self.depth -= 1
        self._at_start = self._gap = False

    def text(self) -> str:
        """All lines, without a line end behind the last."""
        return "\n".join(self.lines)


def show_function(
    function: Function, spell: Spell = plain_spelling, write: Write = show_statement
) -> str:
    """The definition of `function`; `write` tells what each statement looks like."""
    lines = _Lines()
    lines.add_all(function.origin.leading)
    header = f"def {function.name}({_show_parameters(function.params, spell)})"
    lines.open(header, function.origin.trailing)
    if function.docstring is not None:
        lines.add(show_docstring(function.docstring, indent="    "))
        lines.begin_block()
    _show_block(function.body, write, lines, may_be_empty=function.docstring is not None)
    return lines.text()


def _show_parameters(params: tuple[Param, ...], spell: Spell) -> str:
    shown: list[str] = []
    for k, param in enumerate(params):
        if param.keyword_only and not any(part.startswith("*") for part in shown):
            shown.append("*")
        if k and params[k - 1].positional_only and not param.positional_only:
            shown.append("/")
        name = param.star + spell(Name(param.id, param.role))
        text = name if param.annotation is None else f"{name}: {param.annotation}"
        if param.default is not None:
            equals = "=" if param.annotation is None else " = "
            text += equals + show_expression(param.default, spell)
        shown.append(text)
    if params and params[-1].positional_only:
        shown.append("/")
    return ", ".join(shown)


def show_docstring(text: str, indent: str = "") -> str:
    """`text` in triple quotes; every line but the first begins with `indent`."""
    escaped = inspect.cleandoc(text).replace("\\", "\\\\")
    escaped = re.sub(
        r'"(?="|\Z)', r"\"", escaped
    )  # three in a row, or one at the end, would close it
    escaped = escaped.translate({code: f"\\x{code:02x}" for code in range(32) if code != ord("\n")})
    first, *rest = escaped.split("\n")
    if not rest:
        return f'"""{first}"""'
    return "\n".join(
        [f'"""{first}', *(f"{indent}{line}".rstrip() for line in rest), f'{indent}"""']
    )


def _show_block(block: Block, write: Write, lines: _Lines, *, may_be_empty: bool = False) -> None:
    for stmt in block:
        _show_statement(stmt, write, lines)
    if not may_be_empty and all(isinstance(s, Comment) or _is_done(s) for s in block):
        lines.add("pass")


def _is_done(stmt: Stmt) -> bool:
    """Whether `stmt` is done by the header of the loop around it."""
    return stmt.origin.spelling == ""


def _show_statement(stmt: Stmt, write: Write, lines: _Lines, keyword: str = "") -> None:
    written = write(stmt)
    if _is_done(stmt):
        return
    lines.add_all(written.leading)
    match stmt:
        case For(body=body, orelse=orelse) | While(body=body, orelse=orelse):
            lines.open(written.text, written.trailing)
            _show_block(body, write, lines)
            lines.close()
            if orelse:
                lines.open("else")
                _show_block(orelse, write, lines)
                lines.close()
        case With(body=body):
            lines.open(written.text, written.trailing)
            _show_block(body, write, lines)
            lines.close()
        case Define(function=function):
            lines.open(written.text, written.trailing)
            _show_block(function.body, write, lines)
            lines.close()
        case If(then=then, orelse=orelse):
            lines.open(_IF.sub(keyword or "if", written.text), written.trailing)
            _show_block(then, write, lines)
            lines.close()
            match orelse:
                case ():
                    pass
                case _ if stmt.origin.flat and not keyword and not goes_on(then):
                    _show_block(orelse, write, lines, may_be_empty=True)
                case (If() as nested,):
                    _show_statement(nested, write, lines, "elif")
                case _:
                    lines.open("else")
                    _show_block(orelse, write, lines)
                    lines.close()
        case Comment(text=""):
            lines.gap()
        case Comment():
            lines.add_all(written.text.splitlines())
        case Assign() | AugAssign() | Return() | Do() | Raise() | Assert() | Delete() | Import():
            lines.add(_with_comment(written.text, written.trailing))
        case Break() | Continue() | Pass():
            lines.add(_with_comment(written.text, written.trailing))
        case _:
            assert_never(stmt)


#: The keyword that opens a branch; which of the two stands there depends on where the branch does.
_IF: Final = re.compile(r"^(el)?if\b")


def _with_comment(text: str, comment: str) -> str:
    return f"{text}  {comment}" if comment else text
