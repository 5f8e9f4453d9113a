"""All rules by the public name of their function, and how a call is fitted to its rule."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from retrograd.transforms.ir.kinds import (
    FLOAT,
    MAYBE_COMPLEX,
    NONE,
    SPARSE,
    UNKNOWN,
    Array,
    Kind,
    Other,
    Scalar,
    Sequence,
    holds_complex,
    is_foreign,
)
from retrograd.transforms.ir.nodes import Expr
from retrograd.transforms.rules import (
    applying,
    arithmetic,
    complex_numbers,
    complex_special_functions,
    containers,
    creation,
    decompositions,
    distributions,
    elementwise,
    fourier,
    generated,
    grids,
    interpolation,
    interpolators,
    linalg,
    math_functions,
    nan_reductions,
    norms,
    ordering,
    polynomials,
    products,
    reductions,
    sampling,
    scipy_linalg,
    selection,
    shaping,
    sparse,
    special_functions,
    statistics,
    ufunc_methods,
)
from retrograd.transforms.rules.own import own_rule
from retrograd.transforms.rules.results import (
    BOOL_TYPES,
    COMPLEX_TYPES,
    FLOAT_TYPES,
    INT_TYPES,
    dtype_named,
)
from retrograd.transforms.rules.rule import Bound, Rule, Site, constant

__all__ = ["BindProblem", "Bound", "all_rules", "attribute_path", "bind", "constant_kind"]
__all__ += ["gives_several", "method_path", "result_kind", "rule_for"]

_TABLES: Final = (
    *(arithmetic, math_functions, elementwise, reductions),
    *(linalg, norms, decompositions, shaping, creation),
    *(nan_reductions, ordering, products, selection),
    *(interpolation, interpolators, grids, polynomials, sparse, statistics, ufunc_methods),
    *(special_functions, complex_special_functions, scipy_linalg, distributions, sampling),
    *(complex_numbers, fourier, containers, applying, generated),
)

_METHODS: Final = frozenset(
    [
        "all",
        "any",
        "argmax",
        "argmin",
        "argpartition",
        "argsort",
        "astype",
        "choose",
        "clip",
        "conj",
        "conjugate",
        "copy",
        "cumprod",
        "cumsum",
        "diagonal",
        "dot",
        "max",
        "mean",
        "min",
        "nonzero",
        "prod",
        "ravel",
        "repeat",
        "reshape",
        "round",
        "searchsorted",
        "squeeze",
        "std",
        "sum",
        "swapaxes",
        "take",
        "trace",
        "transpose",
        "var",
    ]
)
#: Functions whose result is an array even where it has no axes.
_GIVE_ARRAYS: Final = frozenset(
    f"numpy.{name}"
    for name in (
        *("array", "asarray", "asanyarray", "copy", "where", "squeeze", "reshape", "transpose"),
        *("broadcast_to", "full_like", "zeros_like", "ones_like", "empty_like"),
    )
)
_CONSTANTS: Final = ["pi", "e", "inf", "nan", "tau", "euler_gamma"]


@dataclass(frozen=True, slots=True)
class BindProblem:
    """A call that no rule of its function covers: `label` says why.

    `keyword` is the argument at fault, by name, and `at` its expression; None for the whole call.
    """

    label: str
    keyword: str | None = None
    at: Expr | None = None


# ---------------------------------------------------------------- looking up


def all_rules() -> Iterator[Rule]:
    """Every rule, once for each name that its function has."""
    for table in _TABLES:
        for rule in table.RULES:
            yield rule
            for path, params in rule.also:
                yield replace(rule, path=path, params=params, also=())


@cache
def rules_by_path() -> Mapping[str, tuple[Rule, ...]]:
    """The rules of each function and operator, in the order in which `bind` tries them."""
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in all_rules():
        found[rule.path] = (*found.get(rule.path, ()), rule)
    return found


def rule_for(path: str) -> Rule | None:
    """The rule of the function or operator of this public name (``"numpy.sum"``, ``"+"``, ``"-u"``).

    Functions that mean different things for different numbers of arguments have several rules;
    this is the first, and `bind` finds the one that fits.
    """
    rules = rules_by_path().get(path)
    return own_rule(path) if rules is None else rules[0]


def method_path(name: str) -> str | None:
    """The function that the array method `name` is, with the array as its first argument."""
    return f"numpy.{name}" if name in _METHODS else None


def attribute_path(name: str) -> str | None:
    """The function of one argument that the array attribute `name` is."""
    return {"T": "numpy.transpose", "mT": "numpy.matrix_transpose"}.get(name)


def constant_kind(path: str) -> Kind | None:
    """The kind of a constant that a library offers: ``math.pi``, ``numpy.newaxis``."""
    if path == "numpy.newaxis":
        return NONE
    if path in (*COMPLEX_TYPES, *FLOAT_TYPES, *INT_TYPES, *BOOL_TYPES):
        return Other("dtype", dtype_named(path) or "")
    module, _, name = path.rpartition(".")
    return FLOAT if module in ("math", "numpy") and name in _CONSTANTS else None


# ---------------------------------------------------------------- binding


def bind(
    rule: Rule, args: tuple[Expr, ...], kwargs: tuple[tuple[str, Expr], ...] = ()
) -> Bound | BindProblem:
    """The call fitted to `rule`, or to another rule of the same function, or why none fits."""
    problems: list[BindProblem] = []
    for one in rules_by_path().get(rule.path, (rule,)):
        attempt = _fit(one, args, dict(kwargs))
        if isinstance(attempt, Bound):
            return attempt
        problems.append(attempt)
    return next((problem for problem in problems if problem.keyword), problems[0])


def _fit(rule: Rule, args: tuple[Expr, ...], kwargs: Mapping[str, Expr]) -> Bound | BindProblem:
    positional = [p for p in rule.params if not (p.keyword_only or p.variadic)]
    operands: dict[str, Expr] = {p.name: arg for p, arg in zip(positional, args, strict=False)}
    rest = args[len(positional) :]
    if rest and rule.variadic is None:
        return BindProblem(
            f"{rule.path} is differentiated with at most {_count(len(positional))} by position",
            at=rest[0],
        )
    operands |= {f"{rule.variadic}{k}": arg for k, arg in enumerate(rest)}
    known = {param.name for param in rule.params if not param.variadic}
    for name, value in kwargs.items():
        if name not in known:
            return BindProblem(f"no derivative of {rule.path} with `{name}=`", name, value)
        if name in operands:
            return BindProblem(f"{rule.path} gets `{name}` twice", name, value)
        operands[name] = value
    return _completed(rule, operands)


def _count(number: int) -> str:
    return "1 argument" if number == 1 else f"{number} arguments"


def _completed(rule: Rule, given: Mapping[str, Expr]) -> Bound | BindProblem:
    operands: dict[str, Expr] = {}
    for param in rule.params:
        value = given.get(param.name, param.default)
        if param.variadic:
            operands |= {name: x for name, x in given.items() if rule.base(name) != name}
        elif value is None:
            return BindProblem(f"{rule.path} lacks its argument `{param.name}`")
        else:
            operands[param.name] = value
    for name, allowed in rule.only.items():
        value = operands[name]
        if not any(_same(constant(value), one) for one in allowed):
            values = ", ".join(str(one) for one in allowed)
            return BindProblem(
                f"{rule.path} is differentiated only with `{name}` as one of {values}", name, value
            )
    if not operands and rule.params:
        return BindProblem(f"{rule.path} lacks its arguments")
    return Bound(rule, operands)


def _same(a: object, b: object) -> bool:
    return type(a) is type(b) and a == b


def gives_several(applied: Bound | BindProblem | None) -> bool:
    """Whether a call gives a tuple of results, each with a cotangent of its own."""
    if not isinstance(applied, Bound) or applied.rule.form != "general":
        return False
    kind = result_kind(applied, lambda operand: UNKNOWN)
    return isinstance(kind, Sequence) and kind.form == "tuple" and kind.items is not None


#: What gives arrays of what is like an array.
_COPIES: Final = frozenset({"numpy.array", "numpy.asarray"})


def result_kind(bound: Bound, kinds: Callable[[Expr], Kind]) -> Kind:
    """The kind of the result of `bound`, where `kinds` tells the kind of an expression."""
    known = {name: kinds(value) for name, value in bound.operands.items()}
    if sparse.with_sparse(bound.rule.path, known) and bound.rule.path == "@":
        return sparse.product_with_sparse(known)
    foreign = next(filter(is_foreign, known.values()), None)
    if foreign is not None and not sparse.with_sparse(bound.rule.path, known):
        copied = foreign != MAYBE_COMPLEX and bound.rule.path in _COPIES
        real = bound.rule.form == "inactive" or bound.rule.path in complex_numbers.REAL
        if foreign == SPARSE and not real:
            return sparse.of_sparse(bound.rule.path, known)
        return UNKNOWN if real or copied else foreign
    if any(map(holds_complex, known.values())):
        return complex_numbers.result_of_complex(bound, known, kinds)
    kind = bound.rule.result(Site(bound, known, kind_of=kinds))
    if isinstance(kind, Scalar) and bound.rule.path in _GIVE_ARRAYS:
        return Array(kind.dtype, ())  # which can be written in place, as a number cannot
    return kind
