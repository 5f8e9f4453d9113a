"""Our functions of floats are right to two units in the last place, on the whole line.

``logaddexp`` is two of them in turn.
"""

from typing import Any

import numpy as np
import pytest

numba = pytest.importorskip("numba")

from retrograd.runtime.native import loops, vector_math  # noqa: E402

ENDS = (
    *(0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0, np.nextafter(-1.0, 0.0), 0.55, 22.0),
    *(5e-324, -5e-324, np.finfo(float).tiny, np.finfo(float).max, -np.finfo(float).max),
    *(709.782712893384, 709.7827128933841, -745.1332191019411, -745.1332191019412, -40.0),
)


def points() -> Any:
    """Floats of every size, and many where the functions are neither flat nor infinite."""
    rng = np.random.default_rng(11)
    every = rng.integers(-(2**63), 2**63 - 1, size=5000).view(np.float64)
    near = [rng.normal(size=5000) * scale for scale in (1e-8, 1e-2, 0.3, 1.0, 30.0, 400.0)]
    return np.concatenate([ENDS, every, *near, rng.uniform(1e-310, 1e-307, 1000), 1.0 + near[1]])


#: More digits than a double has, where the machine has them.
WIDE = np.longdouble


@pytest.mark.parametrize("function", vector_math.FUNCTIONS, ids=lambda one: one.__name__)
@pytest.mark.skipif(np.finfo(WIDE).eps > 1e-18, reason="a longdouble is no longer than a double")
def test_two_units_in_the_last_place(function: Any) -> None:
    x = points()
    args = (x,) if function.nin == 1 else (x, np.where(np.arange(len(x)) % 3, np.roll(x, 7), x))
    params = ", ".join("xy"[: function.nin])
    made = loops.elementwise(params, f"np.{function.__name__}({params})")
    scope = {"made": made}
    exec(f"def call({params}): return made({params})", scope)
    found = numba.njit(scope["call"])(*args)
    with np.errstate(all="ignore"):
        exact = function(*(arg.astype(WIDE) for arg in args))
        expected = exact.astype(float)
        whole = np.isfinite(expected)
        # The larger is added to a logarithm, and may be larger than the sum.
        scale = np.maximum(np.abs(expected), np.abs(np.maximum(*args)) if len(args) > 1 else 0.0)
        apart = np.abs(found[whole] - exact[whole]) / np.spacing(scale[whole])
    assert np.max(apart) <= (2.0 if function.nin == 1 else 4.0)
    np.testing.assert_array_equal(found[~whole], expected[~whole])
    same = expected == 0.0
    np.testing.assert_array_equal(np.signbit(found[same]), np.signbit(expected[same]))


def test_single_precision() -> None:
    x = np.linspace(-3.0, 3.0, 1000, dtype=np.float32)
    made = loops.elementwise("x", "np.tanh(x)")
    found = numba.njit(lambda x: made(x))(x)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, np.tanh(x.astype(float)), rtol=1e-7)
