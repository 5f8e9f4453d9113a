"""Same source, same request: the same bytes, in whatever process."""

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests.golden.golden_file import golden_files, read
from tests.properties.programs import random_program

#: Writes some of the goldens to its standard output, and a few random programs.
WRITER = """
import sys
from random import Random

from retrograd.api import gradient_source
from retrograd.transforms.diagnostics.report import UnsupportedError
from tests.golden.golden_file import golden_files, read
from tests.properties.programs import random_program

for path in golden_files()[::8]:
    print(read(path).outcome().text)
for k in range(2):
    program = random_program(Random(f"determinism {k}"))
    for mode in ("grad", "value_and_grad", "split"):
        try:
            print(gradient_source(program.text, program.name, argnames=program.wrt, mode=mode))
        except UnsupportedError as refusal:
            print(refusal)
"""


def started(hash_seed: str) -> subprocess.Popen[bytes]:
    """A new process that writes, in which sets of text have an order of their own."""
    path = os.pathsep.join(filter(None, sys.path))
    env = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": path}
    return subprocess.Popen([sys.executable, "-c", WRITER], stdout=subprocess.PIPE, env=env)


def test_two_processes_write_the_same_bytes() -> None:
    processes = [started("1"), started("2")]
    one, two = (process.communicate()[0] for process in processes)
    assert [process.returncode for process in processes] == [0, 0]
    assert one.count(b"def ") > len(golden_files()) // 8
    assert one == two


@pytest.mark.parametrize("path", golden_files()[::10], ids=lambda path: path.stem)
def test_one_process_writes_the_same_bytes_again(path: Path) -> None:
    golden = read(path)
    first = golden.outcome()
    read(golden_files()[-1]).outcome()  # something else in between
    assert golden.outcome() == first


def test_random_programs_depend_on_the_seed_alone() -> None:
    assert str(random_program(Random("a"))) == str(random_program(Random("a")))
