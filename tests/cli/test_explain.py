"""``retrograd explain``: the facts beside the source, as text and as a page."""

import os
import pty
import re
import subprocess
import sys


def test_source_and_facts(project, run):
    done = run("explain", "model.py:loss", "--wrt", "w,b")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("loss (model.py), with respect to w, b\n")
    assert re.search(
        r"^ 9 \|     miss = X @ w \+ b - y\n( +: .*\n)? +: +active ", done.stdout, re.M
    )
    assert "# how far off" in done.stdout


def test_types_are_heard(project, run):
    kinds = "w: float[d], b: float, X: float[n, d], y: float[n]"
    done = run("explain", "model.py:loss", "--types", kinds)
    assert "`miss`: float[n]" in done.stdout
    assert ": helper" not in re.sub(" +", " ", done.stdout)


def test_a_refused_function(project, run):
    done = run("explain", "refused.py:careful")
    assert done.exit_code == 1
    assert "error[RG204]" in done.stderr
    assert done.stdout == ""


def test_a_parameter_that_is_not_there(project, run):
    assert run("explain", "model.py:loss", "--wrt", "v").exit_code == 2


def test_a_page_that_stands_alone(project, run):
    done = run("explain", "model.py:loss", "--html", "loss.html")
    assert done.exit_code == 0, done.stderr
    assert done.stdout == ""
    text = (project / "loss.html").read_text()
    assert "miss = X @ w + b - y" in text
    assert "def loss_grad(" in text
    assert '<span class="topic active">' in text
    assert not re.search(r"https?://|src=|<script|<link", text)
    assert run("explain", "model.py:loss", "--html", "nowhere/loss.html").exit_code == 1


def test_signs_are_escaped_in_the_page(project, run):
    (project / "one.py").write_text("def f(x: float):\n    return x if x < 1.0 else 2.0 * x\n")
    run("explain", "one.py", "--html", "one.html")
    text = (project / "one.html").read_text()
    assert "x &lt; 1.0" in text
    assert "x < 1.0" not in text


def test_colours_do_not_change_the_text(project, spawn):
    reader, writer = pty.openpty()
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "40"}
    env.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "retrograd", "explain", "model.py:energy"]
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
    plain = spawn("explain", "model.py:energy").stdout.decode()
    assert re.sub(r"\x1b\[[0-9;]*m", "", seen) == plain
