"""Every call that the rules are tried on, as a user meets it: in a file, differentiated by `grad`."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import retrograd as rg
from tests.loading import load
from tests.rules.calls import Call, all_calls, parametrize_some
from tests.rules.test_formulas import DIFFERENCE, differences, scale_of, weights

HEADER = "import math\n\nimport numpy\nimport numpy as np\nimport scipy\nimport retrograd.runtime\n"


def one_of_each_sort() -> Iterator[Call]:
    """The calls, of those that differ only in shapes one for each set of ranks."""
    seen = set()
    for call in all_calls():
        ranks = tuple(np.ndim(value) for value in call.values.values())
        if (call.text, ranks) not in seen:
            seen.add((call.text, ranks))
            yield call


CALLS = list(one_of_each_sort())


def program(number: int, call: Call) -> str:
    """A function with one number as its result that makes `call`."""
    text = f"({call.text}) * w" if np.ndim(call.run()) == 0 else f"np.sum(({call.text}) * w)"
    return f"\n\ndef f{number}({', '.join(call.values)}, w):\n    return {text}\n"


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """A module with the programs of all calls."""
    path: Path = tmp_path_factory.mktemp("rules") / "programs.py"
    return load(path, HEADER + "".join(itertools.starmap(program, enumerate(CALLS))))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One call of ten, unless every one is asked for."""
    parametrize_some(metafunc, CALLS, one_in=10)


def test_gradient_agrees_with_differences(programs: ModuleType, number: int) -> None:
    call = CALLS[number]
    w = weights(np.shape(call.run()))
    before = {name: np.array(value) for name, value in call.values.items()}
    gradient = rg.grad(getattr(programs, f"f{number}"), argnames=call.wrt)
    with np.errstate(all="ignore"):
        found = gradient(**call.values, w=w)
    wanted = differences(call, w)
    tolerance = 100 * DIFFERENCE * scale_of(call, wanted)
    for name, value in zip(call.wrt, found if len(call.wrt) > 1 else [found], strict=True):
        assert np.shape(value) == np.shape(call.values[name]), gradient.source
        assert isinstance(value, np.ndarray) == isinstance(call.values[name], np.ndarray)
        assert np.allclose(value, wanted[name], rtol=0.0, atol=tolerance), gradient.source
    for name, value in before.items():
        assert np.array_equal(call.values[name], value, equal_nan=True), name
