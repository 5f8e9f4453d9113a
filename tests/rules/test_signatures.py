"""Every parameter of every function with a rule: the rule knows it, or refuses it by its name.

A keyword that were taken and not looked at would be a wrong derivative without a word. The signatures
are those of the installed libraries.
"""

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from retrograd.transforms.ir.nodes import Name
from retrograd.transforms.rules.rule import Rule, RuleParam, constant
from retrograd.transforms.rules.table import BindProblem, all_rules, bind
from tests.rules.calls import LIBRARIES, exists

#: Parameters of NumPy's elementwise functions, where Python tells no signature.
UFUNC_PARAMETERS = ("out", "where", "casting", "order", "dtype", "subok", "signature")


def found(path: str) -> Callable[..., Any]:
    """The function of this public name."""
    module, *names = path.split(".")
    place: Any = LIBRARIES[module]
    for name in names:
        place = getattr(place, name)
    return place


def signature_of(path: str) -> inspect.Signature | None:
    """The signature of a function, None where Python knows none."""
    try:
        return inspect.signature(found(path))
    except (TypeError, ValueError):
        return None


#: A function of one signature for the first argument that is two in truth: `stop`, or `start`.
TWO_IN_ONE = ("numpy.arange",)

RULES = [
    rule
    for rule in all_rules()
    if rule.path.startswith(("numpy.", "scipy.sparse."))
    and exists(rule.path)
    and rule.path not in TWO_IN_ONE
]
BY_PATH: dict[str, list[Rule]] = {}
for each in RULES:
    BY_PATH.setdefault(each.path, []).append(each)
SIGNED = [path for path in BY_PATH if signature_of(path) is not None]


def parameters(path: str) -> list[inspect.Parameter]:
    """The parameters of a function that have a signature."""
    signature = signature_of(path)
    assert signature is not None
    return list(signature.parameters.values())


def known(path: str) -> set[str]:
    """The parameters that a rule of the function has."""
    return {param.name for rule in BY_PATH[path] for param in rule.params}


def refused(path: str, keyword: str) -> bool:
    """Is a call with this keyword refused, and the keyword named?"""
    rule = BY_PATH[path][0]
    args = tuple(Name(param.name) for param in rule.params if param.default is None)
    problem = bind(rule, args, ((keyword, Name("v")),))
    return isinstance(problem, BindProblem) and problem.keyword == keyword


each_rule = pytest.mark.parametrize(
    "rule",
    [rule for rule in RULES if rule.path in SIGNED],
    ids=lambda rule: f"{rule.path}-{len(rule.params)}",
)


@pytest.mark.parametrize("path", SIGNED)
def test_each_parameter_is_known_or_refused_by_name(path: str) -> None:
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    for parameter in parameters(path):
        if parameter.kind in named and parameter.name not in known(path):
            assert refused(path, parameter.name), parameter.name


@pytest.mark.parametrize("path", [path for path in BY_PATH if path not in SIGNED])
def test_common_parameters_are_refused_where_no_signature_is_known(path: str) -> None:
    for keyword in UFUNC_PARAMETERS:
        assert keyword in known(path) or refused(path, keyword), keyword


@each_rule
def test_arguments_by_position_mean_the_same(rule: Rule) -> None:
    by_position = (
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
    )
    theirs = [param for param in parameters(rule.path) if param.kind in by_position]
    ours = [param for param in rule.params if not (param.keyword_only or param.variadic)]
    if any(param.kind == inspect.Parameter.VAR_POSITIONAL for param in parameters(rule.path)):
        return
    for mine, other in zip(ours, theirs, strict=False):
        hidden = other.kind == inspect.Parameter.POSITIONAL_ONLY
        assert hidden or mine.name == other.name
    assert len(ours) <= len(theirs)


@each_rule
def test_defaults_are_those_of_the_function(rule: Rule) -> None:
    theirs = {param.name: param.default for param in parameters(rule.path)}
    for param in rule.params:
        default = theirs.get(param.name, inspect.Parameter.empty)
        if is_plain(default) and param.default is not None and param.name not in rule.only:
            assert told(param) in (default, "float" if default is None else default), param.name


def is_plain(default: object) -> bool:
    """Is this a default that a header can spell?"""
    return default is None or isinstance(default, bool | int | float | str)


def told(param: RuleParam) -> object:
    """The default of a parameter of a rule."""
    assert param.default is not None
    return constant(param.default)
