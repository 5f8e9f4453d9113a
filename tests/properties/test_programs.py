"""Random programs: the gradient is that of central differences, however it was compiled.

A fixed sample is judged always. Thousands of others, on all cores::

    pytest tests/properties/test_programs.py --fuzz 5000 --seed 7 -n auto
"""

from pathlib import Path
from random import Random

import pytest

from tests.properties.judge import Unjudged, Wrong, judge
from tests.properties.programs import random_program
from tests.properties.reduction import reduced

SAMPLE = 16
IN_ONE_TEST = 4


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    count = metafunc.config.getoption("--fuzz") or SAMPLE
    if "first" in metafunc.fixturenames:
        metafunc.parametrize("first", range(0, count, IN_ONE_TEST))


def test_gradients_are_right(first: int, pytestconfig: pytest.Config, tmp_path: Path) -> None:
    seed = pytestconfig.getoption("--seed")
    judged, problems = 0, []
    for k in range(first, first + IN_ONE_TEST):
        program = random_program(Random(f"{seed}:{k}"))
        try:
            judge(program)
            judged += 1
        except Unjudged:
            continue
        except Wrong as wrong:
            small = reduced(program, wrong)
            path = tmp_path / f"program_{seed}_{k}.py"
            path.write_text(
                f"{small}\n\n# Before it was made smaller:\n{program}", encoding="utf-8"
            )
            problems.append(f"{wrong}\n{path}\n{small}")
    assert not problems, "\n\n".join(problems)
    assert judged >= IN_ONE_TEST // 2, f"of {IN_ONE_TEST} programs only {judged} could be judged"
