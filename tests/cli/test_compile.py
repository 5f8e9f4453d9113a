"""``retrograd compile``: what it writes, when it writes, and what it leaves alone."""

import ast
import os
import re
import shutil
import stat
import sys
from pathlib import Path

import black
import numpy as np
import pytest

import retrograd as rg


def functions(text: str) -> dict[str, ast.FunctionDef]:
    """The functions that `text` defines, by name."""
    return {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}


def load(text: str) -> dict[str, object]:
    """The namespace that running `text` leaves."""
    scope: dict[str, object] = {}
    exec(compile(text, "<generated>", "exec"), scope)
    return scope


def test_writes_a_module_that_runs(project, run):
    done = run("compile", "model.py:energy", "-o", "energy_grad.py")
    assert done.exit_code == 0, done.stderr
    assert done.output == ""
    scope = load((project / "energy_grad.py").read_text())
    assert scope["energy_grad"](3.0, 2.0) == 6.0
    assert scope["energy_grad"](3.0) == 6.0


def test_the_gradient_is_that_of_the_live_function(project, run):
    text = run("compile", "model.py:loss", "--wrt", "w,b").stdout
    rng = np.random.default_rng(0)
    point = rng.normal(size=3), 0.5, rng.normal(size=(5, 3)), rng.normal(size=5)
    w_bar, b_bar = load(text)["loss_grad"](*point)
    miss = point[2] @ point[0] + point[1] - point[3]
    np.testing.assert_allclose(w_bar, 2.0 / 5.0 * point[2].T @ miss, rtol=1e-13)
    np.testing.assert_allclose(b_bar, 2.0 * np.mean(miss), rtol=1e-13)


def test_standard_output_holds_what_a_file_would(project, run):
    printed = run("compile", "model.py:loss")
    run("compile", "model.py:loss", "-o", "loss_grad.py")
    assert printed.stdout_bytes == (project / "loss_grad.py").read_bytes()


def test_laid_out_by_black(project, run):
    text = run("compile", "model.py").stdout
    assert black.format_str(text, mode=black.Mode()) == text


def test_loops_keep_as_many_states_as_asked(project, run):
    text = "def f(x, n):\n    for t in range(n):\n        x = x * x\n    return x\n"
    (project / "loops.py").write_text(text)
    asked = ["compile", "loops.py:f", "--types", "x: float, n: int", "--checkpoint"]
    assert "stride" in run(*asked, "sqrt").stdout
    assert "# 10_000 bytes" in run(*asked, "10_000").stdout
    assert run(*asked, "few").exit_code == 2


def test_the_header_names_version_and_source_and_no_place(project, run):
    text = run("compile", project / "model.py").stdout
    header = [line for line in text.splitlines() if line.startswith("#")]
    assert any(f"retrograd {rg.__version__}" in line for line in header)
    assert any(re.search(r"\b[0-9a-f]{8,64}\b", line) for line in header)
    assert str(project) not in text


def test_the_docstring_is_the_contract(project, run):
    text = run("compile", "model.py:loss", "--wrt", "w,b").stdout
    docstring = ast.get_docstring(functions(text)["loss_grad"])
    assert docstring is not None
    assert "`loss`" in docstring
    assert "(w, b)" in docstring


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--value"], {"energy_value_and_grad"}),
        (["--mode", "split"], {"energy_fwd", "energy_bwd"}),
    ],
)
def test_what_is_derived(project, run, options, names):
    assert set(functions(run("compile", "model.py:energy", *options).stdout)) == names


@pytest.mark.parametrize(
    "targets",
    [["model.py"], ["model.py:loss", "energy"], ["model.py:loss", "model.py:energy", "loss"]],
)
def test_several_functions_in_one_module(project, run, targets):
    done = run("compile", *targets)
    assert done.exit_code == 0, done.stderr
    assert set(functions(done.stdout)) == {"loss_grad", "energy_grad"}


def test_the_same_bytes_in_every_process_and_place(project, spawn):
    elsewhere = project / "some where"
    elsewhere.mkdir()
    shutil.copy(project / "model.py", elsewhere)
    runs = [
        spawn("compile", path, PYTHONHASHSEED=seed).stdout
        for path in (project / "model.py", elsewhere / "model.py", Path("model.py"))
        for seed in ("1", "2")
    ]
    assert runs[0]
    assert set(runs) == {runs[0]}


def test_a_refusal_is_rendered_and_leaves_the_output_alone(project, run):
    output = project / "out.py"
    output.write_text("precious = 1\n")
    before = sorted(path.name for path in project.iterdir())
    done = run("compile", "refused.py:careful", "-o", "out.py")
    assert done.exit_code == 1
    assert "error[RG204]" in done.stderr
    assert "refused.py:2:5" in done.stderr
    assert re.search(r"\| +\^\^\^", done.stderr)
    assert done.stdout == ""
    assert output.read_text() == "precious = 1\n"
    assert sorted(path.name for path in project.iterdir()) == before


def test_a_refusal_without_names_says_how_to_choose(project, run):
    (project / "refused.py").write_text(
        (project / "refused.py").read_text() + "\n\ndef fine(x):\n    return x * x\n"
    )
    done = run("compile", "refused.py")
    assert done.exit_code == 1
    assert "error[RG204]" in done.stderr
    assert "name those that you want" in done.stderr
    assert run("compile", "refused.py:fine").exit_code == 0


def test_a_failed_write_leaves_the_output_alone(project, run, monkeypatch):
    output = project / "out.py"
    output.write_text("precious = 1\n")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    done = run("compile", "model.py:energy", "-o", "out.py")
    assert done.exit_code == 1
    assert "No space left on device" in done.stderr
    assert output.read_text() == "precious = 1\n"
    assert list(project.glob(".*")) == []


def test_permissions_and_links_stay(project, run):
    real = project / "real.py"
    real.write_text("")
    real.chmod(0o640)
    (project / "link.py").symlink_to(real)
    assert run("compile", "model.py:energy", "-o", "link.py").exit_code == 0
    assert (project / "link.py").is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert "energy_grad" in real.read_text()


def test_a_new_file_has_the_usual_permissions(project, run):
    run("compile", "model.py:energy", "-o", "out.py")
    (project / "other.py").write_text("")
    assert (project / "out.py").stat().st_mode == (project / "other.py").stat().st_mode


def test_devices_are_written_to_and_not_replaced(project, run):
    assert run("compile", "model.py:energy", "-o", os.devnull).exit_code == 0
    assert not Path(os.devnull).is_file()


def test_check_tells_missing_stale_and_fresh_apart(project, run):
    command = ("compile", "model.py:energy", "-o", "out.py")
    missing = run(*command, "--check")
    assert (missing.exit_code, "out.py is missing" in missing.stderr) == (1, True)
    assert not (project / "out.py").exists()
    assert run(*command).exit_code == 0
    assert run(*command, "--check").exit_code == 0
    model = project / "model.py"
    model.write_text(model.read_text().replace("0.5 * k", "0.25 * k"))
    written = (project / "out.py").read_bytes()
    stale = run(*command, "--check")
    assert (stale.exit_code, "out.py is stale" in stale.stderr) == (1, True)
    assert (project / "out.py").read_bytes() == written


def test_diff_shows_the_change_and_writes_nothing(project, run):
    command = ("compile", "model.py:energy", "-o", "out.py")
    run(*command)
    assert run(*command, "--diff").output == ""
    model = project / "model.py"
    model.write_text(model.read_text().replace("0.5 * k", "0.25 * k"))
    written = (project / "out.py").read_bytes()
    changed = run(*command, "--diff")
    assert changed.exit_code == 0
    assert re.search(r"^\+.*0\.25", changed.stdout, re.MULTILINE)
    assert (project / "out.py").read_bytes() == written
    assert run(*command, "--diff", "--check").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.py:f"], "there is no file missing.py"),
        (["."], "is a directory"),
        (["model.py:los"], "did you mean loss"),
        (["model.py:loss", "refused.py:careful"], "functions of one file"),
        (["model.py:loss", "-o", "model.py"], "is the file to be read"),
        (["model.py:loss", "--check"], "name it with -o"),
        (["model.py:loss", "--mode", "sideways"], "sideways"),
        (["model.py:loss", "--mode", "split", "--value"], "--value belongs to --mode grad"),
    ],
)
def test_usage_errors_exit_2(project, run, arguments, message):
    done = run("compile", *arguments)
    assert done.exit_code == 2
    assert message in done.stderr
    assert "Traceback" not in done.output


@pytest.mark.parametrize("content", [b"def f(x:\n", b"def f(x):\n    return '\xff'\n", b"\x00"])
def test_what_cannot_be_read_exits_1(project, run, content):
    (project / "broken.py").write_bytes(content)
    done = run("compile", "broken.py:f")
    assert done.exit_code == 1
    assert "broken.py" in done.stderr
    assert "Traceback" not in done.output


def test_a_file_in_another_encoding(project, run):
    text = "# -*- coding: latin-1 -*-\ndef f(x):\n    # Größe\n    y = x * x\n    return y * y\n"
    (project / "latin.py").write_bytes(text.encode("latin-1"))
    done = run("compile", "latin.py:f")
    assert done.exit_code == 0, done.stderr
    assert "# Größe" in done.stdout


def test_a_folder_that_does_not_exist(project, run):
    done = run("compile", "model.py:energy", "-o", "nowhere/out.py")
    assert done.exit_code == 1
    assert "cannot write nowhere/out.py" in done.stderr


@pytest.mark.parametrize("option", ["--wrt=z", "--types=x: flot"])
def test_a_request_that_does_not_fit_the_function(project, run, option):
    done = run("compile", "model.py:energy", option)
    assert done.exit_code == 2
    assert "Traceback" not in done.output
    assert done.stderr


MODELS = """
import numpy as np

FACTOR = 2.0


def run(x, a, mu, s):
    return FACTOR * a * np.exp(-0.5 * ((x - mu) / s) ** 2)


def spot(xy, a, x0, y0):
    x, y = xy
    return a * np.exp(-((x - x0) ** 2) - (y - y0) ** 2)


def rough(x, a):
    total = 0.0
    for k in range(3):
        total += a * x**k
    return total
"""


def test_a_linked_module_fits_without_retrograd(project, run, monkeypatch):
    (project / "models.py").write_text(MODELS)
    monkeypatch.setitem(sys.modules, "numba", None)  # in plain Python
    scope = load(run("compile", "models.py:run", "--link", "lm").stdout)
    assert "retrograd" not in {name.partition(".")[0] for name in scope}
    x = np.linspace(-3.0, 3.0, 12)
    y = 2.0 * np.exp(-0.5 * (x - 0.3) ** 2) + 0.01 * np.cos(9 * x)
    popt, pcov, _, success, _ = scope["run_fit"](x, y, [1.5, 0.0, 0.8])
    expected, covariance = rg.curve_fit(load(MODELS)["run"], x, y, [1.5, 0.0, 0.8], jac=jacobian)
    assert success.all()
    np.testing.assert_allclose(popt[0], expected, rtol=1e-7)
    np.testing.assert_allclose(pcov[0], covariance, rtol=1e-5)
    text = run("compile", "models.py:spot", "--link", "lm", "--types", "xy: (float, float)").stdout
    grid = np.array(np.meshgrid(x[3:8], x[3:8])).reshape(2, -1)
    spots = np.array([np.exp(-((grid[0] - c) ** 2) - grid[1] ** 2) for c in (0.1, 0.3)])
    popt, *_ = load(text)["spot_fit"](tuple(grid), spots, [0.8, 0.0, 0.1])
    np.testing.assert_allclose(popt, [[1.0, 0.1, 0.0], [1.0, 0.3, 0.0]], atol=1e-9)


def jacobian(x, a, mu, s):
    e = 2.0 * np.exp(-0.5 * ((x - mu) / s) ** 2)
    return np.stack([e, a * e * (x - mu) / s**2, a * e * (x - mu) ** 2 / s**3], axis=1)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["models.py:rough"], "without loops"),
        (["models.py:run", "--wrt", "a"], "neither --wrt"),
        (["models.py:run", "--checkpoint", "sqrt"], "--checkpoint"),
        (["models.py:run", "spot"], "one model"),
        (["models.py:run", "--types", "a: int"], "--types for x"),
    ],
)
def test_what_a_linked_module_cannot_be(project, run, options, words):
    (project / "models.py").write_text(MODELS)
    done = run("compile", *options, "--link", "lm")
    assert done.exit_code == 2
    assert words in " ".join(done.stderr.split())
