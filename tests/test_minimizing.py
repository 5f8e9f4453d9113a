"""`minimize` with generated derivatives."""

import io
from collections import namedtuple
from types import SimpleNamespace

import numpy as np
import pytest
import scipy.optimize
from rich.console import Console

import retrograd as rg
from retrograd.progress import progress_of
from retrograd.runtime.solvers.result import Status
from retrograd.runtime.solvers.stopping import State

X = np.linspace(-1.0, 1.0, 30)
Y = 2.0 * X + 0.5


def rosenbrock(x):
    return 100.0 * (x[1] - x[0] ** 2) ** 2 + (1.0 - x[0]) ** 2


def bowl(params, target):
    return np.sum((params["w"] - target) ** 2) + (params["b"] - 2.0) ** 2


Pair = namedtuple("Pair", ["u", "v"])


def pair_loss(pair):
    u, v = pair
    return (u - 1.0) ** 2 + (v - 2.0) ** 2


def parabola(x):
    return (x - 3.0) ** 2


def circle(x):
    return x[0] ** 2 + x[1] ** 2 - 1.0


@pytest.mark.parametrize("x0", [[-1.2, 1], (-1.2, 1.0), np.array([-1.2, 1.0]), np.array([-1, 1])])
def test_minimize_over_a_vector(x0):
    result = rg.minimize(rosenbrock, x0)
    assert result.success
    assert isinstance(result.x, np.ndarray)
    np.testing.assert_allclose(result.x, 1.0, atol=1e-7)
    np.testing.assert_array_equal(result.jac, result.grad)


@pytest.mark.parametrize("method", ["bfgs", "lbfgs", "saddle-free-newton"])
def test_a_slope_without_end_is_no_minimum_where_steps_end(method):
    result = rg.minimize(lambda x: x[0] + x[1] ** 2, np.array([3.0, 1.0]), method=method)
    assert result.status == Status.STALLED
    assert result.fun < -1e30


@pytest.mark.parametrize("method", ["bfgs", "lbfgs", "saddle-free-newton"])
def test_steps_end_at_a_steep_minimum(method):
    def steep(x):
        return 1e12 * ((x[0] - 5.1) ** 2 + 1e-7 * x[1] ** 2) + 1e3

    result = rg.minimize(steep, np.array([3.0, 1.0]), method=method, tol=1e-300)
    assert result.success, result.message
    assert result.x[0] == pytest.approx(5.1)


@pytest.mark.parametrize("x0", [0.0, 1, np.float64(2.0)])
def test_minimize_over_a_number(x0):
    result = rg.minimize(parabola, x0)
    assert result.success
    assert isinstance(result.x, float)
    assert result.x == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("method", "options"),
    [
        ("bfgs", {}),
        ("gd", {"learning_rate": 0.3}),
        ("momentum", {"learning_rate": 0.05}),
        ("adam", {"learning_rate": lambda k: 0.2 * 0.995**k, "maxiter": 3000}),
    ],
)
def test_minimize_over_a_dict(method, options):
    start = {"w": np.zeros((2, 3)), "b": 0.0}
    target = np.arange(6.0).reshape(2, 3)
    result = rg.minimize(bowl, start, (target,), method=method, **options)
    assert result.success
    assert result.x.keys() == result.grad.keys() == {"w", "b"}
    np.testing.assert_allclose(result.x["w"], target, atol=1e-7)
    assert result.x["b"] == pytest.approx(2.0)
    np.testing.assert_array_equal(start["w"], 0)


def test_minimize_over_a_tuple_of_parts():
    result = rg.minimize(pair_loss, Pair(0.0, 0.0))
    assert isinstance(result.x, Pair)
    np.testing.assert_allclose(result.x, [1, 2], atol=1e-8)


def test_callbacks_see_the_structure_of_the_start():
    seen = []

    def callback(state):
        seen.append(state.x)
        return True

    result = rg.minimize(bowl, {"w": np.zeros(2), "b": 0.0}, (np.ones(2),), callback=callback)
    assert not result.success
    assert result.nit == 1
    assert seen[0].keys() == {"w", "b"}


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"seed": 3}, ValueError, "seed=3 came"),
        ({"bounds": [(0, 1)] * 3}, ValueError, r"2 pairs \(lower, upper\)"),
        ({"bounds": [(0, 1), (2, 1)]}, ValueError, "bounds 2.0 and 1.0 came for parameter 1"),
        ({"bounds": [(0, 1), (1, 1)]}, ValueError, "leave it no choice"),
        ({"batch_size": 3, "method": "sgd"}, ValueError, "batch_size=3 came without data"),
        ({"data": (X,), "batch_size": 0}, ValueError, "batch_size=0"),
        ({"data": (X,), "epochs": 2}, ValueError, "epochs=2 came without batches"),
        ({"data": (X,), "batch_size": 2}, ValueError, "'bfgs' needs the whole function"),
        ({"data": 7}, TypeError, "data=7 came"),
        ({"data": [X], "method": "gd", "tol": 1e-3}, ValueError, "tol=0.001 came"),
        ({"state": 7}, TypeError, "state=7 came"),
        (
            {"constraints": [1]},
            ValueError,
            "constraint 1 came; a dict, or an object with lb and ub",
        ),
        ({"constraints": {"type": "le", "fun": parabola}}, ValueError, "type 'eq' or 'ineq'"),
        (
            {"constraints": {"type": "eq", "fun": circle, "args": (1,)}},
            ValueError,
            "let its fun read them around it",
        ),
        ({"constraints": {"type": "eq", "fun": circle}, "tol": 0}, ValueError, "tol=0 and"),
        (
            {"constraints": {"type": "eq", "fun": circle}, "data": [X], "method": "sgd"},
            ValueError,
            "constraints came with batches",
        ),
        ({"method": "powell"}, ValueError, "'powell' came; available are 'gd'"),
        ({"method": "adam", "momentum": 0.9}, TypeError, "'adam' has no option 'momentum'"),
        ({"x0": {"n": 3}}, ValueError, "floats or arrays of floats were wanted"),
        ({"x0": "abc"}, ValueError, "floats or arrays of floats were wanted"),
        ({"x0": [np.nan, 1.0]}, ValueError, "parameter 0 is nan"),
    ],
)
def test_minimize_refuses(options, error, words):
    with pytest.raises(error, match=words):
        rg.minimize(**{"loss": rosenbrock, "x0": [-1.2, 1.0], **options})


def test_native_gradients_take_the_same_steps():
    pytest.importorskip("numba")
    options = {"maxiter": 20, "tol": 0}
    plain = rg.minimize(rosenbrock, [-1.2, 1.0], **options)
    native = rg.minimize(rosenbrock, [-1.2, 1.0], jit=True, **options)
    np.testing.assert_allclose(native.x, plain.x, rtol=1e-9)


# ---------------------------------------------------------------- curvature


def saddle(p):
    return p["x"] ** 2 - p["y"][0] ** 2 + p["y"][0] ** 4


def test_a_saddle_is_no_success_and_can_be_left():
    start = {"x": 1.0, "y": [0.0]}
    stopped = rg.minimize(saddle, start)
    assert stopped.status == Status.SADDLE
    assert not stopped.success
    left = rg.minimize(saddle, start, method="saddle-free-newton")
    assert left.success
    assert left.fun == pytest.approx(-0.25)


@pytest.mark.parametrize("method", ["newton", "newton-cg", "saddle-free-newton", "cg", "lbfgs"])
def test_methods_with_exact_second_derivatives(method):
    result = rg.minimize(rosenbrock, [-1.2, 1.0], method=method)
    assert result.success
    assert "curvature" not in result.message
    np.testing.assert_allclose(result.x, 1.0, atol=1e-7)


# ---------------------------------------------------------------- data


def line_loss(p, x, y, scale):
    r = p["slope"] * x + p["offset"] - y
    return scale * np.mean(r**2)


def row_loss(p, rows, y):
    return np.mean((p[rows] - y) ** 2)


LINE = {"slope": 0.0, "offset": 0.0}


def test_batches_of_arrays():
    options = {"method": "sgd", "learning_rate": 0.2, "data": (X, Y), "batch_size": 8, "seed": 1}
    result = rg.minimize(line_loss, LINE, (0.5,), epochs=60, **options)
    assert result.nit <= 60 * 4
    assert result.x["slope"] == pytest.approx(2.0, abs=1e-3)
    assert result.fun == pytest.approx(line_loss(result.x, X, Y, 0.5))

    steps = [
        rg.minimize(line_loss, LINE, (0.5,), maxiter=40, tol=0, **options),
        rg.minimize(line_loss, LINE, (0.5,), maxiter=25, tol=0, **options),
    ]
    options["seed"] = None
    resumed = rg.minimize(
        line_loss, LINE, (0.5,), maxiter=15, tol=0, state=steps[1].state, **options
    )
    assert resumed.x == steps[0].x
    with pytest.raises(ValueError, match="seed=2 came; the state is of a run with seed=1"):
        rg.minimize(line_loss, LINE, (0.5,), state=resumed.state, **{**options, "seed": 2})


def test_all_the_data_at_once_is_more_arguments():
    result = rg.minimize(line_loss, LINE, (1.0,), data=(X.astype(np.float32), Y))
    assert result.success
    assert result.x["offset"] == pytest.approx(0.5, abs=1e-6)


def test_batches_of_an_iterable_end_the_run():
    parts = [(X[k : k + 10], Y[k : k + 10]) for k in (0, 10, 20)]
    options = {"method": "adam", "learning_rate": 0.1}
    result = rg.minimize(line_loss, LINE, (1.0,), data=parts, epochs=4, **options)
    assert (result.nit, result.status) == (12, Status.MAXITER)
    once = rg.minimize(line_loss, LINE, (1.0,), data=iter(parts), **options)
    assert once.nit == 3


def test_whole_numbers_in_data_stay_whole():
    rows, y = np.arange(4), np.arange(4.0)  # a float would be no subscript
    options = {"method": "sgd", "learning_rate": 0.5, "epochs": 20, "seed": 0}
    result = rg.minimize(row_loss, np.zeros(4), data=(rows, y), batch_size=3, **options)
    np.testing.assert_allclose(result.x, y, atol=1e-2)


# ---------------------------------------------------------------- bounds


def hill(p):
    return (p["a"] - 3.0) ** 2 + np.sum((p["b"] + 1.0) ** 2)


def test_bounds_as_people_write_them():
    expected = scipy.optimize.minimize(rosenbrock, [0.0, 0.0], bounds=[(None, 0.5), (-1, 2)]).x
    for bounds in (
        [(None, 0.5), (-1, 2)],
        scipy.optimize.Bounds([-np.inf, -1], [0.5, 2]),
        SimpleNamespace(lb=None, ub=np.array([0.5, 2.0])),
    ):
        result = rg.minimize(rosenbrock, [0.0, 0.0], bounds=bounds)
        assert result.success
        np.testing.assert_allclose(result.x, expected, atol=1e-4)
    assert rg.minimize(parabola, 0.0, bounds=(0, 2)).x == 2.0


def test_bounds_beside_a_pytree():
    start = {"a": 0.0, "b": np.ones(2)}
    lower = {"a": None, "b": np.array([0.5, -5.0])}
    result = rg.minimize(hill, start, bounds=(lower, {"a": 1.0, "b": 9.0}))
    assert result.success
    assert result.x["a"] == 1.0
    np.testing.assert_allclose(result.x["b"], [0.5, -1.0], atol=1e-8)
    with pytest.raises(ValueError, match=r"nothing for leaf \['b'\]"):
        rg.minimize(hill, start, bounds=({"a": 0.0}, 5.0))
    with pytest.raises(ValueError, match=r"shape \(3,\) for leaf \['b'\] of shape \(2,\)"):
        rg.minimize(hill, start, bounds=({"a": 0.0, "b": np.zeros(3)}, 5.0))


# ---------------------------------------------------------------- constraints


def hs71(x):
    return x[0] * x[3] * (x[0] + x[1] + x[2]) + x[2]


def hs71_product(x):
    return x[0] * x[1] * x[2] * x[3] - 25.0


def hs71_sphere(x):
    return np.sum(x**2) - 40.0


#: Hock and Schittkowski, *Test examples for nonlinear programming codes*, 1981, problem 71.
HS71 = [1.0, 4.7429994, 3.8211503, 1.3794082]


def test_constraints_beside_bounds():
    constraints = [{"type": "ineq", "fun": hs71_product}, {"type": "eq", "fun": hs71_sphere}]
    result = rg.minimize(
        hs71,
        [1.0, 5.0, 5.0, 1.0],
        method="newton",
        bounds=[(1, 5)] * 4,
        constraints=constraints,
        tol=1e-6,
    )
    assert result.success, result.message
    np.testing.assert_allclose(result.x, HS71, atol=1e-6)
    assert result.fun == pytest.approx(17.0140173, abs=1e-6)
    assert abs(hs71_sphere(result.x)) < 1e-7
    assert hs71_product(result.x) > -1e-7
    # The gradient of the Lagrangian vanishes for what no bound holds.
    slopes = rg.grad(hs71_product)(result.x), rg.grad(hs71_sphere)(result.x)
    rest = result.grad + sum(w[0] * s for w, s in zip(result.multipliers, slopes, strict=True))
    np.testing.assert_allclose(rest[1:], 0, atol=1e-5)
    assert result.multipliers[0] < 0
    assert len(result.history["value"]) == result.nit + 1


def test_constraints_as_people_write_them():
    best = np.array([0.7864151541684, 0.6176983125234])  # Rosenbrock's function within the circle
    for constraints in (
        {"type": "ineq", "fun": lambda x: 1.0 - x[0] ** 2 - x[1] ** 2},
        scipy.optimize.NonlinearConstraint(circle, -np.inf, 0.0),
        [SimpleNamespace(fun=circle, lb=-np.inf, ub=0.0)],
    ):
        result = rg.minimize(rosenbrock, [0.0, 0.0], constraints=constraints, tol=1e-6)
        assert result.success, result.message
        np.testing.assert_allclose(result.x, best, atol=1e-6)
    radius = 1.0  # a closure

    def within(x):
        return np.array([radius**2 - x[0] ** 2 - x[1] ** 2])

    closed = rg.minimize(
        rosenbrock, [0.0, 0.0], constraints={"type": "ineq", "fun": within}, tol=1e-6
    )
    np.testing.assert_allclose(closed.x, best, atol=1e-6)
    on_a_line = scipy.optimize.LinearConstraint([[1.0, 1.0]], 1.0, 1.0)
    result = rg.minimize(rosenbrock, [0.0, 0.0], constraints=on_a_line, tol=1e-6)
    expected = scipy.optimize.minimize(rosenbrock, [0.0, 0.0], constraints=on_a_line, tol=1e-12)
    np.testing.assert_allclose(result.x, expected.x, atol=1e-5)


def test_constraints_on_a_pytree_and_a_first_order_method():
    start = {"a": 1.0, "b": np.zeros(2)}
    together = {"type": "eq", "fun": lambda p: p["a"] + p["b"][0] - 1.0}
    options = {"method": "gd", "learning_rate": 0.02, "tol": 1e-6, "maxiter": 20000}
    result = rg.minimize(hill, start, constraints=together, **options)
    assert result.success, result.message
    assert result.x["a"] == pytest.approx(2.5, abs=1e-5)
    np.testing.assert_allclose(result.x["b"], [-1.5, -1.0], atol=1e-5)


def test_constraints_that_nothing_meets():
    impossible = [{"type": "eq", "fun": circle}, {"type": "ineq", "fun": lambda x: x[0] - 2.0}]
    result = rg.minimize(rosenbrock, [0.5, 0.5], constraints=impossible, maxiter=60)
    assert not result.success
    assert "the constraints are met to " in result.message


# ---------------------------------------------------------------- what people see


def test_progress_is_a_line_on_a_terminal_and_nothing_elsewhere(capsys):
    seen = []
    quiet = rg.minimize(rosenbrock, [-1.2, 1.0], progress=True, callback=seen.append)
    assert len(seen) == quiet.nit - 1  # the last step ended it
    assert capsys.readouterr() == ("", "")

    screen = Console(file=io.StringIO(), force_terminal=True, width=200)
    state = State(7, np.zeros(2), 0.5, {"value": 0.5, "gradient_norm": 3.0, "rate": 0.1})
    with progress_of("adam", lambda state: True, True, screen) as callback:
        assert callback(state) is True
    assert "adam      7   value 0.5   gradient 3.00e+00   rate 1.00e-01" in screen.file.getvalue()


def test_the_history_is_a_table_and_a_picture():
    result = rg.minimize(rosenbrock, [-1.2, 1.0], method="adam", maxiter=30)
    assert {column.shape for column in result.history.values()} == {(31,)}
    assert list(result.history) == ["value", "gradient_norm", "step", "rate"]
    pytest.importorskip("matplotlib")
    (axes,) = result.plot().axes
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), result.history["value"])
    assert axes.get_title() == "adam"


# ---------------------------------------------------------------- what is refused and what is fixed


def unreadable(p):
    try:
        return p[0] ** 2
    finally:
        pass


def test_refusals_pass_through():
    with pytest.raises(rg.UnsupportedError):
        rg.minimize(unreadable, [1.0, 2.0])


def test_integers_beside_floats_are_named():
    def bowl(p):
        return (p["a"] - 1.0) ** 2 + (p["b"][0] - 2.0) ** 2 + (p["c"] - 3.0) ** 2

    result = rg.minimize(bowl, {"a": 0, "b": [0.0, True], "c": 0.0})
    assert result.x["a"] == 0
    assert result.message.endswith("; held fixed: x['a'] (write 0.0 for 0 to fit it)")
    assert "held fixed" not in rg.minimize(bowl, {"a": 0.0, "b": [0.0], "c": 0.0}).message
