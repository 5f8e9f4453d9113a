"""``retrograd check``: the gradient against finite differences, at a point from a file."""

import json
import re
import sys
from textwrap import dedent

import numpy as np
import pytest

from retrograd.cli.point import read_point

POINT = {"w": [0.5, -0.25], "b": 0.1, "X": [[1.0, 2.0], [3.0, 4.0]], "y": [0.0, 1.0]}


@pytest.fixture(autouse=True)
def path_stays(monkeypatch):
    """The folders that `check` puts on the path are gone after a test."""
    monkeypatch.setattr(sys, "path", list(sys.path))


@pytest.fixture
def point(project):
    (project / "point.json").write_text(json.dumps(POINT))
    return project / "point.json"


def arguments(table: str) -> list[str]:
    """The arguments in the lines of a table, in order."""
    return [re.split(r"\W", line)[0] for line in table.splitlines()[1:]]


def test_every_argument_that_holds_floats(project, run, point):
    done = run("check", "model.py:loss", "--at", point)
    assert done.exit_code == 0, done.output
    assert arguments(done.stdout) == ["w", "b", "X", "y"]


def test_only_the_arguments_named(project, run, point):
    done = run("check", "model.py:loss", "--at", point, "--wrt", "b")
    assert done.exit_code == 0, done.output
    assert arguments(done.stdout) == ["b"]


def test_defaults_need_no_value(project, run):
    (project / "point.json").write_text('{"x": 1.5}')
    assert run("check", "model.py:energy", "--at", "point.json").exit_code == 0


def test_a_wrong_gradient_exits_1_and_names_the_worst_entry(project, run):
    # At a jump, differences and the derivative of either branch disagree.
    source = """
        import numpy as np


        def step(x, k):
            return np.sum(np.where(x > 0.0, 1.0, 0.0)) + np.sum(k * k)
    """
    (project / "jump.py").write_text(dedent(source))
    (project / "point.json").write_text('{"x": [1.0, 0.0, 2.0], "k": [1.0, 2.0]}')
    done = run("check", "jump.py:step", "--at", "point.json")
    assert done.exit_code == 1
    assert re.search(
        r"^x\[1\] .* do not agree; .* it jumps or bends there$", done.stdout, re.MULTILINE
    )
    assert re.search(r"^k\[\d\] .*[^e]$", done.stdout, re.MULTILINE)


def test_a_gradient_of_something_rough(project, run):
    source = """
        import math


        def surprise(x):
            return -math.log(1.0 - 1.0 / (1.0 + math.exp(-x)))
    """
    (project / "rough.py").write_text(dedent(source))
    (project / "point.json").write_text('{"x": 12.5}')
    done = run("check", "rough.py:surprise", "--at", "point.json")
    assert done.exit_code == 0, done.output
    head, line = done.stdout.splitlines()
    assert head.split() == ["worst", "entry", "gradient", "difference", "apart", "allowed"]
    _, found, expected, apart, allowed = line.split()
    assert float(apart) == pytest.approx(abs(float(found) - float(expected)), rel=0.1)
    assert float(apart) <= float(allowed) < 1e-3


def test_whole_numbers_are_named(project, run):
    (project / "point.json").write_text('{"x": 1.5, "k": 2}')
    done = run("check", "model.py:energy", "--at", "point.json")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[-1].startswith("not checked, for they hold whole numbers: k")


def test_a_nest_from_npz(project, run):
    source = """
        import numpy as np


        def net(params, x):
            return np.sum(np.tanh(x @ params["W"] + params["b"]))
    """
    (project / "net.py").write_text(dedent(source))
    arrays = {"params.W": np.ones((2, 3)), "params.b": np.zeros(3), "x": np.ones((4, 2))}
    np.savez(project / "point.npz", **arrays)
    done = run("check", "net.py:net", "--at", "point.npz")
    assert done.exit_code == 0, done.output
    assert arguments(done.stdout) == ["params", "x"]


def test_functions_in_packages_see_their_neighbours(project, run):
    (project / "pack").mkdir()
    (project / "pack" / "__init__.py").write_text("")
    (project / "pack" / "one.py").write_text("def square(x):\n    return x * x\n")
    (project / "pack" / "two.py").write_text(
        "from .one import square\n\n\ndef f(x):\n    return square(x) + x\n"
    )
    (project / "point.json").write_text('{"x": 1.5}')
    done = run("check", "pack/two.py:f", "--at", "point.json")
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"w": [1.0], "bb": 1.0}', "no parameter 'bb'"),
        ('{"w": [1.0]}', "does not say what b, X, y"),
        ("[1.0]", "wanted an object"),
        ("{", "cannot read"),
    ],
)
def test_points_that_do_not_fit_exit_2(project, run, content, message):
    (project / "point.json").write_text(content)
    done = run("check", "model.py:loss", "--at", "point.json")
    assert done.exit_code == 2
    assert message in done.stderr


def test_a_missing_point_exits_2(project, run):
    done = run("check", "model.py:loss", "--at", "nowhere.json")
    assert done.exit_code == 2
    assert "nowhere.json" in done.stderr


def test_what_the_module_raises_is_told_apart_from_our_own_errors(project, run):
    (project / "bad.py").write_text("1 / 0\n\n\ndef f(x):\n    return x\n")
    (project / "point.json").write_text('{"x": 1.5}')
    done = run("check", "bad.py:f", "--at", "point.json")
    assert done.exit_code == 1
    assert "ZeroDivisionError" in done.stderr
    assert "bad.py" in done.stderr


def test_what_the_function_raises_at_the_point(project, run):
    (project / "bad.py").write_text("def f(x):\n    return x / (x - x)\n")
    (project / "point.json").write_text('{"x": 1.5}')
    done = run("check", "bad.py:f", "--at", "point.json")
    assert done.exit_code == 1
    assert "f cannot be checked at point.json" in done.stderr
    assert "ZeroDivisionError" in done.stderr


def test_integers_are_checked_when_asked_for(project, run):
    (project / "point.json").write_text('{"x": 3, "k": 2}')
    assert run("check", "model.py:energy", "--at", "point.json").exit_code == 2
    done = run("check", "model.py:energy", "--at", "point.json", "--wrt", "x")
    assert done.exit_code == 0, done.output
    assert arguments(done.stdout) == ["x"]


def test_a_refusal_is_rendered(project, run):
    (project / "point.json").write_text('{"x": 1.5}')
    done = run("check", "refused.py:careful", "--at", "point.json")
    assert done.exit_code == 1
    assert "error[RG204]" in done.stderr


def test_reading_json(tmp_path):
    path = tmp_path / "point.json"
    path.write_text('{"a": [[1, 2], [3, 4]], "n": 3, "d": {"k": [1.5]}, "l": [[1.0], [2.0, 3.0]]}')
    point = read_point(path)
    assert point["a"].shape == (2, 2)
    assert point["n"] == 3
    np.testing.assert_array_equal(point["d"]["k"], [1.5])
    assert [len(entry) for entry in point["l"]] == [1, 2]


def test_reading_npz(tmp_path):
    np.savez(tmp_path / "point.npz", x=1.5, **{"p.W": np.ones(2), "p.q.b": np.zeros(3)})
    point = read_point(tmp_path / "point.npz")
    assert point["x"] == 1.5
    assert isinstance(point["x"], float)
    assert point["p"]["q"]["b"].shape == (3,)


def test_a_function_that_gives_an_array_is_refused_without_a_traceback(project, run):
    (project / "several.py").write_text("def f(x):\n    return x**2\n")
    (project / "point.json").write_text('{"x": [1.0, 2.0]}')
    done = run("check", "several.py:f", "--at", "point.json")
    assert done.exit_code == 1
    assert "an array of shape (2,) came" in done.stderr
    assert "retrograd.check_grads" in done.stderr
    assert "Traceback" not in done.stderr
