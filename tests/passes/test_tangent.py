"""Forward mode: values and tangents against central differences and against the reverse mode.

Every program is compiled twice, with the kinds of its arguments and without, and its analyses are
also replaced by their safe answers. Tangents are drawn at random, one for each argument asked for.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from retrograd.transforms.diagnostics.report import UnsupportedError
from retrograd.transforms.frontend.annotations import parse_types
from retrograd.transforms.frontend.read import read_text
from retrograd.transforms.frontend.request import Mode, Request
from retrograd.transforms.pipeline import compile_module

#: A central difference with this step is good to about its square.
STEP = np.finfo(float).eps ** (1 / 3)
ACCURACY = 50 * STEP**2


@dataclass(frozen=True)
class Program:
    """A function `f` in `source` at `at`, differentiated with respect to the arguments of `wrt`."""

    name: str
    source: str
    wrt: str
    types: str
    at: tuple[Any, ...]

    @property
    def text(self) -> str:
        return f"import math\nimport numpy as np\n\n\n{self.source.strip()}\n"

    def compiled(self, mode: Mode, *, typed: bool, safe: bool = False) -> str:
        kinds = tuple(parse_types(self.types).items()) if typed else ()
        program = read_text(self.text, "f")
        request = Request(tuple(self.wrt.split()), mode, kinds, safe)
        return compile_module(program, [(program.entry, request)])[0]

    def active(self) -> list[int]:
        """The positions of the arguments of `wrt`."""
        names = [part.split(":")[0].strip() for part in split_types(self.types)]
        return [names.index(name) for name in self.wrt.split()]


def split_types(types: str) -> Iterator[str]:
    """The items of a list of types: commas in brackets do not count."""
    depth, item = 0, ""
    for char in types:
        depth += (char in "[{(") - (char in "]})")
        if char == "," and not depth:
            yield item
            item = ""
        else:
            item += char
    yield item


RNG = np.random.default_rng(7)
A = RNG.normal(size=(4, 3))
B = RNG.normal(size=(3, 2))
S = RNG.normal(size=(3, 3)) + 4.0 * np.eye(3)
U = RNG.normal(size=3)
V = RNG.normal(size=3)
P = RNG.uniform(0.5, 2.0, size=4)

PROGRAMS = [
    # ---- numbers
    Program(
        "nested scalar functions",
        """
def f(x, y):
    s = math.exp(-x) * math.sin(y)
    r = math.sqrt(x * x + y * y)
    return s / r - x ** 3 + y ** x
""",
        "x y",
        "x: float, y: float",
        (1.3, 0.7),
    ),
    Program(
        "one of two arguments",
        """
def f(x, y):
    t = y * y
    u = t - x
    return u * u * t
""",
        "x",
        "x: float, y: float",
        (1.3, 0.7),
    ),
    Program(
        "overwritten variable",
        """
def f(x):
    x = x * x + 1.0
    x = math.tanh(x) * x
    x = math.exp(x)
    return x
""",
        "x",
        "x: float",
        (0.4,),
    ),
    Program(
        "operand and result of one statement",
        """
def f(x, y):
    x = x ** y
    return x
""",
        "x y",
        "x: float, y: float",
        (1.4, 2.2),
    ),
    Program(
        "exchange",
        """
def f(x, y):
    x, y = y, x
    x, y = x * y, x + y
    return x - 2.0 * y * y
""",
        "x y",
        "x: float, y: float",
        (0.4, 1.1),
    ),
    Program(
        "partly standing tuple",
        """
def f(x, n):
    a, b = x, 1.0
    for i in range(n):
        a, b = a * b, b + x * a
    return a, b
""",
        "x",
        "x: float, n: int",
        (0.4, 3),
    ),
    Program(
        "augmented assignment",
        """
def f(x):
    s = 0.0
    s += x
    s *= x + 1.0
    s -= x / s
    return s
""",
        "x",
        "x: float",
        (1.7,),
    ),
    Program(
        "difference that vanishes",
        """
def f(x, a):
    y = x - x
    z = 0.0 * x + a
    return y + z
""",
        "x a",
        "x: float[n], a: float",
        (U, 0.3),
    ),
    Program(
        "abs, min and max",
        """
def f(x, y):
    return abs(x) * max(x, y) + min(x * x, y, 3.0)
""",
        "x y",
        "x: float, y: float",
        (-0.8, 1.1),
    ),
    # ---- control flow
    Program(
        "loop",
        """
def f(x, n):
    y = 1.0
    for _ in range(n):
        y = y * x + 0.5
    return y
""",
        "x",
        "x: float, n: int",
        (0.9, 4),
    ),
    Program(
        "loop over items",
        """
def f(xs, c):
    # weighted sum
    total = 0.0
    for x in xs:
        total = total + math.sin(x) * c
    return total
""",
        "xs c",
        "xs: float[n], c: float",
        (P, 1.2),
    ),
    Program(
        "zip",
        """
def f(xs, ys):
    total = 0.0
    for x, y in zip(xs, ys):
        total = total + x * y * y
    return total
""",
        "xs",
        "xs: float[n], ys: float[n]",
        (U, V),
    ),
    Program(
        "enumerate",
        """
def f(xs, q):
    total = 0.0
    for i, x in enumerate(xs):
        total = total + (i + 1) * x * q
    return total
""",
        "xs q",
        "xs: float[n], q: float",
        (U, 1.5),
    ),
    Program(
        "loop over what stands still",
        """
def f(w, data):
    loss = 0.0
    for x, y in data:
        x = x * w
        loss = loss + (x - y) ** 2
    return loss
""",
        "w",
        "w: float, data: [(float, float)]",
        (0.3, [(1.0, 2.0), (2.0, 1.0), (0.5, 0.1)]),
    ),
    Program(
        "parameter that becomes varied",
        """
def f(x, s, n):
    for _ in range(n):
        s = s * s + x
    return s
""",
        "x",
        "x: float, s: float, n: int",
        (0.3, 0.5, 3),
    ),
    Program(
        "while",
        """
def f(y, k):
    t = 0.0
    while y * y > 0.3:
        y = y - 0.1 * k * y
        t = t + y
    return t
""",
        "y k",
        "y: float, k: float",
        (1.3, 1.1),
    ),
    Program(
        "branches",
        """
def f(x, y):
    z = 2.0
    if x > y:
        z = x * y
        w = x
    elif x > 0.0:
        w = y * y
    else:
        w = 3.0
    return z * w
""",
        "x y",
        "x: float, y: float",
        (0.5, 1.5),
    ),
    Program(
        "branch on a value that the branch changes",
        """
def f(x):
    if x > 0.0:
        x = x * x
    else:
        x = -x
    return x * 3.0
""",
        "x",
        "x: float",
        (0.5,),
    ),
    Program(
        "several returns",
        """
def f(x, y):
    if x < 0.0:
        return y
    z = x * y
    if z > 10.0:
        return 10.0
    return math.log(1.0 + z)
""",
        "x y",
        "x: float, y: float",
        (0.5, 1.5),
    ),
    Program(
        "return of what stands still",
        """
def f(x, y):
    if x > 0.0:
        return y * 2.0
    return x
""",
        "x",
        "x: float, y: float",
        (0.5, 1.5),
    ),
    Program(
        "conditional expression",
        """
def f(x, y):
    a = x * y if x > y else x / y
    return (a if a > 0.0 else 1.0) * y
""",
        "x y",
        "x: float, y: float",
        (0.5, 1.5),
    ),
    Program(
        "branch in a loop",
        """
def f(x, n):
    total = 0.0
    last = 0.0
    for i in range(n):
        if i % 2 == 0:
            last = x * x * i
        else:
            total = total + last * x
    return total + last
""",
        "x",
        "x: float, n: int",
        (0.8, 5),
    ),
    # ---- functions
    Program(
        "helper",
        """
def g(a, b):
    return a * math.exp(b)


def f(x, y):
    z = g(x, y) + g(y, 1.0)
    z = g(z, x)
    return z * y
""",
        "x y",
        "x: float, y: float",
        (0.8, 0.5),
    ),
    Program(
        "helper with several results",
        """
def polar(x, y, scale=2.0):
    r = math.sqrt(x * x + y * y)
    return scale * r, math.atan2(y, x)


def f(x, y):
    r, phi = polar(x, y)
    p = polar(r, x, scale=y)
    return r * math.cos(phi) + p[0] * p[1]
""",
        "x y",
        "x: float, y: float",
        (0.8, 0.5),
    ),
    Program(
        "helper of a helper in a loop",
        """
def step(z, c):
    return z - (z * z * z - c) / (3.0 * z * z)


def root(c, z):
    for _ in range(4):
        z = step(z, c)
    return z


def f(v):
    total = 0.0
    z = 1.0
    for i in range(len(v)):
        z = root(2.0 * v[i], z)
        total = total + z
    return total
""",
        "v",
        "v: float[n]",
        (P,),
    ),
    Program(
        "helper in a conditional expression",
        """
def g(a):
    return a * a


def f(x, y):
    return y * (g(x) if x > 0.0 else g(y))
""",
        "x y",
        "x: float, y: float",
        (0.8, 0.5),
    ),
    Program(
        "helper that stands still",
        """
def weight(n):
    return 1.0 / (n + 1.0)


def f(x, n):
    return weight(n) * x + weight(2.0)
""",
        "x",
        "x: float, n: float",
        (0.8, 0.5),
    ),
    Program(
        "outer constant",
        """
RATE = 0.25


def f(x):
    return x * math.exp(-RATE * x)
""",
        "x",
        "x: float",
        (0.8,),
    ),
    # ---- structures
    Program(
        "dict parameter",
        """
def f(params, x):
    h = np.tanh(x @ params["W"] + params["b"])
    return np.sum(h * h)
""",
        "params",
        "params: {W: float[d, h], b: float[h]}, x: float[n, d]",
        ({"W": B, "b": np.array([0.1, -0.3])}, A),
    ),
    Program(
        "list and tuple parameters",
        """
def f(layers, pair):
    a, b = pair
    y = a
    for w in layers:
        y = np.tanh(y * w) + b
    return np.sum(y) * pair[1]
""",
        "layers pair",
        "layers: [float[n]], pair: (float, float)",
        ([U, V], (0.4, 0.8)),
    ),
    Program(
        "structures inside",
        """
def f(x, y):
    d = {"a": x * y, "b": [y, 2.0, x]}
    s = (d["a"], d["b"][2])
    u, v = s
    return u * v, {"k": d["b"][0] * u, "one": 1.0}
""",
        "x y",
        "x: float, y: float",
        (0.4, 0.8),
    ),
    Program(
        "standing tuple returned",
        """
def f(x, p):
    return x * p[0], p
""",
        "x",
        "x: float, p: (float, float)",
        (0.4, (0.8, 0.9)),
    ),
    # ---- arrays
    Program(
        "elementwise",
        """
def f(x, y):
    z = np.sin(x) * y + np.exp(-x * x) / (1.0 + y * y)
    return np.sqrt(z * z + 1.0)
""",
        "x y",
        "x: float[n], y: float[n]",
        (U, V),
    ),
    Program(
        "broadcasting from a number",
        """
def f(s, x):
    y = s + x
    z = np.exp(s) * np.ones(4)
    return np.sum(y * s), y, z + s
""",
        "s",
        "s: float, x: float[n]",
        (0.7, U),
    ),
    Program(
        "broadcasting from a row and a column",
        """
def f(row, col, table):
    y = row + col * 2.0
    z = table - row
    w = row * np.ones((4, 3))
    return y, z, w, col + table
""",
        "row col",
        "row: float[m], col: float[n, 1], table: float[n, m]",
        (U, A[:, :1], A),
    ),
    Program(
        "result of a spread operand reduced",
        """
def f(s, x):
    return np.sum(s + x) + np.mean(s - x * s) + np.max(x + s)
""",
        "s",
        "s: float, x: float[n]",
        (0.7, U),
    ),
    Program(
        "matrix products",
        """
def f(a, b, u):
    c = a @ b
    d = u @ b + np.dot(u, u)
    return np.sum(c @ d) + np.sum(np.outer(u, d)) + (a @ u) @ c @ d
""",
        "a b u",
        "a: float[n, d], b: float[d, h], u: float[d]",
        (A, B, U),
    ),
    Program(
        "recurrent layer",
        """
def f(w, h, xs):
    for i in range(len(xs)):
        h = np.tanh(w @ h + xs[i])
    return h
""",
        "w h",
        "w: float[d, d], h: float[d], xs: float[n, d]",
        (S / 4.0, U, A),
    ),
    Program(
        "linear algebra",
        """
def f(a, b):
    x = np.linalg.solve(a, b)
    a = np.linalg.inv(a)
    b = np.linalg.solve(a, b * x)
    return np.linalg.norm(x) + np.sum(a @ b)
""",
        "a b",
        "a: float[d, d], b: float[d]",
        (S, U),
    ),
    Program(
        "reductions",
        """
def f(x):
    m = np.mean(x, axis=0)
    s = np.std(x, axis=0)
    z = (x - m) / s
    t = np.sum(z * x, axis=1, keepdims=True)
    return np.sum(t * x) + np.prod(m) + np.max(x) + np.var(x) + np.sum(np.min(x, axis=1))
""",
        "x",
        "x: float[n, d]",
        (A,),
    ),
    Program(
        "methods and transposes",
        """
def f(x):
    y = x.T @ x
    return y.sum(axis=0).reshape(3, 1) * x.mean()
""",
        "x",
        "x: float[n, d]",
        (A,),
    ),
    Program(
        "slices and gathers",
        """
def f(x):
    d = x[1:] - x[:-1]
    i = np.array([0, 2, 2])
    return np.sum(d * d) + np.sum(x[i] * x[1]) + x[-1] * x[0]
""",
        "x",
        "x: float[n]",
        (P,),
    ),
    Program(
        "stencil",
        """
def f(u, k, n):
    for _ in range(n):
        u = u + k * (np.roll(u, 1) - 2.0 * u + np.roll(u, -1))
    return np.sum(u * u)
""",
        "u k",
        "u: float[n], k: float, n: int",
        (P, 0.1, 3),
    ),
    Program(
        "joining",
        """
def f(x, y, z):
    a = np.concatenate((x, y, z))
    b = np.stack([x, y * x, z], axis=1)
    c = np.array([x[0], 1.0, y[1]])
    return np.sum(a * a) + np.sum(b @ c)
""",
        "x y",
        "x: float[n], y: float[n], z: float[n]",
        (U, V, U * V),
    ),
    Program(
        "choices of elements",
        """
def f(x, y):
    a = np.where(x > 0.0, x * x, y)
    b = np.maximum(x, 0.0) + np.minimum(x, y) + np.clip(x, -0.5, 0.5)
    return a, b
""",
        "x y",
        "x: float[n], y: float[n]",
        (U, V),
    ),
    Program(
        "accumulator that becomes an array",
        """
def f(x, n):
    s = 0.0
    for i in range(n):
        s = s + x * i
    return s
""",
        "x",
        "x: float[d], n: int",
        (U, 3),
    ),
    Program(
        "array accumulator",
        """
def f(x, n):
    s = np.zeros(3)
    for i in range(n):
        s += x ** i
    s *= x
    return s.sum()
""",
        "x",
        "x: float[d], n: int",
        (P[:3], 3),
    ),
    Program(
        "sum of a list",
        """
def f(x, y):
    parts = [x * x, y, x * y]
    return sum(parts) + max(parts)
""",
        "x y",
        "x: float, y: float",
        (1.4, 0.8),
    ),
    Program(
        "integers beside",
        """
def f(x, n):
    k = 0
    n_steps = int(n)
    while k < n_steps:
        x = x * (k + 1) / n
        k += 1
    return x, k
""",
        "x",
        "x: float, n: int",
        (1.4, 3),
    ),
    Program(
        "names that look like ours",
        """
def f(x, x_dot):
    y_dot = x * x_dot
    y = y_dot * y_dot
    value = y + x
    return value * math.exp(value * 0.1)
""",
        "x x_dot",
        "x: float, x_dot: float",
        (0.3, 0.6),
    ),
    Program(
        "helper of dicts",
        """
def layer(p, x):
    return {"h": np.tanh(x @ p["W"] + p["b"]), "n": len(x)}


def f(ps, x):
    for p in ps:
        r = layer(p, x)
        x = r["h"] / r["n"]
    return np.sum(x), r
""",
        "ps x",
        "ps: [{W: float[d, d], b: float[d]}], x: float[d]",
        ([{"W": S, "b": U}, {"W": S * 0.2, "b": V}], U),
    ),
    Program(
        "new axes",
        """
def f(x, y):
    d = x[:, None, :] - y[None, :, :]
    r = np.sum(d ** 2, axis=-1)
    k = np.exp(-0.5 * r)
    return k @ np.ones(3), k
""",
        "x y",
        "x: float[n, d], y: float[m, d]",
        (A, S[:, :3]),
    ),
    Program(
        "rows and elements",
        """
def f(w):
    t = 0.0
    for row in w:
        for v in row:
            t += v * v
        t = t * row[0]
    return t
""",
        "w",
        "w: float[n, d]",
        (A,),
    ),
    Program(
        "first assignment in a branch",
        """
def f(x, n):
    for i in range(n):
        if i == 0:
            acc = 1.0
        else:
            acc = acc * x
    return acc, acc * x
""",
        "x",
        "x: float, n: int",
        (0.7, 4),
    ),
    Program(
        "softmax and gather",
        """
def f(z, k):
    m = np.max(z, axis=1, keepdims=True)
    e = np.exp(z - m)
    p = e / np.sum(e, axis=1, keepdims=True)
    return -np.mean(np.log(p[np.arange(4), k])), p
""",
        "z",
        "z: float[n, d], k: int[n]",
        (A, np.array([0, 2, 1, 1])),
    ),
    Program(
        "masks",
        """
def f(x, mask):
    return -(mask * x) - mask * x * x, -x * (x > 0)
""",
        "x",
        "x: float[n], mask: bool[n]",
        (U, np.array([True, False, True])),
    ),
    Program(
        "helper that exchanges",
        """
def g(a, b):
    return b, a * b


def f(x, y):
    for _ in range(3):
        x, y = g(x, y)
    return x, y
""",
        "x",
        "x: float, y: float",
        (0.4, 0.9),
    ),
]


def run(source: str, name: str) -> Callable[..., Any]:
    scope: dict[str, Any] = {}
    exec(compile(source, "<test>", "exec"), scope)
    function: Callable[..., Any] = scope[name]
    return function


def mapped(f: Callable[..., Any], *trees: Any) -> Any:
    """`f` at every number and array of structures that agree."""
    first = trees[0]
    if isinstance(first, dict | list | tuple):
        assert all(type(tree) is type(first) for tree in trees), trees
    if isinstance(first, dict):
        return {key: mapped(f, *(tree[key] for tree in trees)) for key in first}
    if isinstance(first, list | tuple):
        return type(first)(mapped(f, *parts) for parts in zip(*trees, strict=True))
    return f(*trees)


def leaves(tree: Any) -> list[Any]:
    if isinstance(tree, dict):
        return [leaf for item in tree.values() for leaf in leaves(item)]
    if isinstance(tree, list | tuple):
        return [leaf for item in tree for leaf in leaves(item)]
    return [tree]


def direction(at: Any, rng: np.random.Generator) -> Any:
    return mapped(lambda x: rng.normal(size=np.shape(x))[()], at)


def moved(program: Program, dots: list[Any], step: float) -> list[Any]:
    args = list(program.at)
    for k, dot in zip(program.active(), dots, strict=True):
        args[k] = mapped(lambda x, d: x + step * d, args[k], dot)
    return args


def check_tangent(program: Program, source: str, dots: list[Any]) -> tuple[Any, Any]:
    """Compare with the primal and with central differences; the value and its tangent."""
    primal = run(program.text, "f")
    value, tangent = run(source, "f_jvp")(*program.at, *dots)
    wanted = primal(*program.at)
    mapped(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-13), wanted, value)
    high, low = (primal(*moved(program, dots, sign * STEP)) for sign in (1, -1))
    slope = mapped(lambda a, b: (a - b) / (2.0 * STEP), high, low)
    size = max(1.0, *(float(np.max(np.abs(leaf))) for leaf in [*leaves(slope), *leaves(wanted)]))

    def same(is_: Any, should: Any, at: Any) -> None:
        assert np.shape(is_) == np.shape(at), f"shape {np.shape(is_)} for {np.shape(at)}\n{source}"
        np.testing.assert_allclose(is_, should, atol=ACCURACY * size, err_msg=source)

    mapped(same, tangent, slope, value)
    return value, tangent


@pytest.mark.parametrize("typed", [True, False], ids=["typed", "untyped"])
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_tangent_is_the_slope(program: Program, typed: bool) -> None:
    rng = np.random.default_rng(11)
    source = program.compiled("jvp", typed=typed)
    for _ in range(3):
        dots = [direction(program.at[k], rng) for k in program.active()]
        check_tangent(program, source, dots)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_safe_analyses_change_nothing(program: Program) -> None:
    rng = np.random.default_rng(12)
    dots = [direction(program.at[k], rng) for k in program.active()]
    _, tangent = check_tangent(program, program.compiled("jvp", typed=True), dots)
    _, safe = check_tangent(program, program.compiled("jvp", typed=True, safe=True), dots)
    mapped(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14), tangent, safe)


def has_gradient(program: Program) -> bool:
    value = run(program.text, "f")(*program.at)
    return not isinstance(value, dict | list | tuple) and np.shape(value) == ()


WITH_GRADIENT = [program for program in PROGRAMS if has_gradient(program)]


@pytest.mark.parametrize("typed", [True, False], ids=["typed", "untyped"])
@pytest.mark.parametrize("program", WITH_GRADIENT, ids=lambda program: program.name)
def test_the_modes_agree(program: Program, typed: bool) -> None:
    rng = np.random.default_rng(13)
    dots = [direction(program.at[k], rng) for k in program.active()]
    _, tangent = run(program.compiled("jvp", typed=typed), "f_jvp")(*program.at, *dots)
    gradients = run(program.compiled("grad", typed=typed), "f_grad")(*program.at)
    if len(dots) == 1:
        gradients = (gradients,)
    products = [
        float(np.sum(np.asarray(g) * np.asarray(d)))
        for g, d in zip(leaves(gradients), leaves(dots), strict=True)
    ]
    size = sum(map(abs, products))
    assert tangent == pytest.approx(sum(products), rel=1e-12, abs=1e-12 * size)


def test_masked_elements_stay_out() -> None:
    program = Program(
        "mask",
        "def f(x):\n    return np.where(x > 0.0, np.sqrt(x), 0.0)",
        "x",
        "x: float[n]",
        (np.array([4.0, 0.0, 9.0]),),
    )
    for typed in (True, False):
        f_jvp = run(program.compiled("jvp", typed=typed), "f_jvp")
        with np.errstate(divide="ignore"):
            _, tangent = f_jvp(*program.at, np.ones(3))
        np.testing.assert_allclose(tangent, [0.25, 0.0, 1.0 / 6.0])


def test_reads_like_the_function() -> None:
    program = Program(
        "horner",
        """
def f(c, x):
    # coefficients, highest power first
    p = 0.0
    for i in range(len(c)):
        p = p * x + c[i]
    r = math.sqrt(p)  # a length
    return r
""",
        "c x",
        "c: float[n], x: float",
        (P, 0.5),
    )
    assert program.compiled("jvp", typed=True) == '''\
import math


def f_jvp(c, x, c_dot, x_dot):
    """`f` and its derivative along the tangents (c_dot, x_dot)."""
    # coefficients, highest power first
    p = 0.0
    p_dot = 0.0
    for i in range(len(c)):
        p_dot = p_dot * x + p * x_dot + c_dot[i]
        p = p * x + c[i]
    r = math.sqrt(p)  # a length
    r_dot = (0.5 / r if r else math.inf) * p_dot
    return r, r_dot
'''


def test_one_variant_of_a_helper_for_each_use() -> None:
    program = Program(
        "variants",
        """
def g(a, b):
    return a * b


def f(x, y):
    u = g(x, y)
    v = g(y, x)
    w = g(u, v)
    return w
""",
        "x",
        "x: float, y: float",
        (0.5, 2.0),
    )
    source = program.compiled("jvp", typed=True)
    assert "def g_jvp(a, b, a_dot):" in source
    assert "def g_jvp2(a, b, b_dot):" in source
    assert "def g_jvp3(a, b, a_dot, b_dot):" in source
    assert "w, w_dot = g_jvp3(u, v, u_dot, v_dot)" in source
    assert math.prod(run(source, "f_jvp")(0.5, 2.0, 1.0)) == pytest.approx(4.0)


def test_an_operand_without_a_derivative_is_refused() -> None:
    program = Program(
        "order",
        "def f(x, y):\n    return np.sum(y, axis=x) + (x or y)",
        "x",
        "x: float, y: float[n]",
        (0.5, U),
    )
    with pytest.raises(UnsupportedError):
        program.compiled("jvp", typed=True)
