"""Native gradients are those of NumPy mode: of the benchmarks, and of goldens of every sort."""

import copy
import inspect
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrograd.api import Derivative
from retrograd.runtime.pytrees import flatten, leaves
from retrograd.transforms.diagnostics.report import UnsupportedError
from tests.golden.golden_file import FOLDER, golden_files, read, run
from tests.golden.test_golden import arguments

pytest.importorskip("numba")

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from programs import programs  # noqa: E402

#: The recurrent network takes Numba twenty seconds.
PROGRAMS = {
    name: program
    for name, program in programs().items()
    if program.mode == "grad" and name not in ("recurrent network", "logistic loss")
}

#: One of each sort: what the compiler writes for them calls on every part of native mode.
SAMPLE = (
    *("binding/chained", "branches/several_returns", "calls/helper_in_helper"),
    *("containers/list_and_tuple", "containers/dict_to_helper", "containers/entry_not_read"),
    *("functions_inside/closure", "growing/stack", "leaving/every_exit", "loops/range_with_step"),
    *("loops/horner_untyped", "records/assigned_fields", "records/passed_to_a_helper"),
    *("records/state_in_a_loop", "recursion/mutual", "straight_line/value_too"),
    *("writing/filled_by_a_helper", "writing/row_through_a_view"),
)


def assert_native_agrees(
    primal: Any, wrt: tuple[str, ...], mode: Any, types: str | None, args: list[Any]
) -> None:
    native = Derivative(primal, wrt, mode, types, jit=True)
    given = copy.deepcopy(args)
    found = native(*given)
    assert same(given, args), "the arguments were changed"
    expected = Derivative(primal, wrt, mode, types)(*copy.deepcopy(args))
    if mode == "value_and_grad":
        np.testing.assert_allclose(found[0], expected[0], rtol=1e-12)
        found, expected = found[1], expected[1]
    names = list(inspect.signature(primal).parameters)
    pairs = [(found, expected)] if len(wrt) == 1 else zip(found, expected, strict=True)
    for name, (one, other) in zip(wrt, pairs, strict=True):
        like = args[names.index(name)]
        left, right = flatten(one, like=like), flatten(other, like=like)
        np.testing.assert_allclose(left, right, rtol=1e-12, atol=1e-13)
        assert isinstance(one, float | complex) or type(one) is type(other)


def same(left: Any, right: Any) -> bool:
    """Whether two pytrees are equal to the bit."""
    pairs = zip(leaves(left), leaves(right), strict=True)
    return all(p == q and np.array_equal(x, y) for (p, x), (q, y) in pairs)


@pytest.mark.parametrize("name", PROGRAMS)
def test_benchmark(name: str) -> None:
    program = PROGRAMS[name]
    assert_native_agrees(program.function, program.wrt, "grad", program.types, list(program.args))


@pytest.mark.parametrize("name", SAMPLE)
def test_golden(name: str) -> None:
    check_golden(FOLDER / f"{name}.py")


def test_every_golden(request: pytest.FixtureRequest) -> None:
    """Whatever Numba compiles is right, and what it does not is refused: ten minutes of compiling."""
    if not request.config.getoption("--every-native"):
        pytest.skip("--every-native")
    refused = {}
    modes = ("grad", "joint", "value_and_grad")
    files = [path for path in golden_files() if path.parent.name != "refused"]
    files = [path for path in files if read(path).mode in modes and path.stem != "method"]
    for path in files:
        try:
            check_golden(path)
        except UnsupportedError as error:
            refused[path.stem] = error.diagnostics[0].label
    print(f"{len(files) - len(refused)} of {len(files)} goldens are native")
    print("\n".join(f"{name}: {reason}" for name, reason in refused.items()))
    assert len(refused) < len(files) / 3


def check_golden(path: Path) -> None:
    golden = read(path)
    primal = run(golden.program)[golden.name]
    mode = "grad" if golden.mode == "joint" else golden.mode
    for point in golden.points:
        args = arguments(primal, point)
        assert_native_agrees(primal, golden.wrt, mode, golden.types or None, args)
