"""Text becomes the IR that says the same, names become what they stand for, the rest is refused."""

import functools
import linecache
import math
import sys
import textwrap
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np
import pytest

from retrograd.api import gradient_source
from retrograd.transforms.diagnostics.report import SourceUnavailable, UnsupportedError
from retrograd.transforms.frontend.annotations import kind_of_annotation, parse_kind, parse_types
from retrograd.transforms.frontend.build import expression
from retrograd.transforms.frontend.read import (
    Definition,
    functions_in,
    read_file,
    read_live,
    read_text,
)
from retrograd.transforms.frontend.values import kind_of_value
from retrograd.transforms.ir.kinds import (
    BOOL,
    COMPLEX,
    FLOAT,
    INT,
    NONE,
    UNKNOWN,
    Array,
    Mapping,
    Other,
    Scalar,
    Sequence,
)
from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    AugAssign,
    Binary,
    Call,
    Callee,
    Compare,
    Const,
    Expr,
    For,
    If,
    Index,
    Known,
    Name,
    Outer,
    Param,
    Pass,
    Return,
    Slice,
    Tuple,
    Unary,
    While,
)
from retrograd.transforms.ir.walk import own_expressions, statements, subexpressions

X, Y = Name("x"), Name("y")


def no_names(dotted: str) -> None:
    return None


def defined(text: str, name: str = "f") -> Definition:
    """The function `name` of `text`, which may be indented."""
    program = read_text(textwrap.dedent(text), name, "model.py")
    return program.definition(program.entry)


def body(text: str) -> tuple[Any, ...]:
    """The statements of ``def f(x, y)`` with the body `text`."""
    return defined("def f(x, y):\n" + textwrap.indent(textwrap.dedent(text), "    ")).function.body


def refusals(text: str, name: str = "f") -> list[tuple[str, int, str]]:
    """Code and line of every refusal, and what the caret is under."""
    with pytest.raises(UnsupportedError) as raised:
        defined(text, name)
    found = []
    for diagnostic in raised.value.diagnostics:
        span = diagnostic.span
        assert span is not None
        end = span.end_column if span.end_line == span.line else len(span.text)
        found.append((diagnostic.code, span.line, span.text[span.column : end]))
    return found


def executed(text: str, filename: str, **scope: Any) -> dict[str, Any]:
    """The names that `text` defines, with the text registered as the source."""
    lines = text.splitlines(keepends=True)
    linecache.cache[filename] = (len(text), None, lines, filename)
    namespace = {"__name__": "scratch", **scope}
    exec(compile(text, filename, "exec"), namespace)
    return namespace


# ---------------------------------------------------------------- expressions


@pytest.mark.parametrize(
    ("text", "built"),
    [
        ("x - -2.0", Binary("-", X, Unary("-", Const("2.0")))),
        ("-x**2", Unary("-", Binary("**", X, Const("2")))),
        ("(x + y) * 2", Binary("*", Binary("+", X, Y), Const("2"))),
        ("not x < y <= 1_000", Unary("not", Compare(X, ("<", "<="), (Y, Const("1_000"))))),
        ("x is not None", Compare(X, ("is not",), (Const("None"),))),
        ("0x10 not in y", Compare(Const("0x10"), ("not in",), (Y,))),
        ("x.T", Attribute(X, "T")),
        ("x.sum(axis=0)", Call(Attribute(X, "sum"), (), (("axis", Const("0")),))),
        ("x[1:, None]", Index(X, Tuple((Slice(Const("1"), None, None), Const("None"))))),
        ("x[::2]", Index(X, Slice(None, None, Const("2")))),
        ("x[0,]", Index(X, Tuple((Const("0"),)))),
        ("x[...]", Index(X, Const("..."))),
        ("()", Tuple(())),
        ("'a' \"b\"", Const("'ab'")),
        ("'''a\nb'''", Const("'a\\nb'")),
    ],
)
def test_expressions(text: str, built: Expr) -> None:
    assert expression(text, no_names) == built


def test_a_dotted_name_is_resolved_as_a_whole_first() -> None:
    def resolve(dotted: str) -> Expr | None:
        return Known(dotted, dotted) if dotted == "numpy.linalg.inv" else None

    built = expression("numpy.linalg.inv(x).T", resolve)
    assert built == Attribute(Call(Known("numpy.linalg.inv", ""), (X,)), "T")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x[*y]", "RG211"),
        ("b'x'", "RG202"),
        ("(yield x)", "RG203"),
        ("await x", "RG221"),
    ],
)
def test_refused_expressions(text: str, code: str) -> None:
    with pytest.raises(UnsupportedError) as raised:
        expression(text, no_names)
    assert code in [diagnostic.code for diagnostic in raised.value.diagnostics]


# ---------------------------------------------------------------- statements


def test_statements_keep_text_and_comments() -> None:
    loop, last = body("""\
        # above

        for i, (a, b) in enumerate(zip(x, y)):  # head
            total: float = a; s = b  # behind
            # at the end
        # before the return
        return (total
                + s)
        """)
    assert isinstance(loop, For)
    assert loop.target == Tuple((Name("i"), Tuple((Name("a"), Name("b")))))
    assert loop.origin.leading == ("# above", "")
    assert loop.origin.trailing == "# head"
    assert loop.origin.spelling == "for i, (a, b) in enumerate(zip(x, y))"
    first, second = loop.body
    assert (first.origin.spelling, first.origin.trailing) == ("total: float = a", "")
    assert (second.origin.spelling, second.origin.trailing) == ("s = b", "# behind")
    assert last.origin.leading == ("# at the end", "# before the return")
    assert last.origin.spelling == "return (total\n        + s)"


def test_branches() -> None:
    (branch,) = body("""\
        if x: return y  # one
        # two
        elif y > 0:
            return x
            # three
        else:  # four
            return 1.0
        """)
    assert isinstance(branch, If)
    assert branch.then[0].origin.trailing == "# one"
    (elif_,) = branch.orelse
    assert isinstance(elif_, If)
    assert elif_.origin.spelling == "if y > 0"
    assert elif_.origin.leading == ("# two",)
    assert elif_.orelse[0].origin.leading == ("# three", "# four")


def test_a_chained_assignment_becomes_several() -> None:
    first, second, third, _ = body("a = (b, c) = d = x + y  # why\nreturn a")
    assert isinstance(first, Assign)
    assert first.value == Binary("+", X, Y)
    assert second.target == Tuple((Name("b"), Name("c")))
    assert second.value == third.value == Name("a")
    assert [stmt.origin.spelling for stmt in (first, second, third)] == [
        "a = x + y",
        "(b, c) = a",
        "d = a",
    ]
    assert [stmt.origin.trailing for stmt in (first, second, third)] == ["", "", "# why"]


def test_simple_statements() -> None:
    statements = body("""\
        a: float
        'text'
        ...
        pass
        [b, x[0]] = y
        x[1:] @= y
        while (x <
               y): x += 1
        return x
        """)
    *nothing, unpacking, augmented, loop, _ = statements
    assert all(isinstance(stmt, Pass) for stmt in nothing)
    assert [stmt.origin.spelling for stmt in nothing] == ["a: float", "'text'", "...", "pass"]
    assert unpacking.target == Tuple((Name("b"), Index(X, Const("0"))))
    assert isinstance(augmented, AugAssign)
    assert augmented.op == "@"
    assert isinstance(loop, While)
    assert loop.origin.spelling == "while (x <\n       y)"


def test_text_of_several_lines_is_not_indented_anew() -> None:
    first, _ = body('a = x["""k\nl"""]\nreturn a')
    assert first.origin.spelling is None
    assert first.value == Index(X, Const("'k\\n    l'"))


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("indent", ["\t", "  ", "    "])
def test_newlines_and_indentation(newline: str, indent: str) -> None:
    text = f"def f(x):\n{indent}if x:\n{indent}{indent}x = x \\\n  + 1.0\n{indent}return x\n"
    function = defined(text.replace("\n", newline)).function
    assert [type(stmt) for stmt in statements(function.body)] == [If, Assign, Return]


def test_identifiers_that_differ_in_form_are_one() -> None:
    first, last = body("ﬁt = x\nreturn fit")
    assert first.target == last.value == Name("fit")


def test_signature_and_docstring() -> None:
    definition = defined('''\
        import math
        RATE = 0.5
        def f(x, /, y: "float" = -1.0, *, k=math.pi, r=RATE, dims=(1, None)):  # note
            """What it does.

            And more.
            """
            return x
        ''')
    function = definition.function
    assert function.docstring == "What it does.\n\nAnd more."
    assert function.origin.trailing == "# note"
    assert len(function.body) == 1
    assert function.params == (
        Param("x", positional_only=True),
        Param("y", '"float"', Unary("-", Const("1.0"))),
        Param("k", None, Known("math.pi", "math.pi"), True),
        Param("r", None, Outer("RATE"), True),
        Param("dims", None, Tuple((Const("1"), Const("None"))), True),
    )


def test_one_line_function_with_docstring() -> None:
    function = defined("def f(x): 'doc'; return x\n").function
    assert function.docstring == "doc"
    assert [type(stmt) for stmt in function.body] == [Return]


# ---------------------------------------------------------------- refusals


def test_every_offence_is_reported() -> None:
    text = """\
    def f(x, *rest, **more):
        global COUNT
        try:
            y = [t for t in x]
        except ValueError as error:
            raise
        finally:
            del x
        with open(x) as file:
            assert x
        for i in x:
            if i:
                break
            continue
        else:
            return x
        while x:
            return 1.0
        def g(t): return t
        class C: pass
        import os
        x = 1
        *a, b = x
        return
    """
    assert refusals(text) == [
        ("RG208", 2, "global COUNT"),
        ("RG204", 3, "try"),
        ("RG215", 6, "raise"),
        ("RG205", 9, "file"),
        ("RG223", 20, "class"),
        ("RG217", 24, "return"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("async def f(x): return x", [("RG221", 1, "f")]),
        ("def f(x):\n    async for i in x: pass\n    return x", [("RG101", 2, "a")]),
        (
            "async def f(x):\n  async for i in x: pass\n  return x",
            [("RG221", 1, "f"), ("RG221", 2, "for")],
        ),
        (
            "def f(x):\n    match x:\n        case [y]: return y\n    return x",
            [("RG215", 3, "[y]")],
        ),
        ("def f(x):\n    yield x", [("RG203", 2, "yield x")]),
        ("def f(x):\n    if x: return x", [("RG217", 1, "f")]),
        ("def f(x):\n    if x: return\n    return x", [("RG217", 2, "return")]),
        ("def f(x):\n    return z", [("RG212", 2, "z")]),
        ("def f(x, y=[1]): return x", [("RG218", 1, "[1]")]),
        ("def f(x, y=1 + 1): return x", [("RG218", 1, "1 + 1")]),
        ("def f(x):\n    for x[0] in x: pass\n    return x", [("RG201", 2, "x[0]")]),
        ("import math\ndef f(x):\n    return math", [("RG219", 3, "math")]),
        ("import math\ndef f(math): return math", [("RG216", 2, "math")]),
        ("def f(x):\n    u[0] = x\n    return x", [("RG212", 2, "u")]),
        ("import cfg\ndef f(x):\n    cfg.a.b = x\n    return x", [("RG404", 3, "cfg.a.b")]),
        ("import math as m\ndef f(x):\n    for m in x: pass\n    return x", [("RG216", 3, "m")]),
        ("C = [1]\ndef f(x):\n    C[0] = x\n    return x", [("RG404", 3, "C[0]")]),
        ("def f(x):\n    global x\n    return x", [("RG101", 2, "g")]),
        ("h = lambda t: t\ndef f(x):\n    return h(x)", [("RG219", 3, "h")]),
        ("class C: pass\ndef f(x):\n    return C(x)", [("RG219", 3, "C")]),
        ("from m import *\ndef f(x):\n    return exp(x)", [("RG105", 1, "from m import *")]),
        ("from m import *\ndef f(x):\n    return abs(x)", [("RG105", 1, "from m import *")]),
        (
            "def g(x): return x\nfrom m import *\ndef f(x):\n    return g(x)",
            [("RG105", 2, "from m import *")],
        ),
        ("import torch as t\ndef f(x):\n    return t.exp(x)", [("RG304", 3, "t.exp")]),
        ("from .near import g\ndef f(x):\n    return g(x)", [("RG304", 3, "g")]),
        ("@wraps\ndef f(x): return x", [("RG102", 1, "wraps")]),
        ("@wraps\ndef g(x): return x\ndef f(x): return g(x)", [("RG102", 3, "g")]),
        ("def f(x):\n    return (x +\n", [("RG101", 2, "(")]),
    ],
)
def test_refused_programs(text: str, found: list[tuple[str, int, str]]) -> None:
    assert refusals(text) == found


@pytest.mark.parametrize(
    "module",
    [
        "C = 1.0\nC = 2.0",
        "C = 1.0\nC += 1.0",
        "C, D = 1.0, 2.0",
        "if True:\n    C = 1.0",
        "try:\n    C = 1.0\nexcept E: pass",
        "for C in range(3): pass",
        "C = 1.0\nD = (C := 2.0)",
        "C = 1.0\ndef g():\n    global C\n    C = 2.0",
        "import numpy as np\nC = np.zeros(3)\nC[0] = 1.0",
        "import numpy as np\nC = np.zeros(3)\nC.fill(2.0)",
        "import numpy as np\nC = np.zeros(3)\ndef g(): C[0] = 1.0",
        "C = 1.0\ndel C",
        "def C(x): return x\ndef C(x): return 2 * x",
        "with g() as C: pass",
    ],
)
def test_a_name_whose_value_depends_on_running_the_module(module: str) -> None:
    text = f"{module}\n\ndef f(x):\n    return C * x\n"
    assert [code for code, _, _ in refusals(text)] == ["RG104"]


def test_a_missing_function_is_named() -> None:
    with pytest.raises(UnsupportedError, match=r"no `h` in model\.py; its functions are: f, g"):
        defined("def f(x): return x\ndef g(x): return x\n", "h")


# ---------------------------------------------------------------- names in files


def names_of(definition: Definition) -> dict[str, str]:
    """What the function's names from outside stand for."""
    found = {}
    for stmt in statements(definition.function.body):
        for own in own_expressions(stmt):
            for part in subexpressions(own):
                match part:
                    case Known(path=path, spelling=spelling):
                        found[spelling] = path
                    case Callee(key=key, spelling=spelling):
                        found[spelling] = key
                    case Outer(id=id):
                        found[id] = "outer"
                    case _:
                        pass
    return found


def test_library_names() -> None:
    definition = defined("""\
        import numpy as np, numpy.linalg as la, scipy.special
        from numpy import sin as s, linalg
        from math import pi
        if True:
            import math

        def f(x):
            sum = np.sin(x) + s(x) + la.norm(x) + linalg.inv(x) + abs(x)
            return sum + pi * math.tau + scipy.special.expit(x) + np.add.reduce(x)
        """)
    assert names_of(definition) == {
        "np.sin": "numpy.sin",
        "s": "numpy.sin",
        "la.norm": "numpy.linalg.norm",
        "linalg.inv": "numpy.linalg.inv",
        "abs": "abs",
        "pi": "math.pi",
        "math.tau": "math.tau",
        "scipy.special.expit": "scipy.special.expit",
        "np.add.reduce": "numpy.add.reduce",
    }
    assert definition.aliases == {
        "numpy": "np",
        "numpy.linalg": "la",
        "scipy": "scipy",
        "math": "math",
    }


def test_module_constants() -> None:
    definition = defined("""\
        import math
        import numpy as np
        R = -1e-3
        AREA: float = math.pi * R**2  # of a circle
        W = np.array([1.0,
                      R])
        N = 3
        SIZES = [1, 2]
        DATA = np.load("data.npy")

        def f(x):
            return x * AREA + W[N] + SIZES[0] + DATA.shape[0] + R
        """)
    kinds = {id: value.kind for id, value in definition.outers.items()}
    assert kinds == {
        "R": FLOAT,
        "AREA": FLOAT,
        "W": UNKNOWN,
        "N": INT,
        "SIZES": Sequence("list", (INT, INT), INT),
        "DATA": UNKNOWN,
    }
    assert list(kinds) == ["R", "AREA", "W", "N", "SIZES", "DATA"]
    assert {id: value.source for id, value in definition.outers.items()} == {
        "R": "R = -1e-3",
        "AREA": "AREA = math.pi * R**2",
        "W": "W = np.array([1.0,\n              R])",
        "N": "N = 3",
        "SIZES": "SIZES = [1, 2]",
        "DATA": None,
    }


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("1 + 2", INT),
        ("1 / 2", FLOAT),
        ("2**0.5", UNKNOWN),
        ("1.5**2", FLOAT),
        ("2**-1", UNKNOWN),
        ("not 1", UNKNOWN),
        ("-True", INT),
        ("'text'", Other("text")),
        ("None", NONE),
        ("(1, 2.0)", Sequence("tuple", (INT, FLOAT), UNKNOWN)),
    ],
)
def test_kinds_of_constants(value: str, kind: object) -> None:
    definition = defined(f"C = {value}\ndef f(x): return C\n")
    assert definition.outers["C"].kind == kind


def project(folder: Path, **files: str) -> Path:
    """A folder with the files given by name, ``__`` standing for a folder."""
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    return folder


def test_neighbours_are_found_by_reading(tmp_path: Path) -> None:
    project(
        tmp_path,
        pkg__model="""\
        import helpers
        import pkg.deep.far as far
        import pkg.deep
        from . import near, settings as cfg
        from .near import g as G, RATE as R
        from pkg.deep import far_again
        from near import g as beside
        raise SystemExit("this file must not be run")

        def f(x):
            y = helpers.h(x) + far.k(x) + pkg.deep.far.k(x) + near.g(x) + G(x)
            return y + far_again(x) + beside(x) + R * cfg.LIMIT + near.np.sin(x)
        """,
        pkg__near="""\
        import numpy as np
        from pkg.model import f
        RATE = 0.5
        def g(x): return np.cos(x) * f(x)
        """,
        pkg__settings="BASE = 2.0\nLIMIT = 3 * (BASE + 1)\n",
        pkg__deep__far="def k(x): return x\n",
        helpers="def h(x): return x\n",
    )
    (tmp_path / "pkg/__init__.py").touch()
    (tmp_path / "pkg/deep/__init__.py").write_text("from .far import k as far_again\n")
    program = read_file(tmp_path / "pkg/model.py", "f")
    assert program.entry == "pkg.model:f"
    definition = program.definition(program.entry)
    assert names_of(definition) == {
        "helpers.h": "helpers:h",
        "far.k": "pkg.deep.far:k",
        "pkg.deep.far.k": "pkg.deep.far:k",
        "near.g": "pkg.near:g",
        "G": "pkg.near:g",
        "far_again": "pkg.deep.far:k",
        "beside": "pkg.near:g",
        "R": "outer",
        "cfg_LIMIT": "outer",
        "near.np.sin": "numpy.sin",
    }
    assert {id: value.source for id, value in definition.outers.items()} == {
        "R": "R = 0.5",
        "cfg_LIMIT": "cfg_LIMIT = 3 * (2.0 + 1)",
    }
    assert names_of(program.definition("pkg.near:g")) == {"np.cos": "numpy.cos", "f": "pkg.model:f"}


def test_imports_in_a_circle(tmp_path: Path) -> None:
    project(tmp_path, one="from two import g\ndef f(x): return g(x)\n", two="from one import g\n")
    program = read_file(tmp_path / "one.py", "f")
    with pytest.raises(UnsupportedError, match="circle"):
        program.definition(program.entry)


def test_a_neighbour_that_is_not_python(tmp_path: Path) -> None:
    project(tmp_path, one="from two import g\ndef f(x): return g(x)\n", two="def g(x:\n")
    program = read_file(tmp_path / "one.py", "f")
    with pytest.raises(UnsupportedError) as raised:
        program.definition(program.entry)
    assert raised.value.code == "RG304"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match="cannot be read"):
        read_file(tmp_path / "none.py", "f")
    (tmp_path / "latin.py").write_bytes(b"# \xe9\n")
    with pytest.raises(SourceUnavailable, match="cannot be decoded"):
        read_file(tmp_path / "latin.py", "f")


def test_functions_in_a_file(tmp_path: Path) -> None:
    project(tmp_path, model="def b(x):\n    def c(): ...\nif b:\n    def a(): ...\nclass D: ...\n")
    assert functions_in(tmp_path / "model.py") == ["b", "a"]


def test_decorators_that_change_nothing_are_dropped() -> None:
    definition = defined("""\
        import functools, retrograd as rg
        @functools.lru_cache(maxsize=3)
        @rg.grad(argnums=1)
        # about f
        def f(x):
            return x
        """)
    assert definition.source == "def f(x):\n    return x\n"
    assert definition.function.body[0].origin.span is not None
    assert definition.function.body[0].origin.span.line == 6


# ---------------------------------------------------------------- live functions

SCALE = 2.0
GRID = np.zeros((3, 1))


def double(t: Any, *, by: float = SCALE) -> Any:
    return t * by


def live(x: Any, n: int = 3) -> Any:
    """A live function."""
    return double(x) * GRID[0] + math.pi * np.sin(x) + abs(x)


def live_definition(function: object) -> Definition:
    program = read_live(function)
    return program.definition(program.entry)


def test_a_live_function() -> None:
    program = read_live(live)
    definition = program.definition(program.entry)
    key = f"{__name__}:double"
    assert names_of(definition) == {
        "double": key,
        "GRID": "outer",
        "math.pi": "math.pi",
        "np.sin": "numpy.sin",
        "abs": "abs",
    }
    assert definition.outers["GRID"].kind == Array("float", ("*", "1"))
    assert definition.aliases["numpy"] == "np"
    span = definition.function.body[0].origin.span
    assert span is not None
    assert span.filename == __file__
    assert span.line == live.__code__.co_firstlineno + 2
    assert program.definition(key).function.params[1].default == Outer("SCALE")
    assert {(name, id(value)) for _, name, value in program.watched()} == {
        ("double", id(double)),
        ("GRID", id(GRID)),
        ("SCALE", id(SCALE)),
    }


def test_closures_are_told_apart_and_watched() -> None:
    def make(a: float) -> FunctionType:
        def inner(x: Any) -> Any:
            if a > 0:
                return x * a  # scaled
            return x

        assert isinstance(inner, FunctionType)
        return inner

    one, two = make(1.0), make(2)

    def both(x: Any) -> Any:
        return one(x) + two(x)

    program = read_live(both)
    definition = program.definition(program.entry)
    first, second = names_of(definition).values()
    assert (first, second) == (f"{__name__}:{one.__qualname__}", f"{first}#2")
    assert program.definition(first).outers["a"].kind == FLOAT
    assert program.definition(second).outers["a"].kind == INT
    assert program.definition(first).source.startswith("def inner(x: Any) -> Any:\n    if a > 0:")
    span = program.definition(first).function.body[0].origin.span
    assert span is not None
    assert span.line == one.__code__.co_firstlineno + 1
    assert span.text[span.column : span.end_column] == "a > 0"
    cells = [place for place, name, _ in program.watched() if name == "a"]
    assert cells[0] is one.__closure__[0]  # type: ignore[index]


def test_names_by_identity() -> None:
    text = (
        "def f(x):\n    return s(x) + p * a(x) + sigmoid(x) + x[newaxis] + helper.k(x) * helper.C\n"
    )
    import types

    from scipy.special import expit

    helper = types.ModuleType("helper")
    scope = executed("def k(x):\n    return x\n", "<k>")
    helper.k, helper.C = scope["k"], 1.5  # type: ignore[attr-defined]
    outside = {"s": np.sin, "p": math.pi, "a": np.abs, "sigmoid": expit, "newaxis": None}
    scope = executed(text, "<identity>", **outside, helper=helper)
    definition = live_definition(scope["f"])
    assert names_of(definition) == {
        "s": "numpy.sin",
        "p": "math.pi",
        "a": "numpy.absolute",
        "sigmoid": "scipy.special.expit",
        "newaxis": "numpy.newaxis",
        "helper.k": "scratch:k",
        "helper.C": "outer",
    }
    assert definition.outers["helper.C"].kind == FLOAT


def test_text_that_was_registered() -> None:
    scope = executed("import math\r\n\r\ndef f(x):\r\n\treturn math.exp(x)\r\n", "<cell 1>")
    assert names_of(live_definition(scope["f"])) == {"math.exp": "math.exp"}


def test_cells_of_ipython() -> None:
    shell = pytest.importorskip("IPython.core.interactiveshell").InteractiveShell.instance()
    shell.run_cell("C = 2.0\ndef g(x):\n    return x * C")
    shell.run_cell("def f(x):\n    return g(x)")
    program = read_live(shell.user_ns["f"])
    (key,) = names_of(program.definition(program.entry)).values()
    assert program.definition(key).outers["C"].kind == FLOAT


def test_no_text() -> None:
    scope: dict[str, Any] = {}
    exec("def f(x):\n    return x", scope)
    with pytest.raises(SourceUnavailable, match=r"no source text of `f` .*linecache"):
        live_definition(scope["f"])
    with pytest.raises(SourceUnavailable, match=r"lambda at .* has no source text"):
        live_definition(eval("lambda x: x"))
    with pytest.raises(SourceUnavailable, match="not a Python function"):
        read_live(math.sin)
    with pytest.raises(SourceUnavailable, match="bound method"):
        read_live(Path().exists)


@pytest.mark.parametrize(
    ("before", "after"), [("x * 2.0", "x * 3.0"), ("x * 2.0", "x + 2.0"), ("x - y", "y - z")]
)
def test_text_that_is_not_what_the_function_was_made_from(before: str, after: str) -> None:
    text = "def f(x, y, z):\n    return "
    scope = executed(text + before, "<changed>")
    assert live_definition(scope["f"])
    executed(text + after, "<changed>")
    with pytest.raises(SourceUnavailable, match="has changed since"):
        live_definition(scope["f"])


def test_decorated_live_functions() -> None:
    text = "@decorate\ndef g(x):\n    return x\n\n\ndef f(x):\n    return g(x)\n"

    def doubled(function: Any) -> Any:
        @functools.wraps(function)
        def wrapper(*args: Any) -> Any:
            return 2.0 * function(*args)

        return wrapper

    scope = executed(text, "<wrapped>", decorate=doubled)
    with pytest.raises(UnsupportedError, match=r"doubled\.<locals>\.wrapper") as raised:
        live_definition(scope["g"])
    assert raised.value.code == "RG102"
    program = read_live(scope["f"])
    (key,) = names_of(program.definition(program.entry)).values()
    assert program.definition(key).function.name == "wrapper"
    assert live_definition(scope["g"].__wrapped__).key == "scratch:g"
    for harmless in (functools.cache, lambda function: function):
        scope = executed(text, "<harmless>", decorate=harmless)
        assert names_of(live_definition(scope["f"])) == {"g": "scratch:g"}
        assert live_definition(scope["g"]).source == "def g(x):\n    return x\n"


def test_defaults_are_those_of_the_definition() -> None:
    text = "RATE = 1.0\ndef f(x, r=RATE):\n    return x\n"
    assert live_definition(executed(text, "<same>")["f"])
    with pytest.raises(UnsupportedError) as raised:
        live_definition(executed(text + "RATE = 2.0\n", "<other>")["f"])
    assert raised.value.code == "RG218"


def test_live_refusals() -> None:
    text = "import math\ndef f(x):\n    return g * x + math.none(x) + math + C(x) + undefined\n"
    outside = {"g": double, "C": type("C", (), {})}
    scope = executed(text, "<refused>", **outside)
    with pytest.raises(UnsupportedError) as raised:
        live_definition(scope["f"])
    codes = [diagnostic.code for diagnostic in raised.value.diagnostics]
    assert codes == ["RG212", "RG219", "RG219", "RG212"]


def test_a_local_may_hide_a_module_that_gradients_do_not_need() -> None:
    text = "import time\nfrom numpy import exp\ndef f(x, time, exp):\n    return x * time * exp\n"
    assert names_of(defined(text)) == {}
    assert names_of(live_definition(executed(text, "<time>")["f"])) == {}


def test_a_local_hides_a_builtin() -> None:
    scope = executed("def f(x):\n    sum = x\n    return sum.T + max(x)\n", "<hidden>")
    definition = live_definition(scope["f"])
    assert names_of(definition) == {"max": "max"}


# ---------------------------------------------------------------- kinds of values and annotations


def test_kinds_of_values() -> None:
    values: list[tuple[object, object]] = [
        (True, BOOL),
        (1, INT),
        (1.0, FLOAT),
        (np.float64(1), FLOAT),
        (np.float32(1), FLOAT),
        (np.int8(1), INT),
        (np.bool_(True), BOOL),
        (1j, COMPLEX),
        (None, NONE),
        ("a", Other("text")),
        (range(3), Other("range")),
        (np.dtype(float), Other("dtype", "float")),
        (np.zeros(()), Array("float", ())),
        (np.zeros((1, 3)), Array("float", ("1", "*"))),
        (np.zeros((0, 2), int), Array("int", ("*", "*"))),
        (np.array([True]), Array("bool", ("1",))),
        (np.array([1j]), Array("complex", ("1",))),
        (np.array([None]), Other("foreign", "array of dtype object")),
        (np.ma.zeros(3), Other("foreign", "MaskedArray")),
        ([1.0, 2.0], Sequence("list", (FLOAT, FLOAT), FLOAT)),
        ((1.0, 2), Sequence("tuple", (FLOAT, INT), UNKNOWN)),
        ([0.0] * 100, Sequence("list", None, FLOAT)),
        ([], Sequence("list", (), UNKNOWN)),
        ({"a": 1.0}, Mapping((("a", FLOAT),))),
        ({1: 1.0}, Mapping(None)),
        (object(), UNKNOWN),
    ]
    for value, kind in values:
        assert kind_of_value(value) == kind, value


def test_kinds_in_words() -> None:
    matrix = Array("float", ("n", "d"))
    assert parse_kind("float[n, d]") == matrix
    assert parse_kind(" int[1,3,*,?] ") == Array("int", ("1", "*", "*", "?"))
    assert parse_kind("float[]") == Array("float", ())
    assert parse_kind("float[...]") == parse_kind("array") == Array("float", None)
    assert parse_kind("bool") == Scalar("bool")
    assert parse_kind("[float]") == Sequence("list", None, FLOAT)
    assert parse_kind("(float, float[n, d])") == Sequence("tuple", (FLOAT, matrix), UNKNOWN)
    assert parse_kind("{W: float[n, d], b: float}") == Mapping((("W", matrix), ("b", FLOAT)))
    assert parse_types("w: float[n, d], b: {c: int}") == {"w": matrix, "b": Mapping((("c", INT),))}
    assert parse_types("") == {}


@pytest.mark.parametrize(
    "text", ["", "flot", "float[", "float]", "float[n d]", "{W float}", "w: float", "(float", "%"]
)
def test_what_is_no_kind(text: str) -> None:
    with pytest.raises(ValueError, match="expected something like"):
        parse_kind(text)


@pytest.mark.parametrize("text", ["w", "w: ", "w: float b: int", "w: float, w: int", "1: float"])
def test_what_is_no_list_of_types(text: str) -> None:
    with pytest.raises(ValueError, match="expected something like"):
        parse_types(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (None, UNKNOWN),
        ("float", FLOAT),
        ("'float'", FLOAT),
        ("int", INT),
        ("np.ndarray", Array(None, None)),
        ("np.ndarray | None", UNKNOWN),
        ("NDArray[np.float64]", Array("float", None)),
        ("npt.NDArray[np.intp]", Array("int", None)),
        ("NDArray", Array(None, None)),
        ("Float[np.ndarray, 'n 3 1']", Array("float", ("n", "*", "1"))),
        ("Float[np.ndarray, '...']", Array("float", None)),
        ("list[float]", UNKNOWN),
        ("Any", UNKNOWN),
    ],
)
def test_kinds_of_annotations(text: str | None, kind: object) -> None:
    assert kind_of_annotation(text) == kind


def test_the_front_end_imports_no_numpy() -> None:
    import subprocess

    text = "import sys, retrograd.transforms.frontend.read; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_star_import_does_not_use_up_all_names():
    text = "from m import *\n\n\ndef f(x):\n    return sum(v * v for i, v in enumerate(x))\n"
    with pytest.raises(UnsupportedError) as refused:
        gradient_source(text, "f")
    assert refused.value.code == "RG105"


def test_a_class_may_be_a_field_of_itself():
    text = """
from dataclasses import dataclass


@dataclass
class Node:
    val: float
    left: "Node" = None


def f(x):
    n = Node(x[0], Node(x[1]))
    return n.val**2 + n.left.val
"""
    scope = {}
    exec(gradient_source(text, "f"), scope)
    assert list(scope["f_grad"]([2.0, 3.0])) == [4.0, 1.0]
