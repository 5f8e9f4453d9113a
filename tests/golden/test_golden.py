"""Every golden file: the text that is written, and what it computes."""

import copy
import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrograd.runtime.checking import compare_gradients
from retrograd.runtime.pytrees import flatten, leaves, unflatten
from tests.golden.golden_file import FOLDER, GoldenFile, golden_files, read, run

#: Two ways to the same derivative differ by rounding in sums of some hundred terms.
RTOL = 1e3 * np.finfo(np.float64).eps

#: `np.where` has both sides computed, also where one of them is not defined.
pytestmark = pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")

FILES = [pytest.param(path, id=str(path.relative_to(FOLDER))[:-3]) for path in golden_files()]
ACCEPTED = [param for param in FILES if not str(param.id).startswith("refused")]


@pytest.mark.parametrize("path", FILES)
def test_text(path: Path, request: pytest.FixtureRequest) -> None:
    golden = read(path)
    outcome = golden.outcome()
    if request.config.getoption("--update-golden"):
        path.write_text(golden.rewritten(outcome), encoding="utf-8")
        return
    assert golden.recorded is not None, "no lower half yet: run pytest --update-golden, and read it"
    assert outcome.text == golden.recorded.text
    assert path.read_text(encoding="utf-8") == golden.rewritten(outcome)


@pytest.mark.parametrize("path", FILES)
def test_refusals_have_their_folder(path: Path) -> None:
    golden = read(path)
    assert golden.recorded is not None
    assert (golden.recorded.word == "refused") == (path.parent.name == "refused")


@pytest.mark.parametrize("path", ACCEPTED)
def test_gradient_agrees_with_differences(path: Path) -> None:
    golden = read(path)
    namespace = run(path.read_text(encoding="utf-8"))
    primal, params = namespace[golden.name], parameters(namespace[golden.name])
    assert golden.points
    for point in golden.points:
        args = arguments(primal, point)
        gradients = gradients_at(golden, golden.mode, namespace, args)
        assert same(args, arguments(primal, point)), "the arguments were changed"
        compared = compare_gradients(
            primal, args, gradients, argnums=[params.index(x) for x in golden.wrt], names=params
        )
        assert len(compared) == len(golden.wrt)
        assert all(one.agrees for one in compared), "\n".join(map(str, compared))


@pytest.mark.parametrize("path", ACCEPTED)
def test_analyses_only_make_it_cheaper(path: Path) -> None:
    golden = read(path)
    namespace = run(path.read_text(encoding="utf-8"))
    primal = namespace[golden.name]
    safe = golden.compiled(golden.mode, safe=True)
    for point in golden.points:
        expected = gradients_at(golden, golden.mode, namespace, arguments(primal, point))
        found = gradients_at(golden, golden.mode, safe, arguments(primal, point))
        assert_close(found, expected)


@pytest.mark.parametrize("path", ACCEPTED)
def test_forward_mode_agrees(path: Path) -> None:
    golden = read(path)
    namespace = run(path.read_text(encoding="utf-8"))
    primal, params = namespace[golden.name], parameters(namespace[golden.name])
    forward = golden.compiled("jvp")[f"{golden.name}_jvp"]
    rng = np.random.default_rng(0)
    for point in golden.points:
        args = arguments(primal, point)
        gradients = gradients_at(golden, golden.mode, namespace, args)
        wrt = [floated(args[params.index(name)]) for name in golden.wrt]
        along = [rng.normal(size=flatten(x).size) for x in wrt]
        tangents = [unflatten(d, x) for d, x in zip(along, wrt, strict=True)]
        for name, value in zip(golden.wrt, wrt, strict=True):
            args[params.index(name)] = value
        value, tangent = forward(*args, *tangents)
        assert np.isclose(value, primal(*args), rtol=RTOL)
        terms = [flatten(g, like=x) * d for g, x, d in zip(gradients, wrt, along, strict=True)]
        scale = sum(float(np.sum(np.abs(part))) for part in terms)
        assert abs(tangent - sum(float(np.sum(part)) for part in terms)) <= RTOL * max(scale, 1.0)


# ---------------------------------------------------------------- calling what was generated


def parameters(function: Callable[..., Any]) -> list[str]:
    """The names of the parameters of `function`."""
    return list(inspect.signature(function).parameters)


def arguments(primal: Callable[..., Any], point: Mapping[str, Any]) -> list[Any]:
    """Copies of the values in `point`, and of defaults, in the order of the parameters."""
    bound = inspect.signature(primal).bind(**point)
    bound.apply_defaults()
    return list(copy.deepcopy(tuple(bound.arguments.values())))


def gradients_at(
    golden: GoldenFile, mode: str, namespace: Mapping[str, Callable[..., Any]], args: list[Any]
) -> list[Any]:
    """The gradient with respect to each of `wrt`, from the functions of `mode`."""
    name = golden.name
    if mode == "split":
        result = halves(namespace, golden, args)
    elif mode == "value_and_grad":
        value, result = namespace[f"{name}_value_and_grad"](*args)
        assert np.shape(value) == ()
    else:
        result = namespace[f"{name}_grad"](*args)
    return [result] if len(golden.wrt) == 1 else list(result)


def halves(namespace: Mapping[str, Callable[..., Any]], golden: GoldenFile, args: list[Any]) -> Any:
    """The result of the backward half for the cotangent 1, after the forward half has run."""
    forward = namespace[f"{golden.name}_fwd"]
    backward = namespace[f"{golden.name}_bwd"]
    given = dict(zip(parameters(run(golden.program)[golden.name]), args, strict=True))
    tape: list[Any] = []
    forward(*(given.get(name, tape) for name in parameters(forward)))
    given["out_bar"] = 1.0
    return backward(*(given.get(name, tape) for name in parameters(backward)))


def floated(value: Any) -> Any:
    """An integer as a float: asked for, it is differentiated."""
    return float(value) if isinstance(value, int) else value


def same(left: Any, right: Any) -> bool:
    """Whether two pytrees are equal to the bit."""
    pairs = zip(leaves(left), leaves(right), strict=True)
    return all(p == q and np.array_equal(x, y) for (p, x), (q, y) in pairs)


def assert_close(found: Any, expected: Any) -> None:
    """The entries of two pytrees differ by no more than rounding."""
    left, right = flatten(found), flatten(expected)
    assert np.allclose(left, right, rtol=RTOL, atol=RTOL * max(1.0, float(np.max(np.abs(right)))))
