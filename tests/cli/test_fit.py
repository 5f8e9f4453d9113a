"""``retrograd fit``: a model and a CSV file on the command line, and what goes wrong there."""

import json
import sys
from textwrap import dedent

import numpy as np
import pytest

import retrograd as rg
from retrograd.cli.table import Table

MODEL = """
    import numpy as np


    def decay(t, a, b):
        return a * np.exp(-b * t)


    def plane(a, x, b, z, *, level=0.5):
        return a * x + b * z + level


    def fallen(t, a, b):
        return a + 0.0 * b * t


    def columns(columns, model, x, /, *, k):
        return columns * x + k * model


    def placed(t, a=2.0, b=5.0, c=1.0, /):
        return c * a * np.exp(-b * t)


    def broken(t, a):
        raise KeyError("never")
"""
T = np.linspace(0.0, 4.0, 20)
Y = 2.0 * np.exp(-0.7 * T) + 0.01 * np.cos(9.0 * T)


@pytest.fixture(autouse=True)
def path_stays(monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "curves", raising=False)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Models in curves.py and the data of a decay in decay.csv; the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "curves.py").write_text(dedent(MODEL))
    rows = [
        f"{t!r}, {y!r}, {0.01 + 0.01 * t!r}" for t, y in zip(T.tolist(), Y.tolist(), strict=True)
    ]
    (tmp_path / "decay.csv").write_text("\n".join(["t, y, error", *rows]) + "\n")
    return tmp_path


def decay(t, a, b):
    return a * np.exp(-b * t)


def test_the_report_is_that_of_fit(folder, run):
    done = run("fit", "curves.py:decay", "decay.csv", "--p0", "b=1,a=1", "--y", "y")
    assert done.exit_code == 0, done.output
    assert done.stdout == f"{rg.fit(decay, T, Y, {'a': 1.0, 'b': 1.0})}\n"


@pytest.mark.parametrize("absolute", [False, True])
def test_weights_and_json(folder, run, absolute):
    flags = ["--absolute-sigma"] if absolute else []
    done = run("fit", "curves.py:decay", "decay.csv", "--sigma", "error", "--json", *flags)
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    popt, pcov = rg.curve_fit(decay, T, Y, [1.0, 1.0], 0.01 + 0.01 * T, absolute)
    np.testing.assert_allclose(
        [found["parameters"][name]["value"] for name in "ab"], popt, rtol=1e-12
    )
    np.testing.assert_allclose(found["covariance"], pcov, rtol=1e-9)
    assert found["success"] is True


@pytest.mark.parametrize(("p0", "level"), [("a=1,b=1", None), ("1,1,1", 0.25)])
def test_columns_go_to_the_arguments_of_their_names(folder, run, p0, level):
    rng = np.random.default_rng(1)
    x, z = rng.random((2, 12))
    w = 3.0 * x - 2.0 * z + (0.5 if level is None else level)
    rows = [f"{one:.17g},{two:.17g},{three:.17g}" for one, two, three in zip(z, w, x, strict=True)]
    (folder / "plane.csv").write_text("\n".join(["z,w,x", *rows]))
    done = run("fit", "curves.py:plane", "plane.csv", "--json", "--p0", p0)
    assert done.exit_code == 0, done.output
    parameters = json.loads(done.stdout)["parameters"]
    wanted = {"a": 3.0, "b": -2.0} | ({} if level is None else {"level": level})
    assert {name: pytest.approx(one["value"]) for name, one in parameters.items()} == wanted


def test_defaults_that_are_kept_stay_in_their_places(folder, run):
    done = run("fit", "curves.py:placed", "decay.csv", "--y", "y", "--p0", "b=1", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)["parameters"]
    popt, _ = rg.curve_fit(lambda t, b: 2.0 * np.exp(-b * t), T, Y)
    assert list(found) == ["b"]
    assert found["b"]["value"] == pytest.approx(popt[0], rel=1e-10)


def test_arguments_may_have_any_names(folder, run):
    rows = [f"{n},{n * n},{3 * n + 2 * n * n}" for n in range(1, 6)]
    (folder / "names.csv").write_text("\n".join(["x,model,z", *rows]))
    done = run("fit", "curves.py:columns", "names.csv", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)["parameters"]
    assert found["columns"]["value"] == pytest.approx(3.0)
    assert found["k"]["value"] == pytest.approx(2.0)


def test_the_picture_goes_to_its_file(folder, run):
    pytest.importorskip("matplotlib")
    done = run("fit", "curves.py:decay", "decay.csv", "--y", "y", "--plot", "fit.png")
    assert done.exit_code == 0, done.output
    assert (folder / "fit.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("name", "said"), [("fit.xyz", "to end in one of"), ("decay.csv", "to be read")]
)
def test_pictures_that_cannot_be(folder, run, name, said):
    pytest.importorskip("matplotlib")
    before = (folder / "decay.csv").read_bytes()
    done = run("fit", "curves.py:decay", "decay.csv", "--y", "y", "--plot", name)
    assert done.exit_code == 2
    assert said in done.stderr
    assert (folder / "decay.csv").read_bytes() == before


def test_a_fit_that_fails_says_so_and_leaves_the_picture(folder, run):
    pytest.importorskip("matplotlib")
    (folder / "old.png").write_bytes(b"old")
    done = run("fit", "curves.py:fallen", "decay.csv", "--y", "y", "--plot", "old.png", "--json")
    assert done.exit_code == 1
    assert "parameter b without effect" in done.stderr
    found = json.loads(done.stdout)
    assert found["success"] is False
    assert found["parameters"]["b"]["stderr"] is None
    assert (folder / "old.png").read_bytes() == b"old"


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["curves.py:decay", "decay.csv", "--y", "v"], 1, "decay.csv has no column 'v'"),
        (["curves.py:decay", "decay.csv"], 2, "--y y or --y error"),
        (["curves.py:dekay", "decay.csv"], 2, "did you mean decay?"),
        (["curves.py:decay", "none.csv"], 2, "none.csv"),
        (["none.py:decay", "decay.csv"], 2, "none.py"),
        (["curves.py:plane", "decay.csv", "--y", "y"], 1, "no argument of plane is a column"),
        (["curves.py:broken", "decay.csv", "--y", "y"], 1, "KeyError: 'never'"),
        (["curves.py:decay", "decay.csv", "--y", "y", "--p0", "1"], 2, "each for a, b"),
        (["curves.py:decay", "decay.csv", "--y", "y", "--p0", "a=1"], 2, "where b starts"),
        (["curves.py:decay", "decay.csv", "--y", "y", "--p0", "a=1,c=1"], 2, "names 'c'"),
        (["curves.py:decay", "decay.csv", "--y", "y", "--p0", "a=one,b=1"], 2, "has 'one'"),
        (["curves.py:decay", "decay.csv", "--y", "y", "--absolute-sigma"], 2, "--sigma"),
        (["curves.py:decay", "decay.csv", "--y", "y", "--method", "bfgs"], 2, "lm"),
    ],
)
def test_what_is_refused(folder, run, arguments, status, said):
    done = run("fit", *arguments)
    assert done.exit_code == status, done.output
    assert said in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("t,y\n1,2\n\n2,x\n", "line 4: column 'y' has 'x'"),
        ("t,y\n1,2\n2,nan\n", "line 3: column 'y' has 'nan'"),
        ("t,y\n1,2\n2\n", "line 3: 1 cells for 2 columns"),
        ("t,t\n1,2\n", "two columns called 't'"),
        ("t,y\n", "has no rows"),
        ('t,y\n"1,2\n', "cannot read"),
    ],
)
def test_tables_that_are_none(folder, run, text, said):
    (folder / "bad.csv").write_text(text)
    done = run("fit", "curves.py:decay", "bad.csv")
    assert done.exit_code == 1, done.output
    assert said in done.stderr


def test_columns_that_nobody_asks_for_may_hold_words(tmp_path):
    (tmp_path / "words.csv").write_bytes('\ufeffname,y\r\n"a, b",1.5\r\nc,2\r\n'.encode())
    assert Table(tmp_path / "words.csv").column("y").tolist() == [1.5, 2.0]
