"""The rules of functions that the user has given a derivative of their own.

@rg.rule(f)                              general(
def f_vjp(x, y, g):             ->           "f(x, y)",
    return g * y, g * x                      x="cotangents[0]", y="cotangents[1]",
                                             let={"cotangents": "f_vjp(x, y, g)"},
                                         )
"""

from typing import Final

from retrograd.transforms.frontend.annotations import told_kind
from retrograd.transforms.frontend.build import expression
from retrograd.transforms.frontend.own_functions import OWN, OwnFunction, OwnParam, own_at
from retrograd.transforms.ir.nodes import Known
from retrograd.transforms.rules.results import always
from retrograd.transforms.rules.rule import Rule, RuleParam

#: The rules that were made, with what they were made of.
_MADE: Final[dict[str, tuple[OwnFunction, Rule]]] = {}


def own_rule(path: str) -> Rule | None:
    """The rule of a user's function, None if the path is not that of one."""
    if not path.startswith(OWN) or "@" in path:
        return None
    own = own_at(path)
    if own is None:
        return None
    made = _MADE.get(path)
    if made is None or made[0] is not own:
        made = _MADE[path] = own, _rule(own)
    return made[1]


def _rule(own: OwnFunction) -> Rule:
    vjp, jvp = (_part(own, part) for part in ("vjp", "jvp"))
    cotangents = f"vjp({', '.join(own.vjp)})"
    if len(own.wrt) == 1:
        formulas, let = {own.wrt[0]: cotangents}, {}
    else:
        formulas = {name: f"cotangents[{k}]" for k, name in enumerate(own.wrt)}
        let = {"cotangents": cotangents}
    return Rule(
        form="general",
        path=own.path,
        params=tuple(map(_param, own.params)),
        result=always(told_kind(own.result)),
        formulas=formulas,
        let=let,
        together=None if own.jvp is None else f"jvp({', '.join(own.jvp)})",
        calls={"vjp": vjp, "jvp": jvp},
    )


def _part(own: OwnFunction, part: str) -> Known:
    path = f"{own.path}@{part}"
    function = own.objects.get(path)
    return Known(path, getattr(function, "__name__", part))


def _param(param: OwnParam) -> RuleParam:
    default = None if param.default is None else expression(param.default, lambda dotted: None)
    return RuleParam(param.name, default, param.keyword_only)
