"""A module as text: the user's own words where they still hold, imports, names, comments."""

import ast
from dataclasses import replace

import pytest

from retrograd.transforms.backend.emit import Module, emit, runtime_functions
from retrograd.transforms.backend.imports import Imports
from retrograd.transforms.backend.naming import Naming
from retrograd.transforms.diagnostics.report import UnsupportedError
from retrograd.transforms.ir.nodes import (
    MADE,
    Assign,
    Attribute,
    AugAssign,
    Binary,
    Call,
    Callee,
    Comment,
    Const,
    Dict,
    Do,
    Expr,
    For,
    Function,
    If,
    Index,
    Known,
    List,
    Name,
    Origin,
    Outer,
    Param,
    Pass,
    Return,
    Slice,
    Stmt,
    Tuple,
    Unary,
)

one, two = Const("1.0"), Const("2.0")
w, x, y, z, h = (Name(id) for id in "wxyzh")
A, i, n, t = Name("A"), Name("i"), Name("n"), Name("t")


def bar(id: str) -> Name:
    return Name(id, "bar")


def np_(name: str, *args: Expr, **kwargs: Expr) -> Call:
    return Call(Known(f"numpy.{name}", f"np.{name}"), args, tuple(kwargs.items()))


def add(*terms: Expr) -> Expr:
    total, *rest = terms
    for term in rest:
        total = Binary("+", total, term)
    return total


def user(text: str, *, leading: tuple[str, ...] = (), trailing: str = "") -> Origin:
    return Origin(None, leading, trailing, text)


def function(*body: Stmt, params: tuple[str, ...] = ("x",), name: str = "f_grad") -> Function:
    return Function(name, tuple(map(Param, params)), body)


def text_of(*functions: Function) -> str:
    return emit(Module(functions)).text


# ---------------------------------------------------------------- whole programs


def test_a_straight_line_gradient_to_the_byte() -> None:
    r, q, s, exp_s = Name("r"), Name("q"), Name("s"), Name("exp_s", "made")
    exp = Call(Known("math.exp", "math.exp"), (Unary("-", s),))
    qqe = Binary("*", Binary("*", Unary("-", q), q), exp_s)
    energy_grad = Function(
        "energy_grad",
        (Param("r"), Param("q")),
        (
            Assign(
                s, Binary("/", r, Const("1.7")), user("s = r / 1.7", trailing="# reduced distance")
            ),
            Assign(exp_s, exp),
            Comment(""),
            Comment("return 4.0 * core + q * q * math.exp(-s) / r"),
            Assign(bar("q"), Binary("/", Binary("*", Binary("*", two, q), exp_s), r)),
            Assign(bar("r"), Binary("/", qqe, Binary("*", r, r))),
            Assign(bar("s"), Binary("/", qqe, r)),
            Comment("core = s**-12 - s**-6"),
            AugAssign(
                bar("s"),
                "+",
                Binary(
                    "*",
                    Const("4.0"),
                    Binary(
                        "-",
                        Binary("*", Const("6.0"), Binary("**", s, Unary("-", Const("7")))),
                        Binary("*", Const("12.0"), Binary("**", s, Unary("-", Const("13")))),
                    ),
                ),
            ),
            Comment("s = r / 1.7"),
            AugAssign(bar("r"), "+", Binary("/", bar("s"), Const("1.7"))),
            Return(Tuple((bar("r"), bar("q")))),
        ),
        docstring="Gradient of `energy` with respect to (r, q).",
    )
    module = Module(
        (energy_grad,), header=("Written by retrograd.",), docstring="The gradient of `energy`."
    )
    assert emit(module).text == '''\
# Written by retrograd.

"""The gradient of `energy`."""

import math


def energy_grad(r, q):
    """Gradient of `energy` with respect to (r, q)."""
    s = r / 1.7  # reduced distance
    exp_s = math.exp(-s)

    # return 4.0 * core + q * q * math.exp(-s) / r
    q_bar = 2.0 * q * exp_s / r
    r_bar = -q * q * exp_s / (r * r)
    s_bar = -q * q * exp_s / r
    # core = s**-12 - s**-6
    s_bar += 4.0 * (6.0 * s**-7 - 12.0 * s**-13)
    # s = r / 1.7
    r_bar += s_bar / 1.7
    return r_bar, q_bar
'''


def test_containers_of_parameters_to_the_byte() -> None:
    params, X = Name("params"), Name("X")
    W1, b1 = Index(params, Const('"W1"')), Index(params, Const('"b1"'))
    hidden = np_("tanh", add(Binary("@", X, W1), b1))
    loss_grad = function(
        Assign(
            h,
            hidden,
            user('h = np.tanh(X @ params["W1"] + params["b1"])', leading=("", "# hidden layer")),
        ),
        Comment(""),
        Assign(bar("params"), Dict(())),
        Comment('h = np.tanh(X @ params["W1"] + params["b1"])'),
        Assign(
            Name("pre_bar", "made"),
            Binary("*", bar("h"), Binary("-", one, Binary("**", h, Const("2")))),
        ),
        Assign(
            Index(bar("params"), Const('"W1"')),
            Binary("@", Attribute(X, "T"), Name("pre_bar", "made")),
        ),
        Assign(
            Index(bar("params"), Const('"b1"')),
            np_("sum", Name("pre_bar", "made"), axis=Const("0")),
        ),
        Return(bar("params")),
        params=("params", "X"),
        name="loss_grad",
    )
    assert text_of(loss_grad) == """\
import numpy as np


def loss_grad(params, X):
    # hidden layer
    h = np.tanh(X @ params["W1"] + params["b1"])

    params_bar = {}
    # h = np.tanh(X @ params["W1"] + params["b1"])
    pre_bar = h_bar * (1.0 - h**2)
    params_bar["W1"] = X.T @ pre_bar
    params_bar["b1"] = np.sum(pre_bar, axis=0)
    return params_bar
"""


def test_loops_and_tapes_to_the_byte() -> None:
    saved = Name("y", "saved")
    power_grad = Function(
        "power_grad",
        (Param("x"), Param("n")),
        (
            Assign(y, one, user("y = 1.0")),
            Assign(saved, List(())),
            For(
                Name("_"),
                Call(Known("range", "range"), (n,)),
                (
                    Do(Call(Attribute(saved, "append"), (y,))),
                    Assign(y, Binary("*", y, x), user("y = y * x")),
                ),
                origin=user("for _ in range(n)"),
            ),
            Comment(""),
            Assign(bar("x"), Const("0.0")),
            Assign(bar("y"), one),
            For(
                Name("k", "made"),
                Call(Known("reversed", "reversed"), (Call(Known("range", "range"), (n,)),)),
                (
                    Comment("y = y * x"),
                    AugAssign(
                        bar("x"), "+", Binary("*", bar("y"), Index(saved, Name("k", "made")))
                    ),
                    Assign(bar("y"), Binary("*", bar("y"), x)),
                ),
            ),
            Return(bar("x")),
        ),
        docstring="Gradient of `power` with respect to x.",
    )
    assert text_of(power_grad) == '''\
def power_grad(x, n):
    """Gradient of `power` with respect to x."""
    y = 1.0
    y_saved = []
    for _ in range(n):
        y_saved.append(y)
        y = y * x

    x_bar = 0.0
    y_bar = 1.0
    for k in reversed(range(n)):
        # y = y * x
        x_bar += y_bar * y_saved[k]
        y_bar = y_bar * x
    return x_bar
'''


def test_branches_and_slices_to_the_byte() -> None:
    row = Index(A, Tuple((i, Slice(one, None, None))))
    body = If(
        Name("returned", "made"),
        (Comment("return total * a"), Assign(y, row)),
        (
            If(
                x,
                (Pass(),),
                (Assign(y, Index(A, Tuple((Binary("-", i, Const("1")), Slice(None, two, None))))),),
                user("elif x > 0.0", leading=("# the usual case",), trailing="# continue"),
            ),
        ),
    )
    assert text_of(function(body, Return(y), params=("A", "i", "x"))) == """\
def f_grad(A, i, x):
    if returned:
        # return total * a
        y = A[i, 1.0:]
    # the usual case
    elif x > 0.0:  # continue
        pass
    else:
        y = A[i - 1, :2.0]
    return y
"""


# ---------------------------------------------------------------- the user's own words


def test_a_statement_that_no_longer_holds_is_printed_anew_with_its_comments() -> None:
    origin = user("y=x+1", leading=("# why",), trailing="# because")
    kept = Assign(y, add(x, one), origin)
    changed = replace(kept, value=add(x, two), origin=origin.rewritten())
    text = text_of(function(kept, changed, Return(y)))
    assert text == """\
def f_grad(x):
    # why
    y = x + 1  # because
    # why
    y = x + 2.0  # because
    return y
"""


def test_text_over_several_lines_is_set_in_but_strings_stay() -> None:
    call = 'y = g(\n    x,\n        """first\n  second""", # note\n)'
    loop = For(
        i,
        x,
        (Assign(y, x, user(call)),),
        origin=user("for i in zip(\n  x,\n  x\n)", trailing="# all"),
    )
    text = text_of(function(loop, Return(y)))
    assert text == '''\
def f_grad(x):
    for i in zip(x, x):  # all
        y = g(
            x,
            """first
  second""",  # note
        )
    return y
'''


def test_a_backslash_continues_a_line() -> None:
    text = text_of(function(If(x, (Assign(y, x, user("y = x + \\\n  x")),), ()), Return(y)))
    assert ast.dump(ast.parse(text)) == ast.dump(
        ast.parse("def f_grad(x):\n    if x:\n        y = x + x\n    return y\n")
    )


def test_long_lines_are_broken_at_88_columns() -> None:
    long = add(*(Name(f"operand_{k}") for k in range(12)))
    text = text_of(function(Return(long)))
    assert max(map(len, text.splitlines())) <= 88
    assert "return (\n" in text


def test_signatures_keep_annotations_and_defaults() -> None:
    params = (
        Param("x", "np.ndarray"),
        Param("k", "float", Binary("*", two, Known("math.pi", "math.pi"))),
        Param("order", None, Const("2"), keyword_only=True),
    )
    module = Module((Function("f_grad", params, (Return(x),)),), imports=("import numpy as np",))
    assert emit(module).text == """\
import math

import numpy as np


def f_grad(x: np.ndarray, k: float = 2.0 * math.pi, *, order=2):
    return x
"""


def test_annotations_that_cannot_be_resolved_are_not_evaluated() -> None:
    text = text_of(Function("f_grad", (Param("x", "NDArray"), Param("k", "float")), (Return(x),)))
    assert text.startswith(
        "from __future__ import annotations\n\n\ndef f_grad(x: NDArray, k: float):"
    )


def test_an_unparseable_text_is_our_own_error() -> None:
    with pytest.raises(UnsupportedError) as caught:
        text_of(function(Assign(y, x, user("y = = x")), Return(y)))
    assert caught.value.code == "RG901"


# ---------------------------------------------------------------- imports


@pytest.mark.parametrize(
    ("path", "spelling", "line"),
    [
        ("numpy.sin", "np.sin", "import numpy as np"),
        ("numpy.sin", "numpy.sin", "import numpy"),
        ("numpy.sin", "sin", "from numpy import sin"),
        ("numpy.sin", "s", "from numpy import sin as s"),
        ("numpy.absolute", "np.abs", "import numpy as np"),
        ("numpy.linalg.norm", "np.linalg.norm", "import numpy as np"),
        ("numpy.linalg.norm", "la.norm", "import numpy.linalg as la"),
        ("numpy.linalg.norm", "linalg.norm", "from numpy import linalg"),
        ("math.pi", "math.pi", "import math"),
        ("retrograd.runtime.spread", "spread", "from retrograd.runtime import spread"),
        ("len", "len", ""),
        ("len", "size", "from builtins import len as size"),
    ],
)
def test_the_import_behind_a_name(path: str, spelling: str, line: str) -> None:
    imports = Imports(())
    assert imports.spell(Known(path, spelling)) == spelling
    assert imports.lines(used={spelling.partition(".")[0]}) == line


def test_imports_are_ordered_as_ruff_orders_them() -> None:
    lines = """\
from __future__ import annotations

import math
import math as m
from math import E, log2, log10, pi
from math import e as ee

import numpy
import numpy as np
import numpy.linalg as la
import Zed
from numpy import NAN, Inf, array, sin
from numpy import abs as absolute
from numpy import sin as s
from numpy import zeros as z
from retrograd.runtime import unbroadcast"""
    imports = Imports(())
    for line in reversed(lines.splitlines()):
        imports.ask(line)
    assert imports.lines(used=()) == lines


def test_only_what_the_text_says_is_imported() -> None:
    """``x.sum()`` is known as numpy.sum, and stays written as it is."""
    method = Assign(y, np_("sum", x), user("y = x.sum()"))
    assert "import" not in text_of(function(method, Return(y)))


def test_verbatim_text_brings_its_imports() -> None:
    origin = user("y = s(x)")
    stmt = Assign(y, Call(Known("numpy.sin", "s"), (x,)), origin)
    assert text_of(function(stmt, Return(y))).startswith("from numpy import sin as s\n")


# ---------------------------------------------------------------- collisions


def test_our_names_give_way_to_the_users() -> None:
    naming = Naming({"x", "x_bar", "x_bar2", "pre"})
    assert naming.spell(Name("x_bar")) == "x_bar"
    assert naming.spell(bar("x")) == "x_bar3"
    assert naming.spell(Name("pre", "made")) == "pre2"
    assert naming.spell(Name("x", "dot")) == "x_dot"
    assert naming.spell(Name("x_dot", "made")) == "x_dot2"
    assert naming.spell(bar("x")) == "x_bar3"


def test_a_library_gives_way_to_a_variable_of_the_same_name() -> None:
    """In the user's function `np` is a number."""
    np = Name("np")
    text = text_of(function(Assign(bar("x"), np_("sin", np)), Return(bar("x")), params=("np",)))
    assert text == """\
import numpy as np2


def f_grad(np):
    x_bar = np2.sin(np)
    return x_bar
"""


def test_a_helper_gives_way_to_a_function_of_the_users() -> None:
    spread = Call(Known("retrograd.runtime.spread", "spread"), (x,))
    mine = Call(Callee("m:spread", "spread"), (x,))
    text = text_of(function(Assign(y, mine, user("y = spread(x)")), Return(spread)))
    assert text == """\
from retrograd.runtime import spread as spread2


def f_grad(x):
    y = spread(x)
    return spread2(x)
"""


def test_an_import_that_the_caller_gives_serves_the_users_functions() -> None:
    call = Call(Callee("model:g", "model.g"), (Call(Known("numpy.sin", "np.sin"), (x,)),))
    imports = ("import model", "import numpy as np")
    text = emit(Module((function(Return(call)),), imports=imports)).text
    assert text.startswith("import model\nimport numpy as np\n")
    assert "return model.g(np.sin(x))" in text


def test_a_library_behind_a_module_of_the_users_is_left_to_that_module() -> None:
    known = Known("numpy.sin", "config.np.sin")
    text = text_of(function(Return(Call(known, (Outer("config.K"),)))))
    assert text == "def f_grad(x):\n    return config.np.sin(config.K)\n"


def test_two_files_that_mean_different_things_by_one_name() -> None:
    here = Call(Known("numpy.sin", "sin"), (x,))
    there = Call(Known("math.sin", "sin"), (x,))
    text = text_of(
        function(Assign(y, here, user("y=sin( x )")), Return(y), name="f"),
        function(Assign(y, there, user("y=sin( x )")), Return(y), name="g"),
    )
    assert text == """\
from math import sin as sin2

from numpy import sin


def f(x):
    y = sin(x)
    return y


def g(x):
    y = sin2(x)
    return y
"""


def test_parameters_of_our_own_are_spelled_like_the_names_that_read_them() -> None:
    tape = Call(Attribute(Name("y", "saved"), "pop"))
    params = (Param("x"), Param("y", role="saved"), Param("out_bar"), Param("out", role="bar"))
    body = (Assign(bar("x"), Binary("*", bar("out"), tape)), Return(bar("x")))
    assert text_of(Function("f_bwd", params, body)) == """\
def f_bwd(x, y_saved, out_bar, out_bar2):
    x_bar = out_bar2 * y_saved.pop()
    return x_bar
"""


def test_a_parameter_of_the_users_keeps_its_name_from_ours() -> None:
    stmt = Assign(y, add(x, Name("x_bar")), user("y = x + x_bar"))
    text = text_of(function(Assign(bar("x"), one), stmt, Return(bar("x")), params=("x", "x_bar")))
    assert "    x_bar2 = 1.0\n    y = x + x_bar\n    return x_bar2\n" in text


def test_comments_at_the_definition_stay() -> None:
    origin = Origin(leading=("# ---- model",), trailing="# smooth")
    text = text_of(replace(function(Return(x)), origin=origin))
    assert text == "# ---- model\ndef f_grad(x):  # smooth\n    return x\n"


# ---------------------------------------------------------------- alone

HELPERS = {
    "total": "def total(x: Any) -> float:\n    return x.total + np.sum(x)\n",
    "spread": 'def spread(g, x):\n    """Spread."""\n    return g + total(x)\n',
}


def test_a_module_that_stands_alone() -> None:
    spread = Call(Known("retrograd.runtime.spread", "spread"), (x, Outer("K")))
    module = Module(
        (function(Return(spread)),),
        imports=("import numpy as np",),
        constants=("K = np.pi / 2", "L = [\n    1,\n]"),
    )
    assert runtime_functions(module.functions) == ("spread",)
    assert emit(module, helpers=HELPERS).text == '''\
from __future__ import annotations

import numpy as np

K = np.pi / 2
L = [
    1,
]


def f_grad(x):
    return spread(x, K)


def total(x: Any) -> float:
    return x.total + np.sum(x)


def spread(g, x):
    """Spread."""
    return g + total(x)
'''


def test_copied_helpers_give_way_to_the_users_names() -> None:
    total = Name("total")
    spread = Call(Known("retrograd.runtime.spread", "spread"), (total, total))
    text = emit(Module((function(Return(spread), params=("total",)),)), helpers=HELPERS).text
    assert "return spread(total, total)" in text
    assert "def total2(x: Any) -> float:\n    return x.total + np.sum(x)" in text
    assert "return g + total2(x)" in text


def test_the_same_module_gives_the_same_bytes() -> None:
    body = (Assign(bar(id), np_("sin", Name(id))) for id in "xyzwh")
    module = Module((function(*body, Return(bar("x"))),))
    assert emit(module).text == emit(module).text


def test_an_empty_origin_changes_nothing() -> None:
    assert text_of(function(Pass(MADE))) == "def f_grad(x):\n    pass\n"
