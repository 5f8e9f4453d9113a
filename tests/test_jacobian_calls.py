"""Functions that take Jacobians and Hessians: Newton's method, changes of variables, curvatures."""

from functools import partial
from typing import Any

import numpy as np
import pytest

import retrograd as rg

POINT = np.array([0.3, -0.5])
MATRIX = np.array([[0.3, 0.5], [0.1, -0.7]])


pytestmark = pytest.mark.usefixtures("compiled_once")


def vector(w: Any, *, c: Any = 2.0) -> Any:
    return np.sin(w) * w[0] * c


def mixed(w: Any, c: Any) -> Any:
    return np.stack([w[0] * w[1] * c, np.sum(w**2), c * c * w[0]])


def quartic(w: Any, c: Any = 0.7) -> Any:
    return np.sum(w**4) * c + w[0] * w[1] * w[1]


def matrix(a: Any) -> Any:
    return a @ a.T * a[0, 0]


def equations(w: Any, c: Any) -> Any:
    return np.array([w[0] ** 2 + w[1] * c - 1.0, w[1] ** 3 - w[0]])


by_columns = rg.jacobian(vector)
by_rows = rg.jacobian(vector, mode="reverse")
by_both = rg.jacobian(mixed, argnums=(0, 1))
curvature = rg.hessian(quartic)
all_curvature = rg.hessian(quartic, (0, 1))
one_in_a_tuple = rg.jacobian(vector, argnums=(0,))


# ---------------------------------------------------------------- whole problems


def newtons_method(w: Any, c: Any) -> Any:
    for _ in range(3):
        w = w - np.linalg.solve(rg.jacobian(equations)(w, c), equations(w, c))
    return np.sum(w**2)


def newtons_minimum(w: Any, c: Any) -> Any:
    def loss(v: Any) -> Any:
        return np.sum(v**4) * c + np.sum(v * v) + v[0] * v[1]

    for _ in range(2):
        w = w - np.linalg.solve(rg.hessian(loss)(w), rg.grad(loss)(w))
    return np.sum(w**2)


def laplacian_squared(w: Any) -> Any:
    def u(z: Any) -> Any:
        return np.sin(z[0]) * w[0] * z[1] ** 2

    return np.trace(rg.hessian(u)(w)) ** 2


def log_volume(w: Any) -> Any:
    """A change of variables, step by step."""
    total = 0.0
    for _ in range(3):
        slope = rg.jacobian(vector)(w, c=w[1])
        w = w - 0.1 * slope @ w
        total = total + np.log(np.abs(np.linalg.det(slope)))
    return total


# ---------------------------------------------------------------- each way


def columns_called(w: Any) -> Any:
    return np.sum(by_columns(w) ** 2) * np.linalg.det(by_rows(w, c=3.0))


def rows_made(w: Any) -> Any:
    return np.sum(rg.jacobian(vector, mode="reverse")(w) ** 2)


def by_several(w: Any, c: Any) -> Any:
    by_w, by_c = by_both(w, c)
    return np.sum(by_w**2) * np.sum(by_c)


def curvature_by_name(w: Any, c: Any) -> Any:
    return np.sum(curvature(w, c) @ w) * np.sum(rg.hessian(quartic)(w, c) ** 2)


def curvature_by_several(w: Any, c: Any) -> Any:
    (a, b), (d, e) = all_curvature(w, c)
    return np.sum(a @ b) * np.sum(d * b) + np.sum(a) * e


def of_matrices(a: Any) -> Any:
    return np.sum(rg.jacobian(matrix)(a) ** 2)


def of_matrices_by_rows(a: Any) -> Any:
    return np.sum(rg.jacobian(matrix, mode="reverse")(a) ** 2)


def of_a_rectangle(a: Any) -> Any:
    def g(b: Any) -> Any:
        return b[0] * b[1, 0]

    return np.sum(rg.jacobian(g)(a) ** 2 * a[0, 0])


def by_a_dict(w: Any, b: Any) -> Any:
    def g(p: Any) -> Any:
        return p["w"] * p["b"]

    found = rg.jacobian(g)({"w": w, "b": b})
    again = rg.jacobian(g, mode="reverse")({"w": w, "b": b})
    return np.sum(found["w"] ** 2) * np.sum(again["b"]) + np.sum(again["w"]) * found["b"][0]


def of_lists_by_lists(w: Any) -> Any:
    def g(both: Any) -> Any:
        a, b = both
        return [a * b, a + b * b]

    (p, q), (r, s) = rg.jacobian(g)([w, w[0]])
    return np.sum(p) * np.sum(q) + np.sum(r**2) * np.sum(s)


def of_several_values(w: Any) -> Any:
    def g(v: Any) -> Any:
        return v**2, {"cubes": np.sum(v**3)}

    first, second = rg.jacobian(g)(w)
    return np.sum(first**2) * np.sum(second["cubes"])


def by_a_number(x: Any) -> Any:
    def g(y: Any) -> Any:
        return np.array([y * y, x * np.sin(y)])

    def h(y: Any) -> Any:
        return y**3 * x

    return np.sum(rg.jacobian(g)(x) ** 2) * rg.hessian(h)(x) + rg.jacobian(h)(x)


def by_integers(x: Any) -> Any:
    def g(v: Any) -> Any:
        return np.array([v[0] * v[1] * x, v[1] ** 2])

    return np.sum(rg.jacobian(g)(np.array([2, 3]))) * x


def of_complex_values(w: Any) -> Any:
    def g(z: Any) -> Any:
        return np.fft.rfft(z * z)

    return np.sum(np.abs(rg.jacobian(g)(w)) ** 2) * np.sum(w)


def through_a_partial(w: Any) -> Any:
    return np.sum(rg.hessian(partial(quartic, c=w[0]))(w) ** 2)


def of_a_jacobian(w: Any) -> Any:
    def g(z: Any) -> Any:
        return rg.jacobian(vector)(z) @ z

    return np.sum(rg.jacobian(g)(w) ** 2)


def along_a_tangent(w: Any) -> Any:
    value, pull = rg.vjp(by_columns, w)
    return np.sum(rg.jvp(by_columns, (w,), (w * w,))[1] * value) * np.sum(pull(value)[0])


def on_two_ways(w: Any) -> Any:
    if w[0] > 0:
        found = rg.jacobian(vector)(w)
    else:
        w = w * w[1]
        found = rg.hessian(quartic)(w)
    return np.sum(found**2)


def in_a_helper(f: Any, w: Any) -> Any:
    return rg.jacobian(f)(w)


def passed_on(w: Any) -> Any:
    return np.sum(in_a_helper(vector, w) ** 2)


CASES = [
    (newtons_method, (POINT + 1.0, 0.7), (0, 1)),
    (newtons_minimum, (POINT + 1.0, 0.7), (0, 1)),
    (laplacian_squared, (POINT,), (0,)),
    (log_volume, (POINT,), (0,)),
    (columns_called, (POINT,), (0,)),
    (rows_made, (POINT,), (0,)),
    (by_several, (POINT, 0.7), (0, 1)),
    (curvature_by_name, (POINT, 0.7), (0, 1)),
    (curvature_by_several, (POINT, 0.7), (0, 1)),
    (of_matrices, (MATRIX,), (0,)),
    (of_matrices_by_rows, (MATRIX,), (0,)),
    (of_a_rectangle, (np.arange(6.0).reshape(2, 3) + 0.5,), (0,)),
    (by_a_dict, (POINT, 0.7), (0, 1)),
    (of_lists_by_lists, (POINT,), (0,)),
    (of_several_values, (POINT,), (0,)),
    (by_a_number, (0.7,), (0,)),
    (by_integers, (0.7,), (0,)),
    (of_complex_values, (POINT,), (0,)),
    (through_a_partial, (POINT,), (0,)),
    (of_a_jacobian, (POINT,), (0,)),
    (along_a_tangent, (POINT,), (0,)),
    (on_two_ways, (POINT,), (0,)),
    (on_two_ways, (-POINT,), (0,)),
    (passed_on, (POINT,), (0,)),
]


@pytest.mark.parametrize(("f", "args", "wrt"), CASES, ids=[case[0].__name__ for case in CASES])
def test_gradient_of_what_takes_jacobians(f: Any, args: Any, wrt: Any) -> None:
    rg.check_grads(f, args, argnums=wrt)


@pytest.mark.parametrize("f", [laplacian_squared, by_several])
def test_second_order(f: Any) -> None:
    args = (POINT, 0.7)[: 2 if f is by_several else 1]
    rg.check_grads(f, args, argnums=(0,), order=2)


@pytest.mark.parametrize("f", [rows_made, through_a_partial, of_a_jacobian])
def test_single_precision_stays(f: Any) -> None:
    found = rg.grad(f)(POINT.astype(np.float32))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, rg.grad(f)(POINT), rtol=1e-4)


# ---------------------------------------------------------------- derivatives of these as they are


def differences(f: Any, x: Any) -> Any:
    """The Jacobian of `f` by central differences."""
    step = 1e-6
    units = step * np.eye(np.size(x))
    return np.stack([(f(x + unit) - f(x - unit)) / (2 * step) for unit in units], axis=-1)


@pytest.mark.parametrize(
    "inner",
    [by_columns, by_rows, curvature, rg.jacobian(rg.grad(quartic)), rg.jacobian(by_columns)],
)
def test_jacobian_of_a_jacobian(inner: Any) -> None:
    expected = differences(inner, POINT)
    np.testing.assert_allclose(rg.jacobian(inner)(POINT), expected, rtol=1e-6, atol=1e-7)
    along = rg.jvp(inner, (POINT,), (POINT,))[1]
    np.testing.assert_allclose(along, expected @ POINT, rtol=1e-6, atol=1e-7)
    value, pull = rg.vjp(inner, POINT)
    back = np.tensordot(value, expected, axes=value.ndim)
    np.testing.assert_allclose(pull(value)[0], back, rtol=1e-6, atol=1e-7)


def test_jacobian_of_a_product_with_the_hessian() -> None:
    product, v = rg.hvp(quartic), np.array([1.5, 0.3])
    expected = differences(lambda w: product(w, 0.7, v), POINT)
    np.testing.assert_allclose(rg.jacobian(product)(POINT, 0.7, v), expected, rtol=1e-6)
    by_vector = rg.jacobian(product, argnums=2)(POINT, 0.7, v)
    np.testing.assert_allclose(by_vector, rg.hessian(quartic)(POINT), rtol=1e-12)


# ---------------------------------------------------------------- what is refused


def sequence_of_one(w: Any) -> Any:
    return rg.jacobian(vector, argnums=(0,))(w)[0][0, 0]


def named_sequence_of_one(w: Any) -> Any:
    return one_in_a_tuple(w)[0][0, 0]


def mode_in_a_variable(w: Any, mode: Any) -> Any:
    return np.sum(rg.jacobian(vector, mode=mode)(w))


def by_what_holds_integers(w: Any) -> Any:
    def g(p: Any) -> Any:
        return p["w"] * p["n"]

    return np.sum(rg.jacobian(g)({"w": w, "n": 3})["w"])


def by_complex_numbers(w: Any) -> Any:
    def g(z: Any) -> Any:
        return np.abs(z) ** 2

    return np.sum(rg.jacobian(g)(w * 1j))


REFUSED = [
    (sequence_of_one, (POINT,), "RG310"),
    (named_sequence_of_one, (POINT,), "RG219"),
    (mode_in_a_variable, (POINT, "forward"), "RG310"),
    (by_what_holds_integers, (POINT,), "RG310"),
    (by_complex_numbers, (POINT,), "RG310"),
]


@pytest.mark.parametrize(("f", "args", "code"), REFUSED)
def test_refused(f: Any, args: Any, code: str) -> None:
    with pytest.raises(rg.UnsupportedError) as refusal:
        rg.grad(f)(*args)
    assert code in str(refusal.value)


TEXT = """
import numpy as np
import retrograd as rg


def turned(w, c):
    return np.sin(w) * w[0] * c


slope = rg.jacobian(turned, mode="{mode}")


def f(w, c):
    return np.sum(slope(w, c) ** 2)
"""


@pytest.mark.parametrize("mode", ["auto", "forward", "reverse"])
def test_static(mode: str) -> None:
    text = rg.gradient_source(TEXT.format(mode=mode), "f", types="w: float[n], c: float")
    scope: dict[str, Any] = {}
    exec(text, scope)
    found = scope["f_grad"](POINT, 2.0)
    np.testing.assert_allclose(found, rg.grad(rows_made)(POINT), rtol=1e-12)
    with pytest.raises(rg.UnsupportedError, match="RG310"):
        rg.gradient_source(TEXT.format(mode=mode), "f")
