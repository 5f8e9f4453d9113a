"""``retrograd rules tanh``: which functions have derivatives, in which operands, modes and orders."""

from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Final

import click

from retrograd.transforms.ir.show import show_expression
from retrograd.transforms.rules.orders import modes, order
from retrograd.transforms.rules.rule import Rule, RuleParam
from retrograd.transforms.rules.spelled import SPELLED
from retrograd.transforms.rules.table import all_rules, rule_for, rules_by_path

#: A parameter that must have one of more values than these is not described by all of them.
MAX_VALUES = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A rule in words: the function as it is called, what it is differentiated in, how far, a remark."""

    signature: str
    derivative: str
    reach: str
    remark: str

    @property
    def group(self) -> str:
        """The module of the function: "operators", "builtins", "math", "numpy", "numpy.linalg"."""
        return _group(self.signature)


def rows() -> list[Row]:
    """Every rule, operators first and then by the name of the function."""
    found = {row.signature: row for row in map(_row, all_rules())}
    found |= {one.signature: Row(one.signature, one.derivative, "", one.remark) for one in SPELLED}
    return sorted(
        found.values(), key=lambda row: (row.group != "operators", row.group, row.signature)
    )


def _path(signature: str) -> str:
    """The name of the function; an operator as it is."""
    return signature.replace("[", "(").partition("(")[0]


def _group(signature: str) -> str:
    path = _path(signature)
    return (path.rpartition(".")[0] or "builtins") if path != signature else "operators"


def _row(rule: Rule) -> Row:
    operands = [
        param.name for param in rule.params if rule.formulas.get(param.name, "0.0") != "0.0"
    ]
    derivative = ", ".join(operands) or "none that we know"
    if rule.form == "inactive":
        derivative = "zero"
    remarks = [f"{name} is {_one_of(values)}" for name, values in rule.only.items()]
    remarks += filter(None, [rule.note, rule.kink])
    return Row(_signature(rule), derivative, _REACH[modes(rule), order(rule)], "; ".join(remarks))


#: How far derivatives go, in words.
_REACH: Final = {
    ("none", "none"): "",
    ("both", "any"): "",
    ("both", "first"): "first order",
    ("reverse", "any"): "reverse mode",
    ("reverse", "first"): "reverse mode, first order",
}


@dataclass(slots=True)
class Count:
    """How many functions of a module have a rule, and a derivative in each mode and of second order."""

    rules: int = 0
    reverse: int = 0
    forward: int = 0
    second: int = 0


def counts() -> dict[str, Count]:
    """The functions of each module, counted; methods are functions of the module of their object."""
    found: dict[str, Count] = {}
    for path, rules in rules_by_path().items():
        if path.startswith("retrograd."):
            continue
        ways = [(modes(rule), order(rule)) for rule in rules]
        count = found.setdefault(_module(_group(_signature(rules[0]))), Count())
        count.rules += 1
        count.reverse += any(mode != "none" for mode, _ in ways)
        count.forward += any(mode == "both" for mode, _ in ways)
        count.second += any(times == "any" for _, times in ways)
    for one in SPELLED:
        count = found.setdefault(_module(_group(one.signature)), Count())
        count.rules, count.reverse = count.rules + 1, count.reverse + 1
        count.forward, count.second = count.forward + 1, count.second + 1
    return dict(sorted(found.items()))


def _module(group: str) -> str:
    """The module that a distribution, a ufunc, a class or a type is in."""
    module, dot, _ = group.rpartition(".")
    if module in ("scipy.stats", "scipy.interpolate") or (dot and rule_for(group) is not None):
        return module
    return "builtins" if group == "dict" else group


def _one_of(values: tuple[object, ...]) -> str:
    named = [str(value) for value in values]
    return " or ".join([*named[:MAX_VALUES], "the like"] if len(named) > MAX_VALUES else named)


def _signature(rule: Rule) -> str:
    names = [param.name for param in rule.params]
    if rule.path.endswith("u") and not rule.path[0].isalpha():
        return rule.path[0] + names[0]
    if rule.path == "not":
        return f"not {names[0]}"
    if not rule.path[0].isalpha() or rule.path in ("and", "or", "in", "is", "is not", "not in"):
        return f"{names[0]} {rule.path} {names[1]}"
    return f"{rule.path}({_parameters(rule.params)})"


def _parameters(params: tuple[RuleParam, ...]) -> str:
    parts: list[str] = []
    for param in params:
        if param.keyword_only and not any(part.startswith("*") for part in parts):
            parts.append("*")
        default = "" if param.default is None else f"={show_expression(param.default)}"
        parts.append(f"{'*' if param.variadic else ''}{param.name}{default}")
    return ", ".join(parts)


@click.command()
@click.argument("pattern", default="")
@click.option("--count", is_flag=True, help="Count the functions of each module instead.")
def command(pattern: str, count: bool) -> None:
    """List the functions that have derivatives: those whose name contains PATTERN, or matches it.

    The columns: the function, the operands that it is differentiated in, how far, a remark.
    Derivatives are of any order, in both modes, where nothing else is said.
    """
    if count:
        click.echo(f"{'module':<24}{'rules':>8}{'reverse':>9}{'forward':>9}{'second':>8}")
        for module, number in counts().items():
            columns = f"{number.reverse:>9}{number.forward:>9}{number.second:>8}"
            click.echo(f"{module:<24}{number.rules:>8}{columns}")
        return
    glob = pattern if "*" in pattern else f"*{pattern}*"
    found = [row for row in rows() if fnmatch(_path(row.signature), glob)]
    if not found:
        raise click.ClickException(f"there is no rule for {pattern}")
    first = max(len(row.signature) for row in found)
    second = max(len(row.derivative) for row in found)
    for row in found:
        more = "; ".join(filter(None, [row.reach, row.remark]))
        click.echo(f"{row.signature:<{first}}  {row.derivative:<{second}}  {more}".rstrip())
