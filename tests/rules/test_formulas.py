"""The formulas of the rules, read and evaluated by themselves: no compiler, only NumPy.

Every call of `calls.all_calls` is differentiated at every level of knowledge of its operands, since
that decides which text of a formula is taken.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from operator import add
from typing import Any

import numpy as np
import pytest

import retrograd.runtime
from retrograd.runtime import unbroadcast, zeros_like
from retrograd.transforms.ir.kinds import UNKNOWN
from retrograd.transforms.ir.nodes import Call as CallExpr
from retrograd.transforms.ir.nodes import Const, Expr, Index, Known, List, Name, Tuple
from retrograd.transforms.ir.show import show
from retrograd.transforms.ir.walk import subexpressions
from retrograd.transforms.rules import formula
from retrograd.transforms.rules.application import application, makes_new
from retrograd.transforms.rules.rule import Bound, Rule, Site, Variants
from retrograd.transforms.rules.table import all_rules, bind, result_kind
from tests.rules.calls import (
    LEVELS,
    Call,
    all_calls,
    evaluate,
    exists,
    is_float,
    is_true_of,
    kind_of,
)
from tests.rules.complex_calls import complex_calls

EPS = float(np.finfo(float).eps)
STEP = EPS ** (1 / 3)
#: A central difference with that step is good to about this, in units of the function's scale.
DIFFERENCE = EPS ** (2 / 3)
#: What rounding may do to sums of a few dozen products.
ROUNDING = 1000 * EPS

CALLS = all_calls()
RULES = list(all_rules())
every_call = pytest.mark.parametrize("call", CALLS, ids=str)


def one_of_five_calls(test: Callable[[Call], None]) -> Callable[[Call], None]:
    """For what follows from the rule's one statement, whatever the call; `--every-call` takes all."""
    test.is_sampled = True
    return test


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if getattr(metafunc.function, "is_sampled", False):
        calls = CALLS[:: 1 if metafunc.config.getoption("--every-call") else 5]
        metafunc.parametrize("call", calls, ids=str)


every_rule = pytest.mark.parametrize(
    "rule", RULES, ids=lambda rule: f"{rule.path}-{len(rule.params)}"
)

# ---------------------------------------------------------------- one step of either mode


class Calculus:
    """The derivatives of one call as its formulas give them, for what is known at `level`."""

    def __init__(self, call: Call, level: str) -> None:
        self.call = call
        self.level = level

    def kind(self, expr: Expr) -> Any:
        return kind_of(expr, self.call.values, self.level)

    def value(self, expr: Expr, **more: Any) -> Any:
        return evaluate(show(expr), {**self.call.values, **more})

    def pullback(self, g: Any) -> dict[str, Any]:
        """The cotangents of the variables."""
        found: dict[str, Any] = {name: [] for name in self.call.wrt}
        self._pull(self.call.expr, g, found)
        return {
            name: reduce(add, parts) if parts else zeros_like(self.call.values[name])
            for name, parts in found.items()
        }

    def _pull(self, expr: Expr, g: Any, found: dict[str, Any]) -> None:
        if isinstance(expr, Name):
            if expr.id in found:
                found[expr.id].append(g)
            return
        if isinstance(expr, List | Tuple):
            for k, item in enumerate(expr.items):
                self._pull(item, g[k], found)
            return
        if isinstance(expr, Index):
            bars = [zeros_like(item) for item in self.value(expr.value)]
            bars[place_of(expr)] = g
            self._pull(expr.value, bars, found)
            return
        bound = application(expr)
        if not isinstance(bound, Bound):
            return
        out = self.value(expr)
        known = {name: self.kind(operand) for name, operand in bound.operands.items()}
        for name, operand in bound.operands.items():
            if not bound.rule.differentiates(name) or not self._varies(operand):
                continue
            text = formula.vjp(bound, name, Name("g"), Name("out"), known, self.kind(expr))
            if text == formula.ZERO:
                continue
            cotangent = self.value(text, g=g, out=out)
            if bound.rule.form == "elementwise":
                spread = np.broadcast_to(cotangent, np.shape(out))
                cotangent = unbroadcast(spread, self.value(operand))
            self._pull(operand, cotangent, found)

    def pushforward(self, tangents: Mapping[str, Any]) -> Any:
        """The tangent of the call."""
        return self._push(self.call.expr, tangents)

    def _push(self, expr: Expr, tangents: Mapping[str, Any]) -> Any:
        if isinstance(expr, Name):
            return tangents.get(expr.id, zeros_like(self.call.values[expr.id]))
        if isinstance(expr, List | Tuple):
            return [self._push(item, tangents) for item in expr.items]
        if isinstance(expr, Index):
            return self._push(expr.value, tangents)[place_of(expr)]
        bound = application(expr)
        if not isinstance(bound, Bound) or bound.rule.form == "inactive":
            return zeros_like(self.value(expr))
        known = {name: self.kind(operand) for name, operand in bound.operands.items()}
        active = {
            f"{name}_tangent": name
            for name, operand in bound.operands.items()
            if bound.rule.differentiates(name) and self._varies(operand)
        }
        text = formula.jvp(
            bound,
            {name: Name(spelling) for spelling, name in active.items()},
            Name("out"),
            known,
            self.kind(expr),
        )
        dots = {dot: self._push(bound.operands[name], tangents) for dot, name in active.items()}
        return self.value(text, out=self.value(expr), **dots)

    def _varies(self, expr: Expr) -> bool:
        return any(isinstance(p, Name) and p.id in self.call.wrt for p in subexpressions(expr))


def place_of(expr: Index) -> int:
    """Which of several results is taken."""
    assert isinstance(expr.index, Const)
    assert isinstance(expr.index.value, int)
    return expr.index.value


def weights(shape: tuple[int, ...], place: int = 0) -> Any:
    """Fixed numbers of size about 1, a float for the shape ()."""
    values = np.sin(1.0 + 2.0 * np.arange(np.prod(shape, dtype=int)) + place)
    return values.reshape(shape) if shape else float(values[0])


def differences(call: Call, g: Any) -> dict[str, Any]:
    """The cotangents of the variables by central differences."""

    def along(name: str, delta: Any) -> float:
        value = call.values[name]
        high, low = call.run(**{name: value + delta}), call.run(**{name: value - delta})
        return float(np.sum(g * (np.asarray(high) - np.asarray(low))) / (2.0 * STEP))

    return {
        name: _each(call.values[name], lambda delta, n=name: along(n, delta)) for name in call.wrt
    }


def _each(value: Any, slope: Callable[[Any], float]) -> Any:
    if not isinstance(value, np.ndarray):
        return slope(STEP)
    result = np.zeros(value.shape)
    for index in np.ndindex(value.shape):
        delta = np.zeros(value.shape)
        delta[index] = STEP
        result[index] = slope(delta)
    return result


def scale_of(call: Call, wanted: Mapping[str, Any]) -> float:
    """The size of the numbers at play."""
    sizes = [np.max(np.abs(part), initial=1.0) for part in wanted.values()]
    return float(max(*sizes, np.max(np.abs(call.run()), initial=1.0)) ** 2)


# ---------------------------------------------------------------- values


@every_call
def test_vjp_agrees_with_differences(call: Call) -> None:
    g = weights(np.shape(call.run()))
    wanted = differences(call, g)
    tolerance = 100 * DIFFERENCE * scale_of(call, wanted)
    for level in LEVELS:
        found = Calculus(call, level).pullback(g)
        for name in call.wrt:
            assert np.shape(found[name]) == np.shape(call.values[name]), (level, name)
            if level != "nothing" and not isinstance(call.values[name], np.ndarray):
                assert not isinstance(found[name], np.ndarray), (level, name)
            assert np.allclose(found[name], wanted[name], rtol=0.0, atol=tolerance), (
                level,
                name,
                found[name],
                wanted[name],
            )


@one_of_five_calls
def test_jvp_is_the_transpose_of_vjp(call: Call) -> None:
    out = call.run()
    g = weights(np.shape(out))
    dots = {name: weights(np.shape(call.values[name]), 7 + k) for k, name in enumerate(call.wrt)}
    for level in LEVELS:
        calculus = Calculus(call, level)
        cotangents, tangent = calculus.pullback(g), calculus.pushforward(dots)
        assert np.shape(tangent) == np.shape(out), level
        back = sum(float(np.sum(cotangents[name] * dots[name])) for name in call.wrt)
        forth = float(np.sum(g * tangent))
        assert abs(back - forth) <= ROUNDING * scale_of(call, cotangents), level


@one_of_five_calls
def test_what_is_said_to_be_new_shares_no_memory(call: Call) -> None:
    whole = call.expr.value if isinstance(call.expr, Index) else call.expr
    if not makes_new(whole):
        return
    value = call.run()
    given = [part for part in call.values.values() if isinstance(part, np.ndarray)]
    for part in value if isinstance(value, list | tuple) else [value]:
        assert not any(np.shares_memory(part, operand) for operand in given)


@one_of_five_calls
def test_result_kind_is_true(call: Call) -> None:
    value = call.run()
    for level in LEVELS:
        kind = kind_of(call.expr, call.values, level)
        assert is_true_of(kind, value), (level, kind, np.shape(value), type(value))


@one_of_five_calls
def test_result_kind_is_true_of_whole_numbers(call: Call) -> None:
    for dtype in (int, bool):
        values = {name: as_dtype(value, dtype) for name, value in call.values.items()}
        whole = Call(call.text, values)
        try:
            value = whole.run()
        except (TypeError, ValueError, ArithmeticError, NotImplementedError, np.linalg.LinAlgError):
            continue
        for level in LEVELS:
            kind = kind_of(call.expr, values, level)
            assert is_true_of(kind, value), (dtype, level, kind, np.shape(value), type(value))


def as_dtype(value: Any, dtype: type) -> Any:
    """A float or array of floats as one of another class of numbers."""
    if not is_float(value):
        return value
    return value.astype(dtype) if isinstance(value, np.ndarray) else dtype(value)


@pytest.mark.parametrize(
    "call",
    [call for call in CALLS if any(np.ndim(call.values[name]) for name in call.wrt)][::3],
    ids=str,
)
def test_float32_stays_near_float64(call: Call) -> None:
    narrow = {
        name: np.asarray(value, np.float32) if name in call.wrt and np.ndim(value) else value
        for name, value in call.values.items()
    }
    wide = {
        name: np.asarray(v, float) if is_float(v) and np.ndim(v) else v
        for name, v in narrow.items()
    }
    g = weights(np.shape(call.run()))
    wanted = Calculus(Call(call.text, wide), "extents").pullback(g)
    found = Calculus(Call(call.text, narrow), "extents").pullback(
        np.float32(g) if np.ndim(g) else g
    )
    tolerance = 1000 * float(np.finfo(np.float32).eps) * scale_of(call, wanted)
    for name in call.wrt:
        assert np.allclose(found[name], wanted[name], rtol=0.0, atol=tolerance), name


def test_every_text_of_every_rule_is_tried() -> None:
    calls = (*CALLS, *complex_calls())
    tried = {text for call in calls for level in LEVELS for text in texts_taken(call, level)}
    missing = {
        (rule.path, text)
        for rule in RULES
        if exists(rule.path)
        for text in rule.texts()
        if text not in tried
    }
    assert not missing


def texts_taken(call: Call, level: str) -> Iterator[str]:
    """The formula texts that differentiating `call` instantiates."""
    for expr in subexpressions(call.expr):
        bound = application(expr)
        if isinstance(bound, Bound):
            known = {
                name: kind_of(operand, call.values, level)
                for name, operand in bound.operands.items()
            }
            site = Site(bound, known, kind_of(expr, call.values, level))
            rule = bound.rule
            for one in (*rule.formulas.values(), *rule.jvp.values(), *rule.let.values()):
                yield one.text(site) if isinstance(one, Variants) else one


# ---------------------------------------------------------------- texts


def known_in(rule: Rule) -> list[Known]:
    """The functions that the formulas of `rule` call, instantiated as far as can be without a call."""
    return [
        part
        for text in rule.texts()
        for part in subexpressions(formula._parsed(text))
        if isinstance(part, Known)
    ]


@every_rule
def test_formulas_name_what_exists(rule: Rule) -> None:
    for text in rule.texts():
        template = formula._parsed(text)
        called = {
            part.func.id
            for part in subexpressions(template)
            if isinstance(part, CallExpr) and isinstance(part.func, Name)
        }
        for name in called - {
            "shape",
            "size",
            "lift",
            "count",
            "inverse",
            "abs",
            "len",
            "list",
            "einsum_cotangent",
        }:
            assert name in retrograd.runtime.__all__, name
        params = {param.name for param in rule.params}
        values = params | {f"{name}_dot" for name in params} | {f"{name}_all" for name in params}
        assert formula._free_names(template) <= values | {"g", "out", "place"} | set(rule.let)
    for known in known_in(rule):
        assert exists(known.path), known.path


@every_rule
def test_a_partial_knows_no_cotangent(rule: Rule) -> None:
    if rule.form == "elementwise":
        for text in rule.texts():
            assert "g" not in formula._free_names(formula._parsed(text))


@every_rule
def test_general_rules_have_both_modes(rule: Rule) -> None:
    if rule.form == "general":
        assert set(rule.jvp) == set(rule.formulas)
    else:
        assert not rule.jvp


# ---------------------------------------------------------------- binding


def least_args(rule: Rule) -> tuple[Expr, ...]:
    """As few arguments as the function takes."""
    return tuple(Name(param.name) for param in rule.params if param.default is None)


@every_rule
def test_unknown_keywords_are_refused_by_name(rule: Rule) -> None:
    if not rule.path[0].isalpha() or rule.path in ("not", "and", "or", "in", "is"):
        return
    known = {param.name for one in RULES if one.path == rule.path for param in one.params}
    for keyword in {"no_such_thing", "out", "where", "initial", "casting", "dtype"} - known:
        problem = bind(rule, least_args(rule), ((keyword, Name("v")),))
        assert not isinstance(problem, Bound)
        assert problem.keyword == keyword
        assert f"`{keyword}=`" in problem.label
        assert problem.at == Name("v")


@every_rule
def test_too_many_arguments_are_refused(rule: Rule) -> None:
    if rule.variadic is None and rule.path not in ("max", "min"):
        args = tuple(Name(f"v{k}") for k in range(9))
        assert not isinstance(bind(rule, args), Bound)


@every_rule
def test_result_kind_of_the_unknown_is_an_answer(rule: Rule) -> None:
    bound = bind(rule, least_args(rule))
    if isinstance(bound, Bound):
        result_kind(bound, lambda expr: UNKNOWN)
