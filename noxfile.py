"""What continuous integration runs; `nox` alone runs everything but the benchmarks."""

from pathlib import Path

import nox

nox.options.sessions = ["tests", "types", "lint", "docs"]
nox.options.error_on_missing_interpreters = False


@nox.session(python=["3.11", "3.12", "3.13"])
def tests(session: nox.Session) -> None:
    """The whole test suite; `nox -s tests-3.11 -- -k adjoint` runs a part of it."""
    session.install("-e", ".[test]")
    session.run("pytest", "-q", "-n", "auto", *session.posargs)


@nox.session
def types(session: nox.Session) -> None:
    """`mypy --strict` over src/."""
    session.install("-e", ".", "mypy")
    session.run("mypy")


@nox.session
def lint(session: nox.Session) -> None:
    """`ruff` and `black --check` over everything but the goldens."""
    session.install("ruff", "black")
    session.run("ruff", "check")
    session.run("black", "--check", "--quiet", ".")


@nox.session
def docs(session: nox.Session) -> None:
    """The pages printed from tables, the example of the README, the links, the doctests."""
    session.install("-e", ".[test]")
    session.run("python", "docs/generate.py", "--check")
    session.run("pytest", "-q", "tests/test_docs.py")


@nox.session(python=["3.11", "3.12", "3.13"])
def constructs(session: nox.Session) -> None:
    """The table of constructs, every one of them judged; `nox -s constructs-3.12 -- loop` a part of it."""
    session.install("-e", ".[test]")
    session.run("python", "-m", "tests.constructs.table", *session.posargs)


@nox.session
def rules(session: nox.Session) -> None:
    """Every call of the rules, compiled and judged."""
    session.install("-e", ".[test]")
    session.run("pytest", "-n", "auto", "tests/rules", "--every-call", *session.posargs)


@nox.session
def native(session: nox.Session) -> None:
    """Every golden, compiled to native code; those that Numba does not take are listed."""
    session.install("-e", ".[test]")
    session.run("pytest", "-s", "tests/native", "--every-native", *session.posargs)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Thousands of random programs: `nox -s fuzz -- --programs 5000 --seed 7`."""
    session.install("-e", ".[test]", "autograd")
    session.run("python", "-m", "tests.properties.fuzz", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Every file of benchmarks/, one after the other."""
    session.install("-e", ".[test]", "autograd")
    for file in sorted(Path("benchmarks").glob("*.py")):
        session.run("python", str(file))
