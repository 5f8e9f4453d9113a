"""Dataclasses, namedtuples and plain objects as parameters and cotangents."""

from collections import namedtuple
from dataclasses import InitVar, dataclass, field
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import pytest

from retrograd.runtime import accumulate, add_at, field_names, owned, restructure, zeros_like
from retrograd.runtime.pytrees import flatten, leaves, unflatten
from retrograd.runtime.signature import check_plain, signature, with_floats

Point = namedtuple("Point", "x y")


@dataclass
class Layer:
    W: Any
    b: float
    name: str = "tanh"
    width: int = 3


@dataclass(frozen=True, slots=True)
class Frozen:
    scale: float
    layer: Layer
    kinds: ClassVar[int] = 2
    seed: InitVar[int] = 0
    twice: float = field(init=False)

    def __post_init__(self, seed: int) -> None:
        if self.scale <= 0.0:
            raise ValueError("a scale is positive")
        object.__setattr__(self, "twice", 2.0 * self.scale)


class Model:
    def __init__(self) -> None:
        self.w = np.ones(2)
        self.rate = 0.1


FROZEN = Frozen(1.5, Layer(np.ones((2, 2)), 0.5))


def test_what_a_record_is() -> None:
    assert field_names(Point(1, 2)) == ("x", "y")
    assert field_names(FROZEN) == ("scale", "layer", "twice")
    assert field_names(Model()) == ("w", "rate")
    assert field_names(SimpleNamespace(a=1)) == ("a",)


@pytest.mark.parametrize(
    "value",
    [(1, 2), [1], {"a": 1}, 1.0, np.ones(2), "a", None, Point, len, np, np.random.default_rng],
)
def test_what_is_none(value: Any) -> None:
    assert field_names(value) is None


def test_a_field_without_a_value_is_left_out() -> None:
    assert field_names(object.__new__(Frozen)) == ()


def test_zeros_can_be_filled_and_take_the_class_back() -> None:
    zero = zeros_like(FROZEN)
    zero.scale += 1.0
    zero.layer.W[0, 0] += 2.0
    found = restructure(zero, FROZEN)
    assert type(found) is Frozen
    assert (found.scale, found.twice) == (1.0, 0.0)
    assert type(found.layer) is Layer
    np.testing.assert_array_equal(found.layer.W, [[2.0, 0.0], [0.0, 0.0]])


def test_the_gradient_holds_zero_for_a_number_and_none_for_what_is_none() -> None:
    layer = restructure(zeros_like(FROZEN.layer), FROZEN.layer)
    assert (layer.b, layer.name, layer.width) == (0.0, None, 0.0)


def test_checks_of_the_class_are_not_run_on_a_cotangent() -> None:
    assert restructure(SimpleNamespace(scale=-1.0), FROZEN).scale == -1.0


def test_what_a_cotangent_lacks_is_zero() -> None:
    found = restructure(SimpleNamespace(b=1.0), FROZEN.layer)
    np.testing.assert_array_equal(found.W, np.zeros((2, 2)))
    assert restructure(SimpleNamespace(x=1.0), Point(1.0, 2.0)) == Point(1.0, 0.0)
    assert restructure([1.0, None], Point(1.0, 2.0)) == Point(1.0, 0.0)


def test_cotangents_add_up_and_share_nothing() -> None:
    a, b = zeros_like(FROZEN), Frozen(2.0, Layer(np.ones((2, 2)), 1.0))
    both = accumulate(accumulate(a, b), b)
    both.layer.W += 1.0
    assert (both.scale, both.layer.b) == (4.0, 2.0)
    np.testing.assert_array_equal(b.layer.W, np.ones((2, 2)))
    mine = owned(b)
    mine.layer.W[0] = 5.0
    np.testing.assert_array_equal(b.layer.W, np.ones((2, 2)))
    assert accumulate(SimpleNamespace(x=1.0), SimpleNamespace(y=2.0)) == SimpleNamespace(
        x=1.0, y=2.0
    )


def test_a_field_is_added_to_by_its_name() -> None:
    buffer = zeros_like(Layer(np.ones(2), 1.0))
    add_at(buffer, "W", np.ones(2))
    add_at(buffer, "W", np.ones(2))
    np.testing.assert_array_equal(buffer.W, [2.0, 2.0])


def test_records_are_pytrees() -> None:
    tree = {"model": Model(), "frozen": FROZEN}
    assert [path for path, _ in leaves(tree, "p")] == [
        "p['model'].w",
        "p['model'].rate",
        "p['frozen'].scale",
        "p['frozen'].layer.W",
        "p['frozen'].layer.b",
        "p['frozen'].layer.name",
        "p['frozen'].layer.width",
        "p['frozen'].twice",
    ]
    back = unflatten(flatten(tree) + 1.0, tree)
    assert type(back["model"]) is Model
    assert back["model"].rate == 1.1
    assert (back["frozen"].scale, back["frozen"].twice) == (2.5, 4.0)
    assert back["frozen"].layer.name == "tanh"


def test_kinds_of_records_are_told_apart() -> None:
    one, other = Layer(np.ones(2), 1.0), Layer(np.ones((2, 2)), 1.0)
    assert signature(one) == signature(Layer(np.zeros(5), 2.0))
    assert signature(one) != signature(other)
    assert signature(Point(1.0, 2.0)) != signature((1.0, 2.0))


def test_a_record_may_hold_itself() -> None:
    model: Any = Model()
    model.me = model
    assert signature(model) == signature(model)
    check_plain(model)


def test_special_arrays_are_found_inside() -> None:
    with pytest.raises(TypeError, match="got a matrix"):
        check_plain(Layer(np.matrix([[1.0]]), 1.0))


def test_records_can_be_differentiated_by() -> None:
    assert with_floats(FROZEN) is FROZEN
