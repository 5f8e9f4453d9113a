"""The command as a whole: help, version, demo, the list of rules."""

import re
import time

import pytest

import retrograd
from retrograd.cli import SUBCOMMANDS


def test_help_lists_every_subcommand(run):
    done = run("--help")
    assert done.exit_code == 0
    for name in SUBCOMMANDS:
        assert re.search(rf"^  {name} ", done.output, re.MULTILINE)


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_subcommand_explains_itself(run, name):
    assert run(name, "--help").exit_code == 0


def test_version(run):
    assert retrograd.__version__ in run("--version").output


def test_an_unknown_subcommand_exits_2(run):
    assert run("shwo").exit_code == 2


def test_the_demo_fits_on_a_screen_and_is_quick(spawn, tmp_path):
    started = time.perf_counter()
    done = spawn("demo", RETROGRAD_CACHE_DIR=str(tmp_path))
    elapsed = time.perf_counter() - started
    assert done.returncode == 0, done.stderr.decode()
    lines = done.stdout.decode().splitlines()
    assert len(lines) <= 50
    assert max(map(len, lines)) <= 100
    assert elapsed < 10.0


def test_the_demo_shows_what_it_promises(run):
    text = run("demo").output
    assert "def swing_grad(" in text
    apart = [float(number) for number in re.findall(r"apart (\S+)", text)]
    assert len(apart) == 2
    assert max(apart) < 1e-8
    fitted = [line.split() for line in text.splitlines() if line.startswith("  b")]
    assert [row[0] for row in fitted] == ["b1", "b2"]
    assert all(float(row[-1]) >= 8.0 for row in fitted)


def test_rules_are_listed(run):
    done = run("rules")
    assert done.exit_code == 0
    assert len(done.stdout.splitlines()) > 60
    assert "numpy.tanh(x)" in done.stdout


def test_rules_by_pattern(run):
    done = run("rules", "tanh")
    assert {line.split("(")[0] for line in done.stdout.splitlines() if "(" in line} <= {
        "numpy.tanh",
        "numpy.arctanh",
        "numpy.atanh",
        "math.tanh",
        "math.atanh",
    }
    assert "numpy.tanh(x)" in done.stdout


def test_rules_say_how_far_they_go(run):
    assert "first order" in run("rules", "numpy.block").output
    assert "first order" not in run("rules", "numpy.tanh").output


def test_rules_are_counted_by_module(run):
    lines = run("rules", "--count").output.splitlines()
    assert lines[0].split() == ["module", "rules", "reverse", "forward", "second"]
    counts = {line.split()[0]: [*map(int, line.split()[1:])] for line in lines[1:]}
    rules, *derivatives = counts["numpy.linalg"]
    assert rules >= derivatives[0] >= 25
    assert all(numbers == sorted(numbers, reverse=True) for numbers in counts.values())


def test_a_pattern_without_rules_exits_1(run):
    done = run("rules", "nosuchfunction")
    assert done.exit_code == 1
    assert "nosuchfunction" in done.stderr
