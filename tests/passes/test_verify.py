"""A well-formed function passes; each way to be malformed is found, with its place."""

from dataclasses import replace

import pytest

from retrograd.transforms.diagnostics.report import UnsupportedError
from retrograd.transforms.diagnostics.span import Span
from retrograd.transforms.ir.nodes import (
    Assign,
    AugAssign,
    Binary,
    Block,
    Call,
    Comment,
    Compare,
    Const,
    Expr,
    For,
    Function,
    If,
    Index,
    Known,
    Name,
    Origin,
    Param,
    Pass,
    Return,
    Slice,
    Tuple,
    While,
)
from retrograd.transforms.ir.verify import verify

one = Const("1.0")
x, y, i = Name("x"), Name("y"), Name("i")
x_bar = Name("x", "bar")


def function(*body: object, params: tuple[str, ...] = ("x",)) -> Function:
    return Function("f", tuple(map(Param, params)), body)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "body",
    [
        (Return(x),),
        (Assign(Tuple((y, i)), Tuple((x, one))), Return(Binary("+", y, i))),
        (Assign(y, Index(x, Tuple((one, Slice(None, one, None))))), Return(y)),
        (Assign(y, Index(x, Slice(Index(x, Slice(one, None, None)), None, None))), Return(y)),
        (For(i, x, (AugAssign(x, "+", i),)), Return(x)),
        # On its first way through, the loop reads what a later line of it binds.
        (For(i, x, (If(i, (Assign(y, y),), (Assign(y, one),)),)), Return(y)),
        (While(y, (Assign(y, x),)), Return(y)),
        (If(x, (Assign(y, one),), ()), Return(y)),
        (If(x, (Return(x),), (Return(one),)),),
        (Assign(Index(x, one), one), Return(x)),
    ],
)
def test_a_well_formed_function(body: Block) -> None:
    verify(function(*body))


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ((Return(y),), "`y` is read before it has a value"),
        ((Return(x_bar),), "`x_bar` is read before it has a value"),
        ((AugAssign(x_bar, "+", x),), "`x_bar` is read before it has a value"),
        ((Assign(Index(y, one), x),), "`y` is read before it has a value"),
        ((If(x, (Assign(y, one),), (Return(y),)),), "`y` is read before it has a value"),
        ((Return(y), Assign(y, one)), "`y` is read before it has a value"),
        ((Assign(Tuple((y, one)), x),), "`1.0` cannot be assigned to"),
        ((Assign(Tuple(()), x),), "`()` cannot be assigned to"),
        ((AugAssign(Tuple((x, x)), "+", x),), "`(x, x)` cannot be changed in place"),
        ((AugAssign(x, "+=", x),), "`+==` is not an operator"),
        ((Return(Slice(one, None, None)),), "the slice `1.0:` stands outside a subscript"),
        ((Return(Index(x, Call(x, (Slice(one, one, None),)))),), "stands outside a subscript"),
        ((Return(Binary("<", x, x)),), "`<` is not an operator"),
        ((Return(Compare(x, ("<", "<"), (x,))),), "do not compare 2 operands"),
        ((Return(Const("1 + 1x")),), "`1 + 1x` is not a literal"),
        ((Return(Call(Known("f", "f"), (), (("a", x), ("a", x)))),), "a keyword is given twice"),
        ((For(i, x, (If(i, (Return(x),), ()),)),), "`return x` leaves a loop"),
        ((Return(Name("x y", "bar")),), "`x y` is not a name"),
    ],
)
def test_what_is_malformed_is_found(body: Block, problem: str) -> None:
    with pytest.raises(UnsupportedError) as caught:
        verify(function(*body))
    assert caught.value.code == "RG901"
    assert problem in str(caught.value)


def test_a_statement_that_stands_twice() -> None:
    stmt = Assign(y, x)
    with pytest.raises(UnsupportedError, match="stands twice: `y = x`"):
        verify(function(stmt, stmt, Return(y)))
    again = replace(stmt)
    note, nothing = Comment("y"), Pass()
    verify(function(stmt, note, nothing, again, note, nothing, Return(y)))


def test_parameters() -> None:
    of_ours = (Param("x"), Param("x", role="bar"), Param("x_bar"))
    verify(Function("f", of_ours, (Return(Tuple((x, x_bar, Name("x_bar")))),)))
    with pytest.raises(UnsupportedError, match="two parameters are called `x`"):
        verify(function(Return(x), params=("x", "x")))
    with pytest.raises(UnsupportedError, match="`a b` is not a name"):
        verify(function(Return(x), params=("x", "a b")))


def test_every_finding_is_reported_with_its_place() -> None:
    span = Span("model.py", 3, 4, 3, 9, "    y = z")
    wrong: Expr = Name("z")
    body = (Assign(y, wrong, Origin(span)), Return(Name("w")))
    with pytest.raises(UnsupportedError) as caught:
        verify(function(*body))
    assert len(caught.value.diagnostics) == 2
    assert {diagnostic.span for diagnostic in caught.value.diagnostics} == {span, None}
