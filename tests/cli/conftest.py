"""A project folder to work on, and two ways to run the command: in this process and in a new one."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner, Result

from retrograd.cli import main

MODEL = '''
"""A few models."""

import numpy as np


def loss(w, b, X, y):
    """Mean squared error."""
    # how far off
    miss = X @ w + b - y
    return np.mean(miss**2)


def energy(x, k=2.0):
    return 0.5 * k * x * x


def _private(x):
    return 3.0 * x
'''

REFUSED = """
def careful(x):
    try:
        y = 1.0 / x
    except ZeroDivisionError:
        y = 0.0
    return y
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with `MODEL` in model.py and `REFUSED` in refused.py; the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.py").write_text(dedent(MODEL).lstrip())
    (tmp_path / "refused.py").write_text(dedent(REFUSED).lstrip())
    return tmp_path


@pytest.fixture
def run() -> Callable[..., Result]:
    """Runs ``retrograd ARGUMENTS`` in this process."""
    return lambda *arguments: CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture
def spawn() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Runs ``python -m retrograd ARGUMENTS`` in a process of its own; keywords are environment."""

    def spawned(*arguments: object, **env: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "retrograd", *map(str, arguments)],
            capture_output=True,
            env={**os.environ, **env},
        )

    return spawned
