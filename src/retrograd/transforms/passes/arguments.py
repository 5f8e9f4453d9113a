"""Which argument of a call goes to which parameter, as Python decides it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retrograd.transforms.ir.nodes import Const, Dict, Expr, Param, Tuple


@dataclass(frozen=True, slots=True)
class Misfit:
    """Arguments that do not fit the parameters, and why."""

    label: str


def matched(
    params: Sequence[Param], args: Sequence[Expr], kwargs: Sequence[tuple[str, Expr]]
) -> Mapping[str, Expr] | Misfit:
    """What each of `params` gets, in their order; what is left over goes to those with a star.

    None of the arguments has a star itself.
    """
    places = [param for param in params if not param.keyword_only and not param.star]
    rest = next((param for param in params if param.star == "*"), None)
    options = next((param for param in params if param.star == "**"), None)
    if len(args) > len(places) and rest is None:
        return Misfit(f"takes {len(places)} positional arguments")
    given = {param.id: arg for param, arg in zip(places, args, strict=False)}
    by_name = {p.id for p in params if not p.positional_only and not p.star}
    extra: list[tuple[Expr, Expr]] = []
    for key, value in kwargs:
        if (key in given and key in by_name) or any(key == str(_key(k)) for k, _ in extra):
            return Misfit(f"`{key}` is given twice")
        if key in by_name:
            given[key] = value
        elif options is not None:
            extra.append((Const(f'"{key}"'), value))
        else:
            return Misfit(f"`{key}` is no parameter")
    if rest is not None:
        given[rest.id] = Tuple(tuple(args[len(places) :]))
    if options is not None:
        given[options.id] = Dict(tuple(extra))
    for param in params:
        if param.id not in given and param.default is not None:
            given[param.id] = param.default
        elif param.id not in given:
            return Misfit(f"`{param.id}` is missing")
    return {param.id: given[param.id] for param in params}


def _key(key: Expr) -> object:
    return key.value if isinstance(key, Const) else None
