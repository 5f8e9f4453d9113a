"""How often a function can be differentiated, and in which modes: what its rule's formulas call tells.

The derivative is a formula of functions. If all of them have rules, and all that those call, it can be
differentiated again, as often as one likes.
"""

from functools import cache
from typing import Literal, TypeAlias

from retrograd.transforms.frontend.public_names import helper_key
from retrograd.transforms.rules.formula import called_by
from retrograd.transforms.rules.rule import Rule
from retrograd.transforms.rules.table import rules_by_path

#: "any" order, "first" order only, or "none": the derivative is zero, or we know none.
Order: TypeAlias = Literal["none", "first", "any"]
#: The modes in which a function is differentiated.
Modes: TypeAlias = Literal["none", "reverse", "both"]


def modes(rule: Rule) -> Modes:
    """In which modes `rule` differentiates, by all operands that it differentiates by."""
    operands = [name for name, formula in rule.formulas.items() if formula != "0.0"]
    if not operands:
        return "none"
    return "both" if all(map(rule.pushes, operands)) else "reverse"


def order(rule: Rule) -> Order:
    """How often the function of `rule` can be differentiated, in forward mode over reverse mode."""
    if modes(rule) == "none":
        return "none"
    return "any" if _is_closed(rule.path) else "first"


def _is_closed(path: str) -> bool:
    """Whether every function has a rule that the derivative of `path` calls, and so on."""
    todo, seen = [path], {path}
    while todo:
        for called in _called(todo.pop()):
            is_known = not rules_by_path().keys().isdisjoint({called, f"{called}.__call__"})
            if not is_known and helper_key(called) is None:
                return False
            if called not in seen:
                seen.add(called)
                todo.append(called)
    return True


@cache
def _called(path: str) -> frozenset[str]:
    """The functions and operators that the derivative of the function `path` calls."""
    return frozenset().union(*map(called_by, rules_by_path().get(path, ())))
