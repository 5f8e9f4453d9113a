"""What `show` prints means what the IR says, and reads as black would lay it out."""

import ast
import inspect
import re

import black
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    AugAssign,
    Binary,
    BoolOp,
    Call,
    Callee,
    Comment,
    Compare,
    Const,
    Dict,
    Do,
    Expr,
    For,
    Function,
    If,
    IfExp,
    Index,
    Known,
    List,
    Name,
    Origin,
    Outer,
    Param,
    Pass,
    Return,
    Slice,
    Stmt,
    Tuple,
    Unary,
    While,
)
from retrograd.transforms.ir.show import show, show_expression

a, b, c, i, n = (Name(id) for id in "abcin")
one, two = Const("1"), Const("2.0")

# ---------------------------------------------------------------- expressions by hand


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (Binary("-", a, Binary("-", b, c)), "a - (b - c)"),
        (Binary("-", Binary("-", a, b), c), "a - b - c"),
        (Binary("/", a, Binary("*", b, c)), "a / (b * c)"),
        (Binary("*", a, Binary("/", b, c)), "a * (b / c)"),
        (Binary("*", Binary("+", a, b), c), "(a + b) * c"),
        (Unary("-", Binary("**", a, two)), "-(a**2.0)"),
        (Binary("**", Unary("-", a), two), "(-a) ** 2.0"),
        (Binary("**", a, Unary("-", Const("12"))), "a**-12"),
        (Binary("**", Binary("**", a, b), c), "(a**b) ** c"),
        (Binary("**", Index(a, i), two), "a[i] ** 2.0"),
        (Binary("**", Attribute(a, "T"), two), "a.T**2.0"),
        (Binary("*", Unary("-", a), b), "-a * b"),
        (Binary("-", a, Unary("-", b)), "a - -b"),
        (Unary("not", Compare(a, ("==",), (b,))), "not a == b"),
        (Compare(Unary("not", a), ("is",), (b,)), "(not a) is b"),
        (Compare(a, ("<", "<="), (b, c)), "a < b <= c"),
        (Compare(Compare(a, ("<",), (b,)), ("<",), (c,)), "(a < b) < c"),
        (BoolOp("and", BoolOp("or", a, b), c), "(a or b) and c"),
        (BoolOp("or", BoolOp("and", a, b), c), "a and b or c"),
        (BoolOp("and", a, BoolOp("and", b, c)), "a and b and c"),
        (IfExp(a, b, IfExp(c, one, two)), "b if a else 1 if c else 2.0"),
        (Binary("+", IfExp(a, b, c), one), "(b if a else c) + 1"),
        (Index(a, Tuple((i, Slice(one, Unary("-", one), None)))), "a[i, 1:-1]"),
        (Index(a, Slice(None, None, Unary("-", one))), "a[::-1]"),
        (Index(a, Slice(Binary("-", i, one), None, None)), "a[i - 1 :]"),
        (Index(a, Slice(None, Binary("-", n, one), two)), "a[: n - 1 : 2.0]"),
        (Index(a, Tuple((i,))), "a[i,]"),
        (Index(a, Tuple(())), "a[()]"),
        (Index(a, Tuple((Tuple((a, b)), c))), "a[(a, b), c]"),
        (Tuple((a, b)), "(a, b)"),
        (Tuple((a,)), "(a,)"),
        (Tuple(()), "()"),
        (List(()), "[]"),
        (Dict(((Const('"W"'), a), (Const('"b"'), IfExp(a, b, c)))), '{"W": a, "b": b if a else c}'),
        (Call(Known("numpy.sum", "np.sum"), (a,), (("axis", one),)), "np.sum(a, axis=1)"),
        (Call(Attribute(Binary("+", a, b), "copy")), "(a + b).copy()"),
        (Attribute(one, "real"), "(1).real"),
        (Name("x", "bar"), "x_bar"),
        (Name("x", "made"), "x"),
    ],
)
def test_an_expression_has_the_parentheses_it_needs(expr: Expr, text: str) -> None:
    assert show(expr) == text


def test_the_caller_spells_the_names() -> None:
    expr = Call(Known("numpy.sin", "np.sin"), (Name("x", "bar"),))
    assert show_expression(expr, lambda name: type(name).__name__) == "Known(Name)"


# ---------------------------------------------------------------- expressions at random

NAMES = ("a", "b", "x1")
leaves: st.SearchStrategy[Expr] = st.one_of(
    st.sampled_from(["1", "2.5", "10", "True", "None", '"W"', "..."]).map(Const),
    st.sampled_from(NAMES).map(Name),
    st.sampled_from(["K", "config.K"]).map(Outer),
    st.just(Known("numpy.pi", "np.pi")),
    st.just(Callee("m:g", "g")),
)


def _larger(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    operators = st.sampled_from(
        ["+", "-", "*", "/", "**", "@", "//", "%", "&", "|", "^", "<<", ">>"]
    )
    relations = st.sampled_from(["<", "<=", ">", ">=", "==", "!=", "is", "is not", "in", "not in"])
    slices = st.builds(Slice, st.none() | inner, st.none() | inner, st.none() | inner)
    several = st.lists(inner, max_size=3).map(tuple)
    subscripts = (
        inner
        | slices
        | st.lists(inner | slices, min_size=1, max_size=3).map(lambda items: Tuple(tuple(items)))
    )
    return st.one_of(
        st.builds(Unary, st.sampled_from(["-", "+", "~", "not"]), inner),
        st.builds(Binary, operators, inner, inner),
        st.lists(st.tuples(relations, inner), min_size=1, max_size=2).flatmap(
            lambda rest: st.builds(
                Compare,
                inner,
                st.just(tuple(op for op, _ in rest)),
                st.just(tuple(part for _, part in rest)),
            )
        ),
        st.builds(BoolOp, st.sampled_from(["and", "or"]), inner, inner),
        st.builds(IfExp, inner, inner, inner),
        st.builds(Call, inner, several, st.just(()) | inner.map(lambda e: (("axis", e),))),
        st.builds(Attribute, inner, st.just("T")),
        st.builds(Index, inner, subscripts),
        st.builds(Tuple, several),
        st.builds(List, several),
        st.lists(st.tuples(inner, inner), max_size=2).map(lambda pairs: Dict(tuple(pairs))),
    )


expressions = st.recursive(leaves, _larger, max_leaves=12)

_UNARY = {"-": ast.USub, "+": ast.UAdd, "~": ast.Invert, "not": ast.Not}
_BINARY = {
    "+": ast.Add,
    "-": ast.Sub,
    "*": ast.Mult,
    "/": ast.Div,
    "**": ast.Pow,
    "@": ast.MatMult,
    "//": ast.FloorDiv,
    "%": ast.Mod,
    "&": ast.BitAnd,
    "|": ast.BitOr,
    "^": ast.BitXor,
    "<<": ast.LShift,
    ">>": ast.RShift,
}
_COMPARE = {
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
    "==": ast.Eq,
    "!=": ast.NotEq,
    "is": ast.Is,
    "is not": ast.IsNot,
    "in": ast.In,
    "not in": ast.NotIn,
}


def _tree(expr: Expr) -> ast.expr:
    """The tree that Python should read out of the text of `expr`."""
    match expr:
        case Const(text=text):
            return ast.Constant(ast.literal_eval(text))
        case Name(id=spelling) | Outer(id=spelling):
            return ast.parse(spelling, mode="eval").body
        case Known(spelling=spelling) | Callee(spelling=spelling):
            return ast.parse(spelling, mode="eval").body
        case Unary(op=op, operand=operand):
            return ast.UnaryOp(_UNARY[op](), _tree(operand))
        case Binary(op=op, left=left, right=right):
            return ast.BinOp(_tree(left), _BINARY[op](), _tree(right))
        case Compare(first=first, ops=ops, rest=rest):
            return ast.Compare(_tree(first), [_COMPARE[op]() for op in ops], [*map(_tree, rest)])
        case BoolOp(op=op):
            return ast.BoolOp(ast.And() if op == "and" else ast.Or(), [*map(_tree, _terms(expr))])
        case IfExp(test=test, then=then, orelse=orelse):
            return ast.IfExp(_tree(test), _tree(then), _tree(orelse))
        case Call(func=func, args=args, kwargs=kwargs):
            keywords = [ast.keyword(name, _tree(value)) for name, value in kwargs]
            return ast.Call(_tree(func), [*map(_tree, args)], keywords)
        case Attribute(value=value, name=name):
            return ast.Attribute(_tree(value), name, ast.Load())
        case Index(value=value, index=index):
            return ast.Subscript(_tree(value), _tree(index), ast.Load())
        case Slice(start=start, stop=stop, step=step):
            return ast.Slice(
                *(None if part is None else _tree(part) for part in (start, stop, step))
            )
        case Tuple(items=items):
            return ast.Tuple([*map(_tree, items)], ast.Load())
        case List(items=items):
            return ast.List([*map(_tree, items)], ast.Load())
        case Dict(items=pairs):
            return ast.Dict([_tree(key) for key, _ in pairs], [_tree(value) for _, value in pairs])


def _terms(expr: BoolOp) -> list[Expr]:
    """The operands of ``a and b and c``, however they are grouped: the grouping changes nothing."""
    return [
        term
        for side in (expr.left, expr.right)
        for term in (_terms(side) if isinstance(side, BoolOp) and side.op == expr.op else [side])
    ]


@given(expressions)
def test_python_reads_the_expression_that_was_shown(expr: Expr) -> None:
    read = ast.parse(show(expr), mode="eval").body
    assert ast.dump(read) == ast.dump(_tree(expr))


@given(expressions)
def test_black_leaves_a_shown_expression_as_it_is(expr: Expr) -> None:
    line = f"y = {show(expr)}\n"
    # Black takes the words behind ``a**b`` for part of the operand: ``a ** b if c else (d)``.
    assume("**" not in line or not re.search(r" (if|and|or|not|in|is) ", line))
    assert black.format_str(line, mode=black.Mode(line_length=10_000)) == line


def _parts(node: ast.AST) -> int:
    return sum(1 for _ in ast.walk(node))


@given(expressions)
def test_no_pair_of_parentheses_is_needless(expr: Expr) -> None:
    text = show(expr)
    meaning = ast.dump(ast.parse(text, mode="eval"))
    for start, end in _pairs(text):
        inside = text[start + 1 : end]
        # Black asks for two kinds of needless ones: -(a**b) and (1).real.
        if text[:start].endswith(("-", "+", "~")) and "**" in inside:
            continue
        if inside.isdigit() or inside.replace(".", "").isdigit():
            continue
        bare = f"{text[:start]} {inside} {text[end + 1 :]}".strip()
        try:
            unchanged = ast.dump(ast.parse(bare, mode="eval")) == meaning
        except SyntaxError:
            unchanged = False
        # Tuples keep theirs, ``(a, b)`` at the top being the one case where they could go.
        assert not unchanged or (isinstance(expr, Tuple) and start == 0)


def _pairs(text: str) -> list[tuple[int, int]]:
    """The places of matching parentheses in `text`, whose strings hold none."""
    found, open_ = [], []
    for place, character in enumerate(text):
        if character == "(":
            open_.append(place)
        elif character == ")":
            found.append((open_.pop(), place))
    return found


# ---------------------------------------------------------------- statements


def _assign(target: str) -> Assign:
    return Assign(Name(target), one)


@pytest.mark.parametrize(
    ("stmt", "text"),
    [
        (Assign(Tuple((a, b)), Tuple((b, a))), "a, b = b, a"),
        (Assign(Tuple((a,)), Tuple((b,))), "(a,) = (b,)"),
        (Assign(Index(a, Const('"W"')), b), 'a["W"] = b'),
        (AugAssign(Name("x", "bar"), "+", a), "x_bar += a"),
        (Return(Tuple((a, b))), "return a, b"),
        (
            Do(Call(Attribute(Name("x", "saved"), "append"), (Tuple((a, b)),))),
            "x_saved.append((a, b))",
        ),
        (Pass(), "pass"),
        (Comment("x = f(\n    a\n)"), "# x = f(\n#     a\n# )"),
        (For(Tuple((i, a)), b, (Pass(),)), "for i, a in b:\n    pass"),
        (While(a, ()), "while a:\n    pass"),
        (For(i, a, (Comment("none"),)), "for i in a:\n    # none\n    pass"),
        (If(a, (_assign("x"),), (_assign("y"),)), "if a:\n    x = 1\nelse:\n    y = 1"),
        (
            If(a, (_assign("x"),), (If(b, (_assign("y"),), (_assign("z"),)),)),
            "if a:\n    x = 1\nelif b:\n    y = 1\nelse:\n    z = 1",
        ),
        (
            If(a, (_assign("x"),), (If(b, (_assign("y"),), ()), _assign("z"))),
            "if a:\n    x = 1\nelse:\n    if b:\n        y = 1\n    z = 1",
        ),
    ],
)
def test_a_statement_as_text(stmt: Stmt, text: str) -> None:
    assert show(stmt) == text


def test_the_users_text_and_comments_are_left_out() -> None:
    origin = Origin(leading=("# why",), trailing="# because", spelling="a=1")
    assert show(Assign(a, one, origin)) == "a = 1"


def test_blank_lines_neither_start_nor_end_a_block_nor_double() -> None:
    blank = Comment("")
    loop = For(i, a, (blank, _assign("x"), blank, blank, _assign("y"), blank))
    function = Function("f", (), (blank, loop, Return(b)), docstring="A loop.")
    assert show(function).splitlines() == [
        "def f():",
        '    """A loop."""',
        "    for i in a:",
        "        x = 1",
        "",
        "        y = 1",
        "    return b",
    ]


def test_parameters() -> None:
    params = (
        Param("a"),
        Param("b", "float"),
        Param("c", "float", two),
        Param("k", None, Unary("-", one), keyword_only=True),
        Param("m", keyword_only=True),
    )
    text = show(Function("f", params, (Return(a),)))
    assert text == "def f(a, b: float, c: float = 2.0, *, k=-1, m):\n    return a"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=30))
def test_any_docstring_is_quoted_safely(text: str) -> None:
    definition = ast.parse(show(Function("f", (), (Return(a),), docstring=text))).body[0]
    assert isinstance(definition, ast.FunctionDef)
    read = ast.get_docstring(definition, clean=True)
    assert read is not None
    assert read.split() == inspect.cleandoc(text).split()
