"""Lambdas are found in their file by the places of their code, however many stand in a line."""

import inspect
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import retrograd as rg
from retrograd.surroundings import surroundings
from retrograd.transforms.frontend.lambdas import find_lambda
from tests.loading import load

PAIR = (lambda x: x * x * x), (lambda x: x * x)
AMONG_TEXT = ("é", lambda x: x**2, "ß", lambda x: x**3)
INSIDE = lambda x: (lambda y: y * y * y)  # noqa: E731
SCALED = [lambda x, k=k: k * x for k in (1.0, 2.0, 3.0)]
cube = lambda x: x**3  # noqa: E731
factorial = lambda n, x: x if n < 1 else x * factorial(n - 1, x)  # noqa: E731


def scaled(c: float) -> Any:
    return lambda x: c * x**2


def uses(x: float) -> float:
    return cube(x) + PAIR[1](x)


def calls(x: float) -> float:
    return cube(x) + cube(2.0 * x)


class Spring:
    energy = lambda self, x: 0.5 * self.k * x**2  # noqa: E731

    def __init__(self) -> None:
        self.k = 3.0


@pytest.mark.parametrize(
    ("function", "at", "wanted"),
    [
        (PAIR[0], 2.0, 12.0),
        (PAIR[1], 2.0, 4.0),
        (AMONG_TEXT[1], 2.0, 4.0),
        (AMONG_TEXT[3], 2.0, 12.0),
        (INSIDE(0.0), 2.0, 12.0),
        (SCALED[0], 1.0, 1.0),
        (SCALED[2], 1.0, 3.0),
        (scaled(2.0), 3.0, 12.0),
        (scaled(5.0), 3.0, 30.0),
        (lambda x: (lambda y: x * y)(x), 3.0, 6.0),
        (lambda x: x if x > 1.0 else (lambda y: y * y)(x), 0.25, 0.5),
        (partial(lambda k, x: k * x**2, 3.0), 2.0, 12.0),
        (Spring().energy, 2.0, 6.0),
        (calls, 1.0, 27.0),
    ],
)
def test_each_is_read_as_what_it_is(function: Any, at: float, wanted: float) -> None:
    assert rg.grad(function)(at) == pytest.approx(wanted)


def test_every_way_to_a_derivative_takes_one() -> None:
    x = np.array([1.0, 2.0])
    assert rg.value_and_grad(lambda x: x**3)(2.0) == (8.0, 12.0)
    assert rg.jvp(lambda x: x**3, (2.0,), (1.0,)) == (8.0, 12.0)
    assert rg.vjp(lambda x: x**3, 2.0)[1](1.0) == (12.0,)
    assert rg.grad(rg.grad(lambda x: x**3))(2.0) == 12.0
    np.testing.assert_allclose(rg.jacobian(lambda x: x**2)(x), np.diag(2.0 * x))
    np.testing.assert_allclose(rg.hessian(lambda x: np.sum(x**3))(x), np.diag(6.0 * x))
    np.testing.assert_allclose(rg.hvp(lambda x: np.sum(x**3))(x, x), 6.0 * x * x)
    np.testing.assert_allclose(rg.minimize(lambda x: np.sum((x - 1.0) ** 2), x).x, 1.0)
    fit = rg.curve_fit(
        lambda t, a, b: a * t + b, np.arange(3.0), np.array([0.5, 3.0, 5.5]), [1.0, 1.0]
    )[0]
    np.testing.assert_allclose(fit, [2.5, 0.5])


def test_text_over_several_lines(tmp_path: Path) -> None:
    text = (
        "f = (\n  lambda x, y: (x  # the data\n     * y).sum()\n + x[0])  # and this is outside\n"
    )
    known = load(tmp_path / "known.py", text)
    assert find_lambda(known.f).text.endswith(".sum()\n + x[0]")
    np.testing.assert_allclose(rg.grad(known.f)(np.array([1.0, 2.0]), 3.0), [4.0, 3.0])


def test_names_come_from_what_is_assigned() -> None:
    assert "def cube_grad(x):" in rg.grad(cube).source
    assert "def function_grad(x):" in rg.grad(PAIR[0]).source
    assert rg.grad(factorial, argnums=1)(3, 2.0) == 32.0


def test_refusals_show_the_place() -> None:
    with pytest.raises(rg.UnsupportedError) as refused:
        rg.grad(lambda x, y: x + (lambda: nowhere)())(1.0, 2.0)  # noqa: F821
    assert refused.value.filename == __file__
    line = inspect.getsource(test_refusals_show_the_place).splitlines()[2]
    diagnostic = refused.value.diagnostics[0]
    assert diagnostic.span is not None
    assert diagnostic.span.column == line.index("nowhere")


def test_lambdas_of_one_line_have_gradients_of_their_own_on_disk() -> None:
    assert surroundings(PAIR[0]).fingerprint != surroundings(PAIR[1]).fingerprint


def test_without_text_or_places_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(rg.SourceUnavailable, match="the lambda at <string>:1 has no source text"):
        rg.grad(eval("lambda x: x"))(1.0)
    known = load(tmp_path / "known.py", "pair = (lambda x: x), (lambda x: x * x)\n")
    for function in known.pair:  # as by `python -X no_debug_ranges`
        function.__code__ = function.__code__.replace(co_linetable=b"\x90\x00")
    with pytest.raises(rg.SourceUnavailable, match="cannot be told from others of this line"):
        rg.grad(known.pair[0])(1.0)


def test_a_file_that_has_changed_since_is_not_believed(tmp_path: Path) -> None:
    known = load(tmp_path / "known.py", "f = lambda x: x * 2.0\n")
    (tmp_path / "known.py").write_text("f = lambda x: x * 3.0\n# longer\n")
    with pytest.raises(rg.SourceUnavailable, match="has changed since"):
        rg.grad(known.f)(1.0)


def test_a_method_that_has_no_name_is_not_taken_for_another() -> None:
    class Stiff(Spring):
        def energy(self, x: float) -> float:
            return self.k * x**4

        def plain(self) -> Any:
            return super().energy

    with pytest.raises(rg.SourceUnavailable, match="by a name"):
        rg.grad(Stiff().plain())(2.0)
