"""The five kinds of derivative rules, each a constructor that reads like the table it stands in.

| kind | the formulas are | VJP | JVP |
|---|---|---|---|
| `elementwise` | partials | ``unbroadcast(g * partial, x)`` | sum of ``partial * x_dot`` |
| `linear` | VJPs | as written | the call itself on the tangents |
| `multilinear` | VJPs | as written | the call, one operand at a time replaced by its tangent |
| `general` | VJPs, and `jvp` | as written | as written, summed over the active operands |
| `inactive` | none | zero | zero |

A header is the signature as text (``"numpy.sum(a, axis=None, *, keepdims=False)"``) or an operator
(``"x + y"``, ``"-x"``). Parameters without a formula are inactive: shapes, axes, flags.
"""

import ast
from collections.abc import Callable, Mapping

from retrograd.transforms.ir.kinds import Kind
from retrograd.transforms.ir.nodes import Const, Expr, Known, Tuple, Unary
from retrograd.transforms.rules.results import floating
from retrograd.transforms.rules.rule import Form, Formula, Rule, RuleParam, Site, Variants

ResultKind = Callable[[Site], Kind]

_OPERATORS: Mapping[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.UAdd: "+u",
    ast.USub: "-u",
    ast.Invert: "~u",
    ast.Not: "not",
    ast.And: "and",
    ast.Or: "or",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}


def elementwise(
    header: str,
    /,
    *,
    on: str = "",
    note: str = "",
    kink: str = "",
    also: str | tuple[str, ...] = (),
    result: ResultKind = floating,
    let: Mapping[str, Formula] | None = None,
    only: Mapping[str, tuple[object, ...]] | None = None,
    **partials: Formula,
) -> Rule:
    """A function of numbers that NumPy applies element by element; formulas are partials."""
    return _rule(
        "elementwise",
        header,
        also,
        result=result,
        formulas=partials,
        let=let or {},
        only=only or {},
        on=on,
        note=note,
        kink=kink,
    )


def linear(
    header: str,
    /,
    *,
    result: ResultKind,
    also: str | tuple[str, ...] = (),
    only: Mapping[str, tuple[object, ...]] | None = None,
    note: str = "",
    kink: str = "",
    **vjps: Formula,
) -> Rule:
    """A function that is linear in all its differentiated operands together."""
    return _rule(
        "linear", header, also, result=result, formulas=vjps, only=only or {}, note=note, kink=kink
    )


def multilinear(
    header: str,
    /,
    *,
    result: ResultKind,
    also: str | tuple[str, ...] = (),
    only: Mapping[str, tuple[object, ...]] | None = None,
    **vjps: Formula,
) -> Rule:
    """A function that is linear in each differentiated operand while the others stand still."""
    return _rule("multilinear", header, also, result=result, formulas=vjps, only=only or {})


def general(
    header: str,
    /,
    *,
    result: ResultKind,
    jvp: Formula | Mapping[str, Formula] | None = None,
    let: Mapping[str, Formula] | None = None,
    only: Mapping[str, tuple[object, ...]] | None = None,
    on: str = "",
    note: str = "",
    kink: str = "",
    also: str | tuple[str, ...] = (),
    **vjps: Formula,
) -> Rule:
    """Any other function; `jvp` is a text if one operand is differentiated, else a text for each.

    Without any formula: a function that has a derivative which we do not know.
    """
    if isinstance(jvp, str | Variants):
        (operand,) = vjps
        jvp = {operand: jvp}
    return _rule(
        "general",
        header,
        also,
        result=result,
        formulas=vjps,
        jvp=jvp or {},
        let=let or {},
        only=only or {},
        on=on,
        note=note,
        kink=kink,
    )


def inactive(
    *headers: str,
    result: ResultKind,
    only: Mapping[str, tuple[object, ...]] | None = None,
    note: str = "",
    kink: str = "",
) -> Rule:
    """Functions whose result is a step function of their arguments, or no function of them at all."""
    return _rule(
        "inactive", headers[0], headers[1:], result=result, only=only or {}, note=note, kink=kink
    )


def _rule(
    form: Form,
    header: str,
    also: str | tuple[str, ...],
    *,
    result: ResultKind,
    formulas: Mapping[str, Formula] | None = None,
    jvp: Mapping[str, Formula] | None = None,
    let: Mapping[str, Formula] | None = None,
    only: Mapping[str, tuple[object, ...]] | None = None,
    on: str = "",
    note: str = "",
    kink: str = "",
) -> Rule:
    path, params = read_header(header)
    others = (also,) if isinstance(also, str) else also
    rule = Rule(
        form=form,
        path=path,
        params=params,
        result=result,
        formulas=formulas or {},
        jvp=jvp or {},
        let=let or {},
        only=only or {},
        on=on,
        note=note,
        kink=kink,
        also=tuple(
            read_header(other) if _is_header(other) else (other, params) for other in others
        ),
    )
    named = {param.name for param in params}
    for name in (*rule.formulas, *rule.jvp, *rule.only):
        if name not in named:
            raise ValueError(f"rule {header}: no parameter {name!r}")
    return rule


def _is_header(text: str) -> bool:
    return "(" in text or " " in text or not text[0].isalpha()


def read_header(header: str) -> tuple[str, tuple[RuleParam, ...]]:
    """The path and the parameters that `header` spells."""
    if "(" in header:
        path, _, inside = header.partition("(")
        return path, _signature(inside.removesuffix(")"))
    match ast.parse(header, mode="eval").body:
        case ast.BinOp(left=ast.Name(left), op=op, right=ast.Name(right)):
            names = (left, right)
        case ast.BoolOp(op=op, values=[ast.Name(left), ast.Name(right)]):
            names = (left, right)
        case ast.Compare(left=ast.Name(left), ops=[op], comparators=[ast.Name(right)]):
            names = (left, right)
        case ast.UnaryOp(op=op, operand=ast.Name(operand)):
            return _OPERATORS[type(op)], (RuleParam(operand),)
        case _:
            raise ValueError(f"neither a signature nor an operator: {header}")
    return _OPERATORS[type(op)], tuple(RuleParam(name) for name in names)


def _signature(inside: str) -> tuple[RuleParam, ...]:
    (function,) = ast.parse(f"def _({inside}): ...").body
    assert isinstance(function, ast.FunctionDef)
    args = function.args
    positional = [*args.posonlyargs, *args.args]
    missing = [None] * (len(positional) - len(args.defaults))
    params = [
        RuleParam(arg.arg, None if default is None else _default(default))
        for arg, default in zip(positional, [*missing, *args.defaults], strict=True)
    ]
    if args.vararg is not None:
        params.append(RuleParam(args.vararg.arg, variadic=True))
    params += [
        RuleParam(arg.arg, None if default is None else _default(default), keyword_only=True)
        for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True)
    ]
    return tuple(params)


def _default(node: ast.expr) -> Expr:
    match node:
        case ast.Constant(value=str(text)):
            return Const(f'"{text}"')
        case ast.Constant(value=value):
            return Const(repr(value))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Unary("-", _default(operand))
        case ast.Tuple(elts=elts):
            return Tuple(tuple(_default(elt) for elt in elts))
        case ast.Name(id=name):
            return Known(name, name)
        case _:
            raise ValueError(f"not a default: {ast.unparse(node)}")
