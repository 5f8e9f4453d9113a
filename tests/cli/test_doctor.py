"""``retrograd doctor``: what differentiates and what does not, of files and folders."""

import textwrap
from pathlib import Path

import pytest

from retrograd.cli import doctor
from retrograd.examining import examine


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text).lstrip())
    return path


def test_all_differentiate(project, run):
    done = run("doctor", "model.py")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.splitlines() == [
        "model.py",
        "   6  loss      differentiates by w, b, X, y",
        "  13  energy    differentiates by x, k",
        "  17  _private  differentiates by x",
        "3 functions: 3 differentiate, 0 do not",
    ]


def test_what_is_refused_is_said_with_its_place(project, run):
    done = run("doctor", "refused.py", "model.py")
    assert done.exit_code == 1
    assert done.stdout.startswith(textwrap.dedent("""\
        refused.py
          1  careful  does not differentiate
               refused.py:2:5: RG204: a `try` statement cannot be reversed
                 an exception can leave this block after any line
                 instead: test the condition first, and branch with `if`
        model.py
        """))
    assert done.stdout.endswith("4 functions: 3 differentiate, 1 do not\n")
    assert done.stderr == ""


def test_every_refusal_of_a_function(project):
    file = write(
        project / "two.py",
        """
        def f(x):
            global x2
            try:
                pass
            finally:
                pass
            return x
        """,
    )
    (found,) = examine([file])
    assert len(found.diagnostics) >= 2


def test_methods_and_modules_of_a_package(project, run):
    write(project / "package/__init__.py", "")
    write(
        project / "package/physics.py",
        """
        from package.constants import G


        class Body:
            def weight(self, mass: float):
                return G * mass

            @staticmethod
            def area(r):
                return 3.14 * r * r

            class Inner:
                def twice(self, x):
                    return 2.0 * x


        if True:

            def double(x):
                return 2.0 * x


        def count(n: int, name="x"):
            return n
        """,
    )
    write(project / "package/constants.py", "G = 9.81\n")
    write(project / "package/.hidden/bad.py", "def f(x):\n    yield x\n")
    write(project / "package/env/pyvenv.cfg", "")
    write(project / "package/env/bad.py", "def f(x):\n    yield x\n")
    done = run("doctor", "package")
    assert done.exit_code == 0, done.stdout
    assert done.stdout.splitlines() == [
        "package/physics.py",
        "   5  Body.weight       differentiates by mass",
        "   9  Body.area         differentiates by r",
        "  13  Body.Inner.twice  differentiates by x",
        "  19  double            differentiates by x",
        "  23  count             takes no floats",
        "5 functions: 4 differentiate, 0 do not, 1 take no floats",
    ]


def test_types_are_heard(project, run):
    write(project / "ode.py", "def f(x, y):\n    a = x\n    a += y\n    return a * x\n")
    assert run("doctor", "ode.py").exit_code == 1
    assert run("doctor", "ode.py", "--types", "x: float, y: float").exit_code == 0


@pytest.mark.parametrize(
    ("text", "code"), [("def f(x:\n", "RG101"), ("# coding: klingon\n", "RG304")]
)
def test_a_file_that_cannot_be_read(project, run, text, code):
    (project / "broken.py").write_text(text)
    done = run("doctor", "broken.py", "model.py")
    assert done.exit_code == 1
    assert code in done.stdout
    assert "3 differentiate" in done.stdout
    assert "1 files cannot be read" in done.stdout


def test_our_own_errors_do_not_end_it(project, run, monkeypatch):
    def broken(*arguments: object) -> None:
        raise KeyError("lost")

    monkeypatch.setattr("retrograd.examining.compile_module", broken)
    done = run("doctor", "model.py")
    assert done.exit_code == 1
    assert done.stdout.count("model.py:6:1: RG901") == 1
    assert "KeyError: 'lost'" in done.stdout
    assert "0 differentiate, 3 do not" in done.stdout


def test_each_file_is_parsed_once(project, monkeypatch):
    from retrograd.transforms.frontend import modules

    write(project / "a.py", "from b import g\n\n\ndef f(x):\n    return g(x)\n")
    write(project / "b.py", "def g(x):\n    return x * x\n\n\ndef h(x):\n    return g(x)\n")
    parsed: list[str] = []
    parse = modules.parse_module

    def counting(name, path, filename, text):
        parsed.append(filename)
        return parse(name, path, filename, text)

    monkeypatch.setattr(modules, "parse_module", counting)
    found = list(examine([Path("a.py"), Path("b.py")]))
    assert [one.diagnostics for one in found] == [()] * 3
    assert sorted(parsed) == ["a.py", "b.py"]


def test_nothing_to_examine(project, run):
    (project / "empty").mkdir()
    assert run("doctor", "empty").exit_code == 2
    assert run("doctor", "nowhere.py").exit_code == 2
    assert list(doctor.python_files(project / "model.py")) == [project / "model.py"]


def test_methods_know_their_class_and_what_is_left_over_is_let_alone(project, run):
    write(
        project / "spring.py",
        """
        class Spring:
            def __init__(self, k: float, x: float):
                self.k = k
                self.x = x

            def energy(self, scale: float):
                return 0.5 * scale * self.stiffness() * self.x**2

            def stiffness(self):
                return self.k


        def rest(x: float, *xs, **options):
            return x * options["k"]


        def total(*xs):
            return sum(xs)
        """,
    )
    done = run("doctor", "spring.py")
    assert done.exit_code == 0, done.stdout
    assert done.stdout.splitlines()[1:] == [
        "   6  Spring.energy     differentiates by scale",
        "   9  Spring.stiffness  takes no floats",
        "  13  rest              differentiates by x",
        "  17  total             takes no floats",
        "4 functions: 2 differentiate, 0 do not, 2 take no floats",
    ]
