"""Derivatives of gradients of matrix and SciPy functions: against differences, and symmetric."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import retrograd as rg
from tests.loading import load
from tests.rules import distribution_calls, linalg_calls, sampling_calls, scipy_calls
from tests.rules import scipy_linalg_calls as more_linalg_calls
from tests.rules.calls import Call, exists
from tests.rules.test_formulas import weights

STEP = 1e-5


def one_of_each() -> Iterator[Call]:
    """For each function the first call that differentiates an array.

    The other functions of a distribution follow from its logarithmic density and its distribution.
    """
    tables = (linalg_calls, scipy_calls, distribution_calls, sampling_calls, more_linalg_calls)
    for table in tables:
        for path, calls in table.WRITTEN.items():
            fit = [call for call in calls if any(np.ndim(call.values[n]) for n in call.wrt)]
            told = path.startswith("scipy.stats.") and path.endswith((".pdf", "sf", ".logcdf"))
            if exists(path) and fit and not told:
                yield fit[0]


CALLS = list(one_of_each())
HEADER = "import math\n\nimport numpy\nimport numpy as np\nimport scipy\nimport retrograd.runtime\n"


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """A module with a program for each call, of its first array."""
    path: Path = tmp_path_factory.mktemp("second_order") / "twice.py"
    texts = [
        f"\n\ndef f{k}({', '.join(call.values)}, w):\n    return np.sum(({call.text})**2 * w)\n"
        for k, call in enumerate(CALLS)
    ]
    return load(path, HEADER + "".join(texts))


@pytest.mark.parametrize("number", range(len(CALLS)), ids=[str(call) for call in CALLS])
def test_hessian_agrees_with_differences_of_the_gradient(programs: ModuleType, number: int) -> None:
    call = CALLS[number]
    name = next(name for name in call.wrt if np.ndim(call.values[name]))
    function = getattr(programs, f"f{number}")
    values: dict[str, Any] = {**call.values, "w": weights(np.shape(call.run()))}
    at = values[name]
    with np.errstate(all="ignore"):
        order = list(values)
        hessian = rg.hessian(function, argnums=order.index(name))(*values.values())
        gradient = rg.grad(function, argnames=name)
        wanted = np.zeros(at.shape + at.shape)
        for index in np.ndindex(at.shape):
            delta = np.zeros(at.shape)
            delta[index] = STEP
            high = gradient(**{**values, name: at + delta})
            low = gradient(**{**values, name: at - delta})
            wanted[(..., *index)] = (high - low) / (2.0 * STEP)
    tolerance = 1e-6 * max(1.0, float(np.max(np.abs(wanted))) ** 2)
    assert np.allclose(hessian, wanted, rtol=0.0, atol=tolerance)
    flat = np.reshape(hessian, (at.size, at.size))
    assert np.allclose(flat, flat.T, rtol=0.0, atol=tolerance)
