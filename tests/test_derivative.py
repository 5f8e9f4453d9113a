"""What users of `rg.grad` and its kin meet: short tracebacks, whole numbers taken as meant."""

import traceback

import pytest

import retrograd as rg


def careful(x):
    try:
        return x * x
    except ValueError:
        return 0.0


@pytest.mark.parametrize(
    "act",
    [
        lambda: rg.grad(careful)(2.0),
        lambda: rg.grad(careful).source,
        lambda: rg.grad(careful).explain(),
        lambda: rg.grad(careful).specialize(2.0),
        lambda: rg.jacobian(careful)(2.0),
        lambda: rg.gradient_source("def f(x):\n    yield x\n", "f"),
        lambda: rg.minimize(careful, 1.0),
        lambda: rg.least_squares(careful, [1.0]),
        lambda: rg.grad(lambda x: eval("x"))(2.0),
    ],
)
def test_a_refusal_stands_under_two_frames(act):
    with pytest.raises(rg.RetrogradError) as caught:
        act()
    error = caught.value
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/retrograd/" in frame.filename]
    assert len(ours) == 1
    assert error.__suppress_context__
    text = "".join(traceback.format_exception(error))
    assert f"\nretrograd.{type(error).__name__}: " in text


def test_a_container_of_integers_alone_is_differentiated():
    def product(p):
        return p[0] ** 2 * p[1]

    assert rg.grad(product)([3, 2]) == [12.0, 9.0]
    assert rg.grad(product)((3, 2.0)) == (0.0, 9.0)  # beside floats they are constants


def slope(a):
    return 2.0 * a


def through_a_generator(x):
    return sum(slope(x) * k for k in range(3))


def test_a_helper_that_only_a_comprehension_calls_is_watched(monkeypatch):
    gradient = rg.grad(through_a_generator)
    assert gradient(1.0) == 6.0
    monkeypatch.setitem(globals(), "slope", cubed)
    assert gradient(1.0) == 9.0


def cubed(a):
    return a**3


class Scales:
    """A class with a constant."""

    FACTOR = 2.0

    @classmethod
    def scaled(cls, a):
        return cls.FACTOR * a


def through_a_class(x):
    return Scales.scaled(x) * x


def test_constants_of_classes_are_read_when_the_gradient_runs(monkeypatch):
    gradient = rg.grad(through_a_class)
    assert gradient(1.5) == 6.0
    monkeypatch.setattr(Scales, "FACTOR", 3)
    assert gradient(1.5) == 9.0
