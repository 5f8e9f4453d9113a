"""What a fit knows: parameters by name, fixed and tied ones, errors, intervals, bands, the report."""

import pickle
from dataclasses import dataclass

import numpy as np
import pytest
import scipy.stats

import retrograd as rg
from retrograd.runtime.solvers.student import two_sided

X = np.linspace(0.0, 4.0, 40)
Y = 2.5 * np.exp(-1.3 * X) + 0.5 + 0.02 * np.cos(37 * X)
START = {"a": 1, "b": 1, "c": 0}


def decay(x, a, b, c=0.5):
    return a * np.exp(-b * x) + c


def line(x, slope, offset):
    return slope * x + offset


def spread(x, p):
    return p["w"][0] * np.exp(-p["w"][1] * x) + p["c"]


@dataclass
class Decay:
    height: float
    rest: np.ndarray


def decay_residual(p, x, y):
    return p.height * np.exp(-p.rest[0] * x) + p.rest[1] - y


@pytest.fixture(scope="module")
def fitted():
    return rg.fit(decay, X, Y, START)


# ---------------------------------------------------------------- names


def test_parameters_by_name_are_those_by_position(fitted):
    popt, pcov = rg.curve_fit(decay, X, Y, [1.0, 1.0, 0.0])
    assert list(fitted.x) == list(fitted.names) == ["a", "b", "c"]
    np.testing.assert_allclose(list(fitted.x.values()), popt, rtol=1e-10)
    np.testing.assert_allclose(fitted.cov, pcov, rtol=1e-8)
    np.testing.assert_allclose(fitted.stderr, np.sqrt(np.diag(pcov)), rtol=1e-8)


def test_names_in_any_order_and_defaults():
    turned = rg.fit(decay, X, Y, {"c": 0.0, "a": 1.0, "b": 1.0})
    np.testing.assert_allclose(turned.x["a"], rg.fit(decay, X, Y, START).x["a"], rtol=1e-10)
    default = rg.fit(decay, X, Y, {"a": 1.0, "b": 1.0})
    held = rg.fit(decay, X, Y, {"a": 1.0, "b": 1.0, "c": 0.5}, fixed="c")
    np.testing.assert_allclose(list(default.x.values()), list(held.x.values())[:2], rtol=1e-10)


def test_structures_of_numbers_and_arrays(fitted):
    nested = rg.fit(spread, X, Y, {"w": np.ones(2), "c": 0})
    record = rg.least_squares(decay_residual, Decay(1.0, np.array([1.0, 0.0])), (X, Y))
    assert nested.names == ("w[0]", "w[1]", "c")
    assert record.names == ("height", "rest[0]", "rest[1]")
    assert isinstance(record.x, Decay)
    for other in (nested, record):
        np.testing.assert_allclose(other.full, fitted.full, rtol=1e-9)
        np.testing.assert_allclose(other.cov, fitted.cov, rtol=1e-7)


@pytest.mark.parametrize("fixed", ["b", ("b",), ["b"]])
def test_fixed_parameters_stay(fixed):
    result = rg.fit(decay, X, Y, {"a": 1, "b": 1.2, "c": 0}, fixed=fixed)
    popt, pcov = rg.curve_fit(lambda x, a, c: a * np.exp(-1.2 * x) + c, X, Y)
    assert result.x["b"] == 1.2
    np.testing.assert_allclose([result.x["a"], result.x["c"]], popt, rtol=1e-10)
    np.testing.assert_allclose(result.cov[np.ix_([0, 2], [0, 2])], pcov, rtol=1e-8)
    assert result.stderr[1] == 0
    assert result.states == ("", "fixed", "")


def test_tied_parameters_follow_and_so_do_their_errors():
    same = rg.fit(decay, X, Y, START, tied={"c": "a"})
    assert same.x["c"] == same.x["a"]
    popt, pcov = rg.curve_fit(lambda x, a, b: a * np.exp(-b * x) + a, X, Y)
    np.testing.assert_allclose(same.full[:2], popt, rtol=1e-9)
    np.testing.assert_allclose(same.cov[:2, :2], pcov, rtol=1e-7)
    bent = rg.fit(decay, X, Y, START, tied={"c": lambda a, b: a * b**2 / 8})
    popt, pcov = rg.curve_fit(lambda x, a, b: a * np.exp(-b * x) + a * b**2 / 8, X, Y)
    np.testing.assert_allclose(bent.full[:2], popt, rtol=1e-9)
    slopes = np.array([popt[1] ** 2 / 8, popt[0] * popt[1] / 4])
    np.testing.assert_allclose(bent.stderr[2], np.sqrt(slopes @ pcov @ slopes), rtol=1e-7)


def test_bounds_by_name():
    result = rg.fit(decay, X, Y, START, bounds={"b": (0, 1.2), "c": (None, 9)})
    held = rg.fit(decay, X, Y, {"a": 1, "b": 1.2, "c": 0}, fixed="b")
    assert result.success
    assert result.x["b"] == 1.2
    assert "at a bound: parameter b" in result.message
    np.testing.assert_allclose(result.full, held.full, rtol=1e-9)
    np.testing.assert_allclose(result.stderr[[0, 2]], held.stderr[[0, 2]], rtol=1e-7)
    assert np.isnan(result.stderr[1])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"fixed": "d"}, "fixed names 'd'; the parameters are a, b, c"),
        ({"fixed": "abc"}, "fixed names 'abc'"),
        ({"fixed": ("a", "b", "c")}, "nothing to fit"),
        ({"tied": {"a": "d"}}, "tied names 'd'"),
        ({"tied": {"a": "1 - b"}}, "tied names '1 - b'"),
        ({"tied": {"a": 3.0}}, "a name or a function was wanted"),
        ({"tied": {"a": "b", "b": "c"}}, "'a' is tied to a parameter that is tied itself"),
        ({"tied": {"a": "b"}, "fixed": "a"}, "'a' is both fixed and tied"),
        ({"tied": {"a": lambda: 1.0}}, "'a' is tied to nothing"),
        ({"bounds": {"a": 3}}, "bounds of 'a' are 3"),
        ({"bounds": {"a": (0, 1)}, "tied": {"a": "b"}}, "'a', which is tied"),
        (
            {"p0": {"a": 1, "b": 1, "d": 1}},
            "p0 names a, b, d; the parameters of the model are a, b, c",
        ),
        ({"p0": {"a": 1}}, "p0 names a;"),
        ({"p0": {"a": 1, "b": 1j}}, "complex"),
    ],
)
def test_names_that_mean_nothing(options, words):
    with pytest.raises(ValueError, match=words):
        rg.fit(**{"model": decay, "xdata": X, "ydata": Y, "p0": START, **options})


def test_a_parameter_without_effect_is_called_by_its_name():
    result = rg.fit(lambda x, a, idle: a * x + 0 * idle, X, Y, {"a": 1, "idle": 1})
    assert not result.success
    assert "parameter idle without effect" in result.message


# ---------------------------------------------------------------- intervals and bands


def test_quantiles_of_student():
    for freedom in (1, 2, 3, 10, 77, 3000):
        for level in (0.5, 0.6827, 0.95, 0.9999):
            expected = scipy.stats.t.ppf(0.5 + level / 2, freedom)
            assert two_sided(level, freedom) == pytest.approx(expected, rel=1e-9)
    assert two_sided(0.95, np.inf) == pytest.approx(scipy.stats.norm.ppf(0.975), rel=1e-12)


@pytest.mark.parametrize("absolute", [False, True])
def test_intervals_of_a_line_are_the_linear_ones(absolute):
    result = rg.fit(line, X, Y, sigma=0.3, absolute_sigma=absolute)
    t = scipy.stats.norm.ppf(0.95) if absolute else scipy.stats.t.ppf(0.95, 38)
    ends = result.intervals(0.9)
    for name, value, error in zip(result.names, result.full, result.stderr, strict=True):
        np.testing.assert_allclose(ends[name], (value - t * error, value + t * error), rtol=1e-5)


def test_intervals_are_where_the_profile_has_grown_enough(fitted):
    low, high = fitted.intervals(0.99, names=["b"])["b"]
    limit = scipy.stats.t.ppf(0.995, 37) ** 2 * 2 * fitted.cost / 37
    for end in (low, high):
        held = rg.fit(decay, X, Y, {**START, "b": end}, fixed="b")
        assert 2 * (held.cost - fitted.cost) == pytest.approx(limit, rel=1e-4)
    assert low < fitted.x["b"] < high


def test_bands_of_a_line_are_the_textbooks():
    result = rg.fit(line, X, Y)
    at = np.array([-1.0, 2.0, 9.0])
    s = np.sqrt(2 * result.cost / 38)
    lever = 1 / 40 + (at - X.mean()) ** 2 / np.sum((X - X.mean()) ** 2)
    t = scipy.stats.t.ppf(0.975, 38)
    for data in (False, True):
        low, high = result.band(at, data=data)
        half = t * s * np.sqrt(lever + data)
        np.testing.assert_allclose(high - result.predict(at), half, rtol=1e-8)
        np.testing.assert_allclose(result.predict(at) - low, half, rtol=1e-8)


def test_a_result_says_what_it_cannot_tell(fitted):
    with pytest.raises(ValueError, match="does not know a model"):
        rg.least_squares(lambda p: p - X[:3], np.zeros(3), bounds=None).predict(X)
    failed = rg.fit(decay, X, Y, START, maxiter=1)
    with pytest.raises(ValueError, match="did not succeed, so there is no band"):
        failed.band(X)
    with pytest.raises(ValueError, match="level=95 came"):
        fitted.intervals(95)
    with pytest.raises(ValueError, match="'d' came; fitted are a, b, c"):
        fitted.intervals(names=["d"])
    robust = rg.fit(decay, X, Y, START, loss="huber", f_scale=0.1)
    with pytest.raises(ValueError, match="had another loss"):
        robust.intervals()


# ---------------------------------------------------------------- the report


def test_statistics(fitted):
    residual = decay(X, **fitted.x) - Y
    chi2 = np.sum(residual**2)
    found = fitted.statistics
    assert found["chi2"] == pytest.approx(chi2)
    assert found["reduced_chi2"] == pytest.approx(chi2 / 37)
    assert found["r2"] == pytest.approx(1 - chi2 / np.sum((Y - Y.mean()) ** 2))
    assert found["aic"] == pytest.approx(40 * np.log(chi2 / 40) + 6)
    assert found["bic"] == pytest.approx(40 * np.log(chi2 / 40) + 3 * np.log(40))


def test_report_names_everything(capsys):
    result = rg.fit(decay, X, Y, START, fixed="c")
    result.report()
    text = capsys.readouterr().out
    assert text == f"{result}\n"
    for part in ("lm succeeded", "χ²", "reduced χ²", "R²", "AIC", "BIC", "correlations", "fixed"):
        assert part in text
    assert f"{result.x['b']:.10g}" in text
    assert f"{result.stderr[1]:.4g}" in text
    assert repr(result).splitlines()[1].split() == [
        *("parameter", "value", "standard", "error", "relative", "error")
    ]
    page = result._repr_html_()
    assert page.count("<tr>") == 4
    assert f"<td>{result.x['a']:.10g}</td>" in page


def test_pickled_results_keep_their_numbers(fitted):
    again = pickle.loads(pickle.dumps(fitted))
    assert str(again).startswith("lm succeeded")
    np.testing.assert_array_equal(again.cov, fitted.cov)
    with pytest.raises(ValueError, match="pickled has lost its model"):
        again.intervals()


# ---------------------------------------------------------------- pictures


def test_plots_show_data_model_and_residuals(fitted):
    pytest.importorskip("matplotlib")
    above, below = fitted.plot().axes
    model = next(drawn for drawn in above.lines if drawn.get_label() == "lm fit")
    np.testing.assert_allclose(model.get_ydata(), fitted.predict(model.get_xdata()))
    points = below.lines[-1]
    np.testing.assert_allclose(points.get_ydata(), Y - fitted.predict(X), atol=1e-12)
    assert len(above.collections) >= 1


def test_plots_of_residual_functions_show_the_path():
    pytest.importorskip("matplotlib")
    result = rg.least_squares(decay_residual, Decay(1.0, np.array([1.0, 0.0])), (X, Y))
    (axes,) = result.plot().axes
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), result.history["value"])
