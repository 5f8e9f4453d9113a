"""``retrograd show`` and ``retrograd stages``: generated source on the screen."""

import ast
import os
import pty
import re
import subprocess
import sys

import pytest


def functions(text: str) -> list[str]:
    """The names of the functions that `text` defines; `text` is Python."""
    return [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]


def test_shows_plain_source_when_piped(project, spawn):
    done = spawn("show", "model.py:loss", "--wrt", "w,b")
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode()
    assert "loss_grad" in functions(text)
    assert "\x1b" not in text
    assert "# how far off" in text


def test_highlights_on_a_terminal_without_changing_the_text(project, spawn):
    reader, writer = pty.openpty()
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "40"}
    env.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "retrograd", "show", "model.py:loss"]
    process = subprocess.Popen(command, stdout=writer, env=env)
    os.close(writer)
    chunks = []
    try:
        while chunk := os.read(reader, 4096):
            chunks.append(chunk)
    except OSError:  # how Linux says that the other end has closed
        pass
    os.close(reader)
    assert process.wait() == 0
    seen = b"".join(chunks).decode().replace("\r\n", "\n")
    assert "\x1b[" in seen
    plain = spawn("show", "model.py:loss").stdout.decode()
    assert strip_escapes(seen) == plain


def strip_escapes(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_the_only_function_of_a_file_needs_no_name(project, run):
    (project / "one.py").write_text("def f(x):\n    return x * x\n")
    assert functions(run("show", "one.py").stdout) == ["f_grad"]


def test_several_functions_need_a_name(project, run):
    done = run("show", "model.py")
    assert done.exit_code == 2
    assert "loss, energy" in done.stderr


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ([], ["loss_grad"]),
        (["--value"], ["loss_value_and_grad"]),
        (["--mode", "split"], ["loss_fwd", "loss_bwd"]),
    ],
)
def test_what_is_derived(project, run, options, names):
    done = run("show", "model.py:loss", *options)
    assert done.exit_code == 0, done.stderr
    assert functions(done.stdout) == names


def test_wrt_is_the_first_parameter_unless_named(project, run):
    first = run("show", "model.py:loss").stdout
    assert first == run("show", "model.py:loss", "--wrt", "w").stdout
    assert first != run("show", "model.py:loss", "--wrt", "b").stdout


def test_types_make_helpers_unnecessary(project, run):
    kinds = "w: float[d], b: float, X: float[n, d], y: float[n]"
    text = run("show", "model.py:loss", "--types", kinds).stdout
    assert "X.T @ " in text
    assert "retrograd.runtime" not in text


def test_stages_in_the_order_in_which_they_happen(project, run):
    done = run("stages", "model.py:energy")
    assert done.exit_code == 0, done.stderr
    heads = [line.strip("# -") for line in done.stdout.splitlines() if line.startswith("# ----")]
    assert heads[0] == "read"
    assert heads[-1] == "emit"
    assert heads.index("activity") < heads.index("adjoint") < heads.index("simplify")


def test_one_stage(project, run, spawn):
    after = run("stages", "model.py:energy", "--after", "adjoint")
    assert after.exit_code == 0, after.stderr
    assert "x_bar" in after.stdout
    module = spawn("model.py:energy", "--after", "adjoint")
    assert module.stdout.decode() == after.stdout


def test_an_unknown_stage(project, run):
    done = run("stages", "model.py:energy", "--after", "adjoin")
    assert done.exit_code == 2
    assert "did you mean adjoint" in done.stderr


def test_a_gradient_that_can_only_raise_is_told_of(project, run):
    text = "import numpy as np\n\n\ndef f(x: float):\n    return np.array([x, 2.0 * x])\n"
    (project / "several.py").write_text(text)
    done = run("show", "several.py")
    assert done.exit_code == 0, done.stderr
    assert "def f_grad(x)" in done.stdout
    assert "warning: f gives an array and no number" in done.stderr
    assert "--mode split" in done.stderr
    assert run("show", "several.py", "--mode", "split").stderr == ""
    assert run("show", "model.py:energy").stderr == ""


def test_the_stages_before_a_refusal_are_shown(project, run):
    (project / "open.py").write_text("import os\n\n\ndef f(x):\n    return os.stat(2.0 * x)\n")
    done = run("stages", "open.py:f", "--after", "desugar")
    assert done.exit_code == 1
    assert "os.stat(2.0 * x)" in done.stdout
