"""`rg.rule`: derivatives that users give to functions themselves."""

import ctypes
import ctypes.util
import os
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from scipy import special

import retrograd as rg

X = np.array([0.3, 0.7, -0.4])
W = np.array([2.0, 3.0, 0.5])


def wave(x, y):
    """As if it came from a library: its text has no part in its derivative."""
    return np.array([float(a) ** 2 * float(b) for a, b in zip(x, y, strict=True)])


@rg.rule(wave, result="float[n]")
def wave_vjp(x, y, g):
    return 2.0 * x * y * g, x**2 * g


@wave_vjp.jvp
def wave_jvp(x, y, x_dot, y_dot):
    return 2.0 * x * y * x_dot + x**2 * y_dot


def rounded(x, digits=1):
    return np.round(x, digits)


@rg.rule(rounded, wrt="x")
def straight_through(g):
    return g


bessel = ctypes.CDLL(ctypes.util.find_library("m")).j0
bessel.restype = ctypes.c_double
bessel.argtypes = [ctypes.c_double]


@rg.rule(bessel, result=float)
def bessel_vjp(x, g):
    return -special.j1(x) * g


def share(x, y):
    return x + y


@rg.rule(share)
def share_vjp(g):
    return g, g  # the same array twice


def energy(x, w):
    z = np.sin(x)
    return np.sum(wave(z, w) * w)


def test_a_rule_is_used_in_both_modes():
    rg.check_grads(energy, (X, W), order=2)
    np.testing.assert_allclose(rg.jacobian(energy)(X, W), rg.grad(energy)(X, W))
    hessian = rg.hessian(energy)(X, W)
    np.testing.assert_allclose(hessian, np.diag(2.0 * W**2 * np.cos(2.0 * X)))


def test_it_is_differentiated_directly():
    _, pullback = rg.vjp(wave, X, W)
    by_x, by_w = pullback(np.ones(3))
    np.testing.assert_allclose(by_x, 2.0 * X * W)
    np.testing.assert_allclose(by_w, X**2)
    np.testing.assert_allclose(rg.jacobian(wave)(X, W), np.diag(2.0 * X * W))
    assert rg.grad(bessel)(1.2) == pytest.approx(-special.j1(1.2))


def test_check():
    wave_vjp.check(X, W, order=2)
    bessel_vjp.check(1.2)

    def cube(x):
        return x**3

    @rg.rule(cube)
    def cube_vjp(x, g):
        return 2.0 * x**2 * g

    with pytest.raises(AssertionError, match=r"reverse: x.*gradient .*, difference"):
        cube_vjp.check(1.5)

    @rg.rule(cube)
    def cube_vjp2(x, g):
        return 3.0 * x**2 * g

    @cube_vjp2.jvp
    def cube_jvp(x, x_dot):
        return 2.0 * x**2 * x_dot

    with pytest.raises(AssertionError, match="forward: x"):
        cube_vjp2.check(1.5)


def test_the_source_calls_the_rule():
    derivative = rg.grad(energy, argnums=(0, 1))
    derivative(X, W)
    assert "from tests.test_own_rules import wave_vjp" in derivative.source
    assert derivative.source.count("wave_vjp(z, w, ") == 1


def test_a_custom_derivative_of_a_python_function():
    def loss(x, digits):
        return np.sum(rounded(x, digits) ** 2)

    np.testing.assert_allclose(rg.grad(loss)(X, 0), 2.0 * np.round(X))
    np.testing.assert_allclose(rg.grad(loss)(X, 1), 2.0 * np.round(X, 1))
    with pytest.raises(rg.UnsupportedError, match="no derivative with respect to `digits`"):
        rg.grad(loss, argnums=1)(X, 1)


def test_cotangents_that_are_one_array_stay_apart():
    def f(x, y):
        z = share(x, y)
        return np.sum(z * z) + np.sum(x) + 2.0 * np.sum(y)

    by_x, by_y = rg.grad(f, argnums=(0, 1))(X, W)
    np.testing.assert_allclose(by_x, 2.0 * (X + W) + 1.0)
    np.testing.assert_allclose(by_y, 2.0 * (X + W) + 2.0)


def test_in_a_loop_the_operands_are_kept():
    def f(x):
        for _ in range(3):
            x = wave(x, W) + np.cos(x)
        return np.sum(x)

    rg.check_grads(f, (X,), order=2)


def test_without_a_jvp_forward_mode_is_refused():
    def f(x):
        return bessel(x) * x

    assert rg.grad(f)(1.2) == pytest.approx(special.j0(1.2) - 1.2 * special.j1(1.2))
    with pytest.raises(rg.UnsupportedError, match="gives cotangents only") as refusal:
        rg.jvp(f, (1.2,), (1.0,))
    assert refusal.value.code == "RG302"
    assert rg.jacobian(f)(1.2) == pytest.approx(rg.grad(f)(1.2))


def test_the_kind_of_the_value_is_told():
    def norm(x):
        return np.sqrt(np.sum(x**2))

    @rg.rule(norm, result=float)
    def norm_vjp(x, out, g):
        return g * x / out

    derivative = rg.grad(lambda_free(norm))
    np.testing.assert_allclose(derivative(X), 2.0 * X)
    assert "require_scalar" not in derivative.source


def lambda_free(norm):
    def f(x):
        return norm(x) ** 2

    return f


def test_a_rule_told_later_counts():
    def twice(x):
        return 2.0 * x

    def f(x):
        return twice(x) * 1.0

    derivative = rg.grad(f)
    assert derivative(1.0) == 2.0

    @rg.rule(twice)
    def twice_vjp(g):
        return 5.0 * g

    assert derivative(1.0) == 5.0

    @rg.rule(twice)
    def twice_vjp_again(g):
        return 7.0 * g

    assert derivative(1.0) == 7.0


PROGRAM = """
    import numpy as np
    import retrograd as rg

    def f(x):
        return x**2

    @rg.rule(f)
    def f_vjp(x, g):
        return {factor} * x * g

    @rg.grad
    def h(x):
        return f(x) + x

    print(h(3.0))
"""


def test_the_cache_on_disk_notices_a_changed_rule(tmp_path):
    program = tmp_path / "program.py"
    env = {**os.environ, "RETROGRAD_CACHE_DIR": str(tmp_path / "cache")}
    for factor, wanted in ((2.0, 7.0), (2.0, 7.0), (4.0, 13.0)):
        program.write_text(textwrap.dedent(PROGRAM).format(factor=factor))
        run = [sys.executable, str(program)]
        found = subprocess.run(run, env=env, capture_output=True, text=True, check=True)
        assert float(found.stdout) == wanted


def test_names_that_mean_nothing():
    with pytest.raises(ValueError, match="`z` is no parameter of `wave`, which has x, y"):

        @rg.rule(wave)
        def wrong(x, z, g):
            return g, g

    with pytest.raises(ValueError, match="`q` is no parameter of `wave`"):

        @rg.rule(wave, wrt="q")
        def other(x, g):
            return g

    with pytest.raises(ValueError, match="`z_dot` is no parameter"):

        @wave_vjp.jvp
        def forward(x, z_dot):
            return z_dot

    with pytest.raises(ValueError, match="`vector` is no kind"):
        rg.rule(wave, result="vector")

    with pytest.raises(TypeError, match="without `\\*`"):

        @rg.rule(wave)
        def starred(*args):
            return args


def test_what_does_not_fit_is_named_when_it_runs():
    def scaled(x, s):
        return x * s

    def f(x, s):
        return np.sum(scaled(x, s))

    @rg.rule(scaled)
    def short(x, s, g):
        return g[:1], 0.0

    with pytest.raises(ValueError, match=r"short: a cotangent of shape \(1,\).*operand `x`"):
        rg.grad(f)(X, 2.0)

    @rg.rule(scaled)
    def single(x, s, g):
        return g

    with pytest.raises(ValueError, match="single is to give a tuple of 2 cotangents"):
        rg.grad(f)(X, 2.0)


def test_a_file_that_is_not_run_has_no_rules():
    text = textwrap.dedent(PROGRAM).format(factor=2.0)
    with pytest.raises(rg.UnsupportedError, match="counts where the module is imported"):
        rg.gradient_source(text, "h")
    with pytest.raises(rg.UnsupportedError, match="counts where the module is imported"):
        rg.gradient_source(text, "f")
