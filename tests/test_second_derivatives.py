"""Second and third derivatives: of functions of records, through recursion and tapes; how long they are."""

import ast
import math
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest

import retrograd as rg
from retrograd.runtime.pytrees import flatten, unflatten

POINT = np.array([0.3, -0.5, 0.8])
MATRIX = np.array([[0.3, -0.5, 0.8], [1.1, 0.2, -0.7], [0.4, 0.9, 0.1]])


pytestmark = pytest.mark.usefixtures("compiled_once")


@dataclass
class Layer:
    W: Any
    b: Any
    activation: str = "tanh"


@dataclass(frozen=True)
class Net:
    first: Layer
    rest: list[Layer]


class Gas(NamedTuple):
    n: Any
    T: Any


class Model:
    def __init__(self, w: Any, k: Any) -> None:
        self.w = w
        self.k = k

    def predict(self, x: Any) -> Any:
        return np.tanh(self.w * x) * self.k


def apply(layer: Layer, x: Any) -> Any:
    h = layer.W @ x + layer.b
    return np.tanh(h) if layer.activation == "tanh" else h


def of_a_dataclass(layer: Layer) -> Any:
    return np.sum(apply(layer, POINT) ** 2)


def of_nested_records(net: Net) -> Any:
    h = apply(net.first, POINT)
    for layer in net.rest:
        h = apply(layer, h)
    return np.sum(h**2)


def of_a_namedtuple(gas: Gas) -> Any:
    return gas.n**2 * np.sum(gas.T**3)


def of_a_list_of_namedtuples(gases: list[Gas]) -> Any:
    return sum([gas.n**3 * np.sum(gas.T**2) for gas in gases])


def of_replaced_fields(gas: Gas) -> Any:
    hot = Gas(gas.n * 2, gas.T**2)
    for _ in range(3):
        hot = hot._replace(n=hot.n * gas.n)
    return hot.n * np.sum(hot.T)


def of_a_namespace(p: SimpleNamespace) -> Any:
    return np.sum((p.a * p.inner.c) ** 3) * p.inner.d


def of_an_object(model: Model) -> Any:
    return np.sum(model.predict(POINT) ** 2)


def of_a_record_in_a_dict(d: dict[str, Any]) -> Any:
    return np.sum(d["layer"].W ** 3) * d["scale"]


def on_two_ways(layer: Layer) -> Any:
    if layer.b[0] > 0:
        return np.sum(layer.W**2)
    return np.sum(layer.b**3)


def of_a_gradient(layer: Layer) -> Any:
    slope = rg.grad(of_a_dataclass)(layer)
    return np.sum(slope.W**2) + np.sum(slope.b**3)


RECORDS = [
    (of_a_dataclass, Layer(MATRIX, POINT)),
    (of_nested_records, Net(Layer(MATRIX, POINT), [Layer(MATRIX.T, POINT, "none")])),
    (of_a_namedtuple, Gas(0.7, POINT)),
    (of_a_list_of_namedtuples, [Gas(0.7, POINT), Gas(0.3, POINT + 1.0)]),
    (of_replaced_fields, Gas(0.7, POINT)),
    (of_a_namespace, SimpleNamespace(a=POINT, inner=SimpleNamespace(c=0.7, d=1.3))),
    (of_an_object, Model(POINT, 0.7)),
    (of_a_record_in_a_dict, {"layer": Layer(MATRIX, POINT), "scale": 0.4}),
    (on_two_ways, Layer(MATRIX, POINT)),
    (of_a_gradient, Layer(MATRIX, POINT)),
]


@pytest.mark.parametrize(("f", "p"), RECORDS, ids=[case[0].__name__ for case in RECORDS])
def test_products_by_records(f: Any, p: Any) -> None:
    check_product(f, p)


def check_product(f: Any, p: Any, *others: Any) -> None:
    """Hold ``H @ v`` against central differences of the gradient."""
    x, step, gradient = flatten(p), 1e-5, rg.grad(f)
    v = np.random.default_rng(1).normal(size=x.size)

    def moved(t: float) -> Any:
        return flatten(gradient(unflatten(x + t * v, p), *others), like=p)

    found = flatten(rg.hvp(f)(p, *others, unflatten(v, p)), like=p)
    expected = (moved(step) - moved(-step)) / (2 * step)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-8)


def test_a_gradient_by_a_record_can_be_differentiated() -> None:
    p = Layer(MATRIX, POINT)
    found, step = rg.grad(of_a_gradient)(p), 1e-6
    for name in ("W", "b"):
        start = getattr(p, name)
        for index in np.ndindex(start.shape):
            values = []
            for sign in (1.0, -1.0):
                changed = start.copy()
                changed[index] += sign * step
                values.append(of_a_gradient(Layer(**{**vars(p), name: changed})))
            expected = (values[0] - values[1]) / (2 * step)
            assert getattr(found, name)[index] == pytest.approx(expected, rel=1e-5, abs=1e-8)


# ---------------------------------------------------------------- namespaces that are filled


def filled(x: Any) -> Any:
    p = SimpleNamespace(a=x)
    p.b = 2.0 * x
    for _ in range(2):
        p.b = p.b * p.a
    return np.sum(p.a * p.b)


def test_a_namespace_is_filled() -> None:
    rg.check_grads(filled, (0.7,), order=2)
    rg.check_grads(filled, (POINT,))


# ---------------------------------------------------------------- reverse mode over forward mode


def tower(x: Any, n: Any) -> Any:
    if n <= 0:
        return np.sum(x**2)
    return tower(np.sin(x) * x[0], n - 1)


def branching(x: Any, n: Any) -> Any:
    if n <= 0:
        return x * x[0]
    left, right = branching(np.sin(x), n - 1), branching(x**2, n - 2)
    return left * right + x


def branched(x: Any, n: Any) -> Any:
    return np.sum(branching(x, n))


def two_buffers(u: Any, k: Any) -> Any:
    for _ in range(3):
        new = u.copy()
        new[1:-1] = u[1:-1] + k * np.sin(u[2:] - u[:-2])
        u = new
    return np.sum(u * u * u)


@pytest.mark.parametrize(("f", "other"), [(tower, 3), (branched, 3), (two_buffers, 0.3)])
def test_through_recursion_and_tapes(f: Any, other: Any) -> None:
    check_product(f, POINT, other)
    units = np.eye(3)
    columns = [rg.hvp(f)(POINT, other, unit) for unit in units]
    hessian = rg.hessian(f)
    for _ in range(2):  # the second call knows the way
        np.testing.assert_allclose(hessian(POINT, other), np.stack(columns, axis=-1), rtol=1e-12)


def test_blocks_of_a_hessian_the_other_way() -> None:
    (uu, uk), (ku, kk) = rg.hessian(two_buffers, (0, 1))(POINT, 0.3)
    np.testing.assert_allclose(uu, uu.T, rtol=1e-12)
    np.testing.assert_allclose(uk, ku, rtol=1e-12)
    step = 1e-6
    slopes = [rg.grad(two_buffers, argnums=1)(POINT, 0.3 + sign * step) for sign in (1, -1)]
    assert kk == pytest.approx((slopes[0] - slopes[1]) / (2 * step), rel=1e-6)


def curvature_of_recursion(w: Any) -> Any:
    return np.sum(rg.hvp(tower)(w, 2, w * w)) + np.sum(rg.hessian(tower)(w, 2) ** 2)


def test_products_through_recursion_inside_a_function() -> None:
    rg.check_grads(curvature_of_recursion, (POINT,))


# ---------------------------------------------------------------- writes by index arrays


def repeated_writes(v: Any) -> Any:
    y = np.zeros(3)
    y[np.array([0, 2, 0])] = v**3
    return np.sum(y**2)


def masked_writes(x: Any) -> Any:
    y = x**3
    y[x < 0.0] = (x**2)[x < 0.0]
    return np.sum(y**2)


def picked(m: Any) -> Any:
    total = 0.0
    for i, j in [(0, np.array([1, 1])), (1, np.array([0, 2]))]:
        total = total + np.sum(m[i, j] ** 3)
    return total


@pytest.mark.parametrize(
    ("f", "x"), [(repeated_writes, POINT), (masked_writes, POINT), (picked, MATRIX)]
)
def test_index_arrays(f: Any, x: Any) -> None:
    rg.check_grads(f, (x,), order=2)
    found, step = rg.jvp(rg.grad(f), (x,), (x,))[1], 1e-6
    expected = (rg.grad(f)(x + step * x) - rg.grad(f)(x - step * x)) / (2 * step)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8)


# ---------------------------------------------------------------- how long they are


def count(text: str) -> int:
    """How many statements the functions in `text` have, without headers and docstrings."""
    heads = (ast.FunctionDef, ast.Import, ast.ImportFrom)
    return sum(
        isinstance(node, ast.stmt)
        and not isinstance(node, heads)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in ast.walk(ast.parse(text))
    )


def cube(x: Any) -> Any:
    return x * x * x


def bell(x: Any) -> Any:
    return math.exp(-x * x)


def wave(x: Any) -> Any:
    return math.sin(x) * x**3


def ratio(x: Any) -> Any:
    return x / (1 + x * x)


def horner(x: Any, c: Any) -> Any:
    y = 0.0
    for k in range(10):
        y = y * x + c[k]
    return y


def logistic_loss(w: Any, b: Any, X: Any, y: Any, decay: Any) -> Any:
    z = X @ w + b
    nll = np.mean(np.logaddexp(0.0, z) - y * z)
    return nll + 0.5 * decay * np.dot(w, w)


def test_second_derivative_of_a_cube() -> None:
    twice = rg.grad(rg.grad(cube))
    assert twice(0.7) == pytest.approx(6 * 0.7)
    assert count(twice.source) < 10


def test_second_derivative_of_a_loop() -> None:
    twice, c = rg.grad(rg.grad(horner)), np.arange(1.0, 11.0)
    assert twice(0.7, c) == pytest.approx(np.polyval(np.polyder(c, 2), 0.7))
    assert count(twice.source) < 40


def test_product_with_the_hessian_of_the_logistic_loss() -> None:
    rng = np.random.default_rng(0)
    X, y, v = rng.normal(size=(8, 3)), (rng.normal(size=8) > 0).astype(float), rng.normal(size=3)
    product = rg.hvp(logistic_loss)
    p = 1.0 / (1.0 + np.exp(-(X @ POINT + 0.2)))
    expected = X.T @ (p * (1.0 - p) * (X @ v)) / 8 + 0.1 * v
    np.testing.assert_allclose(product(POINT, 0.2, X, y, 0.1, v), expected, rtol=1e-12)
    assert count(product.source) < 15


@pytest.mark.parametrize(
    ("f", "third", "most"),
    [
        (cube, lambda x: 6.0, 3),
        (bell, lambda x: (12 * x - 8 * x**3) * math.exp(-x * x), 12),
        (
            wave,
            lambda x: (6 - 9 * x**2) * math.sin(x) + (18 * x - x**3) * math.cos(x),
            10,
        ),
        (ratio, lambda x: -6 * (x**4 - 6 * x**2 + 1) / (1 + x * x) ** 4, 15),
    ],
)
def test_third_derivatives(f: Any, third: Any, most: int) -> None:
    thrice = rg.grad(rg.grad(rg.grad(f)))
    assert thrice(0.7) == pytest.approx(third(0.7), rel=1e-12)
    assert count(thrice.source) <= most
