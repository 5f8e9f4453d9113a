"""Sparse matrices hold no derivative; what is multiplied by them, or solved with them, does."""

from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from scipy import sparse
from scipy.sparse.linalg import cg, gmres, splu, spsolve

import retrograd as rg
from tests.differences import differences

STEP = 1e-5


pytestmark = pytest.mark.usefixtures("compiled_once")


_RNG = np.random.default_rng(0)
DENSE = np.diag(np.arange(4.0, 8.0)) + 0.3 * _RNG.normal(size=(4, 4))
SQUARE = sp.csc_matrix(DENSE)
SQUARE_ARRAY = sp.csc_array(DENSE)
SYMMETRIC = sp.csr_matrix(DENSE @ DENSE.T)
WIDE = sp.csr_array(_RNG.normal(size=(3, 4)))
X = _RNG.normal(size=4)
COLUMNS = _RNG.normal(size=(4, 2))


def from_outside(x: Any) -> Any:
    return np.sum((SQUARE @ x) ** 2) + np.sum(WIDE.dot(x) ** 3)


def there_and_back(x: Any, a: Any) -> Any:
    return np.sum((a.T @ (a @ x)) ** 2)


def from_the_left(x: Any, a: Any) -> Any:
    return np.sum(np.sin(x) @ a * x)


def in_a_loop(x: Any, a: Any) -> Any:
    y = a.dot(x)
    for _ in range(3):
        y = y + 0.1 * a.T.dot(y)
    return y @ y


def product(a: Any, x: Any) -> Any:
    return a @ x


def in_a_helper(x: Any, a: Any) -> Any:
    return np.sum(product(a, x) ** 2 + product(a.T, x))


def made_dense(x: Any, a: Any) -> Any:
    return np.sum((a.toarray() @ x) ** 2)


def solved(x: Any, a: Any) -> Any:
    return np.sum(spsolve(a, x) ** 2)


def solved_as_a_column(x: Any, a: Any) -> Any:
    return np.sum(spsolve(a, x[:, None]) ** 2)


def by_conjugate_gradients(x: Any, a: Any) -> Any:
    y = x
    for _ in range(2):
        y, _ = cg(a, x, x0=y, rtol=1e-13)
    return y @ y


def by_residuals(x: Any, a: Any) -> Any:
    y, status = gmres(a, x, rtol=1e-13, restart=4)
    if status != 0:
        raise ValueError("no solution was found")
    return np.sum(y**2)


def step_by_step(c: Any) -> Any:
    n = 4
    laplacian = sparse.diags([-1.0, 2.0, -1.0], [-1, 0, 1], shape=(n, n))
    a = (sparse.eye(n) + 0.1 * laplacian).tocsc()
    u = c * np.arange(1.0, 5.0)
    for _ in range(3):
        u = spsolve(a, u + a @ u**2)
    return np.sum(u**2)


CASES = [
    (from_outside, (X,)),
    *((f, (X, a)) for a in (SQUARE, SQUARE_ARRAY) for f in (there_and_back, from_the_left)),
    *((f, (X, a)) for a in (SQUARE, SQUARE_ARRAY) for f in (in_a_loop, in_a_helper, solved)),
    (there_and_back, (X, WIDE)),
    (there_and_back, (COLUMNS, WIDE)),
    (made_dense, (X, SQUARE)),
    (solved, (COLUMNS, SQUARE_ARRAY)),
    (solved_as_a_column, (X, SQUARE)),
    (by_conjugate_gradients, (X, SYMMETRIC)),
    (by_residuals, (X, SQUARE)),
    (by_residuals, (X, DENSE)),
    (step_by_step, (0.3,)),
]


@pytest.mark.parametrize(("f", "args"), CASES, ids=[case[0].__name__ for case in CASES])
def test_gradient_in_both_modes(f: Any, args: Any) -> None:
    expected = differences(f, args, 0, STEP)
    reverse = rg.grad(f)(*args)
    forward = rg.jacobian(f, mode="forward")(*args)
    np.testing.assert_allclose(reverse, expected, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(forward, reverse, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("f", [from_outside, there_and_back, in_a_loop, solved, by_residuals])
def test_second_order(f: Any) -> None:
    args = next(args for one, args in CASES if one is f)
    expected = differences(rg.grad(f), args, 0, STEP)
    np.testing.assert_allclose(rg.hessian(f)(*args), expected, rtol=1e-5, atol=1e-5)


TEXT = """
import numpy as np
from scipy.sparse.linalg import spsolve

def f(x, a):
    return np.sum(spsolve(a, (a @ x) ** 2)) + np.sum(x @ a)
"""


@pytest.mark.parametrize("annotation", ["", ": csc_matrix"])
def test_source(annotation: str) -> None:
    namespace: dict[str, Any] = {"csc_matrix": sp.csc_matrix}
    text = TEXT.replace("(x, a):", f"(x, a{annotation}):")
    exec(rg.gradient_source(text, "f"), namespace)
    expected = differences(solved_and_multiplied, (X, SQUARE), 0, STEP)
    np.testing.assert_allclose(namespace["f_grad"](X, SQUARE), expected, rtol=1e-6)


def solved_and_multiplied(x: Any, a: Any) -> Any:
    return np.sum(spsolve(a, (a @ x) ** 2)) + np.sum(x @ a)


def combined(x: Any, a: Any) -> Any:
    b = (2.0 * a - a.T) @ a / 3.0 + sp.eye(4)
    return np.sum((b @ x) ** 2) + np.sum((-b)[1:3, :] @ x) + np.sum(a.toarray().diagonal() * x)


@pytest.mark.parametrize("a", [SQUARE, SQUARE_ARRAY])
def test_arithmetic_of_sparse_matrices(a: Any) -> None:
    expected = differences(combined, (X, a), 0, STEP)
    np.testing.assert_allclose(rg.grad(combined)(X, a), expected, rtol=1e-6)


def test_single_precision() -> None:
    assert rg.grad(there_and_back)(X.astype(np.float32), SQUARE).dtype == np.float32


# ---------------------------------------------------------------- what is refused


def times(x: Any, a: Any) -> Any:
    """Of a matrix this is a product of matrices, of an array one of entries."""
    return np.sum(a * x)


def scaled(x: Any, a: Any) -> Any:
    return np.sum((x[0] * a) @ np.ones(4))


def entries(x: Any, a: Any) -> Any:
    return np.sum(a.multiply(x))


def filled(x: Any, a: Any) -> Any:
    return np.sum(sp.csr_matrix((x, (np.arange(4), np.arange(4)))) @ np.ones(4))


def diagonals(x: Any, a: Any) -> Any:
    return np.sum(spsolve(sparse.diags([x], [0]), np.ones(4)))


def factorized(x: Any, a: Any) -> Any:
    return np.sum(splu(a).solve(x))


def preconditioned(x: Any, a: Any) -> Any:
    return np.sum(gmres(a, x, M=a)[0])


def watched(x: Any, a: Any) -> Any:
    return np.sum(cg(a, x, callback=print)[0])


def sums(x: Any, a: Any) -> Any:
    """A matrix with a row, or an array with one axis."""
    return np.sum(a.sum(axis=0) @ x)


def row(x: Any, a: Any) -> Any:
    return np.sum(a[0] @ x)


def with_an_array(x: Any, a: Any) -> Any:
    return np.sum((a + np.ones((4, 4))) @ x)


@pytest.mark.parametrize(
    "f",
    [
        *(times, scaled, entries, filled, diagonals, factorized, preconditioned, watched),
        *(sums, row, with_an_array),
    ],
)
def test_refused(f: Any) -> None:
    for derivative in (rg.grad(f), rg.jacobian(f, mode="forward")):
        with pytest.raises(rg.UnsupportedError):
            derivative(X, SQUARE)


def test_a_dense_matrix_that_varies_is_refused() -> None:
    with pytest.raises(rg.UnsupportedError, match="RG302"):
        rg.grad(by_residuals, argnums=(0, 1))(X, DENSE)
