"""``retrograd rules tanh``: which functions have derivatives, and in which of their operands."""

from dataclasses import dataclass
from fnmatch import fnmatch

import click

from retrograd.transforms.ir.show import show_expression
from retrograd.transforms.rules.rule import Rule, RuleParam
from retrograd.transforms.rules.table import all_rules

#: A parameter that must have one of more values than these is not described by all of them.
MAX_VALUES = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A rule in words: the function as it is called, what it is differentiated in, and a remark."""

    signature: str
    derivative: str
    remark: str

    @property
    def group(self) -> str:
        """The module of the function: "operators", "builtins", "math", "numpy", "numpy.linalg"."""
        path, call, _ = self.signature.partition("(")
        return (path.rpartition(".")[0] or "builtins") if call else "operators"


def rows() -> list[Row]:
    """Every rule, operators first and then by the name of the function."""
    found = {row.signature: row for row in map(_row, all_rules())}
    return sorted(
        found.values(), key=lambda row: (row.group != "operators", row.group, row.signature)
    )


def _row(rule: Rule) -> Row:
    operands = [
        param.name for param in rule.params if rule.formulas.get(param.name, "0.0") != "0.0"
    ]
    derivative = ", ".join(operands) or "none that we know"
    if rule.form == "inactive":
        derivative = "zero"
    remarks = [f"{name} is {_one_of(values)}" for name, values in rule.only.items()]
    return Row(
        _signature(rule), derivative, "; ".join([*remarks, *filter(None, [rule.note, rule.kink])])
    )


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
def command(pattern: str) -> None:
    """List the functions that have derivatives: those whose name contains PATTERN, or matches it.

    The columns: the function, the operands that it is differentiated in, a remark. Derivatives are
    of first order, in reverse mode.
    """
    glob = pattern if "*" in pattern else f"*{pattern}*"
    found = [row for row in rows() if fnmatch(row.signature.partition("(")[0], glob)]
    if not found:
        raise click.ClickException(f"there is no rule for {pattern}")
    first = max(len(row.signature) for row in found)
    second = max(len(row.derivative) for row in found)
    for row in found:
        click.echo(f"{row.signature:<{first}}  {row.derivative:<{second}}  {row.remark}".rstrip())
