"""Derivatives with complex operands, as a user meets them, against differences along both parts.

For a real loss L the gradient by ``z = x + iy`` is ``dL/dx + i dL/dy``, so that what goes together
with a tangent is the real part of ``conj(gradient) * tangent``.
"""

import itertools
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import retrograd as rg
from retrograd.transforms.ir.walk import subexpressions
from retrograd.transforms.rules.application import application
from retrograd.transforms.rules.complex_numbers import HOLD
from retrograd.transforms.rules.rule import Bound
from retrograd.transforms.rules.table import all_rules
from tests.loading import load
from tests.rules.calls import Call, parametrize_some
from tests.rules.complex_calls import complex_calls
from tests.rules.test_formulas import DIFFERENCE, STEP
from tests.rules.test_through_compiler import HEADER

CALLS = complex_calls()


def program(number: int, call: Call) -> str:
    return f"\n\ndef f{number}({', '.join(call.values)}):\n    return {call.text}\n"


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """A module with a function for each call."""
    path: Path = tmp_path_factory.mktemp("complex") / "complex_programs.py"
    return load(path, HEADER + "".join(itertools.starmap(program, enumerate(CALLS))))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One call of three, unless every one is asked for."""
    parametrize_some(metafunc, CALLS, one_in=3)


def drawn(like: Any, seed: int) -> Any:
    """Fixed numbers of size about 1, complex where `like` is, in its form."""
    rng = np.random.default_rng(seed)
    numbers = rng.uniform(-1.0, 1.0, np.shape(like))
    if np.iscomplexobj(like):
        numbers = numbers + 1j * rng.uniform(-1.0, 1.0, np.shape(like))
    return numbers if isinstance(like, np.ndarray) else np.asarray(numbers).item()


def along(a: Any, b: Any) -> float:
    """How fast a loss of gradient `a` changes along `b`."""
    return float(np.real(np.sum(np.conj(a) * b)))


def differences(call: Call, name: str, cotangent: Any) -> Any:
    """The gradient by one operand, for a loss whose gradient by the value is `cotangent`."""
    value = np.asarray(call.values[name])
    found = np.zeros(value.shape, value.dtype)
    for index in np.ndindex(value.shape):
        for direction in (1.0, 1j) if np.iscomplexobj(value) else (1.0,):
            delta = np.zeros(value.shape, value.dtype)
            delta[index] = STEP * direction
            ahead, behind = (call.run(**{name: (value + side * delta)[()]}) for side in (1.0, -1.0))
            slope = along(cotangent, np.asarray(ahead) - np.asarray(behind)) / (2.0 * STEP)
            found[index] += slope * direction
    return found


def test_both_modes_agree_with_differences(programs: ModuleType, number: int) -> None:
    call, f = CALLS[number], getattr(programs, f"f{number}")
    args = tuple(call.values.values())
    before = [np.array(arg) for arg in args]
    value, pullback = rg.vjp(f, *args)
    cotangent = drawn(np.asarray(value), 1)[()]
    found = pullback(cotangent)
    for name, arg, bar in zip(call.values, args, found, strict=True):
        if not _moves(arg):
            continue
        wanted = differences(call, name, cotangent)
        scale = max(1.0, float(np.max(np.abs(wanted), initial=0.0))) ** 2
        assert np.shape(bar) == np.shape(arg)
        assert np.iscomplexobj(bar) <= np.iscomplexobj(arg)
        assert np.allclose(bar, wanted, rtol=0.0, atol=1e3 * DIFFERENCE * scale), (bar, wanted)
    tangents = tuple(drawn(arg, 2 + k) if _moves(arg) else arg for k, arg in enumerate(args))
    _, dot = rg.jvp(f, args, tangents)
    back = sum(
        along(bar, tangent)
        for arg, bar, tangent in zip(args, found, tangents, strict=True)
        if _moves(arg)
    )
    assert np.shape(dot) == np.shape(value)
    assert np.isclose(along(cotangent, dot), back, rtol=1e-9, atol=1e-9)
    assert all(np.array_equal(arg, old) for arg, old in zip(args, before, strict=True))


def _moves(arg: Any) -> bool:
    return np.asarray(arg).dtype.kind in "fc"


def test_every_rule_that_is_said_to_hold_is_tried() -> None:
    """Names for the same function have the same formulas, and one of them will do."""
    tried = {
        id(applied.rule.formulas)
        for call in CALLS
        for part in subexpressions(call.expr)
        if isinstance(applied := application(part), Bound)
    }
    missing = {
        rule.path
        for rule in all_rules()
        if rule.path in HOLD
        and rule.form != "inactive"
        and not rule.path.startswith("retrograd.")
        and id(rule.formulas) not in tried
    }
    assert missing <= ONLY_ELSEWHERE


#: Of containers and objects, not of the arrays in them.
ONLY_ELSEWHERE: set[str] = {"dict", "copy.deepcopy"}
