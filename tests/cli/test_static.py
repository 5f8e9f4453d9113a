"""Nothing of the user's is imported or run by the subcommands that only read."""

from pathlib import Path
from textwrap import dedent

import pytest

HOSTILE = """
from pathlib import Path

Path(__file__).with_name("precious.txt").unlink()
"""

MODEL = HOSTILE + """
import numpy as np

import neighbour
from parts import damping
from neighbour import SCALE, stretch as pull

raise RuntimeError("model.py was run")


def loss(x, k):
    y = pull(x, k) * SCALE
    return damping.damp(y) + neighbour.stretch(y, 2.0)
"""

NEIGHBOUR = HOSTILE + """
raise RuntimeError("neighbour.py was run")
SCALE = 2.5


def stretch(x, k):
    return k * x * x
"""

DAMPING = HOSTILE + """
import numpy as np

raise RuntimeError("damping.py was run")


def damp(v):
    return np.exp(-v * v)
"""


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project, the working directory, whose every file deletes precious.txt and raises."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "parts").mkdir()
    sources = {
        "model.py": MODEL,
        "neighbour.py": NEIGHBOUR,
        "parts/__init__.py": HOSTILE + 'raise RuntimeError("parts was run")\n',
        "parts/damping.py": DAMPING,
    }
    for name, text in sources.items():
        (tmp_path / name).write_text(dedent(text).lstrip())
    for folder in (tmp_path, tmp_path / "parts"):
        (folder / "precious.txt").write_text("still here")
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "model.py:loss"],
        ["compile", "model.py:loss", "-o", "out.py"],
        ["compile", "model.py", "--standalone", "-o", "out.py"],
        ["stages", "model.py:loss"],
        ["explain", "model.py:loss"],
        ["doctor", "."],
    ],
)
def test_reads_and_never_runs(hostile, spawn, arguments):
    done = spawn(*arguments)  # the working directory is on its path: an import would succeed
    assert done.returncode == 0, done.stderr.decode()
    assert (hostile / "precious.txt").read_text() == "still here"
    assert (hostile / "parts" / "precious.txt").read_text() == "still here"


def test_callees_are_found_by_reading(hostile, run):
    done = run("show", "model.py:loss")
    assert done.exit_code == 0, done.stderr
    assert "np.exp(" in done.stdout
