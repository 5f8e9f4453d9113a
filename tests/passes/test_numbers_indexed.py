"""NumPy's numbers may be indexed like arrays without axes, which Python's may not."""

import numpy as np
import pytest

import retrograd as rg
from tests.passes.judge import judge

VECTOR = np.array([1.5, 0.5, 3.0])


@pytest.mark.parametrize(
    "body",
    [
        "return np.sum(x)[...] * 2.0",
        "return np.sum(x)[()] ** 2",
        "y = np.sum(x)[None]\n    y[0] *= x[1]\n    return np.sum(y**2)",
        "y = np.sum(x)[np.newaxis, ...]\n    return y[0] ** 3",
    ],
)
def test_of_a_sum(body: str) -> None:
    judge(f"def f(x):\n    {body}\n", (VECTOR,))


def test_again() -> None:
    program = "def f(x):\n    y = np.max(x)[...]\n    return y[...] ** 2 + y[()]\n"
    judge(program, (VECTOR,), needs_types=True)


def twice(x):  # type: ignore[no-untyped-def]
    return x[...] * x[()]


@pytest.mark.parametrize("x", [np.float64(2.0), np.array(2.0)])
def test_of_an_argument(x: np.float64) -> None:
    assert rg.grad(twice)(x) == 4.0
    assert rg.jvp(twice, (x,), (np.float64(1.0),))[1] == 4.0
