"""Builtins that make lists and tuples, and the order of their items."""

from typing import Final

from retrograd.transforms.ir.kinds import BOOL, INT, NONE, Kind, Mapping, Sequence
from retrograd.transforms.rules.kinds import inactive, linear
from retrograd.transforms.rules.results import always, itself, looped
from retrograd.transforms.rules.rule import Formula, Rule, Site, is_array, variants


def _is_sequence(site: Site) -> bool:
    return isinstance(site.kind("x"), Sequence)


def _gives_keys(site: Site) -> bool:
    return isinstance(site.kind("x"), Mapping)


def _unset(site: Site) -> Kind:
    """A dict in which every key stands for None."""
    keys = site.kind("keys")
    known = keys.items if isinstance(keys, Mapping) else None
    return Mapping(None if known is None else tuple((key, NONE) for key, _ in known), NONE)


_BACK: Final[Formula] = variants(
    (_is_sequence, "g"),
    (is_array("x"), "numpy.array(g)"),
    (_gives_keys, "0.0"),
    otherwise="unlisted(g, x)",
)

RULES: Final[tuple[Rule, ...]] = (
    linear("list(x)", x=_BACK, result=looped("list")),
    linear("dict(x)", x="g", result=itself),
    inactive("dict.fromkeys(keys)", result=_unset),
    linear("tuple(x)", x=_BACK, result=looped("tuple")),
    inactive("isinstance(x, cls)", "hasattr(x, name)", "callable(x)", result=always(BOOL)),
    linear("retrograd.runtime.sortable(xs)", xs="g", result=itself),
    inactive(
        "retrograd.runtime.sorting_order(keys, reverse=False)",
        result=always(Sequence("list", None, INT)),
    ),
    inactive(
        "retrograd.runtime.first_largest(keys)",
        "retrograd.runtime.first_smallest(keys)",
        result=always(INT),
    ),
)
