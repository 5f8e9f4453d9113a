"""Operands of any shapes that fit: each gets a gradient of its own shape, in every position.

Two ways must not matter: what is known of the operands before compiling, and whether one of them
was overwritten with the result.
"""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

from tests.properties.judge import judge
from tests.properties.programs import Program

FORMS = (
    "a + b - c",
    "a * b * c",
    "a / (1.5 + b * b) - c / b",
    "np.maximum(a, b) * c",
    "np.where(a > b, a * c, b)",
    "np.logaddexp(a, b) + np.hypot(b, c)",
    "(1.5 + np.tanh(a)) ** b * c",
    "np.clip(a, b - 1.0, b + 1.0) * c",
    "np.arctan2(a, b) - np.exp(c)",
)

NAMES = ("a", "b", "c")


def value(shape: tuple[int, ...] | None, place: int) -> Any:
    """A number for None, else an array; no two entries of all operands are equal or near 0."""
    if shape is None:
        return 0.37 + 0.41 * place
    count = math.prod(shape)
    return (0.29 + 0.013 * place + np.linspace(0.0, 1.9, count + 1)[:count]).reshape(shape)


operands = mutually_broadcastable_shapes(
    num_shapes=3, min_dims=0, max_dims=3, min_side=1, max_side=3
).flatmap(
    lambda shapes: st.tuples(
        *(st.just(shape) if shape else st.none() for shape in shapes.input_shapes)
    )
)


@pytest.mark.parametrize("form", FORMS)
@settings(derandomize=True, database=None, deadline=None, max_examples=4)
@given(shapes=operands, overwritten=st.booleans())
def test_gradients_have_the_shapes_of_their_operands(
    form: str, shapes: tuple[tuple[int, ...] | None, ...], overwritten: bool
) -> None:
    target = "a" if overwritten else "out"
    text = (
        "import numpy as np\n\n\n"
        f"def model(a, b, c):\n    {target} = {form}\n    return np.sum(np.sin({target}))\n"
    )
    args = {
        name: value(shape, k) for k, (name, shape) in enumerate(zip(NAMES, shapes, strict=True))
    }
    judge(Program(text, "model", args, NAMES))
