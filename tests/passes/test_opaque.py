"""Calls without a rule: made once, in the forward sweep, and never again."""

import textwrap

import numpy as np
import pytest

from retrograd.api import gradient_source
from tests.passes.judge import generated, judge, refusal, run

X = np.array([0.3, -0.7, 1.1, 0.4])


def with_rng(*args):
    return lambda: (*(np.copy(a) if isinstance(a, np.ndarray) else a for a in args),
                    np.random.default_rng(3))  # fmt: skip


ACCEPTED = {
    "a line on the screen, between active statements": (
        """
        def f(x, n):
            y = x * x
            print("y is", y, f"after {n} of {x:.3f}")
            y = y * math.sin(y)
            print(y)
            return y
        """,
        lambda: (0.7, 3),
    ),
    "in a loop and in a branch": (
        """
        def f(x, n):
            y = 1.0
            for i in range(n):
                y = y * x
                if i % 2 == 0:
                    print("even", i, y)
            return y
        """,
        lambda: (0.7, 4),
    ),
    "noise that the adjoint reads": (
        """
        def f(x, rng):
            e = rng.normal()
            y = x * e + x * x * rng.uniform(1.0, 2.0)
            return y * rng.normal()
        """,
        with_rng(0.7),
    ),
    "noise in a loop, read back for each iteration": (
        """
        def f(x, n, rng):
            y = x
            for i in range(n):
                y = y + 0.1 * math.sin(y) * rng.normal()
            return y
        """,
        with_rng(0.7, 4),
    ),
    "noise whose value nobody reads keeps the stream as it was": (
        """
        def f(x, rng):
            rng.normal()
            unread = rng.normal(size=3)
            return x * rng.normal()
        """,
        with_rng(0.7),
    ),
    "an array of noise": (
        """
        def f(x, rng):
            y = x + 0.1 * rng.normal(size=x.shape)
            mask = rng.random(x.size) > 0.5
            return np.sum(y * y * mask)
        """,
        with_rng(X),
    ),
    "draws put into a row and into a list": (
        """
        def f(x, p, rng):
            p["b"][:2] = rng.uniform(0.2, 0.9) + np.full(2, 0.6)
            items = [x, x]
            items[0] = 2.0 * rng.uniform(size=2)
            return np.sum(p["b"] * p["b"]) * np.sum(items[0]) * items[1]
        """,
        with_rng(0.7, {"b": X}),
    ),
    "equal draws in one comparison": (
        """
        def f(x, rng):
            low = np.array([rng.uniform(), x[0]]) * np.array([rng.uniform(), x[0]]) < 0.5
            return np.sum(x[:2] * low) * rng.normal()
        """,
        with_rng(X),
    ),
    "a helper whose result nobody reads": (
        """
        def shown(a):
            print(f"{a:.2f}")
            return a * a

        def f(x):
            y = shown(x)
            return x * x
        """,
        lambda: (0.7,),
    ),
    "a draw on one branch": (
        """
        def f(x, n, rng):
            y = x * (rng.normal() if n > 2 else 1.0)
            if rng.random() < 2.0:
                y = y * x
            else:
                y = y * rng.normal()
            return y
        """,
        with_rng(0.7, 3),
    ),
    "draws decide how often and in which order": (
        """
        def f(x, rng):
            y = 0.0
            for i in range(rng.integers(2, 5)):
                y = y + x[i % 4] ** 2
            for k in rng.permutation(4):
                y = y * x[k] + rng.normal()
            while rng.random() < 0.7:
                y = y * 0.9 * x[0]
            return y
        """,
        with_rng(X),
    ),
    "a generator made inside": (
        """
        def f(x, seed):
            rng = np.random.default_rng(seed)
            y = x * rng.normal() + rng.normal() * x * x
            return y
        """,
        lambda: (0.7, 5),
    ),
    "helpers that draw keep their order": (
        """
        def shaken(x, rng):
            return x * rng.normal()

        def f(x, rng):
            y = shaken(x, rng) + rng.normal() * shaken(x * x, rng)
            noise = draw(rng)
            return y * noise[1]

        def draw(rng):
            return rng.normal(size=2)
        """,
        with_rng(0.7),
    ),
    "a helper called for what it prints": (
        """
        def report(y, n):
            if n > 5:
                return
            print("y", y, n)

        def check(y):
            if y < 0:
                raise ValueError(f"{y} is negative")

        def f(x, n):
            y = x * x
            report(y, n)
            check(y)
            return y * x
        """,
        lambda: (0.7, 3),
    ),
    "inside parts that carry no derivative": (
        """
        def f(x, n, rng):
            y = x * (0 < n < rng.random() + 4)
            y = y * np.floor(3 * rng.random() if n else 0.0)
            return y * x
        """,
        with_rng(0.7, 3),
    ),
    "methods of a list that only look": (
        """
        def f(x, counts):
            first = counts.index(2)
            last = counts.count(first)
            return x * first * last
        """,
        lambda: (0.7, [1, 2, 1]),
    ),
    "in a subscript": (
        """
        def f(x, rng):
            return x[rng.integers(4)] ** 2 + np.sum(x[rng.permutation(4)[:2]] ** 2)
        """,
        with_rng(X),
    ),
    "several at once, one of them active": (
        """
        def f(x, rng):
            a, b = x * rng.normal(), rng.normal()
            return a * b * x
        """,
        with_rng(0.7),
    ),
    "text of all kinds": (
        """
        def f(x, n):
            label = "x=%.3f" % x + " n=" + str(n) + f"{x=} {x!r:>10} {n:{n}d}" "tail"
            print(label, "{} {}".format(x, n), repr(x))
            return x * x
        """,
        lambda: (0.7, 3),
    ),
    "text that chooses": (
        """
        def f(x, kind):
            name = f"{kind}-pot"
            if name == "harmonic-pot":
                return x * x
            return x
        """,
        lambda: (0.7, "harmonic"),
    ),
    "an order shuffled in place": (
        """
        def f(x, rng):
            order = np.arange(4)
            y = x[order] * x
            rng.shuffle(order)
            return np.sum(y * x[order])
        """,
        with_rng(X),
    ),
    "a parameter shuffled in place is a copy": (
        """
        def f(x, w, rng):
            rng.shuffle(w)
            return np.sum(x * w * x)
        """,
        with_rng(X, X[::-1]),
    ),
    "functions of libraries, of what does not depend on the inputs": (
        """
        def f(x, data):
            edges = np.histogram(data)[1]
            spread = np.percentile(data, 75) - np.percentile(data, 25)
            return np.sum(x * edges[:4]) * spread
        """,
        lambda: (X, np.arange(9.0)),
    ),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_gradient(name):
    program, arguments = ACCEPTED[name]
    judge(program, arguments)


class State:
    """Counts how often it is asked."""

    def __init__(self):
        self.asked = 0

    def gain(self):
        self.asked += 1
        return 1.0 + self.asked

    def gains(self):
        return [self.gain()]

    def advance(self):
        self.asked += 10


def test_an_object_is_asked_as_often_as_the_function_asks():
    program = """
    def f(x, state, n):
        y = x * float(state.gain())
        for i in range(n):
            y = y * float(state.gain()) + x
        return y
    """
    text, name = generated(program)
    f, state, other = (
        run("def f(x, state, n):\n" + program.split("\n", 2)[2])["f"],
        State(),
        State(),
    )
    gradient = run(text)[name](0.5, state, 3)
    f(0.5, other, 3)
    assert state.asked == other.asked == 4
    step = (f(0.5 + 1e-6, State(), 3) - f(0.5 - 1e-6, State(), 3)) / 2e-6
    assert abs(gradient - step) < 1e-6


REFUSED = {
    "nothing is returned": ("def f(x):\n    print(x)\n", "RG217"),
    "the end is reached": ("def f(x):\n    for i in x: y = i\n", "RG217"),
    "what a call may have changed is read to go back": (
        """
        def f(x, state):
            y = x * state.gains()[0]
            state.advance()
            return y
        """,
        "RG409",
    ),
    "through another name": (
        """
        def f(x, state, w):
            v = w
            y = np.sum(x * w)
            state.load(v)
            return y
        """,
        "RG409",
    ),
    "in a test": (
        """
        def f(x, state):
            gains = state.gains()
            y = x * x
            if gains[0] > 0:
                y = y * x
            state.advance()
            return y
        """,
        "RG409",
    ),
    "in a loop, an earlier time": (
        """
        def f(x, state, n):
            y = x
            for i in range(n):
                y = y * state.gain()
            return y
        """,
        "RG409",
    ),
    "in a helper": (
        """
        def step(x, state):
            state.advance()
            return x * x

        def f(x, state):
            y = x * state.gains()[0]
            return y * step(x, state)
        """,
        "RG409",
    ),
    "an array partitioned in place": (
        "def f(x, w):\n    w.partition(1)\n    return np.sum(x * w)\n",
        "RG403",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    program, code = REFUSED[name]
    assert refusal(program) == code


@pytest.mark.parametrize(
    "spelled", ["rg.stop_gradient", "retrograd.stop_gradient", "halt", "from_api"]
)
@pytest.mark.parametrize("mode", ["grad", "jvp"])
def test_stop_gradient_by_any_name(spelled, mode):
    imports = "import retrograd\nfrom retrograd import stop_gradient as halt\n"
    imports += "from retrograd.api import stop_gradient as from_api\n"
    program = f"{imports}\ndef f(x, y):\n    s = x * y\n    return {spelled}(s) * y + s * x\n"
    text, name = generated(program, mode, wrt=(0, 1))
    function = run(text)[name]
    x, y = 0.7, 1.3
    if mode == "grad":
        assert np.allclose(function(x, y), (2 * x * y, x * y + x * x))
    else:
        assert np.allclose(function(x, y, 1.0, 0.0)[1], 2 * x * y)


def test_what_is_stopped_shares_memory():
    program = """
    def f(x, v):
        a = v * x
        b = rg.stop_gradient(a)
        b[0] = 2.0
        return np.sum(a * b)
    """
    assert refusal(program) == "RG402"


def test_draws_keep_their_order_around_a_call():
    program = """
    def shifted(a, b):
        return a + 2.0 * b * b

    def f(x):
        rng = np.random.default_rng(97)
        items = [rng.uniform(), shifted(x, rng.uniform())]
        return items[0] * items[1] + rng.uniform() * shifted(x, rng.uniform())
    """
    source = "import numpy as np\n" + textwrap.dedent(program)
    scope = run(source)
    made = run(gradient_source(source, "f", mode="value_and_grad", types="x: float"))
    value, slope = made["f_value_and_grad"](0.4)
    assert value == scope["f"](0.4)
    assert abs(slope - (scope["f"](1.4) - scope["f"](0.4))) < 1e-12
