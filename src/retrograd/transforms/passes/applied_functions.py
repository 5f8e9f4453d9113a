"""NumPy's functions that call a function they are given, in terms of loops and of functions with rules.

np.vectorize(f)(x)               ->  np.reshape(gathered([f(v) for v in np.ravel(x)]), np.shape(x))
np.apply_along_axis(f, 0, a)     ->  along_rows(gathered([f(row) for row in rows_along(a, 0)]),
                                                np.shape(a), 0)
np.apply_over_axes(f, a, [0, 1]) ->  a1 = kept_axis(f(a, 0), a, 0)
                                     kept_axis(f(a1, 1), a1, 1)
np.piecewise(x, [x < 0], [f, g]) ->  pieces(x, (x < 0, ~(x < 0)), (f(x[x < 0]), g(x[~(x < 0)])))
"""

from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import Final

from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.ir.algebra import builtin, helper
from retrograd.transforms.ir.nodes import (
    Assign,
    Binary,
    Call,
    Callee,
    Clause,
    Compare,
    Comprehension,
    Const,
    Dict,
    Expr,
    Index,
    Known,
    List,
    Name,
    Outer,
    Param,
    Stmt,
    Tuple,
    Unary,
)
from retrograd.transforms.passes.arguments import Misfit, matched

#: A value in simpler words, and statements that have to run before it; None if it was refused.
Spelled = tuple[Expr, list[Stmt]] | None

_SIGNATURES: Final = {
    "numpy.apply_along_axis": (
        *(Param("func1d"), Param("axis"), Param("arr")),
        *(Param("args", star="*"), Param("kwargs", star="**")),
    ),
    "numpy.apply_over_axes": (Param("func"), Param("a"), Param("axes")),
    "numpy.piecewise": (
        *(Param("x"), Param("condlist"), Param("funclist")),
        *(Param("args", star="*"), Param("kw", star="**")),
    ),
}
#: Functions of NumPy that call a function which they are given.
APPLYING: Final = frozenset(_SIGNATURES)
_MAKER: Final = (
    *(Param("pyfunc"), Param("otypes", default=Const("None")), Param("doc", default=Const("None"))),
    *(Param("excluded", default=Const("None")), Param("cache", default=Const("False"))),
    Param("signature", default=Const("None")),
)


class AppliedFunctions:
    """Spells calls of these functions.

    `items` gives the items of a display, and `is_function` tells whether an expression is a function.
    """

    def __init__(
        self,
        fresh: Callable[[str], str],
        items: Callable[[Expr], tuple[Expr, ...] | None],
        is_function: Callable[[Expr], bool],
        report: Diagnostics,
    ) -> None:
        self.fresh = fresh
        self.items = items
        self.is_function = is_function
        self.report = report

    def spelled(self, call: Call) -> Spelled:
        """What `call` of one of `APPLYING` gives."""
        assert isinstance(call.func, Known)
        path = call.func.path
        given = matched(_SIGNATURES[path], call.args, call.kwargs)
        if isinstance(given, Misfit):
            self.report.refuse("RG305", call.at, given.label)
            return None
        match path:
            case "numpy.apply_along_axis":
                return self._along_axis(call, *given.values())
            case "numpy.apply_over_axes":
                return self._over_axes(call, *given.values())
            case _:
                return self._piecewise(call, *given.values())

    # ---- vectorize

    def vectorized(self, maker: Call) -> tuple[Expr, Expr] | None:
        """The function that ``np.vectorize(...)`` is of, and the dtype of its results or ``None``."""
        given = matched(_MAKER, maker.args, maker.kwargs)
        if isinstance(given, Misfit):
            self.report.refuse("RG305", maker.at, given.label)
            return None
        for name in ("excluded", "signature"):
            if given[name] != Const("None"):
                at = given[name].at or maker.at
                self.report.refuse("RG302", at, f"no derivative of np.vectorize with `{name}=`")
                return None
        dtype = given["otypes"]
        if isinstance(dtype, List | Tuple):
            if len(dtype.items) != 1:
                self.report.refuse("RG302", dtype.at or maker.at, "a function with several results")
                return None
            (dtype,) = dtype.items
        return given["pyfunc"], dtype

    def each(self, function: Expr, dtype: Expr, call: Call) -> Spelled:
        """`function` of each element of the arguments of `call`, which are broadcast together."""
        values = (*call.args, *(value for _, value in call.kwargs))
        if not values:
            self.report.refuse("RG305", call.at, "there is no argument to take elements of")
            return None
        before: list[Stmt] = []
        arrays = [self._named(value, "array", before) for value in values]
        if len(arrays) > 1:
            together = [Name(self.fresh("array")) for _ in arrays]
            broadcast = _numpy("broadcast_arrays", *arrays)
            before.append(Assign(Tuple(tuple(together)), broadcast))
            arrays = list(together)
        elements = tuple(Name(self.fresh("element")) for _ in arrays)
        rows = tuple(_numpy("ravel", array) for array in arrays)
        plain = len(call.args)
        kwargs = zip((key for key, _ in call.kwargs), elements[plain:], strict=True)
        one = Call(function, elements[:plain], tuple(kwargs), call.at)
        clause = Clause(elements[0], rows[0])
        if len(rows) > 1:
            clause = Clause(Tuple(elements), builtin("zip", *rows))
        found: Expr = Comprehension("list", one, (clause,))
        if dtype == Const("None"):
            found = helper("gathered", found)
        else:
            found = replace(_numpy("array", found), kwargs=(("dtype", dtype),))
        return _numpy("reshape", found, _numpy("shape", arrays[0])), before

    # ---- along and over axes

    def _along_axis(
        self, call: Call, function: Expr, axis: Expr, array: Expr, args: Expr, kwargs: Expr
    ) -> Spelled:
        before: list[Stmt] = []
        array = self._named(array, "array", before)
        axis = self._named(axis, "axis", before)
        more, options = self._beside(args, kwargs, before)
        row = Name(self.fresh("row"))
        one = Call(function, (row, *more), options, call.at)
        rows = Comprehension("list", one, (Clause(row, helper("rows_along", array, axis)),))
        shape = _numpy("shape", array)
        return helper("along_rows", helper("gathered", rows), shape, axis), before

    def _over_axes(self, call: Call, function: Expr, array: Expr, axes: Expr) -> Spelled:
        each = (axes,) if _is_literal(axes) else self.items(axes)
        if each is None:
            label = "which axes these are is not written out"
            self.report.refuse("RG302", axes.at or call.at, label)
            return None
        before: list[Stmt] = []
        array = self._named(_numpy("asarray", array), "array", before)
        for axis in each:
            value = helper("kept_axis", Call(function, (array, axis), (), call.at), array, axis)
            array = self._named(value, "array", before)
        return array, before

    # ---- pieces

    def _piecewise(
        self, call: Call, x: Expr, conditions: Expr, functions: Expr, args: Expr, kwargs: Expr
    ) -> Spelled:
        tests = (conditions,) if isinstance(conditions, Compare) else self.items(conditions)
        values = self.items(functions)
        if tests is None or values is None:
            wanted = conditions if tests is None else functions
            self.report.refuse("RG302", wanted.at or call.at, "its items are not written out")
            return None
        if len(values) not in (len(tests), len(tests) + 1):
            label = f"{len(values)} pieces for {len(tests)} conditions"
            self.report.refuse("RG305", call.at, label)
            return None
        before: list[Stmt] = []
        x = self._named(_numpy("asarray", x), "array", before)
        masks = [self._named(test, "mask", before) for test in tests]
        if len(values) > len(tests):
            some = reduce(lambda a, b: Binary("|", a, b), masks)
            masks.append(self._named(_numpy("logical_not", some), "mask", before))
        more, options = self._beside(args, kwargs, before)
        pieces = [
            (
                Call(value, (Index(x, mask), *more), options, call.at)
                if self.is_function(value)
                else value
            )
            for value, mask in zip(values, masks, strict=True)
        ]
        return helper("pieces", x, Tuple(tuple(masks)), Tuple(tuple(pieces))), before

    # ---- parts

    def _named(self, value: Expr, name: str, before: list[Stmt]) -> Expr:
        """`value` under a name, if it takes computing."""
        if isinstance(value, Name | Const | Outer | Callee) or _is_literal(value):
            return value
        held = Name(self.fresh(name))
        before.append(Assign(held, value))
        return held

    def _beside(
        self, args: Expr, kwargs: Expr, before: list[Stmt]
    ) -> tuple[tuple[Expr, ...], tuple[tuple[str, Expr], ...]]:
        """What a function is given beside its first argument, computed once."""
        assert isinstance(args, Tuple)
        assert isinstance(kwargs, Dict)
        more = tuple(self._named(arg, "given", before) for arg in args.items)
        options = tuple(
            (str(key.value), self._named(value, "given", before))
            for key, value in kwargs.items
            if isinstance(key, Const)
        )
        return more, options


def _is_literal(expr: Expr) -> bool:
    """Whether `expr` is a number that the text spells."""
    return isinstance(expr.operand if isinstance(expr, Unary) else expr, Const)


def _numpy(name: str, *args: Expr) -> Call:
    return Call(Known(f"numpy.{name}", f"np.{name}"), args)
