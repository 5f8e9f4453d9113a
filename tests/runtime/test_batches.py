"""Mini-batches see every row once an epoch, and runs go on where they stopped, bit for bit."""

import pickle

import numpy as np
import pytest

from retrograd.runtime.solvers.batches import CutBatches, GivenBatches
from retrograd.runtime.solvers.descent import METHODS, minimize_vector
from retrograd.runtime.solvers.result import Status
from retrograd.runtime.solvers.schedules import warm_restarts, warmup
from tests.runtime.problems import half_squares, wood
from tests.runtime.test_saddles import with_curvature

RNG = np.random.default_rng(11)
X = RNG.standard_normal((25, 3))
TRUE = np.array([1.0, -2.0, 0.5])
Y = X @ TRUE
NOISY = Y + 0.1 * RNG.standard_normal(25)


def squares(p, X, y):
    """Half the mean square of X p - y."""
    r = X @ p - y
    return 0.5 * float(np.mean(r**2)), X.T @ r / len(y)


def test_every_row_once_an_epoch_in_another_order():
    rows = np.arange(25)
    batches = CutBatches(((rows, {"a": 2.0 * rows}),), size=8, seed=3)
    assert batches.in_epoch == 4
    epochs = [[batches.at(4 * e + k)[0] for k in range(4)] for e in range(3)]
    for epoch in epochs:
        assert [len(part[0]) for part in epoch] == [8, 8, 8, 1]
        assert sorted(np.concatenate([part[0] for part in epoch])) == list(range(25))
        for part in epoch:
            np.testing.assert_array_equal(part[1]["a"], 2 * part[0])
    orders = {tuple(np.concatenate([part[0] for part in epoch])) for epoch in epochs}
    assert len(orders) == 3
    again = CutBatches((rows,), size=8, seed=3)
    np.testing.assert_array_equal(again.at(9)[0], batches.at(9)[0][0])
    assert batches.at(0)[0][0].dtype == rows.dtype


def test_rows_in_the_order_they_came():
    batches = CutBatches((np.arange(5),), size=2, seed=None, epochs=2)
    assert [list(batches.at(k)[0]) for k in range(4)] == [[0, 1], [2, 3], [4], [0, 1]]
    assert batches.has(5)
    assert not batches.has(6)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ((np.zeros(3), np.zeros(4)), r"data\[0\] has 3, data\[1\] has 4"),
        ((np.zeros(3), 1.0), r"data\[1\] is a float; batches are cut from arrays"),
        ((np.zeros((0, 2)),), "no rows"),
    ],
)
def test_data_that_cannot_be_cut(data, words):
    with pytest.raises(ValueError, match=words):
        CutBatches(data, size=2, seed=None)


def test_iterables_are_iterated_anew_and_iterators_are_not():
    def arguments(item):
        return (item,)

    listed = GivenBatches([1, 2, 3], arguments, epochs=2)
    assert [listed.at(k)[0] for k in range(6)] == [1, 2, 3, 1, 2, 3]
    assert not listed.has(6)
    assert listed.at(6) == (3,)
    once = GivenBatches(iter([1, 2, 3]), arguments)
    assert [once.has(k) for k in range(5)] == [True, True, True, False, False]
    with pytest.raises(ValueError, match="holds no batch"):
        GivenBatches([], arguments).at(0)


def test_converged_is_said_of_all_the_data():
    cut = CutBatches((X, Y), size=5, seed=0)
    options = {"method": "sgd", "learning_rate": 0.3, "batches": cut, "maxiter": 2000}
    result = minimize_vector(squares, np.zeros(3), **options)
    assert result.success
    np.testing.assert_allclose(result.x, TRUE, atol=1e-7)
    np.testing.assert_allclose(result.grad, squares(result.x, X, Y)[1])

    # A batch can be fitted exactly where the rest of the data is not.
    halves = CutBatches((X[:2, :2], NOISY[:2]), size=1, seed=None)
    one_row_at_rest = np.linalg.lstsq(X[:1, :2], NOISY[:1], rcond=None)[0]
    stayed = minimize_vector(
        squares, one_row_at_rest, method="sgd", batches=halves, learning_rate=0.1, maxiter=3
    )
    assert not stayed.success
    assert stayed.nit == 3


def test_the_value_at_the_end_is_of_all_the_data():
    result = minimize_vector(
        squares,
        np.zeros(3),
        method="adam",
        learning_rate=0.05,
        batches=CutBatches((X, NOISY), size=8, seed=0),
        maxiter=40,
    )
    assert result.status == Status.MAXITER
    assert result.fun == pytest.approx(squares(result.x, X, NOISY)[0])
    assert result.history["value"].shape == (41,)


def test_line_searches_refuse_batches():
    with pytest.raises(ValueError, match="'lbfgs' needs the whole function"):
        minimize_vector(
            squares, np.zeros(3), method="lbfgs", batches=CutBatches((X, Y), size=5, seed=0)
        )


RATE = warmup(warm_restarts(0.02, 7, multiply=2), 5)


@pytest.mark.parametrize("method", METHODS)
def test_runs_go_on_bit_for_bit(method):
    value_and_gradient = half_squares(wood)
    options = {"hessian_product": with_curvature(value_and_gradient), "tol": 0, "method": method}
    if "learning_rate" in METHODS[method].defaults:
        options |= {"learning_rate": lambda k: 0.01 * RATE(k), "seed": 4}
    start = np.array([-3.0, -1.0, -3.0, -1.0])
    through = minimize_vector(value_and_gradient, start, maxiter=20, **options)
    first = minimize_vector(value_and_gradient, start, maxiter=9, **options)
    saved = pickle.loads(pickle.dumps(first.state))
    second = minimize_vector(value_and_gradient, start, maxiter=11, state=saved, **options)
    np.testing.assert_array_equal(second.x, through.x)
    assert second.fun == through.fun
    for key, column in through.history.items():
        np.testing.assert_array_equal(
            np.append(first.history[key], second.history[key][1:]), column
        )


@pytest.mark.parametrize("method", [name for name in METHODS if METHODS[name].batches])
def test_batches_go_on_bit_for_bit(method):
    def run(maxiter, state=None):
        return minimize_vector(
            squares,
            np.zeros(3),
            method=method,
            learning_rate=RATE,
            batches=CutBatches((X, NOISY), size=4, seed=9),
            seed=9,
            maxiter=maxiter,
            tol=0,
            state=state,
        )

    through, first = run(30), run(17)
    second = run(13, first.state)
    np.testing.assert_array_equal(second.x, through.x)
    assert second.state.steps == 30


def test_given_batches_go_on_where_they_ended():
    parts = [(X[k : k + 5], NOISY[k : k + 5]) for k in range(0, 25, 5)]

    def run(source, state=None, **more):
        steps = 0 if state is None else state.steps + (not state.starved)
        return minimize_vector(
            squares,
            np.zeros(3),
            method="momentum",
            batches=GivenBatches(source, lambda item: item, begin=steps),
            state=state,
            **more,
        )

    through = run(iter(parts))
    assert through.nit == 5
    assert through.message == "the data came to its end"
    ended = run(iter(parts[:3]))
    np.testing.assert_array_equal(run(iter(parts[3:]), ended.state).x, through.x)
    stream = iter(parts)
    stopped = run(stream, maxiter=2)
    np.testing.assert_array_equal(run(stream, stopped.state).x, through.x)


def test_states_that_do_not_fit():
    state = minimize_vector(half_squares(wood), np.zeros(4), method="adam", maxiter=2).state
    with pytest.raises(ValueError, match="of method 'adam'; 'gd' came"):
        minimize_vector(half_squares(wood), np.zeros(4), method="gd", state=state)
    with pytest.raises(ValueError, match="4 parameters, the start 3"):
        minimize_vector(half_squares(wood), np.zeros(3), method="adam", state=state)
