"""From the text of a formula to an expression: cotangents, partials and tangents of a bound call.

    "lift(g) * x / count(x)"   at   np.foo(a + b, axis=1)
        ->   np.expand_dims(g, 1) * (a + b) / (a + b).shape[1]

In a formula ``numpy.f`` and ``math.f`` are the library's functions and every other name that is
called is a helper from `retrograd.runtime`, except for these, which are written out here:

| in a formula | stands for |
|---|---|
| ``shape(x)``, ``size(x)`` | ``x.shape`` and ``x.size``; ``np.shape(x)`` where x may be no array |
| ``lift(v)`` | `v`, shaped as the result, with the axes put back that a reduction took away |
| ``count(x)`` | how many elements of `x` a reduction over `axis` puts together |
| ``inverse(axes)`` | the permutation that undoes `axes` |
| ``u if g[1] else v`` | `v` where the second of several results has no cotangent, else `u` |
| ``x_all`` | all operands of a variadic ``*x`` as a tuple |
| ``einsum_cotangent(v)`` | another call of ``numpy.einsum`` (einsum.py) |
| ``place`` | which of them the formula is for: 0, 1, 2 ... |

Choices between numbers are written ``p if c else q``, not ``np.where(c, p, q)``; a keyword that
repeats the default of its parameter is left out; a list that is computed with becomes an array.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache, reduce
from typing import Final

from retrograd.transforms.frontend.build import expression
from retrograd.transforms.ir.kinds import UNKNOWN, Array, Kind, Scalar, Sequence
from retrograd.transforms.ir.nodes import (
    Attribute,
    Binary,
    Call,
    Compare,
    Const,
    Expr,
    IfExp,
    Index,
    Known,
    Name,
    Tuple,
    Unary,
)
from retrograd.transforms.ir.walk import children, map_children, subexpressions
from retrograd.transforms.rules import einsum
from retrograd.transforms.rules.results import axes_of
from retrograd.transforms.rules.rule import (
    VARIES,
    Bound,
    Formula,
    Rule,
    Site,
    Variants,
    constant,
    is_single,
)

RUNTIME: Final = "retrograd.runtime."
ZERO: Final = Const("0.0")
ONE: Final = Const("1.0")

_SPELLING: Final = {"numpy": "np", "math": "math"}
_LIBRARIES: Final = frozenset({*_SPELLING, "scipy"})
_BUILTINS: Final = frozenset({"abs", "len", "list"})

# ---------------------------------------------------------------- what the passes call


def vjp(
    bound: Bound,
    operand: str,
    g: Expr,
    out: Expr,
    kinds: Mapping[str, Kind],
    out_kind: Kind = UNKNOWN,
) -> Expr:
    """The cotangent that `g` sends to `operand`; an elementwise one still has the result's shape.

    Args:
        bound: the call.
        operand: a parameter of its rule that has a formula.
        g: the cotangent of the result.
        out: the result.
        kinds: what is known of the operands, by name.
        out_kind: what is known of the result.
    """
    if bound.rule.form == "elementwise":
        return times(g, partial(bound, operand, out, kinds, out_kind))
    site = Site(bound, kinds, out_kind)
    return _instance(bound.rule.formulas[bound.rule.base(operand)], site, operand, g=g, out=out)


def partial(
    bound: Bound,
    operand: str,
    out: Expr,
    kinds: Mapping[str, Kind],
    out_kind: Kind = UNKNOWN,
) -> Expr:
    """The derivative of an elementwise call for `operand`, element by element."""
    site = Site(bound, kinds, out_kind)
    return _instance(bound.rule.formulas[bound.rule.base(operand)], site, operand, out=out)


def jvp(
    bound: Bound,
    tangents: Mapping[str, Expr],
    out: Expr,
    kinds: Mapping[str, Kind],
    out_kind: Kind = UNKNOWN,
) -> Expr:
    """The tangent of the call when its operands have `tangents`; the others stand still."""
    rule = bound.rule
    site = Site(bound, kinds, out_kind)
    match rule.form:
        case "elementwise":
            return _elementwise_jvp(site, tangents, out)
        case "linear":
            return _linear_jvp(site, tangents)
        case "multilinear":
            return _sum(
                [
                    _call(bound, {name: dot})
                    for name, dot in tangents.items()
                    if rule.formulas[rule.base(name)] != ZERO.text
                ]
            )
        case _ if rule.together is not None:
            dots = {**_still(site, list(rule.formulas)), **tangents}
            names = {f"{name}_dot": dot for name, dot in dots.items()}
            return _instance(rule.together, site, next(iter(dots)), out=out, **names)
        case _:
            dots = {f"{name}_dot": dot for name, dot in tangents.items()}
            terms = [_instance(rule.jvp[name], site, name, out=out, **dots) for name in tangents]
            if isinstance(site.out, Sequence):  # several results, each with its tangent
                return reduce(lambda a, b: Call(_helper("accumulate"), (a, b)), terms)
            return _sum(terms)


def times(factor: Expr, partial: Expr) -> Expr:
    """``factor * partial``; a choice with a zero branch keeps that zero whatever `factor` is."""
    match partial:
        case Const():
            return (
                factor if partial == ONE else ZERO if partial == ZERO else _product(factor, partial)
            )
        case Unary(op="-", operand=operand):
            return _negative(times(factor, operand))
        case Binary(op="/", left=left, right=right) if left == ONE:
            return Binary("/", factor, right)
        case IfExp(test=test, then=then, orelse=orelse) if _picks_a_number(partial):
            return IfExp(test, times(factor, then), times(factor, orelse))
        case Call(func=Known("numpy.where"), args=(test, then, orelse)) if _picks_a_number(partial):
            return Call(partial.func, (test, times(factor, then), times(factor, orelse)))
        case _:
            return _product(factor, partial)


def _picks_a_number(choice: IfExp | Call) -> bool:
    """Is a branch of `choice` a literal, and so shorter when the factor moves inside?"""
    branches = (choice.then, choice.orelse) if isinstance(choice, IfExp) else choice.args[1:]
    return any(isinstance(branch, Const) for branch in branches)


def _product(a: Expr, b: Expr) -> Expr:
    return b if a == ONE else a if b == ONE else Binary("*", a, b)


def _negative(expr: Expr) -> Expr:
    return expr.operand if isinstance(expr, Unary) and expr.op == "-" else Unary("-", expr)


def _sum(terms: list[Expr]) -> Expr:
    if not terms:
        return ZERO
    total, *rest = terms
    for term in rest:
        match term:
            case Unary(op="-", operand=operand):
                total = Binary("-", total, operand)
            case _:
                total = Binary("+", total, term)
    return total


# ---------------------------------------------------------------- tangents


def _elementwise_jvp(site: Site, tangents: Mapping[str, Expr], out: Expr) -> Expr:
    bound = site.bound
    terms = [
        (name, partial(bound, name, out, site.kinds, site.out), dot)
        for name, dot in tangents.items()
    ]
    total = _sum([times(dot, slope) for _, slope, dot in terms if slope != ZERO])
    moving = [name for name, slope, _ in terms if slope != ZERO]
    fills = any(_fills(site, name) or _mentions_filling(site, name) for name in moving)
    if isinstance(site.out, Scalar) or (fills and total != ZERO):
        return total
    return Call(_helper("spread"), (total, _shape_of(out, site.out)))


def _fills(site: Site, name: str) -> bool:
    """Has operand `name` surely the shape of the result?"""
    match site.kind(name), site.out:
        case Array(dims=tuple() as dims), Array(dims=tuple() as out_dims):
            return dims == out_dims and "?" not in dims
        case _:
            return False


def _mentions_filling(site: Site, operand: str) -> bool:
    """Does the partial for `operand` compute with something that has the shape of the result?"""
    rule = site.bound.rule
    template = _parsed(_text(rule.formulas[rule.base(operand)], site))
    return any(
        name == "out" or (name in site.bound.operands and _fills(site, name))
        for name in _free_names(template)
    )


def _linear_jvp(site: Site, tangents: Mapping[str, Expr]) -> Expr:
    rule = site.bound.rule
    matter = [
        name
        for name in site.bound.operands
        if rule.differentiates(name) and rule.formulas[rule.base(name)] != ZERO.text
    ]
    moving = {name: dot for name, dot in tangents.items() if name in matter}
    return _call(site.bound, {**_still(site, matter), **moving}) if moving else ZERO


def _still(site: Site, names: list[str]) -> Mapping[str, Expr]:
    """The zero tangents of the operands `names`."""
    return {
        name: ZERO if isinstance(site.kind(name), Scalar) else Call(_helper("zeros_like"), (value,))
        for name, value in site.bound.operands.items()
        if name in names and constant(value) is not None
    }


def _call(bound: Bound, replaced: Mapping[str, Expr]) -> Expr:
    """The call itself with some operands replaced, arguments that repeat defaults left out."""
    rule = bound.rule
    values = {**bound.operands, **replaced}
    if rule.path == "@":
        return Binary("@", values["x"], values["y"])
    args: list[Expr] = []
    kwargs: list[tuple[str, Expr]] = []
    for name, value in values.items():
        param = next((p for p in rule.params if p.name == name), None)
        if param is None or (param.default is None and not param.keyword_only):
            args.append(value)
        elif value != param.default:
            kwargs.append((name, value))
    return Call(_library(rule.path), tuple(args), tuple(kwargs))


def called_by(rule: Rule) -> frozenset[str]:
    """The functions and operators that the derivative of `rule` may call, by path."""
    return frozenset(path for text in rule.texts() for path in _calls(_parsed(text)))


def _calls(formula: Expr) -> Iterator[str]:
    for part in subexpressions(formula):
        match part:
            case Call(func=Known(path=path)):
                yield path
            case Call(func=Name(id=id)) if id not in _WRITTEN_OUT:
                yield id if id in _BUILTINS else RUNTIME + id
            case Binary(op=op):
                yield op
            case Unary(op=op):
                yield op if op == "not" else f"{op}u"
            case _:
                pass


#: What a formula may call that is written out in terms of other functions, all with rules.
_WRITTEN_OUT: Final = frozenset({"shape", "size", "count", "inverse", "einsum_cotangent"})


# ---------------------------------------------------------------- instances of formulas


def _text(formula: Formula, site: Site) -> str:
    return formula.text(site) if isinstance(formula, Variants) else formula


@cache
def _parsed(text: str) -> Expr:
    return expression(text, _resolve)


def _resolve(dotted: str) -> Expr | None:
    return _library(dotted) if dotted.partition(".")[0] in _LIBRARIES else None


def _library(path: str) -> Known:
    if path.startswith(RUNTIME):
        return _helper(path.removeprefix(RUNTIME))
    module, dot, rest = path.partition(".")
    if module == "scipy":
        return Known(path, rest)  # as after `from scipy import special`
    return Known(path, f"{_SPELLING.get(module, module)}{dot}{rest}")


def _helper(name: str) -> Known:
    return Known(RUNTIME + name, name)


def _instance(formula: Formula, site: Site, operand: str, **values: Expr) -> Expr:
    """The formula with the operands of `site` and `values` in place of their names."""
    bound = site.bound
    names: dict[str, Expr] = {**bound.operands, **values}
    if bound.rule.variadic is not None:
        stem = bound.rule.variadic
        several = [name for name in bound.operands if name != bound.rule.base(name) == stem]
        names[f"{stem}_all"] = Tuple(tuple(bound.operands[name] for name in several))
        names[stem] = bound.operands[operand]
        if operand in several:
            names["place"] = Const(str(several.index(operand)))
    return _Instance(site, names).build(_parsed(_text(formula, site)))


class _Instance:
    """Puts expressions in place of the names in a formula, and writes out what stands for more."""

    def __init__(self, site: Site, names: Mapping[str, Expr]) -> None:
        self.site = site
        self.names = names

    def build(self, template: Expr) -> Expr:
        """The expression that `template` makes at this site."""
        match template:
            case Name(id=id):
                return self._named(id)
            case Call(func=Name(id=id), args=args, kwargs=kwargs):
                return self._called(id, args, kwargs)
            case Call(func=Known("numpy.where"), args=(test, then, orelse)) if self._is_scalar(
                template
            ):
                return IfExp(self.build(test), self.build(then), self.build(orelse))
            case Call(func=func, args=args, kwargs=kwargs):
                return Call(
                    func if isinstance(func, Known) else self.build(func),
                    tuple(self.build(arg) for arg in args),
                    self._keywords(kwargs),
                )
            case Unary(op="-", operand=operand):
                return _negative(self._number(operand))
            case Index(value=Name(id=id), index=Const(value=int() as place)) if isinstance(
                self.names.get(id), Tuple
            ):
                return self._item(id, place)
            case Index(value=Name(id=id), index=Name(id="place")):
                return self.build(Index(Name(id), self.names["place"]))
            case Index(value=Name(id=id)) if self._is_tuple(id):
                return map_children(template, self.build)
            case IfExp(test=Index(value=Name(id="g")) as part, then=then, orelse=orelse):
                return self.build(orelse if self.build(part) == ZERO else then)
            case Index(value=value, index=index):  # where a tuple is one of indices, no array
                return replace(template, value=self._number(value), index=self.build(index))
            case Unary() | Binary() | Compare() | Attribute():
                return map_children(template, self._number)
            case _:
                return map_children(template, self.build)

    def _named(self, id: str) -> Expr:
        let = self.site.bound.rule.let
        if id in let:
            return self.build(_parsed(_text(let[id], self.site)))
        return self.names[id]

    def _is_tuple(self, id: str) -> bool:
        kind = self.site.kind(id)
        return isinstance(kind, Sequence) and kind.form == "tuple"

    def _item(self, id: str, place: int) -> Expr:
        """One of several results, or its cotangent, where they are known one by one."""
        whole = self.names[id]
        assert isinstance(whole, Tuple)
        return whole.items[place]

    def _number(self, template: Expr) -> Expr:
        """What stands under an operator: a list has to become an array."""
        built = self.build(template)
        if isinstance(template, Name) and isinstance(self.site.kind(template.id), Sequence):
            return Call(_library("numpy.array"), (built,))
        return built

    def _called(
        self, id: str, args: tuple[Expr, ...], kwargs: tuple[tuple[str, Expr], ...]
    ) -> Expr:
        written_out: Mapping[str, Callable[[Expr], Expr]] = {
            "shape": self._shape,
            "size": self._size,
            "lift": self._lift,
            "count": self._count,
            "inverse": self._inverse,
            "einsum_cotangent": self._einsum_cotangent,
        }
        if id in written_out:
            (arg,) = args
            return written_out[id](arg)
        own = self.site.bound.rule.calls.get(id)
        func = own or (Known(id, id) if id in _BUILTINS else _helper(id))
        return Call(func, tuple(self.build(arg) for arg in args), self._keywords(kwargs))

    def _keywords(self, kwargs: tuple[tuple[str, Expr], ...]) -> tuple[tuple[str, Expr], ...]:
        defaults = {param.name: param.default for param in self.site.bound.rule.params}
        return tuple(
            (key, self.build(value))
            for key, value in kwargs
            if not (
                isinstance(value, Name)
                and value.id == key
                and key in defaults
                and self.names[key] == defaults[key]
            )
        )

    def _kind(self, template: Expr) -> Kind:
        match template:
            case Name(id="out" | "g"):
                return self.site.out
            case Name(id=id):
                return self.site.kind(id)
            case _:
                return UNKNOWN

    def _is_scalar(self, template: Expr) -> bool:
        """Is all that `template` computes with, and all that it is for, surely scalar?"""
        rule = self.site.bound.rule
        if rule.form == "elementwise" and not is_single(self.site.out):
            return False
        return all(
            (
                is_single(self._kind(Name(id.removesuffix("_dot"))))
                if id not in self.site.bound.rule.let
                else self._is_scalar(_parsed(_text(self.site.bound.rule.let[id], self.site)))
            )
            for id in _free_names(template)
        )

    # -------- names that stand for more

    def _shape(self, x: Expr) -> Expr:
        return _shape_of(self.build(x), self._kind(x))

    def _size(self, x: Expr) -> Expr:
        built = self.build(x)
        if isinstance(self._kind(x), Array):
            return Attribute(built, "size")
        return Call(_library("numpy.size"), (built,))

    def _lift(self, value: Expr) -> Expr:
        built = self.build(value)
        axis, keepdims = self.site.constant("axis"), self.site.constant("keepdims")
        if axis is None or keepdims is True or self._leading(axis):
            return built
        if keepdims is False and axis is not VARIES:
            return Call(_library("numpy.expand_dims"), (built, self.names["axis"]))
        return Call(_helper("lift"), (built, self.names["axis"], self.names["keepdims"]))

    def _leading(self, axis: object) -> bool:
        """Are these the first axes, so that broadcasting puts them back by itself?"""
        if axis == 0 and axis is not False:
            return True
        axes = axes_of(axis, self.site.rank(self._reduced()))
        if axes is None and isinstance(axis, tuple) and all(isinstance(k, int) for k in axis):
            axes = tuple(sorted(axis))
        return axes is not None and axes == tuple(range(len(axes)))

    def _reduced(self) -> str:
        return self.site.bound.rule.params[0].name

    def _count(self, x: Expr) -> Expr:
        axis = self.site.constant("axis")
        if axis is None:
            return self._size(x)
        if isinstance(axis, int):
            return Index(self._shape(x), self.names["axis"])
        return Call(_helper("count"), (self.build(x), self.names["axis"]))

    def _inverse(self, axes: Expr) -> Expr:
        assert isinstance(axes, Name)
        order = self.site.constant(axes.id)
        if isinstance(order, tuple) and all(isinstance(axis, int) for axis in order):
            places = [axis % len(order) for axis in order]
            return Tuple(tuple(Const(str(places.index(k))) for k in range(len(order))))
        return Call(_helper("inverse_axes"), (self.build(axes),))

    def _einsum_cotangent(self, g: Expr) -> Expr:
        place = constant(self.names["place"])
        assert isinstance(place, int)
        rule = self.site.bound.rule
        operands = {
            name: value
            for name, value in self.site.bound.operands.items()
            if rule.base(name) != name
        }
        return einsum.cotangent(self.site, self.build(g), operands, place)


def _shape_of(built: Expr, kind: Kind) -> Expr:
    if isinstance(kind, Array):
        return Attribute(built, "shape")
    return Call(_library("numpy.shape"), (built,))


@cache
def _free_names(template: Expr) -> frozenset[str]:
    """The names in a formula that stand for values, not for functions."""
    match template:
        case Name(id=id):
            return frozenset({id})
        case Call(func=Name(), args=args, kwargs=kwargs):
            parts: tuple[Expr, ...] = (*args, *(value for _, value in kwargs))
        case _:
            parts = children(template)
    return frozenset().union(*(_free_names(part) for part in parts))
