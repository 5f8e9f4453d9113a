"""The functions that the compiler spells in other words, as they are listed beside the rules."""

import inspect

import numpy as np
import pytest
import scipy.integrate
import scipy.optimize

from retrograd.transforms.frontend.solvers import SOLVERS
from retrograd.transforms.rules.spelled import SPELLED, Spelled
from retrograd.transforms.rules.table import rule_for

LIBRARIES = {"numpy": np, "scipy": scipy}


def test_all_solvers_are_listed() -> None:
    listed = {one.path for one in SPELLED if one.path.startswith("scipy.")}
    assert listed == {path for path in SOLVERS if path.startswith("scipy.")}


@pytest.mark.parametrize("one", SPELLED, ids=lambda one: one.path)
def test_the_function_exists_and_has_the_parameters(one: Spelled) -> None:
    assert rule_for(one.path) is None
    library, *names = one.path.split(".")
    place = LIBRARIES[library]
    for name in names:
        place = getattr(place, name)
    if inspect.isroutine(place) and not one.path.endswith(".at"):
        try:
            theirs = list(inspect.signature(place).parameters)
        except ValueError:
            return
        told = one.signature.partition("(")[2].rstrip(")").replace("*, ", "").split(", ")
        names = [param.partition("=")[0].lstrip("*") for param in told]
        assert [name for name in names if name in theirs] == names
